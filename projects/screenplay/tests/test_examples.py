"""The example scripts are what the rest of the product counts on."""

from __future__ import annotations

from pathlib import Path

from benchmarks.feature import write_feature
from projects.screenplay.fountain import read_fountain
from projects.screenplay.length import screen_seconds
from projects.screenplay.model import ElementType
from projects.screenplay.tests.reading import all_elements

EXAMPLES = Path(__file__).parents[3] / "examples"


def read(name):
    return read_fountain((EXAMPLES / name).read_text(encoding="utf-8"))


def test_the_example_shows_every_part_of_a_screenplay():
    screenplay = read("the_salt_clock.fountain")
    found = all_elements(screenplay)
    assert screenplay.warnings == []
    assert screenplay.title_page["Title"] == ["The Salt Clock"]
    assert [scene.number for scene in screenplay.scenes] == ["1", "2", "3", "4", "5", "6", "7"]
    assert {scene.int_ext for scene in screenplay.scenes} == {"INT", "EXT"}
    assert {"DAY", "NIGHT"} <= {scene.time_of_day for scene in screenplay.scenes}
    assert [total.name for total in screenplay.characters] == ["MIRA", "TOMAS"]
    assert any("V.O." in element.extensions for element in found)
    assert any(element.dual == "right" for element in found)
    assert any(element.text == "DISSOLVE TO:" for element in found if element.type is ElementType.TRANSITION)


def test_the_example_is_about_three_pages_and_three_minutes():
    scenes = read("the_salt_clock.fountain").scenes
    assert 20 <= sum(scene.page_eighths for scene in scenes) <= 26
    assert 150 <= sum(screen_seconds(scene.elements) for scene in scenes) <= 180


def test_the_short_example_is_half_a_minute():
    screenplay = read("short.fountain")
    assert screenplay.warnings == []
    assert [scene.number for scene in screenplay.scenes] == ["1", "2", "3"]
    assert 25 <= sum(screen_seconds(scene.elements) for scene in screenplay.scenes) <= 40


def test_the_feature_is_the_same_every_time_and_as_long_as_a_feature():
    text = write_feature()
    assert text == write_feature()
    assert text != write_feature(seed=2)
    screenplay = read_fountain(text)
    assert screenplay.warnings == []
    assert 110 <= len(screenplay.scenes) <= 130
    assert 110 * 8 <= sum(scene.page_eighths for scene in screenplay.scenes) <= 125 * 8
    assert len(screenplay.characters) == 10
