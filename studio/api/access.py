"""What a request may do: the role of the person in the production, narrowed by the scopes of a token."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from rest_framework.permissions import IsAuthenticated

from projects import access
from projects.access import MAY
from projects.models import Project
from studio.rights import NOBODY, RIGHTS, SUPERUSERS, right_for
from studio.scope import PATHS, project_id_of, roles_of

from .models import ApiToken

SCOPES = tuple(MAY)
"""A token's scopes are rights of projects.access; a person's own rights still decide."""

DEEDS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def in_scope(request: Any, right: str) -> None:
    """Raise PermissionDenied when the request's token was not made for this right."""
    token = request.auth
    if isinstance(token, ApiToken) and right not in token.scopes:
        raise PermissionDenied(f'This token was not made for "{right}": make one with that scope.')


def project_of(request: Any, slug: str, right: str) -> Project:
    """The production, where the person may do this in it; 404 for strangers, 403 for members without the right."""
    project = access.project_for(request.user, slug, may=right)
    in_scope(request, right)
    return project


def allow(request: Any, deed: str, model: type[Model], record: Model | None) -> None:
    """Raise PermissionDenied unless the person may do it to this record (to any, where there is none yet)."""
    right = right_for(model, deed)
    if right == NOBODY:
        raise PermissionDenied(f"A {model._meta.verbose_name} is not {WORDS.get(deed, deed)} through the API.")
    if right == SUPERUSERS:
        if not request.user.is_superuser:
            raise PermissionDenied("Only the site's administrators may do this.")
        in_scope(request, "manage")
        return
    in_scope(request, right)
    if request.user.is_superuser or model not in PATHS or record is None:
        return
    project_id = project_id_of(record)
    if project_id is None and deed != "view":
        raise PermissionDenied("This belongs to all productions: only the site's administrators may change it.")
    if project_id is not None and roles_of(request.user).get(project_id) not in MAY[right]:
        raise PermissionDenied(f"Your role in this production does not allow this ({right}).")


WORDS = {"add": "added", "change": "changed", "delete": "deleted"}


class MayUseRecords(IsAuthenticated):
    """Who is logged in, within the scope for the kind of request; the record itself is asked about by `allow`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Only the person and the token are known yet."""
        if not super().has_permission(request, view):
            return False
        model = getattr(view, "model", None)
        if model in RIGHTS and request.method in ("GET", "HEAD", "OPTIONS"):
            in_scope(request, right_for(model, "view"))
        return True
