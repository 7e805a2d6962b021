"""What the database itself holds about takes: they are never changed, and a shot selects only a take of its own.

Triggers, in both dialects. A migration may rebuild a table on SQLite, which drops its triggers silently, and one that
moves old rows must not be stopped by them: so they are taken down before migrations and put up again after.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import Field

TAKE, STATE = "scenes_take", "scenes_shotstate"
MAY_BE_EMPTIED = frozenset({"run", "created_by"})
"""What becomes empty when the run or the person is deleted; neither is ever set to another."""

NEVER = "A take is never changed after it is made."
FOREIGN = "A shot selects only a take of its own."


def fixed_columns() -> tuple[list[str], list[str]]:
    """Columns of a take that never change, and those that may only be emptied."""
    from .models import Take

    fields: list[Field[Any, Any]] = [f for f in Take._meta.concrete_fields if f.name not in Take.MUTABLE]
    emptied = [str(field.column) for field in fields if field.name in MAY_BE_EMPTIED]
    return [str(field.column) for field in fields if field.name not in MAY_BE_EMPTIED], emptied


def put_up(using: str) -> None:
    """Create the triggers, replacing those that are there."""
    take_down(using)
    connection = connections[using]
    statements = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def take_down(using: str) -> None:
    """Drop the triggers, where there are any."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for name, table in (("take_is_never_changed", TAKE), ("selected_take_is_its_own", STATE)):
            if table not in tables:
                continue
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _changes(distinct: str) -> str:
    never, emptied = fixed_columns()
    changed = [f'OLD."{column}" {distinct} NEW."{column}"' for column in never]
    filled = [f'(NEW."{column}" IS NOT NULL AND OLD."{column}" {distinct} NEW."{column}")' for column in emptied]
    return " OR ".join(changed + filled)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER take_is_never_changed BEFORE UPDATE ON {TAKE} WHEN {_changes('IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
        f"CREATE TRIGGER selected_take_is_its_own BEFORE UPDATE OF selected_take_id ON {STATE} "
        f"WHEN NEW.selected_take_id IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {TAKE} WHERE id = NEW.selected_take_id AND shot_id = NEW.shot_id) "
        f"BEGIN SELECT RAISE(ABORT, '{FOREIGN}'); END",
    ]


def _postgresql() -> list[str]:
    refuse = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE ="
    return [
        f"CREATE OR REPLACE FUNCTION take_is_never_changed() RETURNS trigger AS $$ BEGIN "
        f"IF {_changes('IS DISTINCT FROM')} THEN {refuse} '{NEVER}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER take_is_never_changed BEFORE UPDATE ON {TAKE} "
        f"FOR EACH ROW EXECUTE FUNCTION take_is_never_changed()",
        f"CREATE OR REPLACE FUNCTION selected_take_is_its_own() RETURNS trigger AS $$ BEGIN "
        f"IF NEW.selected_take_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TAKE} "
        f"WHERE id = NEW.selected_take_id AND shot_id = NEW.shot_id) "
        f"THEN {refuse} '{FOREIGN}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER selected_take_is_its_own BEFORE INSERT OR UPDATE OF selected_take_id ON {STATE} "
        f"FOR EACH ROW EXECUTE FUNCTION selected_take_is_its_own()",
    ]
