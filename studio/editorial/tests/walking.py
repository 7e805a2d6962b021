"""Every address of the admin, found rather than listed, and what the database holds before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.urls import URLPattern, URLResolver, reverse
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.models import EditingSession
from wagtail.admin.viewsets import viewsets
from wagtail.models import ReferenceIndex
from wagtail.users.models import UserProfile

from studio.rights import RIGHTS

UNTOUCHED_BY_RECORDS = {Session, ContentType, Permission, EditingSession, UserProfile, ReferenceIndex}
"""Tables that looking at a page may write to."""


@dataclass(frozen=True)
class Page:
    """One address of one viewset."""

    model: Any
    name: str
    url: str
    of_a_row: bool

    def __str__(self):
        return f"{self.model.__name__}-{self.name}-{self.url}"


def pages_of_viewsets(record_of) -> list[Page]:
    """Every address of every viewset of our models; `record_of(model)` is the row that stands in them."""
    pages = []
    for viewset in viewsets.viewsets:
        model = getattr(viewset, "model", None)
        if model not in RIGHTS:
            continue
        for pattern in viewset.get_urlpatterns():
            wanted = {name: fill(name) for name in arguments(pattern)}
            if "pk" in wanted:
                wanted["pk"] = record_of(model).pk
            if "revision_id" in wanted:
                wanted["revision_id"] = getattr(record_of(model), "latest_revision_id", None) or 1
            url = reverse(viewset.get_url_name(pattern.name), kwargs=wanted)
            pages.append(Page(model, pattern.name, url, "pk" in wanted))
    return pages


def arguments(pattern: URLPattern) -> list[str]:
    """Names of what the address takes."""
    regex = pattern.pattern.regex
    return [*getattr(pattern.pattern, "converters", {}), *(set(regex.groupindex) - set(pattern.pattern.converters))]


def fill(name: str) -> Any:
    """Something to put in an address: revisions by their words, everything else a number."""
    words = {"revision_id_a": "earliest", "revision_id_b": "latest", "action_name": "approve"}
    return words.get(name, 1)


def all_admin_names() -> list[tuple[str, list[str]]]:
    """(name, arguments) of every named address under the admin, those of Wagtail's own parts included."""
    return sorted(_names(wagtailadmin_urls.urlpatterns, "", []))


def _names(patterns, prefix, inherited):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            above = list(getattr(pattern.pattern, "converters", {}))
            yield from _names(pattern.url_patterns, inner, inherited + above)
        elif pattern.name:
            yield prefix + pattern.name, inherited + arguments(pattern)


def snapshot() -> dict[str, list[tuple]]:
    """Every row of every table that is not about sessions."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model not in UNTOUCHED_BY_RECORDS and not model._meta.proxy and model._meta.managed
    }
