from __future__ import annotations

from fractions import Fraction

import av
import pytest

from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError
from media_pipeline.media.join import Run, join_picture, read_picture
from media_pipeline.media.mezzanine import MezzanineFormat

from .numbered import make_clip, read_numbers
from .shots import SMALL, make_picture


@pytest.fixture(scope="module")
def takes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("takes")
    return [make_picture(folder / f"{clip}.mp4", clip, 48) for clip in (1, 2)]


def test_joined_runs_hold_exactly_the_pictures_asked(takes, tmp_path):
    film = tmp_path / "film.mp4"
    assert join_picture([Run(takes[0], 12, 24), Run(takes[1], 0, 48)], film, form=SMALL) == 72
    assert read_numbers(film) == [(1, n) for n in range(12, 36)] + [(2, n) for n in range(48)]


def test_a_run_may_stop_at_every_whole_picture_within_a_group(takes, tmp_path):
    film = tmp_path / "film.mp4"
    ends = [end for end in read_picture(takes[0], SMALL.rate).anchors.ends if 12 < end < 24]
    assert ends  # otherwise nothing is tried here
    for end in ends:
        join_picture([Run(takes[0], 12, end - 12), Run(takes[1], 24, 12)], film, form=SMALL)
        assert read_numbers(film) == [(1, n) for n in range(12, end)] + [(2, n) for n in range(24, 36)]


def test_the_first_picture_is_at_zero_and_every_picture_is_one_frame_after_the_last(takes, tmp_path):
    film = tmp_path / "film.mp4"
    join_picture([Run(take, 0, 48) for take in takes], film, form=SMALL)
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        times = sorted(packet.pts * packet.time_base for packet in container.demux(stream) if packet.pts is not None)
        assert times == [Fraction(number, 24) for number in range(96)]
        assert stream.duration * stream.time_base == 4


def test_a_run_that_does_not_start_on_a_key_frame_is_refused_and_nothing_is_left(takes, tmp_path):
    with pytest.raises(BrokenMedia, match=r"1\.mp4: frames 5 to 28 cannot be copied: the run does not start on a key"):
        join_picture([Run(takes[0], 5, 24)], tmp_path / "film.mp4", form=SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_stops_within_a_pair_of_b_frames_is_refused(takes, tmp_path):
    ends = read_picture(takes[0], SMALL.rate).anchors.ends
    between = next(end for end in range(1, 48) if end not in ends)
    with pytest.raises(BrokenMedia, match="does not end on a whole picture"):
        join_picture([Run(takes[0], 0, between)], tmp_path / "film.mp4", form=SMALL)


def test_a_run_past_the_end_of_the_file_is_refused(takes, tmp_path):
    with pytest.raises(BrokenMedia, match="cannot be copied"):
        join_picture([Run(takes[0], 0, 60)], tmp_path / "film.mp4", form=SMALL)


def test_other_parameter_sets_are_refused(takes, tmp_path):
    other = make_picture(tmp_path / "other.mp4", 3, 24, extra=("-profile:v", "main"))
    with pytest.raises(MediaError, match=r"other\.mp4 was coded with other parameter sets"):
        join_picture([Run(takes[0], 0, 48), Run(other, 0, 24)], tmp_path / "film.mp4", form=SMALL)


def test_another_rate_is_refused_in_words(tmp_path):
    take = make_picture(tmp_path / "take.mp4", 1, 24, MezzanineFormat(160, 90, Fraction(25)))
    with pytest.raises(BrokenMedia, match=r"take\.mp4.*24"):
        read_picture(take, Fraction(24))


def test_a_gap_in_the_pictures_is_refused(tmp_path):
    times = [*range(10), *range(12, 30)]
    take = make_clip(tmp_path / "gap.mp4", len(times), times=times)
    with pytest.raises(BrokenMedia, match="28 pictures but their times reach picture 29"):
        read_picture(take, Fraction(24))


def test_something_that_is_not_h264_is_refused(tmp_path):
    take = make_clip(tmp_path / "old.mp4", 24, codec="mpeg4")
    with pytest.raises(BrokenMedia, match=r"is mpeg4, not H\.264"):
        read_picture(take, Fraction(24))


def test_a_cut_off_file_is_refused_in_words(takes, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(takes[0].read_bytes()[:2000])
    with pytest.raises(BrokenMedia, match=r"broken\.mp4 could not be read as MP4"):
        read_picture(broken, Fraction(24))


def test_a_cancelled_join_leaves_nothing(takes, tmp_path):
    with pytest.raises(Cancelled):
        join_picture([Run(take, 0, 48) for take in takes], tmp_path / "f.mp4", form=SMALL, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_the_index_of_a_film_comes_before_its_pictures(takes, tmp_path):
    film = tmp_path / "film.mp4"
    join_picture([Run(takes[0], 0, 48)], film, form=SMALL)
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
