"""From printed lines to elements: the columns of a screenplay page say what a line is.

Left edges differ from program to program, so they are taken from the file: where headings begin, where the upper-case
lines above speeches begin, and where the lines below those begin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from projects.screenplay.assembly import character_totals, scenes_from
from projects.screenplay.cues import Cue, parse_cue
from projects.screenplay.model import Element, ElementType, Remark, Scene, Screenplay
from projects.screenplay.natural import is_cue, is_transition
from projects.screenplay.page_lines import Page, PageLine, Segment, clean, is_heading_text, most_common_edge
from projects.screenplay.title_lines import TitleLine, is_credit, title_page_from_lines

_NEAR = 0.35
"""Inches within which a left edge belongs to a column."""
_SPEECH_INDENT = 0.5
_PITCH = 1 / 6
_WIDEST_PITCH = 0.26
"""Inches; lines further apart have an empty one between them."""
_GAP = 1.5
"""Line pitches from which two lines are two paragraphs."""
_MOST_TITLE_LINES = 40
_SENTENCE_END = re.compile(r"[.!?…:\"”)\-–—]$")


@dataclass(slots=True)
class _Columns:
    """The left edges of the file in inches; `speech` and `cue` are 0 where it has no dialogue."""

    action: float
    speech: float
    cue: float
    pitch: float


def read_pages(pages: Sequence[Page], source: str) -> Screenplay:
    """Read pages whose lines have places; `source` is the format the screenplay says it came from."""
    title_page: dict[str, list[str]] = {}
    if _is_title_page(pages):
        title_page = title_page_from_lines(_title_lines(pages[0]))
        pages = pages[1:]
    edge = clean(pages)
    reader = _Reader(_columns(pages, edge))
    for page in pages:
        reader.read(page)
    reader.finish()
    scenes = scenes_from(reader.elements)
    _number_pages(scenes, reader.pages)
    remarks = reader.remarks
    if not any(scene.heading for scene in scenes):
        remarks.insert(0, Remark(1, "No scene heading (INT. or EXT. in capitals) was found in the file."))
    return Screenplay(title_page, scenes, character_totals(scenes), remarks, source)


def _is_title_page(pages: Sequence[Page]) -> bool:
    """Whether the first page stands before the script: few lines, no heading, and the headings come later."""
    if len(pages) < 2 or not pages[0].lines or len(pages[0].lines) > _MOST_TITLE_LINES:
        return False
    if any(is_heading_text(segment.text) for line in pages[0].lines for segment in line.segments):
        return False
    middle = pages[0].width / 2
    centered = [line for line in pages[0].lines if abs((line.left + line.right) / 2 - middle) < 0.75]
    return len(centered) * 2 >= len(pages[0].lines) or any(is_credit(line.text) for line in pages[0].lines)


def _title_lines(page: Page) -> list[TitleLine]:
    """Return the lines of a title page, with an empty one for every wide gap."""
    middle = page.width / 2
    lines: list[TitleLine] = []
    last = 0.0
    for line in page.lines:
        if line.top - last > _GAP * 2 * _PITCH:
            lines.append(TitleLine("", centered=False))
        last = line.top
        for segment in line.segments:
            lines.append(TitleLine(segment.text, abs((segment.left + segment.right) / 2 - middle) < 0.75))
    return lines


def _columns(pages: Sequence[Page], action: float) -> _Columns:
    """Find the columns of cues and speeches: an upper-case line right above a line further left is a cue."""
    pairs = [(first, second) for page in pages for first, second in pairwise(page.lines)]
    steps = Counter(round(second.top - first.top, 2) for first, second in pairs)
    single = {step: count for step, count in steps.items() if 0.1 < step < _WIDEST_PITCH}
    pitch = min(single, key=lambda step: (-single[step], step), default=_PITCH)
    cues: list[float] = []
    speeches: list[float] = []
    for first, second in pairs:
        close = second.top - first.top < _GAP * pitch
        if close and is_cue(first.text) and action + _SPEECH_INDENT < second.left < first.left - 0.2:
            cues.append(first.left)
            if not second.text.startswith("("):
                speeches.append(second.left)
    if not cues:
        return _Columns(action, 0, 0, pitch)
    cue = most_common_edge(cues)
    return _Columns(action, most_common_edge(speeches) if speeches else action + 1, cue, pitch)


def _number_pages(scenes: Sequence[Scene], pages: dict[int, str]) -> None:
    for scene in scenes:
        scene.page = pages.get(scene.elements[0].line, "")


class _Reader:
    """Reads the cleaned pages in order.

    The line of an element is its line in a text file; in a PDF, which has none, it is the element's number, from 1.
    """

    def __init__(self, columns: _Columns) -> None:
        self.columns = columns
        self.elements: list[Element] = []
        self.parts: list[str] = []
        self.remarks: list[Remark] = []
        self.pages: dict[int, str] = {}
        self.cue: Cue | None = None
        self.pair: _Pair | None = None
        self.previous: PageLine | None = None
        self.source = 0
        self.broken_speech = False

    def read(self, page: Page) -> None:
        for place, line in enumerate(page.lines):
            following = page.lines[place + 1] if place + 1 < len(page.lines) else None
            count = len(self.elements)
            self.source = line.source if not self.pair else self.source
            self._read_line(line, following, at_top=place == 0)
            if len(self.elements) > count:
                self.pages[self.elements[-1].line] = page.printed_number
            self.previous = line
        self._end_pair()
        self.broken_speech = page.broken_speech

    def _is_close(self, line: PageLine, other: PageLine | None) -> bool:
        """Whether `other` is the line next to `line` on the same page."""
        if other is None or other.page != line.page:
            return False
        return abs(other.top - line.top) < _GAP * self.columns.pitch

    def _read_line(self, line: PageLine, following: PageLine | None, *, at_top: bool) -> None:
        close = self._is_close(line, self.previous)
        text = line.text
        if self.pair:
            if close:
                self.pair.add(line)
                return
            self._end_pair()
        if self._starts_pair(line, following):
            self.pair = _Pair(line)
            self.cue = None
        elif self._is_heading(line):
            self._add(ElementType.SCENE_HEADING, text).number = line.number
        elif self._continues_heading(line, close=close):
            self.parts.append(text)
        elif self._is_transition(line):
            self._add(ElementType.TRANSITION, text)
        elif self._is_cue(line, following):
            self._read_cue(line, at_top=at_top)
        elif self.cue and (close or at_top) and line.left > self.columns.action + _SPEECH_INDENT:
            self._read_speech(line, at_top=at_top)
        else:
            self._read_action(line, close=close, at_top=at_top)

    def _is_heading(self, line: PageLine) -> bool:
        if abs(line.left - self.columns.action) > _NEAR:
            return False
        return is_heading_text(line.text) or bool(line.number and is_cue(line.text))

    def _continues_heading(self, line: PageLine, *, close: bool) -> bool:
        if not close or not self.elements or self.elements[-1].type is not ElementType.SCENE_HEADING:
            return False
        return is_cue(line.text) and abs(line.left - self.columns.action) < _NEAR * 2

    def _is_transition(self, line: PageLine) -> bool:
        """By its words, or as capitals before a colon at the right edge of the page."""
        far_right = line.left > max(self.columns.cue, self.columns.action + 2) + 1
        return is_transition(line.text) or (far_right and line.text.endswith(":") and is_cue(line.text))

    def _is_cue(self, line: PageLine, following: PageLine | None) -> bool:
        columns = self.columns
        if not columns.cue or not is_cue(line.text) or line.left < columns.speech + 0.3:
            return False
        if not self._is_close(line, following) or following is None:
            return False
        below = columns.action + _SPEECH_INDENT < following.left < max(columns.cue, line.left) + 0.2
        return below and (abs(line.left - columns.cue) < _NEAR or line.left > columns.speech + 0.5)

    def _read_cue(self, line: PageLine, *, at_top: bool) -> None:
        cue = parse_cue(line.text)
        goes_on = at_top and self.cue and self.cue.name == cue.name
        if goes_on and ("CONT'D" in cue.extensions or self.broken_speech):
            return
        self.cue = cue
        element = self._add(ElementType.CHARACTER, line.text, keep_cue=True)
        self._label(element)

    def _label(self, element: Element) -> None:
        if self.cue:
            element.character = self.cue.name
            element.extensions = list(self.cue.extensions)

    def _read_speech(self, line: PageLine, *, at_top: bool) -> None:
        last = self.elements[-1]
        text = line.text
        in_parenthesis = last.type is ElementType.PARENTHETICAL and not self.parts[-1].endswith(")")
        if in_parenthesis or (last.type is ElementType.DIALOGUE and not text.startswith("(")):
            self.parts.append(text)
            return
        kind = ElementType.PARENTHETICAL if text.startswith("(") else ElementType.DIALOGUE
        self._label(self._add(kind, text, keep_cue=True))

    def _read_action(self, line: PageLine, *, close: bool, at_top: bool) -> None:
        last = self.elements[-1] if self.elements else None
        goes_on = close or (at_top and last and not _SENTENCE_END.search(self.parts[-1]) and line.text[:1].islower())
        if last and last.type is ElementType.ACTION and goes_on and not last.centered:
            self.parts.append(line.text)
            return
        self._add(ElementType.ACTION, line.text).centered = self._is_centered(line)

    def _is_centered(self, line: PageLine) -> bool:
        middle = self.columns.action + 3.0
        return line.left > self.columns.action + 1 and abs((line.left + line.right) / 2 - middle) < 0.5

    def _starts_pair(self, line: PageLine, following: PageLine | None) -> bool:
        """Whether two cues stand side by side above two columns of speech."""
        if len(line.segments) != 2 or not self._is_close(line, following):
            return False
        return all(is_cue(segment.text) and not is_heading_text(segment.text) for segment in line.segments)

    def _end_pair(self) -> None:
        if self.pair is None:
            return
        for dual, segments in (("left", self.pair.left), ("right", self.pair.right)):
            self._add_column(dual, segments)
        self.pair = None
        self.cue = None

    def _add_column(self, dual: str, segments: list[Segment]) -> None:
        self.cue = parse_cue(segments[0].text)
        first = len(self.elements)
        self._label(self._add(ElementType.CHARACTER, segments[0].text, keep_cue=True))
        for segment in segments[1:]:
            self._read_speech(PageLine(0, 0, [segment]), at_top=False)
        for element in self.elements[first:]:
            element.dual = dual

    def finish(self) -> None:
        """Give the element read last the text of all its lines."""
        if self.elements:
            self.elements[-1].text = _joined(self.parts)

    def _add(self, kind: ElementType, text: str, *, keep_cue: bool = False) -> Element:
        if not keep_cue:
            self.cue = None
        self.finish()
        self.parts = [text]
        element = Element(kind, text, self.source or len(self.elements) + 1, literal=True)
        self.elements.append(element)
        return element


class _Pair:
    """The two columns of a dual dialogue while it is read."""

    def __init__(self, line: PageLine) -> None:
        left, right = line.segments
        self.middle = (left.right + right.left) / 2
        self.left, self.right = [left], [right]

    def add(self, line: PageLine) -> None:
        for segment in line.segments:
            (self.left if segment.left < self.middle else self.right).append(segment)


def _joined(lines: Sequence[str]) -> str:
    """Join wrapped lines; a word broken at its hyphen has no space in it."""
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        broken = before.endswith("-") and before[-2:-1].isalnum() and line[:1].isalpha()
        pieces.append(line if broken else f" {line}")
    return "".join(pieces)
