"""The production's own records as passages to be searched.

What a model is told or has made (prompts, generated video) is no knowledge about the story and is left out.
A new kind of record is one function in SOURCES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from characters.models import Character
from projects.models import Chapter, Project
from scenes.choices import ShotStatus
from scenes.models import Scene, Shot

from .model import Passage

LONGEST = 1200
"""Letters of one passage: about 200 words, so that a match says where in a long scene it is."""

Source = Callable[[int], Iterator[Passage]]


def passages_of(project_id: int) -> list[Passage]:
    """Everything the records of one production say in words, in a fixed order."""
    return [passage for source in SOURCES for passage in source(project_id) if passage.text.strip()]


def _of_project(project_id: int) -> Iterator[Passage]:
    project = Project.objects.get(pk=project_id)
    about = [project.logline, project.synopsis, _told("Genre", project.genre), _told("Audience", project.audience)]
    yield from _passages(f"project:{project_id}", project.title, about)


def _of_chapters(project_id: int) -> Iterator[Passage]:
    for chapter in Chapter.objects.filter(project_id=project_id).defer("script_text"):
        yield from _passages(f"chapter:{chapter.pk}", f"{chapter} {chapter.title}".strip(), [chapter.synopsis])


def _of_characters(project_id: int) -> Iterator[Passage]:
    for person in Character.objects.filter(project_id=project_id).order_by("pk"):
        about = [
            f"{person.name} ({person.get_role_display().lower()})",
            _told("Also called", ", ".join(str(alias) for alias in person.aliases)),
            person.description,
            person.appearance_summary,
        ]
        yield from _passages(f"character:{person.pk}", person.name, about)


def _of_scenes(project_id: int) -> Iterator[Passage]:
    scenes = Scene.objects.filter(chapter__project_id=project_id).order_by("chapter__number", "sequence")
    for scene in scenes:
        about = [
            scene.heading, scene.synopsis, scene.screenplay_text, _told("Set", scene.set_dressing),
            _told("Light", scene.lighting_mood), _told("Mood", scene.emotional_tone),
            _told("Atmosphere", scene.atmosphere),
        ]  # fmt: skip
        yield from _passages(f"scene:{scene.pk}", f"Scene {scene.number} {scene.heading}", about)


def _of_shots(project_id: int) -> Iterator[Passage]:
    shots = Shot.objects.filter(scene__chapter__project_id=project_id).exclude(state__status=ShotStatus.OMITTED)
    fields = shots.order_by("scene__chapter__number", "scene__sequence", "sequence").values_list(
        "pk", "number", "scene__number", "business", "purpose", "set_dressing", "atmosphere"
    )
    for key, number, scene_number, *about in fields:
        yield from _passages(f"shot:{key}", f"Scene {scene_number}, shot {number}", about)


SOURCES: list[Source] = [_of_project, _of_chapters, _of_characters, _of_scenes, _of_shots]


def _told(what: str, value: str) -> str:
    return f"{what}: {value}" if value else ""


def _passages(source: str, title: str, about: list[str]) -> Iterator[Passage]:
    """The text in passages of whole paragraphs where they fit; a longer paragraph is cut between words."""
    piece = ""
    for paragraph in _paragraphs("\n\n".join(part.strip() for part in about if part.strip())):
        if piece and len(piece) + len(paragraph) + 2 > LONGEST:
            yield Passage(source=source, title=title[:300], text=piece)
            piece = ""
        piece = f"{piece}\n\n{paragraph}" if piece else paragraph
    if piece:
        yield Passage(source=source, title=title[:300], text=piece)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        rest = paragraph.strip()
        while len(rest) > LONGEST:
            cut = rest.rfind(" ", 1, LONGEST)
            cut = cut if cut > 0 else LONGEST
            yield rest[:cut]
            rest = rest[cut:].strip()
        if rest:
            yield rest
