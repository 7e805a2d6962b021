"""Clips of one shot put one behind the other, without the frame they share, and given the shot's time.

For the two halves of a triptych and for a shot beyond a model's length: a few seconds, decoded once. A film is joined
by packets (join.py), never like this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import ffmpeg

from . import graph
from .errors import BrokenMedia, MediaError
from .mezzanine import SAME_BYTES
from .probe import probe
from .runner import atomic_output, run_ffmpeg

CRF = 12
"""Coded once more before the mezzanine: fine enough that it does not show."""


def chain(
    clips: Sequence[Path], out: Path, *, seconds: Fraction | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:  # fmt: skip
    """Write the clips' pictures in order to `out`, each later clip without its first one; returns how many.

    The first picture of a later clip is the last of the one before: shown twice it would halt the motion. With
    `seconds` the same pictures are spread evenly over that time, so that first and last stay what they are. Sound is
    left out. Raises BrokenMedia for a file that is no clip, MediaError where nothing would be left.
    """
    infos = [probe(path) for path in clips]
    for path, info in zip(clips, infos, strict=True):
        if info.kind != "video" or not info.frames or not info.rate:
            raise BrokenMedia(f"{path.name}: a clip was expected, but the file is {info.described}.")
    total = sum(info.frames for info in infos) - (len(infos) - 1)
    if not clips or total < 1:
        raise MediaError("There is nothing to put together.")
    rate = Fraction(total) / seconds if seconds else Fraction(infos[0].rate or 0)
    width, height = infos[0].width, infos[0].height
    parts = []
    for place, path in enumerate(clips):
        stream = graph.source(path)["v:0"].filter("scale", width, height, flags="bicubic").filter("setsar", 1)
        if place:
            stream = stream.filter("trim", start_frame=1).filter("setpts", "PTS-STARTPTS")
        parts.append(stream.filter("format", "yuv420p"))
    joined = parts[0] if len(parts) == 1 else ffmpeg.concat(*parts, v=1, a=0)
    spread = joined.filter("settb", f"{rate.denominator}/{rate.numerator}").filter("setpts", "N")  # a tick a frame
    options = {
        "c:v": "libx264", "preset": "veryfast", "crf": str(CRF), "r": f"{rate.numerator}/{rate.denominator}",
        "frames:v": str(total), "pix_fmt": "yuv420p", "movflags": "+faststart", **SAME_BYTES,
    }  # fmt: skip
    with atomic_output(out) as part:
        run_ffmpeg(
            graph.arguments(graph.target(spread, part, "mp4", **options)), frames=total, wall_seconds=600 + total,
            cpu_seconds=600 + total, cancelled=cancelled,
        )  # fmt: skip
    return total
