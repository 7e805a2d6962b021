"""Keeping a worker cluster at work.

django-q2's cluster can stop taking tasks for good without ending (an idle worker killed while it holds the lock of the
queue: django-q2 issue 23). Nothing inside it notices, so this process does: docs/processes.md.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from media_pipeline.runs.models import WorkerBeat
from media_pipeline.runs.recovery import free_leases_of_dead_workers
from media_pipeline.runs.tasks import NAME_VARIABLE, send_beat

from .child import Child, site_command

log = logging.getLogger(__name__)

STALE = 90.0
"""Seconds without a beat after which a cluster counts as dead."""

ASK_AFTER, ASK_EVERY = 30.0, 5.0
"""Seconds without a beat after which the clusters are asked for one, and between two questions."""

LOOK_EVERY = 1.0
LONGEST_PAUSE = 60.0
HEALTHY = 300.0
"""Seconds after which a cluster that ends is restarted at once again, not after a growing pause."""

GRACE = 20.0
"""Seconds that running tasks get when the cluster is asked to stop; less than the supervisor's own."""


class Watchdog:
    """Runs one cluster, restarts it when it ends or takes no work, and ends it cleanly."""

    def __init__(self, *, stale: float = STALE, ask_after: float = ASK_AFTER, grace: float = GRACE) -> None:
        self.name = f"{socket.gethostname()[:60]}/{os.getpid()}"
        self.stale = stale
        self.ask_after = ask_after
        self.grace = grace
        self.restarts = 0
        self._pause = LOOK_EVERY
        self._asked = 0.0

    def run(self, stop: threading.Event) -> None:
        """Keep a cluster at work until `stop` is set."""
        cluster = self._start()
        while not stop.wait(LOOK_EVERY):
            trouble = self._trouble(cluster)
            if trouble:
                cluster = self._restart(cluster, trouble, stop)
        cluster.ask_to_stop()
        if not cluster.wait(self.grace):
            log.warning("The worker cluster does not stop within %.0f seconds and is killed; "
                        "its runs go on elsewhere or at the next start.", self.grace)  # fmt: skip
        cluster.kill()
        with suppress(DatabaseError):  # an old beat is pruned anyway
            WorkerBeat.objects.filter(name=self.name).delete()
        connection.close()

    def _start(self) -> Child:
        self._began = time.monotonic()
        command = site_command("worker", "--cluster")
        return Child(
            "cluster", command, tell=lambda line: print(line, flush=True), environment={NAME_VARIABLE: self.name}
        )

    def _restart(self, cluster: Child, trouble: str, stop: threading.Event) -> Child:
        self.restarts += 1
        log.error("%s It is started again.", trouble)
        cluster.kill()
        freed = free_leases_of_dead_workers()
        if freed:
            log.warning("%s runs of the dead cluster are free to go on.", freed)
        self._pause = LOOK_EVERY if self._age() > HEALTHY else min(2 * self._pause, LONGEST_PAUSE)
        stop.wait(self._pause)
        return self._start()

    def _age(self) -> float:
        return time.monotonic() - self._began

    def _trouble(self, cluster: Child) -> str:
        if cluster.exit_code is not None:
            return f"The worker cluster {cluster.how_it_ended()}."
        try:
            close_old_connections()
            silent = min(self._silence(), self._age())
            if silent > self.stale:
                return f"The worker cluster has taken no work for {silent:.0f} seconds."
            if silent > self.ask_after and time.monotonic() - self._asked > ASK_EVERY:
                self._asked = time.monotonic()
                # Any cluster may take the message: ask as often as there are clusters, so that each gets its turn.
                fresh = timezone.now() - timedelta(seconds=self.stale)
                send_beat(max(1, WorkerBeat.objects.filter(at__gt=fresh).count()))
        except DatabaseError as error:
            # Without the database no cluster can beat: that is no reason to kill one.
            self._began = time.monotonic()
            log.warning("The watchdog cannot look for the beat of its cluster: %s", error)
            connection.close()
        return ""

    def _silence(self) -> float:
        """Seconds since the last beat; without end when there was none."""
        beat = WorkerBeat.objects.filter(name=self.name).first()
        return (timezone.now() - beat.at).total_seconds() if beat else float("inf")
