"""What the database itself holds about takes: they are never changed, and a shot selects only a take of its own."""

from __future__ import annotations

from typing import Any

from django.db.models import Field

from projects.triggers import Rule

TAKE, STATE = "scenes_take", "scenes_shotstate"
MAY_BE_EMPTIED = frozenset({"run", "created_by"})
"""What becomes empty when the run or the person is deleted; neither is ever set to another."""


def rules() -> list[Rule]:
    """The rules for the columns that the models have today."""
    never, emptied = _fixed_columns()
    changed = [f'OLD."{column}" {{differs}} NEW."{column}"' for column in never]
    filled = [f'(NEW."{column}" IS NOT NULL AND OLD."{column}" {{differs}} NEW."{column}")' for column in emptied]
    foreign = (
        f"NEW.selected_take_id IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {TAKE} WHERE id = NEW.selected_take_id AND shot_id = NEW.shot_id)"
    )
    return [
        Rule(
            "take_is_never_changed", TAKE, "UPDATE", "A take is never changed after it is made.",
            when=" OR ".join(changed + filled), columns=[*never, *emptied],
        ),
        Rule(
            "selected_take_is_its_own", STATE, "UPDATE OF selected_take_id", "A shot selects only a take of its own.",
            when=foreign, columns=["selected_take_id"],
        ),
        Rule(
            "first_selected_take_is_its_own", STATE, "INSERT", "A shot selects only a take of its own.",
            when=foreign, columns=["selected_take_id"],
        ),
    ]  # fmt: skip


def _fixed_columns() -> tuple[list[str], list[str]]:
    """Columns of a take that never change, and those that may only be emptied."""
    from .models import Take

    fields: list[Field[Any, Any]] = [f for f in Take._meta.concrete_fields if f.name not in Take.MUTABLE]
    emptied = [str(field.column) for field in fields if field.name in MAY_BE_EMPTIED]
    return [str(field.column) for field in fields if field.name not in MAY_BE_EMPTIED], emptied
