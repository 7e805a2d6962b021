"""The paint box of one figure: a canvas, a mapping from the figure's own units to pixels, and the light on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from .ink import Canvas, Colour, Points, mix, smooth
from .light import Light

Mapping = Callable[[ArrayLike], Points]


@dataclass
class Paint:
    """Draws in the units of `at`. `unit` is pixels to one unit there, `pen` the ink's width in pixels."""

    canvas: Canvas
    at: Mapping
    unit: float
    light: Light
    depth: float
    pen: float
    shadow_side: float = 1.0  # +1: shadow falls on the right of things, in pixels of the picture
    drop: float = 0.35  # how much of the shadow's direction is downwards

    def through(self, at: Mapping) -> Paint:
        """The same paint box with another mapping."""
        return replace(self, at=at)

    def lit(self, colour: Colour) -> Colour:
        return self.light.at(colour, self.depth)

    def dim(self, colour: Colour) -> Colour:
        return self.light.at(colour, self.depth, 0.0)

    def mid(self, colour: Colour) -> Colour:
        return self.light.at(colour, self.depth, 0.5)

    @property
    def ink(self) -> Colour:
        return self.light.ink_at(self.depth)

    def away(self, thickness: float) -> tuple[float, float]:
        """The shadow's vector in pixels for a thickness in units."""
        size = thickness * self.unit
        return (self.shadow_side * size, self.drop * size)

    def solid(
        self, shape: ArrayLike, colour: Colour, *, thickness: float = 0.09, ink: float = 1.0, rim: bool = False
    ) -> Points:
        """A closed curve through `shape`: lit paint, cut-out shadow, ink; gives the curve back in pixels."""
        curve = self.at(smooth(shape, closed=True))
        return self.flat(curve, colour, thickness=thickness, ink=ink, rim=rim)

    def flat(
        self, curve: Points, colour: Colour, *, thickness: float = 0.09, ink: float = 1.0, rim: bool = False
    ) -> Points:
        """As `solid` for a shape that is already in pixels."""
        edge = None
        if rim and self.light.rim is not None:
            edge = mix(self.lit(colour), self.light.rim, 0.6)
        self.canvas.solid(curve, self.lit(colour), self.dim(colour), self.away(thickness), edge, self.pen * 2.4)
        if ink > 0:
            self.canvas.contour(curve, self.pen * ink, self.ink, weight=(self.shadow_side, 0.7))
        return curve

    def patch(self, shape: ArrayLike, colour: Colour, alpha: int = 255, *, curved: bool = True) -> None:
        """A shape without ink, in a colour that is already lit."""
        self.canvas.fill(self.at(smooth(shape, closed=True) if curved else shape), colour, alpha)

    def stroke(
        self,
        path: ArrayLike,
        width: float = 1.0,
        colour: Colour | None = None,
        *,
        alpha: int = 255,
        taper: tuple[float, float] = (0.3, 0.4),
    ) -> None:
        """A brush stroke along a smooth path; `width` in pens."""
        curve = self.at(smooth(path))
        self.canvas.stroke(curve, self.pen * width, colour or self.ink, alpha=alpha, taper=taper)

    @contextmanager
    def within(self, curve: Points) -> Iterator[Paint | None]:
        """The same paint box on what lies inside `curve` (pixels)."""
        with self.canvas.within(curve) as part:
            if part is None:
                yield None
            else:
                yield replace(self, canvas=part)
