"""What models are asked, and which model makes what."""

from __future__ import annotations

from prompts.models import ModelProfile, PromptTemplate
from studio.editorial.fact_panels import checked_while_typed, history
from studio.editorial.forms import ProfileForm, TemplateForm
from studio.editorial.lists import DraftMark
from studio.editorial.panels import rows
from studio.editorial.viewset import PlainViewSet, RecordViewSet

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
    list_display = ["name", "key", "category", PRODUCTION, "active", DraftMark()]
    related = ("project", "latest_revision")
    ordered_by = ("category", "name")
    filters = ("category", "active")
    search_fields = ["name", "key", "template"]


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
