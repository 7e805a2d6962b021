"""Files are judged by their content, and what cannot be read is refused with a sentence."""

from __future__ import annotations

import pytest

from projects.screenplay.model import ScreenplayError
from projects.screenplay.reader import LARGEST_PDF, LARGEST_TEXT, LARGEST_XML, read_screenplay
from projects.screenplay.tests.pdf_pages import Printed, pdf_bytes

TEXT = "INT. CAFÉ - DAY\n\n“Go.”"
FDX = b'<FinalDraft><Content><Paragraph Type="Action"><Text>Go.</Text></Paragraph></Content></FinalDraft>'
PDF = pdf_bytes([[Printed(1.5, 1.0, "INT. A - DAY, WITH ENOUGH TEXT ON IT")]])


@pytest.mark.parametrize("name", ["a.fountain", "a.txt", "a.spmd", "a", "", "C:\\scripts\\a.fountain"])
def test_text_is_read_as_fountain(name):
    screenplay = read_screenplay(TEXT.encode(), name)
    assert screenplay.scenes[0].location == "CAFÉ"
    assert screenplay.format == ("text" if name == "a.txt" else "fountain")


@pytest.mark.parametrize("name", ["a.fdx", "a.xml", "a.txt", ""])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n  ", b'\n<?xml version="1.0"?>\n', b"<!-- x -->"])
def test_final_draft_is_known_by_its_content(name, start):
    assert read_screenplay(start + FDX, name).format == "fdx"


def test_final_draft_may_be_utf_16():
    data = '<?xml version="1.0" encoding="UTF-16"?>' + FDX.decode()
    assert read_screenplay(data.encode("utf-16"), "a.fdx").format == "fdx"


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", ""])
def test_a_pdf_is_known_by_its_content(name):
    assert read_screenplay(PDF, name).format == "pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_warning(encoding):
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    screenplay = read_screenplay(marks.get(encoding, b"") + TEXT.encode(encoding), "a.fountain")
    assert (screenplay.scenes[0].location, screenplay.scenes[0].elements[1].text) == ("CAFÉ", "“Go.”")
    assert screenplay.warnings == []


def test_windows_text_is_read_with_a_warning():
    screenplay = read_screenplay(TEXT.encode("cp1252"), "a.fountain")
    assert (screenplay.scenes[0].location, screenplay.scenes[0].elements[1].text) == ("CAFÉ", "“Go.”")
    assert ["Windows-1252" in remark.message for remark in screenplay.warnings] == [True]


def test_text_laid_out_with_spaces_is_read_by_its_columns_only_when_it_is_plain_text():
    text = "".join(
        f"INT. A{n} - DAY\n\nGo.\n\n{' ' * 20}ANN\n{' ' * 10}Yes, I\n{' ' * 10}do.\n\n" for n in range(3)
    ).encode()
    assert read_screenplay(text, "a.txt").scenes[0].elements[3].text == "Yes, I do."
    assert read_screenplay(text, "a.fountain").scenes[0].elements[3].text == "Yes, I\ndo."


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.fountain", r"^a\.fountain is empty"),
        (b" \r\n\t", "", "^The file is empty"),
        (b"INT. A - DAY", "a.pdf", r"a\.pdf is called \.pdf but is not a PDF"),
        (b"INT. A - DAY", "scripts/a.fdx", r"^a\.fdx is called \.fdx but is not a Final Draft XML file"),
        (b"PK\x03\x04rest", "a.docx", r"a\.docx is a zip archive.*Fountain"),
        (b"\xd0\xcf\x11\xe0rest", "a.doc", "an old Word"),
        (b"{\\rtf1 hello}", "a.rtf", r"rich text"),
        (b"\x89PNG\r\n", "a.png", r"a picture \(PNG\)"),
        (b"Title\x00\x01\x02\x03", "a.fountain", "holds binary data"),
        (bytes(range(256)), "a.txt", "holds binary data"),
        (b"\xff\xfeI\x00N\x00T", "a.txt", "UTF-16 text but is damaged"),
        (b"<html><body></body></html>", "a.fdx", r"a\.fdx is called \.fdx"),
        (b"<?xml version='1.0'?><html/>", "a.fdx", "not a Final Draft script"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data, name, message):
    with pytest.raises(ScreenplayError, match=message):
        read_screenplay(data, name)


@pytest.mark.parametrize(
    ("start", "limit", "message"),
    [
        (b"a ", LARGEST_TEXT, "a text file may have at most 2 MB"),
        (b"<FinalDraft>", LARGEST_XML, "a Final Draft file may have at most 20 MB"),
        (b"%PDF-1.4 ", LARGEST_PDF, "a PDF may have at most 20 MB"),
    ],
)
def test_a_file_over_its_limit_is_refused_with_a_sentence(start, limit, message):
    with pytest.raises(ScreenplayError, match=message):
        read_screenplay(start + b" " * limit, "a")


def test_a_text_just_inside_its_limit_is_read():
    assert read_screenplay(b"x" * LARGEST_TEXT, "a.fountain").scenes[0].elements[0].text == "x" * LARGEST_TEXT
