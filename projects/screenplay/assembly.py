"""From a stream of elements to scenes: what every importer does once it knows what each paragraph is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from projects.screenplay.emphasis import plain_text
from projects.screenplay.headings import parse_heading
from projects.screenplay.length import scene_eighths, word_count
from projects.screenplay.model import CharacterTotals, Element, ElementType, Scene


def new_scene(heading: Element | None = None) -> Scene:
    """Return a scene that begins with `heading`, or the opening scene before the first heading."""
    parts = parse_heading(plain_text(heading) if heading else "")
    return Scene(
        number=heading.number if heading else "",
        heading=heading.text if heading else "",
        int_ext=parts.int_ext,
        location=parts.location,
        sub_location=parts.sub_location,
        time_of_day=parts.time_of_day,
        markers=parts.markers,
        elements=[heading] if heading else [],
        page_eighths=1,
        forced=bool(heading and heading.forced),
    )


def scenes_from(elements: Iterable[Element]) -> list[Scene]:
    """Cut a stream of elements into scenes, measure them and note the sections and synopses they stand under.

    Everything before the first heading becomes an opening scene without number and heading.
    """
    scenes: list[Scene] = []
    sections: list[Element] = []
    for element in elements:
        if element.type is ElementType.SCENE_HEADING:
            scenes.append(new_scene(element))
            scenes[-1].sections = [section.text for section in sections]
            continue
        if not scenes:
            scenes.append(new_scene())
        scenes[-1].elements.append(element)
        if element.type is ElementType.SECTION:
            while sections and sections[-1].level >= element.level:
                sections.pop()
            sections.append(element)
    for scene in scenes:
        finish_scene(scene)
    return scenes


def finish_scene(scene: Scene) -> None:
    """Set what follows from a scene's elements: its length and its synopsis.

    A synopsis below a section is about the section, not about the scene above it.
    """
    scene.page_eighths = scene_eighths(scene.elements)
    synopses: list[str] = []
    for element in scene.elements:
        if element.type is ElementType.SECTION:
            break
        if element.type is ElementType.SYNOPSIS:
            synopses.append(element.text)
    scene.synopsis = "\n".join(synopses)


def character_totals(scenes: Sequence[Scene]) -> list[CharacterTotals]:
    """Return the speakers in order of first appearance.

    A cue counts each time it is printed, (CONT'D) included; words are those of dialogue and sung lines, without
    parentheticals.
    """
    totals: dict[str, CharacterTotals] = {}
    for scene in scenes:
        for element in scene.elements:
            if not element.character:
                continue
            total = totals.setdefault(element.character, CharacterTotals(element.character, 0, 0))
            if element.type is ElementType.CHARACTER:
                total.cues += 1
            elif element.type in (ElementType.DIALOGUE, ElementType.LYRIC):
                total.words += word_count(plain_text(element))
    return list(totals.values())
