"""Viewsets whose every view is scoped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, Panel, TabbedInterface
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from .choosers import ScopedChooserViewSet
from .comments import CommentsView
from .forms import RecordForm
from .help_words import help_with
from .lists import exported, filters_for, headings
from .panels import AlwaysOpen, Entry, FoldedWhenEmpty, names_in
from .views import scoped

Sections = dict[str, tuple[Entry, ...]]


class ScopedViewSetMixin:
    """What all our viewsets have in common; `model` is a key of permissions.RIGHTS."""

    model: type[Model]
    sections: Sections = {}
    """Heading -> fields under it, in the order of the form; names in a tuple of their own stand in one row.

    Those under "" stand open, without a heading.
    """
    open_sections: tuple[str, ...] = ()
    """Headings that stand open though nothing is written under them."""
    tabs: Mapping[str, tuple[str, ...]] = {}
    """Tab -> headings of the sections on it, in the order people think; empty: one page."""
    fixed: tuple[str, ...] = ()
    """Fields that are written once."""
    left_out_when_new: tuple[str, ...] = ()
    """Fields a new record gets by itself."""
    form_class: type[RecordForm] = RecordForm
    machine_made: frozenset[str] = frozenset()
    """Fields of the record that an import or another machine writes."""
    related: tuple[str, ...] = ()
    """Relations the columns of the list follow."""
    filters: tuple[str, ...] = ()
    ordered_by: tuple[str, ...] = ()
    """The order of the list while nobody has chosen another; empty: the model's own."""
    extras: Mapping[str, Any] = {}
    """What the list asks the database for besides the rows: name -> expression."""

    list_per_page = 50
    inspect_view_enabled = True
    add_to_reference_index = False  # every save of a machine would be read and indexed
    search_backend_name = None

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        """Put the scope in front of the view."""
        return super().construct_view(scoped(view_class, self.related), **kwargs)  # type: ignore[misc]

    @cached_property
    def filterset_class(self) -> type[WagtailFilterSet]:
        """Filters over the fields named, by production and state; only one's own are offered."""
        return filters_for(self.model, self.filters)

    @cached_property
    def list_export(self) -> list[str]:
        """What of a record stands in the list's spreadsheets."""
        return exported(self.model, self.related)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The list, with its order and the headings of its export."""
        more = {
            "export_headings": headings(self.model, self.list_export),
            "default_ordering": self.ordered_by or None,
            "extras": self.extras,
        }
        return super().get_index_view_kwargs(**more, **kwargs)  # type: ignore[misc]

    def get_edit_handler(self) -> Panel:
        """The form of a new record."""
        return self._handler(new=True)

    @cached_property
    def _update_handler(self) -> Panel:
        return self._handler(new=False)

    def _handler(self, new: bool) -> Panel:
        def field(name: str) -> Panel:
            return FieldPanel(name, read_only=not new and name in self.fixed, help_text=help_with(self.model, name))

        sections = self.sections | self._the_rest()
        left_out = self.left_out_when_new if new else ()
        groups = {
            heading: self._group(heading, tuple(e for e in entries if e not in left_out), field)
            for heading, entries in sections.items()
        }
        form = self.form_class if new else type("ChangeForm", (self.form_class,), {"fixed": self.fixed})
        if not self.tabs:
            panels = [panel for group in groups.values() for panel in group]
            return ObjectList(panels, base_form_class=form).bind_to_model(self.model)
        placed = {heading for headings in self.tabs.values() for heading in headings}
        left = tuple(heading for heading in sections if heading not in placed)
        first, *_ = self.tabs
        pages = []
        for tab, titles in self.tabs.items():
            shown = (*titles, *left) if tab == first else titles
            pages.append(ObjectList([panel for heading in shown for panel in groups[heading]], heading=tab))
        return TabbedInterface(pages, base_form_class=form).bind_to_model(self.model)

    def _group(self, heading: str, entries: tuple[Entry, ...], field: Callable[[str], Panel]) -> list[Panel]:
        def panel(entry: Entry) -> Panel:
            if isinstance(entry, Panel):
                return entry
            return field(entry) if isinstance(entry, str) else FieldRowPanel([field(name) for name in entry])

        panels = [panel(entry) for entry in entries]
        if heading and any(isinstance(entry, Panel) for entry in entries):
            return panels  # a list inside a record has a heading of its own
        if not heading:
            return panels
        kind = AlwaysOpen if heading in self.open_sections else FoldedWhenEmpty
        return [kind(panels, heading=heading, entries=entries)]

    def _the_rest(self) -> Sections:
        """Fields that people write and no section names: none is ever out of reach."""
        named = {name for entries in self.sections.values() for entry in entries for name in names_in(entry)}
        rest = tuple(
            field.name
            for field in self.model._meta.fields
            if field.editable and not field.primary_key and field.name not in named | self.machine_made
        )
        return {"More": rest} if rest else {}

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Editing shows what is fixed without offering to change it."""
        panel = self._update_handler
        return super().get_edit_view_kwargs(panel=panel, form_class=panel.get_form_class(), **kwargs)  # type: ignore[misc]


class RecordViewSet(ScopedViewSetMixin, SnippetViewSet):
    """A record that people write, talk about and go back to."""

    chooser_viewset_class = ScopedChooserViewSet

    @property
    def preview_on_edit_view(self) -> Any:
        """The preview of a record that stands reads the form that edits it: what is fixed is not asked again."""
        return self.construct_view(
            self.preview_on_edit_view_class, model=self.model, form_class=self._update_handler.get_form_class()
        )

    @property
    def comments_view(self) -> Any:
        """What people say about a record."""
        names = {"index_url_name": self.get_url_name("list"), "edit_url_name": self.get_url_name("edit")}
        return self.construct_view(CommentsView, model=self.model, **names)

    def get_urlpatterns(self) -> list[URLPattern]:
        """With the comments."""
        return [*super().get_urlpatterns(), path("comments/<str:pk>/", self.comments_view, name="comments")]


class PlainViewSet(ScopedViewSetMixin, ModelViewSet):
    """A plain table that people change now and then."""

    copy_view_enabled = False


class MachineViewSet(ScopedViewSetMixin, ModelViewSet):
    """What machines write: a list and a page to look at."""

    copy_view_enabled = False
    SHOWN = frozenset({"index", "index_results", "inspect"})

    def get_urlpatterns(self) -> list[URLPattern]:
        """The addresses that only show."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.SHOWN]

    def get_edit_handler(self) -> None:
        """There is no form."""
        return

    def get_form_class(self, for_update: bool = False) -> None:
        """There is no form."""
        return
