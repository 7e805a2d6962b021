"""`manage.py worker`: advances runs."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media_pipeline.runs.tasks import Pulse
from studio.processes.readiness import wait_for_database
from studio.processes.supervisor import stopped_by_signals
from studio.processes.watchdog import Watchdog


class Command(BaseCommand):
    """A cluster of worker processes under a watchdog."""

    help = "Advance runs until told to stop. Start as many as you like, on as many machines as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cluster", action="store_true", help="Be the cluster itself, without a watchdog.")

    def handle(self, *args: Any, cluster: bool, **options: Any) -> None:
        if cluster:
            _be_the_cluster()
            return
        with stopped_by_signals() as stop:
            if wait_for_database(stop, self.stdout.write):
                self.stdout.write("The worker is ready.")
                Watchdog().run(stop)


def _be_the_cluster() -> None:
    """Ends when the guard process that `start` leaves behind ends: Python waits for it."""
    from django_q.cluster import Cluster

    Pulse().connect()
    Cluster().start()
    sys.stdout.flush()
