"""What of Wagtail is open to people who are not administrators of the site.

Wagtail's admin brings many pages that know no productions: site history prints the label of every record, the admin
API every image title, reports every page. So the list is of what is open, and everything else, pages of later
versions included, is for superusers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found
from wagtail.admin.viewsets import viewsets

from .permissions import RIGHTS, may_enter

OPEN_NAMES = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_logout",
        "wagtailadmin_dismissibles",
        "editorial_search",
        "check_template",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
    }
)
"""Pages about oneself, and our own that scope what they show."""

OPEN_NAMESPACES = frozenset({"wagtailadmin_editing_sessions"})
"""Who else edits the same record: asks the permission policy of the record."""

View = Callable[..., HttpResponse]


def is_open(request: HttpRequest) -> bool:
    """Whether the page may be asked for by people who are not superusers."""
    match = request.resolver_match
    if match is None:
        return False
    if match.view_name in OPEN_NAMES or match.namespace in OPEN_NAMESPACES:
        return True
    if match.view_name == "wagtail_bulk_action":
        return _is_ours(match.kwargs["app_label"], match.kwargs["model_name"])
    return match.namespace in _namespaces_of_records()


def close(view: View) -> View:
    """The view, for superusers unless it is on the list; for others there is no such page."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = request.user
        if not person.is_authenticated or person.is_superuser:
            return view(request, *args, **kwargs)  # Wagtail sends people who are not signed in to do so
        if not may_enter(person):
            # Wagtail would send them to sign in, which they are, and the sign-in page back here.
            raise PermissionDenied("The admin is for people who write or manage in a production.")
        if not is_open(request):
            return page_not_found(request, Exception(), template_name="wagtailadmin/404.html")
        return view(request, *args, **kwargs)

    return gate


def _is_ours(app_label: str, model_name: str) -> bool:
    try:
        return apps.get_model(app_label, model_name) in RIGHTS
    except LookupError:
        return False


def _namespaces_of_records() -> set[str]:
    return {viewset.url_namespace for viewset in viewsets.viewsets if getattr(viewset, "model", None) in RIGHTS}
