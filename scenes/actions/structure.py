"""Verbs that insert, move, split, merge and double scenes. Numbers behave as in a locked script (numbering.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Model, When

from projects.actions.writing import write
from projects.events import emit
from projects.models import Chapter
from projects.screenplay.fountain import read_scene
from projects.screenplay.fountain_writer import write_scene
from projects.screenplay.headings import resolve_time
from projects.screenplay.length import scene_eighths
from projects.screenplay.model import Element, ElementType
from projects.screenplay.model import Scene as ScriptScene
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Scene, SceneState, Shot, ShotCast, ShotLine
from scenes.numbering import scene_number_between
from scenes.script_fields import fields_of

from .copying import copy_of
from .scenes import SCENE_LISTS, add_scene, change_scene, omit_scene
from .shots import add_shot

NOT_COPIED = frozenset(
    {
        "id", "chapter", "number", "sequence", "created_at", "updated_at", "created_by", "latest_revision", "live",
        "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision", "go_live_at",
        "expire_at", "expired", "locked", "locked_at", "locked_by",
    }
)  # fmt: skip
"""Fields of a scene that belong to one record and not to what it says."""


@transaction.atomic
def insert_scene(chapter: Chapter, *, after: Scene | None = None, by: Any = None, **fields: Any) -> Scene:
    """Put a new scene behind another one, or at the very start; it gets a number of its own (10A after 10).

    Raises ValidationError by field, and where `after` is a scene of another chapter.
    """
    if after is not None and after.chapter_id != chapter.pk:
        raise ValidationError(f"Scene {after.number} is in another chapter.")
    Chapter.objects.select_for_update().get(pk=chapter.pk)  # two who put in at once get two numbers
    rows = list(chapter.scenes.order_by("sequence", "pk").values_list("pk", "number"))
    place = [pk for pk, _ in rows].index(after.pk) + 1 if after else 0
    number = fields.pop("number", "") or _number_at(place, [number for _, number in rows])
    scene = add_scene(chapter.pk, chapter.project_id, by=by, number=number, sequence=place + 1, **fields)
    ids = [pk for pk, _ in rows]
    put_in_order(Scene, [*ids[:place], scene.pk, *ids[place:]])
    scene.refresh_from_db(fields=["sequence"])
    return scene


@transaction.atomic
def reorder_scenes(chapter: Chapter, scene_ids: Sequence[int], *, by: Any = None) -> None:
    """Put all scenes of a chapter into this order, omitted ones included; their numbers stay.

    Raises ValidationError when the ids are not exactly those of the chapter's scenes.
    """
    known = set(chapter.scenes.values_list("pk", flat=True))
    _same_members(known, scene_ids, "scenes", "the chapter")
    put_in_order(Scene, scene_ids)
    emit(
        chapter.project_id, "scenes.reordered", f"chapter:{chapter.pk}",
        {"scenes": list(scene_ids), "by": str(by or "")},
    )  # fmt: skip


@transaction.atomic
def split_scene(scene: Scene, at: int, *, by: Any = None) -> Scene:
    """Make two scenes of one, the second beginning at paragraph `at` of the text (the heading is paragraph 0).

    The second gets the heading that stands there, else the first one's, and the direction; shots whose words stand in
    it go with it and keep their takes. Returns the second. Raises ValidationError where nothing would be left.
    """
    script = read_scene(scene.screenplay_text)
    body = [place for place, element in enumerate(script.elements) if element.type is not ElementType.SCENE_HEADING]
    if not body or at <= body[0] or at > body[-1]:
        last = body[-1] if body else 0
        raise ValidationError(
            f"Scene {scene.number} has the paragraphs 0 to {last}; the second part has to begin behind the first of "
            "its text and to hold at least one."
        )
    first, second = _parts(script, at)
    described = _what_it_says(scene)
    new = insert_scene(scene.chapter, after=scene, by=by, **{**described, "screenplay_text": ""})
    second.number = new.number
    time = resolve_time(second.time_of_day, script.time_of_day)
    fields = fields_of(second, number=new.number, sequence=new.sequence, time=time)
    if not second.time_of_day:
        fields["time_of_day"] = scene.time_of_day
    same_place = fields["location_text"] == scene.location_text
    write(new, fields | {"location": scene.location if same_place else None, "synopsis": ""}, scene.chapter.project_id)
    first.number = scene.number
    change_scene(
        scene, by=by, screenplay_text=write_scene(first), length_eighths=scene_eighths(first.elements),
        transition_out="cut",
    )  # fmt: skip
    _move_shots_of(second, scene, new)
    emit(
        scene.chapter.project_id, "scene.split", f"scene:{scene.pk}",
        {"into": new.pk, "number": new.number, "by": str(by or "")},
    )  # fmt: skip
    return new


@transaction.atomic
def merge_scenes(first: Scene, second: Scene, *, by: Any = None) -> Scene:
    """Put the second scene's text and shots behind the first's; the second stays as OMITTED with its number.

    Shots keep their takes and get the first scene's next shot numbers. Raises ValidationError for scenes of two
    chapters, one and the same, or one that is omitted.
    """
    if first.pk == second.pk:
        raise ValidationError("A scene cannot be merged with itself: choose another one.")
    if first.chapter_id != second.chapter_id:
        raise ValidationError("Only scenes of one chapter can be merged.")
    if SceneState.objects.filter(scene__in=[first, second], status=SceneStatus.OMITTED).exists():
        raise ValidationError("A scene that is omitted cannot be merged: bring it back first.")
    script, other = read_scene(first.screenplay_text), read_scene(second.screenplay_text)
    same_heading = first.heading.upper() == second.heading.upper()
    added = other.elements[1:] if same_heading and _starts_with_heading(other) else other.elements
    script.elements = [*script.elements, *added]
    script.number = first.number
    number = max(first.shots.values_list("number", flat=True), default=0)
    sequence = first.shots.count()
    for place, shot in enumerate(second.shots.order_by("sequence", "pk"), start=1):
        Shot.objects.filter(pk=shot.pk).update(scene=first, number=number + place, suffix="", sequence=sequence + place)
    change_scene(
        first, by=by, screenplay_text=write_scene(script), length_eighths=scene_eighths(script.elements),
        transition_out=second.transition_out, transition_out_seconds=second.transition_out_seconds,
    )  # fmt: skip
    omit_scene(second, by=by)
    emit(
        first.chapter.project_id, "scene.merged", f"scene:{first.pk}",
        {"gone": second.pk, "number": second.number, "by": str(by or "")},
    )  # fmt: skip
    return first


@transaction.atomic
def duplicate_scene(scene: Scene, *, by: Any = None) -> Scene:
    """Put a copy behind the scene: all that people wrote, its lists and its shots, and nothing that was rendered."""
    lists = {name: [copy_of(row) for row in getattr(scene, name).all()] for name in SCENE_LISTS}
    new = insert_scene(scene.chapter, after=scene, by=by, **_what_it_says(scene), **lists)
    script = read_scene(scene.screenplay_text)
    script.number = new.number
    fields: dict[str, Any] = {"consistency_groups": list(scene.consistency_groups.all())}
    if scene.screenplay_text:
        fields["screenplay_text"] = write_scene(script)
    write(new, fields, scene.chapter.project_id)
    shots = scene.shots.exclude(state__status=ShotStatus.OMITTED).order_by("sequence", "pk")
    for shot in shots.prefetch_related("cast", "lines"):
        copy_shot(shot, new, by=by)
    return new


def copy_shot(shot: Shot, scene: Scene, *, by: Any, **fields: Any) -> Shot:
    """A shot as it is planned, with cast and lines, put into a scene under the number it has (or the one given)."""
    values = {**copy_of(shot, without={"scene", "created_by"}), **fields}
    new = add_shot(scene, scene.chapter.project_id, by=by, **values)
    ShotCast.objects.bulk_create(ShotCast(shot=new, **copy_of(row, without={"shot"})) for row in shot.cast.all())
    ShotLine.objects.bulk_create(ShotLine(shot=new, **copy_of(row, without={"shot"})) for row in shot.lines.all())
    return new


def put_in_order(model: type[Model], ids: Sequence[int]) -> None:
    """Write 1, 2, 3 into `sequence` of these rows, in one statement."""
    if ids:
        order = Case(*(When(pk=pk, then=place) for place, pk in enumerate(ids, start=1)))
        model._default_manager.filter(pk__in=ids).update(sequence=order)


def _same_members(known: set[int], ids: Sequence[int], things: str, whole: str) -> None:
    if len(ids) != len(set(ids)) or set(ids) != known:
        missing, foreign = sorted(known - set(ids)), sorted(set(ids) - known)
        detail = f" Missing: {missing}." if missing else ""
        detail += f" Not there: {foreign}." if foreign else ""
        raise ValidationError(f"The order has to name all {things} of {whole} once each.{detail}")


def _number_at(place: int, numbers: list[str]) -> str:
    before = numbers[place - 1] if place else ""
    after = numbers[place] if place < len(numbers) else ""
    try:
        return scene_number_between(before, after, set(numbers))
    except ValueError as problem:
        raise ValidationError({"number": f"{problem} Give the scene a number yourself."}) from problem


def _what_it_says(scene: Scene) -> dict[str, Any]:
    return copy_of(scene, without=NOT_COPIED)


def _parts(script: ScriptScene, at: int) -> tuple[ScriptScene, ScriptScene]:
    first, second = replace(script, elements=script.elements[:at]), replace(script, elements=script.elements[at:])
    if not _starts_with_heading(second):
        heading = Element(ElementType.SCENE_HEADING, script.heading, 0, forced=script.forced)
        second.elements = [heading, *second.elements]
    second = read_scene(write_scene(replace(second, number="")))
    return first, second


def _starts_with_heading(script: ScriptScene) -> bool:
    return bool(script.elements) and script.elements[0].type is ElementType.SCENE_HEADING


def _move_shots_of(script: ScriptScene, scene: Scene, new: Scene) -> None:
    """Shots from the first one whose words stand in the second part go there, under their numbers."""
    text = _plain(" ".join(element.text for element in script.elements))
    shots = list(scene.shots.order_by("sequence", "pk").prefetch_related("lines"))
    there = [bool(words := _words_of(shot)) and words in text for shot in shots]
    if True not in there:
        return
    moved = [shot.pk for shot in shots[there.index(True) :]]
    Shot.objects.filter(pk__in=moved).update(scene=new)
    put_in_order(Shot, moved)


def _words_of(shot: Shot) -> str:
    line = next((line.text for line in shot.lines.all()), "")
    return _plain(shot.business or line)[:80]


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())
