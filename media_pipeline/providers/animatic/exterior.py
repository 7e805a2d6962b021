"""Open sets: ground to the horizon, and what the location's name puts on it. Metres, as everywhere on the stage."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from . import furniture as put
from .ink import Colour, mix, smooth
from .scenery import Scenery

FAR = 400.0
LAMP: Colour = (255, 214, 140)


def build(set_: Scenery, kind: str) -> None:
    """Draw an open set. The sky is already there."""
    _OPEN.get(kind, _open_ground)(set_)


def ground(set_: Scenery, paint: Colour, *, near: float = -30.0, lit: float = 0.8) -> None:
    """The plane people stand on, in bands that fade with distance."""
    edges = [near, 2, 5, 9, 15, 24, 38, 60, 100, 180, FAR]
    for z0, z1 in zip(edges[:-1], edges[1:], strict=True):
        reach = 40 + abs(z1) * 3
        corners = [(-reach, 0, z0), (reach, 0, z0), (reach, 0, z1 * 1.02), (-reach, 0, z1 * 1.02)]
        shape = set_.camera.area(corners)
        if len(shape) >= 3:
            set_.canvas.fill(shape, set_.light.at(paint, max(0.0, (z0 + z1) / 2), lit))


def ridge(
    set_: Scenery,
    distance: float,
    height: float,
    paint: Colour,
    *,
    rough: float = 0.5,
    seed: int = 0,
    trees: bool = False,
) -> None:
    """A line of hills, mountains or woods at a distance, `height` metres at its highest."""
    random = np.random.default_rng(set_.seed * 7 + seed)
    reach = distance * 1.9
    count = 90 if trees else 26
    x = np.linspace(-reach, reach, count)
    base = np.interp(x, np.linspace(-reach, reach, 9), random.uniform(0.25, 1.0, 9))
    noise = random.uniform(-rough, rough, count) * 0.35
    y = height * np.clip(base + noise, 0.08, 1.3)
    top = np.stack([x, y, np.full(count, distance)], axis=1)
    pixels = set_.camera.project(top)
    curve = pixels if trees or rough > 0.7 else smooth(pixels)
    foot = set_.camera.project([(reach, 0, distance), (-reach, 0, distance)])
    shade = set_.light.at(paint, distance, 0.55)
    set_.canvas.fill(np.vstack([curve, foot]), shade)
    set_.canvas.stroke(curve, 2.2, mix(shade, set_.light.ink_at(distance), 0.55), taper=(0.01, 0.01))
    if rough > 0.7:
        _ridge_shadows(set_, top, distance, shade)


def _ridge_shadows(set_: Scenery, top: np.ndarray, distance: float, shade: Colour) -> None:
    """The shadow side of peaks, and snow where they are high."""
    light = set_.light
    for i in range(1, len(top) - 1):
        if top[i][1] > top[i - 1][1] and top[i][1] > top[i + 1][1]:
            x, y, z = top[i]
            side = -light.side
            dark = [
                (x, y, z),
                (x + side * y * 0.8, max(0.0, y * 0.1), z),
                (x + side * y * 0.15, y * 0.30, z),
                (x - side * y * 0.05, y * 0.62, z),
            ]
            set_.canvas.fill(set_.camera.project(dark), mix(shade, light.dim((60, 66, 90)), 0.32))


def tree(set_: Scenery, x: float, z: float, high: float, *, pine: bool = False, bare: bool = False) -> None:
    """One tree as a flat drawing."""
    random = np.random.default_rng((set_.seed + round(x * 97) + round(z * 131)) & 0xFFFFFFFF)
    lean, kind = float(random.uniform(-0.04, 0.04)), int(random.integers(1, 9999))

    def draw() -> None:
        card = set_.card(x, z)
        bark = mix(set_.palette.wood, (50, 46, 44), 0.4)
        leaf = mix(set_.palette.leaf, (70, 96, 60), 0.2)
        wide = high * 0.035
        trunk = [
            (-wide * 1.5, 0),
            (-wide * 0.9, high * 0.2),
            (-wide * 0.6 + lean * high, high * 0.75),
            (wide * 0.6 + lean * high, high * 0.75),
            (wide * 0.9, high * 0.2),
            (wide * 1.5, 0),
        ]
        card.flat(card.at(trunk), bark, thickness=wide * 0.9)
        if bare:
            for s, y in ((-1, 0.45), (1, 0.55), (-1, 0.65), (1, 0.72)):
                card.stroke(
                    [
                        (lean * high * y, high * y),
                        (s * high * 0.16, high * (y + 0.16)),
                        (s * high * 0.2, high * (y + 0.3)),
                    ],
                    2.0,
                )
        elif pine:
            _pine(card, high, leaf)
        else:
            _crown(card, high, leaf, kind)

    set_.later_at(max(0.1, set_.camera.depth(set_.world([(x, 0, z)]))), draw)


def _pine(card: object, high: float, leaf: Colour) -> None:
    paint = card
    for i in range(5):
        y0 = high * (0.16 + 0.155 * i)
        w = high * (0.215 - 0.036 * i)
        shape = [
            (-w, y0),
            (-w * 0.45, y0 + high * 0.035),
            (-w * 0.55, y0 - high * 0.02),
            (0, y0 + high * 0.0),
            (w * 0.5, y0 - high * 0.02),
            (w * 0.45, y0 + high * 0.035),
            (w, y0),
            (w * 0.3, y0 + high * 0.16),
            (0, y0 + high * 0.26),
            (-w * 0.3, y0 + high * 0.16),
        ]
        paint.flat(paint.at(shape), mix(leaf, (30, 56, 52), 0.35), thickness=w * 0.5, ink=0.7)  # type: ignore[attr-defined]


def _crown(card: object, high: float, leaf: Colour, seed: int) -> None:
    paint = card
    random = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * math.pi, 15, endpoint=False)
    for cx, cy, size in ((-0.14, 0.62, 0.22), (0.16, 0.66, 0.22), (0.0, 0.80, 0.24)):
        radius = high * size * random.uniform(0.82, 1.1, len(turn))
        shape = np.stack([cx * high + radius * np.cos(turn), cy * high + radius * 0.82 * np.sin(turn)], axis=1)
        paint.solid(shape, leaf, thickness=high * 0.09, ink=0.8)  # type: ignore[attr-defined]
    for _ in range(7):
        x, y = random.uniform(-0.22, 0.22) * high, random.uniform(0.55, 0.92) * high
        paint.stroke([(x, y), (x + 0.03 * high, y + 0.02 * high), (x + 0.06 * high, y)], 0.7)  # type: ignore[attr-defined]


def tufts(
    set_: Scenery, paint: Colour, *, count: int = 150, near: float = -2.5, far: float = 16.0, tall: float = 0.16
) -> None:
    """Grass in strokes, denser near the camera."""
    random = np.random.default_rng(set_.seed + 21)
    spots: list[tuple[float, float]] = []
    for _ in range(count):
        z = near + (far - near) * float(random.random()) ** 1.6
        depth = max(0.6, z - set_.camera.position[2])
        spots.append((float(random.uniform(-0.62, 0.62)) * depth * 1.6, z))
    for x, z in sorted(spots, key=lambda s: -s[1]):
        depth = set_.camera.seen([(x, 0, z)])[0, 2]
        if depth < 0.4:
            continue
        tone = mix(set_.light.at(paint, depth, 0.4), set_.light.ink_at(depth), 0.35)
        scale = set_.camera.scale([(x, 0, z)])
        for lean in (-0.5, 0.0, 0.45):
            a = set_.camera.project([(x + lean * 0.06, 0, z)])[0]
            b = set_.camera.project([(x + lean * 0.2, tall * float(random.uniform(0.6, 1.2)), z)])[0]
            set_.canvas.stroke(
                [a, (a + b) / 2 + np.array([lean * 2, 0]), b],
                float(np.clip(scale * 0.012, 1.2, 4.5)),
                tone,
                taper=(0.05, 0.9),
            )


def specks(
    set_: Scenery, paint: Colour, *, count: int = 120, long: float = 0.35, far: float = 30.0, reach: float = 1.5
) -> None:
    """Short level strokes on the ground: sand ripples, stones, wet spots."""
    random = np.random.default_rng(set_.seed + 33)
    for _ in range(count):
        z = -3.0 + (far + 3.0) * float(random.random()) ** 1.8
        depth = max(0.6, z - set_.camera.position[2])
        x = float(random.uniform(-0.6, 0.6)) * depth * reach
        half = long * float(random.uniform(0.4, 1.0))
        ends = set_.camera.segment((x - half, 0, z), (x + half, 0, z + float(random.uniform(-0.1, 0.1))))
        if ends is None:
            continue
        tone = mix(set_.light.at(paint, depth, 0.35), set_.light.ink_at(depth), 0.25)
        set_.canvas.stroke(ends, float(np.clip(set_.camera.focal / depth * 0.012, 1.0, 4.0)), tone, taper=(0.5, 0.5))


def water(set_: Scenery, z0: float, z1: float = FAR, *, x0: float = -900.0, x1: float = 900.0, y: float = 0.0) -> None:
    """Water from z0 to z1 with waves and the sky's light on it."""
    light = set_.light
    deep = mix(mix(light.sky_top, (52, 92, 108), 0.45), light.haze, 0.15)
    if light.sky_top[2] < 60:
        deep = mix(light.sky_top, (30, 52, 78), 0.5)
    edges = [z0 + (z1 - z0) * s**2.2 for s in np.linspace(0, 1, 9)]
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        shape = set_.area([(x0, y, a), (x1, y, a), (x1, y, b), (x0, y, b)])
        if len(shape) >= 3:
            share = min(1.0, max(0.0, (a - z0) / 260.0)) ** 0.6
            set_.canvas.fill(shape, mix(mix(deep, light.sky_low, 0.18), light.sky_low, share * 0.55))
    random = np.random.default_rng(set_.seed + 41)
    pale = mix(deep, light.sky_low, 0.62)
    for _ in range(190):
        z = z0 + 0.5 + min(z1 - z0 - 1, 120.0) * float(random.random()) ** 2.4
        depth = max(0.8, z - set_.camera.position[2])
        x = float(random.uniform(-0.7, 0.7)) * depth * 1.5
        if not x0 < x < x1:
            continue
        half = 0.02 * depth + float(random.uniform(0.15, 0.8))
        middle = float(random.uniform(0.01, 0.05))
        path = set_.camera.project(set_.world([(x - half, y, z), (x, y + middle, z), (x + half, y, z)]))
        tone = pale if random.random() < 0.6 else mix(deep, light.ink, 0.35)
        set_.canvas.stroke(path, float(np.clip(set_.camera.focal / depth * 0.02, 1.3, 5.0)), tone, taper=(0.5, 0.5))
    if light.sun and light.sky_top[2] < 170 or light.sun == "moon":
        _glitter(set_, z0, y)


def _glitter(set_: Scenery, z0: float, y: float) -> None:
    random = np.random.default_rng(set_.seed + 43)
    bright: Colour = (214, 226, 244) if set_.light.sun == "moon" else (255, 232, 180)
    bearing = set_.light.side * 0.33
    for _ in range(90):
        depth = 6 + 160 * float(random.random()) ** 1.7
        x = math.tan(bearing) * depth + float(random.normal(0, 0.035)) * depth
        z = set_.camera.position[2] + depth
        if z < z0:
            continue
        half = 0.012 * depth + 0.08
        path = set_.camera.project([(x - half, y, z), (x + half, y, z)])
        set_.canvas.stroke(
            path, float(np.clip(set_.camera.focal / depth * 0.02, 1.4, 4.0)), bright, alpha=190, taper=(0.5, 0.5)
        )


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
        if set_.faces_camera(corners[0], normal):  # type: ignore[arg-type]
            set_.panel(corners, tiles, lit=set_.lit_of(normal))  # type: ignore[arg-type]


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
            on = set_.light.lamps and random.random() < (0.75 if floor == 0 and shop else 0.36)
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


def _road(set_: Scenery, half: float, *, line: bool = True, paint: Colour = (112, 112, 118)) -> None:
    edges = [-30, 4, 9, 16, 28, 50, 90, 200, FAR]
    for z0, z1 in zip(edges[:-1], edges[1:], strict=True):
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


def _street(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, (150, 148, 146), 0.4))
    _road(set_, 2.6)
    for side in (-1.0, 1.0):
        for z in np.arange(-8, 40, 1.6):
            set_.rule(
                (side * 2.65, 0.0, z),
                (side * 4.6, 0.0, z),
                0.5,
                mix(set_.light.at(pal.stone, max(0.0, z), 0.4), set_.light.ink_at(max(0.0, z)), 0.2),
            )
    random = np.random.default_rng(set_.seed + 2)
    tones = [
        pal.wall,
        mix(pal.wall, pal.accent, 0.35),
        pal.stone,
        mix(pal.wall, pal.cloth, 0.35),
        mix(pal.stone, pal.earth, 0.5),
    ]
    for side in (-1.0, 1.0):
        z = -9.0
        for i in range(8):
            deep = float(random.uniform(6, 10))
            high = float(random.uniform(6.5, 13))
            house(
                set_,
                side * (4.7 + 4.0),
                z + deep / 2,
                8.0,
                deep,
                high,
                tones[int(random.integers(len(tones)))],
                floors=max(2, round(high / 3.1)),
                shop=True,
                seed=i + (50 if side > 0 else 0),
            )
            z += deep
        for z in (1.5, 12.0, 22.5, 33.0):
            lamp_post(set_, side * 3.0, z + (2.5 if side > 0 else 0), -side)
    parked_car(set_, -1.85, 9.0, mix(pal.cloth, (40, 40, 50), 0.2))
    parked_car(set_, 1.85, 17.0, mix(pal.accent, (60, 50, 50), 0.3))
    _skyline(set_, 150.0, 30.0, count=16)


def _skyline(set_: Scenery, distance: float, high: float, *, count: int = 24, seed: int = 0) -> None:
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


def _city(set_: Scenery) -> None:
    ground(set_, set_.palette.stone)
    _skyline(set_, 260.0, 95.0, count=22)
    _skyline(set_, 150.0, 46.0, count=18, seed=9)
    _road(set_, 5.0)
    for side in (-1.0, 1.0):
        for i, z in enumerate((14.0, 28.0, 44.0)):
            house(
                set_,
                side * (13 + i),
                z,
                11,
                12,
                16 + 6 * i,
                mix(set_.palette.stone, set_.palette.wall, 0.5),
                floors=5 + 2 * i,
                seed=i + int(side),
            )
        for z in (2.0, 14.0, 26.0):
            lamp_post(set_, side * 5.4, z, -side)


def _alley(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, (110, 108, 108), 0.5), lit=0.5)
    for side in (-1.0, 1.0):
        for i, z in enumerate((-6.0, 3.0, 12.0)):
            house(
                set_,
                side * 4.6,
                z + 4.5,
                5.2,
                9.0,
                8 + 1.5 * ((i + (side > 0)) % 2),
                mix(pal.wall, pal.accent, 0.3 if side < 0 else 0.0),
                floors=3,
                seed=i + int(side * 9),
            )
    house(set_, 0.0, 27.0, 12, 6, 11, pal.stone, floors=4, seed=7)
    for x, z in ((-1.6, 3.4), (1.5, 5.6)):
        set_.box((x - 0.35, 0, z - 0.3), (x + 0.35, 0.9, z + 0.3), mix(pal.cloth, (60, 66, 60), 0.4))
    for y in (3.2, 4.6):
        set_.later([(0, y, 7.0)], lambda y=y: set_.rule((-2.0, y, 7.0), (2.0, y - 0.3, 7.0), 0.9))  # type: ignore[misc]
    lamp_post(set_, -1.9, 6.0, 1.0)
    specks(set_, pal.stone, count=70)


def _village(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.leaf, pal.earth, 0.35))
    ridge(set_, 220, 34, mix(pal.leaf, pal.stone, 0.3), seed=1)
    ridge(set_, 110, 9, pal.leaf, seed=2, trees=True, rough=0.9)
    path = [
        (-0.9, 0.003, -30),
        (0.9, 0.003, -30),
        (0.8, 0.003, 6),
        (2.4, 0.003, 15),
        (1.2, 0.003, 15),
        (-0.8, 0.003, 6),
    ]
    set_.panel(path, pal.earth, lit=0.8, ink=0)
    house(set_, 3.6, 16.0, 6.5, 6.0, 3.4, pal.wall, roof="gable", floors=1, seed=1)
    house(set_, -9.5, 24.0, 6.0, 5.5, 3.2, mix(pal.wall, pal.accent, 0.3), roof="gable", floors=1, seed=2)
    tree(set_, -5.2, 13.0, 6.5)
    tree(set_, 9.2, 20.0, 7.5)
    _fence(set_, -9.0, -1.4, 7.5)
    _fence(set_, 1.4, 9.0, 7.5)
    tufts(set_, pal.leaf)


def _fence(set_: Scenery, x0: float, x1: float, z: float) -> None:
    def draw() -> None:
        for y in (0.45, 0.85):
            set_.rule((x0, y, z), (x1, y, z), 2.2, set_.light.at(set_.palette.wood, z, 0.6))
        for x in np.arange(x0, x1, 1.3):
            set_.panel(
                [(x, 0, z), (x + 0.1, 0, z), (x + 0.1, 1.1, z), (x, 1.1, z)], set_.palette.wood, lit=0.7, ink=0.7
            )

    set_.later([((x0 + x1) / 2, 0.5, z)], draw)


def _forest(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.leaf, pal.earth, 0.5), lit=0.6)
    ridge(set_, 70, 15, mix(pal.leaf, (60, 80, 70), 0.3), trees=True, rough=1.0, seed=1)
    ridge(set_, 42, 13, mix(pal.leaf, (60, 80, 70), 0.2), trees=True, rough=1.0, seed=2)
    random = np.random.default_rng(set_.seed + 4)
    for _ in range(34):
        z = float(random.uniform(3.5, 32))
        x = float(random.uniform(-1, 1)) * (3 + z * 0.75)
        if abs(x) < 1.3 and z < 9:
            continue
        tree(set_, x, z, float(random.uniform(7, 13)), pine=bool(random.random() < 0.6))
    tree(set_, -3.3, -0.6, 12.0)
    tree(set_, 3.9, 0.8, 11.0)
    tufts(set_, pal.leaf, count=190, tall=0.22)


def _park(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, pal.leaf)
    ridge(set_, 160, 22, mix(pal.leaf, pal.stone, 0.35), seed=1)
    ridge(set_, 90, 9, mix(pal.leaf, (70, 90, 80), 0.3), seed=3, trees=True, rough=0.9)
    for x, z, high in ((-7.5, 15, 7.5), (6.2, 20, 8.5), (-14, 30, 9), (13, 34, 9)):
        tree(set_, x, z, high)
    _fence(set_, 2.5, 12.0, 13.0)
    tufts(set_, pal.leaf, count=230, tall=0.24)


def _open_ground(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.earth, pal.leaf, 0.45))
    ridge(set_, 240, 42, mix(pal.stone, pal.leaf, 0.4), seed=1)
    ridge(set_, 120, 10, pal.leaf, seed=2, trees=True, rough=0.8)
    for x, z, high in ((-8.0, 19, 7.0), (10.5, 27, 8.0)):
        tree(set_, x, z, high)
    tufts(set_, mix(pal.leaf, pal.earth, 0.4), count=170)
    specks(set_, pal.earth, count=50)


def _country_road(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.earth, pal.leaf, 0.4))
    ridge(set_, 260, 50, mix(pal.stone, pal.leaf, 0.35), seed=1)
    ridge(set_, 140, 8, pal.leaf, seed=2, trees=True, rough=0.8)
    _road(set_, 2.9)
    for i, z in enumerate((2.0, 16.0, 32.0, 52.0, 80.0)):

        def pole(z: float = z) -> None:
            set_.rule((4.6, 0, z), (4.6, 7.0, z), 2.6)
            set_.rule((4.0, 6.4, z), (5.2, 6.4, z), 2.0)

        set_.later([(4.6, 3, z)], pole)
        if i:
            before = (2.0, 16.0, 32.0, 52.0, 80.0)[i - 1]
            for x in (4.05, 5.15):
                sag = [(x, 6.4, before), (x, 5.8, (before + z) / 2), (x, 6.4, z)]
                ends = set_.camera.project(set_.world(sag))
                set_.canvas.stroke(smooth(ends), 1.4, set_.light.ink_at(z), taper=(0.02, 0.02))
    tree(set_, -8.0, 20.0, 7.0)
    tufts(set_, mix(pal.leaf, pal.earth, 0.4), count=90, near=1.0)


def _beach(set_: Scenery) -> None:
    pal = set_.palette
    sand = mix(pal.earth, (226, 204, 164), 0.6)
    ground(set_, sand)
    water(set_, 12.0)
    ridge(set_, 300, 28, mix(pal.stone, pal.leaf, 0.3), seed=6)
    foam = [(x, 0.004, 11.6 + 0.7 * math.sin(x * 0.5)) for x in np.linspace(-40, 40, 60)]
    set_.canvas.stroke(set_.camera.project(set_.world(foam)), 7.0, set_.light.lit((240, 242, 236)), taper=(0.02, 0.02))
    specks(set_, sand, count=150, far=11.0)
    for x, z, size in ((-4.2, 6.5, 0.8), (5.6, 8.5, 1.2), (6.7, 8.0, 0.7)):
        _rock(set_, x, z, size)


def _rock(set_: Scenery, x: float, z: float, size: float) -> None:
    def draw() -> None:
        card = set_.card(x, z)
        shape = [
            (-size, 0),
            (-size * 0.8, size * 0.5),
            (-size * 0.2, size * 0.85),
            (size * 0.45, size * 0.7),
            (size * 0.9, size * 0.3),
            (size * 1.05, 0),
        ]
        card.flat(card.at(shape), set_.palette.stone, thickness=size * 0.35)
        card.stroke([(-size * 0.2, size * 0.8), (0, size * 0.4), (-size * 0.1, size * 0.1)], 0.9)

    set_.later([(x, 0.2, z)], draw)


def _sea(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, pal.earth, 0.4))
    water(set_, 4.5)
    ridge(set_, 320, 36, mix(pal.stone, pal.leaf, 0.35), seed=6)
    for x, z, size in ((-3.4, 3.2, 0.9), (3.8, 3.6, 1.1), (5.4, 3.0, 0.6), (-5.2, 2.4, 0.6)):
        _rock(set_, x, z, size)
    specks(set_, pal.stone, count=60, far=4.0)


def _harbour(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, pal.stone)
    water(set_, 5.0)
    ridge(set_, 260, 24, mix(pal.stone, pal.leaf, 0.4), seed=3)
    for i, x in enumerate((-26, -17, -9.5)):
        house(set_, x, 58 + 3 * i, 8, 6, 5 + i, mix(pal.wall, pal.accent, 0.25 * i), roof="gable", floors=2, seed=i)
    for z in np.arange(-6, 5, 0.5):
        set_.rule((-8, 0.01, z), (8, 0.01, z), 0.5, mix(set_.light.at(pal.wood, 4, 0.5), set_.light.ink, 0.3))
    for x in (-3.6, 3.4):
        set_.box((x - 0.14, 0, 4.4), (x + 0.14, 0.8, 4.7), pal.wood)
    boat(set_, 4.5, 12.0, 5.0)
    boat(set_, -7.5, 22.0, 6.5)
    put.stool(set_, -3.0, 2.2, 0.5)
    lamp_post(set_, -5.2, 3.8, 1.0)


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


def _deck(set_: Scenery) -> None:
    pal = set_.palette
    water(set_, -40.0, y=-2.2)
    ridge(set_, 320, 22, mix(pal.stone, pal.leaf, 0.4), seed=6)
    deck = [(-4.2, 0, -30), (4.2, 0, -30), (4.2, 0, 3.0), (2.2, 0, 8.0), (0, 0, 10.0), (-2.2, 0, 8.0), (-4.2, 0, 3.0)]
    set_.panel(deck, pal.wood, lit=0.75)
    for x in np.arange(-4.0, 4.2, 0.3):
        far = 3.0 + max(0.0, (4.2 - abs(x)) * 1.6)
        set_.rule((x, 0.004, -8), (x, 0.004, far), 0.5, mix(set_.light.at(pal.wood, 4, 0.4), set_.light.ink, 0.3))
    rail = [(-4.2, 3.0), (-2.2, 8.0), (0.0, 10.0), (2.2, 8.0), (4.2, 3.0)]

    def railing() -> None:
        for y in (0.5, 1.0):
            for (xa, za), (xb, zb) in zip(rail[:-1], rail[1:], strict=True):
                set_.rule((xa, y, za), (xb, y, zb), 1.8)
            for x in (-4.2, 4.2):
                set_.rule((x, y, -20), (x, y, 3.0), 1.8)
        for x, z in [*rail, (-4.2, 0.0), (4.2, 0.0)]:
            set_.rule((x, 0, z), (x, 1.02, z), 2.0)

    set_.later([(0, 0.5, 5.0)], railing)
    set_.box((2.2, 0, 2.2), (3.4, 0.9, 3.2), mix(pal.wood, pal.accent, 0.4))


def _cliff(set_: Scenery) -> None:
    pal = set_.palette
    water(set_, -60.0, y=-28.0)
    ridge(set_, 320, 30, mix(pal.stone, pal.leaf, 0.3), seed=6)
    edge = [
        (-60, 0, 12),
        (-22, 0, 13),
        (-9, 0, 9.0),
        (-3, 0, 7.5),
        (2, 0, 8.6),
        (7, 0, 6.0),
        (14, 0, 9.0),
        (40, 0, 7.0),
        (70, 0, 10),
    ]
    drop = [(x * 1.02, -28.0, z + 2.5) for x, _, z in reversed(edge)]
    set_.panel([*edge, *drop], pal.stone, lit=0.5)
    top = [(-60, 0, -30), (60, 0, -30), *reversed(edge)]
    set_.panel(top, mix(pal.leaf, pal.earth, 0.25), lit=0.85)
    head = [(-90, -28, 60), (-70, 4, 60), (-46, 7, 62), (-36, 2, 64), (-30, -14, 66), (-26, -28, 66)]
    set_.panel(head, mix(pal.stone, pal.leaf, 0.3), lit=0.6)
    tufts(set_, pal.leaf, count=190, far=7.0, tall=0.22)


def _lighthouse(set_: Scenery) -> None:
    _cliff(set_)
    pal = set_.palette

    def tower() -> None:
        card = set_.card(-7.5, 26.0, -1.0)
        body = [(-2.2, 0), (-1.5, 13), (1.5, 13), (2.2, 0)]
        curve = card.flat(card.at(body), (232, 228, 218), thickness=1.3)
        with card.within(curve) as inner:
            if inner is not None:
                for y in (2.2, 7.4):
                    inner.patch(
                        [(-3, y), (3, y), (3, y + 2.6), (-3, y + 2.6)],
                        inner.mid(mix(pal.accent, (176, 60, 52), 0.6)),
                        curved=False,
                    )
                inner.patch([(0.6, -1), (0.5, 14), (3, 14), (3, -1)], inner.dim((120, 120, 130)), 90, curved=False)
        card.canvas.contour(curve, card.pen, card.ink)
        card.flat(card.at([(-2.0, 13), (-2.0, 13.5), (2.0, 13.5), (2.0, 13)]), (90, 88, 92), thickness=0.2)
        lamp: Colour = (255, 240, 190) if set_.light.lamps else card.mid((206, 222, 224))
        card.patch([(-1.1, 13.5), (-1.1, 15.4), (1.1, 15.4), (1.1, 13.5)], lamp, curved=False)
        for x in (-1.1, -0.4, 0.4, 1.1):
            card.stroke([(x, 13.5), (x, 15.4)], 1.0, taper=(0.01, 0.01))
        card.flat(card.at([(-1.4, 15.4), (0, 17.0), (1.4, 15.4)]), mix(pal.accent, (150, 56, 50), 0.6), thickness=0.4)
        if set_.light.lamps:
            for s in (-1.0, 1.0):
                beam = [(s * 0.6, 14.6), (s * 70, 21.0), (s * 70, 12.5)]
                card.canvas.fill(card.at(beam), (255, 240, 196), 46)

    set_.later([(-7.5, 5, 26.0)], tower)
    house(set_, -2.2, 28.0, 5.0, 4.5, 2.8, pal.wall, roof="gable", floors=1, seed=3)
    if set_.light.lamps:
        set_.glow((-7.5, 13.5, 26.0), 4.5, LAMP, 0.8)


def _mountains(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.leaf, pal.stone, 0.35))
    ridge(set_, 380, 165, mix(pal.stone, (150, 160, 180), 0.5), rough=1.2, seed=1)
    ridge(set_, 230, 78, mix(pal.stone, pal.leaf, 0.3), rough=1.0, seed=2)
    ridge(set_, 120, 18, mix(pal.leaf, (60, 84, 74), 0.4), trees=True, rough=1.0, seed=3)
    for x, z, high in ((-9, 20, 8), (-12.5, 24, 9.5), (11, 22, 8.5), (15, 30, 9)):
        tree(set_, x, z, high, pine=True)
    for x, z, size in ((-3.8, 5.5, 0.7), (4.6, 7.5, 1.1)):
        _rock(set_, x, z, size)
    tufts(set_, mix(pal.leaf, pal.earth, 0.3), count=120)


def _desert(set_: Scenery) -> None:
    pal = set_.palette
    sand = mix(pal.earth, (222, 184, 128), 0.65)
    ground(set_, sand)
    ridge(set_, 300, 60, mix(sand, pal.stone, 0.55), rough=0.9, seed=1)
    ridge(set_, 130, 12, sand, rough=0.15, seed=2)
    ridge(set_, 60, 4.0, mix(sand, (255, 240, 210), 0.15), rough=0.1, seed=3)
    specks(set_, sand, count=170, long=0.6)
    _rock(set_, 5.5, 9.0, 0.8)
    tree(set_, -6.5, 14.0, 3.4, bare=True)


def _rooftop(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, set_.light.haze, 0.3))
    set_.canvas.fill(
        set_.area([(-900, 0, 5.2), (900, 0, 5.2), (900, 0, FAR), (-900, 0, FAR)]), set_.light.at(pal.stone, 90, 0.3)
    )
    _skyline(set_, 240.0, 80.0, count=20)
    _skyline(set_, 110.0, 26.0, count=14, seed=5)
    set_.panel(
        [(-9, 0.0, -30), (9, 0.0, -30), (9, 0.0, 5.0), (-9, 0.0, 5.0)], mix(pal.stone, (120, 116, 116), 0.4), lit=0.7
    )
    specks(set_, pal.stone, count=60, far=4.5)
    set_.box((-9, 0, 4.9), (9, 0.95, 5.2), pal.wall)
    set_.box((3.0, 0, 2.4), (4.9, 2.4, 4.3), mix(pal.wall, pal.accent, 0.25))
    for x in (-4.4, -3.9):
        set_.box((x - 0.16, 0, 3.2), (x + 0.16, 1.6, 3.5), mix(pal.stone, (80, 80, 84), 0.4))

    def aerial() -> None:
        set_.rule((-2.6, 0, 4.2), (-2.6, 3.4, 4.2), 1.6)
        for y in (2.4, 2.8, 3.2):
            set_.rule((-3.1, y, 4.2), (-2.1, y, 4.2), 1.2)

    set_.later([(-2.6, 1.5, 4.2)], aerial)


_OPEN: dict[str, Callable[[Scenery], None]] = {
    "street": _street,
    "city": _city,
    "alley": _alley,
    "village": _village,
    "forest": _forest,
    "park": _park,
    "road": _country_road,
    "beach": _beach,
    "sea": _sea,
    "harbour": _harbour,
    "deck": _deck,
    "cliff": _cliff,
    "lighthouse": _lighthouse,
    "mountains": _mountains,
    "desert": _desert,
    "rooftop": _rooftop,
}
