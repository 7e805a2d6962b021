"""Furniture and fittings, in metres of the set: every piece stands on (x, z) with its back towards larger z."""

from __future__ import annotations

import numpy as np

from .ink import Colour, mix
from .scenery import Scenery, Vector

WARM: Colour = (255, 214, 140)


TABLED = frozenset(
    {
        "kitchen",
        "room",
        "living",
        "office",
        "cafe",
        "library",
        "lighthouse",
        "ship",
        "workshop",
        "classroom",
        "bar",
        "laboratory",
    }
)
"""Rooms where people who sit, sit at a table."""


def table(set_: Scenery, x: float, z: float, wide: float = 1.3, deep: float = 0.8, high: float = 0.75) -> None:
    """A plain table with four legs."""
    set_.later([(x, high / 2, z)], lambda: table_now(set_, x, z, wide, deep, high))


def table_now(set_: Scenery, x: float, z: float, wide: float, deep: float, high: float = 0.75) -> None:
    """The same at once."""
    wood = set_.palette.wood
    for lz in (z + deep / 2 - 0.1, z - deep / 2 + 0.04):
        for lx in (x - wide / 2 + 0.05, x + wide / 2 - 0.11):
            set_.box_now((lx, 0, lz), (lx + 0.06, high - 0.05, lz + 0.06), mix(wood, (0, 0, 0), 0.15))
    top = mix(wood, (255, 236, 206), 0.22)
    set_.box_now((x - wide / 2, high - 0.05, z - deep / 2), (x + wide / 2, high, z + deep / 2), wood, top=top)


def chair(set_: Scenery, x: float, z: float, *, facing: float = -1.0) -> None:
    """A chair; `facing` -1 looks to the camera, +1 away from it."""
    set_.later([(x, 0.4, z)], lambda: chair_now(set_, x, z, facing=facing))


def chair_now(set_: Scenery, x: float, z: float, *, facing: float = -1.0) -> None:
    """The same at once."""
    wood = mix(set_.palette.wood, set_.palette.accent, 0.2)
    back = z + 0.18 if facing < 0 else z - 0.22
    parts: list[tuple[Vector, Vector]] = [
        ((x - 0.22, 0.42, z - 0.22), (x + 0.22, 0.47, z + 0.22)),
        ((x - 0.22, 0.47, back), (x + 0.22, 0.95, back + 0.04)),
    ]
    for lz in (z + 0.17, z - 0.21):
        for lx in (x - 0.21, x + 0.17):
            set_.box_now((lx, 0, lz), (lx + 0.04, 0.42, lz + 0.04), mix(wood, (0, 0, 0), 0.2))
    for low, high in parts[::-1] if facing < 0 else parts:
        set_.box_now(low, high, wood)


def bench(set_: Scenery, x: float, z: float) -> None:
    """An upholstered seat of a train or a bus."""
    cloth = set_.palette.cloth
    set_.box_now((x - 0.52, 0.42, z + 0.22), (x + 0.52, 1.25, z + 0.34), cloth)
    set_.box_now((x - 0.52, 0.08, z - 0.28), (x + 0.52, 0.46, z + 0.24), mix(cloth, (0, 0, 0), 0.12), top=cloth)


def stool(set_: Scenery, x: float, z: float, high: float = 0.72) -> None:
    """A bar stool."""

    def draw() -> None:
        set_.box_now((x - 0.03, 0, z - 0.03), (x + 0.03, high, z + 0.03), (110, 108, 106))
        set_.box_now((x - 0.18, high, z - 0.18), (x + 0.18, high + 0.07, z + 0.18), set_.palette.cloth)

    set_.later([(x, high / 2, z)], draw)


def counter(
    set_: Scenery, x0: float, x1: float, z0: float, z1: float, high: float = 0.92, *, doors: bool = True
) -> None:
    """A worktop on cupboards."""
    paint = mix(set_.palette.wall, set_.palette.wood, 0.45)

    def detail() -> None:
        if not doors:
            return
        count = max(1, round((x1 - x0) / 0.55))
        for i in range(count + 1):
            x = x0 + (x1 - x0) * i / count
            set_.rule((x, 0.1, z0), (x, high - 0.06, z0), 0.7)
            if i < count:
                set_.rule((x + 0.42, high - 0.25, z0), (x + 0.42, high - 0.15, z0), 1.6)
        set_.rule((x0, 0.1, z0), (x1, 0.1, z0), 0.7)
        set_.panel(
            [(x0, high - 0.06, z0 - 0.01), (x1, high - 0.06, z0 - 0.01), (x1, high, z0 - 0.01), (x0, high, z0 - 0.01)],
            set_.palette.wood,
            lit=0.7,
        )

    set_.box((x0, 0, z0), (x1, high, z1), paint, top=mix(set_.palette.wood, (255, 240, 220), 0.35), detail=detail)


def cupboards(set_: Scenery, x0: float, x1: float, z: float, low: float = 1.5, high: float = 2.2) -> None:
    """Wall cupboards."""

    def detail() -> None:
        count = max(1, round((x1 - x0) / 0.5))
        for i in range(1, count):
            x = x0 + (x1 - x0) * i / count
            set_.rule((x, low, z - 0.33), (x, high, z - 0.33), 0.8)

    set_.box((x0, low, z - 0.33), (x1, high, z), mix(set_.palette.wall, set_.palette.wood, 0.4), detail=detail)


def shelf(
    set_: Scenery, x0: float, x1: float, z: float, high: float = 2.1, *, filled: str = "books", deep: float = 0.32
) -> None:
    """Shelves against a wall with books, boxes, bottles or jars on them."""
    wood = set_.palette.wood
    seed = set_.seed

    def detail() -> None:
        random = np.random.default_rng(seed + round(x0 * 100))
        front = z - deep
        set_.panel(
            [
                (x0 + 0.04, 0.06, front),
                (x1 - 0.04, 0.06, front),
                (x1 - 0.04, high - 0.05, front),
                (x0 + 0.04, high - 0.05, front),
            ],
            mix(wood, (20, 14, 14), 0.5),
            lit=0.35,
        )
        rows = max(2, round(high / 0.42))
        step = (high - 0.1) / rows
        for row in range(rows):
            y = 0.06 + row * step
            set_.panel(
                [
                    (x0, y - 0.03, front - 0.005),
                    (x1, y - 0.03, front - 0.005),
                    (x1, y + 0.01, front - 0.005),
                    (x0, y + 0.01, front - 0.005),
                ],
                wood,
                lit=0.7,
                ink=0.6,
            )
            _fill_row(set_, random, x0 + 0.06, x1 - 0.06, y + 0.01, step - 0.08, front - 0.01, filled)

    set_.box((x0, 0, z - deep), (x1, high, z), wood, detail=detail)


def _fill_row(
    set_: Scenery, random: np.random.Generator, x0: float, x1: float, y: float, room: float, z: float, filled: str
) -> None:
    pal = set_.palette
    paints = [
        pal.cloth,
        pal.accent,
        pal.wall,
        pal.leaf,
        mix(pal.cloth, (0, 0, 0), 0.3),
        mix(pal.accent, (0, 0, 0), 0.3),
    ]
    x = x0
    while x < x1 - 0.05:
        paint = paints[int(random.integers(len(paints)))]
        if filled == "books":
            wide, high = random.uniform(0.035, 0.085), room * random.uniform(0.68, 0.98)
        elif filled == "bottles":
            wide, high = 0.085, room * random.uniform(0.7, 0.95)
        else:
            wide, high = random.uniform(0.16, 0.34), room * random.uniform(0.45, 0.9)
        if x + wide > x1:
            break
        if random.random() < 0.86:
            if filled == "bottles":
                body, neck = high * 0.62, 0.018
                mid = x + wide / 2
                shape = [
                    (x + 0.012, y, z),
                    (x + wide - 0.012, y, z),
                    (x + wide - 0.012, y + body, z),
                    (mid + neck, y + body + 0.04, z),
                    (mid + neck, y + high, z),
                    (mid - neck, y + high, z),
                    (mid - neck, y + body + 0.04, z),
                    (x + 0.012, y + body, z),
                ]
                set_.panel(shape, mix(paint, (30, 50, 40), 0.35), lit=random.uniform(0.5, 1.0), ink=0.55)
            else:
                set_.panel(
                    [(x, y, z), (x + wide, y, z), (x + wide, y + high, z), (x, y + high, z)],
                    paint,
                    lit=random.uniform(0.5, 0.95),
                    ink=0.6,
                )
        x += wide + (0.004 if filled == "books" else 0.05)


def sofa(set_: Scenery, x: float, z: float, wide: float = 2.0) -> None:
    """A sofa with its back to larger z."""
    cloth = set_.palette.cloth

    def draw() -> None:
        left, right = x - wide / 2, x + wide / 2
        set_.box_now((left, 0.12, z + 0.22), (right, 0.86, z + 0.45), cloth)
        set_.box_now(
            (left + 0.16, 0.12, z - 0.42), (right - 0.16, 0.45, z + 0.24), cloth, top=mix(cloth, (255, 255, 255), 0.12)
        )
        for a in (left, right - 0.18):
            set_.box_now((a, 0.08, z - 0.44), (a + 0.18, 0.62, z + 0.44), mix(cloth, (0, 0, 0), 0.08))
        set_.rule((x, 0.45, z - 0.42), (x, 0.45, z + 0.22), 0.8)
        set_.rule((x, 0.14, z - 0.42), (x, 0.45, z - 0.42), 0.8)
        cushion = [
            (left + 0.25, 0.46, z + 0.16),
            (left + 0.66, 0.46, z + 0.14),
            (left + 0.62, 0.82, z + 0.2),
            (left + 0.28, 0.84, z + 0.2),
        ]
        set_.panel(cushion, set_.palette.accent, lit=0.8)

    set_.later([(x, 0.4, z)], draw)


def bed(set_: Scenery, x: float, z: float, *, wide: float = 1.5, rails: bool = False) -> None:
    """A bed with the head at larger z; `rails` for a hospital."""
    cloth: Colour = (222, 226, 226) if rails else set_.palette.cloth

    def draw() -> None:
        left, right = x - wide / 2, x + wide / 2
        set_.box_now((left, 0, z + 1.0), (right, 1.05, z + 1.08), set_.palette.wood if not rails else (150, 156, 160))
        set_.box_now((left, 0.18, z - 1.0), (right, 0.52, z + 1.0), cloth, top=mix(cloth, (255, 255, 255), 0.25))
        set_.box_now((left + 0.12, 0.52, z + 0.5), (right - 0.12, 0.64, z + 0.95), (232, 230, 224))
        set_.panel(
            [(left, 0.525, z + 0.35), (right, 0.525, z + 0.35), (right, 0.525, z + 0.12), (left, 0.525, z + 0.12)],
            (236, 234, 228),
            lit=0.9,
        )
        if rails:
            for y in (0.72, 0.86):
                set_.rule(
                    (left, y, z - 0.7),
                    (left, y, z + 0.7),
                    2.0,
                    set_.light.at((160, 166, 170), set_.depth_of([(x, y, z)])),
                )
                set_.rule(
                    (right, y, z - 0.7),
                    (right, y, z + 0.7),
                    2.0,
                    set_.light.at((160, 166, 170), set_.depth_of([(x, y, z)])),
                )

    set_.later([(x, 0.4, z + 0.3)], draw)


def hanging_lamp(
    set_: Scenery, x: float, z: float, y: float = 1.95, ceiling: float = 2.7, *, size: float = 0.22
) -> None:
    """A lamp on a flex; it shines when lamps are lit."""
    on = set_.light.lamps

    def draw() -> None:
        set_.rule((x, y + 0.18, z), (x, ceiling, z), 1.2)
        card = set_.card(x, z, y)
        shade = mix(set_.palette.accent, (0, 0, 0), 0.1)
        card.patch([(-size, 0.0), (size, 0.0), (size * 0.3, 0.2), (-size * 0.3, 0.2)], card.lit(shade), curved=False)
        card.canvas.contour(
            card.at([(-size, 0.0), (size, 0.0), (size * 0.3, 0.2), (-size * 0.3, 0.2)]), card.pen, card.ink
        )
        card.patch(
            [(-size * 0.5, -0.03), (0, -0.07), (size * 0.5, -0.03), (size * 0.5, 0.02), (-size * 0.5, 0.02)],
            (255, 240, 200) if on else card.mid((220, 214, 196)),
        )

    set_.later([(x, y, z)], draw)
    if on:
        set_.glow((x, y - 0.05, z), 0.9, WARM, 0.44)


def floor_lamp(set_: Scenery, x: float, z: float) -> None:
    """A standard lamp."""
    on = set_.light.lamps

    def draw() -> None:
        set_.rule((x, 0.03, z), (x, 1.45, z), 2.0)
        card = set_.card(x, z, 1.42)
        shape = [(-0.2, 0.0), (0.2, 0.0), (0.13, 0.3), (-0.13, 0.3)]
        card.canvas.fill(card.at(shape), (255, 226, 164) if on else card.lit((226, 212, 180)))
        card.canvas.contour(card.at(shape), card.pen, card.ink)
        base = set_.card(x, z, 0.0)
        base.patch([(-0.15, 0.0), (0.15, 0.0), (0.05, 0.05), (-0.05, 0.05)], base.dim((70, 66, 66)), curved=False)

    set_.later([(x, 0.7, z)], draw)
    if on:
        set_.glow((x, 1.55, z), 0.95, WARM, 0.5)


def plant(set_: Scenery, x: float, z: float, high: float = 0.8, y: float = 0.0) -> None:
    """A plant in a pot."""

    def draw() -> None:
        card = set_.card(x, z, y)
        leaf = set_.palette.leaf
        for i, lean in enumerate((-0.34, 0.3, -0.16, 0.18, 0.02)):
            tip = (lean * high, high * (0.8 + 0.2 * (i % 3) / 2))
            card.solid(
                [
                    (0.0, 0.25 * high),
                    (lean * high * 0.3 - 0.07, high * 0.6),
                    tip,
                    (lean * high * 0.55 + 0.06, high * 0.55),
                ],
                leaf if i % 2 else mix(leaf, (0, 0, 0), 0.18),
                thickness=0.02,
                ink=0.8,
            )
        card.flat(
            card.at([(-0.13, 0.28 * high), (0.13, 0.28 * high), (0.10, 0), (-0.10, 0)]),
            set_.palette.accent,
            thickness=0.05,
        )

    set_.later([(x, high / 2, z)], draw)


def fridge(set_: Scenery, x: float, z: float) -> None:
    """A refrigerator."""

    def detail() -> None:
        set_.rule((x - 0.33, 1.15, z - 0.33), (x + 0.33, 1.15, z - 0.33), 1.0)
        set_.rule((x - 0.26, 0.85, z - 0.34), (x - 0.26, 1.08, z - 0.34), 2.4)
        set_.rule((x - 0.26, 1.22, z - 0.34), (x - 0.26, 1.42, z - 0.34), 2.4)

    set_.box((x - 0.33, 0, z - 0.33), (x + 0.33, 1.75, z + 0.33), (214, 214, 208), detail=detail)


def stove(set_: Scenery, x: float, z0: float, high: float = 0.92) -> None:
    """A cooker in the front of a worktop, with a pot."""

    def draw() -> None:
        set_.box_now((x - 0.3, 0, z0 - 0.02), (x + 0.3, high + 0.01, z0 + 0.58), (96, 98, 102))
        set_.panel(
            [
                (x - 0.22, 0.2, z0 - 0.03),
                (x + 0.22, 0.2, z0 - 0.03),
                (x + 0.22, 0.62, z0 - 0.03),
                (x - 0.22, 0.62, z0 - 0.03),
            ],
            (46, 44, 48),
            lit=0.6,
        )
        card = set_.card(x - 0.08, z0 + 0.25, high + 0.01)
        card.flat(card.at([(-0.14, 0), (0.14, 0), (0.14, 0.17), (-0.14, 0.17)]), (150, 152, 154), thickness=0.07)
        card.stroke([(0.14, 0.14), (0.3, 0.16)], 2.5, taper=(0.05, 0.05))

    set_.later([(x, high / 2, z0 + 0.05)], draw)


def screen(set_: Scenery, x: float, y: float, z: float, wide: float = 0.5, high: float = 0.32) -> None:
    """A monitor that glows."""

    def draw() -> None:
        set_.box_now((x - wide / 2, y, z), (x + wide / 2, y + high, z + 0.05), (52, 54, 60))
        e = 0.025
        set_.panel(
            [
                (x - wide / 2 + e, y + e, z - 0.005),
                (x + wide / 2 - e, y + e, z - 0.005),
                (x + wide / 2 - e, y + high - e, z - 0.005),
                (x - wide / 2 + e, y + high - e, z - 0.005),
            ],
            (150, 196, 206),
            raw=True,
            ink=0.5,
        )
        set_.rule((x, y, z + 0.02), (x, y - 0.12, z + 0.02), 3.0)

    set_.later([(x, y, z - 0.1)], draw)
    if set_.light.lamps:
        set_.glow((x, y + high / 2, z), 0.6, (150, 206, 220), 0.4)
