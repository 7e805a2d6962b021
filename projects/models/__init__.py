"""The records of a production as a whole."""

from .production import (
    Alert,
    BudgetAccount,
    BudgetLedgerEntry,
    Chapter,
    Event,
    Membership,
    PersonDaySpending,
    Project,
    ProjectState,
    Tracked,
)

__all__ = [
    "Alert",
    "BudgetAccount",
    "BudgetLedgerEntry",
    "Chapter",
    "Event",
    "Membership",
    "PersonDaySpending",
    "Project",
    "ProjectState",
    "Tracked",
]
