"""Hair: what lies behind the head and what frames the face, for each view of a head that looks to the right.

Units are heads: chin at y = 0, crown at y = 1.
"""

from __future__ import annotations

import math

import numpy as np

from .figure_paint import Paint
from .ink import Colour, Points, mix, points, smooth
from .look import Look

Outline = list[tuple[float, float]]

VOLUME = {
    "crop": 0.985, "short": 1.02, "parted": 1.035, "swept": 1.05, "curls": 1.10, "tousled": 1.07, "bald": 0.97,
    "bob": 1.06, "long": 1.05, "bun": 1.0, "ponytail": 1.0, "waves": 1.09, "curls_full": 1.22, "pixie": 1.04,
}  # fmt: skip
DROP = {"bob": 0.10, "long": -0.55, "waves": -0.42, "curls_full": 0.06}
"""Where long hair ends, in heads above the chin; other styles end at the ears."""

FRINGE = {
    "parted": "side", "swept": "up", "bob": "full", "long": "middle", "waves": "side", "pixie": "side",
    "tousled": "loose", "curls": "loose", "curls_full": "middle", "bun": "middle", "ponytail": "side",
}  # fmt: skip


def _hairline(style: str, view: str) -> Outline:
    """The edge of the hair on the face, from its right (far) end to its left (near) end."""
    kind = FRINGE.get(style, "plain")
    front: dict[str, Outline] = {
        "plain": [(0.335, 0.62), (0.30, 0.73), (0.19, 0.80), (0.0, 0.815), (-0.19, 0.80), (-0.30, 0.73), (-0.335,
            0.62)],
        "side": [(0.335, 0.62), (0.31, 0.68), (0.20, 0.72), (0.02, 0.77), (-0.16, 0.85), (-0.28, 0.76), (-0.335, 0.62)],
        "up": [(0.335, 0.64), (0.30, 0.76), (0.18, 0.84), (0.0, 0.86), (-0.18, 0.84), (-0.30, 0.76), (-0.335, 0.64)],
        "full": [(0.335, 0.56), (0.30, 0.63), (0.16, 0.655), (0.0, 0.665), (-0.16, 0.655), (-0.30, 0.63), (-0.335,
            0.56)],
        "middle": [(0.335, 0.60), (0.28, 0.70), (0.14, 0.80), (0.0, 0.87), (-0.14, 0.80), (-0.28, 0.70), (-0.335,
            0.60)],
        "loose": [(0.335, 0.62), (0.27, 0.72), (0.21, 0.69), (0.08, 0.76), (-0.04, 0.70), (-0.2, 0.78), (-0.335, 0.62)],
    }  # fmt: skip
    quarter: dict[str, Outline] = {
        "plain": [(0.325, 0.64), (0.30, 0.74), (0.20, 0.81), (0.05, 0.815), (-0.07, 0.75), (-0.125, 0.64)],
        "side": [(0.325, 0.63), (0.305, 0.68), (0.22, 0.71), (0.08, 0.745), (-0.07, 0.83), (-0.125, 0.64)],
        "up": [(0.325, 0.66), (0.30, 0.77), (0.20, 0.85), (0.05, 0.85), (-0.07, 0.77), (-0.125, 0.64)],
        "full": [(0.325, 0.60), (0.30, 0.635), (0.22, 0.645), (0.08, 0.66), (-0.06, 0.65), (-0.125, 0.58)],
        "middle": [(0.325, 0.62), (0.28, 0.72), (0.20, 0.80), (0.12, 0.87), (-0.02, 0.78), (-0.12, 0.62)],
        "loose": [(0.325, 0.64), (0.28, 0.72), (0.22, 0.69), (0.14, 0.76), (0.02, 0.70), (-0.125, 0.64)],
    }  # fmt: skip
    profile: dict[str, Outline] = {
        "plain": [(0.315, 0.85), (0.24, 0.81), (0.15, 0.73), (0.085, 0.62)],
        "side": [(0.34, 0.80), (0.32, 0.72), (0.20, 0.71), (0.085, 0.60)],
        "up": [(0.31, 0.88), (0.24, 0.83), (0.15, 0.74), (0.085, 0.62)],
        "full": [(0.365, 0.74), (0.36, 0.65), (0.22, 0.65), (0.10, 0.58)],
        "middle": [(0.32, 0.86), (0.26, 0.78), (0.18, 0.70), (0.10, 0.60)],
        "loose": [(0.35, 0.80), (0.33, 0.70), (0.22, 0.74), (0.085, 0.62)],
    }  # fmt: skip
    return {"front": front, "quarter": quarter, "profile": profile}[view][kind]


def _crown(view: str) -> Outline:
    """The top of the hair from the near side over the crown to the far side."""
    if view in {"front", "back"}:
        return [
            (-0.385, 0.48), (-0.405, 0.64), (-0.385, 0.82), (-0.28, 0.98), (-0.10, 1.055), (0.08, 1.055),
            (0.27, 0.98), (0.385, 0.82), (0.405, 0.64), (0.385, 0.48),
        ]  # fmt: skip
    if view == "quarter":
        return [
            (-0.31, 0.30), (-0.40, 0.40), (-0.46, 0.58), (-0.455, 0.78), (-0.35, 0.96), (-0.18, 1.055), (0.0, 1.07),
            (0.18, 1.02), (0.315, 0.91), (0.355, 0.75), (0.335, 0.62),
        ]  # fmt: skip
    return [
        (-0.30, 0.26), (-0.41, 0.35), (-0.51, 0.52), (-0.525, 0.72), (-0.43, 0.93), (-0.24, 1.05), (0.0, 1.075),
        (0.18, 1.03), (0.30, 0.93),
    ]  # fmt: skip


def _swollen(outline: Outline, volume: float, style: str) -> Outline:
    """The crown pushed outwards by the volume of a style."""
    out: Outline = []
    for x, y in outline:
        grow = volume if y > 0.5 else 1 + (volume - 1) * 0.5
        lift = 0.05 if style == "swept" and y > 0.9 and x > -0.1 else 0.0
        out.append((x * grow, 0.55 + (y - 0.55) * grow + lift))
    return out


def _near_end(style: str, view: str) -> Outline:
    """From the end of the hairline down the near temple, around the ear and to the nape."""
    drop = DROP.get(style)
    if view == "front":
        if drop is not None:
            return [(-0.325, 0.45), (-0.315, 0.25), (-0.29, drop + 0.02), (-0.37, drop - 0.04), (-0.43, drop + 0.04)]
        return [(-0.345, 0.50), (-0.36, 0.44)]
    if view == "quarter":
        if drop is not None:
            return [(-0.14, 0.46), (-0.13, 0.25), (-0.10, drop + 0.03), (-0.26, drop - 0.05), (-0.42, drop + 0.02)]
        return [(-0.135, 0.52), (-0.155, 0.43), (-0.185, 0.53), (-0.235, 0.555), (-0.275, 0.48), (-0.265, 0.36)]
    if drop is not None:
        return [(0.055, 0.44), (0.03, 0.25), (0.04, drop + 0.03), (-0.2, drop - 0.06), (-0.40, drop + 0.02)]
    return [(0.045, 0.50), (0.01, 0.41), (-0.03, 0.53), (-0.10, 0.565), (-0.165, 0.50), (-0.17, 0.36)]


def _edged(curve: Points, style: str, seed: int) -> Points:
    """Curls and tufts along the outside of a closed outline."""
    if style not in {"curls", "curls_full", "tousled", "waves"}:
        return curve
    random = np.random.default_rng(seed)
    size = {"curls": 0.030, "curls_full": 0.042, "tousled": 0.045, "waves": 0.018}[style]
    pitch = {"curls": 0.10, "curls_full": 0.13, "tousled": 0.085, "waves": 0.20}[style]
    ring = np.vstack([curve, curve[:1]])
    step = np.hypot(*np.diff(ring, axis=0).T)
    along = np.concatenate([[0], np.cumsum(step)])
    dense = np.linspace(0, along[-1], max(40, int(along[-1] / 0.012)), endpoint=False)
    path = np.stack([np.interp(dense, along, ring[:, 0]), np.interp(dense, along, ring[:, 1])], axis=1)
    tangent = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None] + 1e-9
    centre = np.array([0.0, 0.55])
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
    if float(np.sum(normal * (path - centre))) < 0:
        normal = -normal
    phase = dense / pitch + random.uniform(0, 1)
    if style == "tousled":
        bump = 1.0 - (phase % 1.0)
    else:
        bump = np.abs(np.sin(phase * math.pi))
    outer = np.clip((path[:, 1] - 0.42) / 0.3, 0.25 if style in DROP else 0.0, 1)
    return path + normal * (bump * size * outer)[:, None]


def mass(look: Look, view: str) -> Points:
    """The hair in front of the head as one closed outline, in heads."""
    style = look.hair_style
    crown = _swollen(_crown(view), VOLUME[style], style)
    if view == "back":
        drop = DROP.get(style, 0.16)
        low = [(0.36, 0.40), (0.30, drop + 0.08), (0.12, drop), (-0.12, drop), (-0.30, drop + 0.08), (-0.36, 0.40)]
        if style in DROP:
            low = [(0.42, 0.40), (0.40, drop + 0.05), (0.15, drop), (-0.15, drop), (-0.40, drop + 0.05), (-0.42, 0.40)]
        return _edged(smooth(crown + low, closed=True), style, 3)
    far: Outline = []
    if view == "front":
        near = _near_end(style, view)
        far = [(-x, y) for x, y in reversed(near)]
        if DROP.get(style) is not None:
            crown = crown[1:-1]
    outline = crown + far + _hairline(style, view) + _near_end(style, view)
    return _edged(smooth(outline, closed=True), style, 3)


def draw_back(paint: Paint, look: Look, view: str) -> None:
    """What hangs behind the neck: long hair, a tail, the far side of a bob."""
    style, dark = look.hair_style, mix(look.hair, (0, 0, 0), 0.30)
    drop = DROP.get(style)
    if drop is not None and view != "back":
        shapes: dict[str, Outline] = {
            "front": [(-0.41, 0.7), (-0.44, 0.3), (-0.42, drop), (0, drop + 0.03), (0.42, drop), (0.44, 0.3), (0.41,
                0.7)],
            "quarter": [(-0.44, 0.7), (-0.46, 0.3), (-0.40, drop), (0.1, drop + 0.05), (0.34, drop + 0.08), (0.365,
                0.35), (0.33, 0.7)],
            "profile": [(-0.5, 0.7), (-0.5, 0.3), (-0.42, drop), (-0.1, drop), (0.02, 0.3), (0.0, 0.7)],
        }  # fmt: skip
        paint.solid(shapes[view], dark, thickness=0.05)
    if style == "ponytail":
        tails: dict[str, Outline] = {
            "front": [(0.12, 0.9), (0.42, 0.7), (0.46, 0.3), (0.34, -0.12), (0.28, 0.2), (0.2, 0.6)],
            "quarter": [(-0.38, 0.86), (-0.56, 0.78), (-0.62, 0.4), (-0.52, -0.05), (-0.46, 0.3), (-0.40, 0.66)],
            "profile": [(-0.44, 0.86), (-0.64, 0.8), (-0.72, 0.42), (-0.60, -0.05), (-0.55, 0.32), (-0.46, 0.66)],
        }  # fmt: skip
        if view != "back":
            paint.solid(tails[view], look.hair, thickness=0.05)
    if style == "bun":
        x, y = {"front": (0.05, 1.08), "quarter": (-0.34, 1.0), "profile": (-0.46, 0.94), "back": (0.0, 0.98)}[view]
        ring = np.linspace(0, 2 * math.pi, 10, endpoint=False)
        if view != "back":
            paint.solid(
                np.stack([x + 0.15 * np.cos(ring), y + 0.135 * np.sin(ring)], axis=1), look.hair, thickness=0.06
            )


def _flow(view: str, look: Look) -> list[Outline]:
    """Paths that hair follows, for strands and shine."""
    part = {"front": (-0.13, 1.0), "quarter": (-0.05, 1.02), "profile": (-0.06, 1.02), "back": (0.0, 0.95)}[view]
    if look.hair_style in {"long", "bob", "curls_full"} and view == "front":
        part = (0.0, 1.02)
    ends: dict[str, Outline] = {
        "front": [(-0.37, 0.56), (-0.34, 0.70), (-0.24, 0.80), (-0.02, 0.80), (0.16, 0.76), (0.28, 0.70), (0.35,
            0.6), (0.37, 0.5)],
        "quarter": [(-0.40, 0.44), (-0.43, 0.62), (-0.30, 0.42), (-0.2, 0.6), (-0.1, 0.72), (0.1, 0.76), (0.24,
            0.74), (0.31, 0.7)],
        "profile": [(-0.38, 0.38), (-0.48, 0.56), (-0.3, 0.42), (-0.15, 0.58), (0.0, 0.58), (0.1, 0.66), (0.22,
            0.78), (0.3, 0.84)],
        "back": [(-0.34, 0.4), (-0.28, 0.25), (-0.16, 0.2), (-0.04, 0.18), (0.08, 0.18), (0.2, 0.22), (0.3, 0.3),
            (0.35, 0.44)],
    }  # fmt: skip
    drop = DROP.get(look.hair_style)
    paths: list[Outline] = []
    for x, y in ends[view]:
        root = (part[0] + (x - part[0]) * 0.22, part[1] + 0.01)
        bulge = (root[0] * 0.40 + x * 0.66, max(y, (part[1] + y) / 2 + 0.11))
        path = [root, bulge, (x, y)]
        if drop is not None and abs(x) > 0.28:
            path += [(x * 1.04, (y + drop) / 2), (x * 0.98, drop + 0.04)]
        paths.append(path)
    return paths


def draw_front(paint: Paint, look: Look, view: str) -> None:
    """The hair around the face with its shadow, strands and shine, and a hat if the person wears one."""
    if look.hair_style == "bald":
        _draw_bald(paint, look, view)
    else:
        curve = paint.at(mass(look, view))
        paint.flat(curve, look.hair, thickness=0.10)
        if paint.unit > 50:
            with paint.within(curve) as inner:
                if inner is not None:
                    _strands(inner, look, view)
                    _rim(inner, look, view)
            paint.canvas.contour(curve, paint.pen * 0.9, paint.ink)
    if look.hair_style == "bun" and view == "back":
        ring = np.linspace(0, 2 * math.pi, 10, endpoint=False)
        paint.solid(np.stack([0.15 * np.cos(ring), 0.92 + 0.135 * np.sin(ring)], axis=1), look.hair, thickness=0.06)
    if look.hair_style == "ponytail" and view == "back":
        paint.solid([(-0.07, 0.8), (0.07, 0.8), (0.13, 0.3), (0.03, -0.2), (-0.1, 0.3)], look.hair, thickness=0.06)
    if look.hat:
        _draw_hat(paint, look, view)


def _strands(paint: Paint, look: Look, view: str) -> None:
    light = paint.lit(mix(look.hair, (255, 244, 224), 0.24))
    dark = paint.dim(mix(look.hair, (0, 0, 0), 0.35))
    for i, path in enumerate(_flow(view, look)):
        if i % 2 == 0:
            paint.stroke(path, 1.5, light, alpha=120, taper=(0.5, 0.5))
        paint.stroke([(x + 0.03, y - 0.02) for x, y in path], 1.0, dark, alpha=190, taper=(0.45, 0.4))


def _rim(paint: Paint, look: Look, view: str) -> None:
    """The edge of light along the crown, where a lamp or a low sun stands behind."""
    if paint.light.rim is None:
        return
    crown = _swollen(_crown(view), VOLUME[look.hair_style], look.hair_style)
    left, right = paint.at([(-0.4, 0.6), (0.4, 0.6)])
    first = (left[0] < right[0]) == (paint.shadow_side > 0)
    half = len(crown) // 2 + 1
    path = crown[1:half] if first else crown[-half:-1]
    colour = mix(paint.lit(look.hair), paint.light.rim, 0.6)
    paint.stroke(path, 4.0, colour, taper=(0.4, 0.5))


def _draw_bald(paint: Paint, look: Look, view: str) -> None:
    """A bald head: a soft shine, and the shadow of cropped hair at the sides."""
    if paint.unit < 40:
        return
    shine = paint.lit(mix(look.skin, (255, 255, 255), 0.45))
    spot = {"front": (-0.12, 0.9), "quarter": (0.0, 0.91), "profile": (0.0, 0.93), "back": (-0.1, 0.86)}[view]
    paint.stroke([(spot[0] - 0.1, spot[1] - 0.03), spot, (spot[0] + 0.1, spot[1])], 3.0, shine, alpha=130)
    tone = paint.dim(mix(look.skin, look.hair, 0.55))
    sides: dict[str, list[Outline]] = {
        "front": [[(-0.36, 0.45), (-0.375, 0.66), (-0.33, 0.62), (-0.335, 0.5)], [(0.36, 0.45), (0.375, 0.66),
            (0.33, 0.62), (0.335, 0.5)]],
        "quarter": [[(-0.155, 0.45), (-0.14, 0.62), (-0.27, 0.70), (-0.42, 0.64), (-0.37, 0.40), (-0.28, 0.36),
            (-0.25, 0.55)]],
        "profile": [[(0.01, 0.43), (0.04, 0.60), (-0.15, 0.68), (-0.47, 0.62), (-0.42, 0.38), (-0.2, 0.34), (-0.12,
            0.56)]],
        "back": [[(-0.36, 0.42), (-0.38, 0.62), (0, 0.55), (0.38, 0.62), (0.36, 0.42), (0.15, 0.16), (-0.15, 0.16)]],
    }  # fmt: skip
    for side in sides[view]:
        paint.patch(side, tone, 110)


def _draw_hat(paint: Paint, look: Look, view: str) -> None:
    colour: Colour = mix(look.coat, (40, 40, 48), 0.45)
    left, right = {"front": (-0.42, 0.42), "quarter": (-0.46, 0.37), "profile": (-0.53, 0.38), "back": (-0.42, 0.42)}[
        view
    ]
    middle = (left + right) / 2
    high = 1.20 if look.hat == "brim" else 1.12
    dome = [
        (left, 0.72),
        (left + 0.03, 0.95),
        (middle - 0.18, high),
        (middle + 0.18, high),
        (right - 0.03, 0.95),
        (right, 0.74),
    ]
    curve = paint.at(
        np.vstack([smooth(dome), points([(right, 0.70), (middle, 0.66 if view != "back" else 0.6), (left, 0.68)])])
    )
    paint.flat(curve, colour, thickness=0.10, rim=True)
    if look.hat == "beanie":
        band = [
            (left - 0.01, 0.66),
            (left - 0.01, 0.79),
            (middle, 0.77),
            (right + 0.01, 0.80),
            (right + 0.01, 0.67),
            (middle, 0.63),
        ]
        paint.solid(band, mix(colour, (255, 255, 255), 0.12), thickness=0.06)
    elif look.hat == "cap" and view != "back":
        reach = {"front": (-0.30, 0.30), "quarter": (-0.02, 0.50), "profile": (0.18, 0.68)}[view]
        peak = [(reach[0], 0.73), (reach[1] - 0.05, 0.72), (reach[1], 0.67), ((reach[0] + reach[1]) / 2, 0.655)]
        paint.solid(peak, mix(colour, (0, 0, 0), 0.2), thickness=0.04)
    elif look.hat == "brim":
        brim = [
            (left - 0.17, 0.70),
            (left - 0.05, 0.75),
            (middle, 0.76),
            (right + 0.05, 0.76),
            (right + 0.18, 0.71),
            (middle, 0.65),
        ]
        paint.solid(brim, mix(colour, (0, 0, 0), 0.15), thickness=0.05)
