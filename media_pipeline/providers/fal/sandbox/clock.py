"""The sandbox's clock: it runs ahead or faster on demand, and whoever sleeps by it wakes at the right time."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Seconds since the epoch as the sandbox sees them; `lead` is how far it stands before the wall clock."""

    def __init__(self, lead: float = 0.0, speed: float = 1.0) -> None:
        self.speed = speed
        self._since = time.monotonic()
        self._then = time.time() + lead
        self._moved = asyncio.Event()

    @property
    def now(self) -> float:
        """Sandbox time now, in seconds."""
        return self._then + (time.monotonic() - self._since) * self.speed

    @property
    def lead(self) -> float:
        """Seconds this clock is ahead of the wall clock."""
        return self.now - time.time()

    def move(self, *, advance: float = 0.0, speed: float | None = None) -> None:
        """Go `advance` seconds forward, and from now on at `speed` sandbox seconds in a second."""
        self._then, self._since = self.now + advance, time.monotonic()
        if speed is not None:
            self.speed = speed
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep(self, seconds: float) -> None:
        """Wait until the sandbox's clock has gone on by `seconds`."""
        end = self.now + seconds
        while (left := end - self.now) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left / self.speed)
            except TimeoutError:
                continue
