"""What the product tells Wagtail; found by Wagtail itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.actions.registry import ActionRegistry
from wagtail.snippets.models import register_snippet

from .bulk import ACTIONS, DeleteRecords
from .choosers import media_chooser
from .comments import register_log_actions
from .home import FrontPage
from .records import GROUPS
from .saving import register_actions
from .searching import SearchView, search_area
from .template_check import check_template

for group in GROUPS:
    register_snippet(group)

UNUSED = frozenset({"explorer", "snippets"})
"""The product has no pages, and its records have a menu of their own."""

OF_THE_SITE = frozenset({"images", "documents", "reports", "settings", "help"})
"""Not scoped to productions: for superusers."""


@hooks.register("register_admin_viewset")
def _choosers() -> Any:
    return media_chooser


@hooks.register("register_actions")
def _actions(registry: ActionRegistry) -> None:
    register_actions(registry)


@hooks.register("insert_global_admin_css")
def _css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/editorial.css"))


@hooks.register("register_admin_urls")
def _pages() -> list[Any]:
    return [
        path("search/", SearchView.as_view(), name="editorial_search"),
        path("check-template/", check_template, name="check_template"),
    ]


hooks.register("register_admin_search_area", search_area)
hooks.register("register_log_actions", register_log_actions)


@hooks.register("insert_editor_js")
def _js() -> str:
    return format_html('<script src="{}" defer></script>', static("js/template-check.js"))


@hooks.register("construct_main_menu")
def _menu(request: HttpRequest, items: list[Any]) -> None:
    hidden = UNUSED if getattr(request.user, "is_superuser", False) else UNUSED | OF_THE_SITE
    items[:] = [item for item in items if item.name not in hidden]


@hooks.register("construct_homepage_panels")
def _home(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [FrontPage()]


@hooks.register("construct_homepage_summary_items")
def _summary(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


# After Wagtail's own of the same name, which it replaces.
@hooks.register("register_bulk_action", order=1000)
class _DeleteRecords(DeleteRecords):
    pass


for action in ACTIONS:
    hooks.register("register_bulk_action", action)
