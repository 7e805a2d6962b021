"""How records stand in lists: their picture, where they stand, what may be filtered, and what is exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.encoding import force_str
from django.utils.text import capfirst
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from projects.access import visible_projects
from projects.models import Chapter
from studio.scope import PATHS, visible
from studio.templatetags.film import amount

from .facts import tone_of

RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would compute instead of show (OWASP, CSV injection)."""

MIXINS = (RevisionMixin, DraftStateMixin, LockableMixin, WorkflowMixin)


class Picture(Column):
    """The picture a record is known by; it stands before the name. `accessor` gives the id of its media asset."""

    cell_template_name = "wagtailadmin/records/picture_cell.html"

    def __init__(self, accessor: str | Callable[[Any], int | None]) -> None:
        super().__init__("picture", label="Picture", accessor=accessor, width="7rem")


class Standing(Column):
    """A closed value in words, with the mark of its tone."""

    cell_template_name = "wagtailadmin/records/standing_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """The word and its tone; nothing where the record has no such state."""
        context = super().get_cell_context_data(instance, parent_context)
        value, owner = context["value"], instance
        *path, name = str(self.accessor).split(".")
        for part in path:
            owner = getattr(owner, part, None)
        display = getattr(owner, f"get_{name}_display", None)
        return context | {"words": display() if display else value, "tone": tone_of(value)}


class DraftMark(Column):
    """Whether somebody has written a draft over what holds, or the record waits for approval."""

    cell_template_name = "wagtailadmin/records/draft_cell.html"

    def __init__(self) -> None:
        super().__init__("has_unpublished_changes", label="Draft", sort_key="has_unpublished_changes")


def standing(accessor: str = "state.status", label: str = "Status") -> Standing:
    """The column of a state that stands in another table, sortable."""
    return Standing(accessor.replace(".", "_"), label=label, accessor=accessor, sort_key=accessor.replace(".", "__"))


def production_column(path: str = "project") -> Column:
    """The production a record belongs to, by its way there (`chapter__project`), sortable by title."""
    return Column(
        "production", label="Production", accessor=path.replace("__", "."), sort_key=f"{path}__title", classname="faint"
    )


def sortable(name: str, label: str = "", accessor: str = "", sort_key: str = "") -> Column:
    """A column that sorts by its own value."""
    return Column(
        name, label=label or capfirst(name.replace("_", " ")), accessor=accessor or name, sort_key=sort_key or name
    )


def amount_column(name: str, label: str = "") -> Column:
    """An amount of money with the record's currency; nothing where there is none."""

    def words(record: Any) -> str:
        value = getattr(record, name)
        return "" if value is None else amount(value, record.currency)

    return Column(name, label=label or capfirst(name.replace("_", " ")), accessor=words, sort_key=name)


def first_picture(rows: QuerySet[Any], to_record: str, field: str) -> Subquery:
    """The picture of the first of `rows` that points to the record of the list."""
    return Subquery(rows.filter(**{to_record: OuterRef("pk"), f"{field}__isnull": False}).values(field)[:1])


def pictures_first(columns: list[Any]) -> list[Any]:
    """Columns with the picture before the name."""
    pictures = [column for column in columns if isinstance(column, Picture)]
    others = [column for column in columns if not isinstance(column, Picture)]
    boxes = [column for column in others if column.name == "bulk_actions"]
    return [*boxes, *pictures, *(column for column in others if column not in boxes)]


def filters_for(model: type[Model], names: tuple[str, ...]) -> type[WagtailFilterSet]:
    """Filters over the fields named, by production, chapter and state; only what one may see is offered."""
    members: dict[str, Any] = {"Meta": type("Meta", (), {"model": model, "fields": []})}
    path = PATHS.get(model, "pk")
    if path != "pk":
        members["production"] = django_filters.ModelChoiceFilter(
            field_name=path, label="Production", queryset=_productions, empty_label="All productions"
        )
    chapter = {"chapter__project_id": "chapter", "scene__chapter__project_id": "scene__chapter"}.get(path)
    if chapter:
        members["chapter"] = django_filters.ModelChoiceFilter(
            field_name=chapter, label="Chapter", queryset=_chapters, empty_label="All chapters"
        )
    for name in (*_states(model), *names):
        members[name.split("__")[-1]] = _filter_of(model, name)
    if issubclass(model, DraftStateMixin):
        members["draft"] = django_filters.BooleanFilter(
            field_name="has_unpublished_changes", label="Has a draft", widget=forms.Select(choices=YES_OR_NO)
        )
    return type(f"{model.__name__}Filters", (WagtailFilterSet,), members)


YES_OR_NO = [("", "Either"), ("true", "Yes"), ("false", "No")]


def _filter_of(model: type[Model], name: str) -> django_filters.Filter:
    field = _field_at(model, name)
    label = capfirst(str(field.verbose_name))
    if choices := list(getattr(field, "flatchoices", [])):
        return django_filters.MultipleChoiceFilter(
            field_name=name, label=label, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return django_filters.BooleanFilter(field_name=name, label=label, widget=forms.Select(choices=YES_OR_NO))


def _states(model: type[Model]) -> list[str]:
    """Closed values of the record's state table that people look for."""
    try:
        state: Any = model._meta.get_field("state").related_model
    except FieldDoesNotExist:
        return []
    if state is None or not hasattr(state, "_meta"):
        return []
    held = {field.name for field in state._meta.get_fields()}
    return [f"state__{name}" for name in ("status", "approval") if name in held]


def _field_at(model: type[Model], path: str) -> Field[Any, Any]:
    *relations, name = path.split("__")
    at: Any = model
    for relation in relations:
        at = at._meta.get_field(relation).related_model
    field: Field[Any, Any] = at._meta.get_field(name)
    return field


def _productions(request: HttpRequest | None) -> QuerySet[Any]:
    return visible_projects(request.user if request else AnonymousUser()).order_by("title")


def _chapters(request: HttpRequest | None) -> QuerySet[Any]:
    person = request.user if request else AnonymousUser()
    return visible(Chapter.objects.select_related("project"), person).order_by("project__title", "number")


def exported(model: type[Model], related: tuple[str, ...]) -> list[str]:
    """What of a record stands in its export: everything people write, in words, and where it stands.

    Other records are named where the list follows them anyway, so that an export takes no query per row.
    """
    left_out = {field.name for mixin in MIXINS for field in mixin._meta.get_fields()} | {"created_by"}
    followed = {path.split("__")[0] for path in related}
    names = []
    for field in model._meta.concrete_fields:
        if field.name in left_out or (isinstance(field, ForeignKey) and field.name not in followed):
            continue
        names.append(f"get_{field.name}_display" if getattr(field, "choices", None) else field.name)
    if "state" in followed and (states := _states(model)):
        names += [f"state.get_{path.split('__')[-1]}_display" for path in states]
    return names


def headings(model: type[Model], names: list[str]) -> dict[str, str]:
    """The headings of an export: what the fields are called."""
    found = {}
    for name in names:
        *relations, last = name.split(".")
        path = "__".join([*relations, last.removeprefix("get_").removesuffix("_display")])
        found[name] = capfirst(str(_field_at(model, path).verbose_name))
    return found


def as_text(value: str) -> str:
    """A cell that a spreadsheet shows and does not compute."""
    return f"'{value}" if value.startswith(RUNS_IN_A_SPREADSHEET) else value


def cell(value: Any) -> Any:
    """A value of a record as a cell of a CSV."""
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, list):
        return as_text("; ".join(force_str(item) for item in value))
    if isinstance(value, dict):
        return as_text("; ".join(f"{name}: {held}" for name, held in value.items()))
    return partial(force_str, strings_only=True)(value)
