"""What has to be there before a process can work."""

from __future__ import annotations

import socket
import threading
import time

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from .child import Tell

LOOK_EVERY = 1.0
SAY_EVERY = 10.0


def database_trouble() -> str:
    """Why the database cannot be worked with yet, or "" when it can."""
    try:
        connection.close()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"The database does not answer: {str(error).strip()}"
    if missing:
        return f"The database lacks {len(missing)} migrations (manage.py migrate)."
    return ""


def wait_for_database(stop: threading.Event, tell: Tell) -> bool:
    """Wait until the database answers and is migrated, saying why every now and then; False when stopped."""
    said = -SAY_EVERY
    while not stop.is_set():
        trouble = database_trouble()
        if not trouble:
            return True
        if time.monotonic() - said >= SAY_EVERY:
            said = time.monotonic()
            tell(f"Waiting. {trouble}")
        stop.wait(LOOK_EVERY)
    return False


def port_trouble(host: str, port: int) -> str:
    """Why the site cannot listen there, or "" when it can."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return (
                f"Port {port} of {host} cannot be used ({error.strerror}): stop what uses it, or choose another port."
            )
    return ""


def prepare_site(tell: Tell) -> None:
    """Bring the database to this version, and collect the static files where they are served by name and digest."""
    if database_trouble():
        tell("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    connection.close()
