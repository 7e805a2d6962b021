"""One sandbox: its parts put together, started and stopped."""

from __future__ import annotations

import shutil

from .clock import Clock
from .faults import FaultScript
from .floor import Floor
from .jobs import Journal
from .media_store import MediaStore
from .options import SandboxOptions
from .performer import Performer
from .signing import KeyRing
from .webhooks import Messenger


class SandboxState:
    """Everything the surfaces share."""

    def __init__(self, options: SandboxOptions) -> None:
        self.options = options
        self.locked = False  # 403 "User is locked" on every call
        self.script = FaultScript(options.seed, options.rules)
        self.keys = KeyRing(options.key_dir or options.data / "keys")

    async def start(self) -> None:
        """Open the journal, take up what is in it, and run."""
        options = self.options
        options.data.mkdir(parents=True, exist_ok=True)
        for left in options.data.glob("job-*"):
            shutil.rmtree(left)
        self.journal = Journal(options.data / "sandbox.sqlite3")
        self.clock = Clock(self.journal.noted("clock_lead", 0.0), options.clock_speed)
        self.media = MediaStore(options.data / "media", self.journal)
        self.performer = Performer(options, self.clock, self.media)
        self.messenger = Messenger(options, self.clock, self.journal, self.keys)
        self.floor = Floor(options, self.clock, self.journal, self.performer.perform)
        self.floor.on_completed = self.messenger.deliver
        self.floor.restore()

    async def stop(self) -> None:
        """Stop at once; the journal has everything."""
        await self.floor.stop()
        await self.messenger.close()
        await self.performer.close()
        self.journal.close()

    def expiry(self, lifetime: float | None) -> float | None:
        """When media kept for `lifetime` seconds from now are gone, by the sandbox's clock."""
        return None if lifetime is None else self.clock.now + lifetime

    def reset(self) -> None:
        """Forget jobs, calls, media, uploads, faults and answers; keys stay."""
        self.floor.clear()
        self.messenger.clear()
        self.journal.clear()
        self.media.clear()
        self.script.clear()
        self.performer.answers.clear()
        self.locked = False
