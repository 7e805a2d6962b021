"""Telling a worker that a run can move.

The message is transport, not truth: lost, doubled or late messages change nothing, since the poller sends again
for every run that could move and only the holder of a run's lease may advance it. django-q2's ORM broker writes
the message in the caller's transaction, so it exists exactly when the change that causes it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django_q.tasks import async_task

_in_process: ContextVar[bool] = ContextVar("in_process", default=False)
ADVANCE = "media_pipeline.runs.executor.advance"


def send_advance(run_id: int) -> None:
    """Ask any worker to advance the run, once the current transaction commits."""
    if not _in_process.get():
        async_task(ADVANCE, run_id)


@contextmanager
def in_process() -> Iterator[None]:
    """Send no messages: this process looks for due runs itself (see in_process_worker.py)."""
    token = _in_process.set(True)
    try:
        yield
    finally:
        _in_process.reset(token)
