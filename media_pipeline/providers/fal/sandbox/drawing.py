"""Pictures drawn from a seed: a field of colour, a few soft shapes, the references where there are some, and words.

Drawn small and enlarged, so that a picture costs milliseconds whatever its size; equal arguments give equal pixels.
"""

from __future__ import annotations

import colorsys
import random
import textwrap
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

SMALL_SIDE = 256
"""The longer side of what is really drawn before it is enlarged."""

FORMATS = {
    "png": ("PNG", "image/png", {"compress_level": 1}),
    "jpeg": ("JPEG", "image/jpeg", {"quality": 85}),
    "jpg": ("JPEG", "image/jpeg", {"quality": 85}),
    "webp": ("WEBP", "image/webp", {"quality": 80, "method": 0}),
}


def draw_picture(size: tuple[int, int], seed: int, words: str, references: Sequence[Image.Image] = ()) -> Image.Image:
    """An RGB picture of exactly `size` pixels; `references` stand in it, the first as its ground."""
    small = _scaled_down(size)
    if references:
        ground = ImageOps.fit(references[0].convert("RGB"), small, Image.Resampling.BILINEAR)
        picture = Image.blend(ground, _colours(small, seed), 0.15)
        _row_of(references[1:], picture)
    else:
        picture = _colours(small, seed)
        _shapes(picture, seed)
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    _caption(picture, words)
    return picture


def write_picture(picture: Image.Image, path: Path, form: str) -> None:
    """Write `picture` as png, jpeg, jpg or webp."""
    name, _, options = FORMATS[form]
    picture.save(path, name, **options)


def colour_of(seed: int, part: int = 0) -> tuple[int, int, int]:
    """A colour (8 bit RGB) that goes with a seed."""
    draw = random.Random(f"{seed}/{part}")
    red, green, blue = colorsys.hsv_to_rgb(draw.random(), 0.35 + draw.random() * 0.4, 0.35 + draw.random() * 0.5)
    return round(red * 255), round(green * 255), round(blue * 255)


def _scaled_down(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, SMALL_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _colours(size: tuple[int, int], seed: int) -> Image.Image:
    across = np.linspace(0, 1, size[0])[None, :, None]
    down = np.linspace(0, 1, size[1])[:, None, None]
    first, second, third = (np.array(colour_of(seed, part), dtype=float) for part in range(3))
    field = first * (1 - across) + second * across
    field = field * (1 - down * 0.6) + third * down * 0.6
    return Image.fromarray(field.astype(np.uint8), "RGB")


def _shapes(picture: Image.Image, seed: int) -> None:
    draw = ImageDraw.Draw(picture, "RGBA")
    chance = random.Random(seed)
    width, height = picture.size
    for number in range(6):
        x, y, radius = chance.random() * width, chance.random() * height, (0.05 + chance.random() * 0.2) * width
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*colour_of(seed, number + 3), 110))


def _row_of(references: Sequence[Image.Image], picture: Image.Image) -> None:
    side = max(2, picture.height // 4)
    for number, reference in enumerate(references[:6]):
        tile = ImageOps.fit(reference.convert("RGB"), (side, side), Image.Resampling.BILINEAR)
        picture.paste(tile, (number * (side + 2), picture.height - side))


@lru_cache(maxsize=32)
def font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The built-in font at a height in pixels."""
    return ImageFont.load_default(pixels)


def _caption(picture: Image.Image, words: str) -> None:
    width, height = picture.size
    pixels = max(8, height // 28)
    columns = max(8, int(width / (pixels * 0.55)))
    lines = textwrap.wrap(words, columns)[:3]
    if not lines:
        return
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.rectangle((0, 0, width, pixels * (len(lines) * 1.25 + 0.5)), fill=(0, 0, 0, 120))
    for number, line in enumerate(lines):
        draw.text((pixels * 0.5, pixels * (0.2 + number * 1.25)), line, font=font(pixels), fill=(255, 255, 255, 235))
