"""Search across the productions, in the admin: finds lead to where they are edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.search import SearchArea
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets import viewsets

from projects.access import visible_projects
from studio.search.finding import Find, Kind, search

from .permissions import holds


class SearchView(WagtailAdminTemplateMixin, View):
    """Finds in all productions of the person, or in one (`?production=` its id)."""

    template_name = "wagtailadmin/records/search.html"
    page_title = "Search"
    header_icon = "search"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Look for it."""
        text = request.GET.get("q", "").strip()
        number = request.GET.get("production", "")
        productions = list(visible_projects(request.user).order_by("title"))
        project = next((one for one in productions if str(one.pk) == number), None)
        groups = [
            {"group": group, "finds": [{"find": find, "url": self._address(group.kind, find)} for find in group.finds]}
            for group in search(request.user, text, project)
        ]
        more = {"groups": groups, "text": text, "production": project, "productions": productions}
        return self.render_to_response(self.get_context_data(**more, media=forms.Media()))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and here."""
        return [*self.breadcrumbs_items, {"url": "", "label": "Search"}]

    def _address(self, kind: Kind, find: Find) -> str:
        record = kind.stands_in(find.record)
        viewset = next(v for v in viewsets.viewsets if getattr(v, "model", None) is type(record) and hasattr(v, "icon"))
        names = {pattern.name for pattern in viewset.get_urlpatterns()}
        page = "edit" if "edit" in names and holds(self.request.user, "change", type(record), record) else "inspect"
        return reverse(viewset.get_url_name(page), args=[record.pk])


def search_area() -> SearchArea:
    """What the search field of the menu looks through."""
    return SearchArea("Everything", reverse("editorial_search"), name="everything", icon_name="search", order=1)
