"""What a prompt template's variables stand for in a scene or a shot: the words of the records, resolved.

The names here are those of the starter templates; whoever writes a template is offered them (`NAMES`).
"""

from __future__ import annotations

from projects.models import Project
from prompts.models import PromptTemplate
from prompts.queries import Preview, preview, template_for, variables_of

from .direction import Resolved, Source, resolved, resolved_scene, value_in_words
from .models import DIRECTION_FIELDS, Scene, Shot, ShotCast

NAMES: dict[str, str] = {
    "title": "The production's title.",
    "genre": "Its genre.",
    "aspect_ratio": "The picture's shape, such as 16:9.",
    "number": "The scene's number.",
    "heading": "The scene's heading.",
    "int_ext": "interior, exterior, or both.",
    "location": "Where it plays.",
    "description": "What the location is like.",
    "screenplay": "The scene as written.",
    "synopsis": "The scene in short.",
    "mood": "The scene's emotional tone.",
    "pacing": "The scene's pace.",
    "effect": "What the audience is to feel.",
    "people": "Who is seen, where they stand and how they look.",
    "blocking": "Where they stand and look.",
    "props": "What is handled.",
    "prompt": "The prompt of the shot or scene.",
    "camera": "Shot size, angle and lens.",
    "movement": "What the camera does.",
    "speed": "How fast the camera moves.",
    "lighting": "The light, its direction, warmth and mood.",
    "style": "The style's words, texture and grade.",
    "business": "What happens in the shot.",
    "subject": "Who or what the shot is of.",
    "look": "How the subject looks.",
    "seconds": "The shot's length in seconds.",
    "hero": "The shot's strongest moment.",
    "first_frame": "What is seen when the shot begins.",
    "last_frame": "What is seen when it ends.",
    **{name: f"The {name.replace('_', ' ')} that holds." for name in DIRECTION_FIELDS if name != "style"},
}
"""Name of a variable -> what it stands for."""


def shot_values(shot: Shot, direction: dict[str, Resolved] | None = None) -> dict[str, str]:
    """Values of NAMES for a shot; what is not known is left out. Reads cast, scene, location and styles."""
    cast = list(shot.cast.all())
    seen = [person for person in cast if person.on_camera]
    values = scene_values(shot.scene, direction or resolved(shot))
    values |= {
        "business": shot.business,
        "prompt": shot.text_prompt or values.get("prompt", ""),
        "people": "; ".join(_person(person) for person in seen),
        "blocking": "; ".join(f"{person.name} {person.get_side_display().lower()}" for person in seen),
        "subject": seen[0].name if seen else "",
        "look": look_of(seen[0]) if seen else "",
        "props": ", ".join(shot.props_seen),
        "seconds": f"{shot.expected_seconds.normalize():f}",
        "hero": shot.hero_prompt or shot.business,
        "first_frame": shot.first_frame_prompt or shot.business,
        "last_frame": shot.last_frame_prompt or shot.business,
    }
    return {name: value for name, value in values.items() if value}


def scene_values(scene: Scene, direction: dict[str, Resolved] | None = None) -> dict[str, str]:
    """Values of NAMES for a scene; what is not known is left out."""
    direction = direction or resolved_scene(scene)
    project = scene.chapter.project
    place = ", ".join(part for part in (scene.location_text, scene.sub_location) if part)
    values = {
        "title": project.title,
        "genre": project.genre,
        "aspect_ratio": project.aspect_ratio,
        "number": scene.number,
        "heading": scene.heading,
        "int_ext": {"INT": "interior", "EXT": "exterior", "INT/EXT": "interior and exterior"}.get(scene.int_ext, ""),
        "location": place or (scene.location.name if scene.location else ""),
        "description": scene.location.description if scene.location else "",
        "screenplay": scene.screenplay_text,
        "synopsis": scene.synopsis,
        "mood": scene.emotional_tone,
        "pacing": scene.get_pacing_display().lower(),
        "effect": scene.dramatic_effect,
        "prompt": scene.text_prompt,
        **{name: _words(name, found) for name, found in direction.items() if name != "style"},
        "camera": _joined(direction, "shot_size", "camera_angle", "lens_mm"),
        "movement": _joined(direction, "camera_movement"),
        "speed": _joined(direction, "movement_speed"),
        "lighting": _joined(direction, "lighting_type", "key_light", "colour_temperature", "lighting_mood"),
        "style": _style(direction),
    }
    return {name: value for name, value in values.items() if value}


def preview_for(template: PromptTemplate, record: Scene | Shot) -> Preview:
    """The template filled in with a real scene's or shot's values, and what keeps it from being sent."""
    values = shot_values(record) if isinstance(record, Shot) else scene_values(record)
    return preview(template.template, variables_of(template), values)


def template_of(scene: Scene, key: str) -> PromptTemplate:
    """The template a scene's prompts are made with: its own choice where it is of this kind, else the production's.

    Raises prompts.queries.NoTemplate.
    """
    chosen = scene.prompt_template
    if chosen is not None and chosen.active and chosen.key == key:
        return chosen
    project: Project = scene.chapter.project
    return template_for(key, project)


def _words(name: str, found: Resolved) -> str:
    if found.source is Source.NOBODY:
        return ""
    words = value_in_words(name, found.value)
    is_choice = bool(getattr(Scene._meta.get_field(name), "flatchoices", ()))
    return words.lower() if is_choice else words


def _joined(direction: dict[str, Resolved], *names: str) -> str:
    extra = {"key_light": "key light from {}"}
    words = ((name, _words(name, direction[name])) for name in names)
    return ", ".join(extra.get(name, "{}").format(word) for name, word in words if word)


def _style(direction: dict[str, Resolved]) -> str:
    style = direction["style"].value
    parts = [", ".join(style.keywords), style.prompt_fragment] if style else []
    parts += [direction["texture"].value, direction["colour_grade"].value]
    return ", ".join(part.strip(" .,") for part in parts if part)


def _person(person: ShotCast) -> str:
    look, emotion = look_of(person), person.emotion
    words = [
        f"{person.name} {person.get_side_display().lower()}",
        *([look] if look else []),
        *([emotion] if emotion else []),
    ]
    return ", ".join(words)


def look_of(person: ShotCast) -> str:
    """The character's appearance and what they wear in this shot."""
    character = person.character
    if character is None:
        return ""
    look = person.look or character.default_look
    wears = [look.wardrobe, look.hair, look.make_up, look.injuries] if look else []
    parts = [character.prompt_fragment or character.appearance_summary, *wears]
    return ", ".join(part.strip(" .,") for part in parts if part)
