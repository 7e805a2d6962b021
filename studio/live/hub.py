"""Handing events to the open pages of one web process.

Each event is serialised once, whatever the number of pages. Pages that show fragments get their events together with
the HTML they change, rendered once for all of them: the first event after a pause at once, a rush of events in
batches, so that an element is rendered at most RENDERS_PER_SECOND times a second and always in its last state.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from channels.db import database_sync_to_async

from .feed import LiveEvent
from .fragments import fragments_of
from .tailer import Tailer

log = logging.getLogger(__name__)

QUEUE = 256
"""Messages that may wait for one slow page before it is sent away to resume by itself."""

RENDERS_PER_SECOND = 5

Render = Callable[[int, Sequence[LiveEvent]], list[dict[str, str]]]
"""Production and events -> for each event, HTML by element id; called in the thread of database work."""


class TooSlow(Exception):
    """The page did not read for too long; it reconnects and gets what it missed from the table."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way to a page."""

    id: int
    type: str
    text: str


class Subscription:
    """What one open page is to be sent."""

    def __init__(self, project_id: int, *, fragments: bool, size: int = QUEUE) -> None:
        self.project_id = project_id
        self.fragments = fragments
        self.size = size
        self._parcels: asyncio.Queue[Parcel | None] = asyncio.Queue()

    async def next(self) -> Parcel:
        """The next message; raises TooSlow when some had to be dropped."""
        parcel = await self._parcels.get()
        if parcel is None:
            raise TooSlow
        return parcel

    def put(self, parcel: Parcel) -> bool:
        """Let a message wait for the page; False when too many wait, and then none of them are kept."""
        if self._parcels.qsize() < self.size:
            self._parcels.put_nowait(parcel)
            return True
        while not self._parcels.empty():
            self._parcels.get_nowait()
        self._parcels.put_nowait(None)
        return False


class Hub:
    """The subscriptions of one web process and the one tailer that feeds them."""

    def __init__(self, render: Render = fragments_of, tailer: Callable[..., Tailer] = Tailer) -> None:
        self.render = render
        self._make_tailer = tailer
        self._tailer: Tailer | None = None
        self._subscriptions: dict[int, set[Subscription]] = {}
        self._streams: dict[int, FragmentStream] = {}

    async def subscribe(self, project_id: int, *, fragments: bool, size: int = QUEUE) -> Subscription:
        """Everything committed after this returns will be handed to the subscription, at least once and in order.

        Read the table up to now after subscribing, and skip what the subscription repeats: no gap, no duplicate.
        """
        subscription = Subscription(project_id, fragments=fragments, size=size)
        self._subscriptions.setdefault(project_id, set()).add(subscription)
        if self._tailer is None:
            self._tailer = self._make_tailer(self.deliver)
        await self._tailer.start()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Hand nothing more to it. Does nothing when it is gone already."""
        pages = self._subscriptions.get(subscription.project_id, set())
        pages.discard(subscription)
        if not pages:
            self._subscriptions.pop(subscription.project_id, None)

    async def close(self) -> None:
        """Stop the tailer and the rendering."""
        if self._tailer:
            await self._tailer.stop()
        for stream in self._streams.values():
            await stream.stop()

    def deliver(self, events: list[LiveEvent]) -> None:
        """Hand out committed events, in the order of their ids."""
        by_project = sorted(events, key=lambda event: event.project_id)  # stable: ids stay in order
        for project_id, group in groupby(by_project, key=lambda event: event.project_id):
            pages = self._subscriptions.get(project_id)
            if not pages:
                continue
            batch = list(group)
            if any(page.fragments for page in pages):
                self._stream(project_id).add(batch)
            if not all(page.fragments for page in pages):
                self._hand_out(project_id, [parcel(event) for event in batch], fragments=False)

    async def rendered(self, project_id: int, events: Sequence[LiveEvent]) -> list[Parcel]:
        """Messages for these events with the HTML of everything that they change."""
        fragments = await database_sync_to_async(self.render)(project_id, events)
        return [parcel(event, html) for event, html in zip(events, fragments, strict=True)]

    def _stream(self, project_id: int) -> FragmentStream:
        if project_id not in self._streams:
            self._streams[project_id] = FragmentStream(self, project_id)
        return self._streams[project_id]

    def _hand_out(self, project_id: int, parcels: list[Parcel], *, fragments: bool) -> None:
        for page in list(self._subscriptions.get(project_id, ())):
            if page.fragments == fragments and not all(page.put(item) for item in parcels):
                self.unsubscribe(page)


class FragmentStream:
    """The batches of one production for the pages that show fragments."""

    def __init__(self, hub: Hub, project_id: int) -> None:
        self._hub = hub
        self._project_id = project_id
        self._pending: list[LiveEvent] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, events: list[LiveEvent]) -> None:
        """Send these as soon as the pace allows."""
        self._pending += events
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send(), name=f"fragments-{self._project_id}")

    async def stop(self) -> None:
        """Send nothing more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            try:
                parcels = await self._hub.rendered(self._project_id, batch)
            except Exception:  # such as a lost database: pages must get the events and may ask for the rest
                log.exception("Events %s to %s of production %s cannot be rendered",
                              batch[0].id, batch[-1].id, self._project_id)  # fmt: skip
                parcels = [parcel(event) for event in batch]
            self._hub._hand_out(self._project_id, parcels, fragments=True)
            await asyncio.sleep(1 / RENDERS_PER_SECOND)


def parcel(event: LiveEvent, fragments: Mapping[str, str] | None = None) -> Parcel:
    """An event ready to be sent."""
    return Parcel(event.id, event.type, event.message(fragments))
