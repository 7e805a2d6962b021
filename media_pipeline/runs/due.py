"""Which runs could move and are not being advanced."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from .models import OPEN_RUNS, Run, RunState


def due_runs(*, now: datetime | None = None) -> QuerySet[Run]:
    """Runs that no worker holds and that are queued, were left by a dead worker, or have an unseen wake-up."""
    now = now or timezone.now()
    free = Q(lease_owner="") | Q(lease_until__lt=now)
    could_move = (
        Q(state=RunState.QUEUED)
        | Q(state=RunState.RUNNING)
        | Q(state=RunState.WAITING, wakeups__gt=F("handled_wakeups"))
    )
    # What was begun goes before what was not: a shot that is finished is worth more than two that are half done.
    begun = Case(When(started_at=None, then=Value(0)), default=Value(1))
    runs = Run.objects.annotate(started=begun)
    return runs.filter(free & could_move, state__in=OPEN_RUNS).order_by("-priority", "-started", "pk")
