"""Who works on a production, and as what."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.access import role_in
from projects.choices import Role
from projects.events import emit
from projects.models import Membership, Project


@transaction.atomic
def add_member(project: Project, person: Any, role: str, *, by: Any = None) -> Membership:
    """Give a person a role in the production, replacing the role they had.

    Owners are made and unmade by owners only, and one always remains; without `by` the site itself does it. Raises
    ValidationError with a sentence.
    """
    if role not in Role.values:
        raise ValidationError(f"{role!r} is not a role; choose one of {', '.join(Role.values)}.")
    before = _role_of(project, person)
    _allow(project, before, role, by=by)
    membership, _ = Membership.objects.update_or_create(
        project=project, person=person, defaults={"role": role}, create_defaults={"role": role, "created_by": by}
    )
    emit(project.pk, "member.changed", f"project:{project.pk}", {"person": person.get_username(), "role": role})
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Any = None) -> None:
    """Take a person out of the production; the last owner stays. Raises ValidationError with a sentence."""
    project, person = membership.project, membership.person
    _allow(project, _role_of(project, person), None, by=by)
    Membership.objects.filter(project=project, person=person).delete()
    emit(project.pk, "member.removed", f"project:{project.pk}", {"person": person.get_username()})


def _role_of(project: Project, person: Any) -> str | None:
    """The person's role, read while the production's row is held: two owners cannot unmake each other at once."""
    Project.objects.select_for_update().get(pk=project.pk)
    return Membership.objects.filter(project=project, person=person).values_list("role", flat=True).first()


def _allow(project: Project, before: str | None, after: str | None, *, by: Any) -> None:
    if by is not None and Role.OWNER in {before, after} and before != after and role_in(by, project) != Role.OWNER:
        raise ValidationError(f"Only an owner of {project.title} can make or unmake an owner.")
    if before == Role.OWNER and after != Role.OWNER:
        owners = Membership.objects.filter(project=project, role=Role.OWNER).count()
        if owners < 2:
            raise ValidationError(f"{project.title} would be without an owner: make somebody else owner first.")
