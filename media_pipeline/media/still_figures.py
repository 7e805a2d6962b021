"""Figures of one picture: detail, noise, exposure, coding blocks, bars. Luma in, plain numbers out; numpy only.

`luma` is always a float array (height, width) from 0 (black) to 255 (white). The definitions are the published ones
named at each function; what figure is good and what is bad is decided in media_pipeline/qc.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.float32]

PATCH = 32
"""Pixels of a patch in which detail and noise are judged: a sharp face before a soft wall is a sharp picture."""

BLOCK = 8
"""Pixels of a coding block of H.264 and JPEG."""

_LEAST_DETAIL = 1.0
"""Mean step between neighbours, in levels, under which a patch holds nothing that could be sharp."""


def figures_of(luma: Luma) -> dict[str, Any]:
    """All figures of one picture by name; those that the picture gives no ground for are None."""
    low, high = _level(luma, 5), _level(luma, 95)
    return {
        "detail": detail(luma),
        "noise": noise(luma),
        "blocks": blocks(luma),
        "bars": bars(luma),
        "blown": float((luma >= 250).mean()),
        "crushed": float((luma <= 8).mean()),
        "low": low,
        "high": high,
    }


def detail(luma: Luma) -> float | None:
    """Share of the steps between pixels that blurring again takes away, 0 (was blurred) to 1 (sharp).

    After Crete and others, The Blur Effect (2007), on the most detailed fifth of the picture's patches and after a
    light denoise, so that neither grain nor a soft background decides; the worse of the two directions.
    """
    calm = _threefold(_threefold(luma, 0, 1), 1, 1) / np.float32(9)
    losses = [_loss(calm, axis) for axis in (0, 1)]
    return min((loss for loss in losses if loss is not None), default=None)


def _loss(luma: Luma, axis: int) -> float | None:
    step = np.abs(np.diff(luma, axis=axis))
    step_again = np.abs(np.diff(_threefold(_threefold(luma, axis, 1), axis, 3) / np.float32(9), axis=axis))
    before, lost = _patches(step), _patches(np.maximum(step - step_again, 0))
    if not before.size:
        return None
    detailed = np.argsort(before)[-max(1, before.size // 5) :]
    if before[detailed].mean() < _LEAST_DETAIL:
        return None
    return float(lost[detailed].sum() / before[detailed].sum())


def noise(luma: Luma) -> float:
    """Standard deviation of the noise in levels, after Immerkaer (1996), on the flattest tenth of the patches."""
    mask = luma[:-2, :-2] - 2 * luma[:-2, 1:-1] + luma[:-2, 2:]
    mask = mask - 2 * (luma[1:-1, :-2] - 2 * luma[1:-1, 1:-1] + luma[1:-1, 2:])
    mask = mask + luma[2:, :-2] - 2 * luma[2:, 1:-1] + luma[2:, 2:]
    rough = _patches(np.abs(mask))
    if not rough.size:
        return 0.0
    flattest = np.sort(rough)[: max(1, rough.size // 10)]
    return float(np.sqrt(np.pi / 2) * flattest.mean() / 6)


def blocks(luma: Luma) -> float:
    """Levels by which steps on the 8 pixel grid exceed those beside it: blocks of coding. Blind after scaling."""
    worst = 0.0
    for axis in (0, 1):
        step = np.abs(np.diff(luma, axis=axis)).mean(axis=1 - axis)
        place = np.arange(1, step.size + 1)
        on_grid, off_grid = step[place % BLOCK == 0], step[place % BLOCK == BLOCK // 2]
        if on_grid.size and off_grid.size:
            worst = max(worst, float(on_grid.mean() - off_grid.mean()))
    return worst


def bars(luma: Luma) -> float | None:
    """Share of the picture that is black bars, as high above as below or as wide left as right; None when it is dark.

    A row or column belongs to a bar when 98 of 100 of its pixels are no lighter than 24.
    """
    if _level(luma, 95) < 40:
        return None
    share = 1.0
    for axis in (0, 1):
        dark = (luma <= 24).mean(axis=1 - axis) >= 0.98
        first, last = (int(np.argmin(side)) if not side.all() else side.size for side in (dark, dark[::-1]))
        share *= 1 - 2 * min(first, last) / dark.size
    return float(1 - max(0.0, share))


def _level(luma: Luma, percent: float) -> float:
    """The level that so many percent of the pixels do not exceed; of one in sixteen, as sorting all is slow."""
    return float(np.percentile(luma[::4, ::4], percent))


def _threefold(luma: Luma, axis: int, apart: int) -> Luma:
    """The sum of each pixel and those `apart` before and after it along `axis`, the edges repeated.

    Once, it is three times a running mean over three; again with three apart, nine times one over nine.
    """
    turned = luma if axis == 0 else luma.T
    total: Luma = turned.copy()
    total[apart:] += turned[:-apart]
    total[:apart] += turned[:1]
    total[:-apart] += turned[apart:]
    total[-apart:] += turned[-1:]
    return total if axis == 0 else total.T


def _patches(values: Luma) -> NDArray[np.float64]:
    """Means over whole patches of PATCH by PATCH, as one row."""
    high, wide = values.shape[0] // PATCH, values.shape[1] // PATCH
    cut = values[: high * PATCH, : wide * PATCH].reshape(high, PATCH, wide, PATCH)
    means: NDArray[np.float64] = cut.mean(axis=(1, 3), dtype=np.float64).ravel()
    return means
