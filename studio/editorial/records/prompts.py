"""What models are asked, and which model makes what."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from wagtail.admin.ui.tables import BooleanColumn

from prompts.models import ModelProfile, PromptTemplate
from studio.editorial.fact_panels import checked_while_typed, history
from studio.editorial.forms import ProfileForm, TemplateForm
from studio.editorial.lists import DraftMark
from studio.editorial.panels import rows
from studio.editorial.viewset import PlainViewSet, RecordViewSet
from studio.editorial.wordings import WordingView

from .productions import PRODUCTION

VARIABLES = rows("variables", ("name", "required"), "description", ("default", "example"), label="Variable")


class Templates(RecordViewSet):
    """Texts with [variables] that models are asked with."""

    model = PromptTemplate
    icon = "edit"
    menu_label = "Prompt templates"
    copy_view_enabled = False
    form_class = TemplateForm
    fixed = ("project", "key")
    sections = {
        "": ("project", ("name", "key", "category"), "description", "template", checked_while_typed()),
        "Variables": (
            rows("variables", ("name", "required"), "description", ("default", "example"), label="Variable"),
        ),
        "Models": ("model_hints", "active"),
        "History": (history(),),
    }
    tabs = {"Text": ("", "Variables"), "Models": ("Models",), "History": ("History",)}
    list_display = ["name", "key", "category", PRODUCTION, BooleanColumn("active", label="Active"), DraftMark()]
    related = ("project", "latest_revision")
    ordered_by = ("category", "name")
    filters = ("category", "active")
    search_fields = ["name", "key", "template"]

    @property
    def wording_view(self) -> Any:
        """A template to read, for those who may not change it as well."""
        names = {"index_url_name": self.get_url_name("list"), "edit_url_name": self.get_url_name("edit")}
        return self.construct_view(WordingView, model=self.model, **names)

    def get_urlpatterns(self) -> list[URLPattern]:
        """With the page to read one."""
        return [*super().get_urlpatterns(), path("wording/<str:pk>/", self.wording_view, name="wording")]

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Who may not change a template reads it."""
        return super().get_edit_view_kwargs(look_url_name=self.get_url_name("wording"), **kwargs)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The same from the list."""
        return super().get_index_view_kwargs(look_url_name=self.get_url_name("wording"), **kwargs)


class Profiles(PlainViewSet):
    """Which model makes what."""

    model = ModelProfile
    icon = "cogs"
    form_class = ProfileForm
    sections = {
        "": ("name", ("capability", "provider"), "endpoint", "tiers", ("price", "price_unit", "price_date")),
        "Choice": ("parameters", ("preference", "active")),
    }
    list_display = ["name", "capability", "provider", "price", "price_unit", "preference", "active"]
    ordered_by = ("capability", "preference", "name")
    filters = ("provider", "active")
    search_fields = ["name", "endpoint"]
