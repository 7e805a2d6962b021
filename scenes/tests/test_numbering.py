"""Numbers of a locked script."""

from __future__ import annotations

import pytest

from scenes.numbering import scene_number_between, shot_suffix_between


@pytest.mark.parametrize(
    ("before", "after", "taken", "number"),
    [
        ("10", "11", {"10", "11"}, "10A"),
        ("10A", "11", {"10", "10A", "11"}, "10B"),
        ("10A", "10B", {"10", "10A", "10B", "11"}, "10AA"),
        ("10AA", "10B", {"10", "10A", "10AA", "10B"}, "10AB"),
        ("10", "10A", {"10", "10A", "11"}, "A10A"),
        ("A10A", "10A", {"10", "A10A", "10A"}, "B10A"),
        ("10Z", "11", {"10", "10Z", "11"}, "10ZA"),
        ("", "1", {"1"}, "A1"),
        ("", "A1", {"1", "A1"}, "AA1"),
        ("11", "", {"10", "11"}, "12"),
        ("", "", set(), "1"),
        ("10", "11", {"10", "10A", "11"}, "10B"),
    ],
)
def test_a_scene_put_in_between_gets_the_number_the_trade_gives_it(before, after, taken, number):
    assert scene_number_between(before, after, taken) == number


def test_a_hundred_scenes_put_in_at_one_place_get_a_hundred_numbers():
    taken = {"10", "11"}
    before = "10"
    for _ in range(100):
        before = scene_number_between(before, "11", taken)
        assert before not in taken
        taken.add(before)
    assert max(map(len, taken)) <= 12


@pytest.mark.parametrize(
    ("before", "after", "taken", "number"),
    [
        ((4, ""), (5, ""), {(4, ""), (5, "")}, (4, "A")),
        ((4, "A"), (5, ""), {(4, ""), (4, "A"), (5, "")}, (4, "B")),
        ((4, "A"), (4, "B"), {(4, "A"), (4, "B")}, (4, "AA")),
        ((5, ""), None, {(4, ""), (5, "")}, (6, "")),
        (None, (1, ""), {(1, "")}, (1, "A")),
        ((4, ""), (4, "A"), {(4, ""), (4, "A")}, (4, "B")),
    ],
)
def test_a_shot_put_in_between_gets_letters(before, after, taken, number):
    assert shot_suffix_between(before, after, taken) == number
