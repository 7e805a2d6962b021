"""Making two records that are one a single record: characters, locations. Nothing is lost, and it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Model

from characters.models import Character, CharacterIdentity, CharacterReference, CharacterState, Look
from projects.actions import Correcting
from projects.choices import CorrectionKind
from projects.events import emit
from projects.models import Correction, Project
from projects.revisions import follow

from .casting import keep_plans, planned_scenes
from .models import (
    CameraMark,
    DialogueLine,
    LightingPreset,
    Location,
    LocationReference,
    LocationVariant,
    Prop,
    Scene,
    SceneCast,
    ShotCast,
)

OWN = frozenset({
    "id", "project", "name", "aliases", "created_at", "updated_at", "created_by", "latest_revision", "locked",
    "locked_at", "locked_by", "trigger_word", "default_look", "role", "generated_by",
})  # fmt: skip
"""Columns that are not filled in from the record that goes."""


@dataclass
class MergePreview:
    """What merging would do; nothing has been written."""

    keep: Any
    gone: Any
    moved: dict[str, int] = field(default_factory=dict)
    filled: list[str] = field(default_factory=list)
    kept_apart: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What moves, in one sentence."""
        parts = [f"{count} {things}" for things, count in self.moved.items() if count]
        return f"To {self.keep} go {', '.join(parts) if parts else 'no records'} of {self.gone}."


def preview_merge(keep: Any, gone: Any) -> MergePreview:
    """What merging two characters or two locations would do. Raises ValidationError where they cannot be merged."""
    _refuse(keep, gone)
    preview = MergePreview(keep, gone)
    for model, column, words in MOVED[type(keep)]:
        preview.moved[words] = model._default_manager.filter(**{column: gone}).count()
    preview.filled = [str(keep._meta.get_field(name).verbose_name) for name in _filled(keep, gone)]
    preview.kept_apart = [
        str(keep._meta.get_field(name).verbose_name) for name in _texts(keep)
        if getattr(keep, name) and getattr(gone, name) and getattr(keep, name) != getattr(gone, name)
    ]  # fmt: skip
    return preview


MOVED: dict[type[Model], tuple[tuple[type[Model], str, str], ...]] = {
    Character: (
        (SceneCast, "character", "scenes"),
        (ShotCast, "character", "shots"),
        (DialogueLine, "character", "lines"),
        (Look, "character", "looks"),
        (CharacterReference, "character", "references"),
        (CharacterIdentity, "character", "identities"),
        (Prop, "owner", "props"),
    ),
    Location: (
        (Scene, "location", "scenes"),
        (LocationReference, "location", "references"),
        (LocationVariant, "location", "variants"),
        (CameraMark, "location", "camera marks"),
        (LightingPreset, "location", "lighting presets"),
    ),
}
"""Record -> what hangs on it: model, column, and the word for it."""


@transaction.atomic
def merge_characters(keep: Character, gone: Character, *, by: Any = None) -> tuple[Character, Correction]:
    """Make two characters one: everything of `gone` goes to `keep`, its name becomes an alias, it goes itself.

    What `keep` leaves empty is taken from `gone`; texts both have stand one below the other. Returns the character
    and the correction that takes it back. Raises ValidationError for one and the same, or of two productions.
    """
    _refuse(keep, gone)
    Project.objects.select_for_update().only("pk").get(pk=keep.project_id)
    keep, gone = Character.objects.get(pk=keep.pk), Character.objects.get(pk=gone.pk)
    planned = planned_scenes(keep.project_id)
    correcting = Correcting(keep.project_id, CorrectionKind.CHARACTERS, by=by)
    _merge_looks(keep, gone, correcting)
    _merge_references(keep, gone, correcting)
    _merge_identities(keep, gone, correcting)
    scenes = _merge_appearances(keep, gone, correcting)
    for model, column in ((DialogueLine, "character"), (Prop, "owner")):
        _move(model, column, keep, gone, correcting)
    filled = _fill(keep, gone, correcting)
    if not keep.default_look_id and gone.default_look_id:
        filled["default_look"] = gone.default_look_id
        correcting.change(keep, default_look_id=gone.default_look_id)
    _remove(gone, correcting)
    if gone.trigger_word and not keep.trigger_word:  # a word stands for one character, so first the other one goes
        filled["trigger_word"] = gone.trigger_word
        correcting.change(keep, trigger_word=gone.trigger_word)
    keep_plans(planned, correcting)
    _follow([keep, *scenes], filled, by)
    correction = correcting.keep(f"Merged {gone.name} into {keep.name}")
    _tell(keep, gone, "character.merged", correction, by)
    return keep, correction


@transaction.atomic
def merge_locations(keep: Location, gone: Location, *, by: Any = None) -> tuple[Location, Correction]:
    """Make two locations one: `gone`'s scenes, pictures, marks, lights and names go to `keep`.

    What `keep` leaves empty is taken from `gone`; marks and lights of a name that is taken get the place's name
    behind it, and of two descriptions of one time of day both are kept. Returns the location and the correction that
    takes it back. Raises ValidationError for one and the same, or of two productions.
    """
    _refuse(keep, gone)
    Project.objects.select_for_update().only("pk").get(pk=keep.project_id)
    keep, gone = Location.objects.get(pk=keep.pk), Location.objects.get(pk=gone.pk)
    correcting = Correcting(keep.project_id, CorrectionKind.LOCATIONS, by=by)
    scenes = list(Scene.objects.filter(location=gone))
    _move(Scene, "location", keep, gone, correcting)
    _move(LocationReference, "location", keep, gone, correcting)
    for model in (CameraMark, LightingPreset):
        _move_named(model, "location", keep, gone, correcting, longest=80)
    standing = {variant.time_of_day: variant for variant in keep.time_variants.all()}
    for variant in LocationVariant.objects.filter(location=gone):
        same = standing.get(variant.time_of_day)
        if same is None:
            correcting.change(variant, location_id=keep.pk)
            continue
        correcting.change(same, description=_both(same.description, variant.description))
        correcting.remove(variant)
    filled = _fill(keep, gone, correcting)
    _remove(gone, correcting)
    _follow([keep, *scenes], filled, by)
    correction = correcting.keep(f"Merged {gone.name} into {keep.name}")
    _tell(keep, gone, "location.merged", correction, by, scenes=[scene.pk for scene in scenes])
    return keep, correction


def _refuse(keep: Any, gone: Any) -> None:
    thing = keep._meta.verbose_name
    if keep.pk == gone.pk:
        raise ValidationError(f"A {thing} cannot be merged with itself: choose another one.")
    if keep.project_id != gone.project_id:
        raise ValidationError(f"The two {thing}s belong to different productions.")


def _merge_looks(keep: Character, gone: Character, correcting: Correcting) -> None:
    _move_named(Look, "character", keep, gone, correcting, longest=120)


def _merge_references(keep: Character, gone: Character, correcting: Correcting) -> None:
    kinds = CharacterReference.Kind
    taken = {(found.image_id, found.kind) for found in keep.references.all()}
    has_master = any(kind == kinds.MASTER for _, kind in taken)
    for reference in gone.references.all():
        usual = kinds.VIEW if reference.kind == kinds.MASTER and has_master else kinds(reference.kind)
        free = [kind for kind in (usual, kinds.VIEW, kinds.CANDIDATE, kinds.POSE, kinds.KEYSTONE, kinds.EXPRESSION,
                                  kinds.WARDROBE) if (reference.image_id, kind) not in taken]  # fmt: skip
        if not free:
            raise ValidationError(f"A picture of {gone.name} stands at {keep.name} as everything already: remove one.")
        taken.add((reference.image_id, free[0]))
        correcting.change(reference, kind=str(free[0]), character_id=keep.pk)
    states = {state.character_id: state for state in CharacterState.objects.filter(character__in=[keep, gone])}
    mine, other = states[keep.pk], states[gone.pk]
    if mine.master_reference_id is None and other.master_reference_id is not None:
        correcting.change(mine, master_reference_id=other.master_reference_id)
    order = list(CharacterState.Status.values)
    if order.index(other.status) > order.index(mine.status):
        correcting.change(mine, status=other.status)


def _merge_identities(keep: Character, gone: Character, correcting: Correcting) -> None:
    for technique in CharacterIdentity.Technique.values:
        own = CharacterIdentity.objects.filter(character=keep, technique=technique)
        last = own.aggregate(last=Max("version"))["last"] or 0
        moved = CharacterIdentity.objects.filter(character=gone, technique=technique).order_by("version")
        for version, identity in enumerate(moved, start=last + 1):
            correcting.change(identity, character_id=keep.pk, version=version)


def _merge_appearances(keep: Character, gone: Character, correcting: Correcting) -> list[Scene]:
    """Who stands twice in a scene or a shot stands there once; returns the scenes."""
    scenes: dict[int, Scene] = {}
    for model, parent, texts in (
        (SceneCast, "scene_id", ("blocking", "emotion", "business")),
        (ShotCast, "shot_id", ("emotion",)),
    ):
        standing = {getattr(row, parent): row for row in model._default_manager.filter(character=keep)}
        for row in model._default_manager.filter(character=gone).order_by("pk"):
            same = standing.get(getattr(row, parent))
            if isinstance(row, SceneCast):
                scenes[row.scene_id] = row.scene
            if same is None:
                correcting.change(row, character_id=keep.pk, **({} if row.name else {"name": gone.name}))
                standing[getattr(row, parent)] = row
                continue
            joined = {name: _both(getattr(same, name), getattr(row, name)) for name in texts}
            correcting.change(same, **{name: _short(model, name, text) for name, text in joined.items()},
                              **({} if same.look_id else {"look_id": row.look_id}))  # fmt: skip
            correcting.remove(row)
    return list(scenes.values())


def _move(model: type[Model], column: str, keep: Any, gone: Any, correcting: Correcting) -> None:
    for row in model._default_manager.filter(**{column: gone}):
        correcting.change(row, **{f"{column}_id": keep.pk})


def _move_named(model: Any, column: str, keep: Any, gone: Any, correcting: Correcting, *, longest: int) -> None:
    """Rows whose names are unique under their owner: of one that is taken, the owner's name is put behind it."""
    taken = set(model._default_manager.filter(**{column: keep}).values_list("name", flat=True))
    for row in model._default_manager.filter(**{column: gone}):
        name, count = row.name, 1
        while name in taken:
            tail = f" ({gone.name})" if count == 1 else f" ({gone.name} {count})"
            tail = tail[: longest // 2]
            name, count = row.name[: longest - len(tail)] + tail, count + 1
        taken.add(name)
        correcting.change(row, **{f"{column}_id": keep.pk, "name": name})


def _texts(record: Any) -> list[str]:
    return [
        field.name for field in record._meta.concrete_fields
        if isinstance(field, models.TextField) and field.name not in OWN
    ]  # fmt: skip


def _filled(keep: Any, gone: Any) -> list[str]:
    return [
        field.name for field in keep._meta.concrete_fields
        if field.name not in OWN and not getattr(keep, field.attname) and getattr(gone, field.attname)
        and not isinstance(field, models.DecimalField | models.BooleanField)
    ]  # fmt: skip


def _fill(keep: Any, gone: Any, correcting: Correcting) -> dict[str, Any]:
    values: dict[str, Any] = {"aliases": _all_names(keep, gone)}
    for name in _filled(keep, gone):
        values[keep._meta.get_field(name).attname] = getattr(gone, keep._meta.get_field(name).attname)
    for name in _texts(keep):
        if name not in values:
            values[name] = _both(getattr(keep, name), getattr(gone, name))
    correcting.change(keep, **values)
    return values


def _remove(gone: Any, correcting: Correcting) -> None:
    """The record that is merged goes, with the state beside it."""
    if isinstance(gone, Character):
        correcting.remove(CharacterState.objects.get(character=gone))
    correcting.remove(type(gone)._default_manager.get(pk=gone.pk))


def _both(one: str, other: str) -> str:
    if not one or not other or other in one:
        return one or other
    return f"{one}\n\n{other}"


def _short(model: Any, name: str, text: str) -> str:
    longest = model._meta.get_field(name).max_length
    return text.replace("\n\n", ", ")[:longest] if longest else text


def _all_names(keep: Any, gone: Any) -> list[str]:
    names = [*keep.aliases, gone.name, *gone.aliases]
    return list({name.casefold(): name for name in names if name.casefold() != keep.name.casefold()}.values())


def _follow(records: Sequence[Any], fields: dict[str, Any], by: Any) -> None:
    for place, record in enumerate(records):
        fresh = type(record)._default_manager.get(pk=record.pk)
        own = {"location_id": getattr(fresh, "location_id", None)} if isinstance(fresh, Scene) else {}
        follow(fresh, fields if place == 0 else own, by=by)


def _tell(keep: Any, gone: Any, event: str, correction: Correction, by: Any, **more: Any) -> None:
    subject = f"{keep._meta.model_name}:{keep.pk}"
    payload = {"gone": gone.pk, "name": gone.name, "correction": correction.pk, "by": str(by or "")}
    emit(keep.project_id, event, subject, payload | more)
