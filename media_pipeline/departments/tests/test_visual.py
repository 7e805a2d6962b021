"""The visual department: what it needs, and the style and guidelines it makes of references, words and colours."""

from __future__ import annotations

import pytest
from PIL import Image

from media_pipeline.departments import visual
from media_pipeline.departments.material import material_of
from media_pipeline.media.colours import palette_of
from media_pipeline.runs.models import RunState
from media_pipeline.storage import add_asset
from projects.actions import add_gather_item
from projects.models import QualifiedDocument
from scenes.actions import create_style
from scenes.models import Style

pytestmark = pytest.mark.django_db

NAVY, SAND = (16, 32, 64), (224, 192, 144)


@pytest.fixture
def flag(tmp_path):
    """A picture that is three quarters navy and one quarter sand."""
    picture = Image.new("RGB", (80, 80), NAVY)
    picture.paste(SAND, (0, 60, 80, 80))
    path = tmp_path / "flag.png"
    picture.save(path)
    return path


@pytest.fixture
def looks(material, flag):
    """Three visual references: a picture, one with colours named, one in words."""
    asset = add_asset(material.pk, flag, kind="image", source="uploaded")
    add_gather_item(material, "visual_reference", title="Night sea", attachment=asset)
    add_gather_item(
        material, "visual_reference", title="Brass", body="Warm brass against wet stone, always one lamp to be seen.",
        structured={"texture": "35 mm, heavy grain", "must not": "neon"},
    )  # fmt: skip
    add_gather_item(material, "visual_reference", title="Fog", body="Fog that hides the horizon and every far light.")
    return material


def test_a_look_of_which_nothing_is_known_says_what_is_missing(project):
    judged = visual.readiness(material_of(project))
    assert (judged.score, len(judged.missing)) == (0, 3)


def test_three_references_some_words_and_a_picture_are_wholly_ready(looks):
    assert visual.readiness(material_of(looks)) == visual.Readiness(100)


def test_the_main_colours_of_a_picture_are_measured_the_largest_area_first(flag, tmp_path):
    first, second = palette_of(flag, tmp_path, colours=2)
    for colour, wanted in ((first, NAVY), (second, SAND)):
        found = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        assert all(abs(one - other) <= 6 for one, other in zip(found, wanted, strict=True))


def test_the_rules_make_a_style_of_the_references_their_words_and_their_colours(looks, qualify):
    run = qualify()
    assert run.state == RunState.SUCCEEDED, run.error
    style = Style.objects.get()
    assert (style.is_project_style, style.texture, style.keywords) == (
        True,
        "35 mm, heavy grain",
        ["Night sea", "Brass", "Fog"],
    )
    assert len(style.palette) == 2
    assert style.references.get().description == "Night sea"
    guidelines = QualifiedDocument.objects.get(collection="visual guidelines").data
    assert guidelines["must_not"] == ["neon"]
    assert guidelines["references"] == ["Night sea"]


def test_colours_that_were_named_come_before_those_measured(looks):
    add_gather_item(looks, "visual_reference", title="Palette", body="#102040 and #e0c090")
    assert visual.by_rules(material_of(looks)).palette == ["#102040", "#E0C090"]


def test_a_style_that_people_made_is_only_filled_where_it_is_empty(looks, qualify):
    create_style(looks, name="House style", is_project_style=True, palette=["#FFFFFF"])
    assert qualify().state == RunState.SUCCEEDED
    style = Style.objects.get()
    assert (style.name, style.palette, style.texture) == ("House style", ["#FFFFFF"], "35 mm, heavy grain")
