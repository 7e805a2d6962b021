"""The features of a face: eyes, brows, nose, mouth, lines, beard and glasses, for each view of a head.

Units are heads: chin at y = 0, crown at y = 1, a head that looks to the right.
"""

from __future__ import annotations

import math

import numpy as np

from .face import Expression
from .figure_paint import Paint
from .hair import Outline
from .ink import Colour, mix, smooth
from .look import Look

FACE_FROM = 22.0
"""Heads smaller than this (pixels of the canvas) get no face: it would be dirt."""


DETAIL_FROM = 90.0
"""Heads larger than this get eyes with lids, irises and shine."""


EYE_LINE = 0.485


EYES: dict[str, list[tuple[float, float]]] = {
    "front": [(-0.158, 0.152), (0.158, 0.152)],
    "quarter": [(-0.035, 0.150), (0.237, 0.112)],
    "profile": [(0.272, 0.105)],
}
"""Centre and width of each eye; the last one is the far one."""


def mouth_middle(view: str) -> float:
    return {"front": 0.0, "quarter": 0.152, "profile": 0.33}[view]


def draw_features(paint: Paint, look: Look, view: str, expression: Expression, gaze: float, speaking: bool) -> None:
    gape = max(expression.gape, 0.022) if speaking else expression.gape
    if paint.unit < DETAIL_FROM:
        _small_features(paint, look, view, expression, gape)
        return
    for x, width in EYES[view]:
        if view == "profile":
            _profile_eye(paint, look, expression)
        else:
            _eye(paint, look, expression, x, width, gaze, outer=-1.0 if x < mouth_middle(view) else 1.0)
    _brows(paint, look, view, expression)
    _nose(paint, look, view)
    _mouth(paint, look, view, expression, gape)
    _lines(paint, look, view, expression)


def _small_features(paint: Paint, look: Look, view: str, expression: Expression, gape: float) -> None:
    for x, width in EYES[view]:
        lid = EYE_LINE + 0.012
        paint.stroke([(x - width / 2, lid), (x, lid + 0.02), (x + width / 2, lid)], 1.5, taper=(0.1, 0.1))
        if paint.unit > 40 and expression.lid > 0.4:
            paint.canvas.disc(paint.at([(x, EYE_LINE)])[0], paint.unit * 0.026, paint.ink)
    if paint.unit > 40:
        _brows(paint, look, view, expression)
    middle = mouth_middle(view)
    half = (0.10 if view == "front" else 0.08) * expression.wide
    left, right = (middle - half, middle + half) if view != "profile" else (0.28, 0.365)
    if gape > 0.03 and paint.unit > 40:
        paint.patch([(left, 0.20), (middle, 0.215), (right, 0.20), (middle, 0.20 - gape)], paint.ink)
    lift = expression.curve
    paint.stroke([(left, 0.20 + lift), (middle, 0.20 - lift * 0.4), (right, 0.20 + lift)], 1.3, taper=(0.15, 0.15))
    if paint.unit > 40:
        nose = {
            "front": [(0.03, 0.31), (0.0, 0.295), (-0.03, 0.31)],
            "quarter": [(0.2, 0.40), (0.235, 0.33), (0.18, 0.30)],
        }
        if view in nose:
            paint.stroke(nose[view], 0.9)


def _almond(x: float, width: float, lid: float, outer: float) -> tuple[Outline, Outline]:
    """Upper and lower edge of an eye from its left to its right corner; the outer corner sits a little higher."""
    half, high, low = width / 2, 0.046 * lid, 0.026 * min(1.0, 0.55 + 0.45 * lid)
    left_y, right_y = (0.006, -0.006) if outer < 0 else (-0.006, 0.006)
    upper = [
        (x - half, EYE_LINE + left_y), (x - half * 0.45, EYE_LINE + high * 0.86), (x + half * 0.1, EYE_LINE + high),
        (x + half * 0.62, EYE_LINE + high * 0.62), (x + half, EYE_LINE + right_y),
    ]  # fmt: skip
    lower = [
        (x + half, EYE_LINE + right_y), (x + half * 0.45, EYE_LINE - low * 0.9), (x - half * 0.35, EYE_LINE - low),
        (x - half, EYE_LINE + left_y),
    ]  # fmt: skip
    return upper, lower


def _iris_colour(look: Look) -> Colour:
    shades = ((78, 54, 40), (96, 72, 46), (78, 98, 84), (84, 108, 132), (64, 48, 42))
    return shades[(look.hair[0] + look.skin[1] + look.coat[2]) % len(shades)]


def _eye(paint: Paint, look: Look, expression: Expression, x: float, width: float, gaze: float, outer: float) -> None:
    lid = expression.lid
    upper, lower = _almond(x, width, lid, outer)
    edge = paint.at(np.vstack([smooth(upper), smooth(lower)[1:-1]]))
    if lid > 0.25:
        paint.canvas.fill(edge, paint.lit((236, 232, 226)))
        with paint.within(edge) as inner:
            if inner is not None:
                _iris(inner, look, x + gaze * width * 0.20, width, expression.gaze)
                inner.stroke(
                    [(px, py - 0.006) for px, py in upper], 2.6, paint.dim((150, 140, 140)), alpha=150, taper=(0.1, 0.1)
                )
    paint.stroke(upper, 2.5, taper=(0.35, 0.28))
    end = upper[-1] if outer > 0 else upper[0]
    paint.stroke([end, (end[0] + outer * 0.018, end[1] + 0.008)], 1.6, taper=(0.0, 0.8))
    paint.stroke(lower, 0.7, mix(paint.ink, paint.dim(look.skin), 0.45), taper=(0.5, 0.35))
    crease = [(px, py + 0.026 + 0.008 * lid) for px, py in upper[1:]]
    paint.stroke(crease, 0.75, mix(paint.ink, paint.dim(look.skin), 0.5))
    if expression.tear:
        drop = paint.lit((224, 236, 244))
        paint.stroke(
            [(x, EYE_LINE - 0.03), (x - 0.004, EYE_LINE - 0.12), (x + 0.006, EYE_LINE - 0.2)], 1.6, drop, alpha=210
        )


def _iris(paint: Paint, look: Look, x: float, width: float, gaze: float) -> None:
    radius = 0.041 * min(1.0, width / 0.15 + 0.06)
    y = EYE_LINE + 0.009 + gaze * 0.018
    centre = paint.at([(x, y)])[0]
    size = radius * paint.unit
    colour = paint.lit(_iris_colour(look))
    paint.canvas.disc(centre, size, mix(colour, paint.ink, 0.55))
    paint.canvas.disc(centre, size * 0.82, colour)
    if paint.unit > 300:
        for turn in np.linspace(0, 2 * math.pi, 28, endpoint=False):
            ray = np.array([math.cos(turn), math.sin(turn)])
            paint.canvas.stroke(
                [centre + ray * size * 0.4, centre + ray * size * 0.8],
                size * 0.06,
                mix(colour, paint.ink, 0.5),
                alpha=150,
            )
        paint.canvas.disc(centre + np.array([0, size * 0.35]), size * 0.42, mix(colour, (255, 240, 210), 0.35), 90)
    paint.canvas.disc(centre, size * 0.44, mix((10, 8, 12), paint.ink, 0.5))
    glint = centre + np.array([-paint.shadow_side * size * 0.36, -size * 0.42])
    paint.canvas.disc(glint, max(1.0, size * 0.20), paint.lit((255, 255, 252)))


def _profile_eye(paint: Paint, look: Look, expression: Expression) -> None:
    lid = expression.lid
    front, back = (0.322, EYE_LINE + 0.002), (0.228, EYE_LINE - 0.004)
    upper = [front, (0.308, EYE_LINE + 0.040 * lid), (0.275, EYE_LINE + 0.036 * lid), back]
    lower = [back, (0.27, EYE_LINE - 0.022), (0.312, EYE_LINE - 0.026)]
    edge = paint.at(np.vstack([smooth(upper), smooth(lower)]))
    if lid > 0.25:
        paint.canvas.fill(edge, paint.lit((236, 232, 226)))
        with paint.within(edge) as inner:
            if inner is not None:
                iris = [(0.318, 0.52), (0.300, 0.525), (0.290, EYE_LINE + 0.008), (0.300, 0.455), (0.316, 0.455)]
                inner.patch(iris, mix(paint.lit(_iris_colour(look)), paint.ink, 0.45))
                inner.patch([(0.318, 0.508), (0.306, 0.505), (0.304, 0.475), (0.317, 0.472)], paint.ink)
    paint.stroke(upper, 2.4, taper=(0.2, 0.4))
    paint.stroke([upper[1], (0.338, EYE_LINE + 0.034 * lid)], 1.5, taper=(0.0, 0.7))
    paint.stroke(lower, 0.7, mix(paint.ink, paint.dim(look.skin), 0.4))
    paint.stroke([(0.318, 0.55), (0.28, 0.56), (0.235, 0.54)], 0.8, mix(paint.ink, paint.dim(look.skin), 0.5))


def _brows(paint: Paint, look: Look, view: str, expression: Expression) -> None:
    hair = look.hair if look.hair_style != "bald" else (84, 66, 56)
    colour = paint.mid(mix(hair, (0, 0, 0), 0.45))
    weight = (3.4 if paint.unit >= DETAIL_FROM else 2.0) * look.brow
    inner, outer = expression.brow_inner, expression.brow_outer
    base = 0.585
    shapes: dict[str, list[Outline]] = {
        "front": [
            [(s * 0.070, base - 0.012 + inner), (s * 0.165, base + 0.020 + (inner + outer) * 0.4), (s * 0.262,
                base - 0.010 + outer)]
            for s in (-1.0, 1.0)
        ],
        "quarter": [
            [(0.065, base - 0.012 + inner), (-0.03, base + 0.020 + (inner + outer) * 0.4), (-0.128,
                base - 0.012 + outer)],
            [(0.178, base - 0.012 + inner), (0.245, base + 0.016 + (inner + outer) * 0.4), (0.308,
                base - 0.016 + outer)],
        ],
        "profile": [[(0.345, base - 0.004 + inner), (0.295, base + 0.022 + (inner + outer) * 0.4), (0.205,
            base - 0.008 + outer)]],
    }  # fmt: skip
    for path in shapes[view]:
        paint.stroke(path, weight, colour, taper=(0.22, 0.75))
        if paint.unit > 420:
            _brow_hairs(paint, path, colour)


def _brow_hairs(paint: Paint, path: Outline, colour: Colour) -> None:
    """Single hairs of a brow, for faces that fill the picture."""
    curve = smooth(path, steps=9)
    side = 1.0 if curve[-1][0] > curve[0][0] else -1.0
    for i, (x, y) in enumerate(curve[:-1]):
        lean = 0.25 + 0.6 * i / len(curve)
        for lift in (-0.006, 0.004):
            tip = (x + side * 0.030 * lean, y + lift + 0.026 * (1 - lean))
            paint.stroke([(x, y + lift), tip], 0.7, colour, taper=(0.1, 0.9))


def _nose(paint: Paint, look: Look, view: str) -> None:
    soft = mix(paint.ink, paint.dim(look.skin), 0.30)
    low = 0.30 - (look.nose - 1.0) * 0.10
    if view == "front":
        paint.stroke([(0.052, low + 0.035), (0.058, low + 0.008), (0.03, low - 0.004)], 1.1, soft)
        paint.stroke([(-0.052, low + 0.035), (-0.058, low + 0.008), (-0.03, low - 0.004)], 1.0, soft)
        paint.stroke([(0.025, low - 0.006), (0.0, low - 0.016), (-0.025, low - 0.006)], 1.3, soft)
    elif view == "quarter":
        paint.stroke([(0.178, 0.55), (0.172, 0.49), (0.205, 0.40), (0.240, low + 0.035)], 1.2, soft, taper=(0.5, 0.1))
        paint.stroke([(0.240, low + 0.035), (0.236, low + 0.008), (0.20, low - 0.008), (0.165, low - 0.002)], 1.5, soft)
        paint.stroke([(0.132, low + 0.035), (0.118, low + 0.008), (0.142, low - 0.002)], 1.0, soft)
    else:
        paint.stroke([(0.342, 0.35), (0.335, 0.32), (0.36, 0.308)], 1.1, soft)
        paint.stroke([(0.40, 0.325), (0.375, 0.318)], 1.4, soft)


def _mouth(paint: Paint, look: Look, view: str, expression: Expression, gape: float) -> None:
    middle = mouth_middle(view)
    lip = paint.mid(mix(look.skin, (150, 60, 58), 0.42))
    y, lift = 0.198, expression.curve
    if view == "profile":
        corner = (0.285, y + lift)
        if gape > 0.008:
            paint.patch(
                [(0.375, y + 0.012), corner, (0.365, y - gape)], mix(paint.ink, (110, 30, 34), 0.25), curved=False
            )
        paint.patch([(0.388, y + 0.035), (0.362, y + 0.006), (0.31, y + 0.008 + lift * 0.5)], lip, 150)
        paint.patch([(0.378, y - 0.03 - gape), (0.355, y - 0.006 - gape), (0.31, y - 0.012 + lift * 0.5)], lip, 150)
        paint.stroke([(0.37, y + 0.006), (0.33, y), corner], 1.5, taper=(0.1, 0.4))
        return
    half = (0.108 if view == "front" else 0.088) * expression.wide
    left, right = middle - half, middle + half
    if view == "quarter":
        right = middle + half * 0.82
    up, low = y + 0.022, y - 0.036 - gape
    top = [(left, y + lift), (middle - 0.03, up), (middle, up - 0.007), (middle + 0.03, up), (right, y + lift)]
    seam = [(left, y + lift), (middle, y - lift * 0.35 - 0.002), (right, y + lift)]
    paint.patch(np.vstack([smooth(top), smooth(seam)[::-1]]), lip, 190, curved=False)
    bottom = [
        (left + half * 0.25, y + lift * 0.6 - gape * 0.4),
        (middle, low),
        (right - half * 0.2, y + lift * 0.6 - gape * 0.4),
    ]
    paint.patch(np.vstack([smooth(seam), smooth(bottom)[::-1]]), lip, 150, curved=False)
    if gape > 0.008:
        _open_mouth(paint, seam, gape, middle, half)
    paint.stroke(seam, 1.7, taper=(0.25, 0.25))
    for x in (left, right):
        side = -1.0 if x < middle else 1.0
        paint.stroke([(x, y + lift + 0.006), (x + side * 0.012, y + lift - 0.006)], 1.0)
    paint.stroke(
        [(middle - 0.04, low - 0.002), (middle, low - 0.008), (middle + 0.04, low - 0.002)],
        0.7,
        mix(paint.ink, paint.dim(look.skin), 0.5),
    )


def _open_mouth(paint: Paint, seam: Outline, gape: float, middle: float, half: float) -> None:
    left, right = seam[0], seam[2]
    floor = [
        (left[0] + half * 0.18, left[1] - gape * 0.45),
        (middle, seam[1][1] - gape),
        (right[0] - half * 0.18, right[1] - gape * 0.45),
    ]
    hole = paint.at(np.vstack([smooth(seam), smooth(floor)[::-1]]))
    paint.canvas.fill(hole, mix(paint.ink, paint.dim((120, 40, 42)), 0.4))
    with paint.within(hole) as inner:
        if inner is not None and gape > 0.018:
            teeth = [(left[0], left[1]), (middle, seam[1][1]), (right[0], right[1]), (middle, seam[1][1] - gape * 0.34)]
            inner.patch(teeth, paint.mid((238, 232, 222)))


def _lines(paint: Paint, look: Look, view: str, expression: Expression) -> None:
    """Lines of age, anger and laughter."""
    soft = mix(paint.ink, paint.dim(look.skin), 0.55)
    middle = mouth_middle(view)
    if view == "profile":
        if look.aged or expression.curve > 0.015:
            paint.stroke([(0.345, 0.31), (0.29, 0.25), (0.28, 0.17)], 0.8, soft)
        return
    if look.aged or expression.curve > 0.015 or expression.gape > 0.03:
        for side in (-1.0, 1.0):
            reach = 0.135 if view == "front" else (0.12 if side < 0 else 0.095)
            paint.stroke(
                [(middle + side * 0.065, 0.30), (middle + side * reach, 0.24), (middle + side * reach * 1.02, 0.165)],
                0.9,
                soft,
            )
    if expression.brow_inner < -0.012:
        paint.stroke([(middle * 0.8 - 0.018, 0.60), (middle * 0.8 - 0.012, 0.555)], 0.9, soft)
        paint.stroke([(middle * 0.8 + 0.02, 0.60), (middle * 0.8 + 0.014, 0.555)], 0.9, soft)
    if look.aged:
        for y in (0.675, 0.715):
            paint.stroke([(middle - 0.14, y), (middle, y + 0.012), (middle + 0.12, y)], 0.6, soft, alpha=150)
        for x, width in EYES[view]:
            paint.stroke([(x - width * 0.4, 0.435), (x, 0.42), (x + width * 0.4, 0.435)], 0.7, soft)


def draw_beard(paint: Paint, look: Look, view: str, expression: Expression) -> None:
    if not look.beard:
        return
    hair = look.hair if look.hair_style != "bald" else mix(look.hair, (90, 70, 60), 0.3)
    full: dict[str, Outline] = {
        "front": [(-0.36, 0.44), (-0.315, 0.30), (-0.20, 0.26), (-0.13, 0.265), (0.0, 0.275), (0.13, 0.265), (0.20,
            0.26), (0.315, 0.30), (0.36, 0.44), (0.36, 0.1), (0.15, -0.08), (-0.15, -0.08), (-0.36, 0.1)],
        "quarter": [(-0.17, 0.46), (-0.12, 0.30), (-0.01, 0.25), (0.06, 0.265), (0.16, 0.275), (0.25, 0.262), (0.34,
            0.25), (0.32, 0.0), (0.14, -0.08), (-0.10, 0.0), (-0.25, 0.26)],
        "profile": [(0.02, 0.46), (0.08, 0.30), (0.22, 0.25), (0.30, 0.285), (0.40, 0.29), (0.42, 0.0), (0.3,
            -0.08), (0.05, 0.0), (-0.12, 0.2)],
    }  # fmt: skip
    lip: dict[str, Outline] = {
        "front": [(-0.135, 0.205), (-0.08, 0.265), (0.0, 0.272), (0.08, 0.265), (0.135, 0.205), (0.05, 0.228),
            (-0.05, 0.228)],
        "quarter": [(0.03, 0.20), (0.09, 0.265), (0.16, 0.275), (0.235, 0.262), (0.262, 0.205), (0.20, 0.228),
            (0.10, 0.228)],
        "profile": [(0.26, 0.195), (0.31, 0.275), (0.39, 0.285), (0.40, 0.235), (0.33, 0.228)],
    }  # fmt: skip
    if look.beard == "stubble":
        paint.patch(full[view], paint.mid(mix(look.skin, hair, 0.5)), 90)
    elif look.beard == "moustache":
        paint.patch(lip[view], paint.mid(hair))
    else:
        colour = paint.mid(hair if look.beard == "full" else mix(hair, look.skin, 0.25))
        paint.patch(full[view], colour, 250 if look.beard == "full" else 200)
        middle = mouth_middle(view)
        half = 0.085 if view != "profile" else 0.07
        gap = [(middle - half, 0.2), (middle, 0.222), (middle + half, 0.2), (middle, 0.15 - expression.gape)]
        paint.patch(gap, paint.mid(look.skin))


def draw_glasses(paint: Paint, look: Look, view: str) -> None:
    frame = paint.mid((58, 48, 46))
    ring = np.linspace(0, 2 * math.pi, 20, endpoint=False)
    bridge: list[tuple[float, float]] = []
    for x, width in EYES[view]:
        half = width * (0.72 if view != "profile" else 0.5)
        rim = np.stack([x + half * np.cos(ring), EYE_LINE - 0.008 + 0.082 * np.sin(ring)], axis=1)
        curve = paint.at(rim)
        paint.canvas.fill(curve, (236, 244, 248), 38)
        paint.canvas.contour(curve, paint.pen * 1.3, frame)
        bridge.append((x, half))
    if view == "profile":
        paint.stroke([(0.225, EYE_LINE + 0.01), (-0.06, EYE_LINE + 0.01)], 1.3, frame, taper=(0.05, 0.05))
        return
    (x0, half0), (x1, half1) = bridge
    paint.stroke(
        [
            (x0 + half0, EYE_LINE + 0.01),
            ((x0 + half0 + x1 - half1) / 2, EYE_LINE + 0.025),
            (x1 - half1, EYE_LINE + 0.01),
        ],
        1.3,
        frame,
        taper=(0.05, 0.05),
    )
    if view == "quarter":
        paint.stroke([(x0 - half0, EYE_LINE + 0.01), (-0.21, EYE_LINE + 0.02)], 1.3, frame, taper=(0.05, 0.05))
