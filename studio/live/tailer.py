"""Reading new events once for a whole web process."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable

import psycopg
from channels.db import database_sync_to_async
from django.db import DatabaseError

from .feed import PAGE, LiveEvent, events_after, latest_event_id
from .wakeups import commits

log = logging.getLogger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before a lost database is tried again: doubled from the first to the second."""


class Tailer:
    """Hands every event committed after its start to `deliver`, in order, each once."""

    def __init__(
        self,
        deliver: Callable[[list[LiveEvent]], None],
        wakeups: Callable[[], AsyncIterator[None]] = commits,
    ) -> None:
        self._deliver = deliver
        self._wakeups = wakeups
        self._starting = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.last = 0

    async def start(self) -> None:
        """Begin after the newest event there is; when this returns, nothing committed later is missed."""
        async with self._starting:
            if self._task is None:
                self.last = await database_sync_to_async(latest_event_id)()
                self._task = asyncio.create_task(self._run(), name="live-tailer")

    async def stop(self) -> None:
        """End; it can be started again."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                async for _ in self._wakeups():
                    await self._read_new()
                    pause = SHORTEST_PAUSE
            except (DatabaseError, sqlite3.Error, psycopg.Error, OSError) as error:
                log.warning("The live feed lost the database (%s); it goes on after event %s.", error, self.last)
            except Exception:
                log.exception("The live feed stumbled; it goes on after event %s.", self.last)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _read_new(self) -> None:
        more = True
        while more:
            events = await database_sync_to_async(events_after)(self.last)
            if events:
                self.last = events[-1].id
                self._deliver(events)
            more = len(events) == PAGE
