"""One process of the product, started by another and never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings

Tell = Callable[[str], None]

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def site_command(*words: str) -> list[str]:
    """The command line of one of the site's own commands, such as ("web", "--port", "8000")."""
    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words]


class Child:
    """A running program in a session of its own.

    Its leader gets SIGTERM when its parent dies, by whatever signal, so that nothing goes on working unwatched.
    Start it from the main thread: the kernel means the thread that started it.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, tell: Tell, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._tell = tell
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            start_new_session=True,
            preexec_fn=_die_with_parent if _libc else None,  # noqa: PLW1509 (one system call, no lock, no import)
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._pass_on_output, name=f"output-{name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process id; also the id of its session and group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended (negative: by which signal); None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """SIGTERM to the leader only: it finishes what it is doing and ends its own processes."""
        if self.exit_code is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Whether it ended within this time."""
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to all that is left of its group, and reap it."""
        with suppress(ProcessLookupError):  # nobody of the group is left
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(1)

    def how_it_ended(self) -> str:
        """Words for its exit code."""
        code = self.exit_code
        if code is None:
            return "is running"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def _pass_on_output(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._tell(line.rstrip("\n"))


def _die_with_parent() -> None:
    assert _libc is not None
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
