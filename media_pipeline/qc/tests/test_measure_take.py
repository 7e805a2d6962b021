"""Every planted fault is found by its own measurement and by no other; a sound clip passes whole."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from media_pipeline.media import child, examiner, figures, loudness, probe
from media_pipeline.qc import takes
from media_pipeline.qc.measures import Asked
from media_pipeline.qc.takes import as_plain, measure_take
from media_pipeline.qc.thresholds import BadThresholds, Thresholds, Verdict

from .clips import FRAMES, RATE, SIZE, blurred, each, field, tone, write

RANDOM = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def _examined_here(monkeypatch):
    """Look into files in this process; the limited child is tested in media_pipeline/media."""

    def ask(question, path, *, cancelled=None, **details):
        child.expect_content(path)
        return child.unwrapped(examiner.answer(question, path.absolute(), details))

    for module in (probe, figures):
        monkeypatch.setattr(module, "ask", ask)


def measured(path, *, intents=(), size=SIZE, frames=FRAMES, rate=RATE, **options):
    return measure_take(path, Asked(*size, frames, rate, frozenset(intents)), **options)


def scores(found):
    return {score.name: score.score for score in found.scores}


def faults(found):
    return {score.name for score in found.faults}


def test_a_clip_without_faults_passes_with_a_high_technical_score(tmp_path):
    found = measured(write(tmp_path / "clip.mp4", field()))
    assert faults(found) == set()
    assert found.verdict == Verdict.PASSED
    assert found.sentence == ""
    assert found.technical > 95


def noisy(_, frame):
    return frame + RANDOM.normal(0, 22, frame.shape)


def blocky(frame):
    """Each block of 8 pixels pushed towards its own mean, as hard coding leaves it."""
    height, width = frame.shape[0] // 8 * 8, frame.shape[1] // 8 * 8
    blocks = frame[:height, :width].reshape(height // 8, 8, width // 8, 8, 3).astype(float)
    means = blocks.mean(axis=(1, 3), keepdims=True)
    made = frame.copy().astype(float)
    made[:height, :width] = (0.45 * blocks + 0.55 * means).reshape(height, width, 3)
    return made


PLANTED = {
    "black in the middle": ({"black"}, lambda frames: each(frames, lambda n, f: f * 0 if 20 <= n < 23 else f)),
    "flicker of 6 percent": ({"flicker"}, lambda frames: each(frames, lambda n, f: f * (1 + 0.09 * (-1) ** n))),
    "a freeze of half a second": ({"freeze"}, lambda frames: frames[:20] + [frames[20]] * 12 + frames[32:]),
    "every third frame repeated": ({"cadence"}, lambda frames: [frames[n - (n % 3 == 2)] for n in range(FRAMES)]),
    "blur": ({"sharpness"}, lambda frames: each(frames, lambda n, f: blurred(f, 15))),
    "noise": ({"noise"}, lambda frames: each(frames, noisy)),
    "burnt out": ({"exposure"}, lambda frames: each(frames, lambda n, f: f * 3 + 40)),
    "hardly lit": ({"exposure"}, lambda frames: each(frames, lambda n, f: f * 0.18)),
    "coded too hard": ({"compression"}, lambda frames: each(frames, lambda n, f: blocky(f))),
    "bars": ({"framing"}, lambda frames: each(frames, lambda n, f: f * _window())),
}  # fmt: skip


def _window():
    mask = np.zeros((SIZE[1], SIZE[0], 1))
    mask[35:-35] = 1
    return mask


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_by_its_own_measurement_alone(fault, tmp_path):
    expected, plant = PLANTED[fault]
    found = measured(write(tmp_path / "clip.mp4", plant(field())))
    assert faults(found) == expected
    assert found.verdict != Verdict.PASSED
    assert found.technical < 98


def test_fades_at_the_ends_are_no_black_pictures(tmp_path):
    def fade(number, frame):
        return frame * min(1, number / 8, (FRAMES - 1 - number) / 8)

    assert "black" not in faults(measured(write(tmp_path / "clip.mp4", each(field(), fade))))


def test_a_small_thing_that_moves_is_no_freeze(tmp_path):
    still = field()[0]
    frames = [still.copy() for _ in range(FRAMES)]
    for number, frame in enumerate(frames):
        frame[100:140, 4 * number : 4 * number + 40] = 250
    found = measured(write(tmp_path / "clip.mp4", frames))
    assert scores(found)["freeze"] > 90


def test_what_the_direction_asks_for_is_no_fault(tmp_path):
    path = write(tmp_path / "clip.mp4", [field()[0]] * FRAMES)
    assert measured(path).verdict == Verdict.BLOCK
    held = measured(path, intents=("still", "held"))
    assert held.verdict == Verdict.PASSED
    assert scores(held)["freeze"] is None
    assert scores(held)["vbench.temporal_flickering"] > 99


def test_vbench_flicker_is_the_published_formula(tmp_path):
    """Two levels that alternate by 10: (255 - 10) / 255 = 96.08 %."""
    frames = [np.full((*SIZE[::-1], 3), 120 + 10 * (number % 2), np.uint8) for number in range(FRAMES)]
    found = measured(write(tmp_path / "clip.mp4", frames, crf=1), intents=("held",))
    assert scores(found)["vbench.temporal_flickering"] == pytest.approx(96.08, abs=0.5)


def test_size_rate_and_length_are_held_against_what_was_asked(tmp_path):
    path = write(tmp_path / "clip.mp4", field(), rate=Fraction(16))
    found = measured(path, size=(1920, 1080), frames=96, rate=Fraction(24))
    assert faults(found) == {"size", "duration"}
    assert scores(found)["size"] == pytest.approx(100 * 0.25 / 0.98, abs=0.1)
    assert scores(found)["rate"] == pytest.approx(66.67, abs=0.01)
    assert "3.00 s where 4.00 s" in found.sentence
    assert scores(measured(path, size=(270, 480), frames=48, rate=Fraction(16)))["size"] == 0
    assert scores(measured(path, frames=24, rate=Fraction(16)))["duration"] == 100, "longer is trimmed"


def test_a_rate_far_from_the_one_asked_is_a_fault(tmp_path):
    path = write(tmp_path / "clip.mp4", field(frames=24), rate=Fraction(8))
    found = measured(path, frames=72, rate=Fraction(24))
    assert "rate" in faults(found)
    assert scores(found)["rate"] == pytest.approx(33.33, abs=0.01)
    assert "rate" not in faults(measured(path, frames=24, rate=Fraction(8)))


def test_every_threshold_has_a_planted_fault_that_falls_under_it():
    """Of sound, size, rate and length the tests beside this one tell."""
    planted = {name for expected, _ in PLANTED.values() for name in expected}
    told = {"decodes", "size", "rate", "duration", "audio_silence", "audio_clipping", "audio_level"}
    assert planted | told == set(Thresholds().review)


def test_a_file_cut_short_and_one_that_is_no_clip_do_not_decode(tmp_path):
    whole = write(tmp_path / "clip.mp4", field(), crf=1).read_bytes()
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(whole[: len(whole) // 2])
    found = measured(junk)
    assert scores(found)["decodes"] == 0
    assert found.verdict == Verdict.BLOCK
    assert found.technical <= 35


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        (tone(2, 0.3), set()),
        (np.clip(tone(2, 0.3) * 9, -1, 1), {"audio_clipping", "audio_level"}),
        (np.concatenate([tone(0.2, 0.3), np.zeros((2, 86_400))], axis=1), {"audio_silence"}),
        (tone(2, 0.001), {"audio_level"}),
    ],
    ids=["sound", "clipped", "silent", "too quiet"],
)  # fmt: skip
def test_faults_of_sound_are_told_apart(sound, expected, tmp_path):
    assert faults(measured(write(tmp_path / "clip.mp4", field(), sound=sound))) == expected


def test_room_tone_under_a_shot_in_which_nobody_speaks_is_no_fault(tmp_path):
    path = write(tmp_path / "clip.mp4", field(), sound=tone(2, 0.001))
    assert faults(measured(path, intents=("quiet",))) == set()


def test_what_cannot_be_measured_is_none_and_says_why(tmp_path):
    plain = as_plain(measured(write(tmp_path / "clip.mp4", field())))
    rows = {row["name"]: row for row in plain["rows"]}
    for name in takes.NEEDS_A_JUDGE:
        assert rows[name]["score"] is None
        assert "no model was asked" in rows[name]["note"]
    assert rows["audio_level"]["score"] is None
    assert 0.8 < plain["coverage"] < 1


def test_thresholds_are_settings_and_odd_ones_are_named(tmp_path):
    path = write(tmp_path / "clip.mp4", PLANTED["blur"][1](field()))
    assert measured(path, thresholds=Thresholds.of({"review": {"sharpness": None}})).verdict == Verdict.PASSED
    assert measured(path, thresholds=Thresholds.of({"block": {"sharpness": 45}})).verdict == Verdict.BLOCK
    with pytest.raises(BadThresholds, match="no measurement 'beauty'"):
        Thresholds.of({"review": {"beauty": 50}})
    with pytest.raises(BadThresholds, match="score from 0 to 100, not 300"):
        Thresholds.of({"block": {"black": 300}})


def test_the_loudness_is_ffmpegs(tmp_path):
    path = write(tmp_path / "clip.mp4", field(), sound=tone(2, 0.3))
    raw = {score.name: score.raw for score in measured(path).scores}
    assert raw["audio_level"] == pytest.approx(loudness.measure(path).lufs, abs=0.01)
