from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.binary import ffmpeg_binary
from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError
from media_pipeline.media.mezzanine import MezzanineFormat, fitted, is_mezzanine, make_mezzanine
from media_pipeline.media.process import Limits, run_process

from .kinds import KINDS, rotated, truncated
from .numbered import clicks, frame_numbers, make_clip, picture, read_number, read_sound, tone, write_sound

FORM = MezzanineFormat(160, 90, Fraction(24))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def picture_md5(path: Path) -> str:
    """The digest ffmpeg gives of all decoded pictures."""
    lines: list[str] = []
    run_process(
        [str(ffmpeg_binary()), "-v", "error", "-i", str(path), "-map", "0:v", "-f", "md5", "-"],
        name="md5", limits=Limits(), on_line=lambda line: bool(lines.append(line)),
    )  # fmt: skip
    return lines[0]


def test_a_mezzanine_has_a_key_frame_every_half_second_and_even_times(tmp_path):
    make_mezzanine(make_clip(tmp_path / "in.mp4", 40), tmp_path / "out.mp4", FORM)
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        packets = sorted((p for p in container.demux(stream) if p.size), key=lambda packet: packet.pts)
        assert [number for number, packet in enumerate(packets) if packet.is_keyframe] == [0, 12, 24, 36]
        assert [packet.pts * packet.time_base for packet in packets] == [Fraction(n, 24) for n in range(40)]
        assert (stream.codec_context.profile, stream.pix_fmt) == ("High", "yuv420p")
        assert stream.codec_context.colorspace == 1  # BT.709


def test_sources_of_all_sorts_share_one_parameter_set(tmp_path, made):
    names = ["VP9 in WebM", "HEVC in ten bits", "GIF", "29.97 frames a second"]
    for number, name in enumerate(names):
        out = tmp_path / f"{number}.mp4"
        make_mezzanine(made(name), out, FORM, frames=24, crf=17 + 3 * number)
        assert is_mezzanine(out, FORM)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in KINDS if not name.startswith("29.97")])
def test_every_kind_of_clip_becomes_a_mezzanine_ending_on_its_last_frame(name, made, tmp_path):
    done = make_mezzanine(made(name), tmp_path / "out.mp4", FORM)
    numbers = frame_numbers(tmp_path / "out.mp4")
    assert len(numbers) == done.frames
    assert (numbers[0], numbers[-1]) == (KINDS[name].numbers[0], KINDS[name].numbers[-1])
    assert is_mezzanine(tmp_path / "out.mp4", FORM)


def test_another_size_rate_or_coding_is_no_mezzanine(tmp_path):
    make_mezzanine(make_clip(tmp_path / "in.mp4", 24), tmp_path / "out.mp4", FORM)
    assert is_mezzanine(tmp_path / "out.mp4", FORM)
    assert not is_mezzanine(tmp_path / "in.mp4", FORM)
    assert not is_mezzanine(tmp_path / "out.mp4", MezzanineFormat(160, 90, Fraction(25)))
    assert not is_mezzanine(tmp_path / "out.mp4", MezzanineFormat(160, 92, Fraction(24)))


def test_a_clip_of_the_projects_rate_keeps_every_frame(tmp_path):
    make_mezzanine(make_clip(tmp_path / "in.mp4", 31), tmp_path / "out.mp4", FORM)
    assert frame_numbers(tmp_path / "out.mp4") == list(range(31))


def test_thirty_frames_a_second_become_twenty_four_by_dropping_every_fifth(tmp_path):
    make_mezzanine(make_clip(tmp_path / "in.mp4", 60, rate=Fraction(30)), tmp_path / "out.mp4", FORM)
    numbers = frame_numbers(tmp_path / "out.mp4")
    assert len(numbers) == 48
    assert numbers == sorted(set(numbers))


def test_frames_of_2997_are_each_the_nearest_in_time(made, tmp_path):
    """48 frames last 1.6016 s, which are 38 at 24; frame n shows what is on at n / 24 s, give or take half a frame."""
    make_mezzanine(made("29.97 frames a second"), tmp_path / "out.mp4", FORM)
    numbers = frame_numbers(tmp_path / "out.mp4")
    assert len(numbers) == 38
    assert all(abs(number * 1001 / 30000 - place / 24) <= 1 / 48 for place, number in enumerate(numbers))


def test_more_frames_than_there_are_hold_the_last_and_fewer_cut(tmp_path):
    clip = make_clip(tmp_path / "in.mp4", 10)
    make_mezzanine(clip, tmp_path / "long.mp4", FORM, frames=14)
    make_mezzanine(clip, tmp_path / "short.mp4", FORM, frames=6)
    assert frame_numbers(tmp_path / "long.mp4") == [*range(10), 9, 9, 9, 9]
    assert frame_numbers(tmp_path / "short.mp4") == list(range(6))


def test_sound_is_as_long_as_the_picture_and_a_click_stays_where_it_was(tmp_path):
    clip = make_clip(
        tmp_path / "in.mov", 36, sound=clicks(Fraction(9, 4), [Fraction(1), Fraction(2)]), sound_codec="pcm_s16le"
    )
    done = make_mezzanine(clip, tmp_path / "out.mp4", FORM, sound=tmp_path / "out.flac")
    sound = read_sound(done.sound)
    assert sound.shape == (2, 72_000)  # 1.5 s: the click at 2 s is beyond the picture
    assert np.flatnonzero(np.abs(sound[0]) > 0.4).tolist() == list(range(48_000, 48_048))


def test_short_sound_is_followed_by_silence(tmp_path):
    clip = make_clip(tmp_path / "in.mov", 48, sound=tone(Fraction(1, 2)), sound_codec="pcm_s16le")
    sound = read_sound(make_mezzanine(clip, tmp_path / "out.mp4", FORM, sound=tmp_path / "out.flac").sound)
    assert sound.shape == (2, 96_000)
    assert not sound[:, 24_000:].any()


def test_a_clip_without_sound_makes_no_sound_file(tmp_path):
    done = make_mezzanine(make_clip(tmp_path / "in.mp4", 6), tmp_path / "out.mp4", FORM, sound=tmp_path / "out.flac")
    assert done.sound is None
    assert not (tmp_path / "out.flac").exists()


def test_another_shape_is_fitted_between_bars(tmp_path):
    make_mezzanine(make_clip(tmp_path / "in.mp4", 3, size=(90, 160)), tmp_path / "out.mp4", FORM)
    first = pictures(tmp_path / "out.mp4")[0]
    assert read_number(first[:, 55:105]) == (0, 0)
    assert first[:, :50].max() < 12
    assert first[:, 110:].max() < 12


def test_a_turned_clip_is_upright_in_its_mezzanine(tmp_path):
    make_mezzanine(rotated(tmp_path), tmp_path / "out.mp4", MezzanineFormat(90, 160, Fraction(24)))
    last = Image.fromarray(pictures(tmp_path / "out.mp4")[-1])
    assert read_number(np.array(last.transpose(Image.Transpose.ROTATE_270))) == (0, 47)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1920, 1080, (1920, 1080)),
        (1248, 704, (1920, 1084)),  # 16:9 but for a few lines: filled, 4 lines cropped
        (1280, 536, (1920, 804)),  # scope: bars above and below
        (1080, 1920, (608, 1080)),
        (64, 64, (1080, 1080)),
    ],
)
def test_a_picture_is_fitted_or_when_nearly_alike_filled(width, height, expected):
    assert fitted(width, height, MezzanineFormat(1920, 1080, Fraction(24))) == expected


@pytest.mark.parametrize(("size", "matrix"), [((320, 180), "bt601"), ((1280, 720), "bt709")])
def test_colours_without_tags_are_read_by_the_size_and_come_out_as_they_went_in(size, matrix, tmp_path):
    """A green of (30, 200, 30) coded by either matrix without tags comes out within 3 levels."""
    source, out = tmp_path / "in.mkv", tmp_path / "out.mp4"
    green = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), (30, 200, 30), np.uint8), format="rgb24")
    space = {"bt601": "itu601", "bt709": "itu709"}[matrix]
    with av.open(str(source), "w") as container:
        stream = container.add_stream("ffv1", rate=24)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        frame = green.reformat(format="yuv420p", dst_colorspace=space)
        frame.colorspace = 2  # unspecified
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    make_mezzanine(source, out, MezzanineFormat(*size, Fraction(24)))
    with av.open(str(out)) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgb24", src_colorspace="itu709")
    assert np.abs(pixels[size[1] // 2, size[0] // 2].astype(int) - (30, 200, 30)).max() <= 3


def test_the_same_clip_gives_the_same_bytes(tmp_path):
    clip = make_clip(tmp_path / "in.webm", codec="libvpx-vp9", sound=tone(Fraction(2)), sound_codec="libopus")
    for name in ("a", "b"):
        make_mezzanine(clip, tmp_path / f"{name}.mp4", FORM, sound=tmp_path / f"{name}.flac")
    assert digest(tmp_path / "a.mp4") == digest(tmp_path / "b.mp4")
    assert digest(tmp_path / "a.flac") == digest(tmp_path / "b.flac")


def test_a_clip_in_the_form_already_is_copied_picture_for_picture(tmp_path):
    make_mezzanine(make_clip(tmp_path / "in.mp4", 30), tmp_path / "first.mp4", FORM, crf=30)
    make_mezzanine(tmp_path / "first.mp4", tmp_path / "second.mp4", FORM)
    assert picture_md5(tmp_path / "second.mp4") == picture_md5(tmp_path / "first.mp4")
    assert is_mezzanine(tmp_path / "second.mp4", FORM)


def test_a_damaged_clip_gives_what_it_has(tmp_path):
    done = make_mezzanine(truncated(tmp_path), tmp_path / "out.mp4", FORM)
    assert len(frame_numbers(tmp_path / "out.mp4")) == done.frames < 48


def test_a_gap_of_an_hour_is_cut_at_the_frames_asked_for(tmp_path):
    clip = make_clip(tmp_path / "in.mkv", 3, codec="ffv1", times=[0, 1, 86_400])
    make_mezzanine(clip, tmp_path / "out.mp4", FORM, frames=24)
    assert frame_numbers(tmp_path / "out.mp4") == [0] + [1] * 23


def test_sound_or_a_still_is_refused_by_name(tmp_path):
    Image.fromarray(picture(1)).save(tmp_path / "still.png")
    with pytest.raises(BrokenMedia, match=r"A clip was expected, but the file is a still \(png\)"):
        make_mezzanine(tmp_path / "still.png", tmp_path / "out.mp4", FORM)
    with pytest.raises(BrokenMedia, match="the file is a sound file"):
        make_mezzanine(write_sound(tmp_path / "a.wav", tone(Fraction(1))), tmp_path / "out.mp4", FORM)


def test_cancelling_leaves_neither_picture_nor_sound(tmp_path):
    clip = make_clip(tmp_path / "in.mp4", 480, sound=tone(Fraction(20)))
    asked = iter([False, False])
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Cancelled):
        make_mezzanine(clip, out / "a.mp4", FORM, sound=out / "a.flac", cancelled=lambda: next(asked, True))
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "level", "gop", "timescale"),
    [
        (MezzanineFormat(1920, 1080, Fraction(24)), "4.1", 12, 12288),
        (MezzanineFormat(1920, 1080, Fraction(30000, 1001)), "4.1", 15, 30000),
        (MezzanineFormat(1920, 1080, Fraction(60)), "4.2", 30, 30720),
        (MezzanineFormat(3840, 2160, Fraction(24000, 1001)), "5.1", 12, 24000),
        (MezzanineFormat(3840, 2160, Fraction(60)), "5.2", 30, 30720),
    ],
)
def test_level_key_frames_and_clock_follow_from_size_and_rate(form, level, gop, timescale):
    """Levels by hand from ITU-T H.264 table A-1: 8160 blocks x 60 = 489,600 is over 4.1's 245,760 and under 4.2's."""
    assert (form.level, form.gop, form.timescale) == (level, gop, timescale)
    assert (form.timescale / form.rate).denominator == 1


@pytest.mark.parametrize(("width", "height"), [(161, 90), (160, 91), (8, 8), (7680, 4320)])
def test_sizes_that_cannot_be_coded_are_refused(width, height):
    with pytest.raises(MediaError):
        _ = MezzanineFormat(width, height, Fraction(24)).level
