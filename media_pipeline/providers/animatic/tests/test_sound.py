"""The temp track: to the sample, very low, and plainly not the film's sound."""

from __future__ import annotations

import math
import wave
from fractions import Fraction

import numpy as np
import pytest

from media_pipeline.providers.animatic.sound import ambience, syllables, temp_track, write_track
from media_pipeline.providers.base import BriefLine

from .scene import brief, person


def decibels(samples):
    return 20 * math.log10(float(np.sqrt(np.mean(samples**2))))


@pytest.mark.parametrize(
    "shot",
    [
        {"int_ext": "EXT", "location": "Forest", "time_of_day": "night"},
        {"int_ext": "EXT", "location": "Beach", "weather": "stormy"},
        {"int_ext": "EXT", "location": "Street"},
    ],
)
def test_the_tone_of_a_place_is_very_low(shot):
    assert decibels(ambience(brief(**shot), 96_000)) == pytest.approx(-45, abs=0.1)


def test_a_room_is_quieter_than_the_open():
    assert decibels(ambience(brief(), 96_000)) < -47


def test_somebody_is_heard_to_speak_at_their_frames():
    line = BriefLine(speaker="Mara", text="Nobody ever told me about the lamp.", start_frame=24, end_frame=72)
    track = temp_track(brief(cast=(person(),), lines=(line,)), 96, Fraction(24))
    assert decibels(track[50_000:142_000]) == pytest.approx(-30, abs=1.0)
    assert decibels(track[1_000:46_000]) < -46
    assert decibels(track[146_000:190_000]) < -46


def test_speakers_have_voices_of_their_own():
    def hum(seed):
        line = BriefLine(speaker="Robin", text="Nobody ever told me.", start_frame=0, end_frame=48)
        shot = brief(cast=(person("Robin", look_seed=seed),), lines=(line,))
        spectrum = np.abs(np.fft.rfft(temp_track(shot, 48, Fraction(24))))
        return int(np.argmax(spectrum[: len(spectrum) // 40]))

    assert len({hum(seed) for seed in range(4)}) > 1


@pytest.mark.parametrize(
    ("frames", "rate", "samples"), [(96, "24", 192_000), (1, "30000/1001", 1602), (30, "30000/1001", 48_048)]
)
def test_the_track_is_as_long_as_the_picture_to_the_sample(frames, rate, samples):
    assert len(temp_track(brief(), frames, Fraction(rate))) == samples


def test_the_same_brief_sounds_the_same():
    shot = brief(int_ext="EXT", location="Harbour", weather="rainy")
    assert np.array_equal(temp_track(shot, 48, Fraction(24)), temp_track(shot, 48, Fraction(24)))


def test_the_file_is_stereo_at_48_kilohertz(tmp_path):
    write_track(tmp_path / "t.wav", temp_track(brief(), 24, Fraction(24)))
    with wave.open(str(tmp_path / "t.wav")) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (2, 48_000, 48_000)


@pytest.mark.parametrize(
    ("text", "number"), [("Nobody told me", 5), ("Hm.", 1), ("", 1), ("你好", 1), ("Where are you?", 3)]
)
def test_syllables_are_counted_about_as_people_speak_them(text, number):
    assert syllables(text) == number
