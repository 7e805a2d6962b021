"""What a director sees in a frame: who stands where, what time it is, who is not there."""

from __future__ import annotations

import colorsys
import time
from itertools import pairwise

import numpy as np
import pytest

from media_pipeline.providers.animatic.frames import MARGIN, draw_still
from media_pipeline.providers.animatic.look import look_of
from media_pipeline.providers.animatic.staging import stage
from scenes.choices import CameraAngle, ShotSize, TimeOfDay, Weather

from .scene import SMALL, brief, person, pixels


def figure_mask(cast, **fields):
    """Where a frame with the cast differs from the same frame without."""
    shot = brief(cast=cast, **fields)
    empty = shot.model_copy(update={"cast": ()})
    return np.abs(pixels(shot) - pixels(empty)).max(axis=2) > 24


def halves(mask):
    middle = mask.shape[1] // 2
    return int(mask[:, :middle].sum()), int(mask[:, middle:].sum())


def test_the_same_brief_draws_the_same_pixels():
    shot = brief(cast=(person(),), int_ext="EXT", location="Harbour", weather="rainy")
    assert draw_still(shot, *SMALL).image.tobytes() == draw_still(shot, *SMALL).image.tobytes()


def test_the_still_leaves_room_for_camera_moves_around_the_frame():
    still = draw_still(brief(cast=(person(),)), 320, 180)
    assert still.framed().size == (320, 180)
    assert still.image.size == (round(320 * MARGIN), round(180 * MARGIN))


@pytest.mark.parametrize("size", ["medium", "full", "medium_close_up", "wide"])
def test_a_person_on_the_left_is_drawn_on_the_left(size):
    left, right = halves(figure_mask((person(side="left"),), shot_size=size))
    assert left > 2.5 * right


@pytest.mark.parametrize("size", ["medium", "full", "medium_close_up", "wide"])
def test_a_person_on_the_right_is_drawn_on_the_right(size):
    left, right = halves(figure_mask((person(side="right"),), shot_size=size))
    assert right > 2.5 * left


def test_a_person_in_the_centre_is_drawn_in_the_middle():
    mask = figure_mask((person(side="centre"),), shot_size="medium")
    columns = np.flatnonzero(mask.sum(axis=0) > 10)
    assert abs(columns.mean() / SMALL[0] - 0.5) < 0.06


def test_figures_grow_from_wide_to_close():
    sizes = ["extreme_wide", "wide", "full", "medium_wide", "medium", "medium_close_up"]
    seen = [int(figure_mask((person(),), shot_size=size, int_ext="EXT", location="Desert").sum()) for size in sizes]
    assert all(earlier * 1.05 < later for earlier, later in pairwise(seen)), seen


def test_a_full_shot_shows_the_whole_person_and_a_medium_cuts_at_the_frame():
    full = figure_mask((person(),), shot_size="full", int_ext="EXT", location="Desert")
    rows = np.flatnonzero(full.sum(axis=1) > 1)
    assert rows.min() > 0.02 * SMALL[1]
    assert rows.max() < 0.985 * SMALL[1]
    medium = figure_mask((person(),), shot_size="medium", int_ext="EXT", location="Desert")
    assert medium[-1].sum() > 0.1 * SMALL[0]


def test_a_voice_over_puts_no_face_on_screen():
    with_voice = brief(cast=(person(on_camera=False),), shot_size="medium")
    nobody = brief(cast=(), shot_size="medium")
    assert np.array_equal(pixels(with_voice), pixels(nobody))


def test_only_those_on_camera_are_drawn_beside_a_voice():
    seen, heard = person("Mara", side="left"), person("Elias", side="right", on_camera=False)
    assert np.array_equal(pixels(brief(cast=(seen, heard))), pixels(brief(cast=(seen,))))


@pytest.mark.parametrize(("int_ext", "location"), [("EXT", "Street"), ("EXT", "Beach"), ("INT", "Room 7")])
def test_night_is_darker_than_day(int_ext, location):
    day = pixels(brief(int_ext=int_ext, location=location, time_of_day="day", cast=(person(),))).mean()
    night = pixels(brief(int_ext=int_ext, location=location, time_of_day="night", cast=(person(),))).mean()
    assert night < 0.72 * day


@pytest.mark.parametrize(("int_ext", "location"), [("EXT", "Rocky sea"), ("EXT", "Rooftop"), ("INT", "Bedroom")])
def test_a_face_can_be_read_at_night(int_ext, location):
    """The figure's own contrast: its light parts stand well above its dark ones."""
    cast = (person(),)
    shot = brief(int_ext=int_ext, location=location, time_of_day="night", cast=cast, shot_size="medium_close_up")
    mask = figure_mask(cast, int_ext=int_ext, location=location, time_of_day="night", shot_size="medium_close_up")
    luma = pixels(shot) @ np.array([0.2126, 0.7152, 0.0722])
    dark, light = np.percentile(luma[mask], [8, 92])
    assert light - dark > 40


def share_of_hue(mask, picture, colour):
    """The share of masked pixels whose hue is the colour's, counting only colourful pixels as that hue."""
    hue = colorsys.rgb_to_hsv(*(c / 255 for c in colour))[0]
    inside = picture[mask] / 255
    found = [colorsys.rgb_to_hsv(*pixel) for pixel in inside]
    near = [abs((h - hue + 0.5) % 1 - 0.5) < 0.05 and s > 0.25 for h, s, _ in found]
    return sum(near) / max(1, len(near))


def colourful_person():
    """A person with a strongly coloured coat, found by trying seeds."""
    for seed in range(200):
        who = person("Robin", look_seed=seed)
        if look_of(who).coat == (150, 64, 54) and look_of(who).scarf is None:
            return who
    raise AssertionError("no seed gives the red coat")


def test_the_same_person_wears_the_same_colours_in_every_shot():
    who = colourful_person()
    coat = look_of(who).coat
    for size in ("medium", "full"):
        for location in ("Room 7", "Bedroom"):
            mask = figure_mask((who,), shot_size=size, location=location)
            picture = pixels(brief(cast=(who,), shot_size=size, location=location))
            assert share_of_hue(mask, picture, coat) > 0.15


def test_people_with_different_seeds_look_different():
    looks = {look_of(person("Robin", look_seed=seed)) for seed in range(12)}
    assert len(looks) == 12


@pytest.mark.parametrize("size", ShotSize.values)
def test_every_shot_size_can_be_drawn(size):
    cast = (person("Mara", side="left", facing="right"), person("Elias", side="right", facing="left", look_seed=5))
    picture = pixels(brief(shot_size=size, cast=cast, props=("letter",)))
    assert picture.shape == (108, 192, 3)
    assert picture.std() > 12


@pytest.mark.parametrize("angle", CameraAngle.values)
@pytest.mark.parametrize("int_ext", ["INT", "EXT"])
def test_every_camera_angle_can_be_drawn(angle, int_ext):
    shot = brief(camera_angle=angle, int_ext=int_ext, location="Desert" if int_ext == "EXT" else "Office")
    seen = shot.model_copy(update={"cast": (person(),), "shot_size": "medium"})
    changed = np.abs(pixels(seen) - pixels(shot.model_copy(update={"shot_size": "medium"}))).max(axis=2) > 24
    assert changed.mean() > 0.004  # the figure is in the picture


def test_angles_give_different_pictures():
    pictures = [
        pixels(brief(camera_angle=angle, cast=(person(),))) for angle in ("eye_level", "high_angle", "low_angle")
    ]
    assert np.abs(pictures[0] - pictures[1]).mean() > 8
    assert np.abs(pictures[0] - pictures[2]).mean() > 8


@pytest.mark.parametrize("time_of_day", TimeOfDay.values)
def test_every_time_of_day_can_be_drawn(time_of_day):
    assert pixels(brief(time_of_day=time_of_day, int_ext="EXT", location="Rooftop", cast=(person(),))).std() > 12


@pytest.mark.parametrize("weather", Weather.values)
def test_every_weather_can_be_drawn(weather):
    assert pixels(brief(weather=weather, int_ext="EXT", location="Desert", cast=(person(),))).std() > 8


ASPECTS = [(1080, 1920), (1080, 1080), (1080, 1350), (1920, 804), (1998, 1080), (1920, 1080), (64, 64)]


@pytest.mark.parametrize("frame", ASPECTS)
@pytest.mark.parametrize("size", ["wide", "full", "medium_wide", "medium", "medium_close_up", "close_up", "two_shot"])
@pytest.mark.parametrize("angle", ["eye_level", "high_angle", "low_angle", "dutch_angle"])
def test_every_aspect_holds_both_heads_in_the_frame(frame, size, angle):
    cast = (person("Mara", side="left"), person("Elias", side="right", look_seed=5))
    shot = brief(shot_size=size, camera_angle=angle, cast=cast)
    blocked = stage(shot, frame, frame, "kitchen", inside=True)
    for actor in blocked.actors:
        for height in (actor.top * 0.985, actor.top - actor.head * 0.8):
            x, y = blocked.camera.project([(actor.x, height, actor.z)])[0]
            assert 0 < x < frame[0], (x, frame)
            assert 0 < y < frame[1], (y, frame)
    left, right = sorted(actor.x for actor in blocked.actors)
    assert left < 0 < right


@pytest.mark.parametrize("size", [(90, 160), (120, 120), (192, 80), (64, 64)])
def test_every_aspect_can_be_drawn(size):
    cast = (person("Mara", side="left", facing="right"), person("Elias", side="right", facing="left", look_seed=5))
    assert pixels(brief(shot_size="over_shoulder", cast=cast), size).shape == (size[1], size[0], 3)


def test_a_location_looks_the_same_in_every_scene_and_unlike_another():
    kitchen = pixels(brief(location="Kitchen", scene_number="12"))
    again = pixels(brief(location="Kitchen", scene_number="40", asset_name="S040_SH01"))
    assert np.array_equal(kitchen, again)
    assert np.abs(kitchen - pixels(brief(location="Bedroom"))).mean() > 10


def test_a_brief_with_nothing_but_its_names_is_still_drawn():
    bare = brief(
        location="", heading="", int_ext="", shot_size="unheard_of", camera_angle="", time_of_day="", weather=""
    )
    assert pixels(bare).std() > 5


@pytest.mark.slow
def test_a_full_size_frame_takes_less_than_a_second_of_cpu():
    shot = brief(
        cast=(person(side="left"), person("Elias", side="right")), int_ext="EXT", location="City", time_of_day="night"
    )
    draw_still(shot, 1920, 1080)
    start = time.process_time()
    draw_still(shot, 1920, 1080)
    assert time.process_time() - start < 1.0
