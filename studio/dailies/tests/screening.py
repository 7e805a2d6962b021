"""What the browser tests of the review room wait for and do, and the numbers they read from its pictures."""

from __future__ import annotations

import json

from studio.dailies.tests.filming import READ_NUMBER

FRAMES = 40
"""Of every take in `shots`."""


def arrived(page, frame, take=None):
    """Wait until the player shows this frame (of this take)."""
    page.wait_for_function(
        """([frame, take]) => {
          const screen = document.getElementById("screen"), video = document.querySelector("#videos video.on");
          return video && !video.seeking && video.readyState >= 2 && screen.dataset.frame === String(frame)
            && (!take || screen.dataset.take === String(take));
        }""",
        arg=[frame, take],
    )


def pixels(page, selector="#videos video.on"):
    return page.evaluate(f"({READ_NUMBER})(document.querySelector({json.dumps(selector)}))")


def wait_playing(page, speed):
    page.wait_for_function("(speed) => document.body.dataset.playing === speed", arg=speed)


def takes_by_shot(shots):
    return {shot.pk: list(shot.takes.order_by("number")) for shot in shots}


def wait_for(page, true):
    """Wait for the database to say so, letting the page go on."""
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()


def draw(page, fractions):
    box = page.locator("#drawing").bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()
