"""Read screenplays in PDF files that have a text layer; the layout decides what each line is."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from projects.screenplay.model import Screenplay, ScreenplayError
from projects.screenplay.page_layout import read_pages
from projects.screenplay.page_lines import Page, PageLine, Segment

MOST_PAGES = 400
_MOST_CHARACTERS = 4_000_000
_FEWEST_CHARACTERS_PER_PAGE = 20
_POINTS_PER_INCH = 72
_SEGMENT_GAP = 0.25
"""Inches between two runs of text that are not one: more than two characters of Courier 12."""
_WORD_GAP = 0.2
"""The share of the font's height from which a gap is a space (a space of Courier is 0.6, of Times 0.25)."""
_STRAIGHT = 0.05
_PDFIUM = threading.Lock()
"""PDFium must not be called from two threads at once, not even for two documents."""
_SPELLED_OUT = {
    0x02: "-",
    0xFFFE: "-",
    0xAD: "-",
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
}
"""Hyphens at line ends as the library marks them, and ligatures."""


def read_pdf(data: bytes) -> Screenplay:
    """Read a PDF. Raises ScreenplayError where it is damaged, locked, too long, or has only pictures of pages."""
    with _PDFIUM:
        pages, count = _read_document(data)
    if count < _FEWEST_CHARACTERS_PER_PAGE * len(pages):
        raise ScreenplayError(
            "The PDF has no text in it: its pages are pictures, as from a scanner. "
            "Run text recognition (OCR) on it, or export the script as Fountain, Final Draft or PDF from its program."
        )
    return read_pages(pages, "pdf")


def _read_document(data: bytes) -> tuple[list[Page], int]:
    """Return the pages with their lines, and the number of characters on them."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "is locked with a password" if "assword" in str(error) else f"is damaged ({error})"
        raise ScreenplayError(f"The PDF file {reason}. Export the script as PDF again, without a password.") from error
    try:
        if len(document) > MOST_PAGES:
            raise ScreenplayError(
                f"The PDF has {len(document)} pages; a script may have at most {MOST_PAGES}. Upload it in parts."
            )
        return _pages(document)
    finally:
        document.close()


@dataclass(slots=True)
class _Glyph:
    """One character: its box and baseline in inches, the baseline measured from the top of the page."""

    left: float
    right: float
    baseline: float
    height: float
    character: str


def _pages(document: pypdfium2.PdfDocument) -> tuple[list[Page], int]:
    """Return the pages with their lines, and the number of characters on them."""
    pages: list[Page] = []
    total = 0
    for number in range(len(document)):
        try:
            page = document[number]
            width, height = page.get_size()
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise ScreenplayError(
                f"Page {number + 1} of the PDF is damaged ({error}). Export the script as PDF again."
            ) from error
        total += textpage.count_chars()
        if total > _MOST_CHARACTERS:
            raise ScreenplayError("The PDF holds more text than any script. Upload the script alone.")
        glyphs = list(_glyphs(textpage, height))
        textpage.close()
        page.close()
        pages.append(Page(_lines(glyphs, number + 1), width / _POINTS_PER_INCH, height / _POINTS_PER_INCH))
    return pages, total


def _glyphs(textpage: pypdfium2.PdfTextPage, page_height: float) -> Iterator[_Glyph]:
    """Yield the visible, upright characters; slanted ones are watermarks."""
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        character = _SPELLED_OUT.get(code) or chr(code)
        if character.isspace() or not character.isprintable():
            continue
        angle = pdfium.FPDFText_GetCharAngle(textpage, index)
        if _STRAIGHT < angle < 2 * 3.14159 - _STRAIGHT:
            continue
        found = pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        if not found or not pdfium.FPDFText_GetCharOrigin(textpage, index, x, y):
            continue
        yield _Glyph(
            left=box.left / _POINTS_PER_INCH,
            right=box.right / _POINTS_PER_INCH,
            baseline=(page_height - y.value) / _POINTS_PER_INCH,
            height=abs(box.top - box.bottom) / _POINTS_PER_INCH,
            character=character,
        )


def _lines(glyphs: list[_Glyph], page: int) -> list[PageLine]:
    """Group characters that share a baseline (to within a quarter of their height) into lines."""
    lines: list[PageLine] = []
    row: list[_Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if row and glyph.baseline - row[0].baseline > max(row[0].height, glyph.height) / 4:
            lines.append(PageLine(page, row[0].baseline, _segments(row)))
            row = []
        row.append(glyph)
    if row:
        lines.append(PageLine(page, row[0].baseline, _segments(row)))
    return lines


def _segments(row: list[_Glyph]) -> list[Segment]:
    """Join the characters of a line; bold that is printed twice counts once."""
    row.sort(key=lambda glyph: glyph.left)
    segments: list[Segment] = []
    last: _Glyph | None = None
    for glyph in row:
        if last and glyph.character == last.character and glyph.left - last.left < glyph.height / 10:
            continue
        gap = glyph.left - last.right if last else 0.0
        if last is None or gap > _SEGMENT_GAP:
            segments.append(Segment(glyph.left, glyph.right, glyph.character))
        else:
            space = " " if gap > _WORD_GAP * glyph.height else ""
            segments[-1].text += space + glyph.character
            segments[-1].right = glyph.right
        last = glyph
    return segments
