"""What people build outdoors: houses, streets, skylines, fences, boats. Metres, as on the whole stage."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from .ink import Colour, mix
from .scenery import Scenery
from .terrain import FAR

LAMP: Colour = (255, 214, 140)


def house(
    set_: Scenery,
    x: float,
    z: float,
    wide: float,
    deep: float,
    high: float,
    paint: Colour,
    *,
    roof: str = "flat",
    floors: int = 2,
    shop: bool = False,
    seed: int = 0,
) -> None:
    """A building with windows on the faces one sees."""
    random_seed = set_.seed * 13 + seed

    def draw() -> None:
        low, top = (x - wide / 2, 0.0, z - deep / 2), (x + wide / 2, high, z + deep / 2)

        def detail() -> None:
            random = np.random.default_rng(random_seed & 0xFFFFFFFF)
            if set_.faces_camera((x, 1, low[2]), (0, 0, -1)):
                _windows(set_, random, (low[0], low[2]), (top[0], low[2]), high, floors, shop=shop)
            if set_.faces_camera((low[0], 1, z), (-1, 0, 0)):
                _windows(set_, random, (low[0], top[2]), (low[0], low[2]), high, floors, shop=shop)
            if set_.faces_camera((top[0], 1, z), (1, 0, 0)):
                _windows(set_, random, (top[0], low[2]), (top[0], top[2]), high, floors, shop=shop)

        set_.box_now(low, top, paint, top=mix(paint, (90, 88, 90), 0.4), detail=detail)
        if roof == "gable":
            _gable(set_, low, top)
        elif roof == "flat":
            set_.box_now(
                (low[0] - 0.12, high, low[2] - 0.12),
                (top[0] + 0.12, high + 0.22, top[2] + 0.12),
                mix(paint, (0, 0, 0), 0.12),
            )

    # By the near face, so that a long house does not cover what stands beside it.
    set_.later_at(set_.camera.depth(set_.world([(x, high / 3, z - deep * 0.25)])), draw)


def _gable(set_: Scenery, low: tuple[float, float, float], top: tuple[float, float, float]) -> None:
    (x0, _, z0), (x1, high, z1) = low, top
    rise = (x1 - x0) * 0.42
    ridge_x = (x0 + x1) / 2
    tiles = mix(set_.palette.accent, (96, 62, 56), 0.55)
    o = 0.25
    faces = [
        (
            (-0.7, 0.7, 0),
            [
                (x0 - o, high - 0.15, z0 - o),
                (x0 - o, high - 0.15, z1 + o),
                (ridge_x, high + rise, z1 + o),
                (ridge_x, high + rise, z0 - o),
            ],
        ),
        (
            (0.7, 0.7, 0),
            [
                (x1 + o, high - 0.15, z1 + o),
                (x1 + o, high - 0.15, z0 - o),
                (ridge_x, high + rise, z0 - o),
                (ridge_x, high + rise, z1 + o),
            ],
        ),
    ]
    set_.panel(
        [(x0, high, z0), (x1, high, z0), (ridge_x, high + rise, z0)],
        mix(set_.palette.wall, (255, 255, 255), 0.1),
        lit=set_.lit_of((0, 0, -1)),
    )
    for normal, corners in faces:
        if set_.faces_camera(corners[0], normal):
            set_.panel(corners, tiles, lit=set_.lit_of(normal))


def _windows(
    set_: Scenery,
    random: np.random.Generator,
    start: tuple[float, float],
    end: tuple[float, float],
    high: float,
    floors: int,
    *,
    shop: bool,
) -> None:
    """Rows of windows on one face, lit or dark by the hour."""
    (xa, za), (xb, zb) = start, end
    length = math.hypot(xb - xa, zb - za)
    count = max(1, min(9, int(length / 1.7)))
    step = high / max(1, floors)
    depth = set_.depth_of([((xa + xb) / 2, high / 2, (za + zb) / 2)])
    if set_.camera.focal / max(1.0, depth) * step < 9:
        return
    glass = mix(set_.light.sky_low, (60, 76, 92), 0.55)
    for floor in range(floors):
        y0, y1 = floor * step + step * 0.30, floor * step + step * 0.80
        if floor == 0 and shop:
            y0, y1 = 0.35, min(step * 0.8, 2.5)
        for i in range(count):
            u0, u1 = (i + 0.24) / count, (i + 0.76) / count
            if floor == 0 and shop:
                u0, u1 = (i + 0.1) / count, (i + 0.9) / count
            corners = [(xa + (xb - xa) * u, y, za + (zb - za) * u) for u, y in ((u0, y0), (u1, y0), (u1, y1), (u0, y1))]
            on = set_.light.lamps and random.random() < (0.5 if floor == 0 and shop else 0.34)
            if on:
                warm = mix((255, 206, 126), (255, 236, 190), float(random.random()))
                set_.panel(corners, mix(warm, set_.light.haze, min(0.6, depth / 160)), raw=True, ink=0.8)
            else:
                set_.panel(
                    corners,
                    glass if not set_.light.lamps else mix(set_.light.sky_top, set_.light.haze, 0.4),
                    lit=0.6,
                    ink=0.8,
                    raw=set_.light.lamps,
                )
            if floor > 0 and depth < 40:
                u = (u0 + u1) / 2
                set_.rule(
                    (xa + (xb - xa) * u, y0, za + (zb - za) * u), (xa + (xb - xa) * u, y1, za + (zb - za) * u), 0.8
                )
                sill = [(xa + (xb - xa) * q, y0, za + (zb - za) * q) for q in (u0 - 0.03, u1 + 0.03)]
                set_.rule(sill[0], sill[1], 1.8)


def lamp_post(set_: Scenery, x: float, z: float, side: float) -> None:
    """A street lamp that leans over the road."""

    def draw() -> None:
        set_.rule((x, 0, z), (x, 4.4, z), 2.6)
        set_.rule((x, 4.4, z), (x + side * 0.9, 4.6, z), 2.0)
        head = set_.card(x + side * 0.95, z, 4.52)
        head.patch(
            [(-0.22, 0.0), (0.22, 0.0), (0.14, 0.14), (-0.14, 0.14)],
            (255, 240, 200) if set_.light.lamps else head.mid((150, 150, 148)),
            curved=False,
        )

    set_.later([(x, 2, z)], draw)
    if set_.light.lamps:
        set_.glow((x + side * 0.95, 4.5, z), 2.4, LAMP, 0.75)


def parked_car(set_: Scenery, x: float, z: float, paint: Colour) -> None:
    """A parked car seen along the street."""

    def draw() -> None:
        set_.box_now((x - 0.85, 0.28, z - 2.0), (x + 0.85, 0.85, z + 2.0), paint)
        set_.box_now((x - 0.72, 0.85, z - 0.9), (x + 0.72, 1.38, z + 1.3), mix(paint, (40, 50, 60), 0.5), top=paint)
        for wz in (z - 1.25, z + 1.3):
            for wx in (x - 0.86, x + 0.86):
                card = set_.card(wx, wz, 0.3)
                turn = np.linspace(0, 2 * math.pi, 14, endpoint=False)
                if abs(wx - set_.camera.position[0]) < abs(x - set_.camera.position[0]) + 0.5:
                    card.patch(np.stack([0.12 * np.cos(turn), 0.3 * np.sin(turn)], axis=1), card.dim((40, 40, 44)))
        for lx in (x - 0.62, x + 0.62):
            spot = set_.camera.project(set_.world([(lx, 0.62, z - 2.01)]))
            set_.canvas.disc(
                spot,
                set_.camera.scale(set_.world([(lx, 0.62, z - 2.0)])) * 0.09,
                set_.light.at((196, 60, 48), 6) if not set_.light.lamps else (224, 84, 66),
            )

    set_.later([(x, 0.6, z - 1.0)], draw)


def road(set_: Scenery, half: float, *, line: bool = True, paint: Colour = (112, 112, 118)) -> None:
    edges = [-30, *(1.2 * 1.3**n - 1.2 for n in range(23)), FAR]
    for z0, z1 in pairwise(edges):
        shape = set_.area([(-half, 0.003, z0), (half, 0.003, z0), (half, 0.003, z1), (-half, 0.003, z1)])
        if len(shape) >= 3:
            set_.canvas.fill(shape, set_.light.at(paint, max(0.0, (z0 + z1) / 2), 0.62))
    set_.rule((-half, 0, -30), (-half, 0, 120), 1.2)
    set_.rule((half, 0, -30), (half, 0, 120), 1.2)
    if line:
        for z in np.arange(-8, 60, 4.0):
            set_.panel(
                [(-0.07, 0.004, z), (0.07, 0.004, z), (0.07, 0.004, z + 2), (-0.07, 0.004, z + 2)],
                (226, 220, 200),
                lit=0.7,
                ink=0,
            )


def skyline(set_: Scenery, distance: float, high: float, *, count: int = 24, seed: int = 0) -> None:
    """Towers at a distance, with lit windows in the dark."""
    random = np.random.default_rng(set_.seed + 61 + seed)
    light = set_.light
    reach = distance * 1.3
    for i in range(count):
        x = -reach + 2 * reach * (i + float(random.uniform(0.1, 0.9))) / count
        wide, tall = float(random.uniform(0.5, 1.1)) * reach * 1.5 / count, high * float(random.uniform(0.35, 1.0))
        body = light.at(mix(set_.palette.stone, set_.palette.wall, float(random.random())), distance, 0.45)
        shape = set_.camera.project(
            [(x, 0, distance), (x, tall, distance), (x + wide, tall, distance), (x + wide, 0, distance)]
        )
        set_.canvas.fill(shape, body)
        set_.canvas.contour(shape, 1.6, light.ink_at(distance))
        rows, columns = max(2, int(tall / 4)), max(2, int(wide / 4))
        if light.lamps:
            for _ in range(int(rows * columns * 0.3)):
                u, v = random.uniform(0.1, 0.9), random.uniform(0.08, 0.95)
                set_.canvas.disc(set_.camera.project([(x + wide * u, tall * v, distance)]), 1.6, (255, 214, 140))


def fence(set_: Scenery, x0: float, x1: float, z: float) -> None:
    def draw() -> None:
        for y in (0.45, 0.85):
            set_.rule((x0, y, z), (x1, y, z), 2.2, set_.light.at(set_.palette.wood, z, 0.6))
        for x in np.arange(x0, x1, 1.3):
            set_.panel(
                [(x, 0, z), (x + 0.1, 0, z), (x + 0.1, 1.1, z), (x, 1.1, z)], set_.palette.wood, lit=0.7, ink=0.7
            )

    set_.later([((x0 + x1) / 2, 0.5, z)], draw)


def boat(set_: Scenery, x: float, z: float, long: float) -> None:
    """A fishing boat lying broadside on the water."""

    def draw() -> None:
        card = set_.card(x, z)
        half = long / 2
        hull = [(-half, 0.9), (-half * 0.86, 0.0), (half * 0.7, 0.0), (half * 1.05, 1.2), (half * 0.5, 0.85)]
        card.flat(card.at(hull), set_.palette.accent, thickness=0.4)
        cabin = [(-half * 0.55, 0.8), (-half * 0.5, 2.0), (half * 0.02, 2.0), (half * 0.1, 0.8)]
        card.flat(card.at(cabin), (226, 222, 212), thickness=0.3)
        glass: Colour = (255, 214, 140) if set_.light.lamps else card.mid((96, 120, 136))
        card.patch(
            [(-half * 0.4, 1.35), (-half * 0.38, 1.8), (-half * 0.06, 1.8), (-half * 0.04, 1.35)], glass, curved=False
        )
        card.stroke([(half * 0.2, 0.9), (half * 0.22, 3.6)], 1.8, taper=(0.02, 0.1))
        card.stroke([(half * 0.22, 3.5), (half * 0.98, 1.2)], 0.9)
        card.stroke([(half * 0.22, 3.5), (-half * 0.9, 1.0)], 0.9)
        card.patch(
            [(-half * 0.9, 0.0), (half * 0.75, 0.0), (half * 0.6, -0.3), (-half * 0.7, -0.3)],
            card.dim((50, 66, 78)),
            120,
        )

    set_.later([(x, 0.5, z)], draw)
