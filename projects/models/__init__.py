"""The records of a production as a whole."""

from .bible import (
    BibleLocation,
    ConsistencyRule,
    GlossaryTerm,
    Relationship,
    StoryBible,
    TimelineEvent,
    WorldRule,
)
from .gathering import DepartmentReadiness, GatherItem, QualifiedDocument
from .history import Correction
from .money import BudgetAccount, BudgetLedgerEntry, PersonDaySpending
from .news import Alert, Event
from .production import Chapter, Membership, Project, ProjectPicture, ProjectState, RetiredName
from .tracked import Tracked
from .webhooks import OutgoingWebhook, WebhookDelivery, WebhookState

__all__ = [
    "Alert",
    "BibleLocation",
    "BudgetAccount",
    "BudgetLedgerEntry",
    "Chapter",
    "ConsistencyRule",
    "Correction",
    "DepartmentReadiness",
    "Event",
    "GatherItem",
    "GlossaryTerm",
    "Membership",
    "OutgoingWebhook",
    "PersonDaySpending",
    "Project",
    "ProjectPicture",
    "ProjectState",
    "QualifiedDocument",
    "Relationship",
    "RetiredName",
    "StoryBible",
    "TimelineEvent",
    "Tracked",
    "WebhookDelivery",
    "WebhookState",
    "WorldRule",
]
