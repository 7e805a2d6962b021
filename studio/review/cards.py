"""Records in the shape the templates show them, so that templates only place words.

Nothing here depends on the person who looks: the same fragment is sent to every open page of a production.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from media_pipeline.runs.models import Approval, Run, RunState
from projects.choices import ProjectStatus
from scenes.choices import SceneStatus, ShotSize, ShotStatus
from scenes.models import Scene, Shot, Take

RUN_TITLES = {
    "produce_film": "Producing the film",
    "assemble_film": "Putting the film together",
    "plan_scenes": "Planning the shots",
    "previz": "Making previz frames",
    "qualify": "Qualifying the material",
}
"""What a run over the whole production is called while it works; others are called by their pipeline's name."""

STATUS_SENTENCES = {
    ProjectStatus.GATHERING: "Gathering material",
    ProjectStatus.QUALIFYING: "Qualifying the material",
    ProjectStatus.PRE_PRODUCTION: "In pre-production",
    ProjectStatus.GENERATING: "Shots are being rendered",
    ProjectStatus.IN_REVIEW: "The film is in review",
    ProjectStatus.COMPLETED: "Completed",
    ProjectStatus.ARCHIVED: "Archived",
}

SHOT_ICONS = {
    ShotStatus.PLANNED: "planned",
    ShotStatus.READY: "ready",
    ShotStatus.COMPOSITING: "working",
    ShotStatus.VERIFYING: "working",
    ShotStatus.GENERATING_VIDEO: "working",
    ShotStatus.POST: "working",
    ShotStatus.AWAITING_REVIEW: "look",
    ShotStatus.APPROVED: "approved",
    ShotStatus.RETAKE: "retake",
    ShotStatus.FAILED: "failed",
    ShotStatus.OMITTED: "omitted",
}

FIGURES = {
    ShotSize.EXTREME_WIDE: "figure-wide",
    ShotSize.WIDE: "figure-wide",
    ShotSize.FULL: "figure-wide",
    ShotSize.MEDIUM_WIDE: "figure-medium",
    ShotSize.MEDIUM: "figure-medium",
    ShotSize.OVER_SHOULDER: "figure-two",
    ShotSize.TWO_SHOT: "figure-two",
    ShotSize.MEDIUM_CLOSE_UP: "figure-close",
    ShotSize.CLOSE_UP: "figure-close",
    ShotSize.EXTREME_CLOSE_UP: "figure-close",
}
"""Which drawing stands for a shot that has no picture yet."""


@dataclass(frozen=True, slots=True)
class ShotCard:
    """One shot in the filmstrip of its scene."""

    pk: int
    number: int
    label: str
    url: str
    action: str
    size: str
    seconds: Decimal
    status: str
    status_words: str
    icon: str
    figure: str
    error: str
    picture: str
    strip: str
    strip_frames: int

    @property
    def is_working(self) -> bool:
        """Whether the picture is being made right now."""
        return self.icon == "working"


def shot_card(shot: Shot, slug: str, scene_number: str) -> ShotCard:
    """The card of a shot that queries.shots_for_cards read."""
    status = ShotStatus(shot.state.status)
    take = shot.state.selected_take
    return ShotCard(
        pk=shot.pk,
        number=shot.number,
        label=f"{scene_number}/{shot.label}",
        url=shot_url(slug, shot.pk),
        action=shot.business,
        size=shot.get_shot_size_display(),
        seconds=shot.expected_seconds,
        status=status,
        status_words=str(status.label),
        icon=SHOT_ICONS[status],
        figure=FIGURES.get(ShotSize(shot.shot_size), "figure-none") if shot.shot_size else "figure-none",
        error=shot.state.error_message,
        picture=media_url(take.thumbnail_id) if take else "",
        strip=media_url(take.filmstrip_id) if take else "",
        strip_frames=frames_in_strip(take) if take else 0,
    )


def frames_in_strip(take: Take) -> int:
    """How many frames stand side by side in the take's filmstrip, from its shape and the shape of the picture."""
    strip = take.filmstrip
    if not (strip.width and strip.height and take.width and take.height):
        return 1
    return max(1, round(strip.width * take.height / (strip.height * take.width)))


def shot_url(slug: str, shot_id: int) -> str:
    """Address of a shot's page."""
    return reverse("shot", args=[slug, shot_id])


def media_url(asset_id: int) -> str:
    """Address of a media file."""
    return reverse("media-file", args=[asset_id])


@dataclass(frozen=True, slots=True)
class SceneCard:
    """A scene with its shots."""

    pk: int
    number: str
    heading: str
    place: str
    eighths: int
    synopsis: str
    chapter_id: int
    chapter: str
    status: str
    omitted: bool
    warnings: list[str]
    shots: list[ShotCard]
    total: int
    rendered: int
    failed: int
    seconds: Decimal

    @property
    def percent(self) -> int:
        """How much of the scene is rendered, 0 to 100."""
        return 100 * self.rendered // self.total if self.total else 0


def scene_card(scene: Scene, slug: str, chapter_label: str) -> SceneCard:
    """The card of a scene that queries.scenes_with_shots read."""
    shots: list[Shot] = scene.card_shots
    words = [scene.get_int_ext_display(), scene.get_time_of_day_display()]
    chapter = f"{chapter_label} {scene.chapter.number}"
    return SceneCard(
        pk=scene.pk,
        number=scene.number,
        heading=scene.heading or scene.location_text or "Scene without a heading",
        place=" · ".join(word for word in words if word),
        eighths=scene.length_eighths,
        synopsis=scene.synopsis,
        chapter_id=scene.chapter_id,
        chapter=f"{chapter}: {scene.chapter.title}" if scene.chapter.title else chapter,
        status=scene.state.get_status_display(),
        omitted=scene.state.status == SceneStatus.OMITTED,
        warnings=[str(warning) for warning in scene.state.plan_warnings],
        shots=[shot_card(shot, slug, scene.number) for shot in shots],
        total=len(shots),
        rendered=sum(1 for shot in shots if shot.state.selected_take_id),
        failed=sum(1 for shot in shots if shot.state.status == ShotStatus.FAILED),
        seconds=sum((shot.expected_seconds for shot in shots), Decimal(0)),
    )


@dataclass(frozen=True, slots=True)
class RunBar:
    """The progress of the run over the whole production, and what a person may do about it."""

    slug: str
    has_film: bool
    chapters: list[tuple[int, str]]
    approvals: list[Approval]
    run: Run | None = None
    title: str = ""
    state: str = ""
    percent: int = 0
    words: str = ""
    error: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stopping: bool = False
    stop_url: str = ""
    resume_url: str = ""
    produce_url: str = ""

    @property
    def has_scenes(self) -> bool:
        """Whether there is anything to film."""
        return bool(self.chapters)

    @property
    def is_open(self) -> bool:
        """Whether it works now."""
        return self.run is not None and self.run.is_open

    @property
    def is_stuck(self) -> bool:
        """Whether a person has to say how it goes on."""
        return self.state in (RunState.FAILED, RunState.CANCELLED)


def run_bar(
    run: Run | None,
    slug: str,
    *,
    has_film: bool = False,
    chapters: Sequence[tuple[int, str]] = (),
    approvals: Sequence[Approval] = (),
) -> RunBar:
    """The progress panel of a production; `chapters` are those that can be produced."""
    facts: dict[str, Any] = {
        "slug": slug,
        "has_film": has_film,
        "chapters": list(chapters),
        "approvals": list(approvals),
        "produce_url": reverse("produce", args=[slug]),
    }
    if run is None:
        return RunBar(**facts)
    stopping = run.is_open and run.cancel_requested_at is not None
    words = run.progress_words or ("Waiting for a worker" if run.state == RunState.QUEUED else "Under way")
    return RunBar(
        **facts,
        run=run,
        title=RUN_TITLES.get(run.pipeline, run.pipeline.replace("_", " ").capitalize()),
        state=run.state,
        percent=run.progress,
        words="Stopping after the step under way" if stopping else words,
        error=run.error,
        started_at=run.started_at,
        finished_at=run.finished_at,
        stopping=stopping,
        stop_url=reverse("stop-run", args=[slug, run.pk]),
        resume_url=reverse("resume-run", args=[slug, run.pk]),
    )


def model_words(take: Take) -> str:
    """What made a take, as people say it; the embedded default is always called an animatic."""
    if take.provider == "animatic":
        return "Animatic"
    return f"{take.model} ({take.provider})" if take.model else take.provider
