"""Several processes that live and end together."""

from __future__ import annotations

import http.client
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType, TracebackType
from urllib.parse import urlsplit

from .child import Child, Tell

GRACE = 25.0
"""Seconds that processes get to finish what they are doing before they are killed."""

LOOK_EVERY = 0.2


class ChildDied(Exception):
    """A process ended although nobody asked it to; the message says which and how."""


class NotAnswering(Exception):
    """The site did not answer in time; the message says where it was asked."""


class Supervisor:
    """Starts commands (name -> command line), watches them, and ends them cleanly.

    `with Supervisor({"web": site_command("web")}) as site: ...` ends them whatever happens inside.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        grace: float = GRACE,
        tell: Tell = print,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.commands = dict(commands)
        self.grace = grace
        self.environment = environment
        self.children: list[Child] = []
        self._tell_line = tell
        self._telling = threading.Lock()

    def __enter__(self) -> Supervisor:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start them all; one that cannot be started ends the others and raises OSError."""
        try:
            for name, command in self.commands.items():
                self.children.append(Child(name, command, tell=self._under(name), environment=self.environment))
        except OSError:
            self.stop()
            raise

    def check(self) -> None:
        """Raise ChildDied when one of them has ended by itself."""
        for child in self.children:
            if child.exit_code is not None:
                raise ChildDied(f"The process {child.name!r} {child.how_it_ended()}; its last lines say why.")

    def stop(self) -> None:
        """Ask all to finish, wait for them together, and kill what is left. Does nothing the second time."""
        children, self.children = self.children, []
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + self.grace
        for child in children:
            if not child.wait(deadline - time.monotonic()):
                self._tell(child.name, f"does not stop within {self.grace:.0f} seconds and is killed")
            child.kill()

    def watch(self, stop: threading.Event) -> None:
        """Return when `stop` is set; raise ChildDied when a process ends before that."""
        while not stop.wait(LOOK_EVERY):
            self.check()

    def wait_until_answering(self, address: str, stop: threading.Event | None = None, seconds: float = 60.0) -> bool:
        """Wait until an HTTP address answers without a server error; False when `stop` was set before.

        Raises ChildDied as `check` does, and NotAnswering when the time is over.
        """
        stop = stop or threading.Event()
        deadline = time.monotonic() + seconds
        while not stop.is_set():
            self.check()
            if _answers(address):
                return True
            if time.monotonic() > deadline:
                raise NotAnswering(f"{address} does not answer after {seconds:.0f} seconds.")
            stop.wait(LOOK_EVERY)
        return False

    def _under(self, name: str) -> Tell:
        return lambda line: self._tell(name, line)

    def _tell(self, name: str, line: str) -> None:
        width = max(map(len, self.commands))
        with self._telling:
            self._tell_line(f"{name:<{width}} | {line}")


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "localhost", parts.port or 80, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that INT, TERM and HUP set, instead of ending this process at once."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
