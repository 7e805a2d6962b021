"""Filter graphs and argument lists, written by ffmpeg-python and run by runner.py.

The only module that knows ffmpeg-python, and only its writer of arguments is used: its `run` and `probe` have no time
limit, no whitelists and no way to be cancelled. Known traps avoided here: option values that are lists or tuples are
written as Python text, so values are plain; names are absolute `file:` addresses, so none is an option or a protocol.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg

from .runner import INPUT_FORMATS, MAX_PIXELS, file_address


def source(path: Path, **options: str | int) -> Any:
    """An input node for `path` that can open nothing else, decoding on one thread unless `threads` says otherwise."""
    safe = {
        "protocol_whitelist": "file",
        "format_whitelist": ",".join(INPUT_FORMATS),
        "max_pixels": MAX_PIXELS,
        "threads": 1,
    }
    return ffmpeg.input(file_address(path), **(safe | options))


def target(stream: Any, part: Path, container: str, *, sound: Any = None, **options: str | int) -> Any:
    """An output node writing `stream`, and `sound` with it, to `part` (from `atomic_output`) as `container`."""
    streams = [stream] if sound is None else [stream, sound]
    return ffmpeg.output(*streams, file_address(part), f=container, **options)


def arguments(*targets: Any) -> list[str]:
    """What run_ffmpeg takes, for one or several outputs of one graph (one decode)."""
    node = targets[0] if len(targets) == 1 else ffmpeg.merge_outputs(*targets)
    return [str(argument) for argument in node.compile(cmd="ffmpeg")[1:]]
