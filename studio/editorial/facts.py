"""What machines know of a scene or a shot, read for the tabs that only show: each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from media_pipeline.models import Run
from scenes.choices import ShotStatus
from scenes.models import CompositeIteration, ContinuityCheck, Scene, SceneState, Shot, ShotState, Take
from scenes.models import VerificationResult as Answer
from scenes.queries import QcSummary, qc_of_takes

RUNS_SHOWN = 8
ANSWERS_SHOWN = 20

TONES = {
    **dict.fromkeys(("approved", "succeeded", "completed", "ready"), "good"),
    **dict.fromkeys(("failed", "retake", "sent_back", "critical", "error", "unknown"), "bad"),
    **dict.fromkeys(("awaiting_review", "in_review", "needs_review", "waiting", "warning"), "look"),
    **dict.fromkeys(("compositing", "verifying", "generating_video", "generating", "post", "running"), "work"),
}
"""Status -> the tone its mark has on a page; others are plain. The word always stands beside the colour."""


@dataclass(frozen=True)
class Cost:
    """What takes have cost: the sum of what is known (US dollars), and of how many takes it is not known."""

    known: Decimal = Decimal(0)
    unknown: int = 0


@dataclass(frozen=True)
class Share:
    """One part of a bar: how many, in words, and the tone it has."""

    label: str
    count: int
    tone: str


@dataclass
class ShotFacts:
    """One shot in the strip of its scene."""

    shot: Shot
    takes: int = 0
    cost: Cost = Cost()

    @property
    def tone(self) -> str:
        """The tone of its status."""
        return tone_of(self.shot.state.status)


@dataclass
class RunFacts:
    """One run on the scene or on one of its shots."""

    run: Run

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return tone_of(self.run.state)


@dataclass
class TakeFacts:
    """One take, newest first, and what was measured of it."""

    take: Take
    qc: QcSummary
    is_selected: bool

    @property
    def tone(self) -> str:
        """The tone of its review state."""
        return tone_of(self.take.review_state)


@dataclass
class Making:
    """What the Generation tab shows."""

    state: SceneState | ShotState
    runs: list[RunFacts]
    cost: Cost
    answers: list[Answer]
    shots: list[ShotFacts] = field(default_factory=list)
    takes: list[TakeFacts] = field(default_factory=list)
    iterations: list[CompositeIteration] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """The tone of its status."""
        return tone_of(self.state.status)

    @property
    def passed(self) -> int:
        """How many of the answers shown passed."""
        return sum(answer.passed is True for answer in self.answers)


@dataclass
class Judgement:
    """What the Review tab shows."""

    state: SceneState | ShotState
    takes: list[TakeFacts]
    breaks: list[ContinuityCheck]

    @property
    def tone(self) -> str:
        """The tone of what people said of the scene as it is written."""
        return tone_of(getattr(self.state, "approval", ""))


def tone_of(status: str) -> str:
    """The tone a status has on a page: good, bad, look, work or plain."""
    return TONES.get(str(status), "plain")


def making_of_scene(scene: Scene) -> Making:
    """Shots with their pictures, runs, cost and checks of a scene, in seven queries."""
    shots = list(
        Shot.objects.filter(scene=scene).select_related("state__selected_take").order_by("sequence", "pk")
    )  # fmt: skip
    for shot in shots:
        shot.scene = scene
    costs, taken = _costs(shot__scene=scene)
    subjects = [f"scene:{scene.pk}", *(f"shot:{shot.pk}" for shot in shots)]
    return Making(
        state=SceneState.objects.select_related("approved_by").get(scene=scene),
        runs=_runs(scene.chapter.project_id, subjects),
        cost=_sum(costs.values()),
        answers=_answers(shot__scene=scene),
        shots=[ShotFacts(shot, taken.get(shot.pk, 0), costs.get(shot.pk, Cost())) for shot in shots],
        shares=_shares(shot.state.status for shot in shots),
    )


def making_of_shot(shot: Shot) -> Making:
    """Takes, runs, decisions and layers of a shot, in nine queries."""
    state = _state_of(shot)
    takes = takes_of(shot, state.selected_take_id)
    costs, _ = _costs(shot=shot)
    return Making(
        state=state,
        runs=_runs(shot.scene.chapter.project_id, [f"shot:{shot.pk}"]),
        cost=_sum(costs.values()),
        answers=_answers(shot=shot),
        takes=takes,
        iterations=list(CompositeIteration.objects.filter(shot=shot).order_by("-run_id", "number")[:20]),
    )


def judgement_of_scene(scene: Scene) -> Judgement:
    """The selected takes of a scene, what reviewers and measurements say of them, and breaks, in five queries."""
    chosen = Take.objects.filter(selected_by__shot__scene=scene).exclude(selected_by__status=ShotStatus.OMITTED)
    takes = list(chosen.select_related("shot__scene").order_by("shot__sequence", "shot_id"))
    measured = qc_of_takes([take.pk for take in takes])
    return Judgement(
        state=SceneState.objects.select_related("approved_by").get(scene=scene),
        takes=[TakeFacts(take, measured.get(take.pk, QcSummary()), True) for take in takes],
        breaks=_breaks(to_shot__scene=scene),
    )


def judgement_of_shot(shot: Shot) -> Judgement:
    """What reviewers and measurements say of a shot's takes, in five queries."""
    state = _state_of(shot)
    return Judgement(state, takes_of(shot, state.selected_take_id), _breaks(to_shot=shot))


def takes_of(shot: Shot, selected: int | None) -> list[TakeFacts]:
    """The takes of a shot, newest first, in three queries."""
    takes = list(Take.objects.filter(shot=shot).order_by("-number"))
    measured = qc_of_takes([take.pk for take in takes])
    return [TakeFacts(take, measured.get(take.pk, QcSummary()), take.pk == selected) for take in takes]


def _state_of(shot: Shot) -> ShotState:
    return ShotState.objects.select_related("chosen_by").get(shot=shot)


def _costs(**where: Any) -> tuple[dict[int, Cost], dict[int, int]]:
    """By shot: what its takes cost and how many there are. Added here: SQLite adds decimals as binary fractions."""
    known: dict[int, Decimal] = defaultdict(Decimal)
    unknown: dict[int, int] = defaultdict(int)
    taken: dict[int, int] = defaultdict(int)
    for shot, cost in Take.objects.filter(**where).order_by().values_list("shot_id", "cost"):
        taken[shot] += 1
        if cost is None:
            unknown[shot] += 1
        else:
            known[shot] += cost
    return {shot: Cost(known[shot], unknown[shot]) for shot in taken}, dict(taken)


def _sum(costs: Iterable[Cost]) -> Cost:
    every = list(costs)
    return Cost(sum((cost.known for cost in every), Decimal(0)), sum(cost.unknown for cost in every))


def _runs(project_id: int, subjects: list[str]) -> list[RunFacts]:
    runs = Run.objects.filter(project_id=project_id, subject__in=subjects)
    return [RunFacts(run) for run in runs.select_related("requested_by").order_by("-pk")[:RUNS_SHOWN]]


def _answers(**where: Any) -> list[Answer]:
    return list(Answer.objects.filter(**where).select_related("shot").order_by("-pk")[:ANSWERS_SHOWN])


def _breaks(**where: Any) -> list[ContinuityCheck]:
    breaks = ContinuityCheck.objects.filter(**where, passed=False).select_related("dismissed_by")
    with_scene = Prefetch("from_shot", Shot.objects.select_related("scene"))
    return list(breaks.prefetch_related(with_scene).select_related("to_shot__scene").order_by("dismissed_at", "-pk"))


def _shares(statuses: Iterable[str]) -> list[Share]:
    counted: dict[str, int] = defaultdict(int)
    for status in statuses:
        counted[status] += 1
    return [Share(str(status.label), counted[status], tone_of(status)) for status in ShotStatus if counted.get(status)]
