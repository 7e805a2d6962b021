"""Land and water: the ground to the horizon, hills, trees, grass, rocks and waves. Metres, as on the whole stage."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from .ink import Colour, mix, smooth
from .scenery import Scenery

FAR = 400.0


def ground(set_: Scenery, paint: Colour, *, near: float = -30.0, lit: float = 0.8) -> None:
    """The plane people stand on, in bands that fade with distance."""
    if set_.weather == "snowy":
        paint = mix(paint, (238, 242, 248), 0.78)
    elif set_.weather in {"rainy", "stormy"}:
        paint = mix(paint, set_.light.sky_low, 0.10)
        lit -= 0.12
    edges = [near, *(1.2 * 1.22**n - 1.2 for n in range(30)), FAR]
    for z0, z1 in pairwise(edges):
        reach = 40 + abs(z1) * 3
        corners = [(-reach, 0, z0), (reach, 0, z0), (reach, 0, z1 + 0.3), (-reach, 0, z1 + 0.3)]
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
    if rough > 0.7 and not trees:
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
    for a, b in pairwise(edges):
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
    if (light.sun and light.sky_top[2] < 170) or light.sun == "moon":
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


def rock(set_: Scenery, x: float, z: float, size: float) -> None:
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
