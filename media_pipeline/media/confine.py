"""Start a program under limits: the small step between our process and a program that reads untrusted media.

Run as `python -I -S confine.py PARENT MEMORY CPU PROGRAM ARGUMENT...`, it limits itself and becomes PROGRAM.
It is a program of its own, not a `preexec_fn`, because the web and worker processes have threads, and Python code
between fork and exec of a threaded process can deadlock. It costs about 15 ms. Only the standard library is
imported, so that it starts without site-packages; our own Python children call `limit_self` directly.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: the signal the kernel sends to this process when its parent dies."""

CPU_GRACE_SECONDS = 5
"""Between SIGXCPU, at which a program may end in order, and SIGKILL."""


def limit_self(parent: int, memory_bytes: int, cpu_seconds: int) -> None:
    """Limit this process and tie its life to `parent` (a process id): it is killed when the parent dies.

    `memory_bytes` bounds the address space, `cpu_seconds` the processor time; no core file is ever written.
    """
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_AS, memory_bytes, memory_bytes)
    _lower(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + CPU_GRACE_SECONDS)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was told
        os._exit(1)


def _lower(which: int, soft: int, hard: int) -> None:
    """Set a limit, never above a stricter one this process already has (raising it would be refused)."""
    _, ceiling = resource.getrlimit(which)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))


def main(arguments: list[str]) -> None:
    """Limit this process by the first three arguments and replace it by the program named in the rest."""
    parent, memory_bytes, cpu_seconds = (int(number) for number in arguments[:3])
    program = arguments[3:]
    limit_self(parent, memory_bytes, cpu_seconds)
    # One malloc arena in place of one a thread: each reserves 64 MiB of the address space that is limited here.
    os.execve(program[0], program, {"MALLOC_ARENA_MAX": "1"})


if __name__ == "__main__":
    main(sys.argv[1:])
