"""Fountain before its lines are classified: boneyards and notes cut out, the title page split off.

Everything runs once over the text: what an unclosed mark could swallow is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from projects.screenplay.headings import NATURAL_PREFIX
from projects.screenplay.model import ElementType, Remark
from projects.screenplay.natural import LINE_BREAKING_MARKS

TAB = "    "
_EMPTY_LINE = re.compile(r"\n[ \t]?(?=\n)")
_KEY = re.compile(r"([^\s:][^:]*):(.*)$")
_INDENTED = re.compile(r"(?: {3,}|\t)\s*\S")
_FORCING = ("!", "@", "~", ">", "=", "#", ".", "[[", "(")
_TRANSITION_KEY = re.compile(r"(?:FADE IN|FADE OUT|FADE TO BLACK|(?:[^a-z]*[^a-z\w])?TO)$")
USUAL_KEYS = frozenset(
    {"title", "credit", "author", "authors", "written by", "source", "draft", "draft date", "date", "contact"}
    | {"copyright", "notes", "revision", "format", "episode", "series", "studio"}
)
_LONGEST_UNUSUAL_KEY = 30


@dataclass(slots=True)
class Inlay:
    """A note or boneyard cut out of a line: where it stood, what it says and where it came from."""

    column: int
    type: ElementType
    text: str
    line: int


@dataclass(slots=True)
class Line:
    """A line without its notes and boneyards. `end` is the offset of its line break in the whole text."""

    text: str
    number: int
    end: int
    inlays: list[Inlay] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not self.inlays and not self.text.strip()

    @property
    def is_transparent(self) -> bool:
        """Nothing but notes or boneyards stood here: neither a line of text nor an empty line."""
        return bool(self.inlays) and not self.text.strip()


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    type: ElementType
    text: str


@dataclass(slots=True)
class Source:
    """A Fountain text ready to be classified."""

    title_page: dict[str, list[str]]
    lines: list[Line]
    remarks: list[Remark]


def normalise(text: str) -> str:
    """Return `text` with one kind of line end and without byte order marks, wherever joined files left them."""
    return text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")


def prepare(text: str, *, with_title_page: bool) -> Source:
    """Cut a text into lines; what stood in a title page's boneyards comes first as lines of their own."""
    cutter = _Cutter(normalise(text))
    boneyards = cutter.boneyards()
    title_page: dict[str, list[str]] = {}
    head: list[Line] = []
    if with_title_page:
        title_page, head = _title_page(cutter.text, boneyards, cutter.remarks)
    start = head[-1].end if head else 0
    left_over = [Line("", inlay.line, start, [inlay]) for line in head for inlay in line.inlays]
    spans = cutter.notes(start, [span for span in boneyards if span.start >= start])
    body = _lines(cutter.text, spans, start, cutter.line_at(start))
    return Source(title_page, [*left_over, *body], cutter.remarks)


def begins_like_title_page(text: str) -> bool:
    """Whether a text that has no title page would be read as if it had one."""
    cutter = _Cutter(text)
    return bool(_title_page(text, cutter.boneyards(), [])[0])


class _Finder:
    """Finds the next place of a mark outside the boneyards, never looking twice at the same text."""

    def __init__(self, text: str, mark: str, boneyards: list[_Span]) -> None:
        self.text, self.mark, self.boneyards = text, mark, boneyards
        self.starts = [span.start for span in boneyards]
        self.found = -2

    def next(self, offset: int) -> int:
        """Return the first place at or after `offset`, -1 where there is none. Offsets must not go back."""
        if self.found == -1 or self.found >= offset:
            return self.found
        while True:
            self.found = self.text.find(self.mark, offset)
            if self.found < 0:
                return -1
            inside = bisect_right(self.starts, self.found) - 1
            if inside < 0 or self.boneyards[inside].end <= self.found:
                return self.found
            offset = self.boneyards[inside].end


class _Cutter:
    """Finds the boneyards and notes of one text and remarks on what is odd about them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.remarks: list[Remark] = []
        self.breaks = [match.start() for match in re.finditer("\n", text)]

    def line_at(self, offset: int) -> int:
        """Return the number of the line that holds the character at `offset`, from 1."""
        return bisect_left(self.breaks, offset) + 1

    def boneyards(self) -> list[_Span]:
        """Return every closed `/* ... */`."""
        spans: list[_Span] = []
        start = self.text.find("/*")
        while start >= 0:
            end = self.text.find("*/", start + 2)
            if end < 0:
                self._remark(start, "A boneyard opens here with /* and is never closed; it was kept as text.")
                break
            inner = self.text[start + 2 : end]
            if "/*" in inner:
                self._remark(start, "The boneyard that opens here holds another /*: was it to end earlier?")
            spans.append(_Span(start, end + 2, ElementType.BONEYARD, inner))
            start = self.text.find("/*", end + 2)
        return spans

    def notes(self, start: int, boneyards: list[_Span]) -> list[_Span]:
        """Return the notes from `start` on and the boneyards outside them, in order."""
        openings, following = _Finder(self.text, "[[", boneyards), _Finder(self.text, "[[", boneyards)
        closings = _Finder(self.text, "]]", boneyards)
        gaps = [match.start() for match in _EMPTY_LINE.finditer(self.text)]
        notes: list[_Span] = []
        unclosed: list[int] = []
        opening = openings.next(start)
        while opening >= 0:
            closing = closings.next(opening + 2)
            if closing < 0 or _is_torn(self.text, opening, closing, following.next(opening + 2), gaps):
                unclosed.append(opening)
                opening = openings.next(opening + 2)
                continue
            notes.append(_Span(opening, closing + 2, ElementType.NOTE, self.text[opening + 2 : closing].strip()))
            if _gap_between(gaps, opening, closing):
                self._remark(opening, "The note that opens here runs across an empty line.")
            opening = openings.next(closing + 2)
        if unclosed:
            more = f" (and {len(unclosed) - 1} more below)" if len(unclosed) > 1 else ""
            self._remark(unclosed[0], f"A note opens here with [[ and is not closed{more}; it was kept as text.")
        return _merged(notes, boneyards)

    def _remark(self, offset: int, message: str) -> None:
        self.remarks.append(Remark(self.line_at(offset), message))


def _gap_between(gaps: list[int], start: int, end: int) -> bool:
    place = bisect_right(gaps, start)
    return place < len(gaps) and gaps[place] < end


def _is_torn(text: str, opening: int, closing: int, next_opening: int, gaps: list[int]) -> bool:
    """Whether a [[ was forgotten rather than meant: its ]] lies past an empty line and another [[ or a heading."""
    if not _gap_between(gaps, opening, closing):
        return False
    if 0 <= next_opening < closing:
        return True
    return any(NATURAL_PREFIX.match(line.lstrip()) for line in text[opening:closing].split("\n")[1:])


def _merged(notes: list[_Span], boneyards: list[_Span]) -> list[_Span]:
    """Return notes and boneyards in order, without the boneyards that are part of a note's text."""
    merged: list[_Span] = []
    for span in sorted([*notes, *boneyards], key=lambda span: span.start):
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
    return merged


def _lines(text: str, spans: list[_Span], start: int, number: int) -> Iterator[Line]:
    """Yield the lines from offset `start` on with the spans cut out; a span across lines joins its two ends."""
    parts: list[str] = []
    column = 0
    inlays: list[Inlay] = []
    line_number = number
    offset = start
    for span in [*spans, None]:
        pieces = text[offset : span.start if span else len(text)].split("\n")
        for index, piece in enumerate(pieces):
            if index:
                yield Line("".join(parts), line_number, offset - 1, inlays)
                number += 1
                parts, column, inlays, line_number = [], 0, [], number
            part = piece.replace("\t", TAB)
            parts.append(part)
            column += len(part)
            offset += len(piece) + 1
        offset -= 1
        if span:
            inlays.append(Inlay(column, span.type, span.text, number))
            number += text.count("\n", span.start, span.end)
            offset = span.end
    yield Line("".join(parts), line_number, len(text), inlays)


def _title_page(text: str, boneyards: list[_Span], remarks: list[Remark]) -> tuple[dict[str, list[str]], list[Line]]:
    """Return the title page and the lines it took up, the blank ones before it included."""
    lines: list[Line] = []
    block: list[Line] = []
    following = ""
    for line in _lines(text, boneyards, 0, 1):
        if not block and not line.text.strip():
            lines.append(line)
        elif not (line.text or line.inlays):
            break
        elif not (line.is_transparent or _is_value(line) or _key_of(line)):
            following = line.text.lstrip()
            break
        elif not block and not _key_of(line):
            return {}, []
        else:
            block.append(line)
    whole, block = block, _until_gap(block)
    values = _key_values(block)
    if not any(key.casefold() in USUAL_KEYS for key in values):
        ends_there = block != whole or not following or following.startswith((*LINE_BREAKING_MARKS, "[["))
        if not any(values.values()) or not ends_there or any(line.is_blank for line in lines):
            return {}, []
        message = f"“{next(iter(values))}:” was read as the title page; put ! before the line if it is action."
        remarks.append(Remark(block[0].number, message))
    if any(line.is_blank for line in lines):
        remarks.append(Remark(block[0].number, "The title page was found below empty lines; it belongs on line 1."))
    return values, lines + block


def _is_value(line: Line) -> bool:
    return not line.text.strip() or bool(_INDENTED.match(line.text))


def _key_of(line: Line) -> str:
    """Return the key of a `Key: value` line; empty for a value and for what is a heading, a transition or action."""
    text = line.text.lstrip()
    match = None if _is_value(line) else _KEY.match(text)
    if match is None or text.startswith(_FORCING) or NATURAL_PREFIX.match(text):
        return ""
    key = " ".join(match.group(1).split())
    if key.casefold() not in USUAL_KEYS and len(key) > _LONGEST_UNUSUAL_KEY:
        return ""
    return "" if _TRANSITION_KEY.match(key) else key


def _until_gap(block: list[Line]) -> list[Line]:
    """Return the block up to a line of spaces that no indented line follows."""
    for index, line in enumerate(block):
        if line.is_blank and not (index + 1 < len(block) and _INDENTED.match(block[index + 1].text)):
            return block[:index]
    return block


def _key_values(block: list[Line]) -> dict[str, list[str]]:
    """Return keys and values in order; the same key twice is one key with more values."""
    values: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    current: list[str] = []
    for line in block:
        key = _key_of(line)
        if key:
            current = values.setdefault(names.setdefault(key.casefold(), key), [])
            value = line.text.partition(":")[2].strip()
            if value:
                current.append(value)
        elif line.text.strip() or (current and not line.is_transparent):
            current.append(line.text.strip())
    return values
