"""Rights in the admin, derived from memberships: the table of projects.access, put into Wagtail's words.

Wagtail asks in two ways: a permission policy per model, and `user.has_perm` with Django's names. Both answers come
from `holds`. A permission given in Django's own tables opens none of these models: the membership is what counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from projects.access import MAY, Person
from projects.models import Membership
from studio.rights import NOBODY, RIGHTS, SUPERUSERS, right_for
from studio.scope import PATHS, project_id_of, roles_of, visible

DEEDS_OF_WAGTAIL = ("publish", "lock", "unlock")
"""Deeds that Wagtail asks for by the names of permissions; what each takes is said in studio.rights."""


def may_enter(person: Person) -> bool:
    """Whether the person may open the admin at all: who writes or manages in any production, and superusers."""
    if getattr(person, "is_superuser", False) and person.is_active:
        return True
    return any(role in MAY["write"] | MAY["manage"] for role in roles_of(person).values())


def holds(person: Person, deed: str, model: type[Model], record: Model | None = None) -> bool:
    """Whether the person may do it to the record, or without a record to any record of the model."""
    right = right_for(model, deed)
    if right == NOBODY or not person.is_active:
        return False
    if getattr(person, "is_superuser", False):
        return True
    if right == SUPERUSERS or not may_enter(person):
        return False
    if model not in PATHS:
        return True
    if record is None or record.pk is None:
        return any(role in MAY[right] for role in roles_of(person).values())
    project_id = project_id_of(record)
    if project_id is None:  # shared by all productions: everybody reads it, the site's administrators write it
        return right == "view"
    return roles_of(person).get(project_id) in MAY[right]


class MembershipPolicy(BasePermissionPolicy):
    """Wagtail's permission policy of one model, answered from memberships."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        """Whether there can be any record to which the person may do it."""
        return holds(user, action, self.model)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        """Whether the person may do it to this record."""
        return holds(user, action, self.model, instance)

    def instances_user_has_any_permission_for(self, user: Person, actions: Iterable[str]) -> QuerySet[Any]:
        """The records to which the person may do at least one of these."""
        rows = self.model._default_manager.all()
        rights = {right_for(self.model, action) for action in actions if holds(user, action, self.model)}
        if not rights:
            return rows.none()
        if user.is_superuser or self.model not in PATHS:  # type: ignore[union-attr]
            return rows
        allowed = rows.none()
        for right in rights:
            allowed = allowed | visible(rows, user, right)
        return allowed

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        """The people who may do at least one of these somewhere."""
        return self._people(actions)

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Model) -> QuerySet[Any]:
        """The people who may do at least one of these to this record."""
        return self._people(actions, project_id_of(instance) if self.model in PATHS else None)

    def _people(self, actions: Iterable[str], project_id: int | None = None) -> QuerySet[Any]:
        rights = {right_for(self.model, action) for action in actions} - {NOBODY}
        roles = set().union(*(MAY[right] for right in rights - {SUPERUSERS}))
        members = Membership.objects.filter(role__in=roles)
        if project_id is not None:
            members = members.filter(project_id=project_id)
        people = get_user_model().objects.filter(is_active=True)
        if not rights:
            return people.none()
        return people.filter(Q(is_superuser=True) | Q(pk__in=members.values("person_id")))


def register_policies() -> None:
    """Tell Wagtail; must happen before anything asks for the policy of one of these models."""
    for model in RIGHTS:
        register_permission_policy(model, MembershipPolicy(model), exact_class=True)


class MembershipBackend(ModelBackend):
    """Signs people in as Django does, and answers `user.has_perm` for the admin and its records from memberships."""

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        """Whether the person holds the permission, written as Django does: "scenes.change_shot"."""
        if not user_obj.is_active:
            return False
        if perm == "wagtailadmin.access_admin":
            return may_enter(user_obj)
        model, deed = _models_by_permission().get(perm, (None, ""))
        if model is None:
            return super().has_perm(user_obj, perm, obj)
        return holds(user_obj, deed, model, obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Whether the person holds any permission in the app."""
        ours = [pair for pair in _models_by_permission().values() if pair[0]._meta.app_label == app_label]
        if not ours:
            return super().has_module_perms(user_obj, app_label)
        return any(holds(user_obj, deed, model) for model, deed in ours)


def _models_by_permission() -> dict[str, tuple[type[Model], str]]:
    return {
        f"{model._meta.app_label}.{deed}_{model._meta.model_name}": (model, deed)
        for model, rights in RIGHTS.items()
        for deed in {*rights, *DEEDS_OF_WAGTAIL}
    }
