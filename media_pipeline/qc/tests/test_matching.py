"""Colours are matched gently: most of the way, within a limit, and a brand's colours stay what they are."""

from __future__ import annotations

import pytest

from media_pipeline.qc.matching import matching_gains


def side(*rgb):
    return {"rgb": rgb}


def test_most_of_the_difference_is_taken_away():
    assert matching_gains(side(0.5, 0.5, 0.5), side(0.5, 0.45, 0.55)) == pytest.approx((1, 1.0667, 0.9455), abs=1e-3)


def test_a_great_difference_is_taken_away_up_to_a_limit():
    assert matching_gains(side(0.8, 0.4, 0.1), side(0.2, 0.4, 0.4)) == (1.2, 1.0, 0.8)


def test_what_nobody_sees_is_left():
    assert matching_gains(side(0.5, 0.5, 0.5), side(0.51, 0.5, 0.5)) is None


def test_a_brands_colours_stay_what_they_are():
    free = matching_gains(side(0.8, 0.4, 0.3), side(0.5, 0.4, 0.4))
    kept = matching_gains(side(0.8, 0.4, 0.3), side(0.5, 0.4, 0.4), ["#E4002B"])
    assert free[0] == 1.2
    assert 1 < kept[0] < free[0]
    assert matching_gains(side(0.8, 0.4, 0.3), side(0.5, 0.4, 0.4), ["#FFF", "#E4002B"]) is None or kept[2] < 1
