"""Asset names as the flows specify them."""

from __future__ import annotations

import pytest

from projects.models import Project
from scenes.naming import AssetName, asset_name, parse_asset_name


@pytest.mark.parametrize(
    ("label", "scene", "name"),
    [
        ("chapter", "3", "TIDE_CH001_S03_SH04_T01"),
        ("episode", "12A", "TIDE_EP001_S12A_SH04_T01"),
        ("spot", "A10", "TIDE_CH001_SA10_SH04_T01"),
        ("act", "I-1-A", "TIDE_CH001_SI-1-A_SH04_T01"),
    ],
)
def test_a_name_is_made_and_read_back(label, scene, name):
    project = Project(code="TIDE", chapter_label=label)
    assert asset_name(project, 1, scene, 4, 1) == name
    assert parse_asset_name(name) == AssetName("TIDE", 1, scene, 4, 1)


def test_names_sort_as_the_film_runs():
    project = Project(code="TIDE")
    names = [asset_name(project, 1, str(scene), shot, 1) for scene in (1, 2, 10) for shot in (1, 9, 10)]
    assert names == sorted(names)


def test_a_scene_number_never_breaks_a_file_name():
    assert asset_name(Project(code="TIDE"), 1, "1/2 x", 1, 1) == "TIDE_CH001_S01.2.X_SH01_T01"


@pytest.mark.parametrize("name", ["", "TIDE", "TIDE_CH001_S03_SH04", "tide_CH001_S03_SH04_T01", "TIDE_CH1_S3_SH4_T1"])
def test_anything_else_is_no_asset_name(name):
    with pytest.raises(ValueError, match="is not an asset name"):
        parse_asset_name(name)
