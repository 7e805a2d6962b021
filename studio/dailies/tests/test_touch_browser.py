"""The room under a finger."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from studio.dailies.tests.screening import arrived, wait_playing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Finger:
    """Touches as the browser itself makes them, over the protocol."""

    def __init__(self, page):
        self.page = page
        self.wire = page.context.new_cdp_session(page)
        box = page.locator("#screen").bounding_box()
        self.at = lambda x, y: {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        self.clock = time.time()

    def send(self, kind, *points, after=0.02):
        """One event, so many seconds after the one before by the clock of the events, however busy the machine is."""
        self.clock += 1 if kind == "touchStart" else after  # a second tap soon after the first is a double tap
        rows = [{**self.at(*point), "id": number} for number, point in enumerate(points)]
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": rows, "timestamp": self.clock})

    def move(self, *points):
        self.send("touchStart", points[0])
        for point in points[1:]:
            self.send("touchMove", point)
        self.send("touchEnd")


@pytest.fixture
def phone(project, shots, open_page):
    page = open_page(
        reverse("dailies:shot", args=[project.slug, shots[1].pk]), width=390, height=844, has_touch=True, is_mobile=True
    )
    arrived(page, 0)
    return page


def test_a_tap_plays_a_swipe_moves_and_two_fingers_come_closer(phone, shots):
    finger = Finger(phone)
    finger.move((0.5, 0.5))
    wait_playing(phone, "100")
    finger.move((0.5, 0.5))
    wait_playing(phone, "")
    finger.move((0.8, 0.5), (0.6, 0.5), (0.3, 0.5))
    arrived(phone, 0, shots[2].takes.get().pk)
    finger.move((0.2, 0.5), (0.4, 0.5), (0.8, 0.5))
    arrived(phone, 0, shots[1].takes.get(number=2).pk)
    expect(phone.locator("#takes li")).to_have_count(2)
    finger.move((0.5, 0.1), (0.5, 0.5), (0.5, 0.95))
    arrived(phone, 0, shots[1].takes.get(number=1).pk)
    finger.send("touchStart", (0.4, 0.5), (0.6, 0.5))
    finger.send("touchMove", (0.3, 0.5), (0.7, 0.5))
    finger.send("touchMove", (0.1, 0.5), (0.9, 0.5))
    finger.send("touchEnd")
    phone.wait_for_function("room.zoom.scale > 2")


def test_a_tap_is_a_tap_where_the_page_was_too_busy_to_hear_of_its_end(phone):
    finger = Finger(phone)
    finger.send("touchStart", (0.3, 0.3))
    phone.wait_for_function("room.drawing.on")  # the hold has begun
    finger.send("touchEnd", after=0.1)  # and the finger was gone by then
    wait_playing(phone, "100")
    assert phone.evaluate("[room.drawing.on, room.drawing.strokes.length]") == [False, 0]


def test_holding_a_finger_draws(phone):
    finger = Finger(phone)
    finger.send("touchStart", (0.3, 0.3))
    phone.wait_for_function("room.drawing.on")
    for place in (0.4, 0.5, 0.6):
        finger.send("touchMove", (place, place), after=0.5)
    finger.send("touchEnd")
    expect(phone.locator("#drawing")).to_have_attribute("data-strokes", "1")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
