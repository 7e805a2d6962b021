"""Facts about people, as people write them: which field answers to what, and what nobody's field is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from characters.actions import change_character, create_character
from characters.models import Character
from media_pipeline.casting.appearance import composed
from media_pipeline.casting.facts import Facts, metres_of
from media_pipeline.casting.people import fill_people, people_of
from media_pipeline.departments.material import material_of
from projects.actions import add_gather_item


@pytest.mark.parametrize(
    ("told", "metres"),
    [("1.7", "1.7"), ("1,70 m", "1.70"), ("170 cm", "1.70"), ("170", "1.70"), ("5'6\"", "1.6764"), ("6 ft", "1.8288"),
     ("tall", None), ("0", None)],
)  # fmt: skip
def test_a_height_is_read_in_the_ways_people_write_it(told, metres):
    assert metres_of(told) == (None if metres is None else Decimal(metres))


def test_facts_go_to_the_fields_that_answer_to_their_names_and_the_rest_is_kept():
    facts = Facts()
    told = {"Eye colour": "green", "wants": "a ship", "skills": "rowing; knots", "Aliases": "The Boy, Tommy",
            "lucky charm": "a tooth", "sister": "Mara", "costume": "oilskin", "role": "hero"}  # fmt: skip
    for name, value in told.items():
        facts.add(name, value, {"mara": "Mara"})
    assert facts.fields == {
        "eyes": "green", "motivation": "a ship", "skills": ["rowing", "knots"], "relationships": "Sister: Mara",
        "role": "protagonist",
    }  # fmt: skip
    assert (facts.aliases, facts.wardrobe, facts.others) == (["The Boy", "Tommy"], "oilskin", ["Lucky charm: a tooth"])


def test_looks_are_composed_of_the_fields_that_say_something():
    fields = {"age": "62", "pronouns": "she/her", "build": "stocky", "hair": "grey braid", "eyes": "blue", "skin": ""}
    assert composed(fields) == "62-year-old woman, stocky build, blue eyes, grey braid"
    assert composed({"hair": "red"}) == ""


@pytest.mark.django_db
def test_names_and_aliases_are_one_person_and_what_people_wrote_stays(project, owner):
    mara = create_character(project, name="MARA", aliases=["The Keeper"], hair="white", by=owner)
    add_gather_item(project, "character", title="The keeper", body="Old.", structured={"hair": "black", "eyes": "blue"})
    add_gather_item(project, "character", title="Mara", structured={"fear": "the sea", "alias": "Old Mara"})
    people = people_of(material_of(project))
    assert [person.name for person in people] == ["MARA"]
    assert fill_people(project, people, {"mara": {"hair": "red", "accent": "northern"}}, by="model x") == {
        "new": 0, "filled": 1,
    }  # fmt: skip
    mara.refresh_from_db()
    assert (mara.hair, mara.eyes, mara.fear, mara.accent) == ("white", "blue", "the sea", "northern")
    assert (mara.aliases, mara.generated_by) == (["The Keeper", "Old Mara"], "")
    change_character(mara, eyes="grey")
    fill_people(project, people_of(material_of(project)), {}, by="rules")
    assert Character.objects.get().eyes == "grey"


@pytest.mark.django_db
def test_a_picture_that_comes_with_the_material_is_the_master_and_a_wardrobe_a_look(project, owner, uploaded):
    asset = uploaded("photograph")
    add_gather_item(
        project, "character", title="Tom", attachment=asset, structured={"wears": "blue jumper"}, by=owner
    )  # fmt: skip
    fill_people(project, people_of(material_of(project)), {}, by="rules")
    tom = Character.objects.get()
    assert (tom.state.master_reference.image, tom.state.master_reference.source) == (asset, "uploaded")
    assert tom.default_look.wardrobe == "blue jumper"
