"""A scene as people read it: the script's paragraphs and the pictures of its shots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from projects.screenplay.emphasis import plain_text
from projects.screenplay.fountain import read_scene
from projects.screenplay.model import PLANNING_TYPES, ElementType
from scenes.models import Scene, Shot

register = template.Library()


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the script and how it is set."""

    kind: str
    text: str


@dataclass(frozen=True)
class ScriptPage:
    """A scene to read, and the shots that were made of it in order."""

    paragraphs: list[Paragraph]
    shots: list[Shot]


@register.simple_tag
def script_page(scene: Scene) -> ScriptPage:
    """The scene as it stands in the object at hand, which may be a draft; its shots are read in one query."""
    shots: list[Any] = []
    if scene.pk is not None:
        found = Shot.objects.filter(scene_id=scene.pk).exclude(state__status="omitted")
        shots = list(found.select_related("state__selected_take").order_by("sequence", "pk"))
    for shot in shots:
        shot.scene = scene
    return ScriptPage(_paragraphs(scene), shots)


def _paragraphs(scene: Scene) -> list[Paragraph]:
    """The written script; where there is none, what is said in it as the list of dialogue has it."""
    if scene.screenplay_text.strip():
        left_out = PLANNING_TYPES | {ElementType.SCENE_HEADING}
        return [
            Paragraph(str(element.type), plain_text(element))
            for element in read_scene(scene.screenplay_text).elements
            if element.type not in left_out
        ]
    spoken: list[Paragraph] = []
    for line in scene.dialogue.all():
        spoken.append(Paragraph("character", line.speaker))
        if line.parenthetical:
            spoken.append(Paragraph("parenthetical", f"({line.parenthetical.strip('()')})"))
        spoken.append(Paragraph("dialogue", line.line))
    return spoken
