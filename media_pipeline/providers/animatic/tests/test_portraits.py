"""Portraits of the animatic: every side of somebody, the looks their record tells, and what the picture is."""

from __future__ import annotations

import numpy as np
import pytest

from media_pipeline.providers.animatic.look import look_of
from media_pipeline.providers.animatic.portrait import SIDES, draw_portrait, strip_of
from media_pipeline.providers.base import BriefCharacter, ImageRequest, PortraitBrief, ShotBrief

TOLD = (("age", "62"), ("pronouns", "she/her"), ("hair", "grey braid"), ("wears", "a yellow oilskin coat, blue jeans"))


def drawn(angle, told=TOLD, size=(64, 96)):
    person = BriefCharacter(name="Mara", look_seed=11, told=told)
    picture = draw_portrait(PortraitBrief(project_title="Salt", character=person, angle=angle, label=angle), *size)
    return np.asarray(picture.crop((0, 0, size[0], size[1] - strip_of(size[1]))), int)


def test_every_side_is_another_picture_of_the_same_size():
    found = {angle: drawn(angle) for angle in SIDES}
    assert {picture.shape for picture in found.values()} == {(80, 64, 3)}
    assert len({picture.tobytes() for picture in found.values()}) == len(SIDES)


def test_the_left_side_looks_to_the_left_and_the_right_side_to_the_right():
    wall = drawn("front")[2, 2]

    def face(angle):
        rows = drawn(angle)[8:18]
        skin = (rows[..., 0] - rows[..., 2] > 25) & (np.abs(rows - wall).max(axis=2) > 30)
        return (
            np.flatnonzero(skin.any(axis=0)).mean()
            - np.flatnonzero((np.abs(rows - wall).max(axis=2) > 40).any(0)).mean()
        )

    assert face("left_side") < face("right_side")


def test_what_is_told_goes_before_what_the_name_drew_by_lot():
    plain, told = (
        look_of(BriefCharacter(name="Bo", look_seed=5)),
        look_of(BriefCharacter(name="Bo", told=TOLD, look_seed=5)),
    )
    assert (told.hair_style, told.hair, told.aged, told.top) == ("ponytail", (168, 166, 166), True, "coat")
    assert (told.coat, told.legs) == ((218, 178, 74), (62, 92, 132))
    assert told.nose == plain.nose


@pytest.mark.parametrize(
    ("told", "beard", "style", "glasses"),
    [
        ((("face", "full beard"), ("hair", "bald")), "full", "bald", False),
        ((("face", "clean-shaven"), ("hair", "long black curls"), ("eyes", "behind glasses")), "", "curls_full", True),
    ],
)
def test_beards_hair_and_glasses_are_read_from_the_facts(told, beard, style, glasses):
    look = look_of(BriefCharacter(name="Tom", look_seed=12, told=told))
    assert (look.beard, look.hair_style) == (beard, style)
    assert look.glasses or not glasses


def test_of_whom_nothing_is_told_a_request_says_what_it_always_said():
    assert "told" not in BriefCharacter(name="Mara").model_dump(mode="json")
    assert BriefCharacter(name="Mara", told=TOLD).model_dump(mode="json")["told"][0] == ["age", "62"]


def test_a_request_knows_a_portrait_from_a_shot_when_it_is_read_again():
    brief = PortraitBrief(project_title="Salt", character=BriefCharacter(name="Mara"), label="Master")
    request = ImageRequest(prompt="Mara", width=64, height=96, brief=brief)
    again = ImageRequest.model_validate_json(request.model_dump_json())
    assert isinstance(again.brief, PortraitBrief)
    assert not isinstance(again.brief, ShotBrief)
