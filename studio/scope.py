"""Which production a record belongs to, and which records exist for a person."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from characters.models import Character, CharacterIdentity, CharacterReference, IdentityTest, Look
from dailies.models import Annotation, Playlist, Review, ReviewSession
from media_pipeline.models import MediaAsset, Run
from projects.access import MAY, Person
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
from prompts.models import PromptTemplate
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

Record = TypeVar("Record", bound=Model)

PATHS: dict[type[Model], str] = {
    Project: "pk",
    Membership: "project_id",
    Chapter: "project_id",
    StoryBible: "project_id",
    GatherItem: "project_id",
    DepartmentReadiness: "project_id",
    QualifiedDocument: "project_id",
    Correction: "project_id",
    OutgoingWebhook: "project_id",
    WebhookDelivery: "webhook__project_id",
    BudgetAccount: "project_id",
    BudgetLedgerEntry: "project_id",
    Character: "project_id",
    Look: "character__project_id",
    CharacterReference: "character__project_id",
    CharacterIdentity: "character__project_id",
    IdentityTest: "identity__character__project_id",
    Location: "project_id",
    Prop: "project_id",
    Style: "project_id",
    ConsistencyGroup: "project_id",
    PromptTemplate: "project_id",
    Scene: "chapter__project_id",
    Shot: "scene__chapter__project_id",
    CompositeIteration: "shot__scene__chapter__project_id",
    VerificationResult: "shot__scene__chapter__project_id",
    ContinuityCheck: "to_shot__scene__chapter__project_id",
    GenerationGroup: "project_id",
    Take: "shot__scene__chapter__project_id",
    Review: "project_id",
    Annotation: "project_id",
    Playlist: "project_id",
    ReviewSession: "playlist__project_id",
    Run: "project_id",
    Alert: "project_id",
    MediaAsset: "project_id",
}
"""Record -> the way from it to the id of its production. A record that is not here belongs to the whole site."""


SHARED = (PromptTemplate,)
"""Records that belong to one production or, where they name none, to the whole site for everybody to read."""


def project_id_of(record: Model) -> int | None:
    """The id of the production the record belongs to; None for a shared one, KeyError for records of the whole site."""
    value: Any = record
    for part in PATHS[type(record)].split("__"):
        value = getattr(value, part)
    return None if value is None else int(value)


def roles_of(person: Person) -> dict[int, str]:
    """Project id -> the person's role there, asked once per request (the user object lives as long)."""
    if isinstance(person, AnonymousUser) or not person.is_active:
        return {}
    roles: dict[int, str] | None = getattr(person, "_roles_by_project", None)
    if roles is None:
        roles = dict(Membership.objects.filter(person_id=person.pk).values_list("project_id", "role"))
        person._roles_by_project = roles  # type: ignore[attr-defined]
    return roles


def projects_where(person: Person, right: str) -> list[int]:
    """Ids of the productions in which the person's role holds `right` (a key of projects.access.MAY)."""
    return [project_id for project_id, role in roles_of(person).items() if role in MAY[right]]


def visible(queryset: QuerySet[Record], person: Person | None, right: str = "view") -> QuerySet[Record]:
    """The rows of productions in which the person holds `right`; for superusers, and of the whole site, all rows.

    Without a person there are none: a form or list that forgot to say for whom it is shows nothing.
    """
    if person is None:
        return queryset.none()
    path = PATHS.get(queryset.model)
    if path is None or getattr(person, "is_superuser", False):
        return queryset
    # An id list, not a subquery: Wagtail's search refuses filters over relations.
    own = Q(**{f"{path}__in": projects_where(person, right)})
    if queryset.model in SHARED and right == "view":
        own |= Q(**{f"{path}__isnull": True})
    return queryset.filter(own)


def within(queryset: QuerySet[Record], project_id: int | None) -> QuerySet[Record]:
    """The rows of one production (and shared ones); all of them where none is named."""
    path = PATHS.get(queryset.model)
    if project_id is None or path is None:
        return queryset
    of_it = Q(**{path: project_id})
    return queryset.filter(of_it | Q(**{f"{path}__isnull": True}) if queryset.model in SHARED else of_it)
