"""What a pipeline sees: remembered units of work.

A pipeline is called again from the top whenever its run can move. A step that succeeded returns its remembered
output at once, so what is paid for or worked out is never done twice.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import OperationalError, transaction

from media_pipeline.money import BudgetRefused
from media_pipeline.providers.errors import Refused

from . import calls, lost, moves
from .actions import ask_for_approval, start_child
from .errors import CancelRequested, ChildrenFailed, LeaseLost, SliceOver, StepFailed, Suspended
from .models import OPEN_RUNS, Run, RunState, Step, StepState
from .webhooks import webhook_url
from .work import Work

T = TypeVar("T")

PROGRESS_EVERY = 0.5
"""Seconds between two progress rows of one step: often enough for an eye, rarely enough for the event table."""


class RunContext:
    """One advance of one run by the worker that holds its lease."""

    def __init__(self, run: Run, owner: str) -> None:
        self.run = run
        self.owner = owner
        self.settings: dict[str, Any] = run.settings
        self.profiles: Sequence[Mapping[str, Any]] = ()  # as they stood when the run began, where it froze them
        self.lease_lost = False
        self._steps = {step.key: step for step in run.steps.select_related("child")}
        self._slice_ends = time.monotonic() + settings.RUN_SLICE_SECONDS
        self._until: int | None = None
        self._to_tell: tuple[int, str] | None = None
        self._told = 0.0

    # -- units of work

    def remembers(self, key: str) -> bool:
        """Whether the step `key` has succeeded: what only prepares for it need not be worked out again."""
        step = self._steps.get(key)
        return step is not None and step.state == StepState.SUCCEEDED

    def freeze(self, make: Callable[[], T]) -> T:
        """Remember the inputs as they are now; edits made later do not change a run under way."""
        return self.record("freeze", make)

    def record(self, key: str, change: Callable[[], T]) -> T:
        """Change records; the change and the memory of it commit together, so it happens exactly once.

        `change` must be quick, do no file or network work, and return something JSON can hold.
        """
        step = self._steps.get(key)
        if step and step.state == StepState.SUCCEEDED:
            return step.output
        self._raise_failure(step)
        self._before_work()
        with transaction.atomic():
            moves.fence(self.run.pk, self.owner)
            step = step or self._create(key, Step.Kind.LOCAL)
            output = change()
            self._settle(step, output)
        self._after_work()
        return output

    def local(self, key: str, do: Callable[[Work], T]) -> T:
        """Work done here, such as ffmpeg or measurements. Interrupted, it is begun again from its start.

        `do` gets a Work (an empty folder, media by digest, progress, cancelled) and returns something JSON can hold.
        """
        step = self._steps.get(key)
        if step and step.state == StepState.SUCCEEDED:
            return step.output
        self._raise_failure(step)
        self._before_work()
        step = step or self._create(key, Step.Kind.LOCAL)
        try:
            with self._work() as work:
                output = do(work)
        except OperationalError:  # of the database, not of the work: it is begun again
            raise
        except Exception as error:
            self._unless_interrupted()
            self._fail(step, type(error).__name__, str(error) or type(error).__name__)
        with transaction.atomic():
            moves.fence(self.run.pk, self.owner)
            self._settle(step, output)
        self._after_work()
        return output

    def call(
        self, key: str, request: calls.Request, *, tier: str = "standard", models: Mapping[str, str] | None = None
    ) -> calls.CallResult:
        """Ask a provider; stops the function until the answer is there. See call_all for `models`."""
        return self.call_all({key: request}, tier=tier, models=models)[key]

    def call_all(
        self, requests: Mapping[str, calls.Request], *, tier: str = "standard", models: Mapping[str, str] | None = None
    ) -> dict[str, calls.CallResult]:
        """Ask providers for all of these at once; stops the function until every answer is there.

        `models` are the profiles a person chose, by capability; the others are the preferred ones of the tier.
        """
        missing = {key: request for key, request in requests.items() if key not in self._steps}
        if missing:
            self._before_work()
            self._prepare_calls(missing, tier, models or {})
        for step in [self._steps[key] for key in requests]:
            if calls.may_be_submitted_now(step):
                self._before_work()
                self._submit(step)
            elif step.state == StepState.SUBMITTING:
                lost.begin_search(step)
        failed = [key for key in requests if self._steps[key].state in (StepState.FAILED, StepState.CANCELLED)]
        if failed:
            self._raise_failure(self._steps[failed[0]])
        if any(self._steps[key].state != StepState.SUCCEEDED for key in requests):
            raise Suspended
        return {key: calls.CallResult.of(self._steps[key]) for key in requests}

    def child(self, key: str, pipeline: str, subject: str, settings: Mapping[str, Any] | None = None) -> Any:
        """Run another pipeline and await it; returns its output."""
        return self.children({key: (pipeline, subject)}, settings=settings)[key]

    def children(
        self,
        wanted: Mapping[str, tuple[str, str] | tuple[str, str, Mapping[str, Any]]],
        *,
        settings: Mapping[str, Any] | None = None,
        progress: tuple[int, int] | None = None,
        words: str = "{done} of {total} done",
    ) -> dict[str, Any]:
        """Run other pipelines and await them all; returns their outputs by key.

        Each is `key: (pipeline, subject)` or, with settings of its own, `key: (pipeline, subject, settings)`.

        `progress` is the span of this run's progress that they fill, told in `words` as they finish.
        Raises ChildrenFailed when any of them did not succeed, after all have ended.
        """
        missing = [key for key in wanted if key not in self._steps]
        if missing:
            self._before_work()
            self._start_children({key: wanted[key] for key in missing}, dict(settings or {}), progress, words)
        steps = [self._steps[key] for key in wanted]
        if any(step.child is None or step.child.state in OPEN_RUNS for step in steps):
            raise Suspended
        self._settle_children([step for step in steps if step.state == StepState.CREATED])
        failed = [step for step in steps if step.state != StepState.SUCCEEDED]
        if failed:
            raise ChildrenFailed(failed[0].key, failed[0].error_class, _words_about(failed))
        return {step.key: step.output for step in steps}

    def approval(self, key: str, *, digest: str, amount: Decimal | None, words: str) -> None:
        """Wait until a person who may spend says yes to exactly this request; a no fails the run.

        `digest` names everything the money would be spent on: what the run does later must be held against it.
        """
        step = self._steps.get(key)
        if step is None:
            self._before_work()
            with transaction.atomic():
                step = self._create(key, Step.Kind.APPROVAL, input={"digest": digest})
                ask_for_approval(step, digest=digest, amount=amount, words=words)
        self._raise_failure(step)
        if step.state != StepState.SUCCEEDED:
            raise Suspended
        if step.input["digest"] != digest:
            raise StepFailed(key, "Changed", "What was approved is not what would be made now: start the run again.")

    # -- what people see

    def progress(self, percent: int, words: str, until: int | None = None) -> None:
        """Say how far the run is; the next step's own progress moves it on towards `until`.

        Told when the next step really does something: a replay passes here again and has nothing new to say.
        """
        self._until = until
        self._to_tell = (percent, words)

    @property
    def cancelled(self) -> bool:
        """Whether a person has asked to stop."""
        return Run.objects.filter(pk=self.run.pk, cancel_requested_at__isnull=False).exists()

    # -- inside

    def _create(self, key: str, kind: str, **fields: Any) -> Step:
        with transaction.atomic():
            moves.fence(self.run.pk, self.owner)
            step = Step.objects.create(run=self.run, key=key, kind=kind, **fields)
        self._steps[key] = step
        return step

    def _prepare_calls(self, requests: Mapping[str, calls.Request], tier: str, models: Mapping[str, str]) -> None:
        """Create the steps and promise their money in one transaction: all of them or, past a limit, none."""
        try:
            with transaction.atomic():
                moves.hold(self.run)
                moves.fence(self.run.pk, self.owner)
                created = {
                    key: calls.prepare(self.run, key, request, tier, models.get(request.capability, ""), self.profiles)
                    for key, request in requests.items()
                }
        except (BudgetRefused, Refused) as refused:
            raise StepFailed(next(iter(requests)), type(refused).__name__, str(refused)) from refused
        self._steps |= created

    def _settle(self, step: Step, output: Any) -> None:
        if not moves.move_step(step, StepState.SUCCEEDED, output=output):
            raise LeaseLost(f"Step {step.key} was settled by another worker.")

    def _fail(self, step: Step, error_class: str, message: str) -> None:
        with transaction.atomic():
            moves.fence(self.run.pk, self.owner)
            moves.move_step(step, StepState.FAILED, note=message, error_class=error_class[:60], error_message=message)
        raise StepFailed(step.key, error_class, message)

    def _submit(self, step: Step) -> None:
        with self._work() as work:
            work.profile, work.webhook_url = step.profile, webhook_url(step)
            work.keep = lambda data: calls.remember(self, step, data)
            calls.submit(self, step, work)
        self._unless_interrupted()
        self._after_work()

    def _start_children(
        self,
        wanted: Mapping[str, tuple[str, str] | tuple[str, str, Mapping[str, Any]]],
        settings: dict[str, Any],
        progress: tuple[int, int] | None,
        words: str,
    ) -> None:
        with transaction.atomic():
            moves.fence(self.run.pk, self.owner)
            if progress:
                Run.objects.filter(pk=self.run.pk).update(
                    children_total=len(wanted),
                    children_done=0,
                    children_from=progress[0],
                    children_to=progress[1],
                    children_words=words,
                )
                self.run.refresh_from_db()
            for key, (pipeline, subject, *own) in wanted.items():
                child = start_child(self.run, pipeline, subject, settings | dict(*own))
                step = Step.objects.create(run=self.run, key=key, kind=Step.Kind.CHILD, child=child)
                self._steps[key] = step
        if progress:
            moves.tell_progress(self.run, progress[0], words.format(done=0, total=len(wanted)))

    def _settle_children(self, steps: list[Step]) -> None:
        if not steps:
            return
        with transaction.atomic():
            moves.fence(self.run.pk, self.owner)
            for step in steps:
                child = step.child
                assert child is not None
                if child.state == RunState.SUCCEEDED:
                    self._settle(step, child.output)
                else:
                    moves.move_step(
                        step,
                        StepState.FAILED,
                        error_class=child.state,
                        error_message=child.error or f"{child.pipeline} of {child.subject} was {child.state}.",
                    )

    def _work(self) -> _WorkFolder:
        return _WorkFolder(self)

    def _step_progress(self, fraction: float) -> None:
        if self._until is None or time.monotonic() - self._told < PROGRESS_EVERY:
            return
        self._told = time.monotonic()
        start = self.run.progress
        reached = start + int((self._until - start) * max(0.0, min(1.0, fraction)))
        if reached != start:
            Run.objects.filter(pk=self.run.pk).update(progress=reached)
            shown = Run(pk=self.run.pk, **{n: getattr(self.run, n) for n in _SHOWN}, progress=reached)
            with transaction.atomic():
                moves.emit_progress(shown)

    def _raise_failure(self, step: Step | None) -> None:
        if step and step.state in (StepState.FAILED, StepState.CANCELLED):
            raise StepFailed(step.key, step.error_class, step.error_message or f"{step.key} was {step.state}.")

    def _before_work(self) -> None:
        self._unless_interrupted()
        if self._to_tell:
            percent, words = self._to_tell
            self._to_tell = None
            moves.tell_progress(self.run, max(percent, self.run.progress), words)

    def _after_work(self) -> None:
        if time.monotonic() > self._slice_ends:
            raise SliceOver

    def _unless_interrupted(self) -> None:
        if self.lease_lost:
            raise LeaseLost(f"Run {self.run.pk} is advanced by another worker now.")
        if self.cancelled:
            raise CancelRequested


_SHOWN = ("project_id", "pipeline", "subject", "state", "progress_words", "parent_id", "error")


class _WorkFolder:
    """Lends a Work with an empty folder on local disk for one unit of work, and removes it afterwards."""

    def __init__(self, context: RunContext) -> None:
        self.context = context

    def __enter__(self) -> Work:
        Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
        self.folder = tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix=f"run-{self.context.run.pk}-")
        return Work(
            workdir=Path(self.folder.name),
            project_id=self.context.run.project_id,
            tell=self.context._step_progress,
            stop=lambda: self.context.lease_lost or self.context.cancelled,
        )

    def __exit__(self, *exception: object) -> None:
        self.folder.cleanup()


def _words_about(failed: list[Step]) -> str:
    first = "; ".join(f"{step.key}: {step.error_message}" for step in failed[:3])
    more = f" (and {len(failed) - 3} more)" if len(failed) > 3 else ""
    return f"{len(failed)} of the runs this one waited for did not succeed: {first}{more}"
