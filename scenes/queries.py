"""Numbers that are counted and never kept: usage, lengths, eighths, checks. Each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from projects.screenplay.length import format_eighths

from .choices import SceneStatus, ShotStatus
from .models import (
    ContinuityCheck,
    DialogueLine,
    Scene,
    SceneCast,
    SceneProp,
    Shot,
    ShotCast,
    Take,
    TakeCheck,
    VerificationResult,
)

SECONDS_PER_EIGHTH = Fraction(60, 8)
"""A page of a screenplay is a minute of film: the rule of thumb of the trade."""


@dataclass(frozen=True)
class Lengths:
    """How much there is of a scene or chapter: what is omitted does not count. Seconds are exact."""

    scenes: int = 0
    shots: int = 0
    rendered: int = 0
    approved: int = 0
    takes: int = 0
    eighths: int = 0
    expected: Fraction = Fraction(0)
    actual: Fraction = Fraction(0)

    @property
    def pages(self) -> str:
        """The eighths as people write them: 2 3/8."""
        return format_eighths(self.eighths)


@dataclass(frozen=True)
class Usage:
    """In how many scenes and shots something is used, and which scenes (numbers in script order)."""

    scenes: int = 0
    shots: int = 0
    numbers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class QcSummary:
    """What the measurements of a take add up to; `score` is None where nothing was measured."""

    score: Decimal | None = None
    failed: list[str] = field(default_factory=list)
    measured: int = 0


def active_scenes() -> QuerySet[Scene]:
    """Scenes that are not omitted."""
    return Scene.objects.exclude(state__status=SceneStatus.OMITTED)


def active_shots() -> QuerySet[Shot]:
    """Shots that are not omitted."""
    return Shot.objects.exclude(state__status=ShotStatus.OMITTED)


def lengths_of_scenes(scene_ids: Iterable[int]) -> dict[int, Lengths]:
    """Lengths by scene, in four queries.

    The expected length is the scene's own where a person gave one, else the sum of its shots, else what its eighths
    suggest. The actual length is that of the selected takes.
    """
    ids = list(scene_ids)
    scenes = Scene.objects.filter(pk__in=ids).order_by().values_list("pk", "length_eighths", "expected_seconds")
    shots = {pk: numbers for pk, *numbers in _shot_numbers("scene_id", ids)}
    takes = dict(
        Take.objects.filter(shot__scene__in=ids).exclude(shot__state__status=ShotStatus.OMITTED).order_by()
        .values_list("shot__scene_id").annotate(Count("pk"))
    )  # fmt: skip
    actual = _actual("scene_id", ids)
    found = {}
    for pk, eighths, given in scenes:
        count, rendered, approved, seconds = shots.get(pk, (0, 0, 0, None))
        expected = given if given is not None else seconds
        found[pk] = Lengths(
            scenes=1, shots=count, rendered=rendered, approved=approved, takes=takes.get(pk, 0), eighths=eighths,
            expected=Fraction(expected) if expected is not None else eighths * SECONDS_PER_EIGHTH,
            actual=actual.get(pk, Fraction(0)),
        )  # fmt: skip
    return found


def lengths_of_chapters(chapter_ids: Iterable[int]) -> dict[int, Lengths]:
    """Lengths by chapter, added up over its scenes, in five queries."""
    ids = list(chapter_ids)
    chapter_of = dict(active_scenes().filter(chapter__in=ids).order_by().values_list("pk", "chapter_id"))
    sums: dict[int, Lengths] = {pk: Lengths() for pk in ids}
    for scene_id, lengths in lengths_of_scenes(chapter_of).items():
        before = sums[chapter_of[scene_id]]
        sums[chapter_of[scene_id]] = Lengths(
            *(getattr(before, name) + getattr(lengths, name) for name in Lengths.__dataclass_fields__)
        )
    return sums


def usage_of_characters(character_ids: Iterable[int]) -> dict[int, Usage]:
    """Where characters appear or speak, in three queries."""
    ids = list(character_ids)
    scenes: dict[int, set[int]] = defaultdict(set)
    shots: dict[int, set[int]] = defaultdict(set)
    in_shots = ShotCast.objects.filter(character__in=ids).exclude(shot__state__status=ShotStatus.OMITTED).order_by()
    for character, shot, scene in in_shots.values_list("character_id", "shot_id", "shot__scene_id"):
        shots[character].add(shot)
        scenes[character].add(scene)
    listed = SceneCast.objects.filter(character__in=ids).order_by().values_list("character_id", "scene_id")
    spoken = DialogueLine.objects.filter(character__in=ids).order_by().values_list("character_id", "scene_id")
    for character, scene in listed.union(spoken):
        scenes[character].add(scene)
    return _usage(ids, scenes, shots)


def usage_of_locations(location_ids: Iterable[int]) -> dict[int, Usage]:
    """Where locations are played in, in three queries."""
    ids = list(location_ids)
    scenes: dict[int, set[int]] = defaultdict(set)
    for location, scene in Scene.objects.filter(location__in=ids).order_by().values_list("location_id", "pk"):
        scenes[location].add(scene)
    return _usage(ids, scenes, _shots_by(scenes))


def usage_of_props(prop_ids: Iterable[int]) -> dict[int, Usage]:
    """In which scenes props are used, in three queries; shots are those of the scenes."""
    ids = list(prop_ids)
    scenes: dict[int, set[int]] = defaultdict(set)
    for prop, scene in SceneProp.objects.filter(prop__in=ids).order_by().values_list("prop_id", "scene_id"):
        scenes[prop].add(scene)
    return _usage(ids, scenes, _shots_by(scenes))


def usage_of_styles(style_ids: Iterable[int]) -> dict[int, Usage]:
    """Scenes and shots that name a style themselves, in three queries."""
    ids = list(style_ids)
    scenes: dict[int, set[int]] = defaultdict(set)
    shots: dict[int, set[int]] = defaultdict(set)
    for style, scene in Scene.objects.filter(style__in=ids).order_by().values_list("style_id", "pk"):
        scenes[style].add(scene)
    named = active_shots().filter(style__in=ids).order_by().values_list("style_id", "pk", "scene_id")
    for style, shot, scene in named:
        shots[style].add(shot)
        scenes[style].add(scene)
    return _usage(ids, scenes, shots)


@dataclass(frozen=True)
class Outcome:
    """What has come of a shot: of its selected take and of all that was looked at."""

    asset_name: str = ""
    video: int | None = None
    last_frame: int | None = None
    seconds: Fraction | None = None
    takes: int = 0
    verifications: dict[str, int] = field(default_factory=dict)
    open_breaks: int = 0
    qc: QcSummary = QcSummary()


def outcomes_of_shots(shot_ids: Iterable[int]) -> dict[int, Outcome]:
    """What has come of shots, in six queries; the numbers of a shot without a selected take are empty."""
    ids = list(shot_ids)
    selected = {take.shot_id: take for take in Take.objects.filter(selected_by__shot__in=ids)}
    counts = dict(Take.objects.filter(shot__in=ids).order_by().values_list("shot_id").annotate(Count("pk")))
    verified: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for shot, passed in VerificationResult.objects.filter(shot__in=ids).order_by("pk").values_list("shot_id", "passed"):
        verified[shot][{True: "passed", False: "failed", None: "not measured"}[passed]] += 1
    breaks = dict(
        ContinuityCheck.objects.filter(to_shot__in=ids, passed=False, dismissed_at=None)
        .filter(Q(to_take=None) | Q(to_shot__state__selected_take=F("to_take")))
        .order_by().values_list("to_shot_id").annotate(Count("pk"))
    )  # fmt: skip
    qc = qc_of_takes(take.pk for take in selected.values())
    found = {}
    for pk in ids:
        take = selected.get(pk)
        outcome = Outcome(takes=counts.get(pk, 0), verifications=dict(verified[pk]), open_breaks=breaks.get(pk, 0))
        if take is not None:
            outcome = replace(
                outcome, asset_name=take.asset_name, video=take.media_id, last_frame=take.last_frame_id,
                seconds=take.seconds, qc=qc.get(take.pk, QcSummary()),
            )  # fmt: skip
        found[pk] = outcome
    return found


def qc_of_takes(take_ids: Iterable[int]) -> dict[int, QcSummary]:
    """What was measured of takes: the technical score, else the mean, and the names of what failed, in two queries.

    The technical score hides no lone grave fault, as a mean does.
    """
    ids = list(take_ids)
    parts = ~Q(name="technical")
    sums = TakeCheck.objects.filter(take__in=ids).order_by().values_list("take_id").annotate(
        mean=Avg("score", filter=parts), count=Count("pk", filter=parts), technical=Avg("score", filter=~parts)
    )  # fmt: skip
    failed: dict[int, list[str]] = defaultdict(list)
    for take, name in (
        TakeCheck.objects.filter(parts, take__in=ids, passed=False).order_by("name").values_list("take", "name")
    ):
        failed[take].append(name)
    return {
        pk: QcSummary(_two_places(mean if technical is None else technical), failed.get(pk, []), count)
        for pk, mean, count, technical in sums
    }


def _two_places(score: float | Decimal | None) -> Decimal | None:
    return None if score is None else Decimal(score).quantize(Decimal("0.01"))


def open_continuity(project_id: int) -> QuerySet[ContinuityCheck]:
    """Breaks of continuity nobody has dismissed, between the takes the film uses now, in film order."""
    return (
        ContinuityCheck.objects.filter(
            Q(to_take=None) | Q(to_shot__state__selected_take=F("to_take")),
            passed=False, dismissed_at=None, to_shot__scene__chapter__project_id=project_id,
        )
        .exclude(to_shot__state__status=ShotStatus.OMITTED)
        .exclude(from_shot__state__status=ShotStatus.OMITTED)
        .select_related("from_shot__scene", "to_shot__scene")
        .order_by("to_shot__scene__chapter__number", "to_shot__scene__sequence", "to_shot__sequence", "pk")
    )  # fmt: skip


def take_named(project_id: int, asset_name: str) -> Take | None:
    """The take behind an asset name, which it keeps when its shot moves to another scene."""
    return (
        Take.objects.filter(shot__scene__chapter__project_id=project_id, asset_name=asset_name)
        .select_related("shot__scene__chapter")
        .first()
    )


def _shot_numbers(by: str, ids: list[int]) -> QuerySet[Shot, tuple[int, ...]]:
    return (
        active_shots().filter(**{f"{by}__in": ids}).order_by().values_list(by)
        .annotate(
            Count("pk"), Count("state__selected_take"),
            approved=Count("pk", filter=Q(state__status=ShotStatus.APPROVED)), seconds=Sum("expected_seconds"),
        )
    )  # fmt: skip


def _actual(by: str, ids: list[int]) -> dict[int, Fraction]:
    """Exact seconds of the selected takes; frames of one rate are added by the database."""
    sums: dict[int, Fraction] = defaultdict(Fraction)
    rows = (
        active_shots().filter(**{f"{by}__in": ids}, state__selected_take__isnull=False).order_by()
        .values_list(by, "state__selected_take__frame_rate").annotate(Sum("state__selected_take__frames"))
    )  # fmt: skip
    for pk, rate, frames in rows:
        sums[pk] += Fraction(frames) / Fraction(rate)
    return sums


def _shots_by(scenes: dict[int, set[int]]) -> dict[int, set[int]]:
    every = set().union(*scenes.values()) if scenes else set()
    by_scene: dict[int, set[int]] = defaultdict(set)
    for scene, shot in active_shots().filter(scene__in=every).order_by().values_list("scene_id", "pk"):
        by_scene[scene].add(shot)
    return {pk: set().union(*(by_scene[scene] for scene in found)) for pk, found in scenes.items()}


def _usage(ids: list[int], scenes: dict[int, set[int]], shots: dict[int, set[int]]) -> dict[int, Usage]:
    every = set().union(*scenes.values()) if scenes else set()
    numbers = {
        pk: (place, number)
        for place, (pk, number) in enumerate(
            active_scenes()
            .filter(pk__in=every)
            .order_by("chapter__number", "sequence", "pk")
            .values_list("pk", "number")
        )
    }
    found = {}
    for pk in ids:
        active = sorted(numbers[scene] for scene in scenes.get(pk, ()) if scene in numbers)
        found[pk] = Usage(len(active), len(shots.get(pk, ())), [number for _, number in active])
    return found
