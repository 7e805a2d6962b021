"""Characters, their looks, the pictures that show them and the identities made from these."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from characters.actions import (
    add_reference,
    change_character,
    change_identity,
    change_reference,
    create_character,
    create_identity,
    meet_characters,
    record_identity_test,
    set_identity_state,
    write_look,
)
from characters.models import Character, CharacterIdentity, CharacterReference
from media_pipeline.assets import MediaAsset
from projects.actions import create_project
from projects.models import Event


@pytest.fixture
def mara(project):
    return create_character(project, name="Mara", aliases=["THE KEEPER"])


@pytest.fixture
def picture(project):
    """Make a picture of a production: `picture("a")`."""

    def picture(mark, of=None):
        of = of or project
        return MediaAsset.objects.create(
            project=of, file=f"{mark}.png", kind="image", sha256=mark.ljust(64, "0"), size=1, source="uploaded"
        )

    return picture


def test_a_character_begins_as_a_concept_and_is_referenced_by_its_first_picture(mara, picture):
    assert mara.state.status == "concept"
    add_reference(mara, picture("a").pk, "view", angle="front")
    mara.state.refresh_from_db()
    assert mara.state.status == "referenced"


def test_a_speaker_who_is_met_in_a_script_has_a_state_as_well(project):
    met = meet_characters(project, {"TOM": 120})
    assert met["TOM"].state.status == "concept"


def test_a_name_or_alias_means_one_character(project, mara):
    for fields, field in (({"name": "the keeper"}, "name"), ({"name": "Tom", "aliases": ["MARA"]}, "aliases")):
        with pytest.raises(ValidationError) as refused:
            create_character(project, **fields)
        assert "is Mara already" in str(refused.value.message_dict[field])
    assert Character.objects.count() == 1


def test_a_character_keeps_one_master_and_the_one_before_becomes_a_view(mara, picture):
    first = add_reference(mara, picture("a").pk, "master")
    second = add_reference(mara, picture("b").pk, "master", angle="front")
    first.refresh_from_db()
    mara.state.refresh_from_db()
    assert (first.kind, second.kind, mara.state.master_reference) == ("view", "master", second)
    change_reference(first, kind="master")
    second.refresh_from_db()
    mara.state.refresh_from_db()
    assert (second.kind, mara.state.master_reference) == ("view", first)


def test_the_database_keeps_two_masters_out(mara, picture):
    add_reference(mara, picture("a").pk, "master")
    with pytest.raises(IntegrityError), transaction.atomic():
        CharacterReference.objects.create(character=mara, kind="master", image=picture("b"))


def test_a_picture_or_a_look_of_elsewhere_is_not_taken(project, mara, picture, owner):
    elsewhere = create_project(title="Elsewhere", owner=owner)
    with pytest.raises(ValidationError, match="no such picture"):
        add_reference(mara, picture("a", of=elsewhere).pk, "view")
    tom = create_character(project, name="Tom")
    look = write_look(tom, "Oilskin")
    with pytest.raises(ValidationError, match="another character"):
        add_reference(mara, picture("b").pk, "view", look=look)
    with pytest.raises(ValidationError, match="another character"):
        change_character(mara, default_look=look)
    assert not CharacterReference.objects.exists()


def test_the_first_look_is_the_default_and_a_second_changes_nothing(mara):
    day = write_look(mara, "Day", wardrobe="Wool coat", palette=["#1C2B3A"])
    write_look(mara, "Storm")
    mara.refresh_from_db()
    assert mara.default_look == day
    write_look(mara, "Day", wardrobe="Grey wool coat")
    assert (mara.looks.count(), mara.looks.get(name="Day").wardrobe) == (2, "Grey wool coat")


def test_an_identity_is_not_trained_on_fewer_than_five_pictures(mara, picture):
    references = [add_reference(mara, picture(mark).pk, "candidate") for mark in "abcde"]
    with pytest.raises(ValidationError, match="4 pictures are too few: choose at least 5"):
        create_identity(mara, "lora_image", references[:4])
    first = create_identity(mara, "lora_image", references)
    second = create_identity(mara, "lora_image", references)
    assert (first.version, second.version, first.training_set.count()) == (1, 2, 5)
    assert create_identity(mara, "reference_set").state.status == "untrained"
    assert CharacterIdentity.objects.count() == 3


def test_a_trained_identity_makes_its_character_identity_ready_and_tells_so(mara, picture):
    identity = create_identity(mara, "reference_set")
    set_identity_state(identity, "completed", progress=100)
    mara.state.refresh_from_db()
    assert mara.state.status == "identity_ready"
    event = Event.objects.latest("pk")
    assert (event.type, event.payload["status"]) == ("identity.status", "completed")


def test_what_was_not_measured_in_a_test_stays_empty(mara, picture):
    identity = create_identity(mara, "reference_set")
    test = record_identity_test(identity, kind="portrait", prompt="Mara at the lamp", image=picture("t"))
    assert (test.similarity, test.face_distance, test.passed) == (None, None, None)
    with pytest.raises(ValidationError):
        record_identity_test(identity, kind="portrait", prompt="x", image=picture("u"), similarity=101)


def test_the_pictures_of_an_identity_are_chosen_until_its_training_begins(project, mara, picture):
    ilse = create_character(project, name="Ilse")
    views = [add_reference(mara, picture(mark).pk, "view") for mark in "abcde"]
    identity = create_identity(mara, "lora_image", views)
    with pytest.raises(ValidationError, match="4 pictures are too few"):
        change_identity(identity, training_set=views[:4])
    with pytest.raises(ValidationError, match="Only pictures of Mara"):
        change_identity(identity, training_set=[*views, add_reference(ilse, picture("f").pk, "view")])
    change_identity(identity, training_set=[*views[1:], add_reference(mara, picture("0").pk, "pose")])
    assert identity.training_set.filter(kind="pose").exists()
    set_identity_state(identity, "training")
    with pytest.raises(ValidationError, match="begin its next version"):
        change_identity(identity, steps=2000)
    identity.refresh_from_db()
    assert change_identity(identity, notes="Good in profile.", steps=1000).notes == "Good in profile."


def test_nothing_of_a_character_points_into_another_production(mara, picture, owner):
    foreign = picture("a", of=create_project(title="Night Ferry", owner=owner))
    with pytest.raises(ValidationError, match="belongs to another production"):
        change_character(mara, voice_sample=foreign)
    mara.refresh_from_db()
    assert mara.voice_sample is None
