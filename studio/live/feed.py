"""Events as they leave for the pages: read after a known id, serialised once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from projects.models import Event

PAGE = 200
"""Events read at once."""

_FIELDS = ("id", "project_id", "type", "subject", "payload", "at")


@dataclass(slots=True)
class LiveEvent:
    """One committed event."""

    id: int
    project_id: int
    type: str
    subject: str
    payload: dict[str, Any]
    at: datetime

    def message(self, fragments: Mapping[str, str] | None = None) -> str:
        """The JSON that clients get; `fragments` is HTML by element id."""
        return json.dumps(
            {
                "id": self.id,
                "type": self.type,
                "subject": self.subject,
                "payload": self.payload,
                "at": self.at,
                "fragments": fragments or {},
            },
            cls=DjangoJSONEncoder,
            ensure_ascii=False,
            separators=(",", ":"),
        )


def events_after(last: int, *, project_id: int | None = None, limit: int = PAGE) -> list[LiveEvent]:
    """The next committed events with an id above `last`, oldest first; of one production, or of all."""
    rows = Event.objects.filter(id__gt=last).order_by("id")
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    return [LiveEvent(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def latest_event_id() -> int:
    """The newest event of the whole site, 0 when there is none.

    A page reads it before its data: what changes in between is then sent again, never missed.
    """
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def can_resume(since: int) -> bool:
    """Whether every event after `since` is still kept; if not, only a fresh page can be right."""
    oldest = Event.objects.order_by("id").values_list("id", flat=True).first()
    return since == latest_event_id() if oldest is None else oldest - 1 <= since <= latest_event_id()
