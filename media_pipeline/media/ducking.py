"""Music goes down while somebody speaks: by as many decibels as asked, whoever speaks and however loudly.

A compressor with the voices as its key goes by their absolute level, so that a quiet recording moves the music not at
all. Here the voices are measured first: what is nearly as loud as they usually are is speech, whatever that is in
decibels, and the way down begins before the first word, which a compressor cannot know of.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

WINDOW = 480
"""Samples (10 ms) in which levels are taken; a second has whole windows."""

SMOOTHED = 5
"""Windows (50 ms) over which a level is taken, about a syllable."""

SILENCE_DB = -60.0
"""Level below which nobody speaks, whatever the rest is like."""

LOUD = 95
"""Percentile of the levels above silence that says how loudly is spoken."""

WITHIN_DB = 12.0
"""How much quieter than that speech may be. The tone of a room lies 15 dB or more below its voices."""

LEAD, HOLD, SLOPE = 16, 80, 30
"""Windows: the music is down 10 ms before speech begins, stays for 650 ms, so that it does not come up between two
sentences, and takes 300 ms each way."""

Samples = NDArray[np.float32]


class Ducking:
    """The gain of the music over the film, from the voices as blocks of (2, samples) at 48 kHz."""

    def __init__(self, voices: Iterable[Samples], depth_db: float) -> None:
        levels = _levels(voices)
        self.curve = -depth_db * _slopes(_speech(levels)) if levels.size else levels

    def gains(self, start: int, count: int) -> Samples:
        """The factors of `count` samples from the film's sample `start` on."""
        if not self.curve.size:
            return np.ones(count, np.float32)
        middles = np.arange(self.curve.size) * WINDOW + WINDOW / 2
        decibels = np.interp(np.arange(start, start + count), middles, self.curve)
        return np.asarray(10 ** (decibels / 20), np.float32)


def _levels(voices: Iterable[Samples]) -> NDArray[np.float64]:
    """The level of every window in dB below full scale, taken over SMOOTHED windows."""
    powers = []
    for block in voices:
        power = (block.astype(np.float64) ** 2).mean(axis=0)
        whole = np.zeros(-(-power.size // WINDOW) * WINDOW)
        whole[: power.size] = power
        powers.append(whole.reshape(-1, WINDOW).mean(axis=1))
    together = np.concatenate(powers) if powers else np.zeros(0)
    if not together.size:
        return together
    smooth = np.convolve(together, np.full(SMOOTHED, 1 / SMOOTHED), mode="same")[: together.size]
    return np.asarray(10 * np.log10(np.maximum(smooth, 1e-12)))


def _speech(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """In which windows somebody speaks."""
    heard = levels[levels > SILENCE_DB]
    if not heard.size:
        return np.zeros(levels.size, bool)
    return np.asarray(levels > max(SILENCE_DB, float(np.percentile(heard, LOUD)) - WITHIN_DB))


def _slopes(speech: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far down the music is, 0 to 1: there before a word, held after it, straight ways in decibels between."""
    edges = np.zeros(speech.size + 1, int)
    changes = np.diff(speech.astype(int), prepend=0, append=0)
    np.add.at(edges, np.maximum(np.flatnonzero(changes == 1) - LEAD, 0), 1)
    np.add.at(edges, np.minimum(np.flatnonzero(changes == -1) + HOLD, speech.size), -1)
    down = (np.cumsum(edges)[: speech.size] > 0).astype(float)
    padded = np.pad(down, SLOPE // 2, mode="edge")
    return np.convolve(padded, np.full(SLOPE, 1 / SLOPE), mode="same")[SLOPE // 2 : SLOPE // 2 + speech.size]
