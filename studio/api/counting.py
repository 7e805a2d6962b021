"""What is counted or resolved for records when it is asked for, and never kept: numbers, usage, direction, outcome.

Each is asked about once for all rows of an answer, in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers

from characters.models import Character
from projects.models import Chapter
from scenes import queries
from scenes.direction import Resolved, know_styles, resolved, resolved_scene, with_direction
from scenes.models import Location, Prop, Scene, Shot, Style, Take

Counting = Callable[[list[Any]], Mapping[int, Any]]
"""Records -> what is said of each, by id."""


def _by_ids(count: Callable[[Iterable[int]], Mapping[int, Any]]) -> Counting:
    return lambda records: count([record.pk for record in records])


def _direction_of_shots(shots: list[Shot]) -> dict[int, dict[str, Resolved]]:
    projects = {shot.scene.chapter.project_id: shot.scene.chapter.project for shot in shots}
    know_styles(projects.values())
    return {shot.pk: resolved(shot, projects[shot.scene.chapter.project_id]) for shot in shots}


def _direction_of_scenes(scenes: list[Scene]) -> dict[int, dict[str, Resolved]]:
    projects = {scene.chapter.project_id: scene.chapter.project for scene in scenes}
    know_styles(projects.values())
    for scene in scenes:
        scene.chapter.project = projects[scene.chapter.project_id]
    return {scene.pk: resolved_scene(scene) for scene in scenes}


COUNTED: dict[type[Model], dict[str, Counting]] = {
    Chapter: {"lengths": _by_ids(queries.lengths_of_chapters)},
    Scene: {"lengths": _by_ids(queries.lengths_of_scenes), "direction": _direction_of_scenes},
    Shot: {"direction": _direction_of_shots, "outcome": _by_ids(queries.outcomes_of_shots)},
    Take: {"qc": _by_ids(queries.qc_of_takes)},
    Character: {"usage": _by_ids(queries.usage_of_characters)},
    Location: {"usage": _by_ids(queries.usage_of_locations)},
    Prop: {"usage": _by_ids(queries.usage_of_props)},
    Style: {"usage": _by_ids(queries.usage_of_styles)},
}
"""Record -> what `?expand=` may name besides its relations and lists -> how it is found."""


def with_what_is_counted(rows: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any]:
    """The rows with what their direction is read from."""
    if "direction" not in names:
        return rows
    return with_direction(rows) if rows.model is Shot else rows.select_related("style", "chapter__project")


class Counted(serializers.Field):
    """What is counted of a record, for all rows of the answer at once."""

    def __init__(self, name: str, count: Counting) -> None:
        super().__init__(source="*", read_only=True)
        self.name, self.count = name, count

    def to_representation(self, record: Model) -> Any:
        """The record's own, out of what was counted for all."""
        root: Any = self.root
        known = root.__dict__.setdefault("_counted", {})
        if self.name not in known:
            rows = [root.instance] if isinstance(root.instance, Model) else list(root.instance)
            known[self.name] = self.count(rows)
        return _as_json(known[self.name].get(record.pk))


def _as_json(value: Any) -> Any:
    """Exact numbers as text, records by their ids, whatever holds names as an object."""
    if isinstance(value, Resolved):
        return {"value": _as_json(value.value), "source": str(value.source)}
    if isinstance(value, Mapping):
        return {name: _as_json(inner) for name, inner in value.items()}
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Fraction | Decimal):
        return str(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: _as_json(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
