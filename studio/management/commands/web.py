"""`manage.py web`: pages, WebSockets and media on one port."""

from __future__ import annotations

from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandParser

STOP_SECONDS = 10
"""Seconds that answers under way get when the process is asked to stop."""

LONGEST_FRAME = 64 * 1024
"""Bytes of a WebSocket message from a page; pages have nothing to say."""


class Command(BaseCommand):
    """Serve the site until told to stop."""

    help = "Serve the site (HTTP and WebSockets) until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines.")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        uvicorn.run(
            "studio.asgi:application",
            host=host,
            port=port,
            log_config=None,  # the site's own logging, settings.LOGGING
            log_level="info" if options["verbosity"] > 1 else "warning",
            ws_max_size=LONGEST_FRAME,
            timeout_graceful_shutdown=STOP_SECONDS,
            server_header=False,
        )
