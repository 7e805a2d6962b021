from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from media_pipeline.media import examine_video
from media_pipeline.media.errors import BrokenMedia, MediaError
from media_pipeline.media.frames import frame_at, last_frame

from .kinds import KINDS, rotated, truncated
from .numbered import make_clip, picture, read_number


def number_in(path) -> int:
    return read_number(np.array(Image.open(path)))[1]


@pytest.mark.parametrize("name", KINDS)
def test_the_last_frame_is_the_last_a_person_would_see(name, made, tmp_path):
    kind, out = KINDS[name], tmp_path / "last.png"
    answer = examine_video.save_last_frame(made(name), str(out))
    assert number_in(out) == kind.numbers[-1]
    assert answer == {"undamaged": True}


@pytest.mark.parametrize("name", KINDS)
def test_any_frame_is_found_by_its_number(name, made, tmp_path):
    kind, out = KINDS[name], tmp_path / "frame.png"
    for place in {0, len(kind.numbers) // 3, len(kind.numbers) - 1}:
        examine_video.save_frame_at(made(name), str(out), place)
        assert number_in(out) == kind.numbers[place]


def test_the_last_frame_is_written_whole_and_leaves_only_the_picture(tmp_path):
    clip = make_clip(tmp_path / "clip.mp4")
    out = tmp_path / "out" / "last.png"
    out.parent.mkdir()
    assert last_frame(clip, out) is True
    assert number_in(out) == 47
    assert list(out.parent.iterdir()) == [out]


def test_a_truncated_clip_gives_its_last_good_frame_and_says_so(tmp_path):
    out = tmp_path / "last.png"
    assert last_frame(truncated(tmp_path), out) is False
    assert 10 <= number_in(out) < 48


def test_a_turned_clip_gives_its_frame_upright(tmp_path):
    out = tmp_path / "last.png"
    last_frame(rotated(tmp_path), out)
    turned = Image.open(out)
    assert turned.size == (90, 160)
    assert read_number(np.array(turned.transpose(Image.Transpose.ROTATE_270))) == (0, 47)


def test_a_frame_keeps_its_colours(tmp_path):
    """Lossless RGB in, the same RGB out."""
    clip = make_clip(tmp_path / "clip.mkv", 3, codec="ffv1", pixel_format="bgr0")
    frame_at(clip, 1, tmp_path / "frame.png")
    assert (np.array(Image.open(tmp_path / "frame.png")) == picture(1)).all()


def test_a_frame_there_is_not_is_refused_with_those_there_are(tmp_path):
    clip = make_clip(tmp_path / "clip.mp4", 12)
    with pytest.raises(MediaError, match="frames 0 to 11; there is no frame 12"):
        frame_at(clip, 12, tmp_path / "frame.png")
    assert not (tmp_path / "frame.png").exists()


def test_a_still_or_a_broken_file_has_no_last_frame(tmp_path):
    (tmp_path / "no.mp4").write_bytes(b"nothing of the kind" * 90)
    with pytest.raises(BrokenMedia):
        last_frame(tmp_path / "no.mp4", tmp_path / "last.png")
    assert [path.name for path in tmp_path.iterdir()] == ["no.mp4"]
