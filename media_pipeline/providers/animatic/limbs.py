"""Limbs: tapered tubes for sleeves and trousers, and hands that follow the forearm. Units are heads."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .figure_paint import Paint
from .ink import Colour, Points, smooth
from .pose import Joint, Limb

STEPS, CAP = 12, 13
"""Points along each half of a limb, and around its root."""

Outline = tuple[tuple[float, float], ...]

_OUTLINES: dict[str, Outline] = {
    "relaxed": (
        (-0.05, -0.10), (0.18, -0.15), (0.44, -0.12), (0.56, -0.02), (0.50, 0.08), (0.30, 0.13), (0.36, 0.20),
        (0.26, 0.23), (0.08, 0.13), (-0.05, 0.09),
    ),
    "open": (
        (-0.05, -0.10), (0.16, -0.17), (0.36, -0.26), (0.60, -0.22), (0.68, -0.04), (0.62, 0.10), (0.34, 0.14),
        (0.36, 0.34), (0.24, 0.34), (0.08, 0.14), (-0.05, 0.09),
    ),
    "grip": ((-0.05, -0.11), (0.14, -0.17), (0.32, -0.14), (0.38, 0.0), (0.32, 0.13), (0.14, 0.17), (-0.05, 0.10)),
    "flat": ((-0.05, -0.10), (0.2, -0.15), (0.5, -0.13), (0.62, 0.0), (0.5, 0.12), (0.25, 0.14), (-0.05, 0.09)),
    "point": (
        (-0.05, -0.11), (0.14, -0.16), (0.30, -0.13), (0.34, -0.02), (0.68, 0.02), (0.68, 0.09), (0.32, 0.12),
        (0.14, 0.16), (-0.05, 0.10),
    ),
    "pinch": (
        (-0.06, -0.13), (0.12, -0.19), (0.34, -0.20), (0.50, -0.12), (0.62, 0.02), (0.58, 0.08), (0.44, 0.0),
        (0.34, 0.02), (0.42, 0.12), (0.56, 0.14), (0.54, 0.21), (0.36, 0.22), (0.14, 0.18), (-0.06, 0.12),
    ),
}  # fmt: skip

_LINES: dict[str, tuple[Outline, ...]] = {
    "relaxed": (((0.28, -0.06), (0.50, -0.04)), ((0.28, 0.02), (0.5, 0.03))),
    "open": (((0.36, -0.16), (0.60, -0.16)), ((0.36, -0.08), (0.66, -0.08)), ((0.36, 0.02), (0.64, 0.02))),
    "grip": (((0.16, -0.1), (0.32, -0.1)), ((0.16, -0.02), (0.36, -0.02)), ((0.16, 0.06), (0.34, 0.07))),
    "flat": (((0.3, -0.06), (0.55, -0.05)), ((0.3, 0.01), (0.58, 0.01)), ((0.3, 0.07), (0.54, 0.07))),
    "point": (((0.14, -0.06), (0.30, -0.06)), ((0.14, 0.02), (0.32, 0.02))),
    "pinch": (((0.22, -0.14), (0.44, -0.10)), ((0.20, -0.07), (0.40, -0.05)), ((0.20, 0.16), (0.36, 0.17))),
}


def draw_hand(
    paint: Paint, skin: Colour, elbow: ArrayLike, wrist: ArrayLike, kind: str, *, thumb: float, size: float = 1.0
) -> None:
    """A hand at `wrist` as the forearm from `elbow` points; `thumb` +1 or -1 is the side of the thumb."""
    root, end = np.asarray(elbow, dtype=float), np.asarray(wrist, dtype=float)
    along = (end - root) / (float(np.hypot(*(end - root))) + 1e-9)
    across = np.array([-along[1], along[0]]) * thumb

    def local(shape: Outline) -> Points:
        return np.array([end + (along * a + across * b) * size for a, b in shape])

    paint.solid(local(_OUTLINES[kind]), skin, thickness=0.06 * size)
    if paint.unit * size > 70:
        for line in _LINES[kind]:
            paint.stroke(local(line), 0.8, alpha=200)


def between(a: Joint, b: Joint, share: float) -> Joint:
    """The point `share` of the way from one joint to another."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def pieces(limb: Limb, radii: tuple[float, float, float]) -> list[tuple[Limb, tuple[float, float, float]]]:
    """A sharply bent limb as two straight ones, since one outline would cross itself at the joint."""
    upper = np.subtract(limb[1], limb[0])
    lower = np.subtract(limb[2], limb[1])
    if float(upper @ lower) > -0.45 * float(np.hypot(*upper) * np.hypot(*lower)):
        return [(limb, radii)]
    first = (limb[0], between(limb[0], limb[1], 0.5), limb[1])
    second = (limb[1], between(limb[1], limb[2], 0.5), limb[2])
    middle = (radii[1] + radii[2]) / 2
    return [(first, (radii[0], radii[1], radii[1])), (second, (radii[1], middle, radii[2]))]


def ring(x: float, y: float, radius: float) -> Points:
    """A small circle."""
    turn = np.linspace(0, 2 * math.pi, 10, endpoint=False)
    return np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=1)


def tube_of(limb: Limb, radii: tuple[float, float, float]) -> Points:
    """The outline of a limb: rounded at the root, straight at the cuff, with the joint in between rounded off."""
    path = smooth(limb, steps=STEPS)
    t = np.linspace(0, 1, len(path))
    radius = np.interp(t, [0, 0.5, 1], radii)
    tangent = np.gradient(path, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None] + 1e-9
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    left, right = path + normal * radius[:, None], path - normal * radius[:, None]
    angle = math.atan2(tangent[0][1], tangent[0][0])
    turn = np.linspace(angle - math.pi / 2, angle - 3 * math.pi / 2, CAP + 2)[1:-1]
    cap = path[0] + radii[0] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.vstack([left, right[::-1], cap])
