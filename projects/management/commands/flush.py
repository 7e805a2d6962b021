"""Django's flush, which empties all tables: the rules against removing single rows are out of its way meanwhile."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

from projects import triggers


class Command(flush.Command):
    """Take the database's rules down, empty it, put them up again."""

    def handle(self, **options: Any) -> None:
        """Whatever happens, the rules stand afterwards."""
        triggers.take_down(options["database"])
        try:
            super().handle(**options)
        finally:
            triggers.put_up(options["database"])
