"""A screenplay as plain data for other programs.

`time_of_day` is the upper-case word of the heading, unresolved ("CONTINUOUS" stays); characters come in order of
first appearance, their cues count (CONT'D) too, their words are those of dialogue without parentheticals.
"""

from __future__ import annotations

from typing import Any

from projects.screenplay.model import Element, Scene, Screenplay


def to_json(screenplay: Screenplay) -> dict[str, Any]:
    """Return title page, scenes with their elements (the heading first), characters and warnings."""
    return {
        "title_page": {key: list(values) for key, values in screenplay.title_page.items()},
        "scenes": [_scene(scene) for scene in screenplay.scenes],
        "characters": [
            {"name": totals.name, "cues": totals.cues, "words": totals.words} for totals in screenplay.characters
        ],
        "warnings": [{"line": remark.line, "message": remark.message} for remark in screenplay.warnings],
    }


def _scene(scene: Scene) -> dict[str, Any]:
    return {
        "number": scene.number,
        "heading": scene.heading,
        "int_ext": scene.int_ext,
        "location": scene.location,
        "sub_location": scene.sub_location,
        "time_of_day": scene.time_of_day,
        "markers": list(scene.markers),
        "elements": [_element(element) for element in scene.elements],
        "page_eighths": scene.page_eighths,
    }


def _element(element: Element) -> dict[str, Any]:
    return {
        "type": element.type.value,
        "text": element.text,
        "character": element.character,
        "extensions": list(element.extensions),
        "dual": element.dual,
        "line": element.line,
    }
