"""Any sound as a file of ours: FLAC, 48 kHz, stereo, so that the mix opens no stranger's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .mezzanine import SAME_BYTES
from .runner import atomic_output, file_address, input_args, run_ffmpeg
from .timing import SAMPLE_RATE


def own_sound(path: Path, out: Path, *, cancelled: Callable[[], bool] | None = None) -> None:
    """Write the first sound of `path` to `out` from its first sample on; BrokenMedia when it holds none."""
    plain = [word for name, value in SAME_BYTES.items() if ":v" not in name for word in (f"-{name}", value)]
    with atomic_output(out) as part:
        run_ffmpeg(
            [
                *input_args(path), "-map", "0:a:0", "-vn", "-ar", str(SAMPLE_RATE), "-ac", "2", "-c:a", "flac",
                "-sample_fmt", "s32", *plain, "-f", "flac", file_address(part),
            ],
            cancelled=cancelled,
        )  # fmt: skip
