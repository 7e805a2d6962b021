"""What may be done to which record: the table that the editorial admin and the API share.

Each deed names the right it takes; who holds a right is said in projects.access alone.
"""

from __future__ import annotations

from django.db.models import Model

from characters.models import Character, CharacterIdentity, CharacterReference, IdentityTest, Look
from dailies.models import Annotation, Playlist, Review, ReviewSession
from media_pipeline.models import MediaAsset, Run
from projects.models import (
    Alert,
    BudgetAccount,
    BudgetLedgerEntry,
    Chapter,
    Correction,
    DepartmentReadiness,
    GatherItem,
    Membership,
    OutgoingWebhook,
    Project,
    QualifiedDocument,
    StoryBible,
    WebhookDelivery,
)
from prompts.models import ModelProfile, PromptTemplate
from scenes.models import (
    CompositeIteration,
    ConsistencyGroup,
    ContinuityCheck,
    GenerationGroup,
    Location,
    Prop,
    Scene,
    Shot,
    Style,
    Take,
    VerificationResult,
)

NOBODY = ""
"""In RIGHTS: not done in the admin, by nobody, superusers included."""

SUPERUSERS = "superusers"
"""In RIGHTS: belongs to the whole site."""

WRITTEN = {"view": "view", "add": "write", "change": "write", "delete": NOBODY}
MADE_BY_MACHINES = {"view": "view", "add": NOBODY, "change": NOBODY, "delete": NOBODY}

RIGHTS: dict[type[Model], dict[str, str]] = {
    # Slugs and scene numbers are never reused: productions are archived and scenes omitted, not deleted.
    Project: WRITTEN | {"change": "manage"},
    Membership: {"view": "view", "add": "manage", "change": "manage", "delete": "manage"},
    Chapter: WRITTEN,
    StoryBible: WRITTEN | {"publish": "manage", "approve": "manage"},
    GatherItem: WRITTEN | {"delete": "write"},
    DepartmentReadiness: MADE_BY_MACHINES,
    QualifiedDocument: MADE_BY_MACHINES,
    Correction: MADE_BY_MACHINES,
    # A secret is shown once, where a webhook is made: its page and the API. The admin only looks.
    OutgoingWebhook: MADE_BY_MACHINES | {"view": "manage"},
    WebhookDelivery: MADE_BY_MACHINES | {"view": "manage"},
    # Every production has one from its first day; people change its limits.
    BudgetAccount: {"view": "spend", "add": NOBODY, "change": "manage", "delete": NOBODY},
    BudgetLedgerEntry: MADE_BY_MACHINES | {"view": "spend"},
    Character: WRITTEN | {"delete": "delete"},
    Look: WRITTEN | {"delete": "write"},
    CharacterReference: WRITTEN | {"delete": "write"},
    CharacterIdentity: WRITTEN | {"add": "generate", "change": "generate"},
    IdentityTest: MADE_BY_MACHINES,
    Scene: WRITTEN | {"approve": "review"},
    Shot: WRITTEN | {"delete": "delete"},
    Location: WRITTEN | {"delete": "write"},
    Prop: WRITTEN | {"delete": "write"},
    Style: WRITTEN | {"delete": "write"},
    ConsistencyGroup: WRITTEN | {"delete": "write"},
    PromptTemplate: WRITTEN | {"delete": "write"},
    CompositeIteration: MADE_BY_MACHINES,
    VerificationResult: MADE_BY_MACHINES,
    ContinuityCheck: MADE_BY_MACHINES,
    GenerationGroup: MADE_BY_MACHINES,
    ModelProfile: {"view": "view", "add": SUPERUSERS, "change": SUPERUSERS, "delete": SUPERUSERS},
    Take: MADE_BY_MACHINES,
    # What is said in the review room is said there, or through the API's actions, and never rewritten.
    Review: MADE_BY_MACHINES,
    Annotation: MADE_BY_MACHINES,
    Playlist: MADE_BY_MACHINES,
    ReviewSession: MADE_BY_MACHINES,
    Run: MADE_BY_MACHINES,
    Alert: MADE_BY_MACHINES,
    MediaAsset: MADE_BY_MACHINES,
}
"""Record -> what Wagtail wants to do -> the right (a key of projects.access.MAY) it takes."""


def right_for(model: type[Model], deed: str) -> str:
    """The right `deed` takes; deeds Wagtail adds later (publish, lock, ...) count as changing."""
    rights = RIGHTS[model]
    return rights.get(deed, rights["change"])
