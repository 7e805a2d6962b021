"""The shell of a room: floor, walls and ceiling in perspective, with their surfaces."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .ink import mix
from .scenery import Scenery

CEILING = 2.75


@dataclass(frozen=True)
class Room:
    """Half width, depth of the back wall and height, in metres of the set."""

    half: float = 3.3
    back: float = 2.9
    ceiling: float = CEILING
    floor: str = "boards"
    walls: str = "plain"


ROOMS: dict[str, Room] = {
    "corridor": Room(1.35, 9.0, 2.6, "tiles", "dado"),
    "kitchen": Room(3.0, 2.7, CEILING, "tiles", "plain"),
    "bathroom": Room(2.2, 2.2, CEILING, "tiles", "tiles"),
    "hospital": Room(3.2, 3.0, CEILING, "plain", "dado"),
    "laboratory": Room(3.6, 3.2, CEILING, "plain", "plain"),
    "church": Room(4.4, 9.0, 7.0, "flags", "stone"),
    "lighthouse": Room(2.5, 2.5, 3.4, "flags", "stone"),
    "lamp_room": Room(2.5, 2.4, 3.2, "boards", "plain"),
    "prison": Room(2.0, 2.4, 2.7, "plain", "stone"),
    "workshop": Room(3.8, 3.4, 3.3, "plain", "planks"),
    "ship": Room(2.3, 2.4, 2.3, "boards", "steel"),
    "spaceship": Room(2.8, 3.2, 2.6, "plain", "steel"),
    "library": Room(3.4, 3.2, 3.2, "boards", "plain"),
    "bar": Room(3.6, 3.2, 2.9, "boards", "planks"),
    "classroom": Room(4.0, 3.6, 3.0, "boards", "dado"),
    "train": Room(1.6, 5.0, 2.3, "plain", "plain"),
}


def shell(set_: Scenery, room: Room) -> None:
    pal, light = set_.palette, set_.light
    canvas = set_.canvas
    canvas.fill(
        [(0, 0), (canvas.size[0], 0), canvas.size, (0, canvas.size[1])],
        light.at(mix(pal.wall, (60, 56, 60), 0.4), 6, 0.2),
    )
    near, half, back, top = -26.0, room.half, room.back, room.ceiling
    set_.panel([(-half, 0, near), (half, 0, near), (half, 0, back), (-half, 0, back)], pal.floor, lit=0.72, ink=0)
    _floor(set_, room)
    if set_.faces_camera((0, top, 0), (0, -1, 0)):
        set_.panel(
            [(-half, top, near), (half, top, near), (half, top, back), (-half, top, back)],
            mix(pal.wall, (255, 252, 244), 0.35),
            lit=0.30,
            ink=0,
        )
    walls = [
        ((0, 0, -1), [(-half, 0, back), (half, 0, back), (half, top, back), (-half, top, back)]),
        ((1, 0, 0), [(-half, 0, near), (-half, 0, back), (-half, top, back), (-half, top, near)]),
        ((-1, 0, 0), [(half, 0, back), (half, 0, near), (half, top, near), (half, top, back)]),
    ]
    for normal, corners in walls:
        if set_.faces_camera(corners[0], normal):
            set_.panel(corners, pal.wall, lit=0.25 + 0.6 * set_.lit_of(normal), ink=0)
            _wall_finish(set_, room, corners)
    for x in (-half, half):
        set_.rule((x, 0, back), (x, top, back), 1.4)
        set_.rule((x, 0, near), (x, 0, back), 1.4)
        set_.rule((x, top, near), (x, top, back), 1.1)
    set_.rule((-half, 0, back), (half, 0, back), 1.4)
    set_.rule((-half, top, back), (half, top, back), 1.1)
    if room.walls not in {"stone", "planks", "steel", "tiles"}:
        for a, b in (((-half, back), (half, back)), ((-half, near), (-half, back)), ((half, back), (half, near))):
            set_.rule((a[0], 0.11, a[1]), (b[0], 0.11, b[1]), 0.8)


def _floor(set_: Scenery, room: Room) -> None:
    depth_ink = mix(set_.light.at(set_.palette.floor, 3, 0.3), set_.light.ink, 0.28)
    half, back = room.half, room.back
    if room.floor == "boards":
        for x in np.arange(-half, half, 0.24):
            set_.rule((x, 0, -6.0), (x, 0, back), 0.6, depth_ink)
        random = np.random.default_rng(set_.seed)
        for x in np.arange(-half, half - 0.2, 0.24):
            z = float(random.uniform(-5, back - 0.3))
            set_.rule((x, 0, z), (x + 0.24, 0, z), 0.6, depth_ink)
    elif room.floor in {"tiles", "flags"}:
        step = 0.45 if room.floor == "tiles" else 0.7
        if room.floor == "tiles":
            dark = mix(set_.palette.floor, (0, 0, 0), 0.12)
            for i, x in enumerate(np.arange(-half, half, step)):
                for j, z in enumerate(np.arange(-5.4, back, step)):
                    if (i + j) % 2:
                        set_.panel(
                            [
                                (x, 0, z),
                                (min(half, x + step), 0, z),
                                (min(half, x + step), 0, min(back, z + step)),
                                (x, 0, min(back, z + step)),
                            ],
                            dark,
                            lit=0.7,
                            ink=0,
                        )
        for x in np.arange(-half, half, step):
            set_.rule((x, 0, -6.0), (x, 0, back), 0.5, depth_ink)
        for z in np.arange(-5.4, back, step):
            set_.rule((-half, 0, z), (half, 0, z), 0.5, depth_ink)


def _wall_finish(set_: Scenery, room: Room, corners: list[tuple[float, float, float]]) -> None:
    """Dado, planks, stones, tiles or steel on one wall."""
    (x0, _, z0), (x1, _, z1) = corners[0], corners[1]
    top = room.ceiling
    length = math.hypot(x1 - x0, z1 - z0)
    start = max(0.0, length - 12.0) if z0 < z1 - 1 else 0.0
    stop = 12.0 if z0 > z1 + 1 else length
    soft = mix(set_.light.at(set_.palette.wall, 3, 0.4), set_.light.ink, 0.30)

    def at(u: float, y: float) -> tuple[float, float, float]:
        return (x0 + (x1 - x0) * u / length, y, z0 + (z1 - z0) * u / length)

    if room.walls == "dado":
        set_.panel(
            [at(0, 0), at(length, 0), at(length, 1.0), at(0, 1.0)],
            mix(set_.palette.wall, set_.palette.cloth, 0.45),
            lit=0.6,
            ink=0,
        )
        set_.rule(at(0, 1.0), at(length, 1.0), 1.0)
    elif room.walls in {"planks", "steel"}:
        step = 0.22 if room.walls == "planks" else 1.1
        for u in np.arange(start, stop, step):
            set_.rule(at(u, 0), at(u, top), 0.6, soft)
            if room.walls == "steel":
                for y in np.arange(0.15, top, 0.22):
                    set_.canvas.disc(set_.camera.project(set_.world([at(u + 0.06, y)])), 1.8, soft)
        if room.walls == "steel":
            set_.rule(at(0, 1.2), at(length, 1.2), 0.7, soft)
    elif room.walls in {"stone", "tiles"}:
        high, long = (0.34, 0.62) if room.walls == "stone" else (0.2, 0.2)
        random = np.random.default_rng(set_.seed + round(length * 10))
        for row, y in enumerate(np.arange(0, top, high)):
            set_.rule(at(start, y), at(stop, y), 0.6, soft)
            for u in np.arange(start + (row % 2) * long / 2, stop - 0.05, long):
                if room.walls == "stone" and random.random() < 0.35:
                    tone = mix(set_.palette.wall, (0, 0, 0) if random.random() < 0.6 else (255, 255, 255), 0.10)
                    right, over = min(stop, u + long), min(top, y + high)
                    set_.panel([at(u, y), at(right, y), at(right, over), at(u, over)], tone, lit=0.6, ink=0)
                set_.rule(at(u, y), at(u, min(top, y + high)), 0.6, soft)


def sun_patch(set_: Scenery, x: float, z: float, wide: float) -> None:
    """The window's light on the floor by day."""
    if set_.light.lamps:
        return
    lean = -set_.light.side * 0.9
    shape = set_.area(
        [
            (x - wide / 2, 0.003, z - 0.4),
            (x + wide / 2, 0.003, z - 0.4),
            (x + wide / 2 + lean, 0.003, z - 2.0),
            (x - wide / 2 + lean, 0.003, z - 2.0),
        ]
    )
    set_.canvas.fill(shape, set_.light.lit((255, 244, 214)), 70)


def visible_side(set_: Scenery) -> float:
    """Which side wall of a turned room can be seen."""
    return -1.0 if set_.turn > 0 else 1.0
