"""Rules that the database itself holds, on SQLite and on PostgreSQL: for migrations.

A trigger is the only thing that refuses whatever comes: a bulk update, a shell, another program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython

Script = Callable[[Any, Any], None]


def refusing(name: str, table: str, operation: str, sentence: str, *, when: str = "") -> RunPython:
    """A migration that makes the database refuse an INSERT, UPDATE or DELETE of rows of `table`.

    `when` is a condition in SQL both databases understand, over NEW and OLD; without it every such operation is
    refused. `sentence` is the error's text and holds no quotes.
    """
    if "'" in sentence:
        raise ValueError("The sentence stands between quotes in SQL and must hold none.")

    def install(apps: Any, editor: Any) -> None:
        for statement in _made(editor.connection.vendor, name, table, operation, sentence, when):
            editor.execute(statement)

    def remove(apps: Any, editor: Any) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")

    return RunPython(install, remove, elidable=False)


def _made(vendor: str, name: str, table: str, operation: str, sentence: str, when: str) -> list[str]:
    if vendor == "sqlite":
        condition = f"WHEN {when} " if when else ""
        return [
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        ]
    kept = "OLD" if operation == "DELETE" else "NEW"
    body = f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';"
    checked = f"IF {when} THEN {body} END IF;" if when else body
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {checked} RETURN {kept}; END $$ "
        "LANGUAGE plpgsql",
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
