"""Documents that people bring: which kinds are kept, told by content, and the words in them.

The words are read in the limited child process only (examiner.py): a PDF is a program of somebody else's making.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .errors import BrokenMedia

PDF, PLAIN, MARKDOWN = "application/pdf", "text/plain", "text/markdown"
TEXT_SUFFIXES = {".txt": PLAIN, ".text": PLAIN, ".md": MARKDOWN, ".markdown": MARKDOWN, ".fountain": PLAIN,
                 ".spmd": PLAIN, ".fdx": "application/xml"}  # fmt: skip
"""Names of text files -> what they are; a file of another name has to be something else by its content."""

LARGEST_TEXT = 20 * 1024 * 1024
"""Bytes; longer than any novel, and what a Final Draft file may have."""

MOST_LETTERS = 200_000
"""Letters that are read out of one document: about 70 pages of prose, five times what a question to a model holds."""

_BEGINS = 1024
"""Readers of PDF look for its mark in so many bytes."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


_AS_READ = {0x00: None, 0x02: "-", 0xFFFE: "-"}
"""Letters of a PDF that no database keeps, and hyphens at line ends as the library marks them."""


def document_type(path: Path) -> str | None:
    """The content type of a document we keep, by its content; None for everything else."""
    with path.open("rb") as file:
        if b"%PDF-" in file.read(_BEGINS):
            return PDF
    named = TEXT_SUFFIXES.get(path.suffix.lower())
    return named if named and _is_text(path) else None


def text_of(path: Path) -> dict[str, Any]:
    """The words of a document, at most MOST_LETTERS, and whether there were more; "" where a PDF holds only pictures.

    Raises BrokenMedia with a sentence where it is damaged, locked, or no document.
    """
    kind = document_type(path)
    if kind is None:
        raise BrokenMedia("The file is neither PDF nor text.")
    text = _pdf_text(path) if kind == PDF else _decoded(path)
    return {"text": text[:MOST_LETTERS].strip(), "cut": len(text) > MOST_LETTERS}


def _is_text(path: Path) -> bool:
    if path.stat().st_size > LARGEST_TEXT:
        return False
    try:
        return not _UNWRITTEN.search(_decoded(path))
    except UnicodeDecodeError:
        return False


def _decoded(path: Path) -> str:
    """UTF-8 or marked UTF-16; anything else is what Windows wrote before."""
    data = path.read_bytes()
    if data.startswith(_UTF16):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _pdf_text(path: Path) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        why = "is locked with a password" if "assword" in str(error) else f"is damaged ({error})"
        raise BrokenMedia(f"The PDF file {why}: export it again, without a password.") from error
    pages: list[str] = []
    letters = 0
    for number in range(len(document)):
        try:
            words = document[number].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError as error:
            raise BrokenMedia(f"Page {number + 1} of the PDF is damaged ({error}): export it again.") from error
        pages.append(words.translate(_AS_READ).replace("\r\n", "\n"))
        letters += len(words)
        if letters > MOST_LETTERS:
            break
    return "\n\n".join(pages)
