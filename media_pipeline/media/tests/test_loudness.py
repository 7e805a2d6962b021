from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from media_pipeline.media.errors import MediaError
from media_pipeline.media.loudness import Loudness, Quality, code_sound, measure, read_meter

from .numbered import read_sound, tone
from .shots import write_wav

RATE = 48_000


def speech_like(seconds: int, level: float) -> np.ndarray:
    """Noise that comes and goes three times a second: loud peaks over a low mean, as speech has."""
    chance = np.random.default_rng(3)
    envelope = np.clip(np.sin(np.arange(seconds * RATE) * 2 * np.pi * 3 / RATE), 0, 1) ** 4
    return np.clip(chance.standard_normal((2, seconds * RATE)) * envelope * level, -0.99, 0.99)


def coded(tmp_path, sound, **options):
    mix = write_wav(tmp_path / "mix.wav", sound)
    options = {"quality": Quality.PREVIEW} | options
    return code_sound(mix, tmp_path / "out.mp4", measured=measure(mix), samples=sound.shape[1], **options)


def test_the_reference_tone_of_ebu_3341_measures_minus_23(tmp_path):
    # EBU Tech 3341, case 1: a stereo sine of 1 kHz whose peaks are at -23 dBFS for 20 s reads -23.0 +-0.1 LUFS.
    heard = measure(write_wav(tmp_path / "tone.wav", tone(Fraction(20), 1000, 10 ** (-23 / 20))))
    assert heard.lufs == pytest.approx(-23.0, abs=0.1)
    assert heard.true_peak == pytest.approx(-23.0, abs=0.2)


def test_silence_has_no_loudness_and_is_coded_as_silence(tmp_path):
    made = coded(tmp_path, np.zeros((2, 2 * RATE)))
    assert made.loudness == Loudness(None, None)
    assert made.loudness.is_silence
    assert (made.gain_db, made.rounds) == (0.0, 1)
    assert not read_sound(made.path).any()


@pytest.mark.parametrize("target", [-23.0, -16.0])
def test_a_mix_is_brought_to_its_target_and_measured_as_coded(tmp_path, target):
    made = coded(tmp_path, tone(Fraction(4), 440, 0.02), target_lufs=target)
    assert made.loudness.lufs == pytest.approx(target, abs=0.2)
    assert not made.limited
    assert measure(made.path) == made.loudness


def test_peaks_that_the_gain_would_push_over_the_ceiling_are_limited(tmp_path):
    mix = write_wav(tmp_path / "mix.wav", speech_like(5, 0.05))
    before = measure(mix)
    assert before.true_peak - before.lufs > 15  # so that a bare gain to -15 LUFS would pass 0 dBTP
    made = code_sound(mix, tmp_path / "out.mp4", measured=before, samples=5 * RATE, target_lufs=-15.0)
    assert made.limited
    assert made.loudness.true_peak <= -1.0
    assert made.loudness.lufs == pytest.approx(-15.0, abs=0.8)
    assert made.rounds > 1


def test_the_gain_makes_up_for_the_headroom_of_the_mix(tmp_path):
    sound = tone(Fraction(4), 440, 0.1)
    low = write_wav(tmp_path / "low.wav", sound / 8)
    full = measure(write_wav(tmp_path / "full.wav", sound))
    made = code_sound(
        low,
        tmp_path / "out.mp4",
        measured=full,
        samples=4 * RATE,
        headroom_db=20 * np.log10(8),
        target_lufs=-18.0,
        quality=Quality.PREVIEW,
    )
    assert made.loudness.lufs == pytest.approx(-18.0, abs=0.2)
    assert made.rounds == 1


def test_a_wrong_first_guess_is_put_right_in_a_second_round(tmp_path):
    mix = write_wav(tmp_path / "mix.wav", tone(Fraction(4), 440, 0.05))
    truth = measure(mix)
    wrong = Loudness(truth.lufs + 3, truth.true_peak + 3)
    made = code_sound(mix, tmp_path / "out.mp4", measured=wrong, samples=4 * RATE, target_lufs=-18.0)
    assert made.rounds == 2
    assert made.loudness.lufs == pytest.approx(-18.0, abs=0.2)


def test_room_tone_is_raised_no_further_than_the_greatest_gain(tmp_path):
    made = coded(tmp_path, tone(Fraction(5), 440, 0.001))
    assert made.gain_db == 30.0
    assert made.rounds == 1


@pytest.mark.parametrize("quality", list(Quality))
def test_the_limiter_and_the_coder_move_nothing_in_time(tmp_path, quality):
    sound = speech_like(4, 0.02)
    sound[:, 100_000:100_048] = 0.95
    made = coded(tmp_path, sound, target_lufs=-30.0, quality=quality)
    assert made.limited
    heard = np.abs(read_sound(made.path)[0])
    near = heard[99_000:101_000]
    assert abs(99_000 + int(np.argmax(near > near.max() / 2)) - 100_000) <= 2


def test_the_coded_sound_is_exactly_as_long_as_asked(tmp_path):
    made = coded(tmp_path, tone(Fraction(2)))
    with av.open(str(made.path)) as container:
        stream = container.streams.audio[0]
        assert stream.codec_context.name == "aac"
        assert stream.duration * stream.time_base == 2


def test_a_log_without_figures_is_an_error():
    with pytest.raises(MediaError, match="without reporting the loudness"):
        read_meter(["[info] nothing"])
