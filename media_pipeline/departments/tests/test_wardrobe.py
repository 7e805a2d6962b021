"""Wardrobe and make-up: looks that are told, who wears them when, and what continuity has to watch."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from characters.actions import write_look
from characters.models import Character, Look
from media_pipeline.departments import script, wardrobe
from media_pipeline.departments.material import material_of
from media_pipeline.departments.wardrobe_documents import wardrobe_documents
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from projects.actions import add_gather_item
from projects.models import Event, QualifiedDocument
from prompts.models import ModelProfile
from scenes.actions import change_scene, insert_scene, set_scene_approval
from scenes.models import SceneCast

from .crafts import at_work, write_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(project):
    """Mara in scene 1, Ilse in 2 and (by the action) in 3, on days 1, 1 and 2; two looks of Ilse, one of Mara."""
    scenes = write_film(project)
    for number, day in {"1": "Day 1", "2": "Day 1", "3": "Day 2"}.items():
        change_scene(scenes[number], story_day=day)
    add_gather_item(
        project, "character", title="Mara", body="The keeper.\nWardrobe: A grey oilskin.", structured={"Hair": "Wet"}
    )
    add_gather_item(project, "character", title="Ilse", structured={"costume": "A red coat.", "worn": "ring, scarf"})
    add_gather_item(
        project, "note", title="After the reef",
        structured={"character": "ilse", "make-up": "Salt on the skin", "injuries": "A cut hand", "when": "day 1"},
    )  # fmt: skip
    return scenes


def document(key):
    return QualifiedDocument.objects.get(collection="wardrobe", key=key).data


def test_readiness_names_who_has_nothing_to_wear_and_which_scenes_have_no_day(project):
    assert wardrobe.readiness(material_of(project)).score == 0
    write_film(project)
    add_gather_item(project, "character", title="Mara", structured={"wardrobe": "Oilskin"})
    judged = wardrobe.readiness(material_of(project))
    assert judged.score == 45  # one of two people: 30 of 60; no story day; there are scenes: 15
    assert judged.missing == (
        "Say what is worn by ILSE: add wardrobe, make-up or injuries to the character's item.",
        "Give scenes 1, 2, 3, 4 a story day.",
    )  # fmt: skip


def test_looks_are_written_as_they_are_told_and_worn_when_they_say(film, project):
    at_work(project, "wardrobe")
    looks = {(look.character.name, look.name): look for look in Look.objects.select_related("character")}
    assert set(looks) == {("MARA", "First look"), ("ILSE", "First look"), ("ILSE", "After the reef")}
    assert (looks["MARA", "First look"].wardrobe, looks["MARA", "First look"].hair) == ("A grey oilskin.", "Wet")
    assert (looks["ILSE", "First look"].wardrobe, looks["ILSE", "First look"].props_worn) == (
        "A red coat.",
        ["ring", "scarf"],
    )
    assert looks["ILSE", "After the reef"].injuries == "A cut hand"
    assert Character.objects.get(name="ILSE").default_look == looks["ILSE", "First look"]
    assert list(SceneCast.objects.order_by("scene__number").values_list("scene__number", "name", "look__name")) == [
        ("1", "MARA", None), ("2", "ILSE", "After the reef"),
    ]  # fmt: skip


def test_the_document_follows_somebody_from_scene_to_scene(film, project):
    change_scene(film["2"], set_elements=[
        {"category": "wardrobe", "name": "Torn scarf"}, {"category": "make_up", "name": "Mara's scar"},
        {"category": "vehicles", "name": "Boat"},
    ])  # fmt: skip
    change_scene(film["4"], set_elements=[{"category": "wardrobe", "name": "Oilskins", "count": 3}])
    at_work(project, "wardrobe")
    ilse = document("ILSE")
    assert [(row["scene"], row["story day"], row["look"]) for row in ilse["scenes"]] == [
        ("2", "Day 1", "After the reef"), ("3", "Day 2", "First look"),
    ]  # fmt: skip
    assert ilse["changes"] == [
        {"between": "2 and 3", "from": "After the reef", "to": "First look", "story days": "Day 1 to Day 2"}
    ]
    assert ilse["to watch"] == ["The action of scene 3 shows ILSE, and the cast list does not."]
    assert [(row["element"], row["because"]) for row in ilse["elements"]] == [
        ("Torn scarf", "the only one in the scene")
    ]
    assert [(row["element"], row["because"]) for row in document("MARA")["elements"]] == [("Mara's scar", "named")]
    assert [(row["element"], row["count"]) for row in document("Nobody's yet")["elements"]] == [("Oilskins", 3)]


def test_continuity_watches_changes_within_a_day_and_the_same_clothes_on_another(film, project):
    change_scene(film["3"], story_day="Day 1")
    at_work(project, "wardrobe")
    assert document("ILSE")["to watch"][1:] == ["ILSE changes between scenes 2 and 3 on the same story day, Day 1."]
    ilse = Character.objects.get(name="ILSE")
    change_scene(film["3"], story_day="Day 2")
    change_scene(film["2"], cast=[{"character": ilse, "look": ilse.default_look}])
    at_work(project, "wardrobe")
    assert document("ILSE")["to watch"][1:] == ["ILSE wears First look in scenes 2 and 3, on different story days."]


def test_what_people_wrote_and_approved_stays_and_a_second_run_changes_nothing(film, project, owner):
    mara = Character.objects.get(name="MARA")
    write_look(mara, "By night", wardrobe="A nightgown.")
    set_scene_approval(film["2"], "approved", by=owner)
    at_work(project, "wardrobe")
    look = mara.looks.get()
    assert (look.wardrobe, look.hair) == ("A nightgown.", "Wet")
    assert SceneCast.objects.get(scene=film["2"]).look is None
    before = Event.objects.exclude(type__startswith="run.").count()
    at_work(project, "wardrobe")
    assert Event.objects.exclude(type__startswith="run.").count() == before


def test_a_model_names_looks_over_two_lots_and_what_was_told_stays(film, project, chat, monkeypatch):  # noqa: F811
    ModelProfile.objects.filter(capability="text").update(price=0)
    monkeypatch.setattr(script, "LOT_SCENES", 2)
    chat.replies = [
        says({"looks": [
            {"character": "Mara", "name": "first look", "wardrobe": "A suit.", "make_up": "Pale", "scenes": ["1"]},
        ]}),
        says({"looks": [{"character": "Ada", "name": "Any", "scenes": ["3"]}]}),
        says({"looks": [{"character": "Ilse", "name": "Soaked", "wardrobe": "The coat, wet.", "scenes": ["3"]}]}),
    ]  # fmt: skip
    at_work(project, "wardrobe")
    assert "There is no character Ada in the production." in chat.asked[2]["messages"][1]["content"]
    usual = Look.objects.get(character__name="MARA")
    assert (usual.wardrobe, usual.make_up) == ("A grey oilskin.", "Pale")
    assert SceneCast.objects.get(scene=film["1"]).look == usual
    assert Look.objects.get(name="Soaked").wardrobe == "The coat, wet."


def test_the_documents_take_as_many_queries_for_twice_the_scenes(film, project):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            wardrobe_documents(script.read_script(project, *wardrobe.LISTS))
        return len(counted)

    before = queries()
    for scene in list(film.values()):
        insert_scene(scene.chapter, after=scene)
    assert queries() == before
