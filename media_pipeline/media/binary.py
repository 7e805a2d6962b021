"""Which ffmpeg is used, and what it can do.

Order: what `configure` was given or the environment variable FFMPEG_BINARY, the imageio-ffmpeg wheel (ffmpeg 9, a full
build that pip alone brings), then `ffmpeg` on PATH. ffprobe is not needed: probing is done by PyAV (see probe.py).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .errors import MediaError

_configured: Path | None = None

_QUERY_SECONDS = 30
_ENCODER_LINE = re.compile(r"^ [VAS][F.][S.][X.][B.][D.] ([^=\s]\S*) ", re.MULTILINE)
_FILTER_LINE = re.compile(r"^ [T.][S.][C.]? ?(\S+) +\S+->\S+ ", re.MULTILINE)


@dataclass(frozen=True)
class Capabilities:
    """What one ffmpeg binary says of itself. `version` tells builds apart and belongs into cache keys."""

    binary: Path
    version: str
    encoders: frozenset[str]
    filters: frozenset[str]


def configure(binary: str | Path | None) -> None:
    """Use this ffmpeg from now on (None: find one). The site's settings call it once at start."""
    global _configured  # noqa: PLW0603 - one process, one ffmpeg
    _configured = Path(binary) if binary else None


def ffmpeg_binary() -> Path:
    """The absolute path of the ffmpeg to run; MediaError when there is none or the configured one is not a program."""
    named = _configured or _from_environment()
    if named is not None:
        found = shutil.which(named)
        if found is None:
            raise MediaError(f"FFMPEG_BINARY names {named}, which is not a program that can be run here.")
        return Path(found).absolute()
    for candidate in (_from_wheel(), shutil.which("ffmpeg")):
        if candidate:
            return Path(candidate).absolute()
    raise MediaError("No ffmpeg was found: install the imageio-ffmpeg package or set FFMPEG_BINARY to one.")


def capabilities() -> Capabilities:
    """Version, encoders and filters of the ffmpeg in use, asked once for each binary."""
    binary = ffmpeg_binary()
    return _ask(binary, binary.stat().st_mtime_ns)


def require(*, encoders: Iterable[str] = (), filters: Iterable[str] = ()) -> None:
    """Raise MediaError naming every one of these encoders and filters that the ffmpeg in use does not have."""
    able = capabilities()
    missing = [f"encoder {name}" for name in encoders if name not in able.encoders]
    missing += [f"filter {name}" for name in filters if name not in able.filters]
    if missing:
        raise MediaError(
            f"{able.binary} (ffmpeg {able.version}) lacks {', '.join(missing)}; set FFMPEG_BINARY to a fuller build "
            "or remove the setting to use the one from imageio-ffmpeg."
        )


def _from_environment() -> Path | None:
    value = os.environ.get("FFMPEG_BINARY", "").strip()
    return Path(value) if value else None


def _from_wheel() -> str | None:
    """The wheel's own binary. Its finder falls back to PATH and to IMAGEIO_FFMPEG_EXE, which is not what is asked."""
    try:
        import imageio_ffmpeg
    except ImportError:
        return None
    folder = Path(imageio_ffmpeg.__file__).parent / "binaries"
    return next((str(path) for path in sorted(folder.glob("ffmpeg-*")) if os.access(path, os.X_OK)), None)


@lru_cache(maxsize=8)
def _ask(binary: Path, _modified: int) -> Capabilities:
    first_line = _query(binary, "-version").splitlines()[0]
    version = re.match(r"ffmpeg version (\S+)", first_line)
    if version is None:
        raise MediaError(f"{binary} is not an ffmpeg: asked for its version it said “{first_line[:80]}”.")
    return Capabilities(
        binary=binary,
        version=version.group(1),
        encoders=frozenset(_ENCODER_LINE.findall(_query(binary, "-encoders"))),
        filters=frozenset(_FILTER_LINE.findall(_query(binary, "-filters"))),
    )


def _query(binary: Path, question: str) -> str:
    try:
        answer = subprocess.run(
            [binary, "-hide_banner", question] if question != "-version" else [binary, question],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_QUERY_SECONDS,
            check=True,
            env={},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MediaError(f"{binary} could not be asked for its {question[1:]}: {error}") from error
    text = answer.stdout.decode(errors="replace")
    if not text.strip():
        raise MediaError(f"{binary} answered nothing when asked for its {question[1:]}; it is not a working ffmpeg.")
    return text
