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

    def keep(
        self,
        path: Path,
        name: str,
        content_type: str,
        *,
        address: str = "",
        expires: float | None = None,
        broken: dict[str, Any] | None = None,
        uploaded: bool = False,
    ) -> str:
        """Take over the file at `path`; returns its address below /cdn/files/.

        `expires` is a time of the sandbox's clock. `broken` is the fault it is to be served with. `uploaded` tells
        files of callers from those that jobs made.
        """
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        kept = self.folder / digest
        if kept.exists():
            path.unlink()
        else:
            shutil.move(path, kept)
        address = address or self.new_address(name)
        facts: dict[str, Any] = {"sha256": digest, "type": content_type, "name": name, "size": kept.stat().st_size}
        facts |= {"expires_clock": expires} if expires is not None else {}
        facts |= {"broken": broken} if broken else {}
        facts |= {"uploaded": True} if uploaded else {}
        self.entries[address] = facts
        self.journal.add_media(address, facts)
        return address

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
