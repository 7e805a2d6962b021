"""From a screenplay file to scenes: what is new, changed, unchanged and gone."""

from __future__ import annotations

import pytest

from characters.models import Character
from projects.models import Event
from projects.screenplay.model import ScreenplayError
from scenes.actions import change_scene
from scenes.importing import import_screenplay_file
from scenes.models import Scene

SCRIPT = """Title: Low Water

INT. LAMP ROOM - NIGHT #1#

Ada trims the wick.

ADA
Hold the light steady.

TOM
It is steady. You are shaking.

EXT. CLIFF PATH - CONTINUOUS #2#

Wind. Tom runs.

EXT. HARBOUR - DAWN #3#

The boat is gone.
"""


def numbers(project) -> list[tuple[str, str]]:
    return list(
        Scene.objects.filter(chapter__project=project).order_by("sequence").values_list("number", "state__status")
    )


def test_a_script_becomes_a_chapter_scenes_and_characters(project, owner):
    report = import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain", by=owner)
    assert report.sentence == "Scenes: 3 new."
    first, second, third = Scene.objects.filter(chapter=report.chapter).order_by("sequence")
    assert (first.number, first.heading, first.int_ext) == ("1", "INT. LAMP ROOM - NIGHT", "INT")
    assert (first.location_text, first.time_of_day) == ("LAMP ROOM", "night")
    assert (second.int_ext, second.time_of_day) == ("EXT", "night")  # CONTINUOUS is the time of the scene before
    assert third.time_of_day == "dawn"
    assert "Ada trims the wick." in first.screenplay_text
    assert report.chapter.script_format == "fountain"
    roles = dict(Character.objects.filter(project=project).values_list("name", "role"))
    assert roles == {"TOM": "protagonist", "ADA": "deuteragonist"}  # six words against four


def test_a_script_that_begins_with_a_fade_in_fades_in_its_first_scene_and_no_draft_takes_it_back(project):
    script = SCRIPT.replace("Title: Low Water\n\n", "Title: Low Water\n\nFADE IN:\n\n")
    import_screenplay_file(project, script.encode(), "low-water.fountain")
    first, second, _ = Scene.objects.filter(chapter__project=project).order_by("sequence")
    assert (first.transition_in, second.transition_in) == ("fade_in", "cut")
    change_scene(first, transition_in="cut")
    import_screenplay_file(project, script.replace("Wind.", "Rain.").encode(), "low-water.fountain")
    first.refresh_from_db()
    assert first.transition_in == "cut", "a person has said otherwise"


def test_the_same_file_again_changes_nothing(project):
    import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain")
    before = Event.objects.count()
    report = import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain")
    assert report.sentence == "Scenes: 3 unchanged."
    assert Event.objects.count() == before


def test_a_changed_file_changes_only_what_changed(project):
    import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain")
    kept = {scene.number: scene.pk for scene in Scene.objects.all()}
    changed = SCRIPT.replace("Wind. Tom runs.", "Wind. Tom falls.").replace(
        "EXT. HARBOUR - DAWN #3#\n\nThe boat is gone.\n", "INT. BOAT - DAWN #4#\n\nTom rows.\n"
    )
    report = import_screenplay_file(project, changed.encode(), "low-water.fountain")
    assert report.sentence == "Scenes: 1 new, 1 changed, 1 unchanged, 1 omitted."
    assert numbers(project) == [("1", "draft"), ("2", "draft"), ("3", "omitted"), ("4", "draft")]
    assert {number: pk for number, pk in kept.items() if number in "123"} == {
        scene.number: scene.pk for scene in Scene.objects.exclude(number="4")
    }


def test_a_scene_that_comes_back_is_the_same_record(project):
    import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain")
    third = Scene.objects.get(number="3").pk
    import_screenplay_file(project, SCRIPT.split("EXT. HARBOUR", maxsplit=1)[0].encode(), "low-water.fountain")
    import_screenplay_file(project, SCRIPT.encode(), "low-water.fountain")
    assert numbers(project)[-1] == ("3", "draft")
    assert Scene.objects.get(number="3").pk == third


def test_scenes_without_numbers_get_their_place_and_doubled_numbers_a_letter(project):
    script = "INT. A - DAY\n\nOne.\n\nINT. B - DAY #1#\n\nTwo.\n\nINT. C - DAY #1#\n\nThree.\n"
    import_screenplay_file(project, script.encode(), "a.fountain")
    assert [number for number, _ in numbers(project)] == ["A1", "1", "1A"]


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"", "empty.fountain", "empty"),
        (b"# Outline only\n\n= A synopsis.\n", "outline.fountain", "no scene"),
        (b"\x00\x01\x02\xff" * 200, "junk.fountain", "junk.fountain"),
        (b"hello", "script.pdf", "PDF"),
    ],
)
def test_a_file_that_is_no_screenplay_is_refused_with_a_sentence_and_changes_nothing(project, data, filename, words):
    with pytest.raises(ScreenplayError, match=words):
        import_screenplay_file(project, data, filename)
    assert not Scene.objects.exists()
    assert not project.chapters.exists()
