"""Whether two clips can be cut together: the last half second of one against the first of the next.

Numbers over the figures of media/examine_edges.py, no file is opened here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media_pipeline.media.examine_edges import MATCH_SIZE

from .measures import Score, scale

DIRECTIONS = 24
"""Lines on which the colours of two pictures are compared."""


GREY = 6.0
"""Chroma added to that of the pictures: what there is of colour in a grey one is not magnified."""


FRAMING = 0.25
"""How much more colours may differ for each size that two framings are apart."""


class BadCutThresholds(ValueError):
    """Thresholds for cuts that cannot be used; the message says which."""


@dataclass(frozen=True)
class CutThresholds:
    """Score under which a cut is a break, by name. Chosen on the labelled set of benchmarks/continuity.py."""

    light_match: float = 50
    colour_match: float = 50
    palette_match: float = 50
    edge_match: float = 50

    @classmethod
    def of(cls, changed: Mapping[str, Any]) -> CutThresholds:
        """The defaults with some of them changed; raises BadCutThresholds naming what is unknown or no score."""
        known = set(cls.__dataclass_fields__)
        for name, value in changed.items():
            if name not in known:
                raise BadCutThresholds(
                    f"There is no measurement {name!r} of a cut; there are {', '.join(sorted(known))}."
                )
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
                raise BadCutThresholds(f"The threshold of {name} is a score from 0 to 100, not {value!r}.")
        return cls(**{name: float(value) for name, value in changed.items()})


@dataclass(frozen=True)
class CutMeasurements:
    """How well two clips fit: scores 0 to 100 by name; None where the cut gives no ground for one."""

    light: Score
    colour: Score
    palette: Score
    edge: Score
    thresholds: CutThresholds = field(default_factory=CutThresholds)

    @property
    def scores(self) -> tuple[Score, ...]:
        """All of them."""
        return self.light, self.colour, self.palette, self.edge

    def fits(self, score: Score) -> bool:
        """Whether a score is no break; what was not measured is none."""
        return score.score is None or score.score >= getattr(self.thresholds, score.name)


def measure_cut(
    tail: Mapping[str, Any], head: Mapping[str, Any], *, continues: bool, detail: bool = False,
    steps: int = 0, thresholds: CutThresholds | None = None,
) -> CutMeasurements:  # fmt: skip
    """Measure a cut.

    `continues`: the second shot is meant to begin with the picture on which the first ends. `detail`: one of them is an
    insert, whose colours are those of the one thing it shows. `steps`: by how many sizes the framings are apart; a
    closer frame has another background, so colours may differ by a quarter more for each.
    """
    edge = _edge(tail, head) if continues else _skipped("edge_match", "the shot does not go straight on")
    leave = 1 + FRAMING * steps
    colour, palette = _colour(tail, head, leave), _palette(tail, head, leave)
    if detail:
        why = "an insert has the colours of the thing it shows"
        colour, palette = _skipped("colour_match", why), _skipped("palette_match", why)
    return CutMeasurements(_light(tail, head), colour, palette, edge, thresholds or CutThresholds())


def _skipped(name: str, why: str) -> Score:
    return Score(name, "consistency", None, note=why)


def _light(tail: Mapping[str, Any], head: Mapping[str, Any]) -> Score:
    """Half by stops, half by lightness: stops say too much in the dark, lightness in a bright picture."""
    stops = abs(float(np.log2((head["light"] + 0.004) / (tail["light"] + 0.004))))
    lightness = abs(head["lab"][0] - tail["lab"][0])
    jump = (stops / 1.2 + lightness / 16) / 2
    raw = {"stops": round(stops, 2), "lightness": round(lightness, 1)}
    note = f"the light changes by {stops:.1f} stops"
    return Score("light_match", "consistency", scale(jump, 0.5, 1.65), raw, "stops and L*", note)


def _colour(tail: Mapping[str, Any], head: Mapping[str, Any], leave: float) -> Score:
    """The white of the light: how far the mean colour moves, and towards red or blue."""
    moved = float(np.hypot(head["lab"][1] - tail["lab"][1], head["lab"][2] - tail["lab"][2]))
    warmth = abs(head["warmth"] - tail["warmth"])
    score = max(scale(moved / leave, 4, 16), scale(warmth / leave, 0.3, 1.3))
    raw = {"a*b* distance": round(moved, 1), "red to blue, stops": round(warmth, 2)}
    note = f"the colour of the light changes by {moved:.0f} (a*b*)"
    return Score("colour_match", "consistency", score, raw, "CIE Lab", note)


def _palette(tail: Mapping[str, Any], head: Mapping[str, Any], leave: float) -> Score:
    """Sliced Wasserstein distance of hues and saturations, as a share of how colourful the two are.

    Lightness is left out and taken out of the strength of colours, since another light is no other palette; a share,
    since in a grey set a small turn is seen.
    """
    one, other = (_hues(np.array(side["colours"], dtype=np.float64)) for side in (tail, head))
    chroma = float(np.concatenate([np.hypot(*one.T), np.hypot(*other.T)]).mean())
    distance = sliced_distance(one, other)
    share = distance / (chroma + GREY)
    raw = {"a*b* distance": round(distance, 2), "share": round(share, 3)}
    note = f"the colours are {distance:.0f} apart (a*b*), {round(100 * share)} % of their strength"
    return Score("palette_match", "consistency", scale(share / leave, 0.25, 0.66), raw, "CIE Lab", note)


def _hues(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """The a* and b* that the colours would have if the picture were of middle lightness."""
    return colours[:, 1:] * 60 / (colours[:, 0].mean() + 10)


def sliced_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How far colours (rows of a*, b*) move along lines in all directions to become the others, in their unit."""
    turns = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
    places = np.linspace(0, 1, 128)
    lines = np.stack([np.cos(turns), np.sin(turns)])
    moved = np.abs(np.quantile(one @ lines, places, axis=0) - np.quantile(other @ lines, places, axis=0)).mean()
    return float(moved * np.pi / 2)  # the mean of |cosine| over all directions in a plane is 2 / pi


def _edge(tail: Mapping[str, Any], head: Mapping[str, Any]) -> Score:
    width, height = MATCH_SIZE
    pictures = [
        np.frombuffer(bytes.fromhex(side["picture"]), np.uint8).reshape(height, width).astype(np.float64)
        for side in (tail, head)
    ]
    alike = similarity(*pictures)
    note = "the first picture is not the one on which the shot before ends"
    return Score("edge_match", "consistency", scale(alike, 0.9, 0.5), round(alike, 3), "SSIM", note)


def similarity(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Mean structural similarity (Wang and others, 2004) over windows of 8 pixels, a window every 4."""
    values = []
    for top in range(0, one.shape[0] - 7, 4):
        for left in range(0, one.shape[1] - 7, 4):
            first, second = (picture[top : top + 8, left : left + 8] for picture in (one, other))
            light = (2 * first.mean() * second.mean() + 6.5025) / (first.mean() ** 2 + second.mean() ** 2 + 6.5025)
            shared = ((first - first.mean()) * (second - second.mean())).mean()
            values.append(light * (2 * shared + 58.5225) / (first.var() + second.var() + 58.5225))
    return float(np.mean(values))
