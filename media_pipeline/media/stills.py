"""Stills: their facts and their thumbnails, made in the limited child process."""

from __future__ import annotations

from pathlib import Path

from .child import ask
from .errors import BrokenMedia
from .probe import MediaInfo, probe
from .runner import atomic_output


def image_info(path: Path) -> MediaInfo:
    """The facts of a still; BrokenMedia when the file is anything else, damaged or over 33.5 million pixels."""
    info = probe(path)
    if info.kind != "image":
        raise BrokenMedia(f"A still was expected, but the file is {info.described}.")
    return info


def thumbnail(path: Path, out: Path, width: int, *, quality: int = 82) -> tuple[int, int]:
    """Write a JPEG of `path` at most `width` pixels across, upright, never enlarged; returns its (width, height)."""
    with atomic_output(out) as part:
        made = ask("thumbnail", path, out=str(part), width=width, quality=quality)
    return made["width"], made["height"]
