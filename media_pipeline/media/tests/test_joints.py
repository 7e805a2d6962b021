from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from media_pipeline.media.cut import Coded, Part, Span, TransitionKind
from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError
from media_pipeline.media.join import read_picture
from media_pipeline.media.joints import code_joints, joint_key, reference_sets

from .numbered import picture, read_cells, read_numbers
from .shots import SMALL, film_pictures, make_shot

K = TransitionKind
NEAR = 5
"""Grey levels of 255 by which a coded cell may differ: the coder's own loss at crf 17."""


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shots")
    return [make_shot(folder, clip) for clip in (1, 2)]


def blend(kind, shots, frames, step=1, steps=None, leaving=20, arriving=7):
    left = Span(shots[0], leaving, frames) if leaving is not None else None
    comes = Span(shots[1], arriving, frames) if arriving is not None else None
    return Coded((Part(kind, frames, left, comes, step, steps or frames + 1),))


def coded(joint, folder):
    (made,) = code_joints([joint], form=SMALL, cache=folder)
    return film_pictures(made.path)


def cells(frame, clip):
    return read_cells(picture(frame, clip))


def test_a_plain_piece_holds_exactly_its_pictures(shots, tmp_path):
    joint = Coded((Part(K.CUT, 5, Span(shots[0], 17, 5)), Part(K.CUT, 3, Span(shots[1], 0, 3))))
    (made,) = code_joints([joint], form=SMALL, cache=tmp_path)
    assert read_numbers(made.path) == [(1, n) for n in range(17, 22)] + [(2, n) for n in range(3)]


@pytest.mark.parametrize("frames", [1, 2, 12])
def test_a_dissolve_goes_in_even_steps_from_one_shot_to_the_other(shots, tmp_path, frames):
    pictures = coded(blend(K.DISSOLVE, shots, frames), tmp_path)
    assert len(pictures) == frames
    for k, pixels in enumerate(pictures):
        share = (k + 1) / (frames + 1)
        expected = (1 - share) * cells(20 + k, 1) + share * cells(7 + k, 2)
        assert np.abs(read_cells(pixels) - expected).max() < NEAR


def test_a_fade_out_ends_in_black_and_a_fade_in_begins_there(shots, tmp_path):
    out = coded(blend(K.FADE_OUT, shots, 4, step=1, steps=4, arriving=None), tmp_path)
    into = coded(blend(K.FADE_IN, shots, 4, step=0, steps=4, leaving=None), tmp_path)
    for k in range(4):
        assert np.abs(read_cells(out[k]) - cells(20 + k, 1) * (3 - k) / 4).max() < NEAR
        assert np.abs(read_cells(into[k]) - cells(7 + k, 2) * k / 4).max() < NEAR


def test_a_wipe_uncovers_the_next_shot_from_the_left(shots, tmp_path):
    middle = coded(blend(K.WIPE, shots, 7), tmp_path)[3]  # half of the way
    found = read_cells(middle)
    assert np.abs(found[:, :2] - cells(10, 2)[:, :2]).max() < NEAR
    assert np.abs(found[:, 2:] - cells(23, 1)[:, 2:]).max() < NEAR


def test_an_iris_opens_from_the_middle(shots, tmp_path):
    pictures = coded(blend(K.IRIS, shots, 23), tmp_path)
    leaving, arriving = (picture(29, 1).mean(axis=2), picture(16, 2).mean(axis=2))
    corner, centre = np.s_[2:6, 2:6], np.s_[43:47, 78:82]
    assert np.abs(pictures[9][corner] - leaving[corner]).max() < 12
    assert np.abs(pictures[9][centre] - arriving[centre]).mean() < 40  # where four cells meet
    assert np.abs(read_cells(pictures[22]) - cells(29, 2)).max() < NEAR


def test_a_joint_can_be_joined_with_mezzanines(shots, tmp_path):
    (made,) = code_joints([blend(K.DISSOLVE, shots, 3)], form=SMALL, cache=tmp_path)
    mezzanine = read_picture(shots[0].picture, SMALL.rate).parameter_sets
    assert read_picture(made.path, SMALL.rate).parameter_sets == mezzanine == reference_sets(SMALL, tmp_path)


def test_a_joint_is_coded_once_and_then_taken_from_the_cache(shots, tmp_path):
    joint = blend(K.DISSOLVE, shots, 3)
    first, again = (code_joints([joint], form=SMALL, cache=tmp_path)[0] for _ in range(2))
    assert (first.fresh, again.fresh) == (True, False)
    assert first.path == again.path


def test_whatever_changes_the_pictures_changes_the_name_in_the_cache(shots):
    joint = blend(K.DISSOLVE, shots, 4)
    other_take = [shots[0], replace(shots[1], digest="another")]
    names = {
        joint_key(one, form)
        for one, form in [
            (joint, SMALL),
            (blend(K.WIPE, shots, 4), SMALL),
            (blend(K.DISSOLVE, shots, 5), SMALL),
            (blend(K.DISSOLVE, shots, 4, leaving=21), SMALL),
            (blend(K.DISSOLVE, shots, 4, step=2, steps=6), SMALL),
            (blend(K.DISSOLVE, other_take, 4), SMALL),
            (joint, replace(SMALL, width=320)),
        ]
    }
    assert len(names) == 7


def test_where_a_file_lies_does_not_change_its_joints_name(shots):
    moved = [replace(shot, picture=shot.picture.with_name("elsewhere.mp4")) for shot in shots]
    assert joint_key(blend(K.DISSOLVE, moved, 4), SMALL) == joint_key(blend(K.DISSOLVE, shots, 4), SMALL)


def test_a_damaged_file_in_the_cache_is_coded_again(shots, tmp_path):
    joint = blend(K.DISSOLVE, shots, 3)
    (made,) = code_joints([joint], form=SMALL, cache=tmp_path)
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: len(whole) // 2])
    (again,) = code_joints([joint], form=SMALL, cache=tmp_path)
    assert again.fresh
    assert again.path.read_bytes() == whole


def test_a_shot_with_fewer_frames_than_recorded_is_refused(shots, tmp_path):
    long = replace(shots[0], available=60, frames=60)
    with pytest.raises(BrokenMedia, match=r"A joint of shot1\.mp4 has 8 frames where 12 were asked for"):
        code_joints([Coded((Part(K.CUT, 12, Span(long, 40, 12)),))], form=SMALL, cache=tmp_path)
    assert not list(tmp_path.rglob("*.mp4"))


def test_one_joint_that_fails_stops_the_others_and_its_error_is_raised(shots, tmp_path):
    missing = replace(shots[0], picture=tmp_path / "lost.mp4", digest="lost")
    joints = [blend(K.DISSOLVE, [missing, shots[1]], 3), *(blend(K.DISSOLVE, shots, n) for n in range(2, 8))]
    with pytest.raises(MediaError, match=r"lost\.mp4"):
        code_joints(joints, form=SMALL, cache=tmp_path / "cache", jobs=1)
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_cancelled_joint_leaves_nothing_in_the_cache(shots, tmp_path):
    with pytest.raises(Cancelled):
        code_joints([blend(K.DISSOLVE, shots, 5)], form=SMALL, cache=tmp_path, cancelled=lambda: True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_progress_rises_to_one(shots, tmp_path):
    told: list[float] = []
    joints = [blend(K.DISSOLVE, shots, frames) for frames in (2, 3, 5)]
    code_joints(joints, form=SMALL, cache=tmp_path, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
