"""Numbers by hand count, in a fixed number of queries."""

from __future__ import annotations

from fractions import Fraction

import pytest

from characters.actions import create_character
from scenes import actions
from scenes.queries import (
    lengths_of_chapters,
    lengths_of_scenes,
    open_continuity,
    qc_of_takes,
    take_named,
    usage_of_characters,
    usage_of_locations,
    usage_of_props,
)

pytestmark = pytest.mark.django_db


def test_lengths_of_scenes_are_counted_from_shots_and_selected_takes(ten, eleven, film, django_assert_num_queries):
    film(ten.shots.get(number=1), frames=96, frame_rate="24000/1001")
    film(ten.shots.get(number=1), frames=48, frame_rate="24000/1001")
    film(ten.shots.get(number=2), frames=50, frame_rate="25")
    with django_assert_num_queries(4):
        found = lengths_of_scenes([ten.pk, eleven.pk])
    assert (found[ten.pk].shots, found[ten.pk].rendered, found[ten.pk].takes) == (2, 2, 3)
    assert found[ten.pk].expected == 7
    assert found[ten.pk].actual == Fraction(48 * 1001, 24000) + 2
    assert (found[eleven.pk].actual, found[eleven.pk].pages) == (0, "4/8")


def test_a_chapter_counts_what_is_not_omitted(chapter, ten, eleven, django_assert_num_queries):
    with django_assert_num_queries(5):
        found = lengths_of_chapters([chapter.pk])[chapter.pk]
    assert (found.scenes, found.shots, found.eighths, found.expected) == (2, 3, 13, 12)
    assert found.pages == "1 5/8"
    actions.omit_scene(eleven)
    assert lengths_of_chapters([chapter.pk])[chapter.pk].scenes == 1


def test_a_scene_without_shots_lasts_what_its_eighths_suggest(chapter):
    scene = actions.insert_scene(chapter, heading="INT. X", length_eighths=4)
    assert lengths_of_scenes([scene.pk])[scene.pk].expected == 30


def test_usage_names_the_scenes_in_script_order(project, ten, eleven, django_assert_num_queries):
    ada = create_character(project, name="ADA")
    room = actions.create_location(project, name="LAMP ROOM")
    lantern = actions.create_prop(project, name="Lantern", owner=ada)
    actions.change_scene(eleven, location=room, cast=[{"character": ada}], props=[{"prop": lantern}])
    actions.change_scene(ten, location=room, dialogue=[{"speaker": "ADA", "character": ada, "line": "Hold."}])
    actions.change_shot(ten.shots.get(number=1), cast=[{"name": "ADA", "character": ada}])
    with django_assert_num_queries(3):
        assert usage_of_characters([ada.pk])[ada.pk].numbers == ["10", "11"]
    with django_assert_num_queries(3):
        usage_of_locations([room.pk, room.pk + 1])
    assert usage_of_characters([ada.pk])[ada.pk].shots == 1
    assert usage_of_locations([room.pk])[room.pk].shots == 3
    assert usage_of_props([lantern.pk])[lantern.pk].numbers == ["11"]
    actions.omit_scene(ten)
    assert usage_of_locations([room.pk])[room.pk].numbers == ["11"]


def test_measurements_add_up_to_a_score_and_the_names_of_what_failed(ten, film):
    take = film(ten.shots.get(number=1))
    actions.record_take_checks(take, [
        {"kind": "artifacts", "name": "flicker", "score": 80, "passed": True},
        {"kind": "motion", "name": "freeze", "score": 41, "passed": False},
    ])  # fmt: skip
    found = qc_of_takes([take.pk])[take.pk]
    assert (str(found.score), found.failed, found.measured) == ("60.50", ["freeze"], 2)


def test_continuity_speaks_of_the_takes_the_film_uses(project, ten, film, owner):
    one, two = ten.shots.order_by("number")
    takes = {"from_take": film(one), "to_take": film(two)}
    check = actions.record_continuity(one, two, kind="palette", passed=False, **takes)
    assert list(open_continuity(project.pk)) == [check]
    newer = film(two)
    assert list(open_continuity(project.pk)) == []
    actions.select_take(two, takes["to_take"], owner)
    assert newer.number == 2
    assert list(open_continuity(project.pk)) == [check]
    actions.dismiss_continuity(check, "Meant.", by=owner)
    assert list(open_continuity(project.pk)) == []


def test_a_take_is_found_by_its_name_after_its_shot_has_moved(project, ten, eleven, film):
    take = film(eleven.shots.get(), asset_name="SALT_CH001_S11_SH01_T01")
    actions.merge_scenes(ten, eleven)
    assert take_named(project.pk, "SALT_CH001_S11_SH01_T01") == take
