"""Advancing runs inside one process, without a broker: for commands and scripts.

The very same runs and steps as with a cluster; threads share the work, since the heavy part is done by ffmpeg's
own processes and by Pillow, which lets go of the interpreter lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from . import transport
from .due import due_runs
from .executor import advance
from .models import Run
from .poller import attend, claim_steps, wake_retries

IDLE = 0.05
"""Seconds between two looks for work while there is none."""

ASK_EVERY = 0.5
ANSWERS = 4
"""Seconds between two looks for answers that are due, and how many are brought at a time."""


def work_until(done: Callable[[], bool], *, project_id: int, workers: int, watch: Callable[[], None]) -> None:
    """Advance the due runs of one production until `done()`; `watch` is called again and again to show progress."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def labour() -> None:
        try:
            with transport.in_process():
                while not stop.is_set():
                    run = _next_run(project_id)
                    if run is None:
                        stop.wait(IDLE)
                    else:
                        advance(run.pk)
        except BaseException as failure:
            failures.append(failure)
            stop.set()
        finally:
            connection.close()

    def ask() -> None:
        """What the poller does for the site: bring the answers of providers."""
        try:
            with transport.in_process():
                while not stop.wait(ASK_EVERY):
                    wake_retries()
                    for step in claim_steps(ANSWERS, project_id=project_id):
                        attend(step)
        except BaseException as failure:
            failures.append(failure)
            stop.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=labour, name=f"worker-{number}", daemon=True) for number in range(workers)]
    threads.append(threading.Thread(target=ask, name="poller", daemon=True))
    for thread in threads:
        thread.start()
    try:
        while not stop.wait(0.2) and not done():
            watch()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def _next_run(project_id: int) -> Run | None:
    return due_runs().filter(project_id=project_id).first()
