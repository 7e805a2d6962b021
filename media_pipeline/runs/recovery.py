"""Taking over at once from workers of this machine that are known to be dead.

Anywhere else a lease simply runs out. A lease names the machine, the process namespace, the process and when it
started, so that a reused process number or another container's worker is never taken for a dead one.
"""

from __future__ import annotations

import os
import socket
import uuid
from functools import lru_cache
from pathlib import Path

from .models import OPEN_RUNS, Run


def new_owner() -> str:
    """A name for one advance by this process."""
    return f"{_machine()}|{os.getpid()}|{_started(os.getpid())}|{uuid.uuid4().hex[:12]}"


def is_dead(owner: str) -> bool:
    """Whether the owner of a lease is a process of this machine that no longer runs."""
    parts = owner.split("|")
    if len(parts) != 4:
        return False
    machine, pid, started, _ = parts
    return machine == _machine() and _started(int(pid)) != started


def free_leases_of_dead_workers(project_id: int | None = None) -> int:
    """Let go of the runs that dead workers of this machine held; returns how many."""
    held = Run.objects.filter(state__in=OPEN_RUNS).exclude(lease_owner="")
    if project_id is not None:
        held = held.filter(project_id=project_id)
    freed = 0
    for pk, owner in held.values_list("pk", "lease_owner"):
        if is_dead(owner):
            freed += Run.objects.filter(pk=pk, lease_owner=owner).update(lease_owner="", lease_until=None)
    return freed


@lru_cache(maxsize=1)
def _machine() -> str:
    try:
        namespace = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        namespace = 0
    return f"{socket.gethostname()[:60]}/{namespace}"


def _started(pid: int) -> str:
    """The start time of a process in clock ticks since boot; "" when it is gone or is only waiting to be reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
