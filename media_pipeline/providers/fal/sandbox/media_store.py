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

    def new_address(self, name: str) -> str:
        """An address nobody can guess, ending in a file name."""
        return f"b/{secrets.token_hex(12)}/{name.replace('/', '_') or 'file'}"

    def take(self, path: Path) -> dict[str, Any]:
        """Move a file into the store; returns its digest and size. May be called from any thread."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        kept = self.folder / digest
        if kept.exists():
            path.unlink()
        else:
            shutil.move(path, kept)
        return {"sha256": digest, "size": kept.stat().st_size}

    def publish(
        self,
        address: str,
        taken: dict[str, Any],
        content_type: str,
        *,
        expires: float | None = None,
        broken: dict[str, Any] | None = None,
        uploaded: bool = False,
    ) -> None:
        """Serve what `take` returned at an address from now on. For the server's own thread: it writes the journal.

        `expires` is a time of the sandbox's clock. `broken` is the fault it is to be served with. `uploaded` tells
        files of callers from those that jobs made.
        """
        facts = {**taken, "type": content_type, "name": address.rsplit("/", 1)[1]}
        facts |= {"expires_clock": expires} if expires is not None else {}
        facts |= {"broken": broken} if broken else {}
        facts |= {"uploaded": True} if uploaded else {}
        self.entries[address] = facts
        self.journal.add_media(address, facts)

    def find(self, address: str) -> tuple[Path, dict[str, Any]] | None:
        """The file and facts of an address, or None."""
        facts = self.entries.get(address)
        return (self.folder / facts["sha256"], facts) if facts else None

    def uploads(self) -> list[dict[str, Any]]:
        """Name, type, size, digest and address of every uploaded file, oldest first."""
        return [{"address": address, **facts} for address, facts in self.entries.items() if facts.get("uploaded")]

    def clear(self) -> None:
        """Forget every file."""
        self.entries.clear()
        for path in self.folder.iterdir():
            path.unlink()
