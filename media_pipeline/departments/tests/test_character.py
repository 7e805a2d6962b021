"""The character department: who becomes a record, what is filled in, and the pictures each one gets."""

from __future__ import annotations

from collections import Counter

import pytest

from characters.models import Character
from media_pipeline.casting.limits import CharacterPictures
from media_pipeline.departments import character
from media_pipeline.departments.material import material_of
from media_pipeline.departments.tests.crafts import at_work
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from media_pipeline.runs.models import Step
from media_pipeline.takes.references import of_character
from projects.actions import add_gather_item
from prompts.models import ModelProfile
from scenes.models import ShotCast

pytestmark = pytest.mark.django_db


def test_everybody_the_material_names_becomes_a_record_filled_with_what_it_says(material, qualify):
    qualify()
    mara, ilse = Character.objects.order_by("pk")
    assert (mara.name, mara.description, mara.relationships) == ("Mara", "The keeper.", "Sister: Ilse")
    assert (mara.height, str(mara.scale_height), mara.generated_by) == ("1.7", "0.97", "rules")
    assert (ilse.name, ilse.description, ilse.relationships) == ("Ilse", "Left the island.", "")


def test_a_character_gets_a_master_and_six_views_that_are_found_by_where_somebody_looks(project, settings):
    settings.CHARACTER_PICTURES = CharacterPictures(width=64, height=96)
    add_gather_item(project, "character", title="Mara", body="The keeper.")
    at_work(project, "character")
    mara = Character.objects.get()
    master = mara.state.master_reference
    assert mara.state.status == "referenced"
    assert (master.kind, master.angle, master.source, master.made_from) == ("master", "front", "generated", None)
    views = mara.references.filter(kind="view").order_by("horizontal_angle")
    assert list(views.values_list("angle", "horizontal_angle")) == [
        ("left_side", -90), ("three_quarter_left", -45), ("front", 0), ("three_quarter_right", 45), ("right_side", 90),
        ("back", 180),
    ]  # fmt: skip
    assert {view.made_from_id for view in views} == {master.image_id}
    calls = Step.objects.filter(run__pipeline="picture_character", kind=Step.Kind.PROVIDER)
    assert sorted(calls.values_list("key", flat=True)) == ["master", *sorted(f"view/{view.angle}" for view in views)]
    at = {"camera_angle": "eye_level", "shot_size": "medium"}
    seen = {}
    for facing in ("left", "right", "away"):
        (chosen,) = of_character(ShotCast(character=mara, name="MARA", facing=facing), at)
        seen[facing] = mara.references.get(image=chosen.asset).angle
    assert seen == {"left": "left_side", "right": "right_side", "away": "back"}


def test_nobody_known_says_what_to_add_and_those_who_lack_something_are_named(project):
    judged = character.readiness(material_of(project))
    assert judged.score == 0
    assert judged.missing[0] == "Nobody is known: add a character, or import a screenplay."
    add_gather_item(project, "character", title="Mara", body="She wants the lamp to burn.", structured={"age": 62})
    add_gather_item(project, "character", title="Tom", structured={"hair": "red", "eyes": "green"})
    add_gather_item(project, "character", title="Fisherman", structured={"role": "extra"})
    judged = character.readiness(material_of(project))
    assert judged.score == 60  # known 30, one of two looks 20, one of two wants 10, no picture
    assert judged.missing == (
        "Say how Mara looks: age, build, hair, face.", "Say what Tom wants.",
        "No picture of Mara and Tom yet: attach one, or let it be made.",
    )  # fmt: skip


def test_a_model_fills_what_the_material_left_empty_and_the_record_says_so(project, chat, settings):  # noqa: F811
    settings.CHARACTER_PICTURES = CharacterPictures(roles_without=tuple(Character.StoryRole.values))
    ModelProfile.objects.filter(capability="text").update(price=0)
    add_gather_item(project, "character", title="Mara", body="The keeper.", structured={"hair": "grey"})
    told = {"name": "mara", "hair": "black", "age": "62", "wardrobe": "yellow oilskin", "role": "villain"}
    chat.replies = [says({"people": [told, {"name": "Nobody", "age": "5"}]})]
    at_work(project, "character")
    mara = Character.objects.get()
    assert (mara.hair, mara.age, mara.role) == ("grey", "62", "supporting")
    assert mara.default_look.wardrobe == "yellow oilskin"
    assert mara.generated_by.startswith("model")


def test_the_estimate_counts_seven_pictures_of_everybody_who_is_seen(project):
    for name, role in (("Mara", ""), ("Tom", ""), ("Fisherman", "extra")):
        add_gather_item(project, "character", title=name, structured={"role": role})
    assert Counter(name for name, _ in character.asks(project)) == {"masters": 2, "views": 12}
