"""The last hand on a frame: pools of light, bloom, falling weather, and the tooth of the paper."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .ink import SUPERSAMPLE, Colour, Points
from .light import Light
from .scenery import Glow

_TILE = 512


@functools.cache
def _paper(size: tuple[int, int]) -> Image.Image:
    """Paper grain around mid grey, tiled to a size; the same sheet for every frame."""
    random = np.random.default_rng(1895)
    fine = random.normal(0, 1, (_TILE, _TILE))
    coarse = np.kron(random.normal(0, 1, (_TILE // 4, _TILE // 4)), np.ones((4, 4)))
    blurred = (fine + np.roll(fine, 1, 0) + np.roll(fine, 1, 1) + np.roll(fine, (1, 1), (0, 1))) / 2
    tile = np.clip(250 + blurred * 3.4 + coarse * 1.2, 0, 255).astype(np.uint8)
    across, down = -(-size[0] // _TILE), -(-size[1] // _TILE)
    return Image.fromarray(np.tile(tile, (down, across))[: size[1], : size[0]]).convert("RGB")


def _pool(size: tuple[int, int], light: Light, focus: tuple[float, float], reach: float) -> Image.Image:
    """How much light each part of the frame gets: full at the focus, less towards the corners."""
    small = (max(2, size[0] // 16), max(2, size[1] // 16))
    x = (np.arange(small[0]) + 0.5) / small[0] * size[0]
    y = (np.arange(small[1]) + 0.5) / small[1] * size[1]
    gx, gy = np.meshgrid(x, y)
    distance = np.hypot((gx - focus[0]) * 0.85, gy - focus[1]) / reach
    dark = light.lamps and light.inside
    low = 0.36 if dark else 0.62 if light.lamps else 0.74
    soft = np.exp(-(distance**2) * (0.85 if dark else 0.6))
    share = (low + (1.0 - low) * soft)[..., None]
    if dark:
        tint = np.array([1.0, 0.97, 0.93]) * soft[..., None] + np.array([0.86, 0.92, 1.08]) * (1 - soft[..., None])
        share = share * tint
    else:
        share = np.repeat(share, 3, axis=2)
    picture = np.clip(share * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC)


_COARSE = 12
"""Pixels of the picture to one of the bloom, which has no detail."""


def _bloom(size: tuple[int, int], glows: Sequence[Glow], figures: Sequence[Sequence[Points]]) -> Image.Image | None:
    """Light that spreads around lamps, windows and the sun, and hardly over the people in front of them."""
    if not glows:
        return None
    small = (max(2, size[0] // _COARSE), max(2, size[1] // _COARSE))
    gx, gy = np.meshgrid(np.arange(small[0]) + 0.5, np.arange(small[1]) + 0.5)
    total = np.zeros((small[1], small[0], 3))
    unit = _COARSE * SUPERSAMPLE
    for glow in glows:
        x, y = glow.where[0] / unit
        radius = max(1.0, glow.radius / unit)
        if not -4 * radius < x < small[0] + 4 * radius or not -4 * radius < y < small[1] + 4 * radius:
            continue
        spread = np.exp(-((gx - x) ** 2 + (gy - y) ** 2) / (radius**2) * 1.6)
        total += spread[..., None] * np.array(glow.colour, float) * glow.strength * 0.62
    people = Image.new("L", small)
    draw = ImageDraw.Draw(people)
    for shape in (area for figure in figures for area in figure if len(area) >= 3):
        draw.polygon((np.clip(shape, -30_000, 30_000) / unit).ravel().tolist(), fill=255)
    kept = 1.0 - 0.62 * np.asarray(people.filter(ImageFilter.GaussianBlur(1.6)), float) / 255
    total *= kept[..., None]
    return Image.fromarray(np.clip(total, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def rain(canvas: Image.Image, seed: int, *, heavy: bool, pale: Colour) -> None:
    """Slanting strokes over the whole picture."""
    random = np.random.default_rng(seed + 91)
    draw = ImageDraw.Draw(canvas, "RGBA")
    width, height = canvas.size
    count = 620 if heavy else 340
    slant = 0.34 if heavy else 0.16
    for _ in range(count):
        x, y = random.uniform(-0.1, 1.1) * width, random.uniform(-0.1, 1.0) * height
        near = float(random.random()) ** 2
        long = height * (0.025 + 0.075 * near)
        draw.line(
            (x, y, x - long * slant, y + long),
            fill=(*pale, round(46 + 90 * near)),
            width=max(1, round(height * (0.0007 + 0.0016 * near))),
        )


def snow(canvas: Image.Image, seed: int) -> None:
    """Flakes of three sizes, the nearest soft."""
    random = np.random.default_rng(seed + 92)
    draw = ImageDraw.Draw(canvas, "RGBA")
    width, height = canvas.size
    for _ in range(520):
        x, y = random.uniform(0, width), random.uniform(0, height)
        near = float(random.random()) ** 3
        radius = height * (0.0012 + 0.0048 * near)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(250, 252, 255, round(225 - 110 * near)))


def fog(image: Image.Image, light: Light, horizon: float, *, share: float) -> Image.Image:
    """Banks of mist that thicken towards the horizon."""
    width, height = image.size
    y = (np.arange(64) + 0.5) / 64 * height
    band = np.exp(-(((y - horizon) / (0.34 * height)) ** 2)) * share
    x = np.linspace(0, 6.28, 48)
    wave = 1 + 0.22 * np.sin(x * 1.3 + 0.4)[None, :] * np.cos(y / height * 9)[:, None]
    mask = np.clip(band[:, None] * wave * 255, 0, 255).astype(np.uint8)
    veil = Image.fromarray(mask).resize((width, height), Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", image.size, light.haze), image, veil)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """The picture out of focus; worked out small, since a blur holds no detail."""
    if radius < 1.0:
        return image
    factor = 4 if radius > 8 else 2
    small = image.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return small.resize(image.size, Image.Resampling.BICUBIC)


def develop(
    canvas: Image.Image,
    light: Light,
    glows: Sequence[Glow],
    focus: tuple[float, float],
    reach: float,
    figures: Sequence[Sequence[Points]] = (),
) -> Image.Image:
    """From the drawing table's size to the picture: reduced, lit, and laid on paper.

    `focus` and `reach` (where the light gathers) are in picture pixels, `figures` areas of people in canvas pixels.
    """
    image = canvas.reduce(SUPERSAMPLE)
    image = ImageChops.multiply(image, _pool(image.size, light, focus, reach))
    bloom = _bloom(image.size, glows, figures)
    if bloom is not None:
        image = ImageChops.screen(image, bloom)
    return ImageChops.multiply(image, _paper(image.size))
