"""Plain text that is laid out with spaces like a printed page (an old export, a transcript from an archive)."""

from __future__ import annotations

import re

from projects.screenplay.fountain_lines import TAB, normalise
from projects.screenplay.model import Screenplay
from projects.screenplay.natural import is_transition
from projects.screenplay.page_layout import read_pages
from projects.screenplay.page_lines import Page, PageLine, Segment, is_heading_text
from projects.screenplay.title_lines import is_credit

_CHARACTER = 0.1
_PITCH = 1 / 6
_TOP = 1.25
"""Below the top margin: in a text only what repeats or is a lone page number counts as a header."""
_SEGMENT = re.compile(r"\S+(?: {1,2}\S+)*")
_SPEECH_INDENT = 0.8
_FEWEST_HEADINGS = 2


def is_laid_out(text: str) -> bool:
    """Whether indentation tells the elements apart: two headings or more, and a fifth of the lines far to the right."""
    rows = [row for sheet in _sheets(text) for row in sheet if row]
    headings = [segment.left for row in rows for segment in row if is_heading_text(segment.text)]
    if len(headings) < _FEWEST_HEADINGS:
        return False
    edge = min(headings)
    indented = sum(row[0].left >= edge + _SPEECH_INDENT for row in rows)
    return indented * 5 >= len(rows)


def read_laid_out(text: str) -> Screenplay:
    """Read such a text; form feeds divide it into pages."""
    pages: list[Page] = []
    source = 0
    for number, rows in enumerate(_sheets(text), start=1):
        lines = [
            PageLine(number, _TOP + index * _PITCH, row, source=source + index + 1)
            for index, row in enumerate(rows)
            if row
        ]
        source += len(rows) - 1
        pages.append(Page(lines, height=_TOP + len(rows) * _PITCH + 1.5))
    screenplay = read_pages([*_title_sheet(pages[0]), *pages[1:]], "text")
    if len(pages) == 1:
        for scene in screenplay.scenes:
            scene.page = ""  # without form feeds nobody knows on which page a scene begins
    return screenplay


def _sheets(text: str) -> list[list[list[Segment]]]:
    """Return the runs of text of every line of every page; three spaces and more divide two runs."""
    return [
        [
            [
                Segment(match.start() * _CHARACTER, match.end() * _CHARACTER, match.group())
                for match in _SEGMENT.finditer(row.replace("\t", TAB))
            ]
            for row in sheet.split("\n")
        ]
        for sheet in normalise(text).split("\f")
    ]


def _title_sheet(first: Page) -> list[Page]:
    """Divide the first page where a title block (with "written by" in it) stands above the first scene."""
    for place, line in enumerate(first.lines):
        if any(is_heading_text(segment.text) or is_transition(segment.text) for segment in line.segments):
            title, script = first.lines[:place], first.lines[place:]
            if any(is_credit(line.text) for line in title):
                return [Page(title), Page(script, height=first.height)]
            break
    return [first]
