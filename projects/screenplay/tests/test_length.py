"""Lengths against hand counts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projects.screenplay.fountain import read_scene
from projects.screenplay.length import (
    action_seconds,
    eighths,
    format_eighths,
    page_lines,
    page_seconds,
    parse_eighths,
    screen_seconds,
    spoken_seconds,
    word_count,
    wrapped_lines,
)


def lines(text):
    return page_lines(read_scene(text).elements)


def test_words_wrap_at_the_width():
    assert wrapped_lines("a" * 61, 61) == 1
    assert wrapped_lines("a" * 62, 61) == 2
    assert wrapped_lines("aaaa bbbb cccc", 9) == 2
    assert wrapped_lines("aaaa bbbb cccc", 8) == 3
    assert wrapped_lines("aaaa " + "b" * 20 + " c", 10) == 4
    assert wrapped_lines("one\n\nthree", 61) == 3
    assert wrapped_lines("", 61) == 1


def test_each_element_takes_its_lines_and_the_empty_ones_before_it():
    assert lines("INT. A - DAY") == 1
    assert lines("INT. A - DAY\n\nHe goes.") == 3
    assert lines("INT. A - DAY\n\nHe goes.\n\nANN\n(low)\nNo.") == 7
    assert lines("INT. A - DAY\n\nHe goes.\n\nCUT TO:") == 5
    assert lines("INT. A - DAY\n\nANN\n" + "seven77 " * 9) == 6  # four words of eight characters to a line of 35


def test_planning_text_takes_no_lines():
    assert lines("INT. A - DAY\n\n[[a note]]\n\n= synopsis\n\n# Act\n\n/* cut */\n\nHe [[x]] goes.") == 3


def test_of_a_dual_dialogue_the_longer_column_counts():
    left = "ANN\nOne.\n\n"
    assert lines("INT. A - DAY\n\n" + left + "BEN ^\n(low)\nTwo.") == 1 + 4
    assert lines("INT. A - DAY\n\n" + left + "BEN\n(low)\nTwo.") == 1 + 3 + 4
    assert lines("INT. A - DAY\n\n" + left + "BEN ^\nTwo.\n\nHe goes.") == 1 + 3 + 2
    assert lines("INT. A - DAY\n\n" + left + "BEN ^\nTwo.\n\n" + left + "BEN ^\nTwo.") == 1 + 3 + 3


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 1), (1, 1), (10, 1), (11, 2), (55, 8), (58, 8), (59, 9), (110, 16)]
)
def test_lines_round_to_the_nearest_eighth_and_never_to_none(count, expected):
    assert eighths(count) == expected


@pytest.mark.parametrize(
    ("text", "count"), [("1/8", 1), ("3/8", 3), ("1 7/8", 15), ("2", 16), (" 4 / 8 ", 4), ("", None), ("long", None)]
)
def test_eighths_are_read_as_a_breakdown_sheet_writes_them(text, count):
    assert parse_eighths(text) == count


def test_eighths_are_written_as_a_breakdown_sheet_writes_them():
    assert [format_eighths(count) for count in (1, 4, 8, 10, 16)] == ["1/8", "4/8", "1", "1 2/8", "2"]


def test_words_are_counted_without_lone_signs():
    assert word_count("It's -- well ... a half-hour.") == 4
    assert word_count("你好 world") == 3


def test_speech_runs_at_150_words_a_minute():
    assert spoken_seconds("one two three four five") == 2
    assert spoken_seconds("one two three four", Fraction(2)) == 2
    assert spoken_seconds("你好你好") == 1


def test_action_runs_by_its_words_but_a_sentence_takes_a_second_and_a_half():
    assert action_seconds("Tick.") == Fraction(3, 2)
    assert action_seconds("Tick. Tock.") == 3
    assert action_seconds("one two three four five six seven eight nine ten.") == Fraction(24, 10)
    assert action_seconds("wrapped\nin the middle of it all, it goes") == 9 * Fraction(24, 100)
    assert action_seconds("") == 0


def test_a_scene_runs_as_long_as_its_speeches_pauses_and_action():
    scene = read_scene(
        "INT. A - DAY\n\nHe stops. [[he does not]]\n\nANN\n(beat)\none two *three* four five\n\n= synopsis"
    )
    assert screen_seconds(scene.elements) == Fraction(3, 2) + Fraction(2, 5) + 1 + 2


def test_page_seconds_follow_from_counts():
    scene = read_scene("INT. A - DAY\n\nHe stops.\n\nANN\none two three four five")
    assert page_seconds(scene.elements) == 7 + 2 * Fraction(21, 100) + 2 + 5 * Fraction(19, 100)
