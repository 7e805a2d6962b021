"""Clips of one shot in a row: every frame once, in order, in the shot's time."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from media_pipeline.media.chain import chain
from media_pipeline.media.errors import BrokenMedia
from media_pipeline.media.probe import probe


def counted(path, first, count, rate=16):
    """A clip of plain frames whose grey is ten times their number."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(first, first + count):
            grey = np.full((64, 64, 3), 10 * number, dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        out.mux(stream.encode())
    return path


def numbers(path):
    with av.open(str(path)) as opened:
        return [round(frame.to_ndarray(format="rgb24").mean() / 10) for frame in opened.decode(video=0)]


def test_the_frame_that_two_clips_share_is_shown_once(tmp_path):
    first, second = counted(tmp_path / "a.mp4", 1, 9), counted(tmp_path / "b.mp4", 9, 9)
    made = chain([first, second], tmp_path / "out.mp4")
    assert made == 17
    assert numbers(tmp_path / "out.mp4") == list(range(1, 18))
    assert probe(tmp_path / "out.mp4").rate == 16


def test_frames_are_spread_over_the_time_that_is_asked_for(tmp_path):
    clip = counted(tmp_path / "a.mp4", 1, 17)
    chain([clip], tmp_path / "out.mp4", seconds=Fraction(2))
    info = probe(tmp_path / "out.mp4")
    assert (info.frames, info.rate, info.duration) == (17, Fraction(17, 2), Fraction(2))
    assert numbers(tmp_path / "out.mp4") == list(range(1, 18)), "the first is the first, the last the last"


def test_what_is_no_clip_is_refused_by_name(tmp_path):
    Image.new("RGB", (64, 64)).save(tmp_path / "still.png")
    with pytest.raises(BrokenMedia, match=r"still\.png"):
        chain([tmp_path / "still.png"], tmp_path / "out.mp4")
