"""The drawing table: filled shapes with cut-out shadows, and brush strokes that swell and taper.

Everything is drawn in pixels of a canvas twice as large as the picture (`SUPERSAMPLE`) and reduced once at the
end, which is what makes edges smooth. Points are numpy arrays of shape (n, 2), x to the right and y down.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageChops, ImageDraw

SUPERSAMPLE = 2

Points = NDArray[np.float64]
Colour = tuple[int, int, int]


def points(values: ArrayLike) -> Points:
    """`values` as an (n, 2) array of floats."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 2)


def smooth(values: ArrayLike, *, closed: bool = False, steps: int = 7) -> Points:
    """A Catmull-Rom curve through the control points, `steps` points to each span."""
    control = points(values)
    if len(control) < 3:
        return control
    if closed:
        padded = np.vstack([control[-1], control, control[0], control[1]])
    else:
        padded = np.vstack([2 * control[0] - control[1], control, 2 * control[-1] - control[-2]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    p0, p1, p2, p3 = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    a, b, c, d = (v[:, None, :] for v in (p0, p1, p2, p3))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, control[-1]])


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with `share` (0 to 1) of `second` stirred in."""
    keep = 1.0 - share
    return (
        round(first[0] * keep + second[0] * share),
        round(first[1] * keep + second[1] * share),
        round(first[2] * keep + second[2] * share),
    )


def tinted(colour: Colour, light: tuple[float, float, float]) -> Colour:
    """`colour` under a light given as red, green and blue factors."""
    red, green, blue = (min(255, max(0, round(c * f))) for c, f in zip(colour, light, strict=True))
    return (red, green, blue)


def luminance(colour: Colour) -> float:
    """Perceived brightness of a colour, 0 to 255 (Rec. 709 weights on the coded values)."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


class Canvas:
    """An RGB picture with an origin, so that parts of it can be lifted out, drawn on and put back through a mask."""

    def __init__(self, image: Image.Image, origin: tuple[int, int] = (0, 0), *, seed: int = 0) -> None:
        self.image = image
        self.origin = np.array(origin, dtype=np.float64)
        self.opaque = ImageDraw.Draw(image, "RGB")
        self.glaze = ImageDraw.Draw(image, "RGBA")
        self.random = np.random.default_rng(seed)

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def _flat(self, values: Points) -> list[float]:
        moved = np.clip(values - self.origin, -30_000, 30_000)
        flat: list[float] = moved.ravel().tolist()
        return flat

    def fill(self, values: ArrayLike, colour: Colour, alpha: int = 255) -> None:
        """Fill a polygon; `alpha` 0 to 255."""
        shape = points(values)
        if len(shape) < 3 or alpha <= 0 or not np.isfinite(shape).all():
            return
        if alpha >= 255:
            self.opaque.polygon(self._flat(shape), fill=colour)
        else:
            self.glaze.polygon(self._flat(shape), fill=(*colour, alpha))

    def disc(self, centre: ArrayLike, radius: float, colour: Colour, alpha: int = 255) -> None:
        """Fill a circle of `radius` pixels."""
        x, y = points(centre)[0] - self.origin
        box = (x - radius, y - radius, x + radius, y + radius)
        if alpha >= 255:
            self.opaque.ellipse(box, fill=colour)
        else:
            self.glaze.ellipse(box, fill=(*colour, alpha))

    def box_of(self, shape: Points, margin: int = 2) -> tuple[int, int, int, int] | None:
        """The whole-pixel box around a shape inside this canvas, or None when nothing of it is visible."""
        moved = shape - self.origin
        left, top = np.floor(moved.min(axis=0)).astype(int) - margin
        right, bottom = np.ceil(moved.max(axis=0)).astype(int) + margin
        width, height = self.size
        box = (max(0, int(left)), max(0, int(top)), min(width, int(right)), min(height, int(bottom)))
        return box if box[0] < box[2] and box[1] < box[3] else None

    def mask_of(
        self, shape: Points, box: tuple[int, int, int, int], shift: tuple[float, float] = (0, 0)
    ) -> Image.Image:
        """A mask of the size of `box`, white where the shape (moved by `shift` pixels) is."""
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        moved = shape - self.origin - np.array(box[:2]) + np.array(shift)
        ImageDraw.Draw(mask).polygon(np.clip(moved, -30_000, 30_000).ravel().tolist(), fill=255)
        return mask

    def solid(
        self,
        values: ArrayLike,
        colour: Colour,
        shade: Colour,
        away: tuple[float, float],
        rim: Colour | None = None,
        rim_width: float = 3.0,
    ) -> None:
        """Fill a shape and lay a cut-out shadow on the side the light does not reach.

        `away` is the thickness of the shadow in pixels, as a vector that points away from the light. `rim`
        adds an edge of light, `rim_width` pixels thin, on the opposite side.
        """
        shape = points(values)
        if len(shape) < 3 or not np.isfinite(shape).all():
            return
        box = self.box_of(shape)
        if box is None:
            return
        self.fill(shape, colour)
        mask = self.mask_of(shape, box)
        lit = self.mask_of(shape, box, (-away[0], -away[1]))
        self.image.paste(shade, box[:2], ImageChops.subtract(mask, lit))
        if rim is not None:
            norm = rim_width / max(1e-6, float(np.hypot(*away)))
            edge = self.mask_of(shape, box, (away[0] * norm, away[1] * norm))
            self.image.paste(rim, box[:2], ImageChops.subtract(mask, edge))

    @contextmanager
    def within(self, values: ArrayLike) -> Iterator[Canvas | None]:
        """A canvas on which only what falls inside the shape will stay; None when the shape is out of view."""
        shape = points(values)
        box = self.box_of(shape) if len(shape) >= 3 and np.isfinite(shape).all() else None
        if box is None:
            yield None
            return
        part = Canvas(self.image.crop(box), (int(self.origin[0]) + box[0], int(self.origin[1]) + box[1]))
        part.random = self.random
        yield part
        self.image.paste(part.image, box[:2], self.mask_of(shape, box))

    def stroke(
        self,
        values: ArrayLike,
        width: float,
        colour: Colour,
        *,
        alpha: int = 255,
        taper: tuple[float, float] = (0.25, 0.25),
        wobble: float = 0.0,
    ) -> None:
        """A brush stroke along a path: `width` pixels at its fullest, thin at the ends by `taper` (shares of length).

        `wobble` moves the path by up to that many pixels, slowly, as a hand does.
        """
        path = points(values)
        if len(path) < 2 or width <= 0 or not np.isfinite(path).all():
            return
        span = path.max(axis=0) - path.min(axis=0)
        low, high = path.min(axis=0) - self.origin, path.max(axis=0) - self.origin
        if high.min() < -200 or low[0] > self.size[0] + 200 or low[1] > self.size[1] + 200 or span.max() < 0.5:
            return
        outline = _brush(path, width, taper, wobble, self.random)
        self.fill(outline, colour, alpha)

    def line(self, start: ArrayLike, end: ArrayLike, width: float, colour: Colour, *, alpha: int = 255) -> None:
        """A ruled line with slightly tapered ends and the least tremor of a hand."""
        a, b = points(start)[0], points(end)[0]
        if width < 2.6 and alpha >= 255 and math.dist(a, b) < 160:
            self._segment(a, b, width, colour)
            return
        count = max(3, min(24, int(math.dist(a, b) / 90)))
        path = a + (b - a) * np.linspace(0, 1, count)[:, None]
        self.stroke(path, width, colour, alpha=alpha, taper=(0.06, 0.06), wobble=width * 0.28)

    def contour(self, values: ArrayLike, width: float, colour: Colour, *, weight: tuple[float, float] = (0, 0)) -> None:
        """Ink all the way round a closed shape, heavier towards `weight` (a direction in pixels, any length)."""
        shape = points(values)
        if len(shape) < 3 or not np.isfinite(shape).all():
            return
        ring = np.vstack([shape, shape[:1]])
        step = np.diff(ring, axis=0)
        length = np.hypot(step[:, 0], step[:, 1]) + 1e-9
        normal = np.stack([step[:, 1], -step[:, 0]], axis=1) / length[:, None]
        if _signed_area(shape) < 0:
            normal = -normal
        heavy = np.array(weight, dtype=np.float64)
        norm = float(np.hypot(*heavy))
        lean = normal @ (heavy / norm) if norm else np.zeros(len(normal))
        widths = width * (1.0 + 0.45 * np.clip(lean, -1, 1))
        for i in range(len(step)):
            self._segment(ring[i], ring[i + 1], float(widths[i]), colour)

    def _segment(self, a: Points, b: Points, width: float, colour: Colour) -> None:
        x0, y0 = a - self.origin
        x1, y1 = b - self.origin
        self.opaque.line((x0, y0, x1, y1), fill=colour, width=max(1, round(width)))
        radius = width / 2 - 0.5
        if radius >= 1:
            self.opaque.ellipse((x1 - radius, y1 - radius, x1 + radius, y1 + radius), fill=colour)


def _signed_area(shape: Points) -> float:
    x, y = shape[:, 0], shape[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _brush(
    path: Points, width: float, taper: tuple[float, float], wobble: float, random: np.random.Generator
) -> Points:
    """The outline of a stroke along `path`."""
    step = np.diff(path, axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(step[:, 0], step[:, 1]))])
    t = along / max(along[-1], 1e-9)
    tangent = np.gradient(path, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None] + 1e-9
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    if wobble:
        drift = np.interp(t, np.linspace(0, 1, 5), random.uniform(-wobble, wobble, 5))
        path = path + normal * drift[:, None]
    rise = np.clip(t / max(taper[0], 1e-3), 0, 1)
    fall = np.clip((1 - t) / max(taper[1], 1e-3), 0, 1)
    swell = 0.22 + 0.78 * np.sin(np.minimum(rise, fall) * math.pi / 2)
    half = (width / 2 * swell)[:, None]
    return np.vstack([path + normal * half, (path - normal * half)[::-1]])
