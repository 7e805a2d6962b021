"""Starting, stopping and resuming runs: what people and commands ask of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.actions import settle_alerts
from projects.models import Project

from . import moves
from .models import OPEN_RUNS, Run, RunState
from .registry import pipeline_named


@transaction.atomic
def start_run(
    pipeline: str, subject: str, project: Project, *, settings: Mapping[str, Any] | None = None, by: Any = None
) -> Run:
    """Start a pipeline on a subject such as "shot:7", or return the run of it that is already open."""
    pipeline_named(pipeline)
    open_run = Run.objects.filter(pipeline=pipeline, subject=subject, state__in=OPEN_RUNS).first()
    if open_run:
        return open_run
    run = Run.objects.create(
        pipeline=pipeline, subject=subject, project=project, settings=dict(settings or {}), requested_by=by
    )
    moves.emit_progress(run)
    moves.wake(run.pk)
    return run


def start_child(parent: Run, pipeline: str, subject: str, settings: Mapping[str, Any]) -> Run:
    """Start a run that `parent` awaits, in the caller's transaction."""
    pipeline_named(pipeline)
    child = Run.objects.create(
        pipeline=pipeline, subject=subject, project_id=parent.project_id, parent=parent,
        root_id=parent.root_id or parent.pk,
        settings=dict(settings), requested_by_id=parent.requested_by_id, priority=parent.priority,
    )  # fmt: skip
    moves.wake(child.pk)
    return child


@transaction.atomic
def cancel_run(run: Run) -> int:
    """Ask a run and everything it waits for to stop; returns how many runs were asked."""
    asked, family = 0, [run.pk]
    while family:
        asked += Run.objects.filter(pk__in=family, state__in=OPEN_RUNS, cancel_requested_at=None).update(
            cancel_requested_at=timezone.now()
        )
        for pk in family:
            moves.wake(pk)
        family = list(Run.objects.filter(parent_id__in=family, state__in=OPEN_RUNS).values_list("pk", flat=True))
    return asked


@transaction.atomic
def resume_run(run: Run) -> bool:
    """Go on with a failed or cancelled run: what succeeded is kept, what failed is tried again."""
    run.refresh_from_db()
    if run.state not in (RunState.FAILED, RunState.CANCELLED):
        return False
    settle_alerts(run.project_id, f"run:{run.pk}")
    return moves.reopen_run(run)
