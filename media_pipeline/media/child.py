"""Put a question about a file to a child process that may crash, hang or swell without harm: `examiner.py`.

Files of strangers are parsed and decoded only there and in ffmpeg, never in the process that serves or works. A
question costs about 0.1 s of processor time, most of it starting Python and loading PyAV.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import BrokenMedia, MediaError
from .process import Limits, run_process

EXAMINER = Path(__file__).with_name("examiner.py")
LIMITS = Limits(wall_seconds=120, stall_seconds=None, memory_bytes=3 << 30, cpu_seconds=120)


def ask(question: str, path: Path, *, cancelled: Callable[[], bool] | None = None, **details: Any) -> dict[str, Any]:
    """The answer to one of examiner.py's questions about the file `path`; `details` are plain JSON values.

    Raises BrokenMedia when the file is not media we accept (or its decoder crashed), MediaError for anything else.
    """
    path = Path(path).absolute()
    expect_content(path)
    lines: list[str] = []
    ended = run_process(
        [sys.executable, "-I", str(EXAMINER), question, json.dumps({"path": str(path), **details})],
        name=f"Examining the file ({question.replace('_', ' ')})",
        limits=LIMITS,
        on_line=lambda line: bool(lines.append(line)),  # type: ignore[func-returns-value]
        cancelled=cancelled,
    )
    if ended.code == 0 and lines:
        return unwrapped(json.loads(lines[0]))
    if ended.code < 0 or "MemoryError" in "\n".join(ended.stderr):
        raise BrokenMedia("The file could not be examined: its decoder crashed or needed more memory than is allowed.")
    raise MediaError(f"The file could not be examined: {' '.join(ended.stderr[-1:]) or f'exit code {ended.code}'}")


def expect_content(path: Path) -> None:
    """Raise MediaError when `path` is no file, BrokenMedia when it is an empty one."""
    if not path.is_file():
        raise MediaError(f"There is no file {path.name} to examine.")
    if path.stat().st_size == 0:
        raise BrokenMedia("The file is empty.")


def unwrapped(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer itself, or the error it carries."""
    if "broken" in answer:
        raise BrokenMedia(answer["broken"])
    if "refused" in answer:
        raise MediaError(answer["refused"])
    return answer
