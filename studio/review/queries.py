"""What the pages read, in a number of queries that does not grow with the production.

Every function takes a project that came from projects.access, so nothing here asks who the person is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from media_pipeline.assets import MediaAsset
from media_pipeline.gathering import THUMBNAIL
from media_pipeline.runs.models import Approval, Run, Step, Transition
from projects.choices import Severity
from projects.models import Alert, BudgetAccount, Chapter, Event, GatherItem, Project
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Scene, Shot, Take

SCENES_PER_PAGE = 24
PRODUCTIONS_PER_PAGE = 24
RUNS_ON_SHOT_PAGE = 3

ANIMATIC = Q(state__selected_take__provider="animatic")
"""Shots whose selected take was drawn by the embedded default: pages never let it pass for a model's."""

SCENE_FIELDS = (
    "number", "sequence", "heading", "int_ext", "location_text", "time_of_day", "length_eighths", "synopsis",
    "chapter__number", "chapter__title", "chapter__project_id", "state__status", "state__plan_warnings",
)  # fmt: skip
SHOT_FIELDS = (
    "scene_id", "number", "suffix", "sequence", "business", "shot_size", "expected_seconds",
    "state__status", "state__error_message", "state__selected_take__number",
    "state__selected_take__frames", "state__selected_take__frame_rate", "state__selected_take__width",
    "state__selected_take__height", "state__selected_take__thumbnail_id",
    "state__selected_take__filmstrip__width", "state__selected_take__filmstrip__height",
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How much there is of a production, and how many shots are an animatic: what is omitted does not count."""

    scenes: int = 0
    shots: int = 0
    rendered: int = 0
    seconds: Decimal = Decimal(0)
    animatic: int = 0


@dataclass(frozen=True)
class Production:
    """What the home page shows of a production."""

    project: Project
    counts: Counts
    run: Run | None
    alerts: list[Alert]


def last_event_id(project_id: int) -> int:
    """The newest event of the production. Read it before the data: what changes in between is then sent again."""
    return Event.objects.filter(project_id=project_id).aggregate(last=Max("id"))["last"] or 0


def budget_of(project_id: int) -> BudgetAccount | None:
    """What the production may spend and has spent."""
    return BudgetAccount.objects.filter(project_id=project_id).first()


def with_pictures(project_id: int) -> Project:
    """The production with its state, cover and film."""
    return Project.objects.select_related("state__cover", "state__final_film").get(pk=project_id)


def open_alerts(project_id: int) -> list[Alert]:
    """The alerts nobody has dismissed: errors first, then the newest."""
    return worst_first(Alert.objects.filter(project_id=project_id, dismissed_at=None))


def worst_first(alerts: Iterable[Alert]) -> list[Alert]:
    """Errors before warnings before mere information, the newest of each first."""
    order = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    return sorted(alerts, key=lambda alert: (order.index(Severity(alert.severity)), -alert.raised_at.timestamp()))


def whole_run(project_id: int) -> Run | None:
    """The latest run over the whole production, such as producing the film."""
    return Run.objects.filter(project_id=project_id, subject=f"project:{project_id}", parent=None).first()


def open_approvals(project_id: int) -> list[Approval]:
    """Spending that waits for a person's yes or no, the oldest first."""
    return list(Approval.objects.filter(project_id=project_id, state=Approval.State.PENDING))


def chapters_with_scenes(project_id: int) -> list[tuple[int, str]]:
    """Number and title of every chapter that has something to film."""
    scenes = Scene.objects.exclude(state__status=SceneStatus.OMITTED).values("chapter_id")
    chapters = Chapter.objects.filter(project_id=project_id, pk__in=scenes)
    return list(chapters.order_by("number").values_list("number", "title"))


def scripts_of(project_id: int) -> list[Chapter]:
    """The chapters whose screenplay is kept as it was imported, with its file."""
    kept = Chapter.objects.filter(project_id=project_id, script_file__isnull=False).select_related("script_file")
    return list(kept.only("number", "title", "script_name", "script_file").order_by("number"))


def counts_of(project_ids: Iterable[int]) -> dict[int, Counts]:
    """Counts by production, in two queries however many productions there are."""
    ids = list(project_ids)
    scenes = (
        Scene.objects.filter(chapter__project_id__in=ids).exclude(state__status=SceneStatus.OMITTED).order_by()
        .values_list("chapter__project_id").annotate(Count("pk"))
    )  # fmt: skip
    shots = (
        filmed_shots().filter(scene__chapter__project_id__in=ids).order_by().values_list("scene__chapter__project_id")
        .annotate(Count("pk"), Count("state__selected_take"), Sum("expected_seconds"))
        .annotate(animatic=Count("pk", filter=ANIMATIC))
    )  # fmt: skip
    scene_counts = dict(scenes)
    shot_counts = {pk: numbers for pk, *numbers in shots}
    return {pk: Counts(scene_counts.get(pk, 0), *shot_counts.get(pk, ())) for pk in ids}


def filmed_shots() -> QuerySet[Shot]:
    """Shots that are not omitted."""
    return Shot.objects.exclude(state__status=ShotStatus.OMITTED)


def shots_for_cards() -> QuerySet[Shot]:
    """Shots in order with just the fields a card shows."""
    return (
        filmed_shots()
        .select_related("state__selected_take__filmstrip")
        .only(*SHOT_FIELDS)
        .order_by("scene_id", "sequence", "pk")
    )


def scenes_with_shots(project_id: int) -> QuerySet[Scene]:
    """The scenes of a production in order, their filmed shots in `card_shots`."""
    return (
        Scene.objects.filter(chapter__project_id=project_id)
        .select_related("chapter", "state")
        .only(*SCENE_FIELDS)
        .prefetch_related(Prefetch("shots", queryset=shots_for_cards(), to_attr="card_shots"))
        .order_by("chapter__number", "sequence", "pk")
    )


def scenes_page(project_id: int, number: str | None, scene_id: str | None = None) -> Page[Scene]:
    """One page of the scenes: the numbered one, or the one a scene is on; the nearest where there is none such."""
    if scene_id and scene_id.isdigit() and number is None:
        number = str(_place_of_scene(project_id, int(scene_id)) // SCENES_PER_PAGE + 1)
    return Paginator(scenes_with_shots(project_id), SCENES_PER_PAGE).get_page(number)


def _place_of_scene(project_id: int, scene_id: int) -> int:
    """How many scenes come before this one; 0 when it is not in the production."""
    scenes = Scene.objects.filter(chapter__project_id=project_id)
    scene = scenes.filter(pk=scene_id).values_list("chapter__number", "sequence", "pk").first()
    if scene is None:
        return 0
    place = tuple(zip(("chapter__number", "sequence", "pk"), scene, strict=True))
    return scenes.filter(_beyond(place, "lt")).count()


def productions_page(visible: QuerySet[Project], number: str | None) -> tuple[Page[Any], list[Production]]:
    """One page of productions, those with news first, and what is shown of each."""
    latest = Event.objects.filter(project=OuterRef("pk")).order_by("-id").values("id")[:1]
    rows = visible.select_related("state__cover").annotate(latest_event=Subquery(latest))
    page = Paginator(rows.order_by("-latest_event", "title"), PRODUCTIONS_PER_PAGE).get_page(number)
    shown: list[Project] = list(page.object_list)
    ids = [project.pk for project in shown]
    runs, counts = _newest_runs(ids), counts_of(ids)
    alerts: dict[int, list[Alert]] = {pk: [] for pk in ids}
    for alert in worst_first(Alert.objects.filter(project_id__in=ids, dismissed_at=None)):
        alerts[alert.project_id].append(alert)
    return page, [
        Production(project, counts[project.pk], runs.get(project.pk), alerts[project.pk]) for project in shown
    ]


def _newest_runs(project_ids: list[int]) -> dict[int, Run]:
    subjects = [f"project:{pk}" for pk in project_ids]
    newest = (
        Run.objects.filter(project_id__in=project_ids, subject__in=subjects, parent=None).order_by()
        .values("project_id").annotate(newest=Max("pk")).values("newest")
    )  # fmt: skip
    return {run.project_id: run for run in Run.objects.filter(pk__in=newest)}


def shot_of(project_id: int, shot_id: int) -> Shot | None:
    """A shot of this production with what its page shows, takes newest first in `take_list`."""
    takes = Take.objects.select_related(
        "media", "picture", "sound", "proxy", "thumbnail", "keyframe", "last_frame", "created_by"
    ).order_by("-number")
    return (
        Shot.objects.filter(pk=shot_id, scene__chapter__project_id=project_id)
        .select_related("scene__chapter__project", "scene__state", "scene__style", "style", "state")
        .prefetch_related(Prefetch("takes", queryset=takes, to_attr="take_list"), "cast__character", "lines")
        .first()
    )


def neighbours(project_id: int, shot: Shot) -> tuple[Shot | None, Shot | None]:
    """The shots before and after this one in the order of the film."""
    chapter, scene = shot.scene.chapter, shot.scene
    place = (
        ("scene__chapter__number", chapter.number),
        ("scene__sequence", scene.sequence),
        ("scene_id", scene.pk),
        ("sequence", shot.sequence),
        ("pk", shot.pk),
    )
    order = [field for field, _ in place]
    shots = filmed_shots().filter(scene__chapter__project_id=project_id).select_related("scene")
    before = shots.filter(_beyond(place, "lt")).order_by(*(f"-{field}" for field in order)).first()
    after = shots.filter(_beyond(place, "gt")).order_by(*order).first()
    return before, after


def _beyond(place: tuple[tuple[str, int], ...], comparison: str) -> Q:
    """Rows whose tuple of fields lies beyond `place`, as a condition both databases know."""
    condition, same = Q(), Q()
    for field, value in place:
        condition |= same & Q(**{f"{field}__{comparison}": value})
        same &= Q(**{field: value})
    return condition


def runs_of_shot(project_id: int, shot_id: int) -> list[Run]:
    """The latest runs on a shot, newest first, with their steps and every move they made."""
    moves = Prefetch("transitions", queryset=Transition.objects.order_by("pk"), to_attr="moves")
    return list(
        Run.objects.filter(project_id=project_id, subject=f"shot:{shot_id}")
        .select_related("requested_by")
        .prefetch_related("steps", moves)
        .order_by("-pk")[:RUNS_ON_SHOT_PAGE]
    )


def shot_of_run(run: Run) -> Shot | None:
    """The shot that a run is about, where it is about one."""
    kind, _, number = run.subject.partition(":")
    if kind != "shot" or not number.isdecimal():
        return None
    return Shot.objects.filter(scene__chapter__project=run.project_id, pk=number).select_related("scene").first()


def call_with_moves(project_id: int, step_id: int) -> Step | None:
    """One provider call of the production with its run and every move it made."""
    calls = Step.objects.filter(run__project_id=project_id, kind=Step.Kind.PROVIDER)
    return calls.select_related("run").prefetch_related("transitions").filter(pk=step_id).first()


def material(project_id: int) -> QuerySet[GatherItem]:
    """The material of a production, newest first, with what its cards show."""
    small = MediaAsset.objects.filter(role=THUMBNAIL).order_by("pk")
    items = GatherItem.objects.filter(project=project_id).select_related("attachment", "created_by")
    return items.prefetch_related(Prefetch("attachment__derivatives", queryset=small, to_attr="small")).order_by("-pk")
