"""What the database itself refuses about productions: changing the ledger, and material that is locked."""

from __future__ import annotations

from .triggers import GONE, Rule

GATHERED, LEDGER = "projects_gatheritem", "projects_budgetledgerentry"
LOCKED = "The material of this production is locked: qualification has started."
APPENDED = "The ledger is append-only."


def _locked(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM projects_projectstate WHERE project_id = {row}.project_id "
        "AND gather_locked_at IS NOT NULL)"
    )


RULES = (
    Rule("gather_lock_insert", GATHERED, "INSERT", LOCKED, when=_locked("NEW")),
    Rule("gather_lock_update", GATHERED, "UPDATE", LOCKED, when=_locked("OLD")),
    Rule("gather_lock_delete", GATHERED, "DELETE", LOCKED, when=_locked("OLD")),
    Rule("ledger_stays", LEDGER, "UPDATE", APPENDED),
    Rule(
        "ledger_is_kept", LEDGER, "DELETE", APPENDED,
        when=f"EXISTS (SELECT 1 FROM projects_project WHERE projects_project.id = OLD.project_id AND NOT {GONE})",
    ),
)  # fmt: skip
