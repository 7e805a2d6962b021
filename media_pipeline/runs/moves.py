"""The only writers of Run.state and Step.state.

Each move is a conditional UPDATE on the old state, with a transition row and an event in the same transaction:
of two who try the same move, exactly one succeeds. A worker's moves also name its lease, so that one that was
paused and replaced can write nothing.

Rows are locked in one order, so that nobody waits in a circle: runs from the root down (`hold`), then steps, then
the account of the production, then the day of the person; the event, whose order is a lock too, comes last.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from projects.events import emit

from . import transport
from .errors import LeaseLost
from .models import OPEN_RUNS, Run, RunState, Step, StepState, Transition


def take_lease(run_id: int, owner: str) -> Run | None:
    """Become the one worker that advances this run; None when it is finished or somebody else's."""
    now = timezone.now()
    free = Run.objects.filter(pk=run_id, state__in=OPEN_RUNS)
    with transaction.atomic():
        taken = (free.filter(lease_owner="") | free.filter(lease_until__lt=now)).update(
            lease_owner=owner, lease_until=now + timedelta(seconds=settings.RUN_LEASE_SECONDS)
        )
        if not taken:
            return None
        run = Run.objects.get(pk=run_id)
        if run.state != RunState.RUNNING:
            _move(run, RunState.RUNNING, started_at=run.started_at or now)
    return run


def extend_lease(run_id: int, owner: str) -> bool:
    """Keep the lease for another term; False when it is no longer ours."""
    until = timezone.now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)
    return bool(Run.objects.filter(pk=run_id, lease_owner=owner).update(lease_until=until))


def hold(run: Run) -> None:
    """Inside a transaction, first of all: lock the rows of a run and of those above it that its moves may touch.

    A parent is older than its children, so by key is from the root down. SQLite has one writer anyway.
    """
    family = {pk for pk in (run.root_id, run.parent_id, run.pk) if pk is not None}
    list(Run.objects.select_for_update(no_key=True).filter(pk__in=family).order_by("pk").values_list("pk"))


def fence(run_id: int, owner: str) -> None:
    """Inside a transaction: hold the run's row and make sure that it is still this worker's to write."""
    if not extend_lease(run_id, owner):
        raise LeaseLost(f"Run {run_id} is advanced by another worker now.")


def release_lease(run: Run, owner: str, seen_wakeups: int) -> bool:
    """Let go of a run that waits; False when a wake-up arrived meanwhile and it must be advanced again."""
    with transaction.atomic():
        released = Run.objects.filter(pk=run.pk, lease_owner=owner, wakeups=seen_wakeups).update(
            lease_owner="", lease_until=None, handled_wakeups=seen_wakeups
        )
        if not released:
            fence(run.pk, owner)
            return False
        _move(run, RunState.WAITING)
    return True


def give_back(run: Run, owner: str) -> None:
    """Let go of a run whose slice is over and ask for the next slice, in one transaction."""
    with transaction.atomic():
        fence(run.pk, owner)
        Run.objects.filter(pk=run.pk).update(lease_owner="", lease_until=None)
        _move(run, RunState.QUEUED, note="slice over")
        wake(run.pk)


def finish_run(run: Run, owner: str, state: RunState, *, error: str = "", output: Any = None) -> None:
    """End a run and tell its parent, in one transaction with what the pipeline does at its end."""
    from media_pipeline import money

    from .registry import ending_of

    with transaction.atomic():
        hold(run)
        fence(run.pk, owner)
        fields: dict[str, Any] = {
            "finished_at": timezone.now(),
            "error": error,
            "lease_owner": "",
            "lease_until": None,
            "output": output,
        }
        if state == RunState.SUCCEEDED:
            fields |= {"progress": 100, "progress_words": "Done"}
        if state == RunState.CANCELLED:
            for step in run.steps.filter(state=StepState.CREATED):
                if move_step(step, StepState.CANCELLED, note="run cancelled"):
                    money.release(step, note="cancelled")
        _move(run, state, note=error, **fields)
        ending_of(run.pipeline)(run)
        if run.parent_id:
            _child_finished(run)


def wake(run_id: int) -> None:
    """Give the run a reason to move: counted, so that it is not lost while the run is being advanced."""
    now = timezone.now()
    if Run.objects.filter(pk=run_id, state__in=OPEN_RUNS).update(wakeups=F("wakeups") + 1, sent_at=now):
        transport.send_advance(run_id)


def reopen_run(run: Run) -> bool:
    """Let a failed or cancelled run go on from where it stopped: its failed steps are tried again."""
    with transaction.atomic():
        moved = _move(
            run,
            RunState.QUEUED,
            before=[RunState.FAILED, RunState.CANCELLED],
            note="resumed",
            error="",
            finished_at=None,
            cancel_requested_at=None,
            lease_owner="",
            lease_until=None,
        )
        if moved:
            for step in run.steps.filter(state__in=[StepState.FAILED, StepState.CANCELLED]):
                _reopen_step(step)
            wake(run.pk)
    return moved


def _reopen_step(step: Step) -> None:
    if step.state == StepState.FAILED and step.next_poll_at:  # timed out, and may have been paid for: wait again
        now = timezone.now()
        move_step(
            step, StepState.SUBMITTED, note="waited for again", error_class="", error_message="", submitted_at=now,
            next_poll_at=now, polls=0, finished_at=None,
        )  # fmt: skip
        return
    move_step(step, StepState.CREATED, note="tried again", attempt=step.attempt + 1, error_class="", error_message="")
    if step.child is not None:
        reopen_run(step.child)


def move_step(step: Step, state: StepState, *, note: str = "", **fields: Any) -> bool:
    """Move a step from the state and attempt it was read in; False when somebody else moved it first."""
    if step.state == state:
        return False
    if state in (StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED):
        fields.setdefault("finished_at", timezone.now())
    with transaction.atomic():
        as_read = Step.objects.filter(pk=step.pk, state=step.state, attempt=step.attempt)
        moved = as_read.update(state=state, **fields)
        if not moved:
            return False
        Transition.objects.create(run_id=step.run_id, step=step, before=step.state, after=state, note=note[:400])
    step.state = state
    for name, value in fields.items():
        setattr(step, name, value)
    return True


def tell_progress(run: Run, percent: int, words: str) -> None:
    """Write how far the run is, and tell the pages when it changed."""
    if (run.progress, run.progress_words) == (percent, words):
        return
    run.progress, run.progress_words = percent, words
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(progress=percent, progress_words=words[:200])
        emit_progress(run)


def emit_progress(run: Run) -> None:
    """Announce a run's state and progress."""
    emit(
        run.project_id,
        "run.progress",
        f"run:{run.pk}",
        {
            "pipeline": run.pipeline,
            "subject": run.subject,
            "state": run.state,
            "percent": run.progress,
            "words": run.progress_words,
            "parent": run.parent_id,
            "error": run.error,
        },
    )


def _move(run: Run, state: RunState, *, before: Iterable[str] | None = None, note: str = "", **fields: Any) -> bool:
    """Move the run from the state it was read in (or any of `before`)."""
    old = run.state
    states = [old] if before is None else list(before)
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, state__in=states).update(state=state, **fields):
            return False
        run.state = state
        for name, value in fields.items():
            setattr(run, name, value)
        Transition.objects.create(run=run, before=old, after=state, note=note[:400])
        if {old, state} != {RunState.RUNNING, RunState.WAITING}:  # waiting for an answer is not news
            emit_progress(run)
    return True


def _child_finished(run: Run) -> None:
    """Count the child at its parent and wake the parent with the last one.

    The UPDATE holds the parent's row, so of two last children one sees the other as finished.
    """
    parent_id = run.parent_id
    assert parent_id is not None
    rendered = int(run.state == RunState.SUCCEEDED)
    Run.objects.filter(pk=parent_id).update(children_done=F("children_done") + rendered)
    parent = Run.objects.get(pk=parent_id)
    if not Run.objects.filter(parent_id=parent_id, state__in=OPEN_RUNS).exists():
        wake(parent_id)
    if rendered and parent.state in OPEN_RUNS and parent.children_done <= parent.children_total:
        done = min(parent.children_done, parent.children_total)
        span = parent.children_to - parent.children_from
        percent = parent.children_from + span * done // parent.children_total
        tell_progress(parent, percent, parent.children_words.format(done=done, total=parent.children_total))
