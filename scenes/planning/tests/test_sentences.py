from __future__ import annotations

from fractions import Fraction

import pytest

from scenes.planning.sentences import Rates, join, sentences, split_to_fit, spoken_seconds, unwrapped

RATES = Rates(Fraction(2, 5), Fraction(1, 4), Fraction(1, 7))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mr. Smith waits. He coughs.", ["Mr. Smith waits.", "He coughs."]),
        ("Dr. J. R. Ross enters. She sits.", ["Dr. J. R. Ross enters.", "She sits."]),
        ("It is 3.30 p.m. He waves.", ["It is 3.30 p.m.", "He waves."]),
        ('"Stop!" he yells. "Now."', ['"Stop!" he yells.', '"Now."']),
        ("“Go.” Then silence.", ["“Go.”", "Then silence."]),
        ("Well... I never knew.", ["Well... I never knew."]),
        ("He waits... Nothing.", ["He waits...", "Nothing."]),
        ("and then... nothing at all", ["and then... nothing at all"]),
        ("No. I won't. No. 5 is alive.", ["No.", "I won't.", "No. 5 is alive."]),
        ("He works for the F.B.I. now. She knows.", ["He works for the F.B.I. now.", "She knows."]),
        ("What?! You?", ["What?!", "You?"]),
        ("你好。我是马拉！“走吧。”他说。", ["你好。", "我是马拉！", "“走吧。”", "他说。"]),
        ("Dots . . . And more", ["Dots . . .", "And more"]),
        ("1. Mara runs.", ["1. Mara runs."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_stops(text, parts):
    assert sentences(text) == parts


def test_a_long_run_of_dots_is_read_in_one_go():
    assert len(sentences("." * 200_000)) == 1


def test_hard_wrapped_lines_are_joined_and_meant_line_breaks_stay():
    wrapped = "The old man walks slowly along the wall towards the\nMara he once knew, and\nstops."
    assert unwrapped(wrapped) == [wrapped.replace("\n", " ")]
    assert unwrapped("Rain.\nA door slams.") == ["Rain.", "A door slams."]


def test_a_long_sentence_is_cut_at_its_clause_marks():
    text = "When I was a boy my father took me down to the river, and he told me that it never forgets a face"
    pieces = split_to_fit(text, Fraction(7), RATES)
    assert pieces == [
        "When I was a boy my father took me down to the river,",
        "and he told me that it never forgets a face",
    ]


def test_no_piece_is_longer_than_the_limit_even_without_a_single_mark():
    pieces = split_to_fit("word " * 100, Fraction(7), RATES)
    assert all(spoken_seconds(piece, RATES) <= 7 for piece in pieces)
    assert " ".join(pieces).split() == ["word"] * 100


def test_a_sentence_that_fits_stays_whole():
    assert split_to_fit("One, two; three -- four.", Fraction(7), RATES) == ["One, two; three -- four."]


def test_chinese_is_timed_and_cut_by_character():
    text = "我记得小时候父亲带我去河边，他告诉我水永远不会忘记一张脸，我相信了很多年"
    assert spoken_seconds("你好你好", RATES) == 1
    pieces = split_to_fit(text, Fraction(7), RATES)
    assert "".join(pieces) == text
    assert all(piece[0] not in "，。" for piece in pieces)


def test_lone_marks_take_no_time():
    assert spoken_seconds("Yes -- no ...", RATES) == Fraction(4, 5)


def test_no_space_comes_between_chinese_sentences():
    assert join("你好。", "走吧。") == "你好。走吧。"
    assert join("Go.", "Now.") == "Go. Now."
