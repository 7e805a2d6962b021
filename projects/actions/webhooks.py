"""Verbs of outgoing webhooks: who is told, what waits to be told, and how it went."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from fnmatch import fnmatch
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from projects.choices import DeliveryStatus, Severity
from projects.events import emit
from projects.models import Event, OutgoingWebhook, Project, WebhookDelivery, WebhookState
from projects.sealing import seal, unseal
from projects.webhook_addresses import address_problem

from .alerts import raise_alert, settle_alerts
from .writing import write

PURPOSE = "webhook"
MARK = "whsec_"
"""How every secret begins, so that one that leaked into a file can be found by its look."""

WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200))
"""Between one attempt and the next: the last is made a day after the first. Then it is given up."""

EVENTS_AT_ONCE = 200
MOST_PER_PROJECT = 20
KEPT_FOR = timedelta(days=30)


@transaction.atomic
def create_webhook(project: Project, *, by: Any = None, **fields: Any) -> tuple[OutgoingWebhook, str]:
    """Tell another system of the production's events from now on; returns the webhook and its secret, shown once.

    Raises ValidationError by field, also for an address that this site may not send to.
    """
    if OutgoingWebhook.objects.filter(project=project).count() >= MOST_PER_PROJECT:
        raise ValidationError(f"A production has at most {MOST_PER_PROJECT} webhooks: remove one first.")
    secret = _new_secret()
    webhook = OutgoingWebhook(project=project, created_by=by, sealed_secret=seal(secret, PURPOSE))
    _check(webhook, fields)
    write(webhook, fields, webhook.project_id)
    told = _tell(webhook, "webhook.created", by)
    WebhookState.objects.create(webhook=webhook, last_event_id=told.pk)
    return webhook, secret


@transaction.atomic
def change_webhook(webhook: OutgoingWebhook, *, by: Any = None, **fields: Any) -> OutgoingWebhook:
    """Change name, address, events or whether it is active. What waits is sent to the address as it then is."""
    _check(webhook, fields)
    write(webhook, fields, webhook.project_id)
    _tell(webhook, "webhook.changed", by, fields=sorted(fields))
    return webhook


@transaction.atomic
def renew_webhook_secret(webhook: OutgoingWebhook, *, by: Any = None) -> str:
    """Sign with a new secret from now on; returns it, shown once."""
    secret = _new_secret()
    webhook.sealed_secret = seal(secret, PURPOSE)
    webhook.save(update_fields=["sealed_secret", "updated_at"])
    _tell(webhook, "webhook.changed", by, fields=["secret"])
    return secret


@transaction.atomic
def remove_webhook(webhook: OutgoingWebhook, *, by: Any = None) -> None:
    """Tell the other system nothing any more, and forget what was told."""
    settle_alerts(webhook.project_id, _source(webhook))
    pk = webhook.pk
    webhook.delete()
    webhook.pk = pk
    _tell(webhook, "webhook.removed", by)


@transaction.atomic
def try_webhook(webhook: OutgoingWebhook, *, by: Any = None) -> WebhookDelivery:
    """Send a test: it is in the log, and answered, like any other delivery."""
    now = timezone.now()
    told = {"id": None, "type": "webhook.test", "subject": _source(webhook), "payload": {"by": str(by or "")}}
    delivery = WebhookDelivery(webhook=webhook, event_type="webhook.test", next_at=now)
    delivery.body = _body(webhook, told | {"at": now.isoformat()}, delivery)
    delivery.save(force_insert=True)
    return delivery


@transaction.atomic
def send_again(delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a delivery once more, under its old key; raises ValidationError while it waits anyway."""
    again = WebhookDelivery.objects.filter(pk=delivery.pk, next_at=None)
    if not again.update(status=DeliveryStatus.WAITING, attempts=0, next_at=timezone.now()):
        raise ValidationError("It is waiting to be sent already.")
    delivery.refresh_from_db()
    return delivery


def queue_deliveries(now: datetime | None = None) -> int:
    """Write down what has to be told since the last look, webhook by webhook; returns how many deliveries.

    Safe to run twice: how far a webhook is moves by a conditional UPDATE, in the transaction of its deliveries.
    """
    now = now or timezone.now()
    queued = 0
    for webhook in OutgoingWebhook.objects.filter(active=True).select_related("state", "project"):
        seen = webhook.state.last_event_id
        news = list(Event.objects.filter(project=webhook.project_id, pk__gt=seen).order_by("pk")[:EVENTS_AT_ONCE])
        if not news:
            continue
        with transaction.atomic():
            mine = WebhookState.objects.filter(webhook=webhook, last_event_id=seen).update(last_event_id=news[-1].pk)
            if mine:
                wanted = [_delivery(webhook, event, now) for event in news if _wants(webhook, event.type)]
                queued += len(WebhookDelivery.objects.bulk_create(wanted, ignore_conflicts=True))
    return queued


def claim_deliveries(
    limit: int, now: datetime, until: datetime, *, busy: Collection[int] = (), only: int | None = None
) -> list[WebhookDelivery]:
    """Deliveries that are due, each given to one sender until `until`; one of a webhook at a time, oldest first.

    `busy` webhooks are left out: a system that is slow is asked one thing at a time. `only` is one webhook.
    """
    due = WebhookDelivery.objects.filter(next_at__lte=now, webhook__active=True).exclude(webhook__in=busy)
    if only is not None:
        due = due.filter(webhook=only)
    firsts = due.values("webhook").annotate(first=Min("pk")).values_list("first", flat=True)[:limit]
    claimed = []
    for delivery in WebhookDelivery.objects.filter(pk__in=list(firsts)).select_related("webhook__project"):
        if WebhookDelivery.objects.filter(pk=delivery.pk, next_at=delivery.next_at).update(next_at=until):
            delivery.next_at = until
            claimed.append(delivery)
    return claimed


@transaction.atomic
def record_answer(delivery: WebhookDelivery, *, status: int | None, error: str, now: datetime) -> None:
    """How an attempt went: 2xx is accepted, 410 means nobody wants it any more, anything else is tried again later."""
    accepted = status is not None and 200 <= status < 300
    attempts = delivery.attempts + 1
    gone = status == 410
    last = gone or attempts > len(WAITS)
    values: dict[str, Any] = {"attempts": attempts, "answer": status, "error": error[:300], "attempted_at": now}
    if accepted:
        values |= {"status": DeliveryStatus.DELIVERED, "next_at": None, "error": ""}
    elif last:
        values |= {"status": DeliveryStatus.FAILED, "next_at": None}
    else:
        values["next_at"] = now + WAITS[attempts - 1]
    if not WebhookDelivery.objects.filter(pk=delivery.pk, next_at=delivery.next_at).update(**values):
        return  # another sender has taken it meanwhile
    state = WebhookState.objects.filter(webhook=delivery.webhook_id)
    if accepted:
        state.update(failures=0, delivered_at=now)
        settle_alerts(delivery.webhook.project_id, _source(delivery.webhook))
        return
    state.update(failures=F("failures") + 1)
    if gone:
        OutgoingWebhook.objects.filter(pk=delivery.webhook_id).update(active=False)
    if last:
        _raise(delivery, error, gone=gone)


def secret_of(webhook: OutgoingWebhook) -> str:
    """What the webhook's deliveries are signed with; raises projects.sealing.Unsealable."""
    return unseal(webhook.sealed_secret, PURPOSE)


def prune_deliveries(now: datetime | None = None) -> int:
    """Forget deliveries older than KEPT_FOR; returns how many."""
    old = WebhookDelivery.objects.filter(created_at__lt=(now or timezone.now()) - KEPT_FOR, next_at=None)
    return old.delete()[0]


def _check(webhook: OutgoingWebhook, fields: dict[str, Any]) -> None:
    if sentence := address_problem(str(fields.get("url", webhook.url))):
        raise ValidationError({"url": sentence})
    for kind in fields.get("events") or []:
        if isinstance(kind, str) and not kind.replace(".", "").replace("*", "").replace("_", "").isalnum():
            raise ValidationError(
                {"events": f"{kind!r} is no type of event; write one such as take.created or shot.*."}
            )


def _new_secret() -> str:
    return MARK + secrets.token_urlsafe(32)


def _wants(webhook: OutgoingWebhook, kind: str) -> bool:
    return not webhook.events or any(fnmatch(kind, pattern) for pattern in webhook.events)


def _delivery(webhook: OutgoingWebhook, event: Event, now: datetime) -> WebhookDelivery:
    delivery = WebhookDelivery(webhook=webhook, event_id=event.pk, event_type=event.type, next_at=now)
    told = {
        "id": event.pk, "type": event.type, "subject": event.subject, "payload": event.payload,
        "at": event.at.isoformat(),
    }  # fmt: skip
    delivery.body = _body(webhook, told, delivery)
    return delivery


def _body(webhook: OutgoingWebhook, told: dict[str, Any], delivery: WebhookDelivery) -> str:
    whole = told | {"project": webhook.project.slug, "delivery": str(delivery.key)}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _source(webhook: OutgoingWebhook) -> str:
    return f"webhook:{webhook.pk}"


def _raise(delivery: WebhookDelivery, error: str, *, gone: bool) -> None:
    webhook = delivery.webhook
    said = "It answered that it is gone, and was switched off." if gone else f"The last attempt: {error}"
    raise_alert(
        webhook.project_id, title=f"{webhook.name} does not take events", severity=Severity.WARNING,
        source=_source(webhook), message=f"An event could not be delivered to {webhook.name} within a day. {said}",
    )  # fmt: skip


def _tell(webhook: OutgoingWebhook, event: str, by: Any, **payload: Any) -> Event:
    return emit(webhook.project_id, event, _source(webhook), {"name": webhook.name, "by": str(by or "")} | payload)
