"""Open sets: ground to the horizon, and what the location's name puts on it. Metres, as everywhere on the stage."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from . import furniture as put
from .buildings import LAMP, boat, fence, house, lamp_post, parked_car, road, skyline
from .ink import Colour, mix, smooth
from .scenery import Scenery
from .terrain import FAR, ground, ridge, rock, specks, tree, tufts, water


def build(set_: Scenery, kind: str) -> None:
    """Draw an open set. The sky is already there."""
    _OPEN.get(kind, _open_ground)(set_)


def _street(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, (150, 148, 146), 0.4))
    road(set_, 2.6)
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
    skyline(set_, 150.0, 30.0, count=16)


def _city(set_: Scenery) -> None:
    ground(set_, set_.palette.stone)
    skyline(set_, 260.0, 95.0, count=22)
    skyline(set_, 150.0, 46.0, count=18, seed=9)
    road(set_, 5.0)
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
    fence(set_, -9.0, -1.4, 7.5)
    fence(set_, 1.4, 9.0, 7.5)
    tufts(set_, pal.leaf)


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
    fence(set_, 2.5, 12.0, 13.0)
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
    road(set_, 2.9)
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
        rock(set_, x, z, size)


def _sea(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, pal.earth, 0.4))
    water(set_, 4.5)
    ridge(set_, 320, 36, mix(pal.stone, pal.leaf, 0.35), seed=6)
    for x, z, size in ((-3.4, 3.2, 0.9), (3.8, 3.6, 1.1), (5.4, 3.0, 0.6), (-5.2, 2.4, 0.6)):
        rock(set_, x, z, size)
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
            for (xa, za), (xb, zb) in pairwise(rail):
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
    for x, z, high in ((-9.0, 20.0, 8.0), (-12.5, 24.0, 9.5), (11.0, 22.0, 8.5), (15.0, 30.0, 9.0)):
        tree(set_, x, z, high, pine=True)
    for x, z, size in ((-3.8, 5.5, 0.7), (4.6, 7.5, 1.1)):
        rock(set_, x, z, size)
    tufts(set_, mix(pal.leaf, pal.earth, 0.3), count=120)


def _desert(set_: Scenery) -> None:
    pal = set_.palette
    sand = mix(pal.earth, (222, 184, 128), 0.65)
    ground(set_, sand)
    ridge(set_, 300, 60, mix(sand, pal.stone, 0.55), rough=0.9, seed=1)
    ridge(set_, 130, 12, sand, rough=0.15, seed=2)
    ridge(set_, 60, 4.0, mix(sand, (255, 240, 210), 0.15), rough=0.1, seed=3)
    specks(set_, sand, count=170, long=0.6)
    rock(set_, 5.5, 9.0, 0.8)
    tree(set_, -6.5, 14.0, 3.4, bare=True)


def _rooftop(set_: Scenery) -> None:
    pal = set_.palette
    ground(set_, mix(pal.stone, set_.light.haze, 0.3))
    set_.canvas.fill(
        set_.area([(-900, 0, 5.2), (900, 0, 5.2), (900, 0, FAR), (-900, 0, FAR)]), set_.light.at(pal.stone, 90, 0.3)
    )
    skyline(set_, 240.0, 80.0, count=20)
    skyline(set_, 110.0, 26.0, count=14, seed=5)
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
