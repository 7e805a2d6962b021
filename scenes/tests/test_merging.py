"""Two records that are one become one, and two again."""

from __future__ import annotations

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError

from characters.actions import add_reference, create_character, create_identity, write_look
from characters.models import Character, CharacterIdentity, CharacterReference, CharacterState, Look
from projects.actions import create_project, undo_correction
from scenes import actions
from scenes.merging import merge_characters, merge_locations, preview_merge
from scenes.models import DialogueLine, Location, LocationVariant, Prop, Scene, SceneCast, ShotCast

PEOPLE = (
    Character, CharacterState, Look, CharacterReference, CharacterIdentity, SceneCast, ShotCast, DialogueLine, Prop
)  # fmt: skip


@pytest.fixture
def ada(project):
    return create_character(project, name="ADA", background="Keeps the lamp.", hair="grey")


@pytest.fixture
def keeper(project):
    return create_character(
        project,
        name="THE KEEPER",
        aliases=["Miss Ada"],
        background="Born on the rock.",
        eyes="green",
        trigger_word="kpr",
    )


def rows(*models):
    """All rows, as they can be compared; when they were touched does not count."""
    found = {}
    for model in models:
        for row in serializers.serialize("python", model.objects.order_by("pk")):
            row["fields"].pop("updated_at", None)
            found[row["model"], row["pk"]] = row["fields"]
    return found


def test_two_characters_that_are_one_become_one(project, ada, keeper, ten, eleven, asset):
    actions.change_scene(
        ten, cast=[{"character": ada, "business": "Trims."}, {"character": keeper, "business": "Waits."}]
    )
    actions.change_scene(eleven, cast=[{"character": keeper}], dialogue=[
        {"speaker": "THE KEEPER", "character": keeper, "line": "It is gone."}
    ])  # fmt: skip
    ShotCast.objects.create(shot=eleven.shots.first(), character=keeper, name="THE KEEPER")
    write_look(ada, "Oilskins")
    write_look(keeper, "Oilskins", wardrobe="Yellow.")
    for who, kind in ((ada, "master"), (keeper, "master"), (keeper, "view")):
        add_reference(who, asset("face" if kind == "view" else f"{who} {kind}").pk, kind)
    for who in (ada, keeper):
        create_identity(who, "reference_set")
    prop = actions.create_prop(project, name="Key", owner=keeper)

    kept, _ = merge_characters(ada, keeper)

    assert list(Character.objects.values_list("name", flat=True)) == ["ADA"]
    assert kept.aliases == ["THE KEEPER", "Miss Ada"]
    assert (kept.background, kept.eyes, kept.hair) == ("Keeps the lamp.\n\nBorn on the rock.", "green", "grey")
    assert kept.trigger_word == "kpr"
    assert list(SceneCast.objects.order_by("pk").values_list("scene__number", "business")) == [
        ("10", "Trims.\n\nWaits."), ("11", ""),
    ]  # fmt: skip
    assert SceneCast.objects.get(scene=eleven).name == "THE KEEPER"
    assert DialogueLine.objects.get().character == kept
    assert ShotCast.objects.get().character == kept
    assert set(kept.looks.values_list("name", flat=True)) == {"Oilskins", "Oilskins (THE KEEPER)"}
    assert sorted(kept.references.values_list("kind", flat=True)) == ["master", "view", "view"]
    assert sorted(kept.identities.values_list("version", flat=True)) == [1, 2]
    prop.refresh_from_db()
    assert prop.owner == kept


def test_a_merge_of_characters_is_taken_back_whole(ada, keeper, ten, eleven, asset):
    actions.change_scene(ten, cast=[{"character": ada}, {"character": keeper, "emotion": "afraid"}])
    write_look(keeper, "Oilskins")
    add_reference(keeper, asset("face").pk, "master")
    create_identity(keeper, "reference_set")
    before = rows(*PEOPLE)
    _, correction = merge_characters(ada, keeper)
    assert rows(*PEOPLE) != before
    undo_correction(correction)
    assert rows(*PEOPLE) == before


def test_a_merge_is_not_taken_back_when_the_name_is_taken(project, ada, keeper):
    _, correction = merge_characters(ada, keeper)
    ada.refresh_from_db()
    Character.objects.filter(pk=ada.pk).update(aliases=ada.aliases)
    Character.objects.create(project=project, name="THE KEEPER")
    with pytest.raises(ValidationError, match="taken by another record"):
        undo_correction(correction)
    assert correction.undone_at is None


def test_two_locations_that_are_one_become_one(project, ten, eleven, asset):
    keep = actions.create_location(
        project, name="LAMP ROOM", references=[{"picture": asset("a")}], rules="No smoking.",
        camera_marks=[{"name": "Door"}], time_variants=[{"time_of_day": "night", "description": "Dark."}],
    )  # fmt: skip
    gone = actions.create_location(
        project, name="LANTERN ROOM", description="Round.", references=[{"picture": asset("b")}], rules="Stay low.",
        camera_marks=[{"name": "Door"}], time_variants=[{"time_of_day": "night", "description": "Only the lamp."}],
    )  # fmt: skip
    actions.change_scene(ten, location=keep)
    actions.change_scene(eleven, location=gone)
    before = rows(Location, Scene, LocationVariant)
    told = preview_merge(keep, gone)
    assert told.moved == {"scenes": 1, "references": 1, "variants": 1, "camera marks": 1, "lighting presets": 0}
    assert (told.filled, told.kept_apart) == (["description"], ["rules"])

    kept, correction = merge_locations(keep, gone)

    assert set(kept.scenes.values_list("number", flat=True)) == {"10", "11"}
    assert (kept.aliases, kept.description) == (["LANTERN ROOM"], "Round.")
    assert kept.rules == "No smoking.\n\nStay low."
    assert kept.references.count() == 2
    assert kept.time_variants.get().description == "Dark.\n\nOnly the lamp."
    assert set(kept.camera_marks.values_list("name", flat=True)) == {"Door", "Door (LANTERN ROOM)"}
    assert not Location.objects.filter(pk=gone.pk).exists()
    undo_correction(correction)
    assert rows(Location, Scene, LocationVariant) == before


def test_what_cannot_be_merged_is_refused_with_a_sentence(ada, keeper, owner):
    other = create_project(title="Another film", code="ANO", owner=owner)
    foreign = create_character(other, name="ADA")
    with pytest.raises(ValidationError, match="A character cannot be merged with itself"):
        merge_characters(ada, ada)
    with pytest.raises(ValidationError, match="different productions"):
        merge_characters(ada, foreign)
    with pytest.raises(ValidationError, match="different productions"):
        preview_merge(ada, foreign)
    assert Character.objects.count() == 3
