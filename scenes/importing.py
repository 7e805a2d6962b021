"""From a screenplay file to scenes and characters.

Importing the same file again changes nothing; importing a changed one updates the scenes that changed, adds new
ones, omits those that are gone, and leaves the work on all others as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from django.db import transaction

from characters.actions import meet_characters
from projects.actions import write_chapter
from projects.events import emit
from projects.models import Chapter, Project
from projects.screenplay import model
from projects.screenplay.fountain_writer import write_fountain, write_scene
from projects.screenplay.headings import resolve_time
from projects.screenplay.reader import read_screenplay

from . import actions
from .choices import SceneStatus, TimeOfDay
from .models import Scene

TIMES = {
    "DAWN": TimeOfDay.DAWN, "SUNRISE": TimeOfDay.DAWN, "MORNING": TimeOfDay.MORNING, "DAY": TimeOfDay.DAY,
    "NOON": TimeOfDay.NOON, "MIDDAY": TimeOfDay.NOON, "AFTERNOON": TimeOfDay.AFTERNOON,
    "MAGIC HOUR": TimeOfDay.GOLDEN_HOUR, "GOLDEN HOUR": TimeOfDay.GOLDEN_HOUR, "EVENING": TimeOfDay.EVENING,
    "DUSK": TimeOfDay.DUSK, "SUNSET": TimeOfDay.DUSK, "TWILIGHT": TimeOfDay.TWILIGHT, "NIGHT": TimeOfDay.NIGHT,
    "MIDNIGHT": TimeOfDay.NIGHT,
}  # fmt: skip
"""What the absolute time words of a slugline are in our list."""


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


def import_screenplay_file(
    project: Project, data: bytes, filename: str, *, by: Any = None, chapter_number: int = 1
) -> ImportReport:
    """Read a Fountain, FDX, PDF or text screenplay into a chapter; raises ScreenplayError with a sentence."""
    sha256 = hashlib.sha256(data).hexdigest()
    chapter = Chapter.objects.filter(project=project, number=chapter_number).first()
    if chapter and chapter.script_sha256 == sha256:
        return ImportReport(chapter, same=_active(chapter).count(), remarks=chapter.script_warnings)
    screenplay = read_screenplay(data, filename)
    if not any(_is_filmed(scene) for scene in screenplay.scenes):
        raise model.ScreenplayError(
            f"{filename} has no scene: a screenplay needs headings such as INT. KITCHEN - DAY, or at least some action."
        )
    return import_screenplay(project, screenplay, filename, sha256, by=by, chapter_number=chapter_number)


@transaction.atomic
def import_screenplay(
    project: Project, screenplay: model.Screenplay, filename: str, sha256: str, *, by: Any, chapter_number: int
) -> ImportReport:
    """Write a screenplay that was read into a chapter's scenes and the project's characters."""
    remarks = [f"Line {remark.line}: {remark.message}" for remark in screenplay.warnings]
    chapter = write_chapter(
        project, chapter_number, script_name=filename[:200], script_format=screenplay.format, script_sha256=sha256,
        script_text=write_fountain(screenplay), script_warnings=remarks,
    )  # fmt: skip
    report = ImportReport(chapter, remarks=remarks)
    meet_characters(project, {person.name: person.words for person in screenplay.characters if person.name})
    known = {scene.number: scene for scene in chapter.scenes.select_related("chapter", "state")}
    time, filmed = "", [scene for scene in screenplay.scenes if _is_filmed(scene)]
    numbers = _numbers(filmed)
    for sequence, (number, source) in enumerate(zip(numbers, filmed, strict=True), start=1):
        time = resolve_time(source.time_of_day, time)
        _write_scene(project, chapter, known.get(number), _fields(source, sequence, number, time), report)
    for number, scene in known.items():
        if number not in numbers and scene.state.status != SceneStatus.OMITTED:
            actions.omit_scene(scene)
            report.gone += 1
    emit(project.pk, "chapter.imported", f"chapter:{chapter.pk}", {"scenes": len(numbers), "by": str(by or "")})
    return report


def _write_scene(
    project: Project, chapter: Chapter, scene: Scene | None, fields: dict[str, Any], report: ImportReport
) -> None:
    if scene is None:
        actions.add_scene(chapter.pk, project.pk, **fields)
        report.new += 1
        return
    if scene.state.status == SceneStatus.OMITTED:
        actions.set_scene_status(scene.pk, project.pk, SceneStatus.DRAFT)
    changed = {name: value for name, value in fields.items() if getattr(scene, name) != value}
    if changed:
        actions.change_scene(scene, **changed)
    report.changed += bool(changed.keys() - {"sequence", "page"})
    report.same += not changed.keys() - {"sequence", "page"}


def _fields(source: model.Scene, sequence: int, number: str, time: str) -> dict[str, Any]:
    return {
        "number": number,
        "sequence": sequence,
        "heading": source.heading[:300],
        "int_ext": source.int_ext,
        "location_text": source.location[:200],
        "sub_location": source.sub_location[:200],
        "time_of_day": TIMES.get(time, "") or _time_within(time),
        "page": source.page[:12],
        "length_eighths": source.page_eighths,
        "synopsis": source.synopsis or _first_synopsis(source),
        "screenplay_text": write_scene(source),
    }


def _time_within(words: str) -> str:
    """The time in words such as EARLY MORNING."""
    return next((value for word, value in TIMES.items() if word in words.upper()), "")


def _first_synopsis(source: model.Scene) -> str:
    return next((e.text for e in source.elements if e.type == model.ElementType.SYNOPSIS), "")


def _is_filmed(scene: model.Scene) -> bool:
    """A heading, or something to see or hear: planning text before the first heading is no scene."""
    filmed = {model.ElementType.ACTION, model.ElementType.DIALOGUE, model.ElementType.SHOT, model.ElementType.LYRIC}
    return bool(scene.heading) or any(element.type in filmed for element in scene.elements)


def _numbers(scenes: list[model.Scene]) -> list[str]:
    """A number of its own for every scene: as printed; 12A, 12B for a printed number that stands twice; its place in
    the script for a scene that has none, or A12 where that is another scene's printed number."""
    printed = {scene.number[:12] for scene in scenes if scene.number}
    given: list[str] = []
    for place, scene in enumerate(scenes, start=1):
        stem = scene.number[:10] or str(place)
        letters = [f"{stem}{letter}" if scene.number else f"{letter}{stem}" for letter in ascii_uppercase]
        wanted = [scene.number[:12]] if scene.number else [] if stem in printed else [stem]
        choices = [*wanted, *letters, *(f"{stem}-{count}" for count in range(2, len(scenes) + 2))]
        taken = set(given) | (printed - set(wanted))
        given.append(next(choice for choice in choices if choice not in taken))
    return given


def _active(chapter: Chapter) -> Any:
    return chapter.scenes.exclude(state__status=SceneStatus.OMITTED)
