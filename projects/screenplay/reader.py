"""Read a screenplay file whatever its format, judged by its content and not by its name alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from projects.screenplay.fdx import read_fdx
from projects.screenplay.fountain import read_fountain
from projects.screenplay.model import Remark, Screenplay, ScreenplayError
from projects.screenplay.pdf import read_pdf
from projects.screenplay.text_layout import is_laid_out, read_laid_out

MEGABYTE = 1024 * 1024
LARGEST_TEXT = 2 * MEGABYTE
LARGEST_XML = 20 * MEGABYTE
LARGEST_PDF = 20 * MEGABYTE

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_SAVE_AS = "Save or export it as Fountain (.fountain), Final Draft (.fdx), plain text or PDF and upload that."
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a zip archive (Word, Celtx, Fade In, Highland and WriterSolo files are)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Office document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
)
_TEXT_SUFFIXES = (".txt", ".text")
_UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_screenplay(data: bytes, filename: str = "") -> Screenplay:
    """Read a Fountain, plain text, Final Draft (.fdx) or PDF file.

    Raises ScreenplayError with a sentence for the user where the file is empty, too large, damaged, or of another
    kind than its name says.
    """
    name = _shown_name(filename)
    suffix = PurePosixPath(name).suffix.lower()
    if not data.strip():
        raise ScreenplayError(f"{name} is empty. Upload the file that holds the script.")
    if b"%PDF-" in data[:1024]:
        _check_size(data, name, "PDF", LARGEST_PDF)
        return read_pdf(data)
    for magic, description in _OTHER_FORMATS:
        if data.startswith(magic):
            raise ScreenplayError(f"{name} is {description}, which cannot be read as a screenplay. {_SAVE_AS}")
    if suffix == ".pdf":
        raise ScreenplayError(f"{name} is called .pdf but is not a PDF file. Export the script as PDF again.")
    if _is_xml(data):
        _check_size(data, name, "Final Draft file", LARGEST_XML)
        return read_fdx(data)
    if suffix == ".fdx":
        raise ScreenplayError(
            f"{name} is called .fdx but is not a Final Draft XML file. Save it again from Final Draft 8 or later; "
            "a plain-text script needs the ending .fountain or .txt."
        )
    _check_size(data, name, "text file", LARGEST_TEXT)
    text, remarks = _decoded(data, name)
    if suffix in _TEXT_SUFFIXES:
        screenplay = read_laid_out(text) if is_laid_out(text) else replace(read_fountain(text), format="text")
    else:
        screenplay = read_fountain(text)
    return replace(screenplay, warnings=remarks + screenplay.warnings)


def _shown_name(filename: str) -> str:
    return PureWindowsPath(filename).name or "The file"


def _check_size(data: bytes, name: str, kind: str, limit: int) -> None:
    if len(data) > limit:
        size = f"{len(data) / MEGABYTE:.1f} MB"
        raise ScreenplayError(
            f"{name} is {size}; a {kind} may have at most {limit // MEGABYTE} MB. Upload the script in parts."
        )


def _is_xml(data: bytes) -> bool:
    """Whether the file begins as XML, in any of the encodings Final Draft has used."""
    start = data[:400]
    if start.startswith(_UTF16_MARKS):
        start = start.decode("utf-16", "ignore").encode()
    start = start.removeprefix(_UTF8_MARK).lstrip()
    return start.startswith((b"<?xml", b"<FinalDraft", b"<!DOCTYPE", b"<!--"))


def _decoded(data: bytes, name: str) -> tuple[str, list[Remark]]:
    remarks: list[Remark] = []
    try:
        text = data.decode("utf-16") if data.startswith(_UTF16_MARKS) else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if data.startswith(_UTF16_MARKS):
            raise ScreenplayError(f"{name} begins as UTF-16 text but is damaged. Save it again as UTF-8.") from None
        text = data.decode("cp1252", errors="replace")
        message = "The file is not UTF-8 and was read as Windows-1252; look at the accents and quotation marks."
        remarks.append(Remark(1, message))
    if _UNWRITTEN.search(text):
        raise ScreenplayError(f"{name} holds binary data, not the text of a script. {_SAVE_AS}")
    return text, remarks
