"""How a camera moves over a still: one box of the still for each frame, in fractions of a pixel.

The boxes have the output's shape and stay inside the still. Moves start and end at rest by a smooth curve, zooms change
size by equal ratios (which the eye sees as even), and what wavers (a hand, a steadicam) is a sum of slow sines.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .errors import MediaError

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the still."""

Ease = Callable[[float], float]
"""From the share of time gone (0 to 1) to the share of the way gone (0 to 1)."""

TRAVEL = 0.35
"""The farthest a pan or tilt goes, in widths (heights) of the picture: a wide still would otherwise race by."""

HAND_HERTZ = (0.21, 0.47, 0.83, 1.31)
"""A hand-held camera drifts slowly and shakes little above 1.5 Hz; faster looks like a fault."""

STEADICAM_HERTZ = (0.09, 0.17, 0.31)


def linear(share: float) -> float:
    """Even speed from the first frame to the last."""
    return share


def ramped(ramp: float) -> Ease:
    """Even speed with a soft start and stop, each lasting `ramp` of the time (at most 0.5)."""

    def ease(share: float) -> float:
        if share > 0.5:
            return 1 - ease(1 - share)
        if share >= ramp:
            return (share - ramp / 2) / (1 - ramp)
        return (share - ramp / math.pi * math.sin(math.pi * share / ramp)) / 2 / (1 - ramp)

    return ease


smooth = ramped(0.5)
gliding = ramped(0.25)


@dataclass(frozen=True)
class Move:
    """From one box to another by a curve."""

    start_box: Box
    end_box: Box
    ease: Ease = smooth

    def boxes(self, frames: int) -> list[Box]:
        """The box of each of `frames` frames, the first at `start_box`, the last at `end_box`."""
        return [self._at(self.ease(number / max(1, frames - 1))) for number in range(frames)]

    def _at(self, way: float) -> Box:
        first, last = self.start_box[2] - self.start_box[0], self.end_box[2] - self.end_box[0]
        if abs(last - first) > 1e-6:  # sizes in equal ratios; all edges follow, so that the fixed point stays fixed
            way = (first * (last / first) ** way - first) / (last - first)
        left, top, right, bottom = (a + (b - a) * way for a, b in zip(self.start_box, self.end_box, strict=True))
        return left, top, right, bottom


@dataclass(frozen=True)
class _Frame:
    """The still and the picture's shape: places are given by size (1: as large as fits) and centre (-1 to 1)."""

    width: float
    height: float
    aspect: float

    def box(self, size: float = 1.0, across: float = 0.0, down: float = 0.0) -> Box:
        """The box at `across` and `down`, from one end of the room there is (-1) to the other (1), kept to TRAVEL."""
        full = min(self.width, self.height * self.aspect)
        width, height = full * size, full * size / self.aspect
        room = min((self.width - width) / 2, TRAVEL * width), min((self.height - height) / 2, TRAVEL * height)
        left = (self.width - width) / 2 + across * room[0]
        top = (self.height - height) / 2 + down * room[1]
        return left, top, left + width, top + height


_SIGNS = {"left": -1, "right": 1, "up": -1, "down": 1, "in": 1, "out": -1}


def camera_path(
    movement: str,
    frames: int,
    size: tuple[int, int],
    still_size: tuple[int, int],
    seed: int = 0,
    *,
    rate: Fraction = Fraction(24),
) -> list[Box]:
    """The boxes of `frames` frames of a camera movement over a still of `still_size`, for pictures of `size`.

    `movement` is static, push_in, pull_out, zoom, dolly, pan, tilt, tracking, truck, pedestal, crane, orbit,
    handheld, steadicam or whip_pan; zoom and dolly take _in (the default) or _out, those that go sideways or up and
    down _left, _right, _up or _down, and without it the seed decides. The same seed gives the same path.
    """
    if frames < 1:
        raise MediaError(f"A camera path of {frames} frames cannot be drawn.")
    name, sign = _direction(movement, seed)
    place = _Frame(still_size[0], still_size[1], size[0] / size[1])
    if name == "static":
        return [place.box()] * frames
    if name in _WAVERING:
        amount, hertz, start, end = _WAVERING[name]
        return _wavering(place, frames, rate, random.Random(seed), amount=amount, hertz=hertz, sizes=(start, end))
    if name == "orbit":
        return _orbit(place, frames, sign)
    if name == "whip_pan":
        return _whip(place, frames, sign)
    if name in _SIZES:
        wide, close = place.box(), place.box(_SIZES[name])
        return Move(*((wide, close) if sign > 0 else (close, wide))).boxes(frames)
    across, down, start, end = _TRAVELS[name]
    return Move(
        place.box(start, -sign * across, -sign * down), place.box(end, sign * across, sign * down), gliding
    ).boxes(frames)


_SIZES = {"push": 0.87, "pull": 0.87, "zoom": 0.72, "dolly": 0.82}
"""The closer box of moves along the view, as a share of the wider."""

_TRAVELS = {
    "pan": (1.0, 0.0, 0.82, 0.82),
    "tilt": (0.0, 1.0, 0.82, 0.82),
    "tracking": (0.8, 0.0, 0.86, 0.84),
    "truck": (1.0, 0.0, 0.86, 0.86),
    "pedestal": (0.0, 1.0, 0.88, 0.88),
    "crane": (0.0, 1.0, 0.78, 0.9),
}
"""Moves across the view: how far of the room there is sideways and down, and the size at the start and the end."""

_WAVERING = {"handheld": (0.012, HAND_HERTZ, 0.94, 0.94), "steadicam": (0.006, STEADICAM_HERTZ, 0.96, 0.86)}
"""Greatest drift in picture widths, frequencies, size at the start and the end."""


def _direction(movement: str, seed: int) -> tuple[str, int]:
    name, _, word = movement.rpartition("_")
    if movement in ("push_in", "pull_out"):
        return name, _SIGNS[word]
    if word not in _SIGNS:
        name, sign = movement, 1 if movement in ("zoom", "dolly") else (-1, 1)[seed % 2]
    else:
        sign = _SIGNS[word]
    if name not in {*_SIZES, *_TRAVELS, *_WAVERING, "orbit", "whip_pan", "static"} - {"push", "pull"}:
        raise MediaError(f"There is no camera movement “{movement}”.")
    return name, sign


def _orbit(place: _Frame, frames: int, sign: int) -> list[Box]:
    """Sideways on an arc that comes nearer in the middle, as going round somebody looks."""
    boxes = []
    for number in range(frames):
        way = gliding(number / max(1, frames - 1))
        boxes.append(place.box(0.88 - 0.06 * math.sin(math.pi * way), sign * (2 * way - 1)))
    return boxes


def _whip(place: _Frame, frames: int, sign: int) -> list[Box]:
    """Rest, a fast swing in the third quarter of the time, rest again."""

    def ease(share: float) -> float:
        return smooth(min(1.0, max(0.0, (share - 0.4) / 0.25)))

    return Move(place.box(0.74, -sign), place.box(0.74, sign), ease).boxes(frames)


def _wavering(
    place: _Frame,
    frames: int,
    rate: Fraction,
    chance: random.Random,
    *,
    amount: float,
    hertz: tuple[float, ...],
    sizes: tuple[float, float],
) -> list[Box]:
    drifts = [_drift(chance, hertz), _drift(chance, hertz)]
    boxes = []
    for base, number in zip(Move(place.box(sizes[0]), place.box(sizes[1])).boxes(frames), range(frames), strict=True):
        width = base[2] - base[0]
        across, down = (amount * width * drift(float(number / rate)) for drift in drifts)
        across = min(place.width - base[2], max(-base[0], across))
        down = min(place.height - base[3], max(-base[1], down * 0.7))
        boxes.append((base[0] + across, base[1] + down, base[2] + across, base[3] + down))
    return boxes


def _drift(chance: random.Random, hertz: tuple[float, ...]) -> Callable[[float], float]:
    """A slow wander between -1 and 1: each faster sine is weaker in proportion."""
    waves = [(each, 1 / each, chance.uniform(0, 2 * math.pi)) for each in hertz]
    total = sum(weight for _, weight, _ in waves)

    def at(seconds: float) -> float:
        return sum(weight * math.sin(2 * math.pi * each * seconds + turn) for each, weight, turn in waves) / total

    return at
