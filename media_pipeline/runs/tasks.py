"""What a worker cluster runs besides runs: the proof that it still takes work.

A cluster whose idle worker was killed at the wrong moment takes no work ever again and says nothing. So every worker
that executes a task leaves a beat, a task that takes long keeps beating, and the watchdog of an idle cluster enqueues
`beat` itself. No beat for long then means a dead cluster, never a busy one.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone
from django_q.signals import post_execute_in_worker, pre_execute
from django_q.tasks import async_task

from .models import WorkerBeat

log = logging.getLogger(__name__)

NAME_VARIABLE = "RUSHES_WORKER"
"""Environment variable by which the watchdog tells a cluster the name of its beat."""

BEAT = "media_pipeline.runs.tasks.beat"

OFTEN_ENOUGH = 10.0
"""Seconds between two beats of one worker that executes many short tasks."""

PULSE = 20.0
"""Seconds between two beats of a worker that executes one long task."""


def send_beat(count: int = 1) -> None:
    """Ask the clusters to show that they live; whichever takes a message beats for itself."""
    for _ in range(count):
        async_task(BEAT)


def beat() -> None:
    """The task: this cluster takes work."""
    name = os.environ.get(NAME_VARIABLE)
    if name:
        WorkerBeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


class Pulse:
    """Beats for one worker process: when it starts a task, and all the time while it executes one."""

    def __init__(self) -> None:
        self._last = 0.0
        self._stop: threading.Event | None = None

    def connect(self) -> None:
        """Follow the tasks of the worker processes that are forked from now on."""
        pre_execute.connect(self.begin, weak=False, dispatch_uid="pulse")
        post_execute_in_worker.connect(self.end, weak=False, dispatch_uid="pulse")

    def begin(self, **kwargs: Any) -> None:
        """A task starts."""
        if time.monotonic() - self._last > OFTEN_ENOUGH:
            self._beat()
        self._stop = threading.Event()
        threading.Thread(target=self._keep_beating, args=(self._stop,), name="pulse", daemon=True).start()

    def end(self, **kwargs: Any) -> None:
        """The task is over."""
        if self._stop:
            self._stop.set()

    def _keep_beating(self, stop: threading.Event) -> None:
        while not stop.wait(PULSE):
            self._beat()
            connection.close()

    def _beat(self) -> None:
        self._last = time.monotonic()
        try:
            beat()
        except DatabaseError as error:  # the task itself is not to fail because of its beat
            log.warning("This worker could not leave its beat: %s", error)
