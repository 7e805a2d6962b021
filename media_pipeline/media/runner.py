"""Run ffmpeg: safe input arguments, progress, limits, and output that appears whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from .binary import ffmpeg_binary
from .errors import BrokenMedia, MediaError
from .process import CPU_SECONDS, MEMORY_BYTES, Ended, Limits, run_process

MAX_PIXELS = 67_108_864
"""8192 x 8192. A PNG of 16,000 squared is 729 kB on disk and 763 MiB in memory; ffmpeg refuses it by this at 14 MiB."""

INPUT_FORMATS = (
    "mov", "matroska", "mpegts", "mpeg", "avi", "gif", "apng", "ogg", "flac", "wav", "w64", "mp3", "aac", "aiff",
    "png_pipe", "jpeg_pipe", "webp_pipe",
)  # fmt: skip
"""Demuxers that read one file and nothing else. Playlists (hls, concat, dash, sdp), patterns (image2) and text shown
as pictures (tty) are not among them: by those a file of a stranger's could have other files read."""

GLOBAL_ARGUMENTS = (
    "-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1", "-stats_period", "0.2",
)  # fmt: skip

_OUT_OF_MEMORY = ("Cannot allocate memory", "malloc of size", "std::bad_alloc")
_DAMAGED = (
    "Error opening input",
    "Invalid data found",
    "could not find codec parameters",
    "Output file does not contain",
)
_ERROR_MARK = re.compile(r"\[(?:error|fatal|panic)\]")
_SAYS_NOTHING = (
    "Error opening ",
    "Task finished with error",
    "Terminating thread",
    "Error sending frames",
    "Conversion failed",
)


@dataclass(frozen=True)
class RunReport:
    """What came of a run: the last lines of stderr, the frames written, the processor seconds used."""

    stderr: tuple[str, ...]
    frames: int
    cpu_seconds: float


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    frames: int | None = None,
    wall_seconds: float = 600,
    stall_seconds: float = 60,
    memory_bytes: int = MEMORY_BYTES,
    cpu_seconds: int = CPU_SECONDS,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    stdin: Callable[[BinaryIO], None] | None = None,
    stderr_tail: int = 40,
    verbosity: str = "warning",
) -> RunReport:
    """Run ffmpeg with `arguments` (everything after the global options) and wait for it.

    `frames` is how many the output will have; with it, `progress` is told fractions from 0 to 1, rising. `stdin` writes
    what an input `pipe:0` reads. `verbosity` is ffmpeg's log level ("info" for filters that report by the log); lines
    of stderr begin with their level in brackets.

    Raises BrokenMedia when the input could not be read, TimedOut, Cancelled, else MediaError with ffmpeg's own words.
    """
    meter = _Meter(frames, progress)
    ended = run_process(
        [str(ffmpeg_binary()), *GLOBAL_ARGUMENTS, "-v", f"level+{verbosity}", *arguments],
        name="ffmpeg",
        limits=Limits(wall_seconds, stall_seconds, memory_bytes, cpu_seconds),
        on_line=meter.line,
        cancelled=cancelled,
        stdin=stdin,
        stderr_tail=stderr_tail,
    )
    if ended.code != 0:
        raise _failure(ended, memory_bytes)
    meter.finish()
    return RunReport(ended.stderr, meter.frames, ended.cpu_seconds)


def input_args(path: Path, *, options: Sequence[str] = (), formats: Sequence[str] = INPUT_FORMATS) -> list[str]:
    """Arguments that open `path` as an input and can open nothing else; `options` are further input options."""
    return [
        "-protocol_whitelist", "file", "-format_whitelist", ",".join(formats), "-max_pixels", str(MAX_PIXELS),
        *options, "-i", file_address(path),
    ]  # fmt: skip


def raw_input_args(width: int, height: int, rate: Fraction, pixel_format: str = "rgb24") -> list[str]:
    """Arguments of an input of raw frames, written by the `stdin` of `run_ffmpeg`."""
    return [
        "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pixel_format", pixel_format,
        "-video_size", f"{width}x{height}", "-framerate", str(rate), "-i", "pipe:0",
    ]  # fmt: skip


def file_address(path: Path) -> str:
    """`path` as ffmpeg takes it: absolute and with its protocol, so that no name is an option or another address."""
    return f"file:{Path(path).absolute()}"


@contextmanager
def atomic_output(path: Path) -> Iterator[Path]:
    """A temporary name (ending in .part) beside `path`: moved to `path` when the block ends well, deleted otherwise.

    Tell ffmpeg the container by `-f`, since the name does not. An empty file is a failure.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        if not part.is_file() or part.stat().st_size == 0:
            raise MediaError(f"Nothing was written for {path.name}: the input gave no frames or samples.")
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Meter:
    """Reads ffmpeg's `-progress` lines: what was written so far, and whether that has moved."""

    _KEYS = ("frame", "out_time_us", "total_size")

    def __init__(self, expected: int | None, tell: Callable[[float], None] | None) -> None:
        self.expected, self.tell = expected, tell
        self.frames = 0
        self.told = 0.0
        self.last: dict[str, str] = {}

    def line(self, line: str) -> bool:
        key, _, value = line.partition("=")
        if key not in self._KEYS or self.last.get(key) == value:
            return False
        self.last[key] = value
        if key == "frame" and value.isdigit():
            self.frames = int(value)
            if self.expected:
                self._say(min(self.frames / self.expected, 1.0))
        return True

    def finish(self) -> None:
        self._say(1.0)

    def _say(self, fraction: float) -> None:
        if self.tell is not None and fraction > self.told:
            self.told = fraction
            self.tell(fraction)


def _failure(ended: Ended, memory_bytes: int) -> MediaError:
    text = "\n".join(ended.stderr)
    words = _first_causes(ended)
    if any(phrase in text for phrase in _OUT_OF_MEMORY):
        return MediaError(f"ffmpeg needed more than the {memory_bytes >> 20} MiB of memory it may have: {words}")
    if any(phrase in text for phrase in _DAMAGED):
        return BrokenMedia(f"The media could not be read; it is damaged or of a kind that is not accepted: {words}")
    return MediaError(f"ffmpeg failed: {words}")


def _first_causes(ended: Ended) -> str:
    """The first two things ffmpeg called errors: what follows them is their echo through its threads."""
    marked = [_ERROR_MARK.split(line)[-1].strip(" :") for line in ended.stderr if _ERROR_MARK.search(line)]
    causes = dict.fromkeys([cause for cause in marked if not cause.startswith(_SAYS_NOTHING)] or marked)
    return "; ".join(list(causes)[:2]) or f"it gave no reason (exit code {ended.code})"
