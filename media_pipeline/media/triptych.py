"""A strip of three photographs, cut into its panels: at the thirds, with the gutters found and trimmed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from .errors import BrokenMedia
from .stills import image_info

REACH = 0.06
"""Share of the strip's width around a third in which a gutter is looked for."""

PLAIN = 7.0
"""A line whose pixels differ less than this (standard deviation, of 255) is gutter or border, not picture."""

MOST_BORDER = 0.06
"""Share of a side that a border may take; more is a plain part of the picture, such as a sky."""

TRIM = (12, 10)
"""Pixels of a strip of 1536x912 cut off each side and edge of a panel where no line can be seen: 488x892 is left."""

Size = tuple[int, int]


def split_triptych(strip: Path, folder: Path, panel: Size) -> tuple[tuple[Path, Path, Path], Size]:
    """Write the three panels, all of one size, to `folder`; returns them (first, hero, last) and their size.

    `panel` is the size they are to be enlarged to: they are cut to its shape around their middle, never stretched.
    BrokenMedia when the file is no still, or so narrow that no panel would be left.
    """
    image_info(strip)
    with Image.open(strip) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    if width < 3 * 64 or width <= height:
        raise BrokenMedia(f"A triptych is a wide strip of three panels; this picture is {width}x{height}.")
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    cuts = [_gutter(grey, width * third // 3) for third in (1, 2)]
    top, bottom = _border(grey, axis=1)
    left, right = _border(grey, axis=0)
    sides = [(left, cuts[0][0]), (cuts[0][1], cuts[1][0]), (cuts[1][1], right)]
    least = min(right_ - left_ for left_, right_ in sides)
    box = _shaped((least, bottom - top), panel)
    paths = []
    for name, (from_x, to_x) in zip(("first", "hero", "last"), sides, strict=True):
        cut = picture.crop((from_x, top, to_x, bottom))
        path = folder / f"{name}.png"
        ImageOps.fit(cut, box, Image.Resampling.LANCZOS).save(path, format="PNG")
        paths.append(path)
    return (paths[0], paths[1], paths[2]), box


def _gutter(grey: np.ndarray, third: int) -> tuple[int, int]:
    """Where the panel before a third ends and the one after it begins, in pixels."""
    width = grey.shape[1]
    reach = round(width * REACH)
    start = max(1, third - reach)
    plain = grey[:, start : third + reach].std(axis=0) < PLAIN
    runs = _runs(plain)
    if not runs:
        trim = round(width * TRIM[0] / 1536)
        return third - trim, third + trim
    first, last = min(runs, key=lambda run: abs(start + (run[0] + run[1]) / 2 - third))
    return start + first - 1, start + last + 2  # a pixel more each way: gutters have soft edges


def _runs(plain: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of each run of plain columns."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], plain.astype(np.int8), [0]))))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _border(grey: np.ndarray, axis: int) -> tuple[int, int]:
    """From which line to which the picture goes once plain borders are off; the usual trim where there is none."""
    lines = grey.std(axis=axis) >= PLAIN
    length = lines.size
    most = round(length * MOST_BORDER)
    usual = round(length * (TRIM[1] / 912 if axis == 1 else TRIM[0] / 1536))
    first = next((index for index in range(most) if lines[index]), most)
    last = next((index for index in range(most) if lines[length - 1 - index]), most)
    return max(first, usual), length - max(last, usual)


def _shaped(size: Size, panel: Size) -> Size:
    """The largest size within `size` of the panel's shape."""
    width, height = size
    if width * panel[1] > height * panel[0]:
        width = height * panel[0] // panel[1]
    else:
        height = width * panel[1] // panel[0]
    if width < 32 or height < 32:
        raise BrokenMedia("The panels of the triptych are too small to be of use: ask for a larger strip.")
    return width, height


def enlarged(path: Path, out: Path, size: Size) -> None:
    """Bring an upscaled panel to exactly `size`: models enlarge by whole factors or to sizes of their own."""
    image_info(path)
    with Image.open(path) as opened:
        ImageOps.fit(opened.convert("RGB"), size, Image.Resampling.LANCZOS).save(out, format="PNG")
