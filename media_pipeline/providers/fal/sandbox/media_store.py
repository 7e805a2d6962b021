"""Files behind media addresses: made by jobs or uploaded by callers; anybody with the address may read them."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from pathlib import Path
from typing import Any

from .jobs import Journal


class MediaStore:
    """Files kept by content under one folder, found by address (`<token>/<name>`)."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.journal = journal
        self.entries: dict[str, dict[str, Any]] = journal.media()

    def keep(self, path: Path, name: str, content_type: str, **more: Any) -> str:
        """Take over the file at `path`; returns its address below /cdn/files/."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        kept = self.folder / digest
        if not kept.exists():
            shutil.move(path, kept)
        address = f"b/{secrets.token_hex(12)}/{name.replace('/', '_') or 'file'}"
        facts = {"sha256": digest, "type": content_type, "name": name, "size": kept.stat().st_size, **more}
        self.entries[address] = facts
        self.journal.add_media(address, facts)
        return address

    def find(self, address: str) -> tuple[Path, dict[str, Any]] | None:
        """The file and facts of an address, or None."""
        facts = self.entries.get(address)
        return (self.folder / facts["sha256"], facts) if facts else None

    def clear(self) -> None:
        """Forget every file."""
        self.entries.clear()
        for path in self.folder.iterdir():
            path.unlink()
