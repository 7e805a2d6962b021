"""Records as JSON: their own fields as the models have them, what machines know of them, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Model
from modelcluster.models import get_all_child_relations
from rest_framework import serializers

from dailies.models import Playlist
from projects.models import Project
from prompts.models import PromptTemplate
from scenes.models import CompositeIteration, DialogueLine, GenerationGroup, Shot, Take
from studio.scope import visible

from .counting import COUNTED, Counted
from .fields import ModelSerializer

LISTS: dict[type[Model], tuple[str, ...]] = {
    Shot: ("cast", "lines", "references"),
    Take: ("checks",),
    GenerationGroup: ("attempts",),
    CompositeIteration: ("references",),
    PromptTemplate: ("versions",),
    DialogueLine: ("audio_takes",),
    Playlist: ("entries",),
}
"""Record -> rows of other tables that belong to it and stand in no draft."""

SAID: dict[type[Model], dict[str, str]] = {Shot: {"because": "Why, for those who read the shot's decisions later."}}
"""Record -> words that are told to its verb with a change and are no column of it."""

LONGEST_REASON = 400

HIDDEN = frozenset({
    "latest_revision", "live_revision", "live", "has_unpublished_changes", "first_published_at", "last_published_at",
    "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by", "provider_data", "token", "lease_owner",
    "lease_until", "wakeups", "handled_wakeups", "sent_at", "film_digest",
})  # fmt: skip
"""What belongs to the editorial admin and to the engine, or is a secret."""


class OwnRows(serializers.PrimaryKeyRelatedField):
    """A record by its id, out of those that exist for the person."""

    def get_queryset(self) -> Any:
        """Nothing of a production one is not a member of."""
        rows = super().get_queryset()
        return None if rows is None else visible(rows, self.context["request"].user)


class ProjectBySlug(serializers.SlugRelatedField):
    """A production by its slug."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", **options)

    def get_queryset(self) -> Any:
        """Productions the person is a member of."""
        rows = super().get_queryset()
        return None if rows is None else visible(rows, self.context["request"].user)


class RecordSerializer(ModelSerializer):
    """One record. `?fields=` names the fields wanted, `?expand=` the relations and lists shown in full."""

    serializer_related_field = OwnRows
    verb_keeps_lists: tuple[str, ...] = ()

    def get_validators(self) -> list[Any]:
        """None of DRF's own: the verbs say what is wrong, in sentences."""
        return []

    def build_field(self, field_name: str, info: Any, model_class: Any, nested_depth: int) -> Any:
        """A production is named by its slug; unique fields are checked by the verbs alone."""
        made, options = super().build_field(field_name, info, model_class, nested_depth)
        relation = info.relations.get(field_name)
        if relation is not None and relation.related_model is Project and not relation.to_many:
            kept = {
                name: options[name] for name in ("read_only", "required", "allow_null", "help_text") if name in options
            }
            if not kept.get("read_only"):
                kept["queryset"] = Project.objects.all()
            return ProjectBySlug, kept
        options.pop("validators", None)
        return made, options

    def get_fields(self) -> dict[str, Any]:
        """The fields asked for, and the relations that were to be expanded."""
        fields = super().get_fields()
        view = self.context.get("view")
        if self.parent is None or isinstance(self.parent, serializers.ListSerializer):
            for name in getattr(view, "expanded", ()):
                fields[name] = expansion(self.Meta.model, name)
            wanted = getattr(view, "wanted_fields", ())
            if wanted:
                fields = {name: field for name, field in fields.items() if name in {*wanted, "id"}}
        return fields


@cache
def serializer_of(model: type[Model], *, writing: bool = False) -> type[RecordSerializer]:
    """The serializer of a model: all its columns but HIDDEN ones, and its state table under `state`."""
    columns = [field.name for field in model._meta.concrete_fields if field.name not in HIDDEN]
    columns += [field.name for field in model._meta.many_to_many if field.name not in HIDDEN]
    members: dict[str, Any] = {}
    state = _state_of(model)
    if state is not None and not writing:
        members["state"] = _plain(state, model)(read_only=True)
        columns.append("state")
    for said, words in (SAID.get(model, {}) if writing else {}).items():
        members[said] = serializers.CharField(
            write_only=True, required=False, allow_blank=True, max_length=LONGEST_REASON, help_text=words
        )
        columns.append(said)
    called = f"{model.__name__}{'Write' if writing else ''}"
    meta = type("Meta", (), {"model": model, "fields": columns})
    members["__module__"] = __name__
    name = f"{called}Serializer"
    return type(name, (RecordSerializer,), members | {"Meta": meta})


def lists_in(model: type[Model]) -> dict[str, list[str]]:
    """The ordered lists that belong to a record: name -> what has to be fetched beside it."""
    relations = {relation.get_accessor_name(): relation.related_model for relation in get_all_child_relations(model)}
    relations |= {name: getattr(model, name).rel.related_model for name in LISTS.get(model, ())}
    return {name: [name, *(f"{name}__{inner}" for inner in LISTS.get(row, ()))] for name, row in relations.items()}


def expandable(model: type[Model]) -> list[str]:
    """What `?expand=` may name: relations to other records, and lists."""
    relations = [field.name for field in model._meta.concrete_fields if field.is_relation and field.name not in HIDDEN]
    return sorted({*relations, *lists_in(model), *COUNTED.get(model, ())} - {"created_by"})


def expansion(model: type[Model], name: str) -> serializers.Field:
    """What stands in the answer for an expanded relation or list, or for numbers that are counted."""
    if name in COUNTED.get(model, {}):
        return Counted(name, COUNTED[model][name])
    if name in lists_in(model):
        return _plain(getattr(model, name).rel.related_model, model)(many=True, read_only=True)
    related = model._meta.get_field(name).related_model
    return _plain(related, None)(read_only=True)


@cache
def _plain(model: type[Model], parent: type[Model] | None) -> type[ModelSerializer]:
    """A row as it stands, without what leads back to its parent."""
    back = {field.name for field in model._meta.concrete_fields if parent and field.related_model is parent}
    columns = [field.name for field in model._meta.concrete_fields if field.name not in HIDDEN | back]
    owner = parent.__name__ if parent else "In"
    inner = {
        name: _plain(getattr(model, name).rel.related_model, model)(many=True, read_only=True)
        for name in (LISTS.get(model, ()) if parent else ())
    }
    meta = type("Meta", (), {"model": model, "fields": [*columns, *inner], "ref_name": f"{owner}{model.__name__}"})
    return type(f"{owner}{model.__name__}RowSerializer", (ModelSerializer,), {**inner, "Meta": meta})


def _state_of(model: type[Model]) -> type[Model] | None:
    relation = next((r for r in model._meta.related_objects if r.one_to_one and r.get_accessor_name() == "state"), None)
    return relation.related_model if relation else None


def rows_given(data: Mapping[str, Any], names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Lists sent with a record, as rows for its verb; raises ValidationError naming what is no list of objects."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        if name not in data:
            continue
        rows = data[name]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise serializers.ValidationError({name: "This is a list of objects, in order."})
        found[name] = rows
    return found
