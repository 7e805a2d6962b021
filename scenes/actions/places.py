"""Verbs of locations, props, styles and consistency groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.actions.rows import replace_children
from projects.actions.writing import changed_fields, pending_lists, write
from projects.events import emit
from projects.models import Project
from projects.revisions import follow
from scenes.models import ConsistencyGroup, Location, Prop, Scene, Style

Place = TypeVar("Place", Location, Prop, Style, ConsistencyGroup)

CHILDREN: dict[type, tuple[str, ...]] = {
    Location: ("references", "time_variants", "camera_marks", "lighting_presets"),
    Prop: ("references",),
    Style: ("references",),
    ConsistencyGroup: (),
}
"""Record -> the lists it holds; each is written as a whole."""

SUBJECT = {Location: "location", Prop: "prop", Style: "style", ConsistencyGroup: "consistency_group"}


@transaction.atomic
def create_location(project: Project, *, by: Any = None, **fields: Any) -> Location:
    """Add a location; lists such as references are given as rows. Raises ValidationError by field."""
    return _create(Location(project=project, created_by=by), fields, by)


@transaction.atomic
def create_prop(project: Project, *, by: Any = None, **fields: Any) -> Prop:
    """Add a prop; references are given as rows. Raises ValidationError by field."""
    return _create(Prop(project=project, created_by=by), fields, by)


@transaction.atomic
def create_style(project: Project, *, by: Any = None, **fields: Any) -> Style:
    """Add a style; one that becomes the production's takes the place of the one before. Raises ValidationError."""
    return _create(Style(project=project, created_by=by), fields, by)


@transaction.atomic
def create_consistency_group(
    project: Project, *, scenes: Iterable[Scene] = (), by: Any = None, **fields: Any
) -> ConsistencyGroup:
    """Say what has to look the same, and in which scenes."""
    group = _create(ConsistencyGroup(project=project, created_by=by), fields, by)
    for scene in scenes:
        if scene.chapter.project_id != project.pk:
            raise ValidationError(f"{scene} belongs to another production.")
        scene.consistency_groups.add(group)
        scene.save()
    return group


@transaction.atomic
def change_place(record: Place, *, by: Any = None, **fields: Any) -> Place:
    """Change a location, prop, style or consistency group; raises ValidationError by field."""
    rows: dict[str, Any] = {name: fields.pop(name) for name in CHILDREN[type(record)] if name in fields}
    fields = changed_fields(record, fields)
    changed = {*fields, *rows, *pending_lists(record)}
    if not changed:
        return record
    _make_room_for_project_style(record, fields)
    write(record, fields, record.project_id)
    for name, values in rows.items():
        replace_children(record, name, values, record.project_id)
    follow(record, fields, by=by)
    subject = SUBJECT[type(record)]
    emit(
        record.project_id, f"{subject}.changed", f"{subject}:{record.pk}",
        {"fields": sorted(changed), "by": str(by or "")},
    )  # fmt: skip
    return record


@transaction.atomic
def remove_place(record: Place, *, by: Any = None) -> None:
    """Delete a location, prop, style or consistency group; scenes keep their own words for it."""
    pk, subject = record.pk, SUBJECT[type(record)]
    record.delete()
    emit(record.project_id, f"{subject}.removed", f"{subject}:{pk}", {"name": record.name, "by": str(by or "")})


@transaction.atomic
def meet_locations(project: Project, names: Mapping[str, str]) -> dict[str, Location]:
    """Make sure every place of a script has a record; returns them by the name the script uses.

    `names` maps a slugline's place to INT, EXT, INT/EXT or "". Known names and aliases are left as people wrote them.
    """
    known: dict[str, Location] = {}
    for location in Location.objects.filter(project=project):
        for name in [*location.aliases, location.name]:
            known[name.upper()] = location
    for name, int_ext in names.items():
        if name and name.upper() not in known:
            known[name.upper()] = create_location(project, name=name[:200], int_ext=int_ext)
    return {name: known[name.upper()] for name in names if name}


def _create(record: Place, fields: dict[str, Any], by: Any) -> Place:
    rows = {name: fields.pop(name) for name in CHILDREN[type(record)] if name in fields}
    _make_room_for_project_style(record, fields)
    write(record, fields, record.project_id)
    for name, values in rows.items():
        replace_children(record, name, values, record.project_id)
    subject = SUBJECT[type(record)]
    emit(record.project_id, f"{subject}.created", f"{subject}:{record.pk}", {"name": record.name, "by": str(by or "")})
    return record


def _make_room_for_project_style(record: Any, fields: Mapping[str, Any]) -> None:
    if isinstance(record, Style) and fields.get("is_project_style"):
        others = Style.objects.filter(project_id=record.project_id, is_project_style=True)
        others.exclude(pk=record.pk).update(is_project_style=False)
