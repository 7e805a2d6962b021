"""Slate, subtitles and titles."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from media_pipeline.providers.animatic.lettering import Style, line_image, width_of, wrapped, written
from media_pipeline.providers.animatic.slate import (
    duration_words,
    slate,
    slate_words,
    strip_height,
    subtitles,
    titles,
)
from media_pipeline.providers.base import BriefLine

from .scene import brief

HD = (1280, 720)


def line(text="Who is there?", start=10, end=40, **fields):
    return BriefLine(speaker=fields.pop("speaker", "Mara"), text=text, start_frame=start, end_frame=end, **fields)


def test_the_slate_names_shot_and_camera_in_words():
    shot = brief(shot_size="medium_close_up", camera_movement="push_in")
    assert slate_words(shot) == ("S012_SH03   Sc 12  Shot 3", "Medium close-up · Push in")


def test_a_length_is_said_in_seconds_and_frames():
    assert duration_words(96, Fraction(24)) == "4.0 s / 96 fr"
    assert duration_words(120, Fraction(24000, 1001)) == "5.0 s / 120 fr"


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1080, 1080), (1920, 804), (864, 1080)])
def test_the_slate_lies_along_the_bottom_and_is_thin(size):
    strip = slate(brief(), *size)
    assert strip.image.size == (size[0], strip_height(*size))
    assert strip.position == (0, size[1] - strip_height(*size))
    assert strip_height(*size) < 0.06 * size[1]


def test_subtitles_stand_at_the_frames_of_their_lines():
    laid = subtitles(brief(lines=(line(start=10, end=40), line(start=50, end=80))), 100, *HD)
    assert [(each.first, each.last) for each in laid] == [(10, 39), (50, 79)]


def test_a_line_that_runs_past_the_shot_ends_with_it():
    laid = subtitles(brief(lines=(line(start=90, end=400), line(start=120, end=130))), 100, *HD)
    assert [(each.first, each.last) for each in laid] == [(90, 99)]


def test_a_long_line_is_split_in_time_into_two_rows_each():
    text = "word " * 80
    laid = subtitles(brief(lines=(line(text=text, start=0, end=200),)), 200, *HD)
    assert len(laid) >= 3
    assert laid[0].first == 0
    assert laid[-1].last == 199
    assert all(before.last + 1 == after.first for before, after in pairwise(laid))


@pytest.mark.parametrize("size", [HD, (720, 1280), (1024, 428)])
def test_subtitles_stay_inside_the_picture_and_off_the_slate(size):
    lines = (line(text="It was never about the money, it was about the lamp.", start=0, end=50), line(start=20, end=60))
    for each in subtitles(brief(lines=lines), 100, *size):
        left, top = each.position
        assert left >= 0
        assert left + each.image.width <= size[0]
        assert top + each.image.height <= size[1] - strip_height(*size)


def test_lines_heard_at_once_do_not_cover_each_other():
    first, second = subtitles(brief(lines=(line(start=0, end=50), line(start=20, end=60))), 100, *HD)
    assert second.position[1] + second.image.height <= first.position[1] + 2


def test_a_voice_over_is_slanted_and_marked():
    spoken = subtitles(brief(lines=(line(),)), 100, *HD)[0].image
    voice = subtitles(brief(lines=(line(voice_over=True),)), 100, *HD)[0].image
    assert voice.tobytes() != spoken.tobytes()
    upright = line_image("lll", Style(40))
    slanted = line_image("lll", Style(40, slanted=True))
    columns = np.asarray(slanted.getchannel("A"))
    top, low = np.flatnonzero(columns[14]), np.flatnonzero(columns[38])
    assert top.min() > low.min() + 2
    assert upright.tobytes() != slanted.tobytes()


def test_titles_follow_one_another_and_fade():
    laid = titles(brief(overlay_text=("BREMEN, 1987", "WINTER")), 240, Fraction(24), *HD)
    first = [each for each in laid if each.last < 120]
    second = [each for each in laid if each.first >= 120]
    assert first
    assert second
    assert min(each.first for each in first) == 0
    assert max(each.last for each in first) == 95  # four seconds
    opacity = [each.image.getchannel("A").getextrema()[1] for each in sorted(first, key=lambda each: each.first)]
    assert opacity[0] < opacity[3] < max(opacity) == 255


def test_accents_and_quotes_are_lettered_as_they_are():
    for text in ("Café “Ørsted” — naïve…", "Łódź, Žižek, İstanbul", "Привет, Ελλάδα"):
        assert written(text) == (text, False)


def test_letters_no_font_has_are_written_in_latin(monkeypatch):
    monkeypatch.setattr("media_pipeline.providers.animatic.lettering._system_font", lambda: None)
    text, system = written("你好 Mara")
    assert not system
    assert text.isascii()
    assert "Mara" in text
    assert text.replace(" ", "").isalpha()


def test_wrapped_rows_fit_and_keep_every_word():
    style = Style(30)
    rows = wrapped("the quick brown fox jumps over the lazy dog " * 3 + "x" * 90, style, 400)
    assert all(width_of(row, style) <= 400 for row in rows)
    assert "".join(rows).replace(" ", "") == ("thequickbrownfoxjumpsoverthelazydog" * 3 + "x" * 90)
