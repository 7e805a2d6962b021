from __future__ import annotations

import zlib
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from media_pipeline.media import examine_video
from media_pipeline.media.errors import BrokenMedia, MediaError
from media_pipeline.media.probe import probe

from .kinds import KINDS, copied, rotated, truncated
from .numbered import clicks, make_clip, tone, write_sound


@pytest.mark.parametrize("name", KINDS)
def test_frames_are_those_a_person_would_see(name, made):
    assert examine_video.describe(made(name))["frames"] == len(KINDS[name].numbers)


def test_a_clip_with_sound_is_described_in_full(tmp_path):
    info = probe(make_clip(tmp_path / "clip.mp4", 48, rate=Fraction(24000, 1001), sound=tone(Fraction(3))))
    assert (info.kind, info.codec, info.pixel_format) == ("video", "h264", "yuv420p")
    assert (info.width, info.height, info.frames, info.rate) == (160, 90, 48, Fraction(24000, 1001))
    assert info.duration == Fraction(48 * 1001, 24000)
    assert (info.has_audio, info.audio_codec, info.sample_rate, info.channels) == (True, "aac", 48000, 2)
    assert abs(info.audio_duration - 3) < Fraction(1, 20)
    assert info.size_bytes == (tmp_path / "clip.mp4").stat().st_size
    assert info.flags == frozenset()


def test_the_picture_gives_the_length_where_the_sound_outlasts_it(tmp_path):
    info = probe(make_clip(tmp_path / "clip.mp4", 48, sound=tone(Fraction(9))))
    assert info.duration == 2


def test_uneven_times_are_flagged_and_the_length_runs_to_the_end_of_the_last_frame(tmp_path):
    info = probe(make_clip(tmp_path / "clip.mp4", 6, times=[0, 1, 2, 10, 11, 30]))
    assert "vfr" in info.flags
    assert info.duration == Fraction(31, 24)


def test_milliseconds_of_webm_do_not_make_a_rate_uneven(tmp_path):
    info = probe(make_clip(tmp_path / "clip.webm", codec="libvpx-vp9", rate=Fraction(30000, 1001)))
    assert (info.rate, info.duration, info.flags) == (
        Fraction(30000, 1001), 48 * Fraction(1001, 30000), frozenset()
    )  # fmt: skip


def test_a_turned_clip_has_the_size_it_is_seen_in(tmp_path):
    info = probe(rotated(tmp_path))
    assert (info.width, info.height, info.rotation) == (90, 160, 90)
    assert "rotated" in info.flags


def test_an_anamorphic_clip_has_the_size_it_is_seen_in(tmp_path):
    plain = make_clip(tmp_path / "plain.mp4", size=(144, 116))
    info = probe(copied(plain, tmp_path / "wide.mp4", "-aspect", "16:9"))
    assert (info.width, info.height) == (206, 116)
    assert "anamorphic" in info.flags


def test_a_truncated_clip_counts_what_is_there_and_says_so(tmp_path):
    info = probe(truncated(tmp_path))
    assert 12 <= info.frames < 48
    assert info.duration == info.frames / Fraction(24)
    assert "truncated" in info.flags


def test_sound_alone_is_told_from_clips(tmp_path):
    info = probe(write_sound(tmp_path / "voice.wav", clicks(Fraction(3, 2))))
    assert (info.kind, info.container, info.duration, info.width, info.frames) == ("sound", "wav", Fraction(3, 2), 0, 0)


def test_a_cover_picture_does_not_make_a_clip_of_a_song(tmp_path):
    Image.new("RGB", (64, 64)).save(tmp_path / "cover.png")
    song = write_sound(tmp_path / "song.flac", tone(Fraction(1)), "flac")
    covered = copied(
        song, tmp_path / "covered.flac", "-map", "0", "-map", "1", "-disposition:v", "attached_pic",
        before=("-i", str(tmp_path / "cover.png")),
    )  # fmt: skip
    assert probe(covered).kind == "sound"


@pytest.mark.parametrize(
    ("kind", "suffix"), [("PNG", "jpg"), ("JPEG", "mp4"), ("WEBP", "png"), ("TIFF", "x"), ("AVIF", "y")]
)
def test_a_still_is_told_by_its_content_whatever_its_name(kind, suffix, tmp_path):
    path = tmp_path / f"still.{suffix}"
    Image.new("RGB", (64, 48), "red").save(path, kind)
    info = probe(path)
    assert (info.kind, info.container, info.width, info.height, info.frames) == ("image", kind.lower(), 64, 48, 1)
    assert info.duration is None


def test_a_photograph_is_measured_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 48)).save(tmp_path / "photo.jpg", exif=exif)
    info = probe(tmp_path / "photo.jpg")
    assert (info.width, info.height, info.rotation) == (48, 64, 90)


def garbage(folder):
    return np.random.default_rng(5).bytes(5000)


def playlist(folder):
    make_clip(folder / "secret.mp4")
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{folder}/secret.mp4\n#EXT-X-ENDLIST\n".encode()


def concatenation(folder):
    make_clip(folder / "secret.mp4")
    return b"ffconcat version 1.0\nfile secret.mp4\n"


def half_a_still(folder):
    Image.fromarray(np.random.default_rng(5).integers(0, 255, (64, 64, 3), np.uint8)).save(folder / "whole.png")
    return (folder / "whole.png").read_bytes()[:4000]


def head_of_a_clip(folder):
    make_clip(folder / "whole.mp4", 12)
    return (folder / "whole.mp4").read_bytes()[:600]


def bomb(folder):
    """A PNG that says 16,000 by 16,000 pixels, some 30 kB."""
    head = (16000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(2001 * 16000), 9)), (b"IEND", b"")]
    pack = b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + pack


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (garbage, "not a picture, clip or sound"),
        (playlist, "not a picture, clip or sound"),
        (concatenation, "not a picture, clip or sound"),
        (lambda folder: b"Dear reader,\n" * 400, "not a picture, clip or sound"),
        (lambda folder: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture, clip or sound"),
        (lambda folder: b"", "empty"),
        (half_a_still, "damaged"),
        (head_of_a_clip, "damaged"),
        (bomb, r"larger than the 33,554,432 pixels"),
    ],
)
def test_what_is_no_media_is_refused_with_a_sentence(content, sentence, tmp_path):
    path = tmp_path / "upload.mp4"
    path.write_bytes(content(tmp_path))
    with pytest.raises(BrokenMedia, match=sentence):
        probe(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MediaError, match=r"There is no file gone\.mp4"):
        probe(tmp_path / "gone.mp4")
