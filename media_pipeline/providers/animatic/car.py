"""Inside a car, seen through the windscreen: seats, pillars, roof, dashboard and wheel, and the road behind."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from media_pipeline.providers.base import ShotBrief

from . import exterior, finish, sky
from .ink import Colour, mix
from .light import light_for
from .scenery import Scenery
from .staging import Staging

ROOF, SILL = 1.47, 0.96
_TRIM: Colour = (104, 102, 106)


def build(set_: Scenery, brief: ShotBrief, staging: Staging) -> None:
    """Draw the road outside, soft, and put off the car's own pieces."""
    outside = replace(set_, light=light_for(brief.time_of_day, brief.weather, inside=False), pieces=[], turn=0.0)
    sky.paint_sky(outside, brief.weather)
    exterior.build(outside, "road")
    outside.finish()
    set_.canvas.image.paste(finish.blurred(set_.canvas.image, set_.canvas.size[1] * 0.006), (0, 0))
    seats = sorted({round(a.x, 2) for a in staging.actors}) or [-0.38, 0.38]
    if len(seats) == 1:
        seats = [seats[0], seats[0] - 0.76]
    half = max(0.8, max(seats) + 0.42, 0.42 - min(seats))
    _shell(set_, half)
    for x in seats:
        _seat(set_, x)
    _dashboard(set_, half, max(seats))


def _shell(set_: Scenery, half: float) -> None:
    back, front = 1.7, -0.85

    def rear() -> None:
        set_.panel(
            [(-half, 0.2, back), (half, 0.2, back), (half, SILL + 0.05, back), (-half, SILL + 0.05, back)],
            _TRIM,
            lit=0.4,
        )
        set_.panel(
            [
                (-half, SILL, back),
                (half, SILL, back),
                (half, SILL + 0.06, back - 0.5),
                (-half, SILL + 0.06, back - 0.5),
            ],
            mix(_TRIM, (0, 0, 0), 0.2),
            lit=0.5,
        )

    def sides() -> None:
        for side in (-1.0, 1.0):
            x = side * half
            set_.panel(
                [(x, 0.1, front), (x, 0.1, back), (x, SILL, back), (x, SILL, front)],
                mix(_TRIM, set_.palette.cloth, 0.4),
                lit=0.45,
            )
            for z0, z1 in ((0.42, 0.56), (1.5, 1.7)):
                set_.panel([(x, SILL, z0), (x, SILL, z1), (x * 0.94, ROOF, z1), (x * 0.94, ROOF, z0)], _TRIM, lit=0.3)
        roof = [
            (-half * 0.94, ROOF, front + 0.3),
            (half * 0.94, ROOF, front + 0.3),
            (half * 0.94, ROOF, back),
            (-half * 0.94, ROOF, back),
        ]
        set_.panel(roof, mix(_TRIM, (206, 198, 186), 0.5), lit=0.4)

    set_.later([(0, 1.0, back)], rear)
    set_.later([(0, 1.0, back - 0.2)], sides)


def _seat(set_: Scenery, x: float) -> None:
    cloth = mix(set_.palette.cloth, (60, 58, 62), 0.45)

    def draw() -> None:
        set_.box_now((x - 0.30, 0.3, 0.30), (x + 0.30, 1.10, 0.46), cloth)
        for rod in (-0.06, 0.06):
            set_.rule((x + rod, 1.08, 0.38), (x + rod, 1.2, 0.38), 2.0)
        set_.box_now((x - 0.15, 1.17, 0.32), (x + 0.15, 1.40, 0.44), cloth)

    set_.later([(x, 0.8, 0.40)], draw)


def _dashboard(set_: Scenery, half: float, driver: float) -> None:
    def draw() -> None:
        for side in (-1.0, 1.0):
            pillar = [
                (side * half, SILL - 0.05, -0.85),
                (side * (half - 0.09), SILL - 0.05, -0.85),
                (side * (half * 0.94 - 0.09), ROOF, -0.5),
                (side * half * 0.94, ROOF, -0.5),
            ]
            set_.panel(pillar, _TRIM, lit=0.25)
        set_.panel(
            [
                (-half * 0.94, ROOF - 0.03, -0.5),
                (half * 0.94, ROOF - 0.03, -0.5),
                (half * 0.94, ROOF + 1.5, -0.5),
                (-half * 0.94, ROOF + 1.5, -0.5),
            ],
            _TRIM,
            lit=0.25,
        )
        set_.box_now((-0.1, ROOF - 0.12, -0.46), (0.1, ROOF - 0.04, -0.43), (40, 40, 44))
        turn = np.linspace(0, 2 * math.pi, 30)
        ring = [(driver + 0.185 * math.cos(t), 0.80 + 0.15 * math.sin(t), -0.36 - 0.06 * math.sin(t)) for t in turn]
        pixels = set_.camera.project(ring)
        width = set_.camera.scale([(driver, 0.8, -0.36)]) * 0.026
        set_.canvas.stroke(pixels, width + 4, set_.light.ink_at(1.0), taper=(0.001, 0.001))
        set_.canvas.stroke(pixels, width, set_.light.half((58, 56, 60)), taper=(0.001, 0.001))
        set_.box_now((-half, 0.35, -1.0), (half, 0.70, -0.5), mix(_TRIM, (20, 20, 24), 0.4), top=_TRIM)

    set_.later([(0, 0.8, -0.6)], draw)
    if set_.light.lamps:
        set_.glow((0, 0.7, -0.3), 0.7, (196, 206, 190), 0.2)
