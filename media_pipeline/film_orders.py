"""Putting a film together on order: what may be asked for, what would be shown, and how it is started."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError

from media_pipeline.film_cut import MUSIC_DB, clips_of, fitted, music_of, sounds_of, transitions_of
from media_pipeline.media.cut import TransitionKind
from media_pipeline.media.sound import DUCKING
from media_pipeline.media.timing import frame_rate
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.models import Run
from media_pipeline.shot_request import scenes_in_film, shots_of
from projects.models import Project
from scenes.choices import ReviewState, Transition
from scenes.models import Scene

LOUDNESS, DUCKING_DB = -16.0, 9
"""LUFS of the whole film, and dB by which music goes down under voices, unless a run says otherwise."""

QUIETEST, LOUDEST = -31.0, -9.0
"""LUFS that may be asked for: cinema and broadcast lie above the one, nothing that is listened to above the other."""

MUSIC_LEAST, MUSIC_MOST = -40.0, 6.0
"""dB that a music bed may be lowered or raised."""


NAMES = {str(kind): str(kind.label).lower() for kind in Transition} | {str(TransitionKind.DIP): "fade through black"}
"""What joints are called."""


@dataclass(frozen=True)
class FilmPlan:
    """What a film put together now would show: its shots by what stands for them, its joints, its sounds."""

    shots: int
    approved: int
    stand_ins: tuple[tuple[str, str], ...]
    """Shot and what stands in for it, where none of its takes is chosen."""

    joints: tuple[tuple[str, int], ...]
    """Kind of transition and how many of it, cuts first."""

    lines: int
    effects: int
    seconds: Fraction

    @property
    def chosen(self) -> int:
        """Shots with a take that was chosen and that nobody has approved."""
        return self.shots - self.approved - len(self.stand_ins)


def film_plan(project: Project, scenes: Sequence[Scene]) -> FilmPlan:
    """What would be put together of these scenes as they stand; nothing is started."""
    shots = shots_of(list(scenes))
    if not shots:
        return FilmPlan(0, 0, (), (), 0, 0, Fraction(0))
    clips = clips_of(shots, project, fill=True)
    joints = fitted(transitions_of(shots, project), [clip["frames"] for clip in clips])
    sounds = Counter(sound["role"] for sound in sounds_of(shots))
    overlaps = sum(one["frames"] for one in joints if TransitionKind(one["kind"]).overlaps)
    frames = sum(clip["frames"] for clip in clips) - overlaps
    takes = [shot.state.selected_take for shot in shots]
    kinds = Counter(NAMES.get(one["kind"], one["kind"]) for one in joints[1:-1])
    return FilmPlan(
        shots=len(shots),
        approved=sum(take is not None and take.review_state == ReviewState.APPROVED for take in takes),
        stand_ins=tuple((clip["shot"], clip["filled"]) for clip in clips if clip.get("filled")),
        joints=tuple(sorted(kinds.items(), key=lambda row: (row[0] != "cut", -row[1], row[0]))),
        lines=sounds["voice"],
        effects=sounds["other"],
        seconds=Fraction(max(0, frames)) / frame_rate(project.frame_rate),
    )


def start_assembly(
    project: Project, chapter: int, *, scenes: Collection[str] = (), order: Mapping[str, Any] | None = None,
    by: Any = None,
) -> Run:  # fmt: skip
    """Start putting a chapter's film together, or give the open run of it.

    `order` may hold `fill`, `music`, `music_db`, `ducking_db`, `loudness` and `mark`. Raises ValidationError, by the
    name of what cannot be done, with a sentence.
    """
    wanted = scenes_in_film(project.pk, chapter, scenes)
    if not wanted:
        raise ValidationError({"chapter": "There is no such scene in this chapter: import a screenplay first."})
    settings = _checked(project, dict(order or {}))
    if not settings["fill"]:
        missing = [shot for shot, _ in film_plan(project, wanted).stand_ins]
        if missing:
            names = ", ".join(missing[:10])
            raise ValidationError(
                {"fill": f"These shots have no take yet: {names}. Render them, or let others stand in."}
            )
    settings["scene_ids"] = [scene.pk for scene in wanted]
    run = start_run("assemble_film", f"project:{project.pk}", project, settings=settings, by=by)
    if run.settings != settings:
        raise ValidationError(
            f"The film is being put together with other settings (run {run.pk}): wait for it or stop it."
        )
    return run


def _checked(project: Project, order: dict[str, Any]) -> dict[str, Any]:
    """The order with its defaults, as the settings of a run."""
    settings: dict[str, Any] = {"fill": bool(order.get("fill"))}
    loudness = float(order.get("loudness", LOUDNESS))
    if not QUIETEST <= loudness <= LOUDEST:
        raise ValidationError({"loudness": f"The loudness lies between {QUIETEST:g} and {LOUDEST:g} LUFS."})
    settings["loudness"] = loudness
    ducking = int(order.get("ducking_db", DUCKING_DB))
    if ducking not in (0, *DUCKING):
        raise ValidationError({"ducking_db": f"Music goes down by 0, {', '.join(map(str, DUCKING))} dB."})
    settings["ducking_db"] = ducking
    if order.get("music"):
        settings["music"] = order["music"]
        settings["music_db"] = float(order.get("music_db", MUSIC_DB))
        if not MUSIC_LEAST <= settings["music_db"] <= MUSIC_MOST:
            raise ValidationError({"music_db": f"Music lies between {MUSIC_LEAST:g} and {MUSIC_MOST:g} dB."})
        try:
            music_of(project, settings)
        except ValueError as problem:
            raise ValidationError({"music": str(problem)}) from None
    if "mark" in order:
        settings["coherence"] = {"visible_mark": bool(order["mark"])}
    return settings
