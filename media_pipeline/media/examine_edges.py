"""What the first and the last half second of a clip look like. Runs only in the limited child process (examiner.py).

Only the packets near the two ends are decoded. The figures say how light, how coloured and how arranged the pictures
are; whether two of them can be cut together is decided in media_pipeline/qc.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av.error
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from .errors import BrokenMedia
from .examine_video import opened, picture_stream, to_rgb

SIZE = (96, 54)
"""Pixels at which pictures are compared: no more is needed to say how light or how coloured they are."""

MATCH_SIZE = (64, 36)
"""Pixels of the one picture at the very edge, for shots that go straight on."""

HALF_SECOND = Fraction(1, 2)
COLOURS = 256
"""Colours of a picture that stand for its palette."""

Colours = NDArray[np.float64]

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])
"""IEC 61966-2-1 (sRGB) to CIE XYZ under D65."""


def edges(path: Path) -> dict[str, Any]:
    """Figures of the first half second ("head") and the last ("tail") of a clip."""
    with opened(path) as container:
        video = _picture(container)
        count = max(1, round(HALF_SECOND * Fraction(video.average_rate or video.guessed_rate or 24)))
        head = [frame for frame, _ in zip(_frames(container, video), range(count), strict=False)]
    tail = _last(path, count)
    if not head or not tail:
        raise BrokenMedia("No picture of the clip can be decoded.")
    return {"head": edge_figures(head, 0), "tail": edge_figures(tail, -1)}


def edge_figures(frames: Iterable[VideoFrame], at_the_cut: int) -> dict[str, Any]:
    """Figures of pictures on one side of a cut; `at_the_cut` is the place of the one that touches it."""
    pictures = [to_rgb(frame) for frame in frames]
    return still_edge(pictures, at_the_cut)


def still_edge(pictures: list[Image.Image], at_the_cut: int) -> dict[str, Any]:
    """As `edge_figures`, of RGB pictures."""
    small = [np.asarray(picture.resize(SIZE, Image.Resampling.BOX), dtype=np.float64) / 255 for picture in pictures]
    linear = np.concatenate([_linear(picture).reshape(-1, 3) for picture in small])
    red, _, blue = (float(value) for value in linear.mean(axis=0))
    middle = lab(small[len(small) // 2]).reshape(-1, 3)
    means = lab(np.concatenate([picture.reshape(-1, 3) for picture in small])).mean(axis=0)
    last = pictures[at_the_cut].resize(MATCH_SIZE, Image.Resampling.BOX)
    return {
        "light": float((linear @ _TO_XYZ[1]).mean()),
        "lab": [round(float(value), 3) for value in means],
        "rgb": [round(float(value), 5) for value in np.concatenate([p.reshape(-1, 3) for p in small]).mean(axis=0)],
        "warmth": float(np.log2((red + 1e-3) / (blue + 1e-3))),
        "colours": [
            [round(float(value), 2) for value in colour] for colour in middle[:: max(1, len(middle) // COLOURS)]
        ],
        "picture": np.asarray(last.convert("L")).tobytes().hex(),
    }


def lab(rgb: Colours) -> Colours:
    """CIE L*a*b* (D65) of sRGB values from 0 to 1; the last axis is colour."""
    ratio = (_linear(rgb) @ _TO_XYZ.T) / _WHITE
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _linear(rgb: Colours) -> Colours:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _picture(container: Any) -> Any:
    video = picture_stream(container)
    if video is None:
        raise BrokenMedia("The file holds no picture.")
    return video


def _frames(container: Any, video: Any) -> Iterator[VideoFrame]:
    try:
        for frame in container.decode(video):
            if not frame.is_corrupt:
                yield frame
    except av.error.FFmpegError:  # the end is damaged: what came before is what there is
        return


def _last(path: Path, count: int) -> list[VideoFrame]:
    """The last `count` pictures: from a key frame shortly before the end, else from the beginning."""
    for back in (Fraction(3, 2), Fraction(6), None):
        with opened(path) as container:
            video = _picture(container)
            if back is not None:
                if not video.duration or not video.time_base:
                    continue
                start = (video.start_time or 0) + video.duration - int(back / video.time_base)
                container.seek(max(video.start_time or 0, start), stream=video, backward=True)
            found: deque[VideoFrame] = deque(_frames(container, video), maxlen=count)
            if len(found) == count or (found and back is None):
                return list(found)
    return []
