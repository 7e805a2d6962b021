"""Run one program under limits and watch it: the only place of the product where a process is started and ended.

The program gets its own session, an empty environment, limits on memory and processor time (confine.py), a wall-clock
limit and a no-progress limit. It dies with us, even by `kill -9`: the kernel sends it SIGKILL. A program that is not
wanted any more is killed at once with its whole group; it writes to temporary names only, so nothing is lost.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from .errors import Cancelled, MediaError, TimedOut

MEMORY_BYTES = 4 << 30
"""Address space for one program. 2160p coding with one thread fails under 1 GiB and works in 1.5; threads map more."""

CPU_SECONDS = 1800
TICK_SECONDS = 0.1
_CONFINE = Path(__file__).with_name("confine.py")
_WRITER_SECONDS = 10


@dataclass(frozen=True)
class Limits:
    """What a program may use. `stall_seconds` is the longest time without a line of output that counts as progress."""

    wall_seconds: float = 600
    stall_seconds: float | None = 60
    memory_bytes: int = MEMORY_BYTES
    cpu_seconds: int = CPU_SECONDS


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code (negative: the signal), the last lines of stderr, its processor time."""

    code: int
    stderr: tuple[str, ...]
    cpu_seconds: float


def run_process(
    program: Sequence[str],
    *,
    name: str,
    limits: Limits,
    on_line: Callable[[str], bool] | None = None,
    cancelled: Callable[[], bool] | None = None,
    stdin: Callable[[BinaryIO], None] | None = None,
    stderr_tail: int = 40,
) -> Ended:
    """Run `program` (absolute path first) to its end and return how it ended, whatever its exit code.

    `name` is what it is called in errors. `on_line` gets each line of stdout and tells whether it was progress.
    `stdin` writes to the program's standard input from a thread of its own; an error it raises ends the program and is
    raised here. Raises Cancelled, TimedOut (wall, stall or processor time) or MediaError (cannot be started).
    """
    watch = _Watch(
        program, name=name, limits=limits, on_line=on_line, cancelled=cancelled, stdin=stdin, stderr_tail=stderr_tail
    )
    return watch.run()


class _Watch:
    """One running program: its pipes, its clock, its writer."""

    def __init__(
        self,
        program: Sequence[str],
        *,
        name: str,
        limits: Limits,
        on_line: Callable[[str], bool] | None,
        cancelled: Callable[[], bool] | None,
        stdin: Callable[[BinaryIO], None] | None,
        stderr_tail: int,
    ) -> None:
        self.name, self.limits = name, limits
        self.on_line, self.cancelled, self.writer = on_line, cancelled, stdin
        self.program = _confined(program, limits)
        self.errors: deque[str] = deque(maxlen=stderr_tail)
        self.partial = {"out": b"", "err": b""}
        self.writer_error: BaseException | None = None

    def run(self) -> Ended:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(f"{self.name} was cancelled before it began.")
        self.process = self._start()
        self.began = self.moved = time.monotonic()
        thread = self._start_writer()
        try:
            self._watch_pipes()
            code, cpu = self._reap()
        except BaseException:
            self._kill()
            raise
        finally:
            self._close(thread)
        if self.writer_error is not None:
            raise self.writer_error
        if cpu >= self.limits.cpu_seconds:
            raise TimedOut(f"{self.name} used more than {self.limits.cpu_seconds} s of processor time and was ended.")
        return Ended(code, tuple(self.errors), cpu)

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self.program,
                stdin=subprocess.PIPE if self.writer else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                env={},
                cwd="/",
            )
        except OSError as error:
            raise MediaError(f"{self.name} could not be started: {error}") from error

    def _start_writer(self) -> threading.Thread | None:
        if self.writer is None:
            return None
        thread = threading.Thread(target=self._write, name=f"{self.name} stdin", daemon=True)
        thread.start()
        return thread

    def _write(self) -> None:
        assert self.writer is not None
        assert self.process.stdin is not None
        try:
            with self.process.stdin as pipe:
                self.writer(pipe)  # type: ignore[arg-type]  # IO[bytes] has all of BinaryIO that is used
        except BrokenPipeError:
            pass  # the program ended first; its exit code says whether that was right
        except BaseException as error:  # handed over to the thread that waits
            self.writer_error = error

    def _watch_pipes(self) -> None:
        with selectors.DefaultSelector() as selector:
            for stream, key in ((self.process.stdout, "out"), (self.process.stderr, "err")):
                assert stream is not None
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ, key)
            while selector.get_map():
                for selected, _ in selector.select(TICK_SECONDS):
                    if not self._read(selected.fileobj, selected.data):  # type: ignore[arg-type]
                        selector.unregister(selected.fileobj)
                self._check()

    def _read(self, stream: IO[bytes], key: str) -> bool:
        data = os.read(stream.fileno(), 65536)
        *lines, self.partial[key] = (self.partial[key] + data).split(b"\n")
        if not data:
            lines, self.partial[key] = [self.partial[key]], b""
        for line in lines:
            text = line.decode(errors="replace").strip()
            if key == "out":
                if self.on_line is not None and self.on_line(text):
                    self.moved = time.monotonic()
            elif text:
                self.errors.append(text)
        return bool(data)

    def _check(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(f"{self.name} was cancelled.")
        if self.writer_error is not None:
            raise self.writer_error
        now, stall = time.monotonic(), self.limits.stall_seconds
        if now - self.began > self.limits.wall_seconds:
            raise TimedOut(f"{self.name} took longer than {self.limits.wall_seconds:g} s and was ended.")
        if stall is not None and now - self.moved > stall:
            raise TimedOut(f"{self.name} made no progress for {stall:g} s and was ended.")

    def _reap(self) -> tuple[int, float]:
        """Wait for the process, whose pipes are closed, still within its limits."""
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                return self.process.returncode, usage.ru_utime + usage.ru_stime
            self._check()
            time.sleep(0.002)

    def _kill(self) -> None:
        if self.process.returncode is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self.process.kill()  # its session was not begun yet
            self.process.wait()

    def _close(self, thread: threading.Thread | None) -> None:
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        if thread is not None:
            thread.join(_WRITER_SECONDS)


def _confined(program: Sequence[str], limits: Limits) -> list[str]:
    bounds = (os.getpid(), limits.memory_bytes, limits.cpu_seconds)
    return [sys.executable, "-I", "-S", str(_CONFINE), *(str(bound) for bound in bounds), *program]
