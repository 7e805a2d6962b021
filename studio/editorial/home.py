"""The front page of the admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from projects.access import visible_projects
from projects.models import Project

from .permissions import holds


class ProductionsPanel(Component):
    """The productions one works on."""

    name = "productions"
    template_name = "wagtailadmin/home/productions.html"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Title, code, status and address of each."""
        person = parent_context["request"].user
        return {
            "productions": [
                {
                    "title": project.title,
                    "code": project.code,
                    "status": project.state.get_status_display(),
                    "url": reverse(_address(person, project), args=[project.pk]),
                }
                for project in visible_projects(person).select_related("state")
            ],
            "add_url": reverse("wagtailsnippets_projects_project:add") if holds(person, "add", Project) else "",
        }


def _address(person: Any, project: Project) -> str:
    page = "edit" if holds(person, "change", Project, project) else "inspect"
    return f"wagtailsnippets_projects_project:{page}"
