"""The HTML that goes along with events, from the templates of the pages themselves."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from studio.review.fragments import FragmentWriter

from .feed import LiveEvent

log = logging.getLogger(__name__)


def fragments_of(project_id: int, events: Sequence[LiveEvent]) -> list[dict[str, str]]:
    """For each of these events of one production: HTML by element id, as the records are now.

    An element goes with the last event that changes it. Wherever a connection breaks within these events, the
    client either has the element or gets it with an event it has not seen yet.
    """
    writer = FragmentWriter(project_id)
    done: set[tuple[str, str]] = set()
    with_event: list[dict[str, str]] = []
    for event in reversed(events):
        known = set(writer.html)
        if (event.type, event.subject) not in done:
            done.add((event.type, event.subject))
            _follow(writer, event)
        with_event.append({element: html for element, html in writer.html.items() if element not in known})
    return with_event[::-1]


def _follow(writer: FragmentWriter, event: LiveEvent) -> None:
    try:
        writer.follow(event)
    except Exception:
        # The event itself still has to reach the pages, and so have the others.
        log.exception("What event %s (%s of %s) changes cannot be rendered", event.id, event.type, event.subject)
