"""Content credentials in a file, written and read in the limited child process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .child import ask
from .runner import atomic_output

KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".mp4", ".mov", ".m4a", ".wav", ".mp3", ".flac", ".pdf"})
"""Endings of the files that are signed; examine_credentials.TYPES has their content types."""


def can_carry(path: Path) -> bool:
    """Whether a file of this kind takes content credentials, told by its ending (ours are told by content)."""
    return path.suffix.lower() in KINDS


def sign(path: Path, out: Path, *, manifest: dict[str, Any], metadata: bytes, certificate: Path, key: Path) -> bool:
    """Copy `path` to `out` with XMP `metadata` and a signed C2PA `manifest`; no picture is coded again.

    True when the file had credentials already: they stay, as those of its parent. Raises MediaError with the reason.
    """
    with atomic_output(out) as part:
        answer = ask(
            "sign", path, out=str(part), manifest=manifest, metadata=metadata.decode(),
            certificate=str(certificate.absolute()), key=str(key.absolute()),
        )  # fmt: skip
    return bool(answer["inherited"])


def read(path: Path) -> dict[str, Any]:
    """The active manifest of a file, its validation state and problems, its XMP; see examine_credentials.read."""
    return ask("credentials", path)
