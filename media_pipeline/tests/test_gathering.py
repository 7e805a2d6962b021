"""Files that people drop in: known by content, shown small, read where they hold words, refused with a sentence."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from media_pipeline.assets import MediaAsset
from media_pipeline.gathering import take_in
from media_pipeline.media import documents

pytestmark = pytest.mark.django_db


def pdf(*pages, password=None):
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=password)
    for words in pages:
        canvas.drawString(72, 720, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def png():
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "#336699").save(out, "PNG")
    return out.getvalue()


def refused(project, data, name):
    with pytest.raises(ValidationError) as problem:
        take_in(project, [data], name)
    assert not MediaAsset.objects.exists()
    return problem.value.message_dict["file"][0]


def test_the_words_of_a_pdf_are_read_page_by_page(project, owner):
    brought = take_in(project, [pdf("The tide comes twice.", "Keepers do not marry.")], "The_world.PDF", by=owner)
    assert brought.text == "The tide comes twice.\n\nKeepers do not marry."
    assert (brought.kind, brought.title) == ("document", "The world")
    asset = brought.asset
    assert (asset.kind, asset.content_type, asset.created_by) == ("document", "application/pdf", owner)
    assert asset.provenance["file_name"] == "The_world.PDF"


@pytest.mark.parametrize(("data", "words"), [
    ("Café\n".encode(), "Café"), ("Café\n".encode("utf-16"), "Café"), ("Café\n".encode("cp1252"), "Café"),
])  # fmt: skip
def test_text_is_read_in_the_ways_it_is_written(project, data, words):
    assert take_in(project, [data], "notes.md").text == words


def test_a_pdf_of_pictures_alone_is_kept_without_words(project):
    assert take_in(project, [pdf("")], "scan.pdf").text == ""


def test_a_picture_gets_a_small_one_once(project):
    asset = take_in(project, [png()], "flats.png").asset
    small = asset.derivatives.get()
    assert (small.role, small.width, small.height) == ("thumbnail", 480, 320)
    take_in(project, [png()], "again.png")
    assert MediaAsset.objects.count() == 2


@pytest.mark.parametrize(("data", "name", "words"), [
    (b"", "empty.txt", "is empty"),
    (b"\x00\x01\x02", "noise.txt", "is not text"),
    (b"PK\x03\x04 a Word file", "notes.docx", "can be kept"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", "can be kept"),
    (pdf("Secret", password="salt"), "locked.pdf", "password"),
    (b"%PDF-1.7 and nothing more", "torn.pdf", "damaged"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence(project, data, name, words):
    assert words in refused(project, data, name)


def test_limits_are_those_of_the_settings(project, settings):
    settings.GATHER_DOCUMENT_MB, settings.GATHER_FILE_MB = 1, 2
    assert "1 MB" in refused(project, b"x" * (1024**2 + 1), "long.txt")
    assert "2 MB" in refused(project, b"x" * (2 * 1024**2 + 1), "long.txt")


def test_of_a_long_text_the_beginning_is_read(project, monkeypatch, tmp_path):
    monkeypatch.setattr(documents, "MOST_LETTERS", 10)
    file = tmp_path / "long.txt"
    file.write_text("0123456789abc")
    assert documents.text_of(file) == {"text": "0123456789", "cut": True}
