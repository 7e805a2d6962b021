"""Which pictures go along: as the camera sees somebody, three in a request, people's choice first."""

from __future__ import annotations

import pytest

from characters.models import CharacterReference
from media_pipeline.assets import MediaAsset
from media_pipeline.shot_request import shot_request, shots_of
from media_pipeline.takes.layers import layers_of
from media_pipeline.takes.limits import TakeLimits
from media_pipeline.takes.references import of_character
from media_pipeline.takes.wording import Wording
from scenes.actions import choose_references

pytestmark = pytest.mark.django_db

Angle, Kind = CharacterReference.Angle, CharacterReference.Kind


@pytest.fixture
def picture(production):
    def picture(name):
        return MediaAsset.objects.create(
            project=production, kind="image", sha256=name.ljust(64, "0")[:64], file=f"{name}.png", size=1, width=64,
            height=64, source="uploaded",
        )  # fmt: skip

    return picture


@pytest.fixture
def turned(picture):
    """A character with a picture from every side."""

    def turned(character):
        for angle in Angle.values:
            kind = Kind.MASTER if angle == Angle.FRONT else Kind.VIEW
            CharacterReference.objects.create(
                character=character, kind=kind, angle=angle, image=picture(f"{character.pk}{angle}")
            )
        return character

    return turned


def best(shot, direction=None):
    (person,) = shot.cast.all()
    (found,) = of_character(person, {"camera_angle": "eye_level", "shot_size": "medium"} | (direction or {}))
    return CharacterReference.objects.get(image=found.asset).angle, found.reason


@pytest.mark.parametrize(
    ("facing", "angle"),
    [("camera", Angle.FRONT), ("left", Angle.LEFT), ("right", Angle.RIGHT), ("away", Angle.BACK)],
)
def test_the_side_that_the_camera_sees_is_chosen_with_its_reason(shot, turned, facing, angle):
    turned(shot.cast.get().character)
    shot.cast.update(facing=facing)
    found, reason = best(shot)
    assert found == angle
    assert reason.startswith("ADA looks")


def test_without_the_right_side_the_nearest_one_is_taken(shot, turned):
    character = turned(shot.cast.get().character)
    character.references.filter(angle=Angle.RIGHT).delete()
    assert best(shot)[0] == Angle.THREE_QUARTER_RIGHT


def test_candidates_are_never_used(shot, turned):
    character = turned(shot.cast.get().character)
    character.references.update(kind=Kind.CANDIDATE)
    assert of_character(shot.cast.get(), {}) == []


def test_four_people_are_put_in_two_by_two_with_three_pictures_at_most(shot, turned, production):
    for name in ("TOM", "EVE"):
        shot.cast.create(character=production.characters.get(name=name), name=name, order=9)
    for character in production.characters.all():
        turned(character)
    (row,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
    request = shot_request(row, production, "standard")
    layers = layers_of(row, {"time_of_day": "night", "camera_angle": "eye_level", "shot_size": "medium"},
                       {"people": "ADA left; TOM; EVE"}, Wording.of(production), request.brief)  # fmt: skip
    put_in = [[picture.name for picture in layer.references] for layer in layers if layer.layer == "characters"]
    assert put_in == [["ADA", "TOM"], ["EVE"]]
    assert all(len(names) + 1 <= 3 for names in put_in), "with the picture they are put into"


def test_layers_that_would_not_fit_are_left_out_and_the_last_one_says_so(shot, turned, production, settings):
    settings.TAKE_LIMITS = TakeLimits(iterations=2)
    for name in ("TOM", "EVE"):
        shot.cast.create(character=production.characters.get(name=name), name=name, order=9)
    (row,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
    brief = shot_request(row, production, "standard").brief
    seen = {"time_of_day": "night", "camera_angle": "eye_level", "shot_size": "medium"}
    layers = layers_of(row, seen, {"people": "ADA left; TOM; EVE"}, Wording.of(production), brief)
    assert [layer.layer for layer in layers] == ["location", "characters"]
    assert layers[-1].reason.endswith("Layers beyond 2 are left out: 1.")


def test_what_a_person_chose_goes_first(shot, turned, picture, owner, production):
    turned(shot.cast.get().character)
    chosen = picture("chosen")
    choose_references(shot, [{"kind": "character", "picture": chosen, "name": "ADA"}], by=owner)
    (row,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
    request = shot_request(row, production, "standard")
    assert request.references[0].asset == chosen.pk
    assert f"Chosen by {owner}" in request.references[0].reason
