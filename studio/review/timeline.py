"""How the work on a shot went: its runs, their steps and every move, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from media_pipeline.runs.models import Run, RunState, Step, StepState, Transition
from projects.choices import QualityTier
from projects.coherence import SETTINGS

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
    asked: list[str]
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
        asked=_asked(run.settings),
        error=run.error,
        steps=[step_in_words(step, by_step.get(step.pk, [])) for step in run.steps.all() if not _is_bookkeeping(step)],
    )


def _asked(settings: Mapping[str, Any]) -> list[str]:
    """What a run was asked for beside its subject: quality, settings of its own, what to put right."""
    tier = dict(QualityTier.choices).get(settings.get("tier", ""))
    switched = settings.get("coherence") or {}
    words = [f"{tier} quality"] if tier else []
    words += [f"{SETTINGS[key].label} {'on' if is_on else 'off'}" for key, is_on in switched.items() if key in SETTINGS]
    return words + ([f"to put right: {settings['reason']}"] if settings.get("reason") else [])


def step_in_words(step: Step, moves: list[Transition]) -> StepWords:
    """A step and its moves, oldest first."""
    return StepWords(
        name=step_name(step.key),
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


BOOKKEEPING = ("made", "verdict", "verifying", "filming")
"""Ends of keys of steps that only write down what the one before did: shown where they failed."""

STEP_NAMES = {
    "freeze": "What goes into it is frozen", "derive": "Prepared for review", "take": "The take is recorded",
    "qc": "Measurements are written down", "qc measured": "Measured", "continuity": "Cuts are written down",
    "continuity measured": "Cuts with its neighbours are measured", "video": "Video", "keyframe": "Key frame",
}  # fmt: skip
"""Key of a step -> what it does; numbers behind a slash are attempts."""

ASKED = {"vision": "looked at by a model that sees", "knowledge": "held against what is known"}


def _is_bookkeeping(step: Step) -> bool:
    return step.state == StepState.SUCCEEDED and step.key.rsplit("/", 1)[-1] in BOOKKEEPING


def step_name(key: str) -> str:
    """What a step does, in words: "composite/2/3/vision" is "Layer 2, attempt 3: looked at by a model that sees"."""
    first, *parts = key.split("/")
    numbers = [part for part in parts if part.isdecimal()]
    asked = next((ASKED[part] for part in parts if part in ASKED), "")
    if first == "composite" and len(numbers) == 2:
        name = f"Layer {numbers[0]}, attempt {numbers[1]}"
    else:
        others = [part for part in parts if not part.isdecimal() and part not in ASKED]
        name = " ".join([STEP_NAMES.get(first, _spoken(first)), *others])
        name += f", attempt {numbers[-1]}" if numbers else ""
    return f"{name}: {asked}" if asked else name


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
