"""Django's flush, which empties all tables: the rules against removing single rows are out of its way meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.management.commands import flush
from django.db import OperationalError, connections

from projects import triggers

PATIENCE = 10.0
"""Seconds in which others that read the same SQLite database have to come to an end."""


class Command(flush.Command):
    """Take the database's rules down, empty it, put them up again. PostgreSQL truncates, which asks no rule."""

    def handle(self, **options: Any) -> None:
        """Whatever happens, the rules stand afterwards."""
        using = options["database"]
        if connections[using].vendor == "postgresql":
            super().handle(**options)
            return
        try:
            _patiently(lambda: triggers.take_down(using))
            super().handle(**options)
        finally:
            _patiently(lambda: triggers.put_up(using))


def _patiently(change: Callable[[], None]) -> None:
    """Try again while somebody reads: SQLite refuses at once to change a schema that others have open in memory."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return change()
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.02)
