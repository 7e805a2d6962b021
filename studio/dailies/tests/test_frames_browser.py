"""Frame exactness, read from the pixels: every frame of the test clips carries its number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.urls import reverse

from scenes.models import Take
from studio.dailies.tests.filming import READ_NUMBER, real_take
from studio.tests.filming import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RATES = {
    "23.976": Fraction(24000, 1001), "24": Fraction(24), "25": Fraction(25), "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
}  # fmt: skip
FRAMES = 53
"""A prime: no key frame lies at the end."""

ARRIVED = """(wanted) => {
  const video = document.querySelector("#videos video.on");
  const told = document.getElementById("screen").dataset.frame;
  return video && !video.seeking && video.readyState >= 2 && told === String(wanted);
}"""


def seen(page):
    """The number in the pixels of the shown player."""
    return page.evaluate(f"({READ_NUMBER})(document.querySelector('#videos video.on'))")


def go_to(page, number):
    """Type a frame number, as a person would."""
    page.keyboard.press("g")
    page.keyboard.type(str(number))
    page.keyboard.press("Enter")


@pytest.mark.parametrize("name", RATES)
def test_the_frame_that_is_named_is_the_frame_that_is_seen(project, open_page, name):
    shot = scene(project, shots=1).made_shots[0]
    real_take(project, shot, rate=RATES[name], frames=FRAMES)
    page = open_page(reverse("dailies:shot", args=[project.slug, shot.pk]))
    page.wait_for_function(ARRIVED, arg=0)
    assert (seen(page), page.input_value("#frame")) == (0, "1001")
    for frame in (1, 2, 11, 12, 13, 25, 26, 37, FRAMES - 2, FRAMES - 1, 30, 5, 0):
        go_to(page, 1001 + frame)
        page.wait_for_function(ARRIVED, arg=frame)
        assert seen(page) == frame, f"frame {frame} at {name}"
    for frame in (1, 2, 3):
        page.keyboard.press(".")
        page.wait_for_function(ARRIVED, arg=frame)
        assert seen(page) == frame
    for frame in (2, 1, 0):
        page.keyboard.press(",")
        page.wait_for_function(ARRIVED, arg=frame)
        assert seen(page) == frame


@pytest.mark.parametrize("name", RATES)
def test_where_playing_stops_is_what_is_seen_and_named(project, open_page, name):
    shot = scene(project, shots=1).made_shots[0]
    real_take(project, shot, rate=RATES[name], frames=FRAMES)
    page = open_page(reverse("dailies:shot", args=[project.slug, shot.pk]))
    page.wait_for_function(ARRIVED, arg=0)
    page.keyboard.press("l")
    page.wait_for_function("Number(document.getElementById('screen').dataset.frame) > 8")
    page.keyboard.press("k")
    page.wait_for_function("!document.body.dataset.playing && !document.querySelector('#videos video.on').seeking")
    page.wait_for_timeout(150)
    frame = int(page.locator("#screen").get_attribute("data-frame"))
    assert frame > 8
    assert seen(page) == frame
    assert page.input_value("#frame") == str(1001 + frame)


def test_timecode_counts_whole_frames_of_the_nominal_rate(project, open_page):
    """At 29.97 the 30th frame is the second's first, non-drop: 30000/1001 counts as 30."""
    shot = scene(project, shots=1).made_shots[0]
    real_take(project, shot, rate=RATES["29.97"], frames=FRAMES)
    page = open_page(reverse("dailies:shot", args=[project.slug, shot.pk]))
    page.wait_for_function(ARRIVED, arg=0)
    for frame, timecode in ((29, "00:00:00:29"), (30, "00:00:01:00"), (52, "00:00:01:22")):
        go_to(page, 1001 + frame)
        page.wait_for_function(ARRIVED, arg=frame)
        assert page.locator("#timecode").text_content() == timecode


def test_the_full_picture_shows_the_same_frame(project, open_page):
    shot = scene(project, shots=1).made_shots[0]
    real_take(project, shot, rate=RATES["23.976"], frames=FRAMES)
    page = open_page(reverse("dailies:shot", args=[project.slug, shot.pk]))
    page.wait_for_function(ARRIVED, arg=0)
    go_to(page, 1001 + 31)
    page.wait_for_function(ARRIVED, arg=31)
    page.keyboard.press("h")
    picture = f"/media/{Take.objects.get().picture_id}/"
    page.wait_for_function(f"document.querySelector('#videos video.on').src.endsWith('{picture}')")
    page.wait_for_function(ARRIVED, arg=31)
    assert seen(page) == 31
