"""Heads: skull and jaw, ears, eyes, brows, nose and mouth, in front, three-quarter, profile and back view.

Units are heads: chin at y = 0, crown at y = 1, a head that looks to the right; the mapping mirrors it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .face import Expression
from .features import DETAIL_FROM, EYE_LINE, EYES, FACE_FROM, draw_beard, draw_features, draw_glasses, mouth_middle
from .figure_paint import Mapping, Paint
from .hair import Outline, draw_back, draw_front
from .ink import Colour, Points, mix, points, smooth
from .look import Look

_SKULL: dict[str, Outline] = {
    "front": [
        (0.0, 1.0), (0.19, 0.97), (0.31, 0.87), (0.362, 0.72), (0.36, 0.56), (0.345, 0.42), (0.315, 0.27),
        (0.245, 0.12), (0.13, 0.015), (0.0, -0.005), (-0.13, 0.015), (-0.245, 0.12), (-0.315, 0.27),
        (-0.345, 0.42), (-0.36, 0.56), (-0.362, 0.72), (-0.31, 0.87), (-0.19, 0.97),
    ],
    "quarter": [
        (0.02, 1.0), (0.17, 0.965), (0.28, 0.87), (0.323, 0.74), (0.326, 0.62), (0.306, 0.535), (0.322, 0.44),
        (0.308, 0.32), (0.278, 0.19), (0.238, 0.06), (0.165, 0.0), (0.07, 0.005), (-0.05, 0.07), (-0.165, 0.17),
        (-0.225, 0.29), (-0.28, 0.40), (-0.37, 0.46), (-0.42, 0.62), (-0.40, 0.80), (-0.28, 0.94), (-0.13, 0.995),
    ],
    "profile": [
        (0.0, 1.005), (0.18, 0.965), (0.285, 0.88), (0.335, 0.76), (0.35, 0.66), (0.366, 0.605), (0.342, 0.535),
        (0.385, 0.455), (0.448, 0.365), (0.43, 0.325), (0.372, 0.305), (0.372, 0.272), (0.392, 0.236),
        (0.368, 0.206), (0.382, 0.172), (0.350, 0.128), (0.362, 0.065), (0.325, 0.005), (0.24, -0.015),
        (0.10, 0.045), (-0.04, 0.12), (-0.105, 0.24), (-0.15, 0.36), (-0.28, 0.38), (-0.40, 0.44), (-0.472, 0.60),
        (-0.462, 0.77), (-0.36, 0.92), (-0.18, 0.99),
    ],
    "back": [
        (0.0, 1.0), (0.19, 0.97), (0.31, 0.87), (0.362, 0.72), (0.36, 0.56), (0.33, 0.36), (0.24, 0.16),
        (0.0, 0.08), (-0.24, 0.16), (-0.33, 0.36), (-0.36, 0.56), (-0.362, 0.72), (-0.31, 0.87), (-0.19, 0.97),
    ],
}  # fmt: skip


def tilted(at: Mapping, pitch: float) -> Mapping:
    """A mapping for the face of a head seen from below (pitch > 0) or above: features ride up or down the front."""

    def mapped(values: ArrayLike) -> Points:
        local = points(values).copy()
        front = np.clip(1.0 - (local[:, 0] / 0.62) ** 2, 0.0, 1.0)
        local[:, 1] += 0.085 * pitch * front
        return at(local)

    return mapped


def _jawed(shape: Outline, jaw: float) -> Points:
    """A skull with its lower half as wide as `jaw`."""
    out = points(shape).copy()
    low = np.clip((0.5 - out[:, 1]) / 0.5, 0, 1)
    out[:, 0] *= 1 + (jaw - 1) * low
    return out


def draw_head(
    paint: Paint,
    look: Look,
    view: str,
    expression: Expression,
    *,
    pitch: float = 0.0,
    gaze: float = 0.0,
    speaking: bool = False,
) -> None:
    """One head in `paint`'s units. `gaze` turns the eyes (-1 left to 1 right, in the head's own sense)."""
    draw_back(paint, look, view)
    if view in {"front", "back"}:
        for side in (-1.0, 1.0):
            _ear(paint, look, (0.365 * side, 0.46), side)
    skull = paint.at(smooth(_jawed(_SKULL[view], look.jaw), closed=True))
    paint.flat(skull, look.skin, thickness=0.0, ink=1.15)
    if view != "back":
        face = Paint(
            paint.canvas, tilted(paint.at, pitch), paint.unit, paint.light, paint.depth, paint.pen,
            paint.shadow_side, paint.drop,
        )  # fmt: skip
        with face.within(skull) as inner:
            if inner is not None:
                _planes(inner, look, view)
                if paint.unit >= FACE_FROM:
                    draw_beard(inner, look, view, expression)
        paint.canvas.contour(skull, paint.pen * 1.1, paint.ink, weight=(paint.shadow_side, 0.7))
        if paint.unit >= FACE_FROM:
            draw_features(face, look, view, expression, gaze, speaking)
        draw_front(face, look, view)
    else:
        draw_front(paint, look, view)
    if view == "quarter" and look.hair_style not in {"bob", "long", "waves", "curls_full"}:
        _ear(paint, look, (-0.212, 0.43), -1.0, size=0.9)
    if view == "profile" and look.hair_style not in {"bob", "long", "waves", "curls_full"}:
        _ear(paint, look, (-0.075, 0.43), -1.0)
    if look.glasses and view != "back" and paint.unit >= 40:
        draw_glasses(face, look, view)


def _ear(paint: Paint, look: Look, centre: tuple[float, float], side: float, size: float = 1.0) -> None:
    x, y = centre
    rim = [(0.0, 0.10), (0.045, 0.115), (0.075, 0.07), (0.06, 0.0), (0.03, -0.09), (0.0, -0.105), (-0.02, 0.0)]
    shape = [(x + side * dx * size, y + dy * size) for dx, dy in rim]
    paint.solid(shape, look.skin, thickness=0.02)
    if paint.unit > 60:
        inner = [(0.02, 0.075), (0.05, 0.05), (0.035, 0.0), (0.02, -0.03)]
        paint.stroke([(x + side * dx * size, y + dy * size) for dx, dy in inner], 0.7, paint.dim(look.skin))


_SHADOWS: dict[str, tuple[Outline, Outline]] = {
    "front": (
        [
            (0.40, 1.0), (0.27, 0.82), (0.262, 0.60), (0.235, 0.52), (0.262, 0.42), (0.205, 0.28), (0.165, 0.12),
            (0.10, -0.02), (0.42, -0.05),
        ],
        [(0.0, 0.50), (0.058, 0.34), (0.045, 0.285), (-0.01, 0.292), (0.015, 0.36)],
    ),
    "quarter far": (
        [
            (0.40, 0.9), (0.30, 0.74), (0.292, 0.56), (0.262, 0.52), (0.286, 0.42), (0.262, 0.3), (0.235, 0.2),
            (0.21, 0.02), (0.42, 0.0),
        ],
        [(0.155, 0.52), (0.20, 0.40), (0.238, 0.33), (0.20, 0.292), (0.125, 0.295), (0.15, 0.36)],
    ),
    "quarter near": (
        [
            (-0.5, 1.0), (-0.20, 0.84), (-0.135, 0.62), (-0.145, 0.48), (-0.075, 0.36), (-0.055, 0.22), (0.02, 0.06),
            (0.06, -0.04), (-0.5, -0.05),
        ],
        [(0.15, 0.52), (0.165, 0.42), (0.20, 0.325), (0.15, 0.282), (0.10, 0.30), (0.125, 0.36)],
    ),
    "profile far": (
        [
            (0.5, 0.8), (0.315, 0.72), (0.30, 0.58), (0.30, 0.47), (0.385, 0.36), (0.31, 0.30), (0.33, 0.2),
            (0.27, 0.0), (0.5, 0.0),
        ],
        [(0.43, 0.325), (0.37, 0.305), (0.345, 0.325), (0.38, 0.345)],
    ),
    "profile near": (
        [
            (-0.55, 1.0), (-0.1, 0.86), (0.06, 0.64), (0.04, 0.46), (0.14, 0.34), (0.13, 0.18), (0.20, 0.04),
            (0.2, -0.05), (-0.55, -0.05),
        ],
        [(0.43, 0.325), (0.37, 0.305), (0.345, 0.325), (0.38, 0.345)],
    ),
}  # fmt: skip
"""The side plane and the nose's shadow, for a shadow on the far side (right) or the near side of a turned head."""

_CHEEKS: dict[str, Outline] = {
    "front": [(-0.2, 0.33), (0.2, 0.33)],
    "quarter": [(0.0, 0.32), (0.27, 0.33)],
    "profile": [(0.18, 0.32)],
}


def _planes(paint: Paint, look: Look, view: str) -> None:
    """The cut-out shadow of a face: the side plane, the socket, under nose, lip and chin."""
    shade = paint.dim(look.skin)
    blush = paint.lit(mix(look.skin, (206, 96, 84), 0.35))
    # In the picture the shadow lies to `shadow_side`; in the head's own sense a mirrored head turns that round.
    origin, right = paint.at([(0.0, 0.5), (0.1, 0.5)])
    own = paint.shadow_side * (1.0 if right[0] > origin[0] else -1.0)
    side, nose = _SHADOWS[view if view == "front" else f"{view} {'far' if own > 0 else 'near'}"]
    flip = own if view == "front" else 1.0
    paint.patch([(x * flip, y) for x, y in side], shade)
    paint.patch([(x * flip, y) for x, y in nose], shade, 235)
    if paint.unit >= FACE_FROM:
        _hollows(paint, view, shade)
    if paint.unit >= DETAIL_FROM:
        ring = np.linspace(0, 2 * math.pi, 12, endpoint=False)
        for x, y in _CHEEKS[view]:
            for radius, alpha in ((0.10, 8), (0.088, 9), (0.076, 10), (0.064, 10), (0.05, 10), (0.036, 10)):
                disc = np.stack([x + radius * np.cos(ring), y + radius * 0.7 * np.sin(ring)], axis=1)
                paint.patch(disc, blush, alpha)


def _hollows(paint: Paint, view: str, shade: Colour) -> None:
    """Sockets and the hollow under the lower lip."""
    for x, width in EYES[view]:
        half = width * 0.72
        paint.patch(
            [(x - half, EYE_LINE + 0.03), (x, EYE_LINE + 0.082), (x + half, EYE_LINE + 0.03), (x,
                EYE_LINE - 0.045)], shade, 105
        )  # fmt: skip
    mouth = mouth_middle(view)
    reach = 0.05 if view != "profile" else 0.03
    paint.patch([(mouth - reach, 0.135), (mouth, 0.148), (mouth + reach, 0.135), (mouth, 0.118)], shade, 170)
