"""The four tables: which records of a production are rows, what tells them apart, and the verbs that write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Max, Model

from characters.models import Character, Look
from projects.models import Chapter, Project
from prompts.actions import override_template
from prompts.models import PromptTemplate
from prompts.queries import templates_for
from scenes.models import ConsistencyGroup, Location, Scene, Shot, Style
from studio.verbs import VERBS

from .columns import CellProblem, Column, as_text, by_name, columns_of
from .tables import Cell

SHOT_LABEL = re.compile(r"([1-9][0-9]{0,8})([A-Z]{0,6})")
NOT_WRITTEN = frozenset({
    "id", "project", "chapter", "scene", "created_at", "updated_at", "created_by", "latest_revision", "live_revision",
    "live", "has_unpublished_changes", "first_published_at", "last_published_at", "go_live_at", "expire_at", "expired",
    "locked", "locked_at", "locked_by", "overrides", "generated_by",
})  # fmt: skip
"""Columns of the editorial admin and of machines."""

VARIABLE = ("name", "description", "required", "default", "example")
BATCH = 200


class Sheet:
    """One table of one production."""

    model: type[Any]
    key: tuple[str, ...]
    """Columns that tell records apart where no id is given."""

    stays: tuple[str, ...] = ()
    """Columns that say where a record is: it stays there."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def columns(self) -> list[Column]:
        """The columns in their order, the id first."""
        first = Column("id", lambda record: record.pk, _id, "Leave it empty for a new row.")
        return [first, *self.place_columns(), *columns_of(self.model, NOT_WRITTEN, self.named())]

    def place_columns(self) -> list[Column]:
        """Columns that say where a record is."""
        return []

    def named(self) -> dict[str, Column]:
        """Columns whose cells are not the field's plain value."""
        return {}

    def records(self) -> Iterable[Any]:
        """The records in the order of the table, fetched piece by piece."""
        raise NotImplementedError

    def key_of(self, record: Any) -> tuple[Any, ...]:
        """What tells a record apart, as the key columns' values do."""
        return tuple(_folded(getattr(record, name)) for name in self.key)

    def key_in(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The same of a row."""
        return tuple(_folded(values[name]) for name in self.key)

    @cached_property
    def standing(self) -> dict[int, Any]:
        """The records that are there, by id."""
        return {record.pk: record for record in self.records()}

    @cached_property
    def by_key(self) -> dict[tuple[Any, ...], Any]:
        """The records that are there, by what tells them apart."""
        return {self.key_of(record): record for record in self.standing.values()}

    def value_now(self, record: Any, column: Column) -> Any:
        """What the record says in a column, as a cell would be read."""
        return column.value(column.cell(record))

    def create(self, person: Any, values: dict[str, Any]) -> Model:
        """Write a new record with its verb."""
        return VERBS[self.model].create(person, {"project": self.project, **values})

    def change(self, person: Any, record: Any, values: dict[str, Any]) -> Model:
        """Write the changed values with the record's verb."""
        return VERBS[self.model].change(person, record, values)

    def _names(self, model: Any) -> dict[str, Any]:
        found = {}
        for record in model._default_manager.filter(project=self.project):
            for name in [*getattr(record, "aliases", []), record.name]:
                found[name.casefold()] = record
        return found

    @cached_property
    def _locations(self) -> dict[str, Any]:
        return self._names(Location)

    @cached_property
    def _styles(self) -> dict[str, Any]:
        return self._names(Style)

    @cached_property
    def _chapters(self) -> dict[int, Chapter]:
        return {chapter.number: chapter for chapter in Chapter.objects.filter(project=self.project)}

    def _chapter(self, cell: Cell) -> Chapter:
        number = _id(cell)
        if number not in self._chapters:
            known = ", ".join(map(str, sorted(self._chapters))) or "none yet"
            raise CellProblem(f"There is no chapter {as_text(cell) or 'without a number'}; there is {known}.")
        return self._chapters[number]


class Scenes(Sheet):
    """Scenes, told apart by chapter and number."""

    model = Scene
    key = ("chapter", "number")
    stays = ("chapter",)

    def place_columns(self) -> list[Column]:
        """The chapter's number."""
        return [Column("chapter", lambda scene: scene.chapter.number, self._chapter, "Number of the chapter.")]

    def named(self) -> dict[str, Column]:
        """Other records go by their names."""
        return {
            "location": by_name("location", "location", lambda: self._locations),
            "style": by_name("style", "style", lambda: self._styles),
            "prompt_template": by_name("prompt_template", "template", lambda: self._templates, "key"),
            "consistency_groups": Column(
                "consistency_groups", lambda scene: "\n".join(sorted(g.name for g in scene.consistency_groups.all())),
                self._groups_named, "Names of consistency groups, one to a line.",
            ),
        }  # fmt: skip

    def records(self) -> Iterable[Scene]:
        """In the order of the film."""
        rows = Scene.objects.filter(chapter__project=self.project).order_by("chapter__number", "sequence", "pk")
        related = rows.select_related("chapter", "location", "style", "prompt_template")
        return related.prefetch_related("consistency_groups").iterator(BATCH)

    def create(self, person: Any, values: dict[str, Any]) -> Model:
        """A scene without a place of its own goes to the end of its chapter."""
        groups = values.pop("consistency_groups", [])
        if not values.get("sequence"):
            last = Scene.objects.filter(chapter=values["chapter"]).aggregate(last=Max("sequence"))["last"] or 0
            values["sequence"] = last + 1
        scene: Any = VERBS[Scene].create(person, values)
        return VERBS[Scene].change(person, scene, {"consistency_groups": groups}) if groups else scene

    @cached_property
    def _templates(self) -> dict[str, Any]:
        return {template.key: template for template in templates_for(self.project)}

    @cached_property
    def _groups(self) -> dict[str, Any]:
        return self._names(ConsistencyGroup)

    def _groups_named(self, cell: Cell) -> list[ConsistencyGroup]:
        names = [line.strip() for line in as_text(cell).splitlines() if line.strip()]
        if unknown := [name for name in names if name.casefold() not in self._groups]:
            raise CellProblem(f"There is no consistency group called {unknown[0]} in this production.")
        return sorted((self._groups[name.casefold()] for name in names), key=lambda group: group.name)


class Shots(Sheet):
    """Shots, told apart by chapter, scene and number (4 or 4A)."""

    model = Shot
    key = ("scene", "number")
    stays = ("scene",)

    @cached_property
    def columns(self) -> list[Column]:
        """The chapter and the scene say together where a shot is; its number and letters are one column."""
        first, chapter, *rest = super().columns
        return [first, chapter, *(column for column in rest if column.name != "suffix")]

    def place_columns(self) -> list[Column]:
        """The numbers of chapter and scene."""
        return [
            Column("chapter", lambda shot: shot.scene.chapter.number, self._chapter, "Number of the chapter."),
            Column("scene", lambda shot: shot.scene.number, as_text, "Number of the scene."),
        ]

    def named(self) -> dict[str, Column]:
        """The number as people say it, and the style by its name."""
        return {
            "number": Column("number", lambda shot: shot.label, _label, "Such as 4, or 4A."),
            "style": by_name("style", "style", lambda: self._styles),
        }

    def records(self) -> Iterable[Shot]:
        """In the order of the film."""
        rows = Shot.objects.filter(scene__chapter__project=self.project).select_related("scene__chapter", "style")
        return rows.order_by("scene__chapter__number", "scene__sequence", "sequence", "pk").iterator(BATCH)

    def key_of(self, record: Shot) -> tuple[Any, ...]:
        """Its scene and its number with letters."""
        return record.scene_id, record.label

    def key_in(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The scene is one of the chapter the row names."""
        return self.scene_in(values).pk, values["number"]

    def scene_in(self, values: Mapping[str, Any]) -> Scene:
        """The scene a row names; CellProblem where there is none."""
        chapter = values.get("chapter") or (next(iter(self._chapters.values())) if len(self._chapters) == 1 else None)
        if chapter is None:
            raise CellProblem("Say in which chapter the scene is.")
        scene = self._scenes.get((chapter.pk, _folded(values["scene"])))
        if scene is None:
            raise CellProblem(f"There is no scene {values['scene']} in chapter {chapter.number}.")
        return scene

    def create(self, person: Any, values: dict[str, Any]) -> Model:
        """A shot without a place of its own goes to the end of its scene."""
        scene = self.scene_in(values)
        if not values.get("sequence"):
            last = Shot.objects.filter(scene=scene).aggregate(last=Max("sequence"))["last"] or 0
            values["sequence"] = last + 1
        return VERBS[Shot].create(person, _numbered(values) | {"scene": scene})

    def change(self, person: Any, record: Any, values: dict[str, Any]) -> Model:
        """As a person's change: planning leaves it alone."""
        return VERBS[Shot].change(person, record, _numbered(values))

    @cached_property
    def _scenes(self) -> dict[tuple[int, str], Scene]:
        rows = Scene.objects.filter(chapter__project=self.project).select_related("chapter")
        return {(scene.chapter_id, _folded(scene.number)): scene for scene in rows}


class Characters(Sheet):
    """Characters, told apart by their names."""

    model = Character
    key = ("name",)

    def named(self) -> dict[str, Column]:
        """A look goes by its name."""
        return {
            "default_look": Column(
                "default_look", lambda person: person.default_look.name if person.default_look else "",
                lambda cell: as_text(cell).strip(), "Name of one of the character's looks.",
            )
        }  # fmt: skip

    def records(self) -> Iterable[Character]:
        """By their names."""
        return Character.objects.filter(project=self.project).select_related("default_look", "project").order_by("name")

    def create(self, person: Any, values: dict[str, Any]) -> Model:
        """A new character has no looks yet."""
        if values.pop("default_look", ""):
            raise CellProblem("A new character has no looks yet: add the look first, then choose it.")
        return super().create(person, values)

    def change(self, person: Any, record: Any, values: dict[str, Any]) -> Model:
        """The look has to be one of theirs."""
        if name := values.get("default_look"):
            values["default_look"] = Look.objects.filter(character=record, name=name).first()
            if values["default_look"] is None:
                raise CellProblem(f"{record} has no look called {name}.")
        elif "default_look" in values:
            values["default_look"] = None
        return super().change(person, record, values)


class Templates(Sheet):
    """Prompt templates as they hold in the production, told apart by their keys.

    A row that changes a general template makes the production's own one of that key.
    """

    model = PromptTemplate
    key = ("key",)

    def named(self) -> dict[str, Column]:
        """Variables stand behind the template, which uses them."""
        return {}

    @cached_property
    def columns(self) -> list[Column]:
        """Without the id, because a key is one; with the variables."""
        column = Column("variables", lambda template: _json(_variables(template)), _rows, "As JSON, in order.")
        return [*super().columns[1:], column]

    def records(self) -> Iterable[PromptTemplate]:
        """By their keys."""
        return sorted(templates_for(self.project), key=lambda template: template.key)

    def change(self, person: Any, record: Any, values: dict[str, Any]) -> Model:
        """A general template is not changed; the production gets its own."""
        if "template" in values:  # its variables are checked against it, also where the table leaves them out
            values.setdefault("variables", _variables(record))
        if record.project_id is None:
            record = override_template(record, self.project, by=person)
        return super().change(person, record, values)


SHEETS: dict[str, type[Sheet]] = {
    "scenes": Scenes, "shots": Shots, "characters": Characters, "templates": Templates
}  # fmt: skip
"""Name of a table -> the table."""


@dataclass
class Rows:
    """A table ready to be written: its header, then a row per record."""

    sheet: Sheet
    names: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[list[Cell]]:
        columns = [column for column in self.sheet.columns if not self.names or column.name in self.names]
        yield [column.name for column in columns]
        for record in self.sheet.records():
            yield [column.cell(record) for column in columns]


def _id(cell: Cell) -> int:
    text = as_text(cell).strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise CellProblem(f"{text} is not a whole number.")
    return int(text)


def _label(cell: Cell) -> str:
    text = as_text(cell).strip().upper()
    if not SHOT_LABEL.fullmatch(text):
        raise CellProblem(f"{text or 'Nothing'} is not a shot's number, such as 4 or 4A.")
    return text


def _numbered(values: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in values.items() if name not in {"chapter", "scene"}}
    found = SHOT_LABEL.fullmatch(values.get("number", ""))
    return values | ({"number": int(found[1]), "suffix": found[2]} if found else {})


def _folded(value: Any) -> Any:
    return value.strip().casefold() if isinstance(value, str) else value


def _variables(template: Any) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in VARIABLE} for row in template.variables.all()]


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def _rows(cell: Cell) -> list[dict[str, Any]]:
    text = as_text(cell).strip()
    try:
        rows = json.loads(text) if text else []
    except ValueError as problem:
        raise CellProblem(f"This cannot be read as JSON: {problem}.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CellProblem('Write variables as JSON, such as [{"name": "mood", "required": true}].')
    if unknown := {name for row in rows for name in row} - {*VARIABLE}:
        raise CellProblem(f"A variable has no {sorted(unknown)[0]}; it has {', '.join(VARIABLE)}.")
    return rows
