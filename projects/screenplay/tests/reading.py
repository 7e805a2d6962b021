"""Short ways to look at what was read."""

from __future__ import annotations

from dataclasses import replace

from projects.screenplay.fountain import read_fountain
from projects.screenplay.model import Element, Screenplay


def elements(text: str) -> list[Element]:
    """Return all elements of a Fountain text, scene after scene."""
    return all_elements(read_fountain(text))


def all_elements(screenplay: Screenplay) -> list[Element]:
    return [element for scene in screenplay.scenes for element in scene.elements]


def outline(text: str) -> list[tuple[str, str]]:
    """Return type and text of all elements of a Fountain text."""
    return [(element.type.value, element.text) for element in elements(text)]


def without_lines(screenplay: Screenplay) -> Screenplay:
    """Return the screenplay without line numbers and the warnings that name them."""
    scenes = [
        replace(scene, elements=[replace(element, line=0) for element in scene.elements]) for scene in screenplay.scenes
    ]
    return replace(screenplay, scenes=scenes, warnings=[])
