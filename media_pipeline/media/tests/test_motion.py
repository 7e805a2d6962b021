from __future__ import annotations

import hashlib
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from media_pipeline.media.errors import Cancelled, MediaError
from media_pipeline.media.mezzanine import MezzanineFormat, is_mezzanine
from media_pipeline.media.motion import Move, Overlay, camera_path, linear, render_still_motion
from media_pipeline.media.planes import Still

from .numbered import clicks, frame_numbers, picture, read_sound, write_sound

SIZE = (160, 90)
FORM = MezzanineFormat(*SIZE, Fraction(24))
MOVEMENTS = [
    "static", "push_in", "pull_out", "zoom", "zoom_out", "dolly", "dolly_out", "pan", "pan_left", "pan_right",
    "tilt_up", "tilt_down", "tracking_left", "truck_right", "pedestal_up", "crane", "crane_down", "orbit", "orbit_left",
    "handheld", "steadicam", "whip_pan", "whip_pan_left",
]  # fmt: skip


def middles(boxes) -> np.ndarray:
    return np.array([((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in boxes])


def widths(boxes) -> np.ndarray:
    return np.array([right - left for left, _, right, _ in boxes])


def pictures(path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24", src_colorspace="itu709") for frame in container.decode(video=0)]


@pytest.mark.parametrize("movement", MOVEMENTS)
@pytest.mark.parametrize("still", [(1920, 1080), (1080, 1920), (5760, 1080), (160, 90)])
def test_every_path_stays_inside_the_still_and_keeps_the_pictures_shape(movement, still):
    boxes = camera_path(movement, 49, (1920, 1080), still, seed=7)
    assert len(boxes) == 49
    for left, top, right, bottom in boxes:
        assert left >= -1e-6
        assert top >= -1e-6
        assert right <= still[0] + 1e-6
        assert bottom <= still[1] + 1e-6
        assert (right - left) / (bottom - top) == pytest.approx(16 / 9)


@pytest.mark.parametrize(
    "movement", [name for name in MOVEMENTS if name not in ("handheld", "whip_pan", "whip_pan_left")]
)
def test_moves_begin_and_end_at_rest_and_never_jump(movement):
    boxes = camera_path(movement, 121, (1920, 1080), (1920, 1080), seed=1)
    steps = np.abs(np.diff(np.array(boxes), axis=0)).max(axis=1)
    travelled = steps.sum()
    assert steps[[0, -1]].max() <= travelled * 0.004 + 0.2
    assert steps.max() <= 2.2 * travelled / 120 + 1e-9


@pytest.mark.parametrize(
    ("movement", "axis", "sign"),
    [
        ("pan_left", 0, -1), ("pan_right", 0, 1), ("tilt_up", 1, -1), ("tilt_down", 1, 1), ("truck_left", 0, -1),
        ("tracking_right", 0, 1), ("pedestal_up", 1, -1), ("crane_down", 1, 1), ("orbit_right", 0, 1),
        ("whip_pan_left", 0, -1),
    ],
)  # fmt: skip
def test_a_direction_in_the_name_is_the_way_the_camera_goes(movement, axis, sign):
    way = middles(camera_path(movement, 48, (1920, 1080), (1920, 1080)))[[0, -1], axis]
    assert np.sign(way[1] - way[0]) == sign


def test_going_in_narrows_and_going_out_widens_the_view():
    for movement in ("push_in", "zoom", "zoom_in", "dolly", "dolly_in"):
        seen = widths(camera_path(movement, 48, (1920, 1080), (1920, 1080)))
        assert (np.diff(seen) < 0).all()
        assert seen[0] == 1920
    for movement in ("pull_out", "zoom_out", "dolly_out"):
        assert (np.diff(widths(camera_path(movement, 48, (1920, 1080), (1920, 1080)))) > 0).all()


def test_a_push_closes_in_by_equal_ratios():
    boxes = Move((0, 0, 1600, 900), (400, 225, 1200, 675), linear).boxes(5)
    assert widths(boxes).tolist() == pytest.approx([1600 * 0.5 ** (n / 4) for n in range(5)])
    assert middles(boxes) == pytest.approx(np.full((5, 2), (800, 450)))


def test_a_hand_drifts_slowly():
    """In pixels of 1080p at 24 fps: some drift, no step over 3 pixels, and no shaking from frame to frame."""
    moves = middles(camera_path("handheld", 240, (1920, 1080), (1920, 1080), seed=3))
    steps = np.diff(moves, axis=0)
    assert np.ptp(moves[:, 0]) > 8
    assert np.abs(steps).max() < 3
    assert (np.sign(steps[1:, 0]) != np.sign(steps[:-1, 0])).mean() < 0.15


def test_the_seed_decides_a_path_and_repeats_it():
    paths = [camera_path("handheld", 48, SIZE, (320, 180), seed=seed) for seed in (1, 1, 2)]
    assert paths[0] == paths[1] != paths[2]
    assert camera_path("pan", 9, SIZE, (320, 180), seed=0) != camera_path("pan", 9, SIZE, (320, 180), seed=1)


def test_an_unknown_movement_is_refused_by_name():
    with pytest.raises(MediaError, match="no camera movement “teleport”"):
        camera_path("teleport", 10, SIZE, SIZE)
    with pytest.raises(MediaError, match="0 frames"):
        camera_path("static", 0, SIZE, SIZE)


def test_one_frame_of_any_movement_is_a_picture():
    assert all(len(camera_path(movement, 1, SIZE, (320, 180))) == 1 for movement in MOVEMENTS)


def test_a_slow_push_is_steady_to_a_tenth_of_a_pixel():
    """The edge of a white field, measured by its mass, against where the box puts it."""
    still = Image.new("L", (1920, 1080))
    ImageDraw.Draw(still).rectangle((1200, 0, 1920, 1080), fill=255)
    moving = Still(still.convert("RGB"), (960, 540))
    jumps = []
    for box in camera_path("push_in", 40, (960, 540), still.size):
        row = np.asarray(moving.seen_through(box)[0])[270].astype(float)
        seen = 960 - ((row - 16) / 219).sum()
        jumps.append(seen - (1200 - box[0]) * 960 / (box[2] - box[0]))
    assert np.abs(np.diff(jumps)).max() < 0.1


def test_colours_come_out_as_they_went_in(tmp_path):
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (128, 128, 128), (240, 240, 240), (16, 16, 16)]
    still = Image.new("RGB", (192, 90))
    for place, colour in enumerate(colours):
        still.paste(colour, (place * 32, 0, place * 32 + 32, 90))
    form = MezzanineFormat(192, 90, Fraction(24))
    render_still_motion(still, [(0, 0, 192, 90)] * 3, tmp_path / "out.mp4", form)
    last = pictures(tmp_path / "out.mp4")[-1].astype(int)
    for place, colour in enumerate(colours):
        assert np.abs(last[45, place * 32 + 16] - colour).max() <= 3


def test_a_rendered_still_is_a_mezzanine_of_as_many_frames_as_boxes(tmp_path):
    still = Image.fromarray(picture(77, 3, (320, 180)))
    boxes = camera_path("push_in", 31, SIZE, still.size)
    assert render_still_motion(still, boxes, tmp_path / "out.mp4", FORM) == 31
    assert is_mezzanine(tmp_path / "out.mp4", FORM)
    assert frame_numbers(tmp_path / "out.mp4")[0] == 77
    assert len(pictures(tmp_path / "out.mp4")) == 31


def test_the_same_still_gives_the_same_bytes(tmp_path):
    still = Image.fromarray(picture(5, 0, (320, 180)))
    voice = write_sound(tmp_path / "voice.wav", clicks(Fraction(1), [Fraction(1, 4)]))
    digests = set()
    for name in ("a.mp4", "b.mp4"):
        boxes = camera_path("handheld", 24, SIZE, still.size, seed=4)
        render_still_motion(still, boxes, tmp_path / name, FORM, audio=voice)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_an_overlay_is_seen_on_its_frames_and_nowhere_else(tmp_path):
    still = Image.new("RGB", SIZE, (60, 60, 60))
    red = Overlay(4, 7, Image.new("RGBA", (31, 21), (255, 0, 0, 255)), (21, 41))
    half = Overlay(6, 9, Image.new("RGBA", (20, 20), (255, 255, 255, 128)), (100, 20))
    boxes = [(0.0, 0.0, 160.0, 90.0)] * 12
    render_still_motion(still, boxes, tmp_path / "out.mp4", FORM, overlays=[red, half], crf=4)
    seen = pictures(tmp_path / "out.mp4")
    assert [frame[50, 36, 0] > 200 for frame in seen] == [4 <= number <= 7 for number in range(12)]
    assert [frame[30, 110, 0] > 120 for frame in seen] == [6 <= number <= 9 for number in range(12)]
    assert seen[8][30, 110].tolist() == pytest.approx([158] * 3, abs=5)  # half of 60 and half of 255
    assert np.abs(seen[5][50, 60:].astype(int) - 60).max() < 6  # nothing beside it


def test_what_lies_over_a_move_does_not_move(tmp_path):
    still = Image.fromarray(picture(1, 0, (320, 180)))
    label = Overlay(0, 99, Image.new("RGBA", (40, 20), (0, 0, 255, 255)), (60, 35))
    boxes = camera_path("pan_left", 24, SIZE, still.size)
    render_still_motion(still, boxes, tmp_path / "out.mp4", FORM, overlays=[label])
    for frame in pictures(tmp_path / "out.mp4"):
        assert frame[36:54, 62:98, 2].min() > 200


def test_sound_is_laid_from_the_first_frame_and_is_as_long_as_the_picture(tmp_path):
    voice = write_sound(tmp_path / "voice.wav", clicks(Fraction(3), [Fraction(1, 2), Fraction(2)]))
    still = Image.new("RGB", SIZE)
    render_still_motion(still, camera_path("static", 24, SIZE, SIZE), tmp_path / "out.mp4", FORM, audio=voice)
    sound = read_sound(tmp_path / "out.mp4")
    assert sound.shape[1] == pytest.approx(48_000, abs=1024)
    loud = np.flatnonzero(np.abs(sound[0]) > 0.4)
    assert loud[0] == pytest.approx(24_000, abs=48)
    assert loud[-1] < 25_000


def test_scaling_is_done_once_for_a_picture_that_stays(monkeypatch, tmp_path):
    looks = []
    inner = Still.seen_through
    monkeypatch.setattr(Still, "seen_through", lambda self, box: looks.append(box) or inner(self, box))
    still = Image.new("RGB", (320, 180))
    render_still_motion(still, camera_path("static", 24, SIZE, still.size), tmp_path / "out.mp4", FORM)
    assert len(looks) == 1


def test_a_whip_is_smeared_along_its_way(tmp_path):
    """Fine upright stripes are sharp at rest and flat in the swing; fine level stripes stay sharp throughout."""
    x, y = np.meshgrid(np.arange(320), np.arange(180))
    upright = Image.fromarray(np.where(x // 4 % 2, 220, 30).astype(np.uint8)).convert("RGB")
    level = Image.fromarray(np.where(y // 4 % 2, 220, 30).astype(np.uint8)).convert("RGB")
    boxes = camera_path("whip_pan_right", 24, SIZE, (320, 180))
    for still, name in ((upright, "upright"), (level, "level")):
        render_still_motion(still, boxes, tmp_path / f"{name}.mp4", FORM)
    upright_contrast = [frame[45].std() for frame in pictures(tmp_path / "upright.mp4")]
    level_contrast = [frame[:, 80].std() for frame in pictures(tmp_path / "level.mp4")]
    assert min(upright_contrast) < 0.4 * upright_contrast[0]
    assert upright_contrast[-1] > 0.8 * upright_contrast[0]
    assert min(level_contrast) > 0.8 * level_contrast[0]


def test_looking_outside_the_still_is_refused(tmp_path):
    with pytest.raises(MediaError, match="looks outside the still"):
        render_still_motion(Image.new("RGB", SIZE), [(-2.0, 0.0, 158.0, 90.0)], tmp_path / "out.mp4", FORM)
    with pytest.raises(MediaError, match="at least one frame"):
        render_still_motion(Image.new("RGB", SIZE), [], tmp_path / "out.mp4", FORM)
    assert list(tmp_path.iterdir()) == []


def test_cancelling_leaves_nothing(tmp_path):
    asked = iter([False])
    still = Image.new("RGB", (320, 180))
    boxes = camera_path("push_in", 2000, SIZE, still.size)
    with pytest.raises(Cancelled):
        render_still_motion(still, boxes, tmp_path / "out.mp4", FORM, cancelled=lambda: next(asked, True))
    assert list(tmp_path.iterdir()) == []
