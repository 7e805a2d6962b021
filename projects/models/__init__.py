"""The records of a production as a whole."""

from .money import BudgetAccount, BudgetLedgerEntry, PersonDaySpending
from .news import Alert, Event
from .production import Chapter, Membership, Project, ProjectState
from .tracked import Tracked

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
