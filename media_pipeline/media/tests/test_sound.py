from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from media_pipeline.media import sound as sound_module
from media_pipeline.media.cut import Clip, Cut, Transition, TransitionKind
from media_pipeline.media.ducking import Ducking
from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError
from media_pipeline.media.sound import (
    HEADROOM_DB,
    RAMP,
    Role,
    Sound,
    SoundReader,
    Track,
    lay_sound,
    mix_blocks,
    sounds_of,
)

from .numbered import make_clip, read_sound, tone
from .shots import RATES, write_wav

K = TransitionKind
CUT = Transition()
RATE = 48_000
HEADROOM = 10 ** (HEADROOM_DB / 20)


def level(path: Path, value: float = 0.5, samples: int = RATE) -> Path:
    return write_wav(path, np.full((2, samples), value))


def mixed(sounds, total):
    return np.concatenate(list(mix_blocks(sounds, total)), axis=1)


def test_a_sound_is_heard_from_its_sample_to_its_last_and_nowhere_else(tmp_path):
    file = level(tmp_path / "a.wav")
    heard = mixed([Sound(file, at=60_001, samples=20_000, fade_in=0, fade_out=0)], 3 * RATE)
    assert heard.shape == (2, 3 * RATE)
    assert np.flatnonzero(heard[0])[[0, -1]].tolist() == [60_001, 80_000]
    assert np.allclose(heard[:, 60_001:80_001], 0.5, atol=1e-4)


def test_a_sound_starts_within_its_file_where_it_was_told(tmp_path):
    count = np.arange(RATE) / RATE
    file = write_wav(tmp_path / "count.wav", np.stack([count, -count]))
    heard = mixed([Sound(file, at=10, samples=1000, skip=12_345, fade_in=0, fade_out=0)], 2000)
    assert np.allclose(heard[0, 10:1010] * RATE, np.arange(12_345, 13_345), atol=1)
    assert np.allclose(heard[1], -heard[0])


def test_a_file_that_ends_early_is_followed_by_silence(tmp_path):
    heard = mixed([Sound(level(tmp_path / "a.wav", samples=500), at=0, samples=1000, fade_in=0, fade_out=0)], 1000)
    assert np.count_nonzero(heard[0]) == 500


def test_gains_are_in_decibels_and_sounds_add_up(tmp_path):
    file = level(tmp_path / "a.wav", 0.25)
    sounds = [Sound(file, 0, 900, gain_db=6.0206), Sound(file, 0, 900, gain_db=-6.0206)]
    assert mixed(sounds, 900)[0, 450] == pytest.approx(0.5 + 0.125, abs=1e-3)


def test_a_cut_ramps_over_two_milliseconds(tmp_path):
    heard = mixed([Sound(level(tmp_path / "a.wav"), at=0, samples=2000)], 2000)[0]
    assert RAMP == 96
    assert heard[0] < 0.01
    assert heard[48] == pytest.approx(0.5 * np.sin(np.pi / 4), abs=0.01)  # half of the ramp: 3 dB down
    assert np.allclose(heard[96:1904], 0.5, atol=1e-4)
    assert heard[1999] < 0.01


def test_sounds_that_cross_keep_their_power(tmp_path):
    file = level(tmp_path / "a.wav", 0.5)
    leaving = mixed([Sound(file, 0, 20_000, fade_in=0, fade_out=8000)], 32_000)[0]
    arriving = mixed([Sound(file, 12_000, 20_000, fade_in=8000, fade_out=0)], 32_000)[0]
    assert np.allclose(leaving**2 + arriving**2, 0.25, atol=1e-3)


def test_a_dissolve_crosses_the_sounds_over_the_frames_of_the_picture():
    clips = (Clip(Path("a"), "a", 0, 40, 48, Path("a.wav")), Clip(Path("b"), "b", 8, 40, 48, Path("b.wav")))
    a, b = sounds_of(Cut(clips, (CUT, Transition(K.DISSOLVE, 4, 6), CUT)), Fraction(24))
    # 2000 samples a frame: the dissolve is on the film's frames 36 to 45.
    assert (a.at, a.skip, a.samples, a.fade_in, a.fade_out) == (0, 0, 92_000, 96, 20_000)
    assert (b.at, b.skip, b.samples, b.fade_in, b.fade_out) == (72_000, 8000, 88_000, 20_000, 96)


def test_through_a_fade_the_sound_goes_with_the_picture():
    clips = (Clip(Path("a"), "a", 0, 40, 40, Path("a.wav")), Clip(Path("b"), "b", 0, 40, 40, Path("b.wav")))
    cut = Cut(clips, (Transition.of(K.FADE_IN, 5), Transition.of(K.DIP, 12), Transition.of(K.FADE_OUT, 7)))
    a, b = sounds_of(cut, Fraction(24))
    assert (a.at, a.samples, a.fade_in, a.fade_out) == (0, 80_000, 10_000, 12_000)
    assert (b.at, b.samples, b.fade_in, b.fade_out) == (80_000, 80_000, 12_000, 14_000)


def test_at_29_97_every_sound_begins_at_the_sample_nearest_its_frame():
    clip = Clip(Path("a"), "a", 1, 1, 9, Path("a.wav"))
    placed = sounds_of(Cut((clip,) * 5), RATES["29.97"])
    assert [sound.at for sound in placed] == [0, 1602, 3203, 4805, 6406]  # 1601.6 samples a frame
    assert [one.at + one.samples for one in placed[:-1]] == [sound.at for sound in placed[1:]]
    assert placed[0].skip == 1602


def test_a_shot_divided_and_left_in_place_sounds_undivided():
    whole = Clip(Path("a"), "a", 0, 48, 48, Path("a.wav"))
    (sound,) = sounds_of(Cut((replace(whole, frames=17), replace(whole, first=17, frames=31))), RATES["29.97"])
    assert (sound.at, sound.samples) == (0, 76_877)


def test_a_silent_clip_lays_no_sound():
    assert sounds_of(Cut((Clip(Path("a"), "a", 0, 48, 48),)), Fraction(24)) == ()


def test_a_mono_file_at_another_rate_is_heard_on_both_sides_at_the_right_time(tmp_path):
    wave = np.zeros((1, 44_100))
    wave[0, 22_050:22_150] = 0.5
    heard = SoundReader(write_wav(tmp_path / "m.wav", wave, 44_100)).read(RATE)
    assert np.allclose(heard[0], heard[1])
    assert abs(int(np.argmax(np.abs(heard[0]) > 0.25)) - 24_000) <= 2


def test_coded_sound_is_read_without_the_coders_delay(tmp_path):
    wave = np.zeros((2, RATE), np.float32)
    wave[:, 20_000:20_050] = 0.8
    reader = SoundReader(make_clip(tmp_path / "a.mp4", 24, sound=wave))
    assert abs(int(np.argmax(np.abs(reader.read(RATE)[0]) > 0.4)) - 20_000) <= 1


def test_sound_that_begins_after_its_picture_is_preceded_by_silence(tmp_path):
    late = tmp_path / "late.mp4"
    with av.open(str(late), "w") as container:
        track = container.add_stream("flac", rate=RATE, layout="stereo", options={"strict": "experimental"})
        frame = av.AudioFrame.from_ndarray(np.full((1, 8192), 16_000, np.int16), format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 24_000, Fraction(1, RATE)
        container.mux(track.encode(frame))
        container.mux(track.encode(None))
    heard = SoundReader(late).read(RATE)[0]
    assert np.flatnonzero(heard)[[0, -1]].tolist() == [24_000, 28_095]


def test_only_what_sounds_now_is_open(tmp_path, monkeypatch):
    file = level(tmp_path / "a.wav", samples=1000)
    now, most = 0, 0

    class Counted(SoundReader):
        def __init__(self, *args):
            nonlocal now, most
            super().__init__(*args)
            now, most = now + 1, max(most, now + 1)

        def close(self):
            nonlocal now
            super().close()
            now -= 1

    monkeypatch.setattr(sound_module, "SoundReader", Counted)
    mixed([Sound(file, at=n * RATE, samples=RATE) for n in range(30)], 30 * RATE)
    assert now == 0
    assert most <= 2


def test_the_mix_is_as_long_as_the_film_and_lies_below_full_scale_by_the_headroom(tmp_path):
    track = Track((Sound(level(tmp_path / "a.wav", 0.9), 0, RATE),) * 3)
    out = tmp_path / "mix.flac"
    lay_sound([track], out, total_frames=100, rate=RATES["29.97"])
    heard = read_sound(out) * HEADROOM
    assert heard.shape == (2, 160_160)
    assert np.allclose(heard[:, 1000:40_000], 2.7, atol=1e-3)  # not clipped at 1
    assert not heard[:, RATE:].any()


def test_what_sounds_past_the_end_is_cut_with_a_ramp(tmp_path):
    out = tmp_path / "mix.flac"
    track = Track((Sound(level(tmp_path / "a.wav", samples=5 * RATE), 0, 5 * RATE, fade_out=RATE),))
    lay_sound([track], out, total_frames=24, rate=Fraction(24))
    heard = read_sound(out)[0] * HEADROOM
    assert heard.shape == (RATE,)
    assert heard[-97] == pytest.approx(0.5, abs=1e-3)
    assert abs(heard[-1]) < 0.01


@pytest.mark.parametrize(("decibels", "voice_level"), [(6, 0.25), (9, 0.25), (12, 0.25), (9, 0.02)])
def test_music_goes_down_under_the_voice_by_what_was_asked_and_comes_back(tmp_path, decibels, voice_level):
    seconds = 8
    voice = 0.0008 * np.random.default_rng(1).standard_normal((2, seconds * RATE))  # the tone of the room
    voice[:, 2 * RATE : 5 * RATE] += tone(Fraction(3), 300, voice_level)
    write_wav(tmp_path / "voice.wav", voice)
    write_wav(tmp_path / "music.wav", tone(Fraction(seconds), 3000, 0.25))
    whole = seconds * RATE
    tracks = [
        Track((Sound(tmp_path / "voice.wav", 0, whole),), Role.VOICE),
        Track((Sound(tmp_path / "music.wav", 0, whole),), Role.MUSIC),
    ]
    lay_sound(tracks, tmp_path / "mix.flac", total_frames=seconds * 24, rate=Fraction(24), ducking_db=decibels)
    heard = read_sound(tmp_path / "mix.flac")[0]

    def music_at(second):
        spectrum = np.abs(np.fft.rfft(heard[second * RATE : (second + 1) * RATE]))
        return 20 * np.log10(spectrum[3000])

    assert music_at(0) - music_at(3) == pytest.approx(decibels, abs=0.1)
    assert music_at(7) == pytest.approx(music_at(0), abs=0.1)


def test_music_is_down_when_the_first_word_is_said_and_stays_between_two():
    voice = np.zeros((2, 6 * RATE), np.float32)
    for second in (2, 3):
        voice[:, second * RATE : second * RATE + RATE // 2] = 0.1
    ducking = Ducking([voice], 9)
    gains = ducking.gains(0, 6 * RATE)
    down = 10 ** (-9 / 20)
    assert gains[: int(1.6 * RATE)].min() == 1
    assert gains[2 * RATE : 4 * RATE].max() == pytest.approx(down, abs=1e-3)
    assert gains[5 * RATE :].min() == 1
    assert np.abs(np.diff(gains)).max() < 1e-4, "without a step"


def test_silence_ducks_nothing():
    assert Ducking([np.zeros((2, RATE), np.float32)], 12).gains(0, RATE).min() == 1
    assert Ducking([], 12).gains(0, 10).tolist() == [1] * 10


def test_effects_are_neither_ducked_nor_duck_anything(tmp_path):
    for name, hertz in [("effect", 300), ("music", 3000)]:
        write_wav(tmp_path / f"{name}.wav", tone(Fraction(4), hertz, 0.25))
    tracks = [
        Track((Sound(tmp_path / "effect.wav", 2 * RATE, RATE),), Role.OTHER),
        Track((Sound(tmp_path / "music.wav", 0, 4 * RATE),), Role.MUSIC),
    ]
    lay_sound(tracks, tmp_path / "mix.flac", total_frames=96, rate=Fraction(24), ducking_db=12)
    heard = read_sound(tmp_path / "mix.flac")[0] * HEADROOM
    spectrum = np.abs(np.fft.rfft(heard[2 * RATE : 3 * RATE])) * 2 / RATE
    assert spectrum[[300, 3000]] == pytest.approx([0.25, 0.25], abs=0.005)


def test_another_amount_of_ducking_is_refused(tmp_path):
    with pytest.raises(MediaError, match="cannot be ducked by 7 dB: choose 0, 6, 9, 12"):
        lay_sound([], tmp_path / "mix.flac", total_frames=24, rate=Fraction(24), ducking_db=7)


def test_a_file_without_sound_is_refused_by_name(tmp_path):
    silent = make_clip(tmp_path / "silent.mp4", 24)
    with pytest.raises(BrokenMedia, match=r"silent\.mp4 has no sound"):
        lay_sound([Track((Sound(silent, 0, RATE),))], tmp_path / "mix.flac", total_frames=24, rate=Fraction(24))
    assert not (tmp_path / "mix.flac").exists()


def test_a_playlist_is_not_read_as_sound(tmp_path):
    level(tmp_path / "secret.wav")
    playlist = tmp_path / "music.m3u8"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nsecret.wav\n#EXT-X-ENDLIST\n")
    with pytest.raises(BrokenMedia, match=r"music\.m3u8 could not be read as sound"):
        SoundReader(playlist)


def test_a_cancelled_mix_leaves_nothing(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    asked = iter([False] * 3)
    track = Track((Sound(level(tmp_path / "a.wav", samples=60 * RATE), 0, 60 * RATE),))
    with pytest.raises(Cancelled):
        lay_sound(
            [track], folder / "mix.flac", total_frames=1440, rate=Fraction(24), cancelled=lambda: next(asked, True)
        )
    assert list(folder.iterdir()) == []
