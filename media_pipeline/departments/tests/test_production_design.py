"""Production design: what it needs, what it fills in by rules or with a model, and what it leaves to people."""

from __future__ import annotations

import pytest

from media_pipeline.departments import production_design, script
from media_pipeline.departments.material import material_of
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from projects.actions import add_gather_item
from projects.models import Event, QualifiedDocument
from prompts.models import ModelProfile
from scenes.actions import change_place, change_scene, set_scene_approval
from scenes.models import Location, Prop, SceneProp

from .crafts import at_work, stored, write_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(project):
    """The four scenes, with a place and two props that were brought."""
    scenes = write_film(project)
    add_gather_item(
        project, "location", title="Quay", body="Black stones.",
        structured={"set dressing": "Nets and a crane", "palette": "#10202A and #E0A458", "Night": "One lamp.",
                    "also": "Harbour, Reef"},
    )  # fmt: skip
    add_gather_item(project, "prop", title="Brass lantern", structured={"scale": "fits a hand"})
    add_gather_item(project, "prop", title="Log book", body="Leather.", structured={"owner": "Ilse"})
    return scenes


def document(collection, key):
    return QualifiedDocument.objects.get(collection=collection, key=key).data


def test_nothing_gathered_is_not_ready_and_a_place_that_is_not_described_is_named(project):
    assert production_design.readiness(material_of(project)).score == 0
    write_film(project)
    add_gather_item(project, "location", title="Quay", body="Black stones.")
    add_gather_item(project, "prop", title="Key")
    judged = production_design.readiness(material_of(project))
    # one of three places is told: a third of 50, no picture, and a prop: 17 + 0 + 30
    assert judged.score == 47
    assert judged.missing[0] == "Say what LAMP ROOM, REEF looks like: add a location item by that name."


def test_places_are_filled_from_their_items_else_from_their_first_scene(film, project):
    at_work(project, "production_design")
    quay = Location.objects.get(name="QUAY")
    assert (quay.description, quay.set_dressing, quay.palette) == (
        "Black stones.", "Nets and a crane", ["#10202A", "#E0A458"]
    )  # fmt: skip
    assert quay.aliases == ["Harbour"]  # the reef is another place of the script
    assert [(one.time_of_day, one.description) for one in quay.time_variants.all()] == [("night", "One lamp.")]
    assert Location.objects.get(name="LAMP ROOM").description == "A round room of glass. Salt on every pane."
    assert Location.objects.get(name="REEF").description == ""


def test_props_stand_in_the_scenes_whose_action_names_them_with_the_owner_the_script_gives_them(film, project):
    at_work(project, "production_design")
    rows = SceneProp.objects.values_list("scene__number", "prop__name").order_by("scene__number")
    assert list(rows) == [("1", "Brass lantern"), ("2", "Brass lantern"), ("3", "Log book")]
    lantern, book = Prop.objects.get(name="Brass lantern"), Prop.objects.get(name="Log book")
    assert (lantern.owner.name, lantern.scale) == ("MARA", "fits a hand")
    assert (book.owner.name, book.description) == ("ILSE", "Leather.")


def test_the_documents_count_scenes_and_say_what_is_asked_for_and_not_told(film, project):
    at_work(project, "production_design")
    room = document("locations", "LAMP ROOM")
    assert ([scene["scene"] for scene in room["scenes"]], room["times of day"]) == (["1", "3"], ["Night", "Dawn"])
    assert room["asked for and not told"] == [
        "A picture of LAMP ROOM.", "How LAMP ROOM is dressed.", "How it looks at night (scene 1).",
        "How it looks at dawn (scene 3).", "The story day (scenes 1, 3).",
    ]  # fmt: skip
    lantern = document("props", "Brass lantern")
    assert lantern["first appearance"] == "Scene 1: INT. LAMP ROOM - NIGHT"
    assert lantern["last appearance"] == "Scene 2: EXT. QUAY - DAY"
    assert lantern["not told"] == ["What Brass lantern looks like.", "A picture of Brass lantern."]


def test_a_second_run_changes_nothing(film, project):
    at_work(project, "production_design")
    before = Event.objects.exclude(type__startswith="run.").count()
    run = at_work(project, "production_design")
    assert Event.objects.exclude(type__startswith="run.").count() == before
    assert run.steps.get(key="documents").output == 0


def test_what_people_wrote_and_approved_stays(film, project, owner):
    change_place(Location.objects.get(name="QUAY"), description="White sand.")
    change_scene(film["1"], props=[{"name": "Sextant"}])
    set_scene_approval(film["3"], "approved", by=owner)
    at_work(project, "production_design")
    assert Location.objects.get(name="QUAY").description == "White sand."
    assert [row.prop.name for row in film["1"].props.all()] == ["Sextant"]
    assert not SceneProp.objects.filter(scene=film["3"]).exists()
    assert document("props", "Brass lantern")["named in the action of, and not in its list"] == ["1"]


def test_a_model_dresses_what_nobody_has(film, project, chat):  # noqa: F811
    ModelProfile.objects.filter(capability="text").update(price=0)
    chat.replies = [says({
        "scenes": [
            {"scene": "1", "set_dressing": "A bed under the lens.", "props": [{"name": "Wick", "hero": True}]},
            {"scene": "4", "props": [{"name": "Oar", "owner": "Ilse", "description": "Split."}]},
        ],
        "places": [{"name": "Reef", "description": "Foam over black rock."}, {"name": "Quay", "description": "No."}],
    })]  # fmt: skip
    run = at_work(project, "production_design")
    question = chat.asked[0]["messages"][1]["content"]
    assert "You break scene 1, 2, 3, 4 of Salt and Lantern down for the Production design department." in question
    assert "Mara lifts her brass lantern." in question
    assert "[Prop] Log book" in question
    assert run.steps.get(key="freeze").output["lots"][0]["scenes"] == ["1", "2", "3", "4"]
    film["1"].refresh_from_db()
    assert film["1"].set_dressing == "A bed under the lens."
    assert {row.prop.name: row.is_hero for row in film["1"].props.all()} == {"Brass lantern": False, "Wick": True}
    oar = Prop.objects.get(name="Oar")
    assert (oar.owner.name, oar.description) == ("ILSE", "Split.")
    assert [Location.objects.get(name=name).description for name in ("REEF", "QUAY")] == [
        "Foam over black rock.", "Black stones.",
    ]  # fmt: skip
    assert QualifiedDocument.objects.get(key="Oar").generated_by == "model house-model-2026"


def test_a_model_that_speaks_of_other_scenes_leaves_it_to_the_rules(film, project, chat):  # noqa: F811
    ModelProfile.objects.filter(capability="text").update(price=0)
    wrong = says({"scenes": [{"scene": "99", "set_dressing": "Fog."}]})
    chat.replies = [wrong, wrong]
    at_work(project, "production_design")
    assert "There is no scene 99 in the material: it has 1, 2, 3, 4." in chat.asked[1]["messages"][1]["content"]
    assert SceneProp.objects.count() == 3
    assert QualifiedDocument.objects.get(key="Log book").generated_by == "rules (no model answer)"


def test_pictures_that_were_brought_become_references_where_there_are_none(film, project):
    by_night, lantern, moving = stored(project, "quay"), stored(project, "lantern"), stored(project, "sea", "video")
    add_gather_item(
        project, "visual_reference", title="Quay by night", attachment=by_night,
        structured={"location": "quay", "time of day": "Night"},
    )  # fmt: skip
    add_gather_item(project, "visual_reference", attachment=lantern, structured={"prop": "brass lantern"})
    add_gather_item(project, "location", title="Reef", attachment=moving)
    at_work(project, "production_design")
    row = Location.objects.get(name="QUAY").references.get()
    assert (row.picture, row.time_of_day, row.description) == (by_night, "night", "Quay by night")
    assert Prop.objects.get(name="Brass lantern").references.get().picture == lantern
    assert not Location.objects.get(name="REEF").references.exists()
    assert document("locations", "QUAY")["pictures"] == [{"media": by_night.pk, "shows": "Quay by night"}]
    at_work(project, "production_design")
    assert Location.objects.get(name="QUAY").references.count() == 1


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Mara's old brass lantern burns.", ["MARA"]), ("Mara looks at the stranger's brass lantern.", []),
        ("Mara and Ilse's brass lantern.", ["ILSE"]), ("The brass lantern is Mara's.", []),
        ("MARA’S BRASS LANTERN", ["MARA"]), ("word " * 20_000 + "brass lantern", []),
    ],
)  # fmt: skip
def test_a_prop_is_whose_the_script_says_and_of_nobody_who_only_stands_near(film, project, text, owners):
    read = script.read_script(project)
    names = {person.pk: person.name for person in read.people}
    assert [names[pk] for pk in production_design._owners_in(read, "brass lantern", text)] == owners
