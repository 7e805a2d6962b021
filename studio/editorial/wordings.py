"""A prompt template to read: its text, its versions, and the productions that have or may have one of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin

from projects.models import Project
from prompts.actions import override_template, restore_version
from prompts.models import PromptTemplate
from studio.scope import projects_where

from .permissions import holds, right_for


class WordingView(BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """Read a template; make a general one a production's own; make an earlier version the text again."""

    template_name = "wagtailadmin/records/wording.html"
    permission_required = "view"
    header_icon = "edit"
    index_url_name = edit_url_name = ""
    model = PromptTemplate

    def get_page_title(self) -> str:
        """What is read."""
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": "Prompt templates"},
            {"url": "", "label": str(self.object)},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The template as it stands."""
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give a production its own, or go back to a version; what cannot be done is said and changes nothing."""
        number, production = request.POST.get("version", ""), request.POST.get("production", "")
        try:
            if number.isdecimal() and self._may_change:
                restore_version(self.object, int(number[:9]), by=request.user)
                messages.success(request, f"Version {number} is the text again.")
            elif production.isdecimal():
                project = self._productions().filter(pk=production[:18]).first()
                if project is None:
                    raise Http404("There is no such production.")
                own = override_template(self.object, project, by=request.user)
                messages.success(request, f"{project} has its own {own} now: change it here.")
                return redirect(reverse(self.edit_url_name, args=[own.pk]))
            else:
                raise PermissionDenied("Your role here does not allow this: the template was not changed.")
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        return redirect(request.path)

    @property
    def _may_change(self) -> bool:
        return holds(self.request.user, "change", PromptTemplate, self.object)

    def _productions(self) -> Any:
        """Where the person may write a template."""
        if self.object.project_id is not None:
            return Project.objects.none()
        if self.request.user.is_superuser:
            return Project.objects.all()
        return Project.objects.filter(pk__in=projects_where(self.request.user, right_for(PromptTemplate, "add")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The text, its variables and versions, and each production with the template it has."""
        projects = list(self._productions().order_by("title"))
        own = dict(
            PromptTemplate.objects.filter(project__in=projects, key=self.object.key).values_list("project_id", "pk")
        )
        urls = {pk: reverse(self.edit_url_name, args=[template]) for pk, template in own.items()}
        places = [{"project": project, "url": urls.get(project.pk, "")} for project in projects]
        return super().get_context_data(**kwargs) | {
            "object": self.object,
            "variables": self.object.variables.all(),
            "versions": self.object.versions.select_related("by"),
            "places": places,
            "may_change": self._may_change,
            "edit_url": reverse(self.edit_url_name, args=[self.object.pk]) if self._may_change else "",
            "media": forms.Media(),
        }
