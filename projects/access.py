"""Who may do what in a production: the one table that every face asks.

A row of a project that one is not a member of does not exist: looking for it is a 404, never a 403.
A member who lacks the right gets PermissionDenied with a sentence.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from .choices import Role
from .models import Membership, Project

Person = AbstractBaseUser | AnonymousUser

EVERYBODY = frozenset(Role.values)

MAY: dict[str, frozenset[str]] = {
    "view": EVERYBODY,
    "comment": EVERYBODY - {Role.VIEWER},
    "review": frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.EDITOR, Role.REVIEWER}),
    "write": frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.WRITER, Role.ARTIST}),
    "generate": frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.ARTIST}),
    "cut": frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.EDITOR}),
    "spend": frozenset({Role.OWNER, Role.PRODUCER}),
    "manage": frozenset({Role.OWNER, Role.PRODUCER}),
    "delete": frozenset({Role.OWNER}),
}
"""Right -> roles that hold it."""


def role_in(person: Person, project: Project) -> str | None:
    """The person's role in the project; superusers are owners everywhere; None for strangers."""
    if not person.is_authenticated or not getattr(person, "is_active", False):
        return None
    if getattr(person, "is_superuser", False):
        return Role.OWNER
    return Membership.objects.filter(project=project, person_id=person.pk).values_list("role", flat=True).first()


def may(person: Person, project: Project, right: str) -> bool:
    """Whether the person holds `right` (a key of MAY) in the project."""
    return role_in(person, project) in MAY[right]


def visible_projects(person: Person) -> QuerySet[Project]:
    """The projects that exist for this person."""
    if not person.is_authenticated or not getattr(person, "is_active", False):
        return Project.objects.none()
    if getattr(person, "is_superuser", False):
        return Project.objects.all()
    # An id list, not a join: Wagtail's search refuses filters over relations.
    ids = Membership.objects.filter(person_id=person.pk).values_list("project_id", flat=True)
    return Project.objects.filter(pk__in=list(ids))


def project_for(person: Person, slug: str, may: str = "view") -> Project:
    """The project with this slug, if the person holds the right `may` in it.

    Raises Http404 for strangers as for slugs that never were, PermissionDenied for members without the right.
    """
    project = Project.objects.select_related("state").filter(slug=slug).first()
    role = role_in(person, project) if project else None
    if project is None or role is None:
        raise Http404("There is no such production.")
    if role not in MAY[may]:
        raise PermissionDenied(f"Your role in {project.title} ({Role(role).label}) does not allow this ({may}).")
    return project


def guest_rights(*, comment: bool, decide: bool) -> frozenset[str]:
    """What somebody with a guest link may do, to the takes of its playlist and to nothing else."""
    return frozenset({"view"} | ({"comment"} if comment else set()) | ({"review"} if decide else set()))
