"""Printed pages as lines of text with their places, and what is on a page without being part of the script.

All places are inches from the left and top edge of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from projects.screenplay.headings import NATURAL_PREFIX

TOP_MARGIN = 1.15
BOTTOM_MARGIN = 0.95
_RIGHT_MARGIN = 5.6
"""Where the right margin begins, measured from the left edge of the action (text is 6 inches wide)."""

SCENE_NUMBER = re.compile(r"[A-Z]{0,3}\d{1,4}[A-Z]{0,3}\.?$")
_NUMBERED_HEADING = re.compile(r"([A-Z]{0,3}\d{1,4}[A-Z]{0,3})[.)]?\s+(?=(?:INT|EXT|EST|I/E|I\./E)[./ ])")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?-?\s*(\d{1,4}[A-Z]?)\s*[.\-]?$", re.IGNORECASE)
_CONTINUED = re.compile(r"\(?(?:CONTINUED|CONT'D|CONT’D)\)?:?(?:\s*\(\d+\))?$")
_MORE = re.compile(r"\(\s*MORE\s*\)$", re.IGNORECASE)
_STARS = re.compile(r"\*+$")


@dataclass(slots=True)
class Segment:
    """A run of text on one line, apart from its neighbours by more than two characters."""

    left: float
    right: float
    text: str


@dataclass(slots=True)
class PageLine:
    """One printed line. `number` is the scene number that stood in its margins, `source` its line in a text file."""

    page: int
    top: float
    segments: list[Segment]
    number: str = ""
    source: int = 0

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def left(self) -> float:
        return self.segments[0].left

    @property
    def right(self) -> float:
        return self.segments[-1].right


@dataclass(slots=True)
class Page:
    """A page: its lines from top to bottom, its size, and the page number printed on it."""

    lines: list[PageLine]
    width: float = 8.5
    height: float = 11.0
    printed_number: str = ""
    broken_speech: bool = field(default=False)  # ends with (MORE)


def is_heading_text(text: str) -> bool:
    """Whether a printed line reads as a scene heading: a known beginning, in capitals."""
    return bool(NATURAL_PREFIX.match(text)) and not any(map(str.islower, re.sub(r"\([^()]*\)", "", text)))


def action_edge(lines: Sequence[PageLine]) -> float:
    """Return the left edge of headings and action: the one most headings share, else the leftmost common edge."""
    headings = [segment.left for line in lines for segment in line.segments if is_heading_text(segment.text)]
    if headings:
        return most_common_edge(headings)
    lefts = Counter(round(line.left, 1) for line in lines)
    common = [edge for edge, count in lefts.items() if count * 10 >= len(lines)]
    return min(common, default=1.5)


def most_common_edge(edges: Iterable[float]) -> float:
    """Return the left edge that most lines share, to a tenth of an inch."""
    return Counter(round(edge, 1) for edge in edges).most_common(1)[0][0]


def clean(pages: Sequence[Page]) -> float:
    """Take page numbers, headers, CONTINUED, (MORE), revision stars and margin numbers off the pages, in place.

    Scene numbers stay as the number of their line. Returns the left edge of headings and action.
    """
    edge = action_edge([line for page in pages for line in page.lines])
    repeated = _repeated_marginals(pages)
    for page in pages:
        kept: list[PageLine] = []
        for line in page.lines:
            _clear_margins(line, edge)
            if not line.segments or _is_furniture(line, page, repeated, edge):
                continue
            kept.append(line)
        page.lines = kept
    return edge


def _is_marginal(line: PageLine, page: Page) -> bool:
    return line.top < TOP_MARGIN or line.top > page.height - BOTTOM_MARGIN


def _header_key(line: PageLine) -> str:
    """Return what a header says on every page: its text without page numbers, figures as one sign."""
    words = [segment.text for segment in line.segments if not _PAGE_NUMBER.match(segment.text)]
    return re.sub(r"\d+", "#", " ".join(words)).casefold()


def _repeated_marginals(pages: Sequence[Page]) -> set[str]:
    """Return the texts that stand in the margins of several pages: headers and footers."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_header_key(line) for line in page.lines if _is_marginal(line, page)})
    needed = 2 if len(pages) < 6 else 3
    return {text for text, count in counts.items() if count >= needed and not is_heading_text(text.upper())}


def _is_furniture(line: PageLine, page: Page, repeated: set[str], edge: float) -> bool:
    """Whether a line belongs to the page and not to the script; what it says of the page is noted there."""
    text = line.text
    if _MORE.match(text):
        page.broken_speech = True
        return True
    if _CONTINUED.match(text):
        return True
    number = _PAGE_NUMBER.match(text)
    if number and (_is_marginal(line, page) or line.left > edge + 4):
        page.printed_number = number.group(1)
        return True
    if _is_marginal(line, page) and _header_key(line) in repeated and not _could_be_script(line, edge):
        numbers = [_PAGE_NUMBER.match(segment.text) for segment in line.segments]
        found = next((match for match in numbers if match), None) or re.search(r"\s(\d{1,4}[A-Z]?)\.$", text)
        page.printed_number = found.group(1) if found else page.printed_number
        return True
    return False


def _could_be_script(line: PageLine, edge: float) -> bool:
    """Whether a repeated line at the top or bottom may be script all the same: a cue, say, in the body of the page."""
    return line.top > 0.9 and line.left > edge + 1 and not any(map(str.isdigit, line.text))


def _clear_margins(line: PageLine, edge: float) -> None:
    """Take revision stars and scene numbers out of the margins of a line."""
    segments = line.segments
    while segments and segments[-1].left > edge + _RIGHT_MARGIN and _STARS.match(segments[-1].text):
        segments.pop()
    if segments and segments[-1].text.endswith(" *") and segments[-1].right > edge + _RIGHT_MARGIN:
        segments[-1].text = segments[-1].text.rstrip("* ")
    if len(segments) > 1 and segments[0].right <= edge and SCENE_NUMBER.match(segments[0].text):
        line.number = segments.pop(0).text.rstrip(".")
    if segments:
        match = _NUMBERED_HEADING.match(segments[0].text)
        if match:
            line.number = match.group(1)
            segments[0].text = segments[0].text[match.end() :]
            segments[0].left = edge
    _clear_right_number(line, edge)


def _clear_right_number(line: PageLine, edge: float) -> None:
    segments = line.segments
    if len(segments) > 1 and segments[-1].left > edge + _RIGHT_MARGIN - 0.6 and SCENE_NUMBER.match(segments[-1].text):
        number = segments[-1].text.rstrip(".")
        if number == line.number or is_heading_text(segments[0].text):
            line.number = line.number or number
            segments.pop()
    elif line.number and segments and segments[-1].text.endswith(f" {line.number}"):
        segments[-1].text = segments[-1].text.removesuffix(line.number).rstrip()
