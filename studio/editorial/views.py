"""What is put in front of every Wagtail view of our records.

Wagtail's generic views check rights per model and fetch rows by primary key from the whole table. A viewset builds
all of its views through `construct_view`, so that is where these classes are mixed in: a view Wagtail adds in a
later version passes through it as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.views import generic
from wagtail.models import TaskState, WorkflowState

from media_pipeline.models import MediaAsset
from projects.choices import Role
from projects.models import Project
from studio.scope import PATHS, project_id_of, roles_of, visible

from .lists import cell, pictures_first
from .permissions import NOBODY, holds, right_for

DEEDS = {"add": "added", "change": "changed", "delete": "deleted"}


class ScopedView:
    """A row of a production one is not a member of is a 404, whatever the view does with it.

    A member whose role does not allow what the view does is sent back with a sentence, and nothing changes.
    """

    look_url_name: str = ""
    """Where a row is read by those who may not change it."""

    record: Model | None = None
    """The row named by the address, None for lists and empty forms."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the row before the view does."""
        if "pk" in kwargs:
            self.record = self._visible_record(request, kwargs["pk"])
            self._only_its_own(kwargs)
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def _only_its_own(self, named: Mapping[str, Any]) -> None:
        """A task or workflow named in the address is this row's; Wagtail takes any that exists."""
        states: Any = None
        if "task_state_id" in named:
            states = TaskState.objects.for_instance(self.record).filter(pk=named["task_state_id"])
        elif "workflow_state_id" in named:
            states = WorkflowState.objects.for_instance(self.record).filter(pk=named["workflow_state_id"])
        if states is not None and not states.exists():
            raise Http404("There is no such task here.")

    def _visible_record(self, request: HttpRequest, pk: Any) -> Model:
        model: Any = self.model  # type: ignore[attr-defined]
        rows = visible(model._default_manager.all(), request.user, right_for(model, "view"))
        try:
            return rows.get(pk=unquote(str(pk)))
        except (model.DoesNotExist, ValueError, ValidationError):
            raise Http404(f"There is no such {model._meta.verbose_name}.") from None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse what the person's role in this row's production does not allow."""
        sentence = self._refusal(request)
        if not sentence:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if self.look_url_name and self.record is not None and request.method == "GET":
            return redirect(reverse(self.look_url_name, args=[self.record.pk]))
        index: str | None = getattr(self, "index_url_name", None)
        if index is None or request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied(sentence)
        messages.error(request, sentence)
        return redirect(reverse(index))

    def _refusal(self, request: HttpRequest) -> str:
        writes = request.method not in {"GET", "HEAD", "OPTIONS"}
        deed: str | None = getattr(self, "permission_required", None) or ("change" if writes else None)
        if self.record is None or deed is None or holds(request.user, deed, type(self.record), self.record):
            return ""
        return refusal(request.user, deed, self.record)

    def user_has_permission(self, permission: str) -> bool:
        """Where there is a row, the question is about this row, not about rows in general."""
        allowed: bool = super().user_has_permission(permission)  # type: ignore[misc]
        if self.record is None:
            return allowed
        return allowed and holds(self.request.user, permission, type(self.record), self.record)  # type: ignore[attr-defined]


def refusal(person: Any, deed: str, record: Model) -> str:
    """Why the person may not do this to the record, as a sentence."""
    what = record._meta.verbose_name
    done = DEEDS.get(deed, "changed")
    if right_for(type(record), deed) == NOBODY:
        return f"A {what} cannot be {done} here."
    project_id = project_id_of(record) if type(record) in PATHS else None
    if project_id is None:
        return f"A {what} belongs to the whole site and can be {done} by its administrators only."
    role = roles_of(person).get(project_id)
    title = Project.objects.values_list("title", flat=True).get(pk=project_id)
    label = Role(role).label if role else "none"
    return f"Your role in {title} ({label}) does not allow this: the {what} was not {done}."


class ScopedList:
    """Lists, their search, filters and exports hold rows of one's own productions only."""

    related: tuple[str, ...] = ()
    """Relations the columns follow, fetched with the rows."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """The rows the list starts from. History views list log entries of one row, which was looked for already."""
        rows: QuerySet[Any] = super().get_base_queryset()  # type: ignore[misc]
        if rows.model is not self.model:  # type: ignore[attr-defined]
            return rows
        right = right_for(rows.model, "view")
        return visible(rows, self.request.user, right).select_related(*self.related)  # type: ignore[attr-defined]


class PicturedList:
    """A list shows pictures before names, asks for what its columns need, and exports cells and not formulas."""

    extras: Mapping[str, Any] = {}
    custom_value_preprocess = generic.IndexView.custom_value_preprocess | {
        (str, dict): {"csv": cell, "xlsx": lambda value: value if isinstance(value, str) else cell(value)},
        list: {"csv": cell, "xlsx": cell},
    }

    @cached_property
    def columns(self) -> list[Any]:
        """The columns in the order they stand."""
        return pictures_first(super().columns)  # type: ignore[misc]

    def get_base_queryset(self) -> QuerySet[Any]:
        """The rows with what the columns need of other tables."""
        rows: QuerySet[Any] = super().get_base_queryset()  # type: ignore[misc]
        return rows.annotate(**self.extras)


class RowButtons:
    """A list offers for each row what one may do to that row."""

    def _may(self, deed: str, record: Model) -> bool:
        return holds(self.request.user, deed, type(record), record)  # type: ignore[attr-defined]

    def get_edit_url(self, instance: Model) -> str | None:
        """Where the row is edited."""
        if self._may("change", instance):
            found: str | None = super().get_edit_url(instance)  # type: ignore[misc]
            return found
        look = getattr(self, "look_url_name", "")
        return reverse(look, args=[instance.pk]) if look else None

    def get_copy_url(self, instance: Model) -> str | None:
        """Where the row is copied."""
        return super().get_copy_url(instance) if self._may("add", instance) else None  # type: ignore[misc]

    def get_delete_url(self, instance: Model) -> str | None:
        """Where the row is deleted."""
        return super().get_delete_url(instance) if self._may("delete", instance) else None  # type: ignore[misc]


class SentencesOfVerbs:
    """What a verb refuses stands on the form like any other mistake."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, or show the form again with the verb's sentences."""
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as problem:
            add_errors(form, problem)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]


def add_errors(form: Any, problem: ValidationError) -> None:
    """Put a verb's errors beside their fields, and those of fields the form does not have above them all."""
    by_field = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for name, sentences in by_field.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


class SentencesOfRemoval:
    """What cannot be removed is said, and stays."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove, or go back to the list with the reason."""
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as problem:
            sentence = " ".join(problem.messages)
        except ProtectedError:
            sentence = "It was not deleted: other records still stand on it."
        messages.error(self.request, sentence)  # type: ignore[attr-defined]
        return redirect(reverse(self.index_url_name))  # type: ignore[attr-defined]


class ShownWithPictures:
    """A page to look at shows files as what they are, and sets of values so that they can be read."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """The value of one field, as people see it."""
        record: Any = self.object  # type: ignore[attr-defined]
        if isinstance(record, MediaAsset) and field_name == "kind":
            return _file(record)
        value = getattr(record, field_name, None)
        if isinstance(value, MediaAsset):
            return _file(value)
        if isinstance(value, (dict, list)) and value:
            return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False, default=str))
        return super().get_field_display_value(field_name, field)  # type: ignore[misc]


def _file(asset: MediaAsset) -> SafeString:
    address, words = reverse("media-file", args=[asset.pk]), f"{asset.get_kind_display()} {asset.pk}"
    shown = {
        MediaAsset.Kind.IMAGE: '<img class="shown-file" src="{}" alt="{}" loading="lazy">',
        MediaAsset.Kind.VIDEO: '<video class="shown-file" src="{}" aria-label="{}" controls preload="none"></video>',
        MediaAsset.Kind.AUDIO: '<audio src="{}" aria-label="{}" controls preload="none"></audio>',
    }.get(MediaAsset.Kind(asset.kind), '<a href="{}">{}</a>')
    return format_html(shown, address, words)


class ScopedChoice:
    """A chooser shows, and hands over, rows of one's own productions only."""

    def get_object_list(self) -> QuerySet[Any]:
        """The rows one can choose from."""
        return visible(super().get_object_list(), self.request.user)  # type: ignore[misc,attr-defined]

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        """The rows that were chosen."""
        numbers = [pk for pk in pks if pk.isdecimal()]
        return visible(super().get_objects(numbers), self.request.user)  # type: ignore[misc,attr-defined]


def scoped(view_class: type, related: tuple[str, ...] = ()) -> type:
    """The view class with everything it needs in front of it."""
    bases: list[type] = [ScopedView]
    if hasattr(view_class, "get_base_queryset"):
        bases.append(ScopedList)
    if issubclass(view_class, generic.IndexView):
        bases += [PicturedList, RowButtons]
    if hasattr(view_class, "save_instance"):
        bases.append(SentencesOfVerbs)
    if issubclass(view_class, generic.InspectView):
        bases.append(ShownWithPictures)
    if issubclass(view_class, generic.DeleteView):
        bases.append(SentencesOfRemoval)
    if hasattr(view_class, "get_object_list") or hasattr(view_class, "get_objects"):
        bases.append(ScopedChoice)
    return type(view_class.__name__, (*bases, view_class), {"related": related, "__module__": __name__})
