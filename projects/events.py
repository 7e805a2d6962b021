"""Appending to the record of visible changes.

`emit` is called by the verb that makes the change, inside its transaction, last: nothing is announced before it
is committed, and an event exists exactly when its change does.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from .models import Event

INSERT_LOCK = 0x5275_7368
"""Key of the PostgreSQL advisory lock that orders event inserts: without it ids commit out of order and a reader
that asks for "id greater than the last" skips some."""

CHANNEL = "rushes_event"
"""PostgreSQL NOTIFY channel that wakes the tailers; the payload is empty, the rows are the truth."""


def emit(project_id: int, type: str, subject: str, payload: dict[str, Any] | None = None) -> Event:
    """Append one event; must run inside a transaction, after the change it tells of."""
    if not connection.in_atomic_block:
        raise RuntimeError("emit() must be called inside the transaction of the change it announces.")
    postgres = connection.vendor == "postgresql"
    if postgres:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INSERT_LOCK])
    event = Event.objects.create(project_id=project_id, type=type, subject=subject, payload=payload or {})
    if postgres:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return event
