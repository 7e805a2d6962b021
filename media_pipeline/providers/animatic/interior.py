"""Rooms: walls in perspective, a window with the hour's light, and the furniture the location's name asks for."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from . import furniture as put
from . import openings
from .ink import Colour, mix
from .rooms import ROOMS, Room, shell, sun_patch, visible_side
from .scenery import Scenery


def build(set_: Scenery, kind: str) -> Room:
    """Draw the shell of a room and put off its furniture."""
    room = ROOMS.get(kind, Room())
    shell(set_, room)
    _FITTINGS.get(kind, _fit_room)(set_, room)
    return room


def _fit_room(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-0.9, 0.95, b), (0.7, 2.15, b)), curtain=True)
    sun_patch(set_, -0.1, b, 1.5)
    openings.picture(set_, 1.4 * s - 0.3, 1.4 * s + 0.35, 1.35, 1.85, b)
    put.counter(set_, s * 2.0 - 0.7, s * 2.0 + 0.7, b - 0.45, b, 0.8)
    put.plant(set_, s * 2.3, b - 0.25, 0.5, 0.8)
    openings.door(set_, ((s * room.half, 0, 0.2), (s * room.half, 2.05, 1.05)))
    put.hanging_lamp(set_, 0.2, 1.2, 2.1, room.ceiling)
    put.chair(set_, -s * 1.9, b - 0.6)


def _fit_kitchen(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-0.65, 1.15, b), (0.75, 2.1, b)), curtain=True)
    sun_patch(set_, 0.0, b - 0.6, 1.3)
    put.counter(set_, -2.3, 2.3, b - 0.6, b)
    put.cupboards(set_, -2.3, -1.0, b)
    put.cupboards(set_, 1.1, 2.3, b)
    put.stove(set_, 1.5, b - 0.6)
    put.fridge(set_, -2.65, b - 0.4)
    put.plant(set_, -0.4, b - 0.3, 0.36, 0.92)
    put.hanging_lamp(set_, -0.1, 0.9, 2.0, room.ceiling)
    put.table(set_, s * 1.35, 1.15, 1.3, 0.75)
    put.chair(set_, s * 1.35, 1.75)


def _fit_living(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-2.2 * s - 0.7, 0.9, b), (-2.2 * s + 0.7, 2.15, b)), curtain=True)
    sun_patch(set_, -2.0 * s, b, 1.3)
    set_.panel(
        [(-1.6, 0.004, 0.2), (1.6, 0.004, 0.2), (1.6, 0.004, 2.0), (-1.6, 0.004, 2.0)], set_.palette.accent, lit=0.55
    )
    openings.picture(set_, -0.4, 0.4, 1.35, 1.9, b)
    openings.picture(set_, 0.62, 0.95, 1.4, 1.8, b)
    put.sofa(set_, 0.1, b - 0.6)
    put.floor_lamp(set_, 1.5 * s, b - 0.35)
    put.shelf(set_, s * 2.5 - 0.55, s * 2.5 + 0.55, b, 2.0)
    put.plant(set_, -1.25 * s, b - 0.4, 0.9)
    openings.door(set_, ((s * room.half, 0, -0.4), (s * room.half, 2.05, 0.5)))


def _fit_bedroom(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-1.9 * s - 0.65, 0.95, b), (-1.9 * s + 0.65, 2.15, b)), curtain=True)
    sun_patch(set_, -1.7 * s, b, 1.2)
    openings.picture(set_, 0.15, 0.75, 1.5, 1.95, b)
    put.bed(set_, 0.6 * s, b - 1.15)
    put.counter(set_, 0.6 * s + 0.85, 0.6 * s + 1.3, b - 0.42, b, 0.55)
    put.floor_lamp(set_, -0.7 * s, b - 0.3)
    put.shelf(set_, s * 2.7 - 0.5, s * 2.7 + 0.5, b, 2.05, filled="boxes", deep=0.5)
    openings.door(set_, ((s * room.half, 0, -0.6), (s * room.half, 2.05, 0.3)))


def _fit_office(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-1.3, 0.95, b), (1.1, 2.25, b)), bars=(3, 9))
    sun_patch(set_, 0, b, 2.0)
    put.shelf(set_, s * 2.35 - 0.6, s * 2.35 + 0.6, b, 2.1)
    put.counter(set_, -s * 2.3 - 0.45, -s * 2.3 + 0.45, b - 0.5, b, 1.25)
    put.table(set_, -0.1, 1.75, 1.7, 0.75)
    put.screen(set_, 0.35, 0.88, 1.85)
    put.chair(set_, -0.1, 2.3)
    put.hanging_lamp(set_, -0.7, 1.5, 2.15, room.ceiling, size=0.26)
    openings.door(set_, ((s * room.half, 0, -0.2), (s * room.half, 2.05, 0.7)))


def _fit_bar(set_: Scenery, room: Room) -> None:
    b = room.back
    put.shelf(set_, -1.9, 1.9, b, 2.3, filled="bottles")
    put.counter(set_, -2.4, 2.4, 1.25, 1.75, 1.08, doors=False)
    for x in (-1.9, -1.0, 1.05, 1.95):
        put.stool(set_, x, 0.95)
    for x in (-1.5, 0.0, 1.5):
        put.hanging_lamp(set_, x, 1.4, 2.0, room.ceiling, size=0.18)


def _fit_cafe(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-2.2, 0.7, b), (1.4, 2.25, b)), bars=(4, 1))
    sun_patch(set_, -0.4, b, 3.0)
    for x, z in ((-1.7, 1.9), (1.5, 1.7), (0.1, 2.2)):
        put.table(set_, x, z, 0.75, 0.7)
        put.chair(set_, x - 0.2, z + 0.5)
    put.counter(set_, s * 2.4 - 0.5, s * 2.4 + 0.7, b - 0.7, b, 1.05)
    openings.door(set_, ((s * room.half, 0, -0.4), (s * room.half, 2.1, 0.55)))
    for x in (-1.6, 0.0, 1.5):
        put.hanging_lamp(set_, x, 1.6, 2.05, room.ceiling, size=0.17)


def _fit_corridor(set_: Scenery, room: Room) -> None:
    half, b = room.half, room.back
    for z in (0.8, 3.0, 5.2, 7.2):
        openings.door(set_, ((-half, 0, z), (-half, 2.05, z + 0.9)))
        openings.door(set_, ((half, 0, z + 0.9), (half, 2.05, z)))
    openings.door(set_, ((-0.5, 0, b), (0.5, 2.1, b)), mix(set_.palette.cloth, set_.palette.wood, 0.3))
    on = set_.light.lamps
    for z in (-1.5, 1.2, 3.9, 6.6):
        if set_.faces_camera((0, room.ceiling, z), (0, -1, 0)):
            set_.panel(
                [
                    (-0.28, room.ceiling - 0.01, z),
                    (0.28, room.ceiling - 0.01, z),
                    (0.28, room.ceiling - 0.01, z + 1.0),
                    (-0.28, room.ceiling - 0.01, z + 1.0),
                ],
                (255, 250, 228) if on else (238, 238, 230),
                raw=True,
            )
            set_.glow((0, room.ceiling - 0.1, z + 0.5), 0.9, (255, 240, 206), 0.4 if on else 0.15)


def _fit_hospital(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-1.9 * s - 0.75, 1.0, b), (-1.9 * s + 0.75, 2.2, b)), bars=(2, 1))
    sun_patch(set_, -1.7 * s, b, 1.4)
    put.bed(set_, 0.9 * s, b - 1.2, wide=1.0, rails=True)
    set_.panel(
        [(0.1 * s, 1.35, b), (0.5 * s, 1.35, b), (0.5 * s, 1.65, b), (0.1 * s, 1.65, b)], (70, 96, 100), raw=True
    )
    pulse = [(0.12, 1.5), (0.2, 1.5), (0.24, 1.6), (0.28, 1.42), (0.32, 1.5), (0.48, 1.5)]
    for (x0, y0), (x1, y1) in pairwise(pulse):
        set_.rule((x0 * s, y0, b - 0.01), (x1 * s, y1, b - 0.01), 1.4, (150, 236, 190))

    def stand() -> None:
        x, z = 1.7 * s, b - 0.8
        set_.rule((x, 0.05, z), (x, 1.9, z), 1.8)
        card = set_.card(x, z, 1.5)
        card.solid([(-0.09, 0.0), (0.09, 0.0), (0.09, 0.3), (-0.09, 0.3)], (214, 226, 230), thickness=0.04)

    set_.later([(1.7 * s, 1.0, b - 0.8)], stand)
    cloth: Colour = (176, 200, 198)
    for i in range(9):
        z0 = -0.6 + i * 0.28
        set_.panel(
            [
                (s * 2.5, 0.3, z0),
                (s * 2.5 + 0.06 * (-1) ** i, 0.3, z0 + 0.28),
                (s * 2.5 + 0.06 * (-1) ** i, 2.2, z0 + 0.28),
                (s * 2.5, 2.2, z0),
            ],
            cloth,
            lit=0.5 + 0.3 * (i % 2),
            ink=0.7,
        )
    put.hanging_lamp(set_, 0.0, 1.4, 2.4, room.ceiling, size=0.3)


def _fit_bathroom(set_: Scenery, room: Room) -> None:
    b = room.back
    put.counter(set_, -0.9, 0.9, b - 0.5, b, 0.85)
    set_.panel(
        [(-0.7, 1.15, b), (0.7, 1.15, b), (0.7, 2.05, b), (-0.7, 2.05, b)],
        mix(set_.palette.wall, (214, 230, 236), 0.65),
        lit=0.9,
    )
    set_.rule((-0.5, 1.3, b - 0.01), (-0.1, 1.9, b - 0.01), 1.0, (244, 250, 252))
    put.hanging_lamp(set_, 0.0, b - 0.2, 2.25, room.ceiling, size=0.3)
    openings.door(set_, ((visible_side(set_) * room.half, 0, -0.2), (visible_side(set_) * room.half, 2.05, 0.65)))


def _fit_library(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    for x in (-2.5, -1.25, 1.25, 2.5):
        put.shelf(set_, x - 0.6, x + 0.6, b, 2.6)
    openings.window(set_, ((-0.5, 1.0, b), (0.5, 2.5, b)), bars=(2, 4))
    sun_patch(set_, 0, b, 1.0)
    put.table(set_, s * 1.6, 1.6, 1.5, 0.8)
    put.hanging_lamp(set_, s * 1.4, 1.4, 2.1, room.ceiling)


def _fit_workshop(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    openings.window(set_, ((-1.9 * s - 0.6, 1.3, b), (-1.9 * s + 0.6, 2.2, b)), bars=(3, 2))
    sun_patch(set_, -1.8 * s, b, 1.2)
    set_.panel(
        [(-0.9, 1.2, b), (1.5, 1.2, b), (1.5, 2.2, b), (-0.9, 2.2, b)],
        mix(set_.palette.wood, (230, 206, 170), 0.35),
        lit=0.6,
    )
    random = np.random.default_rng(set_.seed + 3)
    for i in range(9):
        x, top = -0.75 + i * 0.26, 2.05
        long = float(random.uniform(0.25, 0.6))
        set_.rule((x, top, b - 0.01), (x, top - long, b - 0.01), 2.4)
        set_.rule(
            (x - 0.07, top - long * (0.1 if i % 2 else 0.95), b - 0.01),
            (x + 0.07, top - long * (0.1 if i % 2 else 0.95), b - 0.01),
            3.0,
        )
    put.counter(set_, -1.3, 1.9, b - 0.65, b, 0.9, doors=False)
    put.shelf(set_, s * 2.9 - 0.6, s * 2.9 + 0.6, b, 2.2, filled="boxes", deep=0.5)
    put.hanging_lamp(set_, 0.3, 1.3, 2.1, room.ceiling, size=0.28)
    put.stool(set_, -1.5 * s, 1.6, 0.6)


def _fit_ship(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    for x in (-0.9, 0.35):
        openings.porthole(set_, x, 1.55, b)
    put.bed(set_, s * 1.5, b - 1.1, wide=0.9)
    put.table(set_, -s * 1.3, b - 0.5, 1.0, 0.55)
    for y in (2.05, 2.15):
        set_.rule((-room.half, y, b - 0.05), (room.half, y, b - 0.05), 3.0, set_.light.at((120, 116, 108), 3))
    put.hanging_lamp(set_, 0.0, 1.0, 1.9, room.ceiling, size=0.15)


def _fit_spaceship(set_: Scenery, room: Room) -> None:
    b = room.back
    set_.panel([(-1.7, 1.1, b), (1.7, 1.1, b), (1.3, 2.15, b), (-1.3, 2.15, b)], (14, 18, 34), raw=True)
    random = np.random.default_rng(set_.seed)
    for _ in range(60):
        spot = (random.uniform(-1.3, 1.3), random.uniform(1.15, 2.1), b)
        set_.canvas.disc(set_.camera.project(set_.world([spot])), 1.6, (226, 232, 250))
    put.counter(set_, -1.9, 1.9, b - 0.7, b, 0.85, doors=False)
    for x in (-1.2, 0.0, 1.2):
        put.screen(set_, x, 0.95, b - 0.6, 0.6, 0.3)


def _fit_church(set_: Scenery, room: Room) -> None:
    b, half = room.back, room.half
    _arch(set_, 0.0, 1.6, b, 1.3, 4.6)
    for z in (1.2, 3.6, 6.0):
        for x in (-half + 0.6, half - 0.6):
            set_.box((x - 0.22, 0, z), (x + 0.22, room.ceiling, z + 0.44), set_.palette.stone)
    for row in range(4):
        z = 0.9 + row * 1.35
        for x0, x1 in ((-2.9, -0.75), (0.75, 2.9)):
            set_.box((x0, 0.0, z), (x1, 0.85, z + 0.07), set_.palette.wood)
            set_.box((x0, 0.38, z - 0.4), (x1, 0.45, z), set_.palette.wood)


def _arch(set_: Scenery, x: float, low: float, z: float, wide: float, high: float) -> None:
    turn = np.linspace(0, math.pi, 12)
    crown = [(x + wide * math.cos(t), high - wide + wide * 1.3 * math.sin(t), z) for t in turn]
    outline = [(x + wide, low, z), *crown, (x - wide, low, z)]
    glass = mix(set_.light.sky_low, set_.palette.accent, 0.25)
    set_.panel(outline, glass, raw=True)
    for u in (-0.5, 0.0, 0.5):
        set_.rule((x + u * wide, low, z), (x + u * wide, high - wide * 0.2, z), 1.6)
    for y in np.arange(low + 0.6, high - 0.5, 0.7):
        set_.rule((x - wide, y, z), (x + wide, y, z), 1.2)
    set_.glow((x, (low + high) / 2, z), wide * 2.2, mix(glass, (255, 240, 210), 0.5), 0.35)


def _fit_lighthouse(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    _arch(set_, -0.8 * s, 1.0, b, 0.42, 2.1)
    sun_patch(set_, -0.7 * s, b, 0.8)
    put.table(set_, 1.0 * s, b - 0.6, 1.2, 0.6)
    put.chair(set_, 1.9 * s, b - 0.7)
    for i in range(9):
        z = b - 0.3 - i * 0.28
        x = s * room.half
        set_.box(
            (x - 0.7 if s > 0 else x, 0.2 + i * 0.2, z - 0.28),
            (x if s > 0 else x + 0.7, 0.26 + i * 0.2, z),
            set_.palette.wood,
        )
    put.hanging_lamp(set_, 0.4 * s, 1.1, 2.2, room.ceiling, size=0.18)


def _fit_lamp_room(set_: Scenery, room: Room) -> None:
    b, half = room.back, room.half
    for x in np.arange(-half, half - 0.2, 1.0):
        openings.window(set_, ((x + 0.04, 0.75, b), (x + 0.96, 2.75, b)), bars=(1, 3))
    for z in (0.2, 1.2):
        openings.window(set_, ((-half, 0.75, z), (-half, 2.75, z + 0.95)), bars=(1, 3))
        openings.window(set_, ((half, 0.75, z + 0.95), (half, 2.75, z)), bars=(1, 3))

    def lens() -> None:
        card = set_.card(0.0, 1.5, 0.0)
        card.flat(card.at([(-0.35, 0), (0.35, 0), (0.28, 0.9), (-0.28, 0.9)]), (110, 104, 92), thickness=0.2)
        card.solid(
            [
                (-0.48, 0.95),
                (-0.58, 1.5),
                (-0.46, 2.05),
                (0.0, 2.3),
                (0.46, 2.05),
                (0.58, 1.5),
                (0.48, 0.95),
                (0.0, 0.85),
            ],
            (206, 222, 216),
            thickness=0.25,
        )
        for y in np.arange(1.0, 2.2, 0.13):
            bend = 0.55 * math.sqrt(max(0.05, 1 - ((y - 1.5) / 0.85) ** 2))
            card.stroke([(-bend, y), (0, y - 0.05), (bend, y)], 0.8, taper=(0.05, 0.05))
        card.patch([(-0.14, 1.5), (0, 1.72), (0.14, 1.5), (0, 1.28)], (255, 244, 206))

    set_.later([(0.0, 1.2, 1.5)], lens)
    set_.glow((0, 1.5, 1.5), 1.4, (255, 236, 180), 0.65 if set_.light.lamps else 0.25)


def _fit_prison(set_: Scenery, room: Room) -> None:
    b = room.back
    openings.window(set_, ((-0.4, 1.75, b), (0.4, 2.25, b)), bars=(5, 1))
    sun_patch(set_, 0, b, 0.8)
    put.bed(set_, visible_side(set_) * 1.3, b - 1.1, wide=0.8)
    put.hanging_lamp(set_, 0, 1.0, 2.3, room.ceiling, size=0.15)


def _fit_classroom(set_: Scenery, room: Room) -> None:
    b = room.back
    set_.panel([(-1.7, 0.95, b), (1.7, 0.95, b), (1.7, 2.2, b), (-1.7, 2.2, b)], (58, 84, 74), lit=0.75)
    for i, y in enumerate((1.9, 1.65, 1.4)):
        set_.rule((-1.3, y, b - 0.01), (-1.3 + 1.4 - 0.3 * i, y, b - 0.01), 1.4, (206, 216, 208))
    for x in (-2.3, -0.9, 0.9, 2.3):
        put.table(set_, x, 1.5, 0.8, 0.5, 0.7)
        put.chair(set_, x, 0.95, facing=1.0)
    s = visible_side(set_)
    openings.window(
        set_, ((s * room.half, 1.0, 2.2 if s > 0 else 0.2), (s * room.half, 2.4, 0.2 if s > 0 else 2.2)), bars=(3, 2)
    )
    put.hanging_lamp(set_, 0, 1.2, 2.5, room.ceiling, size=0.3)


def _fit_train(set_: Scenery, room: Room) -> None:
    half = room.half
    for z in np.arange(-1.2, 4.4, 1.35):
        openings.window(set_, ((-half, 0.85, z), (-half, 1.75, z + 1.1)), bars=(1, 1))
        openings.window(set_, ((half, 0.85, z + 1.1), (half, 1.75, z)), bars=(1, 1))
        if z > 0.2:
            for x0, x1 in ((-half + 0.05, -0.35), (0.35, half - 0.05)):
                set_.box((x0, 0.0, z), (x1, 0.46, z + 0.5), set_.palette.cloth)
                set_.box((x0, 0.46, z + 0.42), (x1, 1.2, z + 0.56), set_.palette.cloth)
    openings.door(set_, ((-0.42, 0, room.back), (0.42, 2.0, room.back)))
    set_.glow((0, room.ceiling, 1.0), 1.0, (255, 246, 216), 0.4 if set_.light.lamps else 0.1)


def _fit_shop(set_: Scenery, room: Room) -> None:
    s, b = visible_side(set_), room.back
    for x in (-2.4, -1.1, 1.1, 2.4):
        put.shelf(set_, x - 0.6, x + 0.6, b, 2.1, filled="boxes" if x < 0 else "bottles")
    openings.door(set_, ((-0.45, 0, b), (0.45, 2.1, b)))
    put.counter(set_, s * 1.9 - 0.7, s * 1.9 + 0.9, 1.2, 1.75, 0.95)
    put.hanging_lamp(set_, 0, 1.3, 2.2, room.ceiling, size=0.24)


_FITTINGS: dict[str, Callable[[Scenery, Room], None]] = {
    "kitchen": _fit_kitchen,
    "living": _fit_living,
    "bedroom": _fit_bedroom,
    "office": _fit_office,
    "bar": _fit_bar,
    "cafe": _fit_cafe,
    "corridor": _fit_corridor,
    "hospital": _fit_hospital,
    "laboratory": _fit_office,
    "bathroom": _fit_bathroom,
    "library": _fit_library,
    "workshop": _fit_workshop,
    "ship": _fit_ship,
    "spaceship": _fit_spaceship,
    "church": _fit_church,
    "lighthouse": _fit_lighthouse,
    "lamp_room": _fit_lamp_room,
    "prison": _fit_prison,
    "classroom": _fit_classroom,
    "train": _fit_train,
    "shop": _fit_shop,
}
