"""How far the colours of one shot are moved towards those of the shot before, so that the cut is not seen.

Matching is gentle on purpose: most of the way, within a limit, between shots of one scene, and never so far that a
colour of the brand becomes another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from media_pipeline.media.dress import Gains
from media_pipeline.media.examine_edges import lab

MIX = 0.6
"""Share of the difference that is taken away."""

LIMIT = 0.2
"""Most that a level is raised or lowered, as a share."""

LEAST = 0.02
"""Gains nearer to one than this are left: nobody sees them, and the shot need not be coded again."""

BRAND_DISTANCE = 5.0
"""CIE76 distance that a brand colour may move: a little over what is just seen side by side (2.3)."""


def matching_gains(tail: Mapping[str, Any], head: Mapping[str, Any], brand: Sequence[str] = ()) -> Gains | None:
    """Gains of red, green and blue that bring a shot (its `head`) nearer to the one before (its `tail`).

    Both are figures of media.examine_edges. `brand` are colours such as #1C2B3A that must stay what they are: the gains
    shrink until they do. None where there is nothing worth coding again.
    """
    wanted = np.array(tail["rgb"]) / np.maximum(np.array(head["rgb"]), 1e-3)
    gains = 1 + np.clip((wanted - 1) * MIX, -LIMIT, LIMIT)
    for _ in range(8):
        if all(_moved(colour, gains) <= BRAND_DISTANCE for colour in brand):
            break
        gains = 1 + (gains - 1) * 0.7
    else:
        return None
    if np.abs(gains - 1).max() < LEAST:
        return None
    red, green, blue = (round(float(gain), 4) for gain in gains)
    return red, green, blue


def _moved(colour: str, gains: Any) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    before = np.array([int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)])
    return float(np.linalg.norm(lab(np.clip(before * gains, 0, 1)) - lab(before)))
