"""The set painter: boxes, panels and lines in metres, drawn from far to near with the figures among them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from .camera import NEAR, Camera, Sheet, Space, space
from .figure_paint import Paint
from .ink import Canvas, Colour, Points, mix
from .light import Light, Palette

Vector = tuple[float, float, float]


@dataclass
class Glow:
    """A source of light in the picture: bloom is laid over it when the drawing is finished."""

    where: Points  # one pixel of the canvas, shape (1, 2)
    radius: float  # pixels of the canvas
    colour: Colour
    strength: float = 0.5


@dataclass
class Scenery:
    """One set: draws at once what lies behind everything, and keeps the rest to be sorted by depth."""

    canvas: Canvas
    camera: Camera
    light: Light
    palette: Palette
    turn: float = 0.0  # the set is turned by this many radians about the vertical through the origin
    seed: int = 0
    weather: str = ""
    pieces: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    glows: list[Glow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def world(self, local: ArrayLike) -> Space:
        """Points of the set in the stage's own axes."""
        p = space(local)
        if not self.turn:
            return p
        c, s = math.cos(self.turn), math.sin(self.turn)
        return np.stack([p[:, 0] * c + p[:, 2] * s, p[:, 1], -p[:, 0] * s + p[:, 2] * c], axis=1)

    def local_of(self, x: float, z: float) -> tuple[float, float]:
        """The set's x and z of a place on the stage."""
        c, s = math.cos(self.turn), math.sin(self.turn)
        return x * c - z * s, x * s + z * c

    def later(self, where: ArrayLike, draw: Callable[[], None], *, bias: float = 0.0) -> None:
        """Draw when everything farther away than `where` (set coordinates) has been drawn."""
        self.pieces.append((self.camera.depth(self.world(where)) + bias, draw))

    def later_at(self, depth: float, draw: Callable[[], None]) -> None:
        self.pieces.append((depth, draw))

    def finish(self) -> None:
        """Draw what was put off, far to near."""
        for _, draw in sorted(self.pieces, key=lambda piece: -piece[0]):
            draw()
        self.pieces.clear()

    def pen(self, where: ArrayLike, weight: float = 1.0) -> float:
        """Width of ink in pixels for a line at a place."""
        return float(np.clip(self.camera.scale(self.world(where)[:1]) * 0.0085, 1.2, 6.0)) * weight

    def area(self, corners: ArrayLike) -> Points:
        return self.camera.area(self.world(corners))

    def depth_of(self, corners: ArrayLike) -> float:
        return max(0.0, self.camera.depth(self.world(corners)))

    def panel(
        self, corners: ArrayLike, paint: Colour, *, lit: float = 0.7, ink: float = 1.0, raw: bool = False
    ) -> Points:
        """A flat polygon. `lit` from 0 (shadow) to 1 (key); `raw` paint shines by itself."""
        shape = self.area(corners)
        if len(shape) < 3:
            return shape
        depth = self.depth_of(corners)
        self.canvas.fill(shape, paint if raw else self.light.at(paint, depth, lit))
        if ink:
            self._edges(corners, ink)
        return shape

    def _edges(self, corners: ArrayLike, weight: float) -> None:
        local = space(corners)
        for i in range(len(local)):
            self.rule(local[i], local[(i + 1) % len(local)], weight)

    def rule(self, start: ArrayLike, end: ArrayLike, weight: float = 1.0, colour: Colour | None = None) -> None:
        """An ink line between two points of the set."""
        a, b = self.world(np.array([start, end], dtype=float))
        ends = self.camera.segment(a, b)
        if ends is None:
            return
        depth = max(0.0, float(self.camera.seen((a + b) / 2)[0, 2]))
        width = float(np.clip(self.camera.focal / max(NEAR, depth) * 0.0085, 1.2, 6.0)) * weight
        self.canvas.line(ends[0], ends[1], width, colour or self.light.ink_at(depth))

    def lit_of(self, normal: Vector) -> float:
        """How much key light a face with this normal (set coordinates) gets."""
        towards = np.array([self.light.side * 0.75, 0.62, -0.42])
        towards /= np.linalg.norm(towards)
        world = self.world([normal])[0]
        return float(np.clip(0.46 + 0.54 * float(world @ towards), 0.08, 1.0))

    def box(
        self,
        low: Vector,
        high: Vector,
        paint: Colour,
        *,
        top: Colour | None = None,
        ink: float = 1.0,
        detail: Callable[[], None] | None = None,
    ) -> None:
        """A box between two corners, put off until its depth is due; `detail` draws on its faces afterwards."""
        middle = [(np.array(low) + np.array(high)) / 2]
        self.later(middle, lambda: self.box_now(low, high, paint, top=top, ink=ink, detail=detail))

    def box_now(
        self,
        low: Vector,
        high: Vector,
        paint: Colour,
        *,
        top: Colour | None = None,
        ink: float = 1.0,
        detail: Callable[[], None] | None = None,
    ) -> None:
        """The same at once."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        faces: list[tuple[Vector, list[Vector]]] = [
            ((0, 0, 1), [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]),
            ((0, -1, 0), [(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)]),
            ((-1, 0, 0), [(x0, y0, z0), (x0, y0, z1), (x0, y1, z1), (x0, y1, z0)]),
            ((1, 0, 0), [(x1, y0, z0), (x1, y0, z1), (x1, y1, z1), (x1, y1, z0)]),
            ((0, 1, 0), [(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)]),
            ((0, 0, -1), [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)]),
        ]
        eye = self.camera.eye
        for normal, corners in faces:
            world = self.world(corners)
            if float((eye - world[0]) @ self.world([normal])[0]) <= 0:
                continue
            colour = top if top is not None and normal[1] > 0 else paint
            self.panel(corners, colour, lit=self.lit_of(normal), ink=ink)
        if detail is not None:
            detail()

    def faces_camera(self, where: Vector, normal: Vector) -> bool:
        """Whether a face at a place with a normal can be seen."""
        eye = self.camera.eye - self.world([where])[0]
        return float(eye @ self.world([normal])[0]) > 0

    def card(self, x: float, z: float, y: float = 0.0, *, unit: float = 1.0, mirrored: bool = False) -> Paint:
        """A paint box for a flat drawing that stands upright at a place of the set; units are metres."""
        there = self.world([(x, y, z)])[0]
        sheet = Sheet(self.camera, there, unit, mirrored=mirrored)
        depth = max(0.0, self.camera.depth([there]))
        pen = float(np.clip(sheet.scale * 0.0085 / unit, 1.2, 6.0))
        return Paint(self.canvas, sheet, sheet.scale, self.light, depth, pen, 1.0 if self.light.side < 0 else -1.0)

    def floor_shadow(self, x: float, z: float, wide: float, deep: float, alpha: int = 90) -> None:
        """A soft-edged contact shadow on the ground under something at a stage place (not turned)."""
        turn = np.linspace(0, 2 * math.pi, 26, endpoint=False)
        shift = -self.light.side * 0.35
        for grow, share in ((1.25, 0.35), (1.0, 0.65), (0.72, 1.0)):
            ring = np.stack(
                [
                    x + shift * wide + wide * grow * np.cos(turn),
                    np.full_like(turn, 0.004),
                    z + deep * grow * np.sin(turn),
                ],
                axis=1,
            )
            self.canvas.fill(
                self.camera.area(ring),
                mix(self.light.ink, self.light.dim((90, 90, 110)), 0.25),
                round(alpha * share * 0.6),
            )

    def glow(self, where: ArrayLike, radius: float, colour: Colour, strength: float = 0.5) -> None:
        """Bloom around a place of the set, `radius` in metres."""
        world = self.world([np.asarray(where, float)])
        depth = float(self.camera.seen(world)[0, 2])
        if depth < 0.2:
            return
        faded = strength / (1.0 + (depth / 26.0) ** 2)
        self.glows.append(Glow(self.camera.project(world), radius * self.camera.scale(world), colour, faded))
