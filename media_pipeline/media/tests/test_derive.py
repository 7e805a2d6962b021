from __future__ import annotations

import hashlib
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.derive import WAVEFORM_SIZE, derive, strip_frames, waveform
from media_pipeline.media.errors import BrokenMedia

from .numbered import clicks, frame_numbers, make_clip, read_number, read_sound, tone, write_sound


def numbers_across(path, count: int) -> list[int]:
    strip = np.array(Image.open(path))
    width = strip.shape[1] // count
    return [read_number(strip[:, place * width : (place + 1) * width])[1] for place in range(count)]


def test_one_decode_gives_poster_filmstrip_proxy_and_waveform(tmp_path):
    clip = make_clip(tmp_path / "in.mp4", 72, size=(640, 360), sound=clicks(Fraction(3), [Fraction(1)]))
    out = tmp_path / "out"
    out.mkdir()
    made = derive(clip, out, rate=Fraction(24), proxy_height=180)
    assert sorted(path.name for path in out.iterdir()) == ["filmstrip.jpg", "poster.jpg", "proxy.mp4", "waveform.png"]
    poster = Image.open(made.poster)
    assert poster.size == (480, 270)
    assert read_number(np.array(poster)) == (0, 24)  # one second in
    assert made.strip_frames == (3, 10, 18, 25, 32, 39, 46, 54, 61, 68)  # the middles of ten parts of 7.2 frames
    assert numbers_across(made.filmstrip, 10) == list(made.strip_frames)
    assert Image.open(made.filmstrip).size == (1600, 90)
    assert frame_numbers(made.proxy) == list(range(72))
    with av.open(str(made.proxy)) as container:
        video = container.streams.video[0]
        keys = [p.pts * p.time_base for p in container.demux(video) if p.size and p.is_keyframe]
        assert (video.width, video.height) == (320, 180)
        assert keys == [Fraction(n, 2) for n in range(6)]
    assert np.flatnonzero(np.abs(read_sound(made.proxy)[0]) > 0.3)[0] == pytest.approx(48_000, abs=64)


def test_the_waveform_stands_where_the_sound_is(tmp_path):
    made = derive(
        make_clip(tmp_path / "in.mov", 48, sound=clicks(Fraction(2), [Fraction(3, 2)]), sound_codec="pcm_s16le"),
        tmp_path, rate=Fraction(24),
    )  # fmt: skip
    drawn = np.array(Image.open(made.waveform))[:, :, 3]
    assert drawn.shape == WAVEFORM_SIZE[::-1]
    heights = (drawn > 0).sum(axis=0)
    assert heights.argmax() == pytest.approx(WAVEFORM_SIZE[0] * 3 / 4, abs=3)


def test_a_silent_clip_has_no_waveform_and_a_short_one_a_short_filmstrip(tmp_path):
    made = derive(make_clip(tmp_path / "in.mp4", 4), tmp_path, rate=Fraction(24))
    assert made.waveform is None
    assert made.strip_frames == (0, 1, 2, 3)
    assert numbers_across(made.filmstrip, 4) == [0, 1, 2, 3]


def test_the_proxy_counts_frames_at_the_projects_rate(tmp_path):
    made = derive(make_clip(tmp_path / "in.mp4", 6, times=[0, 1, 2, 10, 11, 30]), tmp_path, rate=Fraction(24))
    assert made.proxy_frames == 31
    assert frame_numbers(made.proxy) == [0, 1, *[2] * 8, 3, *[4] * 19, 5]


def test_nothing_is_enlarged(tmp_path):
    made = derive(make_clip(tmp_path / "in.mp4", 4, size=(120, 68)), tmp_path, rate=Fraction(24))
    assert Image.open(made.poster).size == (120, 68)
    assert Image.open(made.filmstrip).size == (480, 68)


def test_the_same_clip_gives_the_same_bytes(tmp_path):
    clip = make_clip(tmp_path / "in.mp4", 24, sound=tone(Fraction(1)))
    digests = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        derive(clip, folder, rate=Fraction(24))
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()})
    assert digests[0] == digests[1]
    assert len(digests[0]) == 4


def test_a_sound_file_alone_can_be_drawn_and_a_silent_clip_cannot(tmp_path):
    waveform(write_sound(tmp_path / "voice.wav", tone(Fraction(1))), tmp_path / "voice.png")
    assert Image.open(tmp_path / "voice.png").size == WAVEFORM_SIZE
    with pytest.raises(BrokenMedia, match="holds no sound"):
        waveform(make_clip(tmp_path / "in.mp4", 2), tmp_path / "no.png")
    assert not (tmp_path / "no.png").exists()


def test_a_sound_file_is_no_clip_to_derive_from(tmp_path):
    with pytest.raises(BrokenMedia, match="the file is a sound"):
        derive(write_sound(tmp_path / "voice.wav", tone(Fraction(1))), tmp_path, rate=Fraction(24))


@pytest.mark.parametrize(
    ("frames", "count", "expected"), [(10, 10, tuple(range(10))), (1, 10, (0,)), (100, 2, (25, 75))]
)
def test_a_filmstrip_shows_the_middle_of_equal_parts(frames, count, expected):
    assert strip_frames(frames, count) == expected
