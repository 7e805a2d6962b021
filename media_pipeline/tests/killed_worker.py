"""Run a management command and die by SIGKILL at its Nth database commit: `killed_worker N side produce ...`.

`side` is "before" (the change is not there) or "after" (it is there, and nobody was told).
"""

from __future__ import annotations

import os
import signal
import sys
import threading

import django
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper


def die_at(commit: int, side: str) -> None:
    """Kill this process at its Nth commit."""
    count, lock, really_commit = 0, threading.Lock(), BaseDatabaseWrapper._commit

    def counted(self: BaseDatabaseWrapper) -> None:
        nonlocal count
        with lock:
            count += 1
            mine = count
        if mine == commit and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        really_commit(self)
        if mine == commit:
            os.kill(os.getpid(), signal.SIGKILL)

    BaseDatabaseWrapper._commit = counted  # type: ignore[method-assign]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    die_at(int(sys.argv[1]), sys.argv[2])
    call_command(*sys.argv[3:])
