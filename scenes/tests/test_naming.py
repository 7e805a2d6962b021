"""Asset names as the flows specify them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from projects.models import Project
from scenes.naming import AssetName, asset_name, file_name, parse_asset_name


@pytest.mark.parametrize(
    ("label", "scene", "name", "prefix"),
    [
        ("chapter", "3", "TIDE_CH001_S03_SH04_T01", "CH"),
        ("episode", "12A", "TIDE_EP001_S12A_SH04_T01", "EP"),
        ("spot", "A10", "TIDE_CH001_SA10_SH04_T01", "CH"),
        ("act", "I-1-A", "TIDE_CH001_SI-1-A_SH04_T01", "CH"),
    ],
)
def test_a_name_is_made_and_read_back(label, scene, name, prefix):
    project = Project(code="TIDE", chapter_label=label)
    assert asset_name(project, 1, scene, 4, 1) == name
    assert parse_asset_name(name) == AssetName("TIDE", 1, scene, 4, 1, label=prefix)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("TIDE_CH001_S02_SH04A_T01.mp4", {"letters": "A", "extension": "mp4"}),
        ("TIDE_CH001_S02_SH04_T01_ADA", {"character": "ADA"}),
        ("TIDE_CH001_S02_SH04_T01_ADA_thumbnail.jpg", {"character": "ADA", "suffix": "thumbnail", "extension": "jpg"}),
        ("TIDE_CH001_S02_SH04_T01_last-frame.png", {"suffix": "last-frame", "extension": "png"}),
        ("TIDE_EP012_S02_SH04_T120", {"label": "EP", "chapter": 12, "take": 120}),
    ],
)
def test_character_suffix_and_kind_may_each_be_missing(name, parts):
    expected = AssetName(**{"code": "TIDE", "chapter": 1, "scene": "2", "shot": 4, "take": 1} | parts)
    assert parse_asset_name(name) == expected
    assert str(expected) == name


SMALL = some.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
NAMES = some.builds(
    AssetName,
    code=some.from_regex(r"[A-Z]{2,4}", fullmatch=True),
    chapter=some.integers(0, 99_999),
    scene=some.from_regex(r"(0|[1-9][0-9]{0,3})[A-Z]{0,2}|[A-Z][A-Z0-9.-]{0,5}", fullmatch=True),
    shot=some.integers(0, 9_999),
    take=some.integers(0, 9_999),
    letters=some.from_regex(r"[A-Z]{0,2}", fullmatch=True),
    label=some.sampled_from(["CH", "EP"]),
    character=some.one_of(some.just(""), SMALL.map(str.upper)),
    suffix=some.one_of(some.just(""), SMALL.filter(lambda text: not text.isdigit())),
    extension=some.one_of(some.just(""), SMALL),
)


@given(NAMES)
def test_every_name_comes_back_as_what_it_stands_for(name):
    assert parse_asset_name(str(name)) == name


def test_names_sort_as_the_film_runs():
    project = Project(code="TIDE")
    names = [asset_name(project, 1, str(scene), shot, 1) for scene in (1, 2, 10) for shot in (1, 9, 10)]
    assert names == sorted(names)


def test_a_scene_number_never_breaks_a_file_name():
    assert asset_name(Project(code="TIDE"), 1, "1/2 x", 1, 1) == "TIDE_CH001_S01.2.X_SH01_T01"


def test_a_shot_put_in_later_keeps_its_letters():
    assert asset_name(Project(code="TIDE"), 1, "3", "4A", 2) == "TIDE_CH001_S03_SH04A_T02"


def test_a_file_of_a_take_says_whose_it_is_and_what_for():
    name = "TIDE_CH001_S03_SH04_T01"
    assert file_name(name, ".MP4") == f"{name}.mp4"
    assert file_name(name, "png", suffix="Last frame") == f"{name}_last-frame.png"
    assert file_name(name, "png", character="María del Mar") == f"{name}_MARIA-DEL-MAR.png"
    assert file_name("imported clip", "mov") == "imported clip.mov"


@pytest.mark.parametrize(
    "name",
    [
        "", "TIDE", "TIDE_CH001_S03_SH04", "tide_CH001_S03_SH04_T01", "TIDE_CH1_S3_SH4_T1",
        "TIDE_CH001_S03_SH04_T01_thumbnail_ADA", "TIDE_CH001_S03_SH04_T01\n", "TIDE_CH001_S03_SH04_T01.", "../TIDE",
    ],
)  # fmt: skip
def test_anything_else_is_no_asset_name(name):
    with pytest.raises(ValueError, match="is not an asset name"):
        parse_asset_name(name)
