"""Props: small drawings recognised by the words of their names, and a labelled parcel for the rest.

Every icon is drawn in its own units, one unit being its larger side, around its own middle.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from .figure_paint import Paint
from .ink import Colour, mix

Shape = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Part:
    """One piece of an icon: a curved ("c") or straight ("p") area, or a stroke ("l") `weight` pens wide."""

    kind: str
    colour: Colour
    shape: Shape
    weight: float = 1.0


@dataclass(frozen=True)
class Icon:
    """`size`: its larger side in metres. `lies`: it lies flat on a table rather than stands on it."""

    size: float
    parts: tuple[Part, ...]
    lies: bool = False
    foot: float = 0.5  # how far below its middle it stands, in its own units
    shines: bool = False
    carried: bool = False  # by a handle, in one hand at the side


def _ring(x: float, y: float, across: float, high: float, count: int = 14) -> Shape:
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return tuple((x + across * math.cos(t), y + high * math.sin(t)) for t in turn)


def _bar(x0: float, y0: float, x1: float, y1: float) -> Shape:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


_PAPER: Colour = (234, 226, 204)
_INK: Colour = (52, 48, 54)
_STEEL: Colour = (128, 134, 142)
_BRASS: Colour = (198, 160, 84)
_WOOD: Colour = (138, 98, 64)
_GLASS: Colour = (150, 186, 182)
_RED: Colour = (172, 66, 54)
_BLACK: Colour = (46, 46, 54)
_CLOTH: Colour = (104, 82, 62)

_WRITING = tuple(Part("l", (120, 112, 104), ((-0.36, y), (0.34, y)), 0.8) for y in (0.18, 0.08, -0.02, -0.12))

ICONS: dict[str, Icon] = {
    "letter": Icon(0.22, (
        Part("p", _PAPER, _bar(-0.5, -0.33, 0.5, 0.33)),
        Part("l", _INK, ((-0.5, 0.33), (0.0, -0.04), (0.5, 0.33)), 0.9),
        Part("c", _RED, _ring(0.0, 0.0, 0.075, 0.075)),
    ), lies=True, foot=0.33),
    "paper": Icon(0.29, (Part("p", _PAPER, _bar(-0.36, -0.5, 0.36, 0.5)), *(
        Part("l", (120, 112, 104), ((-0.26, y), (0.26 - 0.12 * (i % 3 == 2), y)), 0.8)
        for i, y in enumerate((0.36, 0.26, 0.16, 0.06, -0.04, -0.14, -0.24))
    )), lies=True),
    "photograph": Icon(0.15, (
        Part("p", (240, 236, 226), _bar(-0.5, -0.4, 0.5, 0.4)),
        Part("p", (150, 156, 152), _bar(-0.42, -0.30, 0.42, 0.33)),
        Part("c", (92, 82, 78), ((-0.24, -0.3), (-0.2, -0.05), (-0.08, 0.0), (0.04, -0.05), (0.08, -0.3))),
        Part("c", (206, 176, 150), _ring(-0.08, 0.1, 0.09, 0.11)),
        Part("c", (110, 96, 84), ((0.1, -0.3), (0.14, -0.1), (0.23, -0.06), (0.32, -0.1), (0.36, -0.3))),
        Part("c", (214, 186, 160), _ring(0.23, 0.03, 0.07, 0.09)),
    ), lies=True, foot=0.4),
    "map": Icon(0.45, (
        Part("p", (222, 208, 166), ((-0.5, -0.3), (-0.17, -0.36), (0.17, -0.3), (0.5, -0.36), (0.5, 0.3), (0.17,
            0.36), (-0.17, 0.3), (-0.5, 0.36))),
        Part("c", (150, 170, 140), ((-0.4, 0.0), (-0.2, 0.2), (0.02, 0.1), (-0.05, -0.15), (-0.3, -0.2))),
        Part("c", (150, 178, 186), ((0.15, -0.25), (0.42, -0.2), (0.45, 0.1), (0.25, 0.05))),
        Part("l", _RED, ((-0.3, -0.05), (-0.1, 0.02), (0.1, -0.08), (0.3, 0.18)), 1.6),
        Part("l", _INK, ((-0.17, -0.36), (-0.17, 0.3)), 0.7), Part("l", _INK, ((0.17, -0.3), (0.17, 0.36)), 0.7),
        Part("l", _RED, ((0.25, 0.24), (0.35, 0.13)), 1.8), Part("l", _RED, ((0.35, 0.24), (0.25, 0.13)), 1.8),
    ), lies=True, foot=0.36),
    "newspaper": Icon(0.4, (
        Part("p", (222, 218, 204), _bar(-0.38, -0.5, 0.38, 0.5)),
        Part("p", _INK, _bar(-0.32, 0.34, 0.32, 0.44)),
        Part("p", (150, 148, 144), _bar(-0.32, 0.02, 0.0, 0.28)),
        *(Part("l", (110, 106, 104), ((0.05, y), (0.32, y)), 0.8) for y in (0.25, 0.17, 0.09)),
        *(Part("l", (110, 106, 104), ((-0.32, y), (0.32, y)), 0.8) for y in (-0.08, -0.17, -0.26, -0.35)),
    ), lies=True),
    "book": Icon(0.25, (
        Part("p", (120, 54, 50), _bar(-0.36, -0.5, 0.36, 0.5)),
        Part("p", (232, 222, 200), ((0.36, -0.5), (0.42, -0.45), (0.42, 0.5), (0.36, 0.5))),
        Part("l", _BRASS, ((-0.26, -0.42), (-0.26, 0.42)), 1.2),
        Part("p", _BRASS, _bar(-0.14, 0.16, 0.24, 0.22)), Part("p", _BRASS, _bar(-0.06, 0.06, 0.16, 0.10)),
    ), lies=True),
    "phone": Icon(0.15, (
        Part("p", _BLACK, ((-0.24, -0.5), (0.24, -0.5), (0.26, -0.46), (0.26, 0.46), (0.24, 0.5), (-0.24, 0.5),
            (-0.26, 0.46), (-0.26, -0.46))),
        Part("p", (150, 198, 214), _bar(-0.21, -0.40, 0.21, 0.40)),
        Part("p", (222, 236, 240), _bar(-0.15, 0.16, 0.15, 0.30)), Part("p", (92, 140, 160), _bar(-0.15, -0.28,
            0.10, -0.20)),
        Part("p", (92, 140, 160), _bar(-0.15, -0.12, 0.15, 0.06)),
    ), lies=True),
    "telephone": Icon(0.26, (
        Part("c", _BLACK, ((-0.42, -0.34), (0.42, -0.34), (0.32, 0.08), (0.18, 0.16), (-0.18, 0.16), (-0.32, 0.08))),
        Part("c", (206, 200, 186), _ring(0.0, -0.10, 0.17, 0.15)), Part("c", _BLACK, _ring(0.0, -0.10, 0.06, 0.05)),
        Part("c", _BLACK, ((-0.5, 0.16), (-0.48, 0.34), (-0.2, 0.40), (0.2, 0.40), (0.48, 0.34), (0.5, 0.16), (0.32,
            0.18), (0.2, 0.28), (-0.2, 0.28), (-0.32, 0.18))),
    ), foot=0.34),
    "gun": Icon(0.24, (
        Part("p", _STEEL, ((-0.5, 0.12), (0.32, 0.12), (0.36, 0.30), (-0.5, 0.30))),
        Part("c", (84, 62, 48), ((0.08, 0.14), (0.32, 0.16), (0.46, -0.30), (0.40, -0.36), (0.22, -0.34))),
        Part("l", _INK, ((-0.04, 0.12), (-0.06, -0.02), (0.08, -0.06), (0.16, 0.02)), 1.6),
        Part("l", _INK, ((-0.46, 0.21), (0.1, 0.21)), 0.8), Part("l", _INK, ((0.18, 0.14), (0.22, 0.29)), 0.8),
    ), lies=True, foot=0.34),
    "rifle": Icon(1.05, (
        Part("p", _STEEL, ((-0.5, 0.02), (0.1, 0.0), (0.1, 0.05), (-0.5, 0.045))),
        Part("c", _WOOD, ((-0.12, -0.01), (0.1, 0.05), (0.28, 0.01), (0.5, -0.04), (0.49, -0.15), (0.26, -0.05),
            (0.14, -0.04))),
    ), lies=True, foot=0.15),
    "knife": Icon(0.26, (
        Part("p", (196, 202, 206), ((-0.5, 0.0), (-0.40, 0.06), (0.12, 0.07), (0.12, -0.04))),
        Part("c", (70, 52, 44), ((0.12, 0.08), (0.48, 0.07), (0.5, 0.0), (0.46, -0.06), (0.12, -0.05))),
        Part("l", _INK, ((-0.4, 0.03), (0.1, 0.03)), 0.6),
    ), lies=True, foot=0.08),
    "cup": Icon(0.11, (
        Part("l", (214, 206, 190), ((0.24, 0.22), (0.46, 0.18), (0.44, -0.16), (0.2, -0.24)), 4.0),
        Part("p", (222, 214, 198), ((-0.34, 0.4), (0.30, 0.4), (0.24, -0.42), (-0.28, -0.42))),
        Part("c", (92, 62, 46), _ring(-0.02, 0.4, 0.30, 0.075)),
        Part("l", (150, 96, 66), ((-0.31, 0.1), (0.27, 0.1)), 2.0),
    ), foot=0.44),
    "glass": Icon(0.14, (
        Part("p", (206, 222, 224), ((-0.26, 0.5), (0.26, 0.5), (0.20, -0.5), (-0.20, -0.5))),
        Part("p", (196, 140, 70), ((-0.23, 0.06), (0.23, 0.06), (0.19, -0.45), (-0.19, -0.45))),
        Part("l", (255, 255, 250), ((-0.17, 0.40), (-0.14, -0.36)), 1.4),
    )),
    "bottle": Icon(0.31, (
        Part("c", (62, 92, 74), ((-0.14, -0.5), (0.14, -0.5), (0.15, 0.02), (0.10, 0.16), (0.055, 0.24), (0.055,
            0.44), (-0.055, 0.44), (-0.055, 0.24), (-0.10, 0.16), (-0.15, 0.02))),
        Part("p", _PAPER, _bar(-0.145, -0.34, 0.145, -0.06)), Part("p", _WOOD, _bar(-0.05, 0.42, 0.05, 0.5)),
        Part("l", (170, 200, 180), ((-0.09, 0.1), (-0.1, -0.46)), 1.2), Part("l", _INK, ((-0.08, -0.2), (0.08,
            -0.2)), 1.0),
    )),
    "key": Icon(0.10, (
        Part("c", _BRASS, _ring(-0.30, 0.0, 0.20, 0.18)), Part("c", (96, 78, 52), _ring(-0.30, 0.0, 0.10, 0.09)),
        Part("p", _BRASS, _bar(-0.12, -0.035, 0.5, 0.035)),
        Part("p", _BRASS, _bar(0.34, -0.16, 0.40, -0.03)), Part("p", _BRASS, _bar(0.44, -0.13, 0.49, -0.03)),
    ), lies=True, foot=0.2),
    "lantern": Icon(0.32, (
        Part("l", _INK, ((-0.20, 0.26), (-0.14, 0.48), (0.14, 0.48), (0.20, 0.26)), 1.4),
        Part("p", _STEEL, ((-0.16, 0.20), (0.16, 0.20), (0.08, 0.34), (-0.08, 0.34))),
        Part("p", (255, 226, 150), ((-0.18, -0.30), (0.18, -0.30), (0.14, 0.20), (-0.14, 0.20))),
        Part("c", (255, 250, 220), ((-0.05, -0.22), (0.05, -0.22), (0.03, -0.04), (0.0, 0.06), (-0.03, -0.04))),
        Part("l", _INK, ((-0.17, -0.3), (-0.13, 0.2)), 1.2), Part("l", _INK, ((0.17, -0.3), (0.13, 0.2)), 1.2),
        Part("p", _STEEL, ((-0.24, -0.46), (0.24, -0.46), (0.19, -0.30), (-0.19, -0.30))),
    ), foot=0.46, shines=True, carried=True),
    "candle": Icon(0.22, (
        Part("p", (232, 222, 200), _bar(-0.10, -0.40, 0.10, 0.16)), Part("l", _INK, ((0, 0.16), (0, 0.22)), 1.2),
        Part("c", (255, 216, 120), ((-0.06, 0.24), (0.0, 0.2), (0.06, 0.24), (0.0, 0.46))),
        Part("c", _BRASS, ((-0.26, -0.40), (0.26, -0.40), (0.20, -0.48), (-0.20, -0.48))),
    ), foot=0.48, shines=True),
    "torch": Icon(0.22, (
        Part("p", _BLACK, _bar(-0.5, -0.07, 0.2, 0.07)), Part("p", _STEEL, ((0.2, -0.08), (0.42, -0.14), (0.42,
            0.14), (0.2, 0.08))),
        Part("p", (255, 244, 200), _bar(0.42, -0.13, 0.47, 0.13)), Part("p", _RED, _bar(-0.1, 0.06, 0.02, 0.10)),
    ), lies=True, foot=0.14, shines=True),
    "lighter": Icon(0.08, (
        Part("p", _STEEL, _bar(-0.2, -0.5, 0.2, 0.16)), Part("p", (92, 96, 102), _bar(-0.2, 0.16, 0.12, 0.28)),
        Part("c", (255, 214, 120), ((-0.08, 0.28), (0.06, 0.28), (0.0, 0.5))),
    ), shines=True),
    "box": Icon(0.34, (
        Part("p", (178, 142, 98), _bar(-0.5, -0.38, 0.5, 0.20)), Part("p", (204, 170, 124), ((-0.5, 0.20), (0.5,
            0.20), (0.36, 0.38), (-0.36, 0.38))),
        Part("p", (222, 200, 160), ((-0.07, -0.38), (0.07, -0.38), (0.07, 0.20), (0.05, 0.38), (-0.05, 0.38),
            (-0.07, 0.20))),
    ), foot=0.38),
    "chest": Icon(0.6, (
        Part("p", _WOOD, _bar(-0.5, -0.34, 0.5, 0.08)), Part("c", mix(_WOOD, (0, 0, 0), 0.15), ((-0.5, 0.08),
            (-0.46, 0.26), (0.0, 0.34), (0.46, 0.26), (0.5, 0.08))),
        Part("p", _BRASS, _bar(-0.07, -0.06, 0.07, 0.14)), Part("l", _BRASS, ((-0.34, -0.34), (-0.34, 0.26)), 3.0),
            Part("l", _BRASS, ((0.34, -0.34), (0.34, 0.26)), 3.0),
    ), foot=0.34),
    "suitcase": Icon(0.6, (
        Part("l", _BLACK, ((-0.14, 0.30), (-0.12, 0.44), (0.12, 0.44), (0.14, 0.30)), 3.0),
        Part("c", (132, 88, 58), ((-0.48, -0.36), (0.48, -0.36), (0.5, -0.3), (0.5, 0.26), (0.46, 0.31), (-0.46,
            0.31), (-0.5, 0.26), (-0.5, -0.3))),
        Part("l", _INK, ((-0.5, 0.12), (0.5, 0.12)), 1.2), Part("p", _BRASS, _bar(-0.28, 0.06, -0.2, 0.18)),
            Part("p", _BRASS, _bar(0.2, 0.06, 0.28, 0.18)),
    ), foot=0.36, carried=True),
    "bag": Icon(0.45, (
        Part("l", _CLOTH, ((-0.22, 0.16), (-0.16, 0.46), (0.16, 0.46), (0.22, 0.16)), 2.4),
        Part("c", _CLOTH, ((-0.42, -0.44), (0.42, -0.44), (0.46, -0.1), (0.32, 0.20), (-0.32, 0.20), (-0.46, -0.1))),
        Part("l", _INK, ((-0.32, 0.06), (0.0, -0.04), (0.32, 0.06)), 1.0),
    ), foot=0.44, carried=True),
    "radio": Icon(0.34, (
        Part("l", _STEEL, ((0.36, 0.26), (0.48, 0.5)), 1.6),
        Part("c", (150, 78, 56), ((-0.5, -0.32), (0.5, -0.32), (0.5, 0.24), (0.46, 0.28), (-0.46, 0.28), (-0.5, 0.24))),
        Part("c", (208, 190, 156), _ring(-0.22, -0.04, 0.20, 0.20)), *(Part("l", _INK, ((-0.36, y), (-0.08, y)),
            0.9) for y in (-0.12, -0.04, 0.04)),
        Part("p", (240, 222, 168), _bar(0.08, 0.04, 0.42, 0.18)), Part("c", _BLACK, _ring(0.18, -0.16, 0.06, 0.06)),
            Part("c", _BLACK, _ring(0.35, -0.16, 0.06, 0.06)),
    ), foot=0.32),
    "camera": Icon(0.16, (
        Part("p", _BLACK, _bar(-0.5, -0.30, 0.5, 0.24)), Part("p", _STEEL, _bar(-0.5, 0.14, 0.5, 0.24)), Part("p",
            _BLACK, _bar(-0.14, 0.24, 0.14, 0.34)),
        Part("c", _STEEL, _ring(0.0, -0.05, 0.22, 0.22)), Part("c", (52, 66, 84), _ring(0.0, -0.05, 0.15, 0.15)),
            Part("c", (186, 206, 220), _ring(-0.05, 0.0, 0.04, 0.04)),
    ), foot=0.3),
    "laptop": Icon(0.36, (
        Part("p", _STEEL, _bar(-0.42, -0.12, 0.42, 0.44)), Part("p", (150, 198, 210), _bar(-0.37, -0.07, 0.37, 0.39)),
        Part("p", (176, 180, 184), ((-0.42, -0.12), (0.42, -0.12), (0.5, -0.32), (-0.5, -0.32))), Part("l", _INK,
            ((-0.34, -0.18), (0.34, -0.18)), 1.4), Part("l", _INK, ((-0.38, -0.24), (0.38, -0.24)), 1.4),
    ), foot=0.32),
    "watch": Icon(0.14, (
        Part("p", (92, 62, 44), _bar(-0.11, -0.5, 0.11, 0.5)), Part("c", _BRASS, _ring(0, 0, 0.23, 0.23)), Part("c",
            (240, 236, 224), _ring(0, 0, 0.18, 0.18)),
        Part("l", _INK, ((0, 0), (0, 0.13)), 1.2), Part("l", _INK, ((0, 0), (0.09, -0.03)), 1.2),
    ), lies=True),
    "clock": Icon(0.3, (
        Part("c", _WOOD, _ring(0, 0, 0.5, 0.5, 20)), Part("c", (240, 234, 218), _ring(0, 0, 0.42, 0.42, 20)), *(
            Part("l", _INK, ((0.34 * math.cos(a), 0.34 * math.sin(a)), (0.39 * math.cos(a), 0.39 * math.sin(a))),
                1.2) for a in np.linspace(0, 2 * math.pi, 12, endpoint=False).tolist()
        ), Part("l", _INK, ((0, 0), (0.0, 0.30)), 1.8), Part("l", _INK, ((0, 0), (0.18, 0.10)), 2.4),
    )),
    "compass": Icon(0.10, (
        Part("c", _BRASS, _ring(0, 0, 0.5, 0.5, 20)), Part("c", (238, 232, 214), _ring(0, 0, 0.40, 0.40, 20)),
        Part("p", _RED, ((-0.05, 0.0), (0.05, 0.0), (0.12, 0.34))), Part("p", _STEEL, ((-0.05, 0.0), (0.05, 0.0),
            (-0.12, -0.34))),
    ), lies=True),
    "ring": Icon(0.035, (Part("c", _BRASS, _ring(0, -0.1, 0.34, 0.34, 18)), Part("c", (110, 86, 62), _ring(0, -0.1,
        0.25, 0.25, 18)), Part("p", (222, 240, 246), ((-0.14, 0.32), (0.14, 0.32), (0.0, 0.16))), Part("p", (246,
        252, 255), ((-0.14, 0.32), (0.14, 0.32), (0.08, 0.42), (-0.08, 0.42)))), lies=True, foot=0.44),
    "money": Icon(0.16, (
        Part("p", (150, 172, 140), ((-0.46, -0.26), (0.42, -0.32), (0.46, 0.1), (-0.42, 0.18))), Part("p", (168,
            190, 156), _bar(-0.5, -0.18, 0.46, 0.26)),
        Part("c", (206, 216, 190), _ring(-0.02, 0.04, 0.13, 0.15)), Part("l", (92, 120, 92), ((-0.42, 0.18), (-0.28,
            0.18)), 1.4), Part("l", (92, 120, 92), ((0.26, -0.1), (0.4, -0.1)), 1.4),
    ), lies=True, foot=0.3),
    "cigarette": Icon(0.085, (Part("p", (240, 236, 228), _bar(-0.5, -0.05, 0.28, 0.05)), Part("p", (206, 150, 90),
        _bar(0.28, -0.05, 0.5, 0.05)), Part("p", (232, 96, 56), _bar(-0.54, -0.05, -0.48, 0.05)), Part("l", (206,
        208, 212), ((-0.52, 0.06), (-0.46, 0.2), (-0.54, 0.3), (-0.48, 0.46)), 1.4)), lies=True, foot=0.06),
    "syringe": Icon(0.13, (Part("p", (206, 224, 228), _bar(-0.2, -0.08, 0.28, 0.08)), Part("p", (150, 196, 176),
        _bar(-0.2, -0.06, 0.08, 0.06)), Part("l", _INK, ((-0.2, 0.0), (-0.5, 0.0)), 0.9), Part("p", _STEEL,
        _bar(0.28, -0.02, 0.46, 0.02)), Part("p", _STEEL, _bar(0.46, -0.09, 0.5, 0.09))), lies=True, foot=0.09),
    "flower": Icon(0.4, (Part("l", (92, 122, 78), ((0.0, 0.16), (0.02, -0.2), (-0.02, -0.5)), 2.4), Part("c", (104,
        134, 84), ((0.0, -0.2), (0.2, -0.06), (0.24, 0.0), (0.1, -0.12))), *(Part("c", (206, 92, 84),
        _ring(0.13 * math.cos(a), 0.28 + 0.13 * math.sin(a), 0.11, 0.11)) for a in (0.3, 1.55, 2.8, 4.1, 5.4)),
        Part("c", (232, 190, 90), _ring(0.0, 0.28, 0.07, 0.07)))),
    "umbrella": Icon(0.95, (Part("l", _WOOD, ((0.0, 0.34), (0.0, -0.4), (0.06, -0.48), (0.12, -0.42)), 2.2),
        Part("c", (70, 78, 96), ((-0.5, 0.10), (-0.38, 0.34), (0.0, 0.5), (0.38, 0.34), (0.5, 0.10), (0.25, 0.17),
        (0.0, 0.11), (-0.25, 0.17))), Part("l", _INK, ((0.0, 0.5), (-0.25, 0.17)), 0.9), Part("l", _INK, ((0.0,
        0.5), (0.25, 0.17)), 0.9)), carried=True),
    "rope": Icon(0.34, tuple(Part("l", (190, 160, 110), (*_ring(0.0, 0.0, 0.48 - 0.1 * i, 0.30 - 0.07 * i, 18),
        (0.48 - 0.1 * i, 0.0)), 4.0) for i in range(4)), lies=True, foot=0.3),
    "axe": Icon(0.7, (Part("p", _WOOD, ((-0.05, -0.5), (0.02, -0.5), (0.05, 0.46), (-0.02, 0.46))), Part("c",
        _STEEL, ((0.0, 0.44), (0.04, 0.22), (0.26, 0.14), (0.32, 0.32), (0.28, 0.48)))), carried=True),
    "hat": Icon(0.34, (Part("c", (82, 70, 62), ((-0.26, -0.05), (-0.22, 0.26), (0.0, 0.22), (0.22, 0.26), (0.26,
        -0.05))), Part("p", (46, 40, 40), _bar(-0.26, -0.06, 0.26, 0.03)), Part("c", (82, 70, 62), ((-0.5, -0.10),
        (0.0, -0.04), (0.5, -0.10), (0.0, -0.18)))), foot=0.18),
    "glasses": Icon(0.15, (Part("l", _INK, (*_ring(-0.24, 0, 0.19, 0.15), (-0.05, 0.0)), 1.8), Part("l", _INK,
        (*_ring(0.24, 0, 0.19, 0.15), (0.43, 0.0)), 1.8), Part("l", _INK, ((-0.06, 0.03), (0.0, 0.06), (0.06,
        0.03)), 1.6)), lies=True, foot=0.15),
    "tool": Icon(0.28, (Part("l", _STEEL, ((-0.34, -0.2), (0.3, 0.16)), 6.0), Part("c", _STEEL, ((0.22, 0.06), (0.2,
        0.22), (0.32, 0.34), (0.36, 0.22), (0.44, 0.20), (0.48, 0.28), (0.5, 0.12), (0.38, 0.02)))), lies=True,
        foot=0.2),
    "plate": Icon(0.27, (Part("c", (228, 226, 218), _ring(0, 0, 0.5, 0.42, 20)), Part("c", (206, 204, 196), _ring(0,
        0, 0.34, 0.28, 20)), Part("c", (176, 120, 76), ((-0.2, -0.1), (0.1, -0.14), (0.22, 0.04), (0.0, 0.16),
        (-0.18, 0.1)))), lies=True, foot=0.3),
    "doll": Icon(0.36, (Part("c", (186, 96, 92), ((-0.22, -0.5), (0.22, -0.5), (0.12, 0.06), (-0.12, 0.06))),
        Part("c", (232, 200, 172), _ring(0, 0.24, 0.17, 0.18)), Part("c", (150, 84, 50), ((-0.18, 0.22), (-0.16,
        0.42), (0.0, 0.48), (0.16, 0.42), (0.18, 0.22), (0.0, 0.36))), Part("l", _INK, ((-0.07, 0.25), (-0.06,
        0.25)), 2.6), Part("l", _INK, ((0.06, 0.25), (0.07, 0.25)), 2.6))),
    "guitar": Icon(0.95, (Part("p", (92, 62, 46), _bar(-0.03, 0.02, 0.03, 0.5)), Part("c", (186, 120, 66), ((-0.17,
        -0.5), (0.17, -0.5), (0.22, -0.36), (0.12, -0.22), (0.15, -0.06), (0.0, 0.02), (-0.15, -0.06), (-0.12,
        -0.22), (-0.22, -0.36))), Part("c", _INK, _ring(0, -0.22, 0.055, 0.055)), Part("l", (240, 232, 210), ((0,
        -0.38), (0, 0.48)), 0.8)), carried=True),
    "parcel": Icon(0.3, (Part("p", (190, 156, 112), _bar(-0.5, -0.32, 0.5, 0.32)), Part("l", (240, 230, 206),
        ((0.34, -0.32), (0.34, 0.32)), 1.6), Part("l", (240, 230, 206), ((-0.5, -0.2), (0.5, -0.2)), 1.6), Part("p",
        (240, 232, 212), _bar(-0.44, -0.12, 0.26, 0.22))), foot=0.32),
}  # fmt: skip

_WORDS: tuple[tuple[str, str], ...] = (
    ("telephone", r"telephones?|rotary|landline|receiver"),
    ("phone", r"phones?|mobile|smartphone|cellphone|cell|tablet|pager"),
    ("letter", r"letters?|envelopes?|postcards?|invitation|mail"),
    ("photograph", r"photos?|photographs?|pictures?|snapshot|portrait|polaroid|badge|card|passport|ticket"),
    ("map", r"maps?|charts?|blueprints?"),
    ("newspaper", r"newspapers?|magazine|tabloid"),
    ("paper", r"papers?|documents?|notes?|page|contract|file|files|folder|list|telegram|report|script|drawing|will"),
    ("book", r"books?|diary|journal|notebook|logbook|bible|ledger|album|novel"),
    ("rifle", r"rifles?|shotgun|musket"),
    ("gun", r"guns?|pistols?|revolvers?|weapons?|handgun|flare gun"),
    ("knife", r"knife|knives|daggers?|blade|sword|scalpel|scissors|razor|spear"),
    ("cup", r"cups?|mugs?|tea|coffee|bowl|teapot"),
    ("glass", r"glass|glasses of|whisky|whiskey|beer|wine glass|drink|goblet|tumbler"),
    ("glasses", r"glasses|spectacles|sunglasses|eyeglasses|goggles"),
    ("bottle", r"bottles?|flask|wine|vial|medicine|pills?|jar|potion|perfume|canister"),
    ("key", r"keys?|keyring"),
    ("lantern", r"lanterns?|lamps?|oil lamp"),
    ("candle", r"candles?|candlestick"),
    ("torch", r"torch|torches|flashlights?"),
    ("lighter", r"lighters?|match|matches|matchbox"),
    ("chest", r"chest|trunk|coffin|crate|toolbox|safe"),
    ("suitcase", r"suitcases?|briefcase|luggage|case"),
    ("bag", r"bags?|backpack|purse|sack|handbag|satchel|rucksack|basket|bucket"),
    ("box", r"box|boxes|package|carton|gift|present"),
    ("radio", r"radios?|walkie|transmitter|tape recorder|recorder|cassette|television|tv"),
    ("camera", r"cameras?|binoculars|camcorder|telescope"),
    ("laptop", r"laptops?|computers?|keyboard|monitor|typewriter"),
    ("watch", r"watch|wristwatch|bracelet"),
    ("clock", r"clocks?|pocket watch|timer"),
    ("compass", r"compass|sextant|medallion|coins?|medal|locket|pendant|amulet|necklace"),
    ("ring", r"rings?|jewel|diamond|earring"),
    ("money", r"money|cash|bills|banknotes?|wallet|dollars|euros"),
    ("cigarette", r"cigarettes?|cigar|pipe|joint|pen|pencil"),
    ("syringe", r"syringe|needle|thermometer"),
    ("flower", r"flowers?|roses?|bouquet|tulips?|lily|wreath"),
    ("umbrella", r"umbrellas?|parasol"),
    ("rope", r"ropes?|chain|cable|net|hose|wire|whip"),
    ("axe", r"axes?|shovel|spade|broom|oar|paddle|stick|cane|staff|crowbar|baseball bat|fishing rod"),
    ("hat", r"hats?|cap|helmet|crown|fedora"),
    ("tool", r"tools?|wrench|hammer|screwdriver|spanner|pliers"),
    ("plate", r"plates?|food|bread|cake|meal|soup|sandwich|apple|fish"),
    ("doll", r"dolls?|teddy|toys?|puppet|figurine|statue|mask"),
    ("guitar", r"guitars?|violin|cello|fiddle|banjo|ukulele"),
)  # fmt: skip


def icon_for(name: str) -> str:
    """The icon a prop's name asks for; "parcel" when no word of it is known."""
    words = name.lower()
    found = [(match.start(), kind) for kind, pattern in _WORDS for match in re.finditer(rf"\b(?:{pattern})\b", words)]
    # The last noun names the thing: "key box" is a box, "letter opener" falls back to the letter.
    return max(found)[1] if found else "parcel"


def draw_icon(paint: Paint, name: str, metres: float, *, turn: float = 0.0, raised: bool = False) -> None:
    """Draw a prop around the origin of `paint`, whose unit is `metres` long; `raised` stands it on the origin."""
    icon = ICONS[icon_for(name)]
    scale = icon.size / metres
    c, s = math.cos(turn), math.sin(turn)
    lift = icon.foot if raised else 0.0
    for part in icon.parts:
        flame = icon.shines and part.colour[0] > 250
        local = np.asarray(part.shape, dtype=float) + np.array([0.0, lift])
        placed = np.stack([local[:, 0] * c - local[:, 1] * s, local[:, 0] * s + local[:, 1] * c], axis=1) * scale
        if part.kind == "l":
            paint.stroke(placed, part.weight, paint.mid(part.colour), taper=(0.05, 0.05))
        elif flame and paint.light.lamps:
            paint.patch(placed, part.colour, curved=part.kind == "c")
        elif part.kind == "c":
            paint.solid(placed, part.colour, thickness=0.05 * scale)
        else:
            paint.flat(paint.at(placed), part.colour, thickness=0.05 * scale)
