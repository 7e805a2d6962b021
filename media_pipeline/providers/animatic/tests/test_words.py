"""What words of a brief mean: places, props, feelings, actions and people."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from media_pipeline.providers.animatic.camera import Decal
from media_pipeline.providers.animatic.face import Expression, expression_for
from media_pipeline.providers.animatic.figure_paint import Paint
from media_pipeline.providers.animatic.ink import Canvas
from media_pipeline.providers.animatic.light import light_for
from media_pipeline.providers.animatic.look import ANY_HAIR, HE_HAIR, SHE_HAIR, look_of
from media_pipeline.providers.animatic.place import place_kind
from media_pipeline.providers.animatic.pose import arms_for, legs_for
from media_pipeline.providers.animatic.props import ICONS, draw_icon, icon_for

from .scene import brief, person, pixels


@pytest.mark.parametrize(
    ("location", "sub_location", "inside", "kind"),
    [
        ("Mara's kitchen", "", True, "kitchen"),
        ("Lighthouse", "Lamp room", True, "lamp_room"),
        ("Lighthouse", "", False, "lighthouse"),
        ("Police station", "", True, "office"),
        ("Lighthouse kitchen", "", True, "kitchen"),
        ("Hospital corridor", "", True, "corridor"),
        ("Old car", "", True, "car"),
        ("Coast road", "", False, "road"),
        ("Harbour bar", "", True, "bar"),
        ("Harbour bar", "", False, "harbour"),
        ("Nowhere", "", True, "room"),
        ("Nowhere", "", False, "open"),
        ("", "", True, "room"),
    ],
)
def test_a_location_asks_for_its_set(location, sub_location, inside, kind):
    assert place_kind(location, sub_location, inside=inside) == kind


@pytest.mark.parametrize(
    ("name", "icon"),
    [
        ("a crumpled letter", "letter"),
        ("Mara's phone", "phone"),
        ("revolver", "gun"),
        ("key box", "box"),
        ("coffee cup", "cup"),
        ("oil lamp", "lantern"),
        ("the map", "map"),
        ("zither", "parcel"),
        ("monkey", "parcel"),
    ],
)
def test_a_prop_is_drawn_by_the_last_word_known(name, icon):
    assert icon_for(name) == icon


@pytest.mark.parametrize("icon", ICONS)
def test_every_prop_answers_to_its_name_and_is_drawn_in_its_own_size(icon):
    """At 500 pixels to its larger side a thing is about 500 pixels large, ink and all."""
    assert icon_for(icon) == icon
    canvas = Canvas(Image.new("RGB", (700, 700), (10, 200, 10)))
    light = light_for("day", "", inside=True)
    metres = ICONS[icon].size
    paint = Paint(canvas, Decal((350, 350), 500.0), 500.0, light, 1.0, 2.0)
    draw_icon(paint, icon, metres)
    drawn = np.abs(np.asarray(canvas.image, dtype=int) - np.array((10, 200, 10))).max(axis=2) > 20
    assert drawn.sum() > 2_000
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) == pytest.approx(500, abs=120)


def test_an_unknown_prop_carries_its_name():
    zither = pixels(brief(shot_size="insert", props=("zither",)), (320, 180))
    gadget = pixels(brief(shot_size="insert", props=("gadget",)), (320, 180))
    assert (abs(zither - gadget).max(axis=2) > 30).sum() > 20


@pytest.mark.parametrize("emotion", ["furious", "terrified", "smiling", "in tears", "tired", "suspicious", "surprised"])
def test_feelings_change_the_face(emotion):
    assert expression_for(emotion) != Expression()


def test_anger_lowers_the_brows_and_joy_lifts_the_mouth():
    assert expression_for("angry").brow_inner < 0 < expression_for("worried").brow_inner
    assert expression_for("happy").curve > 0 > expression_for("sad").curve
    assert expression_for("hopeless").curve < 0 < expression_for("hopeful").curve


def test_a_feeling_nobody_knows_is_a_calm_face():
    assert expression_for("sfumato") == Expression() == expression_for("")


@pytest.mark.parametrize(
    ("business", "legs"),
    [
        ("She sits at the table.", "sit"),
        ("He runs out", "walk"),
        ("Mara waits.", "stand"),
        ("The outsider stares", "stand"),
    ],
)
def test_the_action_sets_the_legs(business, legs):
    assert legs_for(business) == legs


def test_the_action_sets_the_arms():
    assert arms_for("He picks up the phone", has_prop=False, speaking=False, draw=0) == "phone"
    assert arms_for("She points at the door", has_prop=False, speaking=False, draw=0) == "point"
    assert arms_for("", has_prop=True, speaking=False, draw=0) == "hold"


def test_looks_follow_the_seed_and_not_the_shot():
    assert look_of(person(look_seed=3, side="left", emotion="sad")) == look_of(person(look_seed=3, facing="away"))


def test_beards_grow_only_where_the_name_says_he():
    assert all(look_of(person("Robin", look_seed=n)).beard == "" for n in range(40))
    assert all(look_of(person("Mara", look_seed=n)).beard == "" for n in range(40))
    assert any(look_of(person("Thomas", look_seed=n)).beard for n in range(40))


def test_hair_suits_the_name():
    for seed in range(30):
        assert look_of(person("Mara", look_seed=seed)).hair_style in SHE_HAIR
        assert look_of(person("Thomas", look_seed=seed)).hair_style in HE_HAIR
        assert look_of(person("Robin", look_seed=seed)).hair_style in ANY_HAIR


def test_age_shows():
    assert look_of(person("Old Tom")).aged
    assert look_of(person("The girl")).child
    assert look_of(person("Robin", height="0.7")).child
    assert not look_of(person("Robin")).aged
