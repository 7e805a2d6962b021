"""A pinhole camera for the stage: metres in, pixels out.

The stage has x to the right, y up and z away from the camera; people stand on y = 0 around z = 0. Walls,
furniture, roads and roofs are laid out in metres, so every camera angle follows from one projection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ink import Points

Space = NDArray[np.float64]
NEAR = 0.08
"""What lies nearer to the lens than this (metres) is cut away."""


def space(values: ArrayLike) -> Space:
    """`values` as an (n, 3) array of floats."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 3)


@dataclass(frozen=True)
class Camera:
    """Where the camera stands and looks. Angles in radians; `focal` in pixels; `centre` is the picture's middle."""

    position: tuple[float, float, float]
    pitch: float
    roll: float
    focal: float
    centre: tuple[float, float]
    yaw: float = 0.0

    @cached_property
    def basis(self) -> Space:
        """The camera's right, up and forward in the stage, as the columns of a matrix."""
        cy, sy, cp, sp = math.cos(self.yaw), math.sin(self.yaw), math.cos(self.pitch), math.sin(self.pitch)
        forward = np.array([sy * cp, sp, cy * cp])
        right = np.array([cy, 0.0, -sy])
        up = np.cross(forward, right)
        cr, sr = math.cos(self.roll), math.sin(self.roll)
        return np.stack([right * cr + up * sr, up * cr - right * sr, forward], axis=1)

    @cached_property
    def eye(self) -> Space:
        """Where the camera stands, as an array."""
        return np.array(self.position)

    def axes(self) -> tuple[Space, Space, Space]:
        """Unit vectors of the camera in the stage: right, up, forward."""
        return self.basis[:, 0], self.basis[:, 1], self.basis[:, 2]

    def seen(self, values: ArrayLike) -> Space:
        """Points in camera space: right, up, depth (metres)."""
        out: Space = (space(values) - self.eye) @ self.basis
        return out

    def _flatten(self, seen: Space) -> Points:
        depth = np.maximum(seen[:, 2], NEAR)
        x = self.centre[0] + self.focal * seen[:, 0] / depth
        y = self.centre[1] - self.focal * seen[:, 1] / depth
        return np.stack([x, y], axis=1)

    def project(self, values: ArrayLike) -> Points:
        """Pixels of points; those behind the lens are drawn as if just in front of it (clip areas with `area`)."""
        return self._flatten(self.seen(values))

    def area(self, values: ArrayLike) -> Points:
        """Pixels of a polygon, cut at the near plane; fewer than three points when it is all behind the lens."""
        seen = self.seen(values)
        inside = seen[:, 2] >= NEAR
        if inside.all():
            return self._flatten(seen)
        if not inside.any():
            return np.zeros((0, 2))
        kept: list[Space] = []
        for i in range(len(seen)):
            a, b = seen[i], seen[(i + 1) % len(seen)]
            if inside[i]:
                kept.append(a)
            if inside[i] != inside[(i + 1) % len(seen)]:
                t = (NEAR - a[2]) / (b[2] - a[2])
                kept.append(a + (b - a) * t)
        return self._flatten(np.array(kept))

    def segment(self, start: ArrayLike, end: ArrayLike) -> Points | None:
        """Pixels of a line's two ends, cut at the near plane; None when it is behind the lens."""
        a, b = self.seen(np.stack([np.asarray(start, float), np.asarray(end, float)]))
        if a[2] < NEAR and b[2] < NEAR:
            return None
        if a[2] < NEAR or b[2] < NEAR:
            cut = a + (b - a) * (NEAR - a[2]) / (b[2] - a[2])
            a, b = (cut, b) if a[2] < NEAR else (a, cut)
        return self._flatten(np.stack([a, b]))

    def depth(self, values: ArrayLike) -> float:
        """Mean depth of points in metres."""
        return float(self.seen(values)[:, 2].mean())

    def scale(self, place: ArrayLike) -> float:
        """Pixels to the metre at a place."""
        return self.focal / max(NEAR, float(self.seen(place)[0, 2]))

    def horizon(self) -> float:
        """The y of the horizon at the middle of the picture, in pixels (far outside for steep cameras)."""
        if abs(self.pitch) > math.radians(80):
            return math.copysign(1e6, self.pitch)
        return self.centre[1] + self.focal * math.tan(self.pitch)

    def far(self, bearing: float, elevation: float) -> Points:
        """The pixel of a direction: bearing to the right of the z axis and elevation above the horizon, in radians."""
        reach = 5_000.0
        x, y, z = self.position
        flat = reach * math.cos(elevation)
        there = (x + flat * math.sin(bearing), y + reach * math.sin(elevation), z + flat * math.cos(bearing))
        return self.project(there)


class Sheet:
    """A flat drawing in the stage: maps local x (right) and y (up), in some unit, to pixels."""

    def __init__(self, camera: Camera, origin: ArrayLike, unit: float, *, mirrored: bool = False) -> None:
        self.camera = camera
        self.origin = np.asarray(origin, dtype=np.float64)
        self.unit = unit
        self.sign = -1.0 if mirrored else 1.0
        self.scale = camera.scale(self.origin) * unit

    def __call__(self, values: ArrayLike) -> Points:
        local = np.asarray(values, dtype=np.float64).reshape(-1, 2) * self.unit
        there = np.zeros((len(local), 3))
        there[:, 0] = local[:, 0] * self.sign
        there[:, 1] = local[:, 1]
        return self.camera.project(there + self.origin)


class Decal:
    """A flat drawing on the picture itself: origin in pixels, `scale` pixels to the unit, turned by `angle` radians."""

    def __init__(self, origin: ArrayLike, scale: float, angle: float = 0.0, *, mirrored: bool = False) -> None:
        self.origin = np.asarray(origin, dtype=np.float64).reshape(2)
        self.scale = scale
        self.angle = angle
        self.sign = -1.0 if mirrored else 1.0

    def __call__(self, values: ArrayLike) -> Points:
        local = np.asarray(values, dtype=np.float64).reshape(-1, 2) * self.scale
        x, y = local[:, 0] * self.sign, -local[:, 1]
        c, s = math.cos(self.angle), math.sin(self.angle)
        return np.stack([x * c - y * s, x * s + y * c], axis=1) + self.origin
