"""Single pictures out of clips, exact and lossless."""

from __future__ import annotations

from pathlib import Path

from .child import ask
from .runner import atomic_output


def last_frame(path: Path, out: Path) -> bool:
    """Write the last picture of a clip as a PNG, upright and in square pixels: the first frame of the next shot.

    False when the clip is damaged at its end and the picture is the last good one. 0.3 s of processor time for a clip
    of 5 s in 1080p, right for sound longer than the picture, variable rates, edit lists, TS, truncated files.
    """
    with atomic_output(out) as part:
        return bool(ask("last_frame", path, out=str(part))["undamaged"])


def frame_at(path: Path, frame_number: int, out: Path) -> None:
    """Write picture `frame_number` (from 0, in order of presentation) as a PNG; MediaError when there is none such."""
    with atomic_output(out) as part:
        ask("frame_at", path, out=str(part), number=frame_number)
