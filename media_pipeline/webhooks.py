"""Telling other systems: the poller calls `WebhookSender.turn` every second; what takes time runs in own threads."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from media_pipeline.providers.errors import Refused, Transient
from media_pipeline.providers.webhook_out import send
from projects.actions.webhooks import claim_deliveries, queue_deliveries, record_answer, secret_of
from projects.models import WebhookDelivery
from projects.sealing import Unsealable

log = logging.getLogger(__name__)

THREADS = 4
"""Deliveries under way at once; a system that is slow holds one of them, never the poller."""

IN_A_ROW = 10.0
"""Seconds for which one webhook is told one thing after another before others get the thread."""

CLAIM = timedelta(seconds=60)
"""How long a sender keeps a delivery to itself: longer than any attempt takes."""


def deliver(delivery: WebhookDelivery) -> bool:
    """Make one attempt at a claimed delivery and write down how it went; returns whether it was accepted."""
    status: int | None = None
    try:
        webhook = delivery.webhook
        status = send(
            webhook.url, delivery.body, secret=secret_of(webhook), event=delivery.event_type, delivery=str(delivery.key)
        )
        error = "" if 200 <= status < 300 else f"It answered {status}."
    except (Refused, Transient, Unsealable) as problem:
        error = str(problem)
    record_answer(delivery, status=status, error=error, now=timezone.now())
    return not error


class WebhookSender:
    """Queues and sends; safe to run in two pollers."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._under_way: dict[Future[None], int] = {}

    def turn(self, now: datetime) -> int:
        """Queue what is new and hand out what is due, waiting for nobody; returns how many were handed out."""
        queue_deliveries(now)
        self._under_way = {work: webhook for work, webhook in self._under_way.items() if not work.done()}
        room = self._threads - len(self._under_way)
        busy = set(self._under_way.values())
        claimed = claim_deliveries(room, now, now + CLAIM, busy=busy) if room > 0 else []
        for delivery in claimed:
            self._under_way[self._pool.submit(self._work, delivery)] = delivery.webhook_id
        return len(claimed)

    def stop(self) -> None:
        """Start nothing more; what is under way is claimed again by the next poller if it does not end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _work(self, delivery: WebhookDelivery) -> None:
        """One delivery, then the webhook's next ones for as long as they are taken and it is others' turn not yet."""
        close_old_connections()
        try:
            until = time.monotonic() + IN_A_ROW
            queue = [delivery]
            while queue and deliver(queue.pop()) and time.monotonic() < until:
                now = timezone.now()
                queue = claim_deliveries(1, now, now + CLAIM, only=delivery.webhook_id)
        except Exception:
            log.exception("Webhook %s could not be told; it is tried again in %s", delivery.webhook_id, CLAIM)
        finally:
            close_old_connections()
