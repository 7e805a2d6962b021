"""What the database itself refuses: changing the ledger, and material of a production whose gather tier is locked."""

from __future__ import annotations

from django.db import migrations

from projects.triggers import refusing

LOCKED = "The material of this production is locked: qualification has started."


def locked(row: str) -> str:
    """The condition under which the gather tier of a row's production is locked."""
    return (
        f"EXISTS (SELECT 1 FROM projects_projectstate WHERE project_id = {row}.project_id "
        "AND gather_locked_at IS NOT NULL)"
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_records_in_full")]

    operations = [
        refusing("gather_lock_insert", "projects_gatheritem", "INSERT", LOCKED, when=locked("NEW")),
        refusing("gather_lock_update", "projects_gatheritem", "UPDATE", LOCKED, when=locked("OLD")),
        refusing("gather_lock_delete", "projects_gatheritem", "DELETE", LOCKED, when=locked("OLD")),
        refusing("ledger_stays", "projects_budgetledgerentry", "UPDATE", "The ledger is append-only."),
    ]
