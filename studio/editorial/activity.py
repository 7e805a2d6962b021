"""Who changed what when: what the admin logged of a record, and what its verbs told, as one story.

A change in the admin leaves a log entry (with its revision) and an event (with the names of the fields); one made
through the API, an import or a run leaves an event alone. Events are kept for EVENT_KEEP_DAYS, log entries for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from wagtail.models import ModelLogEntry

from projects.models import Event
from studio.scope import PATHS, project_id_of

SHOWN = 40
"""Lines of a record's story on its form; the history page has all that was logged."""

TOGETHER = timedelta(seconds=3)
"""A log entry and an event this close are one change: both are written in its transaction."""

SUBJECTS = {"storybible": "bible", "prompttemplate": "template", "characterreference": "reference"}
"""Model name -> what events call such a record; others go by the model's own name."""

TOLD = ("status", "approval", "error")
"""What of an event's payload is said beside it."""

WORDS = {
    "changed": "Changed",
    "created": "Made",
    "status": "Status",
    "approval": "Approval",
    "planned": "Planned into shots",
    "breakdown": "Broken down",
    "decisions": "Decided by the shot agent",
    "frames": "Frames recorded",
}
"""What an event did, in a word."""


@dataclass
class Line:
    """One line of the story."""

    at: datetime
    who: str
    what: str
    fields: list[str] = field(default_factory=list)
    revision: int | None = None
    comment: str = ""


def subject_of(record: Model) -> str:
    """What events call the record, such as scene:7."""
    name = str(record._meta.model_name)
    return f"{SUBJECTS.get(name, name)}:{record.pk}"


def story_of(record: Model, most: int = SHOWN) -> list[Line]:
    """The record's latest changes, newest first, in two queries."""
    entries = ModelLogEntry.objects.for_instance(record).select_related("user").order_by("-timestamp", "-pk")[:most]
    lines = [
        Line(entry.timestamp, str(entry.user_display_name), str(entry.message), [], entry.revision_id, _said(entry))
        for entry in entries
    ]
    for event in _events(record, most):
        _add(lines, event, type(record))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:most]


def _events(record: Model, most: int) -> Iterable[Event]:
    project_id = project_id_of(record) if type(record) in PATHS else None
    if project_id is None:
        return []
    return Event.objects.filter(project_id=project_id, subject=subject_of(record)).order_by("-pk")[:most]


def _add(lines: list[Line], event: Event, model: type[Model]) -> None:
    """Give an event's fields to the log entry of the same change, or a line of its own."""
    did = event.type.partition(".")[2]
    fields = [_label(model, name) for name in event.payload.get("fields", [])]
    if did in {"changed", "created"}:
        same = [line for line in lines if abs(line.at - event.at) <= TOGETHER and line.what != WORDS[did]]
        if same:
            line = min(same, key=lambda line: abs(line.at - event.at))
            line.fields = line.fields or fields
            return
    who = str(event.payload.get("by") or "") or "a machine or a script"
    told = [str(event.payload[key]).replace("_", " ") for key in TOLD if key in event.payload]
    what = WORDS.get(did, did.replace("_", " ").capitalize())
    lines.append(Line(event.at, who, ": ".join([what, *told[:1]]), fields, None, " ".join(told[1:])))


def _said(entry: ModelLogEntry) -> str:
    return str(entry.comment or "")


def _label(model: type[Model], name: Any) -> str:
    try:
        field = model._meta.get_field(str(name))
    except FieldDoesNotExist:  # a list of the record, or a field of an earlier version
        return str(name).replace("_", " ")
    return str(getattr(field, "verbose_name", name)).replace("_", " ")
