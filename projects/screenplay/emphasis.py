"""Fountain's inline emphasis: `*italic*`, `**bold**`, `***both***`, `_underline_`, backslash escapes.

Marks nest, never reach across a line, and a mark with a space on its inner side is a plain character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from projects.screenplay.model import Element, StyleSpan

_TOKEN = re.compile(r"\\[*_\\]|\*+|_+")
_LONGEST_STAR_RUN = 3
_MARKS = {"bold": "**", "italic": "*", "underline": "_"}


@dataclass(slots=True)
class _Run:
    """Marks of one kind in a row that may open an emphasis; `left` of them have found no partner yet."""

    sign: str
    start: int
    left: int


@dataclass(slots=True)
class _Line:
    """The marks of one line: openers waiting for a partner, and the character positions to take out."""

    text: str
    openers: list[_Run] = field(default_factory=list)
    waiting: dict[tuple[str, int], int] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)

    def open(self, run: _Run) -> None:
        self.openers.append(run)
        self._count(run, 1)

    def close(self, sign: str, start: int, count: int) -> int:
        """Pair a run of `count` marks with the openers before it; return how many marks found no partner."""
        if self.waiting.get((sign, count)):
            while (self.openers[-1].sign, self.openers[-1].left) != (sign, count):
                self._count(self.openers.pop(), -1)
        left = count
        while left and any(self.waiting.get((sign, size)) for size in range(1, _LONGEST_STAR_RUN + 1)):
            opener = self.openers.pop()
            self._count(opener, -1)
            if opener.sign != sign:
                continue
            used = min(left, opener.left)
            opener.left -= used
            self.removed.update(range(opener.start + opener.left, opener.start + opener.left + used))
            self.removed.update(range(start + count - left, start + count - left + used))
            left -= used
            if opener.left:
                self.open(opener)
        return left

    def _count(self, run: _Run, change: int) -> None:
        key = (run.sign, run.left)
        self.waiting[key] = self.waiting.get(key, 0) + change


def _can_open(text: str, start: int, end: int) -> bool:
    if end >= len(text) or text[end].isspace():
        return False
    return text[start] == "*" or not (start and text[start - 1].isalnum())


def _can_close(text: str, start: int, end: int) -> bool:
    if start == 0 or text[start - 1].isspace():
        return False
    return text[start] == "*" or not (end < len(text) and text[end].isalnum())


def _plain_line(text: str) -> str:
    if "*" not in text and "_" not in text and "\\" not in text:
        return text
    line = _Line(text)
    for token in _TOKEN.finditer(text):
        mark, start, end = token.group(), token.start(), token.end()
        if mark[0] == "\\":
            line.removed.add(start)
            continue
        if len(mark) > (_LONGEST_STAR_RUN if mark[0] == "*" else 1):
            continue
        left = line.close(mark[0], start, len(mark)) if _can_close(text, start, end) else len(mark)
        if left and _can_open(text, start, end):
            line.open(_Run(mark[0], end - left, left))
    return "".join(character for place, character in enumerate(text) if place not in line.removed)


def strip_emphasis(text: str) -> str:
    """Return `text` without Fountain's emphasis marks and escapes; marks without a partner stay."""
    return "\n".join(_plain_line(line) for line in text.split("\n"))


def plain_text(element: Element) -> str:
    """Return the words of an element as they are read or spoken, whatever its source marks emphasis with."""
    return element.text if element.literal else strip_emphasis(element.text)


def escape(text: str) -> str:
    """Return literal `text` so that Fountain reads every `*`, `_` and backslash before one as itself."""
    return re.sub(r"\\(?=[*_\\])|[*_]", lambda match: "\\" + match.group(), text)


def mark_up(text: str, styles: list[StyleSpan]) -> str:
    """Return literal `text` with its styles written as Fountain marks.

    Marks go to the inner edges of the words (a mark beside a space would be read as a character), stop at line ends
    and wherever another style begins or ends.
    """
    changes: dict[int, list[tuple[str, int]]] = {0: [], len(text): []}
    for span in styles:
        if span.style in _MARKS and span.start < span.end:
            changes.setdefault(max(span.start, 0), []).append((span.style, 1))
            changes.setdefault(min(span.end, len(text)), []).append((span.style, -1))
    depth = dict.fromkeys(_MARKS, 0)
    pieces: list[str] = []
    for start, end in pairwise(sorted(changes)):
        for style, change in changes[start]:
            depth[style] += change
        names = frozenset(style for style, count in depth.items() if count)
        pieces.append("\n".join(_marked(line, names) for line in text[start:end].split("\n")))
    return "".join(pieces)


def _marked(piece: str, names: frozenset[str]) -> str:
    words = piece.strip()
    if not words or not names:
        return escape(piece)
    marks = "".join(_MARKS[name] for name in ("underline", "bold", "italic") if name in names)
    before = piece[: len(piece) - len(piece.lstrip())]
    after = piece[len(piece.rstrip()) :]
    return f"{before}{marks}{escape(words)}{marks[::-1]}{after}"
