"""What a changed screenplay would change, told before anything is written."""

from __future__ import annotations

import pytest

from projects.models import Event
from scenes import actions
from scenes.importing import import_screenplay_file, preview_screenplay_file
from scenes.models import DialogueLine, Location, Scene, SceneCast
from scenes.shot_plans import plan_scene

pytestmark = pytest.mark.django_db

SCRIPT = """INT. LAMP ROOM - NIGHT

Ada trims the wick and listens to the wind in the gallery.

ADA
(low)
Hold the light steady.

EXT. HARBOUR - DAWN

The boat is gone. Only the rope is left, cut, moving with the water.

INT. KITCHEN - DAY

Tom counts the plates twice and puts one back.

TOM (O.S.)
Five.
"""


def put(project, text):
    return import_screenplay_file(project, text.encode(), "low-water.fountain")


def look(project, text):
    return preview_screenplay_file(project, text.encode(), "low-water.fountain")


def test_a_preview_writes_nothing_and_the_import_does_exactly_what_it_said(project):
    before = Event.objects.count()
    changes = look(project, SCRIPT)
    assert changes.sentence == "Scenes: 3 new."
    assert changes.characters == ["ADA", "TOM"]
    assert changes.locations == ["LAMP ROOM", "HARBOUR", "KITCHEN"]
    assert (Scene.objects.count(), Event.objects.count()) == (0, before)
    assert put(project, SCRIPT).new == 3
    assert look(project, SCRIPT).sentence == "Scenes: 3 unchanged."


def test_a_scene_written_in_between_moves_no_number_and_keeps_all_work(project, film):
    put(project, SCRIPT)
    kitchen = Scene.objects.get(number="3")
    plan_scene(kitchen)
    film(kitchen.shots.first())
    changed = SCRIPT.replace("EXT. HARBOUR", "INT. STAIRS - NIGHT\n\nFootsteps.\n\nEXT. HARBOUR")
    changes = look(project, changed)
    assert [change.number for change in changes.new] == ["1A"]
    assert [change.number for change in changes.same] == ["1", "2", "3"]
    assert changes.takes_at_stake == 0
    put(project, changed)
    assert list(Scene.objects.order_by("sequence").values_list("number", flat=True)) == ["1", "1A", "2", "3"]
    assert Scene.objects.get(number="3").pk == kitchen.pk
    assert kitchen.shots.first().takes.count() == 1


def test_a_changed_scene_is_recognised_and_says_what_work_is_at_stake(project, film):
    put(project, SCRIPT)
    kitchen = Scene.objects.get(number="3")
    plan_scene(kitchen)
    film(kitchen.shots.first())
    changes = look(project, SCRIPT.replace("puts one back", "breaks one"))
    (change,) = changes.changed
    assert (change.number, change.scene_id, change.takes) == ("3", kitchen.pk, 1)
    assert "screenplay_text" in change.fields
    assert changes.takes_at_stake == 1


def test_a_scene_that_is_cut_is_gone_and_its_number_is_not_given_again(project):
    put(project, SCRIPT)
    start, end = SCRIPT.index("EXT. HARBOUR"), SCRIPT.index("INT. KITCHEN")
    shorter = SCRIPT[:start] + SCRIPT[end:]
    assert [change.number for change in look(project, shorter).gone] == ["2"]
    put(project, shorter)
    longer = shorter.replace("INT. KITCHEN", "EXT. MARSH - DAY\n\nReeds.\n\nINT. KITCHEN")
    put(project, longer)
    scenes = Scene.objects.select_related("state")
    assert {scene.number: scene.state.status for scene in scenes} == {
        "1": "draft", "1A": "draft", "2": "omitted", "3": "draft",
    }  # fmt: skip


def test_dialogue_cast_and_places_become_rows_and_work_on_them_stays(project):
    put(project, SCRIPT)
    lamp = Scene.objects.get(number="1")
    line = lamp.dialogue.get()
    assert (line.speaker, line.parenthetical, line.line, line.character.name) == (
        "ADA", "low", "Hold the light steady.", "ADA",
    )  # fmt: skip
    assert Scene.objects.get(number="3").dialogue.get().off_screen is True
    assert lamp.location == Location.objects.get(name="LAMP ROOM")
    actions.change_scene(lamp, dialogue=[{"id": line.pk, "delivery": "through her teeth"}])
    SceneCast.objects.filter(scene=lamp).update(blocking="At the lamp.")
    put(project, SCRIPT.replace("steady.\n", "steady.\n\nTOM\nI am.\n", 1))
    rows = DialogueLine.objects.filter(scene=lamp)
    assert [(row.speaker, row.delivery) for row in rows] == [("ADA", "through her teeth"), ("TOM", "")]
    assert [(row.name, row.blocking) for row in lamp.cast.all()] == [("ADA", "At the lamp."), ("TOM", "")]


def test_comparing_takes_as_many_queries_for_many_scenes_as_for_few(project, django_assert_num_queries):
    put(project, SCRIPT)
    with django_assert_num_queries(4):
        look(project, SCRIPT + "\n".join(f"\nINT. ROOM {n} - DAY\n\nNothing {n}.\n" for n in range(40)))


def test_what_a_person_decided_about_a_shot_survives_a_new_plan(project):
    put(project, SCRIPT)
    lamp = Scene.objects.select_related("chapter", "state").get(number="1")
    plan_scene(lamp)
    shot = lamp.shots.order_by("sequence").first()
    actions.change_shot(shot, lens_mm=135, camera_movement="orbit")
    actions.change_scene(lamp, screenplay_text=lamp.screenplay_text.replace("the wind in the gallery", "the wind"))
    plan_scene(lamp)
    again = lamp.shots.order_by("sequence").first()
    assert again.pk == shot.pk
    assert (again.lens_mm, again.camera_movement) == (135, "orbit")
    assert "gallery" not in again.business
