"""`manage.py dev`: the whole site on this machine with one command."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.processes.child import site_command
from studio.processes.readiness import port_trouble, prepare_site
from studio.processes.supervisor import ChildDied, NotAnswering, Supervisor, stopped_by_signals


class Command(BaseCommand):
    """Web, worker and poller as children that live and end together."""

    help = "Prepare the database and run web, worker and poller together. Ctrl-C ends them cleanly."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines.")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if trouble := port_trouble(host, port):
            raise CommandError(trouble)
        prepare_site(self.stdout.write)
        here = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::") else host
        address = f"http://{here}:{port}"
        commands = {
            "web": site_command("web", "--host", host, "--port", str(port)),
            "worker": site_command("worker"),
            "poller": site_command("poller"),
        }
        with stopped_by_signals() as stop:
            try:
                with Supervisor(commands, tell=self._tell) as site:
                    if site.wait_until_answering(f"{address}/healthz", stop):
                        self._tell(f"Rushes is at {address}/ (Ctrl-C stops it)")
                        site.watch(stop)
            except (ChildDied, NotAnswering) as failure:
                raise CommandError(str(failure)) from failure

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
