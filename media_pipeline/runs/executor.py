"""Advancing one run as far as it can go now."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

from . import calls, moves
from .context import RunContext
from .errors import CancelRequested, LeaseLost, SliceOver, StepFailed, Suspended
from .models import Run, RunState
from .recovery import new_owner
from .registry import pipeline_named

log = logging.getLogger(__name__)


def advance(run_id: int) -> None:
    """Advance the run if it can move and nobody else is doing so. Safe to call at any time, any number of times."""
    owner = new_owner()
    run = moves.take_lease(run_id, owner)
    if run is None:
        return
    try:
        while not _advance_once(run, owner):
            run.refresh_from_db()
    except LeaseLost as lost:
        log.warning("%s", lost)


def _advance_once(run: Run, owner: str) -> bool:
    """Call the pipeline from its top; True when the run was let go of."""
    seen = run.wakeups
    context = RunContext(run, owner)
    try:
        with _heartbeat(context):
            if run.cancel_requested_at:
                raise CancelRequested
            output = pipeline_named(run.pipeline).function(context)
    except Suspended:
        return moves.release_lease(run, owner, seen)
    except SliceOver:
        moves.give_back(run, owner)
    except CancelRequested:
        calls.cancel_submitted(run)
        moves.finish_run(run, owner, RunState.CANCELLED, error="Stopped by a person.")
    except StepFailed as failure:
        moves.finish_run(run, owner, RunState.FAILED, error=str(failure))
    except Exception as error:
        if context.lease_lost:
            raise LeaseLost(str(error)) from error
        if isinstance(error, OperationalError) and will_pass(error):
            _let_go(run, owner, error)
            return True
        log.exception("Run %s (%s of %s) failed", run.pk, run.pipeline, run.subject)
        moves.finish_run(run, owner, RunState.FAILED, error=f"{error or type(error).__name__}")
    else:
        moves.finish_run(run, owner, RunState.SUCCEEDED, output=output)
    return True


PASSING = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08")
"""PostgreSQL's codes, or their beginnings, for what passes: serialization, deadlock, lock, restart, connection."""


def will_pass(error: OperationalError) -> bool:
    """Whether the database may say otherwise in a moment: nothing is wrong with what was asked of it."""
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return code.startswith(PASSING) or "database is locked" in str(error) or "connection" in str(error).lower()


def _let_go(run: Run, owner: str, error: OperationalError) -> None:
    """Leave the run to the next worker that is told of it: the poller tells one when the message is overdue."""
    log.warning("Run %s is left for later: the database said %s", run.pk, str(error).strip())
    if not connection.in_atomic_block:  # a caller's own transaction keeps its connection
        close_old_connections()
    Run.objects.filter(pk=run.pk, lease_owner=owner).update(lease_owner="", lease_until=None)


@contextmanager
def _heartbeat(context: RunContext) -> Iterator[None]:
    """Keep the lease while long local work runs: a worker that dies lets go of it within one lease."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.RUN_LEASE_SECONDS / 3):
                if not moves.extend_lease(context.run.pk, context.owner):
                    context.lease_lost = True
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{context.run.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
