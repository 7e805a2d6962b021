"""Clips of many kinds, each of which some tool gets wrong: every one shows the frame numbers named beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from media_pipeline.media.binary import ffmpeg_binary

from .numbered import clicks, make_clip, tone

TWO_SECONDS = list(range(48))


@dataclass(frozen=True)
class Kind:
    """How to make the clip and the frame numbers a person watching it would see, in order."""

    make: Callable[[Path], Path]
    numbers: list[int]


def copied(source: Path, out: Path, *arguments: str, before: tuple[str, ...] = ()) -> Path:
    """`source` copied by packets with further options of ffmpeg."""
    command = [ffmpeg_binary(), "-v", "error", "-y", *before, "-i", source, *arguments, "-c", "copy", out]
    subprocess.run(command, check=True)
    return out


def _plain(folder: Path) -> Path:
    return make_clip(folder / "plain.mp4", options={"g": "12"})


def _open_gop(folder: Path) -> Path:
    options = {"x264-params": "keyint=12:open-gop=1:bframes=5:b-pyramid=normal:scenecut=0"}
    return make_clip(folder / "open_gop.mp4", options=options)


def _variable(folder: Path) -> Path:
    return make_clip(folder / "variable.mp4", 6, times=[0, 1, 2, 10, 11, 30])


def _rotated(folder: Path) -> Path:
    """A plain clip whose picture is to be turned by half a circle: its numbers are read from the turned grid."""
    return copied(_plain(folder), folder / "rotated.mp4", before=("-display_rotation", "180"))


def _hidden_head(folder: Path) -> Path:
    """An edit list hides the first 18 frames; the data begins at the key frame 12."""
    return copied(_plain(folder), folder / "hidden_head.mp4", before=("-ss", "0.75"))


KINDS: dict[str, Kind] = {
    "plain": Kind(_plain, TWO_SECONDS),
    "open GOP with five B-frames": Kind(_open_gop, TWO_SECONDS),
    "variable rate": Kind(_variable, [0, 1, 2, 3, 4, 5]),
    "sound longer than the picture": Kind(
        lambda folder: make_clip(folder / "long_sound.mp4", sound=tone(Fraction(9))), TWO_SECONDS
    ),
    "sound shorter than the picture": Kind(
        lambda folder: make_clip(folder / "short_sound.mp4", sound=tone(Fraction(1, 2))), TWO_SECONDS
    ),
    "sound with clicks": Kind(
        lambda folder: make_clip(folder / "clicks.mp4", sound=clicks(Fraction(2), [Fraction(1)])), TWO_SECONDS
    ),
    "VP8 with frames never shown": Kind(
        lambda folder: make_clip(
            folder / "vp8.webm", codec="libvpx",
            options={"auto-alt-ref": "1", "lag-in-frames": "16", "b": "200k", "cpu-used": "5"},
        ),
        TWO_SECONDS,
    ),
    "VP9 in WebM": Kind(
        lambda folder: make_clip(
            folder / "vp9.webm", codec="libvpx-vp9", options={"cpu-used": "8"}, sound=tone(Fraction(2)),
            sound_codec="libopus",
        ),
        TWO_SECONDS,
    ),
    "AV1": Kind(
        lambda folder: make_clip(folder / "av1.mp4", codec="libsvtav1", options={"preset": "8", "crf": "10"}),
        TWO_SECONDS,
    ),
    "HEVC in ten bits": Kind(
        lambda folder: make_clip(
            folder / "hevc.mp4", codec="libx265", pixel_format="yuv420p10le",
            options={"preset": "ultrafast", "x265-params": "log-level=none"},
        ),
        TWO_SECONDS,
    ),
    "one frame": Kind(lambda folder: make_clip(folder / "one.mp4", 1), [0]),
    "one frame in WebM": Kind(lambda folder: make_clip(folder / "one.webm", 1, codec="libvpx-vp9"), [0]),
    "one frame with sound": Kind(
        lambda folder: make_clip(folder / "one_sound.mp4", 1, sound=tone(Fraction(1))), [0]
    ),
    "fragmented MP4": Kind(
        lambda folder: make_clip(
            folder / "fragmented.mp4", options={"g": "12"},
            container_options={"movflags": "frag_keyframe+empty_moov"},
        ),
        TWO_SECONDS,
    ),
    "transport stream": Kind(
        lambda folder: make_clip(folder / "stream.ts", options={"g": "12"}, sound=tone(Fraction(2)), sound_codec="mp2"),
        TWO_SECONDS,
    ),
    "ProRes": Kind(
        lambda folder: make_clip(folder / "prores.mov", codec="prores_ks", pixel_format="yuv422p10le"), TWO_SECONDS
    ),
    "GIF": Kind(
        lambda folder: make_clip(folder / "moving.gif", codec="gif", pixel_format="rgb8", rate=Fraction(10)),
        TWO_SECONDS,
    ),
    "Matroska": Kind(lambda folder: make_clip(folder / "lossless.mkv", codec="ffv1"), TWO_SECONDS),
    "edit list hiding the head": Kind(_hidden_head, list(range(18, 48))),
    "29.97 frames a second": Kind(
        lambda folder: make_clip(folder / "ntsc.mp4", rate=Fraction(30000, 1001)), TWO_SECONDS
    ),
}  # fmt: skip


def rotated(folder: Path) -> Path:
    """A clip of 160x90 to be shown turned by a quarter (90 degrees against the clock): 90x160."""
    return copied(_plain(folder), folder / "turned.mp4", before=("-display_rotation", "90"))


def truncated(folder: Path) -> Path:
    """The first 60 % of the bytes of a clip of 48 frames whose index is at its beginning."""
    whole = make_clip(
        folder / "whole.mp4",
        options={"g": "12", "crf": "1"},
        size=(320, 180),
        container_options={"movflags": "faststart"},
    )
    data = whole.read_bytes()
    out = folder / "truncated.mp4"
    out.write_bytes(data[: len(data) * 6 // 10])
    return out
