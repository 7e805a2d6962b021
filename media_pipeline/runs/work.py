"""What the engine lends to one unit of work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from media_pipeline import storage

LOOK_EVERY = 1.0
"""Seconds between two looks at whether the work should stop."""


@dataclass
class Work:
    """An empty folder, media by digest, and a line to the people who watch. A CallContext for providers."""

    workdir: Path
    project_id: int
    tell: Callable[[float], None]
    stop: Callable[[], bool]
    profile: Mapping[str, Any] = field(default_factory=dict)
    webhook_url: str = ""
    keep: Callable[[dict[str, Any]], None] = lambda data: None
    _looked: float = field(default=0.0, init=False)
    _stopped: bool = field(default=False, init=False)

    def media(self, sha256: str) -> Path:
        """A local, read-only file with the bytes of a stored asset of this production."""
        return storage.local_path(self.project_id, sha256)

    def remember(self, data: dict[str, Any]) -> None:
        """Commit something about a call before it is made."""
        self.keep(data)

    def progress(self, fraction: float) -> None:
        """Share of the work that is done, 0 to 1."""
        self.tell(fraction)

    def cancelled(self) -> bool:
        """Whether to stop; asked often, looked up once a second."""
        if not self._stopped and time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self._stopped = self.stop()
        return self._stopped
