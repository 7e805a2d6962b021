"""Letting go of rows that only the present needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_q.models import Task

from media_pipeline.storage import sweep_abandoned
from projects.actions.webhooks import prune_deliveries
from projects.models import Event

from .models import WorkerBeat

BATCH = 1000
"""Rows deleted in one transaction, so that SQLite's one writer is never held for long."""

BATCHES = 20
"""Batches of one round; the next round goes on."""

FORGOTTEN = timedelta(days=1)
"""Age at which beats of clusters that are gone and messages that were carried out are deleted."""

ALSO: list[Callable[[datetime], object]] = []
"""What packages above the engine let go of in the same round; they put themselves here when the site starts."""


def prune(now: datetime | None = None) -> None:
    """Delete old events, beats, messages that were carried out, and files that were left half copied."""
    now = now or timezone.now()
    sweep_abandoned(now.timestamp())
    WorkerBeat.objects.filter(at__lt=now - FORGOTTEN).delete()
    _prune_messages(now)
    prune_events(now - timedelta(days=settings.EVENT_KEEP_DAYS))
    prune_deliveries(now)
    for let_go in ALSO:
        let_go(now)


def prune_events(before: datetime) -> int:
    """Delete events older than `before`; returns how many. The newest one stays: clients resume from its id."""
    deleted = 0
    newest = Event.objects.order_by("-id").values_list("id", flat=True).first()
    for _ in range(BATCHES):
        oldest = Event.objects.order_by("id").values_list("id", "at")[:BATCH]
        old = [pk for pk, at in oldest if at < before and pk != newest]
        if old:
            Event.objects.filter(pk__in=old).delete()
        deleted += len(old)
        if len(old) < BATCH:
            break
    return deleted


def _prune_messages(now: datetime) -> None:
    carried_out = Task.objects.filter(success=True, stopped__lt=now - FORGOTTEN)
    failed = Task.objects.filter(success=False, stopped__lt=now - timedelta(days=settings.EVENT_KEEP_DAYS))
    for rows in (carried_out, failed):
        for _ in range(BATCHES):
            ids = list(rows.values_list("pk", flat=True)[:BATCH])
            rows.filter(pk__in=ids).delete()
            if len(ids) < BATCH:
                break
