"""The board: a production's shots, filtered, grouped and in order, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from scenes.choices import ReviewState, ShotStatus
from scenes.models import ContinuityCheck, Scene, Shot, Take, TakeCheck
from scenes.queries import active_shots

from .models import Annotation, Review
from .queries import FILM_ORDER, retakes_of_shots, takes_for_reel

SHOTS_PER_PAGE = 60

GROUPS = {
    "": (),
    "chapter": ("scene__chapter__number",),
    "scene": (),
    "status": ("state__status",),
    "review": ("newest_review",),
    "model": ("newest_model",),
    "reviewer": ("last_reviewer",),
    "stale": ("-is_stale",),
    "continuity": ("-breaks",),
    "qc": ("-is_low",),
}
"""What shots may be grouped by -> what they are put in order by before the order of the film."""


GROUPS_OF_TWO = {
    "stale": (("Changed since the take", "As it was rendered"), "is_stale"),
    "continuity": (("Continuity issues", "No open issue"), "breaks"),
    "qc": (("QC below the threshold", "QC is well, or not measured"), "is_low"),
}
"""Groups of yes and no -> their headings, and what a row is asked."""

GROUP_WORDS = {
    "chapter": "Chapter", "scene": "Scene", "status": "Status", "review": "Decision", "reviewer": "Reviewer",
    "model": "Model", "stale": "Changed since the take", "continuity": "Continuity issues", "qc": "QC",
}  # fmt: skip
"""What the groups are called on the page."""


@dataclass(frozen=True)
class Wanted:
    """Which shots are wanted, as the address says it: empty is any."""

    chapter: str = ""
    scene: str = ""
    status: str = ""
    review: str = ""
    reviewer: str = ""
    model: str = ""
    stale: str = ""
    continuity: str = ""
    qc: str = ""
    group: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, Any]) -> Wanted:
        """From the parameters of an address; what makes no sense counts as not given."""
        values = {field.name: str(sent.get(field.name, ""))[:160] for field in fields(cls)}
        for name in ("chapter", "scene", "reviewer"):
            if not (values[name].isascii() and values[name].isdecimal() and len(values[name]) < 19):
                values[name] = ""
        allowed = {"status": ShotStatus.values, "review": ReviewState.values, "group": list(GROUPS)}
        for name, known in allowed.items():
            if values[name] not in known:
                values[name] = ""
        return cls(**values)

    @property
    def filters(self) -> dict[str, str]:
        """What is asked for, without how it is grouped."""
        return {
            field.name: value
            for field in fields(self)
            if field.name != "group" and (value := getattr(self, field.name))
        }


@dataclass(frozen=True)
class BoardShot:
    """One card: a shot, its newest take, and what is to be said of it."""

    shot: Shot
    take: Take | None
    retakes: int
    continuity: int
    critical: bool
    qc: Decimal | None
    qc_failed: bool
    notes: int
    stale: bool
    group: str


def shots_wanted(project_id: int, wanted: Wanted, threshold: Decimal) -> QuerySet[Shot]:
    """The shots in the order of the board. Filters look at the newest take of each shot."""
    newest = Take.objects.filter(shot=OuterRef("pk"), number=OuterRef("state__last_take_number"))
    shots = active_shots().filter(scene__chapter__project_id=project_id)
    if wanted.chapter:
        shots = shots.filter(scene__chapter_id=int(wanted.chapter))
    if wanted.scene:
        shots = shots.filter(scene_id=int(wanted.scene))
    if wanted.status:
        shots = shots.filter(state__status=wanted.status)
    if wanted.review:
        shots = shots.filter(Exists(newest.filter(review_state=wanted.review)))
    if wanted.model:
        shots = shots.filter(Exists(newest.filter(Q(model=wanted.model) | Q(model="", provider=wanted.model))))
    if wanted.reviewer:
        by = Review.objects.filter(take__shot=OuterRef("pk"), person_id=int(wanted.reviewer), undone_at=None)
        shots = shots.filter(Exists(by))
    if wanted.stale:
        shots = shots.filter(_stale(newest))
    if wanted.continuity:
        shots = shots.filter(Exists(_open_continuity()))
    if wanted.qc:
        shots = shots.filter(_below(threshold))
    return _in_order(shots, wanted.group, newest, threshold)


def board_page(project_id: int, wanted: Wanted, threshold: Decimal, number: str | None) -> Page[Any]:
    """One page of cards; the nearest where there is none of this number. Nine queries, however many shots."""
    shots = shots_wanted(project_id, wanted, threshold)
    newest = Take.objects.filter(shot=OuterRef("pk"), number=OuterRef("state__last_take_number"))
    stale = {} if wanted.group == "stale" else {"is_stale": _stale(newest)}
    rows = shots.annotate(**stale).select_related("scene__chapter", "state").only(
        "number", "suffix", "sequence", "business", "shot_size", "expected_seconds", "scene__number", "scene__heading",
        "scene__sequence", "scene__chapter__number", "scene__chapter__title", "state__status",
        "state__last_take_number", "state__selected_take_id", "state__error_message",
    )  # fmt: skip
    page: Page[Any] = Paginator(rows, SHOTS_PER_PAGE).get_page(number)
    page.object_list = cards_of(list(page.object_list), threshold, wanted.group)
    return page


def cards_of(shots: list[Any], threshold: Decimal, group: str = "") -> list[BoardShot]:
    """The cards of these shots, in six queries."""
    ids = [shot.pk for shot in shots]
    takes = {
        take.shot_id: take for take in takes_for_reel().filter(shot__in=ids, number=F("shot__state__last_take_number"))
    }
    of_takes = [take.pk for take in takes.values()]
    means = dict(TakeCheck.objects.filter(take__in=of_takes).order_by().values_list("take").annotate(Avg("score")))
    failed = set(TakeCheck.objects.filter(take__in=of_takes, passed=False).values_list("take_id", flat=True))
    retakes = retakes_of_shots(ids)
    notes = dict(
        Annotation.objects.filter(take__shot__in=ids, resolved_at=None, withdrawn_at=None, reply_to=None).order_by()
        .values_list("take__shot").annotate(Count("pk"))
    )  # fmt: skip
    breaks: dict[int, list[str]] = {}
    for pk, severity in _continuity_between(ids):
        breaks.setdefault(pk, []).append(severity)
    found = []
    for shot in shots:
        take = takes.get(shot.pk)
        mean = means.get(take.pk) if take else None
        score = None if mean is None else Decimal(mean).quantize(Decimal("0.1"))
        found.append(
            BoardShot(
                shot=shot, take=take, retakes=retakes.get(shot.pk, 0), continuity=len(breaks.get(shot.pk, ())),
                critical="critical" in breaks.get(shot.pk, ()), qc=score,
                qc_failed=bool(take and (take.pk in failed or (score is not None and score < threshold))),
                notes=notes.get(shot.pk, 0), stale=bool(getattr(shot, "is_stale", False)),
                group=_heading(shot, take, group),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    chapters: list[tuple[int, str]]
    scenes: list[tuple[int, str]]
    models: list[str]
    reviewers: list[tuple[int, str]]


def choices_of(project_id: int, chapter_label: str, chapter: str = "") -> Choices:
    """Chapters, scenes, models and reviewers of a production, in three queries."""
    scenes = Scene.objects.filter(chapter__project_id=project_id, shots__isnull=False).distinct()
    rows = scenes.order_by("chapter__number", "sequence", "pk").values_list(
        "pk", "number", "heading", "chapter_id", "chapter__number", "chapter__title"
    )
    chapters: dict[int, str] = {}
    listed = []
    for pk, number, heading, chapter_id, chapter_number, title in rows:
        chapters[chapter_id] = f"{chapter_label} {chapter_number}" + (f": {title}" if title else "")
        if not chapter or str(chapter_id) == chapter:
            listed.append((pk, f"{number} {heading}".strip()))
    of_it = Take.objects.filter(shot__scene__chapter__project_id=project_id).order_by()
    models = sorted({model or provider for model, provider in of_it.values_list("model", "provider").distinct()})
    reviewers = Review.objects.filter(project_id=project_id, person__isnull=False).order_by()
    people = dict(reviewers.values_list("person_id", "person__username").distinct())
    return Choices(list(chapters.items()), listed, models, sorted(people.items(), key=lambda row: row[1]))


def _stale(newest: QuerySet[Take]) -> Exists:
    """The shot, its scene or what retakes tell its prompt was written on after its newest take was made."""
    since = Q(created_at__lt=OuterRef("updated_at")) | Q(created_at__lt=OuterRef("scene__updated_at"))
    return Exists(newest.filter(since | Q(created_at__lt=OuterRef("retake_notes__updated_at"))))


def _open_continuity() -> QuerySet[ContinuityCheck]:
    between = Q(to_shot=OuterRef("pk")) | Q(from_shot=OuterRef("pk"))
    used = Q(to_take=None) | Q(to_shot__state__selected_take=F("to_take"))
    return ContinuityCheck.objects.filter(between, used, passed=False, dismissed_at=None)


def _continuity_between(ids: list[int]) -> list[tuple[int, str]]:
    """(shot, severity) of every open break on either side of these shots."""
    used = Q(to_take=None) | Q(to_shot__state__selected_take=F("to_take"))
    rows = ContinuityCheck.objects.filter(
        Q(to_shot__in=ids) | Q(from_shot__in=ids), used, passed=False, dismissed_at=None
    ).values_list("from_shot", "to_shot", "severity")
    wanted = set(ids)
    return [(pk, severity) for before, after, severity in rows for pk in (before, after) if pk in wanted]


def _below(threshold: Decimal) -> Q:
    checks = TakeCheck.objects.filter(
        take__shot=OuterRef("pk"), take__number=OuterRef("state__last_take_number")
    ).order_by()
    low = checks.values("take").annotate(mean=Avg("score")).filter(mean__lt=threshold)
    return Q(Exists(checks.filter(passed=False))) | Q(Exists(low))


def _in_order(shots: QuerySet[Shot], group: str, newest: QuerySet[Take], threshold: Decimal) -> QuerySet[Shot]:
    if group == "review":
        shots = shots.annotate(newest_review=Subquery(newest.values("review_state")[:1]))
    if group == "model":
        shots = shots.annotate(newest_model=Subquery(newest.values("model")[:1]))
    if group == "reviewer":
        last = Review.objects.filter(take__shot=OuterRef("pk"), undone_at=None).order_by("-pk")
        shots = shots.annotate(last_reviewer=Subquery(last.values("signature")[:1]))
    if group == "stale":
        shots = shots.annotate(is_stale=_stale(newest))
    if group == "continuity":
        shots = shots.annotate(breaks=Exists(_open_continuity()))
    if group == "qc":
        shots = shots.annotate(is_low=Q(_below(threshold)))
    return shots.order_by(*GROUPS.get(group, ()), *FILM_ORDER)


def _heading(shot: Any, take: Take | None, group: str) -> str:
    """The heading a card stands under."""
    scene = shot.scene
    if group == "chapter":
        title = scene.chapter.title
        return f"{scene.chapter.number}: {title}" if title else str(scene.chapter.number)
    if group == "scene":
        return f"{scene.number} {scene.heading}".strip()
    if group == "status":
        return str(shot.state.get_status_display())
    if group == "review":
        return str(take.get_review_state_display()) if take else "No take yet"
    if group == "model":
        return (take.model or take.provider) if take else "No take yet"
    if group == "reviewer":
        return str(shot.last_reviewer or "Nobody yet")
    words, name = GROUPS_OF_TWO.get(group, (("", ""), ""))
    return words[0] if getattr(shot, name, False) else words[1]
