"""The world department: what it needs, and the bible it writes by rules or with a model."""

from __future__ import annotations

import pytest

from media_pipeline.departments import world
from media_pipeline.departments.material import material_of
from projects.actions import write_bible
from projects.models import StoryBible

pytestmark = pytest.mark.django_db


def test_a_world_of_which_nothing_is_told_is_not_ready_and_says_what_it_needs(project):
    judged = world.readiness(material_of(project))
    assert judged.score == 0
    assert [sentence.split(":")[0] for sentence in judged.missing] == [
        "No place is named", "0 of 3 world rules", "Little is told about the world",
    ]  # fmt: skip


def test_a_world_with_a_place_three_rules_and_notes_is_wholly_ready(material):
    assert world.readiness(material_of(material)) == world.Readiness(100)


def test_the_rules_make_a_bible_of_what_was_brought_and_of_nothing_else(material, qualify):
    qualify()
    bible = StoryBible.objects.get()
    assert bible.generated_by == "rules"
    assert list(bible.world_rules.values_list("category", "description")) == [
        ("physics", "The tide comes in twice a night."),
        ("society", "Keepers do not marry."),
        ("history", "The lamp was stolen once, years ago."),
    ]
    assert list(bible.relationships.values_list("from_name", "kind", "to_name")) == [("Mara", "sister", "Ilse")]
    assert list(bible.consistency_rules.values_list("rule", "priority")) == [("The lamp must never go out.", "high")]
    assert list(bible.locations.values_list("name", "rules")) == [("Lamp room", "No iron.")]


def test_what_people_wrote_in_the_bible_stays(material, qualify):
    write_bible(material, tone="salt", parts={"world_rules": [{"category": "magic", "description": "Fog listens."}]})
    qualify()
    bible = StoryBible.objects.get()
    assert (bible.tone, bible.generated_by) == ("salt", "")
    assert [rule.description for rule in bible.world_rules.all()] == ["Fog listens."]
    assert bible.locations.get().name == "Lamp room"
