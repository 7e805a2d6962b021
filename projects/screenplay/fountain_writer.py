"""Write the document model as Fountain, so that reading it again gives the same model.

Marks are written where the source had them and where a line would otherwise be read as something else. What Fountain
has no element for (a shot, a cast list) becomes action or a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from projects.screenplay.emphasis import mark_up
from projects.screenplay.fountain_lines import begins_like_title_page
from projects.screenplay.model import Element, ElementType, Scene, Screenplay
from projects.screenplay.natural import LINE_BREAKING_MARKS, PAGE_BREAK, Reading, reading

_SPEECH = (ElementType.PARENTHETICAL, ElementType.DIALOGUE, ElementType.LYRIC)
_INLAYS = (ElementType.NOTE, ElementType.BONEYARD)
_ONE_LINE = (
    ElementType.SCENE_HEADING,
    ElementType.CHARACTER,
    ElementType.PARENTHETICAL,
    ElementType.TRANSITION,
    ElementType.SECTION,
)
_EMPTY_LINE_OF_SPEECH = "  "


def write_fountain(screenplay: Screenplay) -> str:
    """Return the whole script as Fountain, title page first.

    A script without one that begins with words before a colon starts with an empty line, which says so.
    """
    body = _body([element for scene in screenplay.scenes for element in _elements(scene)])
    if screenplay.title_page:
        return "\n\n".join(block for block in (_title_page(screenplay.title_page), body) if block) + "\n"
    return "\n" * begins_like_title_page(body) + body + "\n"


def write_scene(scene: Scene) -> str:
    """Return one scene as Fountain, heading first, as `fountain.read_scene` takes it."""
    return _body(_elements(scene)) + "\n"


def _elements(scene: Scene) -> list[Element]:
    """Return the scene's elements; its first heading carries the number that the scene has now.

    A scene made by hand may have its heading only by name.
    """
    for place, element in enumerate(scene.elements):
        if element.type is ElementType.SCENE_HEADING:
            numbered = replace(element, number=scene.number)
            return [*scene.elements[:place], numbered, *scene.elements[place + 1 :]]
    if not scene.heading:
        return scene.elements
    heading = Element(ElementType.SCENE_HEADING, scene.heading, 0, number=scene.number, forced=scene.forced)
    return [heading, *scene.elements]


def _title_page(title_page: dict[str, list[str]]) -> str:
    lines: list[str] = []
    for key, values in title_page.items():
        if len(values) == 1:
            lines.append(f"{key}: {values[0]}")
        else:
            lines += [f"{key}:", *(f"    {value}" for value in values)]
    return "\n".join(lines)


def _body(elements: Sequence[Element]) -> str:
    blocks: list[str] = []
    in_speech = False
    place = 0
    resumes = -1
    while place < len(elements):
        element = elements[place]
        place += 1
        inlays: list[Element] = []
        while place < len(elements) and elements[place].type in _INLAYS and elements[place].anchor is not None:
            inlays.append(elements[place])
            place += 1
        if in_speech and element.type in _INLAYS and place > resumes:
            resumes = _speech_resumes(elements, place)
        joins = in_speech and (_continues_speech(element) or place <= resumes)
        text = _written(element, inlays, _first_line(elements[place : place + 1]))
        if joins:
            blocks[-1] += "\n" + text
        else:
            blocks.append(text)
        in_speech = joins or element.type is ElementType.CHARACTER
    return "\n\n".join(blocks)


def _first_line(following: Sequence[Element]) -> str:
    """Return how the next element of a speech begins; empty where the speech is over."""
    if not following or not _continues_speech(following[0]):
        return ""
    return "~" if following[0].type is ElementType.LYRIC else following[0].text.strip()


def _speech_resumes(elements: Sequence[Element], place: int) -> int:
    """Return where a speech goes on after the notes from `place` on, -1 where it does not."""
    while place < len(elements) and elements[place].type in _INLAYS:
        place += 1
    return place if place < len(elements) and _continues_speech(elements[place]) else -1


def _continues_speech(element: Element) -> bool:
    return element.type in _SPEECH and (element.type is not ElementType.LYRIC or bool(element.character))


def _written(element: Element, inlays: list[Element], next_in_speech: str) -> str:
    """Return an element with its inline notes and boneyards back in their places."""
    if element.type in (*_INLAYS, ElementType.OTHER):
        return "\n".join([_bracketed(element), *(_bracketed(inlay) for inlay in inlays)])
    text = mark_up(element.text, element.styles) if element.literal else element.text
    if element.type in _ONE_LINE:
        text = " ".join(text.split("\n"))
    written: list[str] = []
    waiting = list(inlays)
    base = 0
    lines = text.split("\n")
    for index, line in enumerate(lines):
        is_last = index + 1 == len(lines)
        here: list[Element] = []
        while waiting and (is_last or (not element.literal and (waiting[0].anchor or 0) <= base + len(line))):
            here.append(waiting.pop(0))
        inline = [inlay for inlay in here if not inlay.own_line]
        following = "" if is_last else "text"
        spaced = not (element.type is ElementType.ACTION and not element.centered)
        before, after = _marks(element, line, following or next_in_speech, first=not index, bare=not inline)
        written.append(before + _inlaid(line, inline, base, literal=element.literal, spaced=spaced) + after)
        written += [_bracketed(inlay) for inlay in here if inlay.own_line]
        base += len(line) + 1
    return "\n".join(written)


def _inlaid(line: str, inlays: list[Element], base: int, *, literal: bool, spaced: bool) -> str:
    """Return a line with its inline notes; in `spaced` elements spaces at the end of the text mean nothing."""
    pieces: list[str] = []
    done = 0
    for inlay in inlays:
        place = len(line) if literal else min(max((inlay.anchor or 0) - base, done), len(line))
        pieces.append(line[done:place])
        done = place
        touches = line[:place].endswith("[") and inlay.type is ElementType.NOTE
        pieces.append(" " * (touches or (spaced and place == len(line))) + _bracketed(inlay))
    return "".join(pieces) + line[done:]


def _bracketed(element: Element) -> str:
    """Return a note or boneyard in its brackets, without what would close them early."""
    if element.type is ElementType.BONEYARD:
        return f"/*{element.text.replace('*/', '* /')}*/"
    text = f"{element.kind}: {element.text}" if element.type is ElementType.OTHER else element.text
    if element.literal:
        text = text.replace("]]", "] ]").replace("[[", "[ [").replace("\n\n", "\n  \n")
    return f"[[{text} ]]" if text.endswith("]") else f"[[{text}]]"


def _marks(element: Element, line: str, following: str, *, first: bool, bare: bool) -> tuple[str, str]:
    """Return what to write before and after a line of an element so that it reads as that element.

    `following` is the text on the line below, empty where there is none; `bare` lines hold no inline note.
    """
    kind = element.type
    if kind is ElementType.SCENE_HEADING:
        number = f" #{element.number}#" if element.number else ""
        forced = element.forced or reading(line + number, "") is not Reading.HEADING
        return "." if forced else "", number
    if kind is ElementType.CHARACTER:
        dual = " ^" if element.dual == "right" else ""
        forced = element.forced or reading(line + dual, following) is not Reading.CUE
        return "@" if forced else "", dual
    if kind is ElementType.TRANSITION:
        return "> " if element.forced or reading(line, "") is not Reading.TRANSITION else "", ""
    if kind is ElementType.ACTION and element.centered:
        return "> ", " <"
    if kind is ElementType.SECTION:
        return "#" * max(element.level, 1) + " " * bool(line), ""
    if kind is ElementType.SYNOPSIS:
        return "=" + " " * bool(line), ""
    if kind is ElementType.LYRIC:
        return "~", ""
    if kind in (ElementType.DIALOGUE, ElementType.PARENTHETICAL):
        return ("" if line else _EMPTY_LINE_OF_SPEECH), ""
    if kind is ElementType.PAGE_BREAK:
        return "" if line else PAGE_BREAK, ""
    return "!" if _needs_force(element, line, following, first=first, bare=bare) else "", ""


def _needs_force(element: Element, line: str, following: str, *, first: bool, bare: bool) -> bool:
    if not line.strip():
        return True
    if first:
        return element.forced or reading(line if bare else line.strip(), following) is not Reading.ACTION
    return line.lstrip().startswith((*LINE_BREAKING_MARKS, "!"))
