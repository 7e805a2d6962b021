"""`manage.py poller`: asks providers, sends lost messages again, clears up."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from django.core.management.base import BaseCommand

from media_pipeline.runs.poller import Poller
from studio.processes.readiness import wait_for_database
from studio.processes.supervisor import stopped_by_signals


class Command(BaseCommand):
    """The poller of media_pipeline.runs in a process of its own."""

    help = "Ask providers about work under way and send lost messages again, until told to stop. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        with stopped_by_signals() as stop:
            if wait_for_database(stop, self.stdout.write):
                self.stdout.write("The poller is ready.")
                asyncio.run(_poll(stop))


async def _poll(stop: threading.Event) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell_loop() -> None:
        stop.wait()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=tell_loop, name="stop", daemon=True).start()
    await Poller().run(ended)
