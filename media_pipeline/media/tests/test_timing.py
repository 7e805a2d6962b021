from __future__ import annotations

from fractions import Fraction

import pytest

from media_pipeline.media.timing import FRAME_RATES, frame_rate, frames_in, sample_at, seconds_of, timecode


def test_the_rates_people_name_are_exact():
    assert frame_rate("23.976") == Fraction(24000, 1001)
    assert frame_rate("29.97") == Fraction(30000, 1001)
    assert len(FRAME_RATES) == 8
    with pytest.raises(KeyError):
        frame_rate("26")


def test_seconds_and_frames_are_each_others_inverse():
    for rate in FRAME_RATES.values():
        assert all(frames_in(seconds_of(frames, rate), rate) == frames for frames in (0, 1, 7, 86_400))


@pytest.mark.parametrize(("name", "samples"), [("24", 2000), ("25", 1920), ("30", 1600), ("23.976", 2002)])
def test_most_rates_have_whole_samples_a_frame(name, samples):
    assert [sample_at(frame, frame_rate(name)) for frame in (1, 2, 1000)] == [samples, 2 * samples, 1000 * samples]


def test_frames_of_2997_are_laid_to_the_nearest_sample_without_drift():
    """48,000 x 1001 / 30,000 = 1601.6 samples a frame: 5 frames are 8008."""
    assert [sample_at(frame, Fraction(30000, 1001)) for frame in range(6)] == [0, 1602, 3203, 4805, 6406, 8008]


def test_timecode_counts_at_the_nominal_rate_without_dropping():
    assert timecode(0, Fraction(24)) == "00:00:00:00"
    assert timecode(24 * 3661 + 5, Fraction(24000, 1001)) == "01:01:01:05"
    assert timecode(10, Fraction(25), start=25 * 3600) == "01:00:00:10"
