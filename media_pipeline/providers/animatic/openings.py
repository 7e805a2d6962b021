"""What is set into walls: windows with the hour's light, doors, pictures and portholes. Metres of the set."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .ink import Colour, mix
from .scenery import Scenery, Vector


def window(
    set_: Scenery,
    corners: tuple[Vector, Vector],
    *,
    bars: tuple[int, int] = (2, 2),
    curtain: bool = False,
    arched: bool = False,
) -> None:
    """A window in a wall, between its lower and its upper corner (one of x or z is the same)."""
    (x0, y0, z0), (x1, y1, z1) = corners
    light = set_.light

    def at(u: float, v: float) -> Vector:
        return (x0 + (x1 - x0) * u, y0 + (y1 - y0) * v, z0 + (z1 - z0) * u)

    frame = mix(set_.palette.wood, (255, 246, 230), 0.45)
    grow = 0.06
    set_.panel([at(-grow, -grow), at(1 + grow, -grow), at(1 + grow, 1 + grow), at(-grow, 1 + grow)], frame, lit=0.8)
    strips = 7
    for i in range(strips):
        a, b = i / strips, (i + 1) / strips
        colour = mix(light.sky_low, light.sky_top, (a + b) / 2 * 0.8)
        edge = [at(0, a), at(1, a), at(1, b), at(0, b)]
        set_.panel(edge, colour, ink=0, raw=True)
    random = np.random.default_rng(set_.seed + 77)
    far = mix(light.sky_low, light.dim((90, 100, 100)), 0.55)
    hills = [at(u, 0.16 + 0.16 * float(random.random())) for u in np.linspace(0, 1, 7)]
    set_.panel([at(0, 0), *hills, at(1, 0)], far, ink=0, raw=True)
    if light.sky_top[2] < 60:
        for _ in range(5):
            u, v = random.uniform(0.1, 0.9), random.uniform(0.5, 0.9)
            set_.canvas.disc(set_.camera.project(set_.world([at(u, v)])), 1.5, (226, 232, 246))
    across, down = bars
    depth = set_.depth_of([at(0.5, 0.5)])
    colour = light.at(frame, depth, 0.55)
    for i in range(1, across):
        set_.rule(at(i / across, 0), at(i / across, 1), 3.4, colour)
    for i in range(1, down):
        set_.rule(at(0, i / down), at(1, i / down), 3.4, colour)
    for u0, v0, u1, v1 in ((0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 0, 1), (0, 1, 0, 0)):
        set_.rule(at(u0, v0), at(u1, v1), 1.3)
    if curtain:
        _curtains(set_, at)
    if not light.lamps:
        area = min(1.0, abs(x1 - x0 + z1 - z0) * abs(y1 - y0) / 2.2)
        set_.glow(at(0.5, 0.5), 0.7 + 0.8 * area, mix(light.sky_low, (255, 248, 230), 0.5), 0.28 * area)


def _curtains(set_: Scenery, place: Callable[[float, float], Vector]) -> None:
    cloth = mix(set_.palette.cloth, (255, 255, 255), 0.18)
    for u0, u1 in ((-0.22, 0.10), (0.90, 1.22)):
        set_.panel(
            [
                place(u0, -0.35),
                place(u1, -0.35),
                place((u0 + u1) / 2 + (0.09 if u0 < 0 else -0.09), 1.12),
                place(u0, 1.12),
                place(u0, -0.35),
            ],
            cloth,
            lit=0.65,
        )
        for k in (0.25, 0.5, 0.75):
            u = u0 + (u1 - u0) * k
            set_.rule(place(u, -0.33), place(u, 1.1), 0.7)


def door(set_: Scenery, corners: tuple[Vector, Vector], paint: Colour | None = None) -> None:
    """A panelled door in a wall."""
    (x0, y0, z0), (x1, y1, z1) = corners

    def at(u: float, v: float) -> Vector:
        return (x0 + (x1 - x0) * u, y0 + (y1 - y0) * v, z0 + (z1 - z0) * u)

    colour = paint or mix(set_.palette.wood, set_.palette.wall, 0.25)
    set_.panel(
        [at(-0.08, 0), at(1.08, 0), at(1.08, 1.045), at(-0.08, 1.045)], mix(colour, (255, 246, 230), 0.3), lit=0.7
    )
    set_.panel([at(0, 0), at(1, 0), at(1, 1), at(0, 1)], colour, lit=0.55)
    for v0, v1 in ((0.08, 0.42), (0.5, 0.92)):
        set_.panel(
            [at(0.16, v0), at(0.84, v0), at(0.84, v1), at(0.16, v1)], mix(colour, (0, 0, 0), 0.08), lit=0.5, ink=0.7
        )
    set_.canvas.disc(
        set_.camera.project(set_.world([at(0.9, 0.46)])),
        set_.camera.scale(set_.world([at(0.9, 0.46)])) * 0.03,
        set_.light.at((206, 176, 108), 3),
    )


def picture(set_: Scenery, x0: float, x1: float, y0: float, y1: float, z: float) -> None:
    """A framed picture on the back wall."""
    set_.panel([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], mix(set_.palette.wood, (0, 0, 0), 0.2), lit=0.7)
    a, b, c, d = x0 + 0.04, x1 - 0.04, y0 + 0.04, y1 - 0.04
    set_.panel(
        [(a, c, z), (b, c, z), (b, d, z), (a, d, z)], mix(set_.palette.wall, (255, 255, 250), 0.5), lit=0.75, ink=0.6
    )
    middle = (c + d) / 2
    set_.panel(
        [(a, c, z), (b, c, z), (b, middle - 0.02, z), ((a + b) / 2, middle + 0.08, z), (a, middle, z)],
        set_.palette.leaf,
        lit=0.6,
        ink=0.4,
    )


def porthole(set_: Scenery, x: float, y: float, z: float, radius: float = 0.24) -> None:
    """A round window in the back wall."""
    turn = np.linspace(0, 2 * math.pi, 22, endpoint=False)

    def ring(size: float) -> list[Vector]:
        return [(x + size * float(math.cos(t)), y + size * float(math.sin(t)), z) for t in turn]

    set_.panel(ring(radius * 1.28), (150, 138, 108), lit=0.8)
    set_.panel(ring(radius), mix(set_.light.sky_low, set_.light.sky_top, 0.4), raw=True)
    for t in turn[::3]:
        spot = (x + radius * 1.14 * math.cos(t), y + radius * 1.14 * math.sin(t), z)
        set_.canvas.disc(set_.camera.project(set_.world([spot])), 2.5, set_.light.ink)
