"""How alike two pictures are as pictures: near-duplicates, crops a little off, the same frame graded anew.

This is no measure of who or what is in them: the same person photographed twice is as far apart as two strangers.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from django.core.cache import cache
from PIL import Image, UnidentifiedImageError

from media_pipeline.providers.errors import Refused

BITS = 64

_DCT = np.cos(np.pi * (2 * np.arange(32)[None, :] + 1) * np.arange(32)[:, None] / 64)


def prints_of(path: Path) -> tuple[int, int]:
    """Two 64-bit prints of a picture: of its gradients (dHash) and its coarse waves (pHash). Refused if it is none."""
    try:
        with Image.open(path) as opened:
            opened.draft("L", (256, 256))
            grey = opened.convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refused(f"{path.name[:12]} cannot be read as a picture: {error}.") from error
    small = np.asarray(grey.resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    gradients = small[:, 1:] > small[:, :-1]
    waves = _DCT @ np.asarray(grey.resize((32, 32), Image.Resampling.BOX), dtype=np.float64) @ _DCT.T
    low = waves[:8, :8]
    rest = low.flatten()[1:]  # the first is the mean brightness, which is no shape
    return _number(gradients), _number(low > np.median(rest))


def likeness(one: tuple[int, int], other: tuple[int, int]) -> float:
    """0 to 1: how much fewer bits differ than by chance, of the print that differs more. 1 is the same picture.

    Of two unrelated pictures about half of the bits differ, which is 0 here.
    """
    apart = max((a ^ b).bit_count() for a, b in zip(one, other, strict=True))
    return max(0.0, 1 - 2 * apart / BITS)


def kept_prints(sha256: str, path: Path) -> tuple[int, int]:
    """The prints of a stored picture; kept in the cache, since its bytes never change."""
    known = cache.get(f"picture-prints:1:{sha256}")
    if known is None:
        known = prints_of(path)
        cache.set(f"picture-prints:1:{sha256}", known, timeout=None)
    return known


def most_alike(
    image: tuple[int, int], others: Iterable[tuple[str, tuple[int, int]]], limit: int
) -> list[tuple[str, float]]:
    """Names and likeness of the pictures most like `image`, best first; none that is so by chance."""
    compared = [(name, round(likeness(image, prints), 4)) for name, prints in others]
    return sorted([one for one in compared if one[1] > 0], key=lambda one: (-one[1], one[0]))[:limit]


def _number(bits: Any) -> int:
    return int("".join("1" if bit else "0" for bit in bits.flatten()), 2)
