"""The production's own records as passages to be searched.

What a model is told or has made (prompts, generated video) is no knowledge about the story and is left out.
A new kind of record is one function in SOURCES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from characters.models import Character, CharacterReference
from media_pipeline.casting.appearance import ASKED_FOR
from projects.models import Chapter, Project, StoryBible
from scenes.choices import ShotStatus
from scenes.models import Location, Prop, Scene, Shot, Style

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
            *(_told(label, getattr(person, name)) for name, label in ABOUT_SOMEBODY.items()),
        ]
        yield from _passages(f"character:{person.pk}", person.name, about)


ABOUT_SOMEBODY = {
    "age": "Age", "pronouns": "Pronouns", "distinguishing_marks": "Marks", "personality": "Personality",
    "background": "Background", "motivation": "Wants", "fear": "Fears", "arc": "Arc", "secrets": "Secrets",
    "relationships": "Relationships", "speech_style": "Speech",
}  # fmt: skip
"""Fields of a character that say something about the story -> how a passage names them."""


def _of_references(project_id: int) -> Iterator[Passage]:
    """What is seen in characters' pictures; candidates show nobody as settled, and some pictures nobody looked at."""
    rows = CharacterReference.objects.filter(character__project_id=project_id).exclude(
        kind=CharacterReference.Kind.CANDIDATE
    )
    for row in rows.select_related("character", "look").order_by("character", "pk"):
        if row.description.strip() and not row.description.startswith(ASKED_FOR):
            angle = row.get_angle_display() or row.get_kind_display()
            wears = _told("Wears", row.look.wardrobe if row.look else "")
            yield from _passages(
                f"reference:{row.pk}", f"{row.character.name}, {angle.lower()}", [row.description, wears]
            )


def _of_bible(project_id: int) -> Iterator[Passage]:
    """The rules of the world, who stands how to whom, what happened when, what stays the same, words and places."""
    bible = StoryBible.objects.filter(project_id=project_id).first()
    if bible is None:
        return
    parts = {
        "World rules": [f"{row.get_category_display()}: {row.description}" for row in bible.world_rules.all()],
        "Relationships": [
            f"{row.from_name} and {row.to_name}: {row.kind}. {row.description}".strip()
            for row in bible.relationships.all()
        ],
        "Timeline": [
            " ".join(filter(None, (_told(row.event, row.when) or row.event, row.description)))
            for row in bible.timeline.all()
        ],
        "What stays the same": [
            f"{row.rule} ({row.get_priority_display().lower()})" for row in bible.consistency_rules.all()
        ],
        "Places of the world": [
            " ".join(filter(None, (row.name, row.description, row.rules))) for row in bible.locations.all()
        ],
        "Glossary": [f"{row.term}: {row.meaning}" for row in bible.glossary.all()],
        "Themes and tone": [", ".join(bible.themes), bible.tone, ", ".join(bible.motifs)],
    }  # fmt: skip
    for number, (title, rows) in enumerate(parts.items()):
        yield from _passages(f"bible:{bible.pk}/{number}", f"{bible.title}: {title.lower()}", rows)


def _of_locations(project_id: int) -> Iterator[Passage]:
    places = Location.objects.filter(project_id=project_id).prefetch_related("references", "time_variants")
    for place in places.order_by("pk"):
        about = [
            place.name, place.description, _told("Rules", place.rules), _told("Set", place.set_dressing),
            *(_told(row.get_time_of_day_display(), row.description) for row in place.time_variants.all()),
            *(row.description for row in place.references.all()),
        ]  # fmt: skip
        yield from _passages(f"location:{place.pk}", place.name, about)


def _of_props(project_id: int) -> Iterator[Passage]:
    for prop in Prop.objects.filter(project_id=project_id).select_related("owner").order_by("pk"):
        owner = _told("Belongs to", prop.owner.name if prop.owner else "")
        yield from _passages(f"prop:{prop.pk}", prop.name, [prop.name, prop.description, owner])


def _of_styles(project_id: int) -> Iterator[Passage]:
    for style in Style.objects.filter(project_id=project_id).order_by("pk"):
        about = [style.name, ", ".join(style.keywords), _told("Palette", ", ".join(style.palette)), style.texture]
        yield from _passages(f"style:{style.pk}", f"Style {style.name}", about)


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


SOURCES: list[Source] = [
    _of_project, _of_chapters, _of_characters, _of_references, _of_bible, _of_locations, _of_props, _of_styles,
    _of_scenes, _of_shots,
]  # fmt: skip


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
