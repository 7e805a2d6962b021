"""Read Fountain, the plain-text screenplay format (syntax 1.1, https://fountain.io/syntax).

The text is classified block by block: a line that could be a heading, a cue or a transition is looked at only after
a gap (the start of the file, an empty line, or an element that is always one line); inside a speech and inside a
paragraph of action only the marks that force an element count. A line with nothing but a note or a boneyard is
neither text nor an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from projects.screenplay.assembly import character_totals, finish_scene, new_scene, scenes_from
from projects.screenplay.cues import parse_cue
from projects.screenplay.fountain_lines import Inlay, Line, prepare
from projects.screenplay.fountain_writer import write_fountain, write_scene
from projects.screenplay.headings import REVERSED_PREFIX, split_number
from projects.screenplay.length import WIDTHS
from projects.screenplay.model import PLANNING_TYPES, Element, ElementType, Remark, Scene, Screenplay
from projects.screenplay.natural import (
    LINE_BREAKING_MARKS,
    Reading,
    is_centered,
    is_page_break,
    is_parenthetical,
    reading,
)

__all__ = ["read_fountain", "read_scene", "write_fountain", "write_scene"]

_SPEECH_PAUSE_LINE = "  "
_LOOKS_LIKE_HEADING = re.compile(r"(?:INT|EXT)\.? ?/?[A-Z. ]* - [A-Z]")
_SENTENCE_MARKS = (".", "!", "?", ":", ",", ";")


def read_fountain(text: str) -> Screenplay:
    """Read a whole Fountain script. Every text is a script: what fits no rule is action."""
    source = prepare(text, with_title_page=True)
    reader = _Reader(source.lines, source.remarks)
    scenes = scenes_from(reader.read())
    return Screenplay(
        title_page=source.title_page,
        scenes=scenes,
        characters=character_totals(scenes),
        warnings=sorted(source.remarks, key=lambda remark: remark.line),
    )


def read_scene(text: str) -> Scene:
    """Read the Fountain text of one scene, heading included.

    The first heading names the scene; further headings stay inside as elements, so no text is lost when somebody
    has written a second slugline into a scene.
    """
    source = prepare(text, with_title_page=False)
    elements = _Reader(source.lines, source.remarks).read()
    heading = next((element for element in elements if element.type is ElementType.SCENE_HEADING), None)
    scene = new_scene(heading)
    scene.elements = elements
    finish_scene(scene)
    return scene


@dataclass(slots=True)
class _Part:
    """The part of a line that belongs to an element, and the column where it begins."""

    text: str
    column: int

    @classmethod
    def stripped(cls, line: Line, written: str) -> _Part:
        """Return `written`, a part of the line, without the spaces around it."""
        text = written.strip()
        return cls(text, line.text.index(text, line.text.index(written)))


class _Reader:
    """Walks once over the lines and collects elements."""

    def __init__(self, lines: list[Line], remarks: list[Remark]) -> None:
        self.lines = lines
        self.remarks = remarks
        self.place = 0
        self.elements: list[Element] = []
        self.last_speech: list[Element] = []

    def read(self) -> list[Element]:
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if line.is_blank:
                self.place += 1
            elif line.is_transparent:
                self._add_alone(line.inlays)
                self.place += 1
            else:
                self._read_block(line)
        return self.elements

    def _read_block(self, line: Line) -> None:
        text = line.text.strip()
        following = self._next_text()
        kind = reading(text if line.inlays else line.text, following)
        if kind in (Reading.ACTION, Reading.FORCED_ACTION):
            self._read_action(forced=kind is Reading.FORCED_ACTION)
        elif kind in (Reading.CUE, Reading.FORCED_CUE):
            self._read_speech(line, text.removeprefix("@"), forced=kind is Reading.FORCED_CUE)
        elif kind in (Reading.HEADING, Reading.FORCED_HEADING):
            self._read_heading(line, text, following, forced=kind is Reading.FORCED_HEADING)
        elif kind in (Reading.TRANSITION, Reading.FORCED_TRANSITION):
            self._read_transition(line, text, following, forced=kind is Reading.FORCED_TRANSITION)
        elif kind is Reading.CENTERED:
            self._read_centered()
        elif kind is Reading.LYRIC:
            self._read_lyric()
        elif kind is Reading.SECTION:
            title = text.lstrip("#")
            self._add_line(ElementType.SECTION, title, line, title).level = len(text) - len(title)
        elif kind is Reading.SYNOPSIS:
            self._add_line(ElementType.SYNOPSIS, text[1:], line, text[1:])
        else:
            self._add_line(ElementType.PAGE_BREAK, text, line, text)

    # One-line elements

    def _add_line(self, kind: ElementType, text: str, line: Line, written: str) -> Element:
        """Add an element that is one line; `written` is the end of the line, from where its text begins."""
        element = Element(kind, text.strip(), line.number)
        self._add(element)
        self._anchor(line, element.text, len(line.text.rstrip()) - len(written.strip()))
        self.place += 1
        return element

    def _add(self, element: Element) -> None:
        if element.type not in PLANNING_TYPES:
            self.last_speech = []
        self.elements.append(element)

    def _anchor(self, line: Line, text: str, column: int, base: int = 0) -> None:
        """Add a line's inlays, anchored in `text`, which begins at `column` and is at `base` in its element."""
        for inlay in line.inlays:
            offset = base + min(max(inlay.column - column, 0), len(text))
            self.elements.append(Element(inlay.type, inlay.text, inlay.line, anchor=offset))

    def _add_alone(self, inlays: list[Inlay]) -> None:
        for inlay in inlays:
            self.elements.append(Element(inlay.type, inlay.text, inlay.line))

    def _read_heading(self, line: Line, text: str, following: str, *, forced: bool) -> None:
        written = text[1:] if forced else text
        heading, number = split_number(written)
        if following and not following.startswith(("=", "#")):
            self._remark(line, "The scene heading has no empty line below it; it was read as a heading all the same.")
        if not forced and REVERSED_PREFIX.match(text):
            self._remark(line, "EXT/INT is not a Fountain heading; it was read as INT/EXT.")
        element = self._add_line(ElementType.SCENE_HEADING, heading, line, written)
        element.number = number
        element.forced = forced

    def _read_transition(self, line: Line, text: str, following: str, *, forced: bool) -> None:
        if following and not forced:
            self._remark(line, "The transition has no empty line below it; it was read as a transition all the same.")
        written = text[1:] if forced else text
        self._add_line(ElementType.TRANSITION, written, line, written).forced = forced

    def _next_text(self) -> str:
        """Return the text below the current line; empty where an empty line or a page break follows."""
        for place in range(self.place + 1, len(self.lines)):
            line = self.lines[place]
            if not line.is_transparent:
                return "" if is_page_break(line.text.strip()) else line.text.strip()
        return ""

    def _remark(self, line: Line, message: str) -> None:
        self.remarks.append(Remark(line.number, message))

    # Elements of several lines

    def _read_run(self, kind: ElementType, part_of: Callable[[Line], _Part | None], *, spoken: bool = False) -> Element:
        """Read lines into one element as long as `part_of` finds in each the text that belongs to it.

        `spoken` elements are part of a speech, where a line of two spaces is an empty line of the text.
        """
        element = Element(kind, "", self.lines[self.place].number)
        self._add(element)
        parts: list[str] = []
        length = 0
        while True:
            following = self._past_pauses(spoken=spoken)
            part = part_of(self.lines[following]) if following < len(self.lines) else None
            if part is None:
                break
            for line in self.lines[self.place : following]:
                if line.is_transparent:
                    self._anchor_below(line.inlays, length - 1)
                else:
                    parts.append("")
                    length += 1
            self._anchor(self.lines[following], part.text, part.column, length)
            parts.append(part.text)
            length += len(part.text) + 1
            self.place = following + 1
        element.text = "\n".join(parts)
        return element

    def _past_pauses(self, *, spoken: bool) -> int:
        """Return the place of the next line that is not just notes or, in a speech, an empty line of the speech."""
        place = self.place
        while place < len(self.lines):
            line = self.lines[place]
            if not line.is_transparent and not (spoken and line.text == _SPEECH_PAUSE_LINE):
                break
            place += 1
        return place

    def _anchor_below(self, inlays: list[Inlay], offset: int) -> None:
        for inlay in inlays:
            self.elements.append(Element(inlay.type, inlay.text, inlay.line, anchor=offset, own_line=True))

    def _read_action(self, *, forced: bool) -> None:
        first = self.place

        def part_of(line: Line) -> _Part | None:
            text = line.text.lstrip()
            indent = len(line.text) - len(text)
            if not text or (self.place > first and text.startswith(LINE_BREAKING_MARKS)):
                return None
            if _LOOKS_LIKE_HEADING.match(text) and self.place > first:
                self._remark(line, "This looks like a scene heading but has no empty line above it; it is action.")
            if text.startswith("!"):
                return _Part(line.text[:indent] + text[1:], 1)
            return _Part(line.text, 0)

        self._read_run(ElementType.ACTION, part_of).forced = forced

    def _read_centered(self) -> None:
        def part_of(line: Line) -> _Part | None:
            text = line.text.strip()
            return _Part.stripped(line, text[1:-1]) if is_centered(text) else None

        self._read_run(ElementType.ACTION, part_of).centered = True

    def _read_lyric(self, *, spoken: bool = False) -> Element:
        def part_of(line: Line) -> _Part | None:
            text = line.text.strip()
            return _Part.stripped(line, text[1:]) if text.startswith("~") else None

        return self._read_run(ElementType.LYRIC, part_of, spoken=spoken)

    def _read_dialogue(self) -> Element:
        def part_of(line: Line) -> _Part | None:
            text = line.text.strip()
            if not text or is_parenthetical(text) or text.startswith("~") or is_page_break(text):
                return None
            if _LOOKS_LIKE_HEADING.match(text):
                self._remark(line, "This looks like a scene heading but has no empty line above it; it is dialogue.")
            return _Part.stripped(line, text)

        return self._read_run(ElementType.DIALOGUE, part_of, spoken=True)

    # Speeches

    def _read_speech(self, line: Line, written: str, *, forced: bool) -> None:
        cue = parse_cue(written)
        partner = self.last_speech
        element = self._add_line(ElementType.CHARACTER, written.rstrip().removesuffix("^"), line, written)
        element.forced = forced
        if not forced:
            self._remark_on_cue(line, element.text)
        speech = [element]
        while self._speech_goes_on(speech[-1]):
            text = self.lines[self.place].text.strip()
            if is_parenthetical(text):
                speech.append(self._add_line(ElementType.PARENTHETICAL, text, self.lines[self.place], text))
            elif text.startswith("~"):
                speech.append(self._read_lyric(spoken=True))
            else:
                speech.append(self._read_dialogue())
        for part in speech:
            part.character = cue.name
            part.extensions = list(cue.extensions)
        if cue.dual:
            self._pair(line, partner, speech)
        self.last_speech = speech

    def _speech_goes_on(self, last: Element) -> bool:
        """Go to the next line of the speech; notes on the way stay anchored below the element read last."""
        place = self._past_pauses(spoken=True)
        text = self.lines[place].text.strip() if place < len(self.lines) else ""
        if not text or is_page_break(text):
            return False
        for line in self.lines[self.place : place]:
            self._anchor_below(line.inlays, len(last.text))
        self.place = place
        return True

    def _pair(self, line: Line, left: list[Element], right: list[Element]) -> None:
        for part in right:
            part.dual = "right"
        if not left or left[0].dual:
            self._remark(line, "The ^ has no single speech just before it to stand beside.")
            return
        for part in left:
            part.dual = "left"

    def _remark_on_cue(self, line: Line, text: str) -> None:
        if text.endswith(_SENTENCE_MARKS) or len(text) > WIDTHS[ElementType.CHARACTER]:
            message = "This upper-case line reads as a character cue; put ! before it or an empty line below it"
            self._remark(line, f"{message} if it is action.")
