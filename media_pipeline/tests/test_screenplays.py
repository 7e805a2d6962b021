"""A screenplay's own file stays beside what was read from it."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from media_pipeline.assets import MediaAsset
from media_pipeline.screenplays import import_and_keep
from projects.models import Chapter, Event
from projects.screenplay.model import ScreenplayError
from scenes.importing import import_screenplay_file, is_screenplay

pytestmark = pytest.mark.django_db

SCRIPT = b"INT. LAMP ROOM - NIGHT\n\nMara lights the lamp.\n\nEXT. SANDBANK - DAWN\n\nThe tide comes.\n"
XML = b"""<?xml version="1.0" encoding="UTF-8"?><FinalDraft DocumentType="Script" Version="5"><Content>
<Paragraph Type="Scene Heading"><Text>INT. LAMP ROOM - NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>Mara lights the lamp.</Text></Paragraph></Content></FinalDraft>"""


def bytes_of(asset):
    with default_storage.open(asset.name) as file:
        return file.read()


@pytest.mark.parametrize(("name", "data", "ending"), [
    ("lamp.fountain", SCRIPT, ".fountain"), ("lamp.fdx", XML, ".fdx"), ("lamp.txt", SCRIPT, ".txt"),
    ("lamp", SCRIPT, ".fountain"), ("latin.fountain", SCRIPT + "Caf\u00e9.\n".encode("cp1252"), ".fountain"),
])  # fmt: skip
def test_the_file_is_kept_as_it_came_with_its_name(project, owner, name, data, ending):
    report = import_and_keep(project, data, name, by=owner)
    asset = Chapter.objects.get(pk=report.chapter.pk).script_file
    assert (asset.kind, asset.provenance["file_name"], asset.created_by) == ("document", name, owner)
    assert asset.name.endswith(ending)
    assert bytes_of(asset) == data


def test_the_same_file_again_changes_nothing_and_another_draft_takes_its_place(project):
    import_and_keep(project, SCRIPT, "lamp.fountain")
    events = Event.objects.count()
    import_and_keep(project, SCRIPT, "lamp.fountain")
    assert (Event.objects.count(), MediaAsset.objects.count()) == (events, 1)
    import_and_keep(project, SCRIPT + b"\nIt turns.\n", "lamp 2.fountain")
    chapter = Chapter.objects.get()
    assert chapter.script_file.provenance["file_name"] == chapter.script_name == "lamp 2.fountain"
    assert MediaAsset.objects.count() == 2, "the first draft is still there"


def test_a_chapter_from_before_gets_its_file_with_the_next_import(project):
    import_screenplay_file(project, SCRIPT, "lamp.fountain")
    assert Chapter.objects.get().script_file is None
    import_and_keep(project, SCRIPT, "lamp.fountain")
    assert bytes_of(Chapter.objects.get().script_file) == SCRIPT


def test_what_cannot_be_read_leaves_no_file(project):
    with pytest.raises(ScreenplayError):
        import_and_keep(project, b"   ", "empty.fountain")
    assert not MediaAsset.objects.exists()


@pytest.mark.parametrize(("name", "data", "answer"), [
    ("lamp.fountain", b"x", True), ("lamp.fdx", b"x", True), ("lamp.txt", SCRIPT, True),
    ("notes.txt", b"INT. LAMP ROOM - NIGHT is where it begins.\n\nMara is afraid.", False),
    ("treatment.md", SCRIPT, False), ("broken.pdf", b"%PDF-1.4 nothing", False), ("flats.png", b"x", False),
])  # fmt: skip
def test_a_screenplay_is_known_by_its_name_or_by_how_it_reads(name, data, answer):
    assert is_screenplay(name, data) is answer
