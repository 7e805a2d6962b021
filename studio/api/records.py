"""Every record through one kind of view: scoped to one's productions, written by the verbs, guarded by ETags."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import filters, mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from projects.choices import GatherSource
from projects.models import GatherItem, Project
from studio.rights import NOBODY, right_for
from studio.scope import PATHS, SHARED, visible
from studio.verbs import VERBS

from .access import MayUseRecords, allow
from .counting import COUNTED, with_what_is_counted
from .idempotency import KEYED, once
from .problems import Precondition, PreconditionRequired
from .serializers import expandable, lists_in, rows_given, serializer_of

LARGEST_PAGE = 200
LARGEST_NUMBER = 2**63 - 1
ROWS_FOR_VERBS: dict[str, tuple[str, ...]] = {
    "Scene": ("cast", "props", "set_elements", "dialogue", "sound_effects", "references"),
    "Shot": ("cast", "lines"),
    "Project": ("pictures",),
    "Location": ("references", "time_variants", "camera_marks", "lighting_presets"),
    "Prop": ("references",),
    "Style": ("references",),
    "PromptTemplate": ("variables",),
    "StoryBible": ("world_rules", "relationships", "timeline", "consistency_rules", "locations", "glossary"),
}
"""Model -> lists that its verbs take as rows."""

BORN: dict[type[Model], dict[str, Any]] = {GatherItem: {"source": GatherSource.API}}
"""Model -> what is so of its records that come through the API, where the sender says nothing else."""


class Pages(PageNumberPagination):
    """Pages of 50, of 200 at most where a client asks."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE


SPARSE = [
    OpenApiParameter("fields", str, description="Names of the fields wanted, between commas; all where not given."),
    OpenApiParameter("expand", str, description="Relations and lists to show in full, between commas."),
]
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag you read.")


class ReadRecords(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Records to look at."""

    model: type[Model]
    search: tuple[str, ...] = ()
    pagination_class = Pages
    permission_classes = [MayUseRecords]
    filter_backends = [DjangoFilterBackend, filters.OrderingFilter, filters.SearchFilter]
    ordering_fields = "__all__"
    lookup_value_regex = r"\d{1,18}"

    @property
    def search_fields(self) -> tuple[str, ...]:
        """Where `?search=` looks."""
        return self.search

    @property
    def filterset_class(self) -> type[django_filters.FilterSet]:
        """Filters over the record's own columns, and by production."""
        return filters_of(self.model)

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that exist for the person."""
        # A list shows only productions in which the person may see such records; of one record a member is told so.
        right = right_for(self.model, "view") if self.action == "list" else "view"
        rows = visible(self.model._default_manager.all(), self.request.user, right)
        lists = lists_in(self.model)
        counted = COUNTED.get(self.model, {})
        with_it = {name for name in self.expanded if name not in lists and name not in counted}
        with_it |= {"state"} & {r.get_accessor_name() for r in self.model._meta.related_objects}
        with_it |= {"project"} & {field.name for field in self.model._meta.concrete_fields}
        if with_it:  # without a name it would mean every relation
            rows = rows.select_related(*sorted(with_it))
        rows = with_what_is_counted(rows, self.expanded)
        beside = [path for name in self.expanded for path in lists.get(name, ())]
        beside += [field.name for field in self.model._meta.many_to_many]
        return (rows if rows.ordered else rows.order_by("pk")).prefetch_related(*beside)

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        """By the model."""
        return serializer_of(self.model, writing=self.action in {"create", "update", "partial_update"})

    @property
    def expanded(self) -> list[str]:
        """Relations and lists that were asked for in full."""
        return self._named("expand", expandable(self.model))

    @property
    def wanted_fields(self) -> list[str]:
        """Fields that were asked for; empty: all."""
        known = [*serializer_of(self.model).Meta.fields, *self.expanded]
        return self._named("fields", known)

    def _named(self, parameter: str, known: list[str]) -> list[str]:
        request = getattr(self, "request", None)
        text = request.query_params.get(parameter, "") if request is not None else ""
        names = [name.strip() for name in text.split(",") if name.strip()]
        if unknown := [name for name in names if name not in known]:
            raise ValidationError({parameter: f"There is no {unknown[0]!r} here; there are {', '.join(known)}."})
        return names

    @extend_schema(parameters=SPARSE)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The records that exist for you, page by page."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=SPARSE)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One record; its ETag is what a change has to name."""
        record = self.get_object()
        allow(request, "view", self.model, record)
        return Response(self.get_serializer(record).data, headers={"ETag": etag_of(record)})


class WriteRecords(ReadRecords):
    """Records that people write: every change is a verb's."""

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        """What is written has no state."""
        return super().get_serializer_class()

    @extend_schema(parameters=[KEYED])
    @once
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a record."""
        allow(request, "add", self.model, None)
        values, rows = self._values(request)
        parent = _parent_in(self.model, values)
        if parent is not None:
            allow(request, "add", self.model, self.model(**{parent[0]: parent[1]}))
        elif self.model in SHARED and not request.user.is_superuser:
            raise ValidationError({"project": "Name the production it belongs to."})
        born = BORN.get(self.model, {})
        record = VERBS[self.model].create(request.user, {**born, **values, **self._as_verb_takes(rows)})
        return self._answer(record, status=201)

    @extend_schema(parameters=[IF_MATCH])
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change a record: fields that are left out become empty."""
        return self._change(request, partial=False)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the fields that are sent."""
        return self._change(request, partial=True)

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove a record."""
        with transaction.atomic():
            record = self._locked()
            allow(request, "delete", self.model, record)
            VERBS[self.model].remove(request.user, record)
        return Response(status=204)

    def _change(self, request: Request, *, partial: bool) -> Response:
        with transaction.atomic():
            record = self._locked()
            allow(request, "change", self.model, record)
            values, rows = self._values(request, record, partial=partial)
            fixed = PATHS.get(self.model, "pk").split("__")[0].removesuffix("_id")
            if fixed in values and values.pop(fixed) != getattr(record, fixed):
                raise ValidationError({fixed: "A record stays where it was made."})
            changed = VERBS[self.model].change(request.user, record, values | self._as_verb_takes(rows))
            if any(field.name == "updated_at" for field in self.model._meta.concrete_fields):
                self.model._default_manager.filter(pk=changed.pk).update(updated_at=timezone.now())
        return self._answer(changed)

    def _locked(self) -> Model:
        """The record, held against other writers, if it is still what the client has read."""
        record = self.get_object()
        rows = self.model._default_manager.select_for_update(of=("self",))
        record = rows.get(pk=record.pk)
        sent = self.request.headers.get("If-Match", "")
        if not sent:
            raise PreconditionRequired
        if sent != "*" and etag_of(record) not in [one.strip() for one in sent.split(",")]:
            raise Precondition
        return record

    def _values(
        self, request: Request, record: Model | None = None, *, partial: bool = False
    ) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        serializer = self.get_serializer(record, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        data: Mapping[str, Any] = request.data if isinstance(request.data, Mapping) else {}
        return dict(serializer.validated_data), rows_given(data, list(ROWS_FOR_VERBS.get(self.model.__name__, ())))

    def _as_verb_takes(self, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        if self.model.__name__ == "StoryBible":
            return {"parts": rows} if rows else {}
        return rows

    def _answer(self, record: Model, status: int = 200) -> Response:
        fresh = self.get_queryset().get(pk=record.pk)
        data = serializer_of(self.model)(fresh, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"ETag": etag_of(fresh)})


def etag_of(record: Any) -> str:
    """Changes with every change of the record that people make; not with what machines know of it."""
    moment = getattr(record, "updated_at", None) or getattr(record, "created_at", None)
    if moment is None:
        written = [str(field.value_from_object(record)) for field in record._meta.concrete_fields if field.editable]
        return f'"{record.pk}-{hashlib.sha256(json.dumps(written).encode()).hexdigest()[:16]}"'
    return f'"{record.pk}-{int(moment.timestamp() * 1_000_000)}"'


def _parent_in(model: type[Model], values: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The field and the record that say to which production a new record belongs."""
    name = PATHS.get(model, "pk").split("__")[0].removesuffix("_id")
    value = values.get(name)
    return (name, value) if value is not None else None


class WholeNumber(django_filters.NumberFilter):
    """A number that a database can hold: a larger one is refused with a sentence."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"min_value": -LARGEST_NUMBER, "max_value": LARGEST_NUMBER} | options)


def filters_of(model: type[Model]) -> type[django_filters.FilterSet]:
    """`?field=`, `?field__in=`, ranges of numbers and times, words in names, and `?project=slug`."""
    if model not in _filters:
        _filters[model] = _make_filters(model)
    return _filters[model]


_filters: dict[type[Model], type[django_filters.FilterSet]] = {}
SPANS = (models.IntegerField, models.DecimalField, models.DateTimeField, models.DateField)


def _make_filters(model: type[Model]) -> type[django_filters.FilterSet]:
    fields: dict[str, list[str]] = {}
    for field in model._meta.concrete_fields:
        if field.name == "project" or isinstance(field, models.JSONField | models.FileField):
            continue
        if field.is_relation or isinstance(field, models.BooleanField):
            fields[field.name] = ["exact"]
        elif isinstance(field, SPANS):
            fields[field.name] = ["exact", "gte", "lte"]
        elif field.choices:
            fields[field.name] = ["exact", "in"]
        elif field.name in {"name", "title", "heading", "key", "number", "asset_name"}:
            fields[field.name] = ["exact", "icontains"]
    members: dict[str, Any] = {
        "Meta": type("Meta", (), {
            "model": model, "fields": {name: kinds for name, kinds in fields.items() if name != "created_by"},
            "filter_overrides": {
                models.ForeignKey: {"filter_class": WholeNumber}, models.OneToOneField: {"filter_class": WholeNumber},
                models.AutoField: {"filter_class": WholeNumber}, models.IntegerField: {"filter_class": WholeNumber},
            },
        }),
    }  # fmt: skip
    path = PATHS.get(model)
    if path and path != "pk":
        members["project"] = django_filters.CharFilter(
            field_name=f"{path.removesuffix('project_id')}project__slug", label="Slug of the production."
        )
    state = next((r for r in model._meta.related_objects if r.get_accessor_name() == "state"), None)
    if state is not None and any(f.name == "status" for f in state.related_model._meta.concrete_fields):
        members["status"] = django_filters.CharFilter(field_name="state__status", label="Where it stands.")
    return type(f"{model.__name__}ApiFilters", (django_filters.FilterSet,), members)


def viewset_of(model: type[Model], *, search: tuple[str, ...] = ()) -> type[ReadRecords]:
    """A view of a model's records: to be written where there are verbs for it, else to look at."""
    base = WriteRecords if model in VERBS else ReadRecords
    members: dict[str, Any] = {"model": model, "search": search, "queryset": model._default_manager.none()}
    made = type(f"{model.__name__}ViewSet", (base,), members)
    if base is WriteRecords and right_for(model, "delete") == NOBODY and model is not Project:
        made.http_method_names = [name for name in base.http_method_names if name != "delete"]  # type: ignore[attr-defined]
    return made
