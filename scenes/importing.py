"""From a screenplay file to scenes, characters and locations.

Importing the same file again changes nothing; importing a changed one updates the scenes that changed, adds new
ones, omits those that are gone, and leaves the work on all others as it is. What would change is told beforehand
by `preview_screenplay_file`; the import writes exactly that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.db import transaction

from characters.actions import meet_characters
from projects.actions import write_chapter
from projects.events import emit
from projects.models import Chapter, Project
from projects.screenplay import model
from projects.screenplay.fountain_writer import write_fountain
from projects.screenplay.reader import read_screenplay

from . import actions
from .choices import SceneStatus
from .models import Location, Scene
from .planning.camera_words import transition_of
from .script_changes import SceneChange, ScriptChanges, compare_screenplay, is_filmed


@dataclass
class ImportReport:
    """What an import did, in numbers of scenes, and what the reader wants a person to look at."""

    chapter: Chapter
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The report in one sentence."""
        parts = [
            f"{count} {word}"
            for count, word in (
                (self.new, "new"), (self.changed, "changed"), (self.same, "unchanged"), (self.gone, "omitted")
            )
            if count
        ]  # fmt: skip
        return f"Scenes: {', '.join(parts) or 'none'}."


def preview_screenplay_file(project: Project, data: bytes, filename: str, *, chapter_number: int = 1) -> ScriptChanges:
    """What importing this file would change; nothing is written. Raises ScreenplayError with a sentence."""
    return compare_screenplay(project, _read(data, filename), chapter_number)


SCREENPLAY_SUFFIXES = (".fountain", ".spmd", ".fdx")
"""Names that only screenplays have."""

FEWEST_SCENES = 2
"""Scenes headed INT. or EXT. from which a PDF or text is taken for a screenplay: a treatment may quote one."""


def is_screenplay(filename: str, data: bytes) -> bool:
    """Whether a file of any kind is a screenplay: by its name, or because a PDF or text reads as one."""
    suffix = PurePath(filename).suffix.lower()
    if suffix in SCREENPLAY_SUFFIXES:
        return True
    if suffix not in (".pdf", ".txt", ".text"):
        return False
    try:
        screenplay = read_screenplay(data, filename)
    except model.ScreenplayError:
        return False
    return sum(bool(scene.int_ext) for scene in screenplay.scenes) >= FEWEST_SCENES


def import_screenplay_file(
    project: Project, data: bytes, filename: str, *, by: Any = None, chapter_number: int = 1
) -> ImportReport:
    """Read a Fountain, FDX, PDF or text screenplay into a chapter; raises ScreenplayError with a sentence."""
    sha256 = hashlib.sha256(data).hexdigest()
    chapter = Chapter.objects.filter(project=project, number=chapter_number).first()
    if chapter and chapter.script_sha256 == sha256:
        return ImportReport(chapter, same=_active(chapter).count(), remarks=chapter.script_warnings)
    screenplay = _read(data, filename)
    return import_screenplay(project, screenplay, filename, sha256, by=by, chapter_number=chapter_number)


@transaction.atomic
def import_screenplay(
    project: Project, screenplay: model.Screenplay, filename: str, sha256: str, *, by: Any, chapter_number: int
) -> ImportReport:
    """Write a screenplay that was read into a chapter's scenes and the project's characters and locations."""
    changes = compare_screenplay(project, screenplay, chapter_number)
    chapter = write_chapter(
        project, chapter_number, script_name=filename[:200], script_format=screenplay.format, script_sha256=sha256,
        script_text=write_fountain(screenplay), script_warnings=changes.remarks,
    )  # fmt: skip
    people = meet_characters(project, {person.name: person.words for person in screenplay.characters if person.name})
    scenes = {scene.pk: scene for scene in chapter.scenes.select_related("chapter", "state", "location")}
    places = actions.meet_locations(
        project, {change.values["location_text"]: change.values["int_ext"] for change in reversed(changes.in_order)}
    )
    opening = _opening(screenplay)
    for place, change in enumerate(changes.in_order):
        scene = _write_scene(project, chapter, scenes.get(change.scene_id or 0), change, places, by)
        if opening and place == 0 and change.scene_id is None:
            actions.change_scene(scene, by=by, transition_in=opening)
        if change.source is not None and (change.scene_id is None or "screenplay_text" in change.fields):
            actions.record_breakdown(scene, change.source, people)
    for change in changes.gone:
        actions.omit_scene(scenes[change.scene_id or 0], by=by)
    emit(
        project.pk, "chapter.imported", f"chapter:{chapter.pk}",
        {"scenes": len(changes.in_order), "by": str(by or "")},
    )  # fmt: skip
    returning = [change for change in changes.returning if set(change.fields) - {"sequence", "page"}]
    return ImportReport(
        chapter, new=len(changes.new), changed=len(changes.changed) + len(returning),
        same=len(changes.same) + len(changes.returning) - len(returning), gone=len(changes.gone),
        remarks=changes.remarks,
    )  # fmt: skip


def _opening(screenplay: model.Screenplay) -> str:
    """How the film begins where the script says so before its first heading ("FADE IN:"), else nothing."""
    for scene in screenplay.scenes:
        if is_filmed(scene):
            break
        for element in scene.elements:
            if element.type is model.ElementType.TRANSITION:
                kind, known = transition_of(element.text)
                return kind if known else ""
    return ""


def _write_scene(
    project: Project, chapter: Chapter, scene: Scene | None, change: SceneChange, places: dict[str, Location], by: Any
) -> Scene:
    place = places.get(change.values["location_text"])
    if scene is None:
        return actions.add_scene(chapter.pk, project.pk, by=by, location=place, **change.values)
    if scene.state.status == SceneStatus.OMITTED:
        actions.restore_scene(scene, by=by)
    fields = {name: change.values[name] for name in change.fields}
    if place and scene.location_id != place.pk and (scene.location_id is None or "location_text" in fields):
        fields["location"] = place
    if fields:
        actions.change_scene(scene, by=by, **fields)
    return scene


def _read(data: bytes, filename: str) -> model.Screenplay:
    screenplay = read_screenplay(data, filename)
    if not any(is_filmed(scene) for scene in screenplay.scenes):
        raise model.ScreenplayError(
            f"{filename} has no scene: a screenplay needs headings such as INT. KITCHEN - DAY, or at least some action."
        )
    return screenplay


def _active(chapter: Chapter) -> Any:
    return chapter.scenes.exclude(state__status=SceneStatus.OMITTED)
