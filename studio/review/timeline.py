"""How the work on a shot went: its runs, their steps and every move, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from media_pipeline.runs.models import Run, RunState, Step, StepState, Transition

RUN_WORDS = {
    RunState.QUEUED: "waiting for a worker",
    RunState.RUNNING: "running",
    RunState.WAITING: "waiting for an answer",
    RunState.SUCCEEDED: "succeeded",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "stopped",
}
STEP_WORDS = {
    StepState.CREATED: "begun",
    StepState.SUBMITTING: "being sent",
    StepState.SUBMITTED: "sent, waiting for the answer",
    StepState.SUCCEEDED: "succeeded",
    StepState.FAILED: "failed",
    StepState.CANCELLED: "stopped",
    StepState.UNKNOWN: "unknown: a person decides",
}


@dataclass(frozen=True, slots=True)
class MoveWords:
    """One move of a step."""

    at: datetime
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step of a run. `undecided` is the number of a paid request about which a person decides."""

    name: str
    state: str
    state_words: str
    took: str
    attempt: int
    provider: str
    error: str
    moves: list[MoveWords]
    undecided: int | None = None


@dataclass(frozen=True, slots=True)
class RunWords:
    """One run with its steps. It can be stopped while it is open, and resumed where it failed or was stopped."""

    pk: int
    may_stop: bool
    may_resume: bool
    title: str
    state: str
    state_words: str
    when: datetime
    took: str
    by: str
    error: str
    steps: list[StepWords]


def run_in_words(run: Run) -> RunWords:
    """A run that queries.runs_of_shot read."""
    by_step: dict[int | None, list[Transition]] = {}
    for move in run.moves:  # type: ignore[attr-defined]
        by_step.setdefault(move.step_id, []).append(move)
    return RunWords(
        pk=run.pk,
        may_stop=run.is_open and run.cancel_requested_at is None,
        may_resume=run.state in (RunState.FAILED, RunState.CANCELLED),
        title=_spoken(run.pipeline),
        state=run.state,
        state_words=RUN_WORDS[RunState(run.state)],
        when=run.started_at or run.created_at,
        took=duration(run.started_at, run.finished_at),
        by=str(run.requested_by or ""),
        error=run.error,
        steps=[step_in_words(step, by_step.get(step.pk, [])) for step in run.steps.all()],
    )


def step_in_words(step: Step, moves: list[Transition]) -> StepWords:
    """A step and its moves, oldest first."""
    return StepWords(
        name=_spoken(step.key),
        state=step.state,
        state_words=STEP_WORDS[StepState(step.state)],
        took=duration(step.created_at, step.finished_at),
        attempt=step.attempt,
        provider=" ".join(dict.fromkeys(part for part in (step.provider, step.endpoint) if part)),
        error=step.error_message,
        undecided=step.pk if step.state == StepState.UNKNOWN else None,
        moves=[MoveWords(move.at, STEP_WORDS[StepState(move.after)], _note(move, step)) for move in moves],
    )


def _note(move: Transition, step: Step) -> str:
    """What was noted at the move, unless the step's error says it already."""
    return "" if move.note == step.error_message[:400] else move.note


def _spoken(key: str) -> str:
    """A key such as render_shot or layer:2 as words."""
    return key.replace("_", " ").replace(":", " ").strip().capitalize()


def duration(start: datetime | None, end: datetime | None) -> str:
    """How long something took: 340 ms, 4.2 s, 3 min 5 s, 2 h 4 min; empty while it is not known."""
    if start is None or end is None:
        return ""
    milliseconds = max(0, (end - start) // timedelta(milliseconds=1))
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 60_000:
        return f"{milliseconds // 1000}.{milliseconds % 1000 // 100} s"
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes} min {seconds} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
