"""Renaming a character everywhere: in the script, over speeches, in the cast, in whatever is written about them.

What names somebody (cues, cast, speakers) is certain and always follows. What mentions the name in running text is
shown beforehand, record by record, and may be left as it is: Hope is also a word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Model
from wagtail.models import DraftStateMixin

from characters.models import Character, CharacterIdentity, CharacterReference, Look
from projects.actions import Correcting
from projects.choices import CorrectionKind
from projects.events import emit
from projects.models import (
    BibleLocation,
    Chapter,
    ConsistencyRule,
    Correction,
    GlossaryTerm,
    Project,
    Relationship,
    StoryBible,
    TimelineEvent,
    WorldRule,
)
from projects.revisions import follow

from .models import (
    CameraMark,
    ConsistencyGroup,
    DialogueLine,
    LightingPreset,
    Location,
    LocationReference,
    LocationVariant,
    Prop,
    PropReference,
    Scene,
    SceneCast,
    SceneProp,
    SceneReference,
    SceneState,
    SetElement,
    Shot,
    ShotCast,
    ShotLine,
    ShotReference,
    SoundEffect,
    Style,
    Take,
)
from .names_in_text import NameChange
from .shot_plans import plan_digest, plan_settings

WRITTEN: dict[type[Model], str] = {
    Project: "pk",
    Chapter: "project",
    StoryBible: "project",
    WorldRule: "bible__project",
    Relationship: "bible__project",
    TimelineEvent: "bible__project",
    ConsistencyRule: "bible__project",
    BibleLocation: "bible__project",
    GlossaryTerm: "bible__project",
    Character: "project",
    Look: "character__project",
    CharacterReference: "character__project",
    CharacterIdentity: "character__project",
    Location: "project",
    LocationReference: "location__project",
    LocationVariant: "location__project",
    CameraMark: "location__project",
    LightingPreset: "location__project",
    Prop: "project",
    PropReference: "prop__project",
    Style: "project",
    ConsistencyGroup: "project",
    Scene: "chapter__project",
    SceneCast: "scene__chapter__project",
    SceneProp: "scene__chapter__project",
    SetElement: "scene__chapter__project",
    DialogueLine: "scene__chapter__project",
    SoundEffect: "scene__chapter__project",
    SceneReference: "scene__chapter__project",
    Shot: "scene__chapter__project",
    ShotCast: "shot__scene__chapter__project",
    ShotLine: "shot__scene__chapter__project",
    ShotReference: "shot__scene__chapter__project",
    SceneState: "scene__chapter__project",
}
"""Record that people write about the story in -> the way to its production. Raw material stays as it was gathered."""

NAMES = frozenset({
    (SceneCast, "name"), (ShotCast, "name"), (DialogueLine, "speaker"), (ShotLine, "speaker"), (ShotReference, "name"),
    (Relationship, "from_name"), (Relationship, "to_name"),
})  # fmt: skip
"""Columns that name somebody: certain where they are the name and nothing else."""

NAMES_WITHIN = {
    Shot: ("identity_scales", "composite_plan", "model_overrides", "props_seen"),
    SceneState: ("plan_sides",),
}
"""Lists and mappings that name somebody in one of their values."""

FOUNTAIN = frozenset({(Scene, "screenplay_text"), (Chapter, "script_text")})
"""Text with cues over its speeches."""

NOT_TEXT = frozenset({
    "number", "page", "story_day", "slug", "code", "language", "audience", "genre", "key", "trigger_word", "voice_id",
    "voice_language", "generated_by", "script_name", "script_format", "script_sha256", "prompt", "model", "suffix",
    "knowledge_base", "base_model", "aliases", "frame_rate", "agent", "plan_digest", "planned_by", "error_message",
    "plan_reason", "status", "status_before_omission", "approval", "consent_notes", "style_lut",
})  # fmt: skip
"""Columns in which a name would mean something else, and what machines have written."""

OF_OTHERS = frozenset({(Character, "name")})
"""A longer name that holds this one is somebody else's."""

LINES = frozenset({"themes", "motifs", "overlay_text", "props_worn", "catchphrases", "brand_must", "brand_must_not"})
"""Lists of texts that may mention somebody."""


@dataclass(frozen=True)
class TextChange:
    """One column of one record that changes. `certain` ones are never left out."""

    record: Any = field(repr=False)
    column: str
    after: Any = field(repr=False)
    certain: bool
    excerpt: str
    places: int

    @property
    def key(self) -> str:
        """What names the change in a request, such as scenes.scene:12:synopsis."""
        cues = "#cues" if self.certain and (type(self.record), self.column) in FOUNTAIN else ""
        return f"{self.record._meta.label_lower}:{self.record.pk}:{self.column}{cues}"

    @property
    def where(self) -> str:
        """The record and the column in words."""
        verbose = self.record._meta.get_field(self.column).verbose_name
        kind, name = str(self.record._meta.verbose_name).capitalize(), str(self.record)
        return f"{name if name.startswith(kind) else f'{kind} {name}'}: {verbose}"[:200]


@dataclass
class RenamePreview:
    """What a new name changes; nothing has been written."""

    character: Character
    name: str
    changes: list[TextChange] = field(default_factory=list)
    takes: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def certain(self) -> list[TextChange]:
        """What names the character."""
        return [change for change in self.changes if change.certain]

    @property
    def mentions(self) -> list[TextChange]:
        """What mentions the name in running text; each may be left as it is."""
        return [change for change in self.changes if not change.certain]


def preview_rename(character: Character, name: str) -> RenamePreview:
    """What giving the character another name changes. Reads only, in a fixed number of queries.

    What speaks against it stands in `problems`, in sentences.
    """
    preview = RenamePreview(character, " ".join(name.split()))
    everybody = list(Character.objects.filter(project=character.project_id).exclude(pk=character.pk))
    preview.problems = _problems(character, preview.name, everybody)
    if preview.problems:
        return preview
    names = [known for other in everybody for known in [other.name, *other.aliases]]
    change = NameChange(character.name, preview.name, names)
    for model, path in WRITTEN.items():
        rows = model._default_manager.filter(**{path: character.project_id}).order_by("pk")
        parent = path.rpartition("__")[0]
        for record in rows.select_related(parent) if parent else rows:
            preview.changes += _changes_of(record, change, character)
    _refuse_clashes(preview)
    shots = {shot for shot in (_shot_of(found.record) for found in preview.changes) if shot}
    preview.takes = Take.objects.filter(shot__in=shots).count()
    return preview


@transaction.atomic
def rename_character(
    character: Character, name: str, *, leave: Collection[str] = (), by: Any = None
) -> tuple[Character, Correction]:
    """Give the character another name everywhere; the old one stays as an alias, so that old drafts still find them.

    `leave` holds keys of mentions that stay as they are (`TextChange.key`). Shots stay planned and takes stay; what a
    take was made from says the old name. Returns the character and the correction that takes it back. Raises
    ValidationError with the preview's problems.
    """
    Project.objects.select_for_update().only("pk").get(pk=character.project_id)
    character = Character.objects.get(pk=character.pk)
    preview = preview_rename(character, name)
    if preview.problems:
        raise ValidationError({"name": preview.problems})
    certain = {change.key for change in preview.certain}
    if unknown := [key for key in leave if key in certain]:
        raise ValidationError({"leave": f"{unknown[0]} names {character.name} and cannot be left as it is."})
    old = character.name
    planned = planned_scenes(character.project_id)
    correcting = Correcting(character.project_id, CorrectionKind.RENAMED, by=by)
    columns = _columns(preview, frozenset(leave))
    _change_all(correcting, columns)
    keep_plans(planned, correcting)
    change = NameChange(old, preview.name, _other_names(character))
    _follow_all([record for record, _ in columns], columns, change, frozenset(leave), by)
    correction = correcting.keep(f"Renamed {old} to {preview.name} in {len(columns)} records")
    character.refresh_from_db()
    emit(
        character.project_id, "character.renamed", f"character:{character.pk}",
        {"before": old, "name": character.name, "records": len(columns), "correction": correction.pk,
         "by": str(by or "")},
    )  # fmt: skip
    return character, correction


def _change_all(correcting: Correcting, columns: list[tuple[Any, dict[str, Any]]]) -> None:
    """Write every record; ValidationError where one would get a name that another has already."""
    record: Any = None
    try:
        with transaction.atomic():
            for record, values in columns:
                correcting.change(record, **values)
    except IntegrityError:
        kind = record._meta.verbose_name
        raise ValidationError({
            "name": f"Another {kind} is called {record} already: leave this mention as it is, or rename one of the two."
        }) from None  # fmt: skip


def _problems(character: Character, name: str, everybody: list[Character]) -> list[str]:
    if not name:
        return ["Give the character a name."]
    if len(name) > 120:
        return ["A name has at most 120 letters."]
    if name == character.name:
        return [f"{name} is the name already."]
    for other in everybody:
        if name.casefold() in {known.casefold() for known in [other.name, *other.aliases]}:
            return [f"{name} is {other.name} already: merge the two, or choose another name."]
    return []


def _changes_of(record: Any, change: NameChange, character: Character) -> list[TextChange]:
    model = type(record)
    if model is Character and record.pk == character.pk:
        own = [_name_change(record, change), _alias_change(record, change)]
        return own + _text_changes(record, change)
    return _text_changes(record, change)


def _name_change(character: Character, change: NameChange) -> TextChange:
    return TextChange(character, "name", change.new, True, f"{change.old} becomes {change.new}", 1)


def _alias_change(character: Character, change: NameChange) -> TextChange:
    both = {change.new.casefold(), change.old.casefold()}
    kept = [alias for alias in character.aliases if alias.casefold() not in both]
    return TextChange(character, "aliases", [*kept, change.old], True, f"{change.old} stays as another name", 1)


def _text_changes(record: Any, change: NameChange) -> list[TextChange]:
    found = []
    model = type(record)
    for column in model._meta.concrete_fields:
        name = column.name
        value = getattr(record, column.attname)
        if name in NAMES_WITHIN.get(model, ()):
            after = change.exactly(value)
            if after != value:
                found.append(TextChange(record, name, after, True, change.old, 1))
        elif not value or name in NOT_TEXT or column.choices or (model, name) in OF_OTHERS:
            continue
        elif isinstance(column, models.CharField | models.TextField):
            found += _in_column(record, name, value, change)
        elif name in LINES and isinstance(value, list):
            after = [change.in_text(item) for item in value]
            if after != value:
                found.append(TextChange(record, name, after, False, change.excerpt("; ".join(value)), 1))
    return found


def _in_column(record: Any, name: str, value: str, change: NameChange) -> list[TextChange]:
    model = type(record)
    if (model, name) in NAMES and change.is_it(value):
        return [TextChange(record, name, change.as_written(value), True, value, 1)]
    found = []
    if (model, name) in FOUNTAIN:
        with_cues = change.in_cues(value)
        if with_cues != value:
            spoken = len(change.places(value)) - len(change.places(with_cues))
            found.append(TextChange(record, name, with_cues, True, f"over {spoken} speeches", max(spoken, 1)))
        value = with_cues
    places = change.places(value)
    if places:
        found.append(TextChange(record, name, change.in_text(value), False, change.excerpt(value), len(places)))
    return found


def _refuse_clashes(preview: RenamePreview) -> None:
    shots = {found.record.shot_id for found in preview.certain if isinstance(found.record, ShotCast)}
    changed = [found.record.pk for found in preview.certain if isinstance(found.record, ShotCast)]
    same = ShotCast.objects.filter(shot__in=shots, name__iexact=preview.name).exclude(pk__in=changed)
    for person in same.select_related("shot__scene"):
        preview.problems.append(f"In shot {person.shot} somebody else is called {person.name} already.")
    for found in preview.changes:
        longest = getattr(found.record._meta.get_field(found.column), "max_length", None)
        if longest and isinstance(found.after, str) and len(found.after) > longest:
            preview.problems.append(f"{found.where} would be longer than {longest} letters.")


def _columns(preview: RenamePreview, leave: frozenset[str]) -> list[tuple[Any, dict[str, Any]]]:
    """Record by record what is written. Of text with cues, the mentions stand on what the cues left."""
    chosen: dict[tuple[type, int], tuple[Any, dict[str, Any]]] = {}
    for found in preview.changes:
        if not found.certain and found.key in leave:
            continue
        _, values = chosen.setdefault((type(found.record), found.record.pk), (found.record, {}))
        values[found.column] = found.after
        if isinstance(found.record, Location) and found.column == "name":  # old drafts still find the place
            values["aliases"] = [*found.record.aliases, found.record.name]
    return list(chosen.values())


def planned_scenes(project_id: int) -> list[Scene]:
    """Scenes whose shots are up to date with their text."""
    scenes = Scene.objects.filter(chapter__project=project_id).exclude(state__plan_digest="")
    return [
        scene for scene in scenes.select_related("state", "chapter", "location")
        if scene.state.plan_digest == plan_digest(scene, plan_settings(scene))
    ]  # fmt: skip


def keep_plans(planned: list[Scene], correcting: Correcting) -> None:
    """A name is no reason to plan again: shots that were up to date are so still."""
    fresh = Scene.objects.filter(pk__in=[scene.pk for scene in planned]).select_related("state", "chapter", "location")
    for scene in fresh:
        correcting.change(scene.state, plan_digest=plan_digest(scene, plan_settings(scene)))


def _follow_all(
    records: list[Any], columns: list[tuple[Any, dict[str, Any]]], change: NameChange, leave: frozenset[str], by: Any
) -> None:
    """Revisions of the records and of those whose lists they stand in; drafts get the new name and stay drafts."""
    values = {(type(record), record.pk): written for record, written in columns}
    owners = {(type(owner), owner.pk): owner for record in records for owner in _owners(record)}
    for (model, pk), owner in owners.items():
        fresh = model._default_manager.get(pk=pk)
        if isinstance(fresh, DraftStateMixin) and fresh.has_unpublished_changes:
            _rename_in_draft(fresh, change, leave, by)
        else:
            follow(fresh, values.get((type(owner), pk), {}), by=by)


def _owners(record: Any) -> Iterator[Any]:
    if hasattr(record, "latest_revision_id"):
        yield record
    for name in ("scene", "location", "prop", "bible"):
        owner = getattr(record, name, None) if not isinstance(record, Shot | SceneState | Scene) else None
        if owner is not None and hasattr(owner, "latest_revision_id"):
            yield owner
            return


def _rename_in_draft(record: Any, change: NameChange, leave: frozenset[str], by: Any) -> None:
    draft = record.get_latest_revision_as_object()
    parts = [part for relation in draft.__dict__.get("_cluster_related_objects", {}).values() for part in relation]
    for part in [draft, *parts]:
        for found in _text_changes(part, change):
            if found.certain or found.key not in leave:
                setattr(part, found.column, found.after)
    draft.save_revision(user=by)


def _other_names(character: Character) -> list[str]:
    others = Character.objects.filter(project=character.project_id).exclude(pk=character.pk)
    return [name for other in others for name in [other.name, *other.aliases]]


def _shot_of(record: Any) -> int | None:
    if isinstance(record, Shot):
        return record.pk
    return record.shot_id if isinstance(record, ShotCast | ShotLine | ShotReference) else None
