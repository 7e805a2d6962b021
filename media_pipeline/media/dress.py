"""A mezzanine with its colours matched or words laid over it, coded once more in the same form; words over any clip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .errors import MediaError
from .mezzanine import FINAL_FILTERS, MezzanineFormat, encode_arguments
from .runner import atomic_output, file_address, input_args, run_ffmpeg

Gains = tuple[float, float, float]

FURTHEST = 0.25
"""Gains beyond this share of the picture's levels are refused: that is grading, not matching."""


def dress(
    picture: Path, out: Path, form: MezzanineFormat, *, frames: int, gains: Gains | None = None,
    overlay: Path | None = None, cancelled: Callable[[], bool] | None = None,
) -> None:  # fmt: skip
    """Write the mezzanine `picture` to `out` with its red, green and blue levels times `gains`, `overlay` (a PNG in the
    film's size, transparent where the picture shows) laid over it, or both. Raises MediaError, BrokenMedia, Cancelled.
    """
    if gains and any(abs(gain - 1) > FURTHEST + 1e-9 for gain in gains):
        raise MediaError(f"Colours are matched by at most {FURTHEST:.0%}; {gains} were asked for.")
    chain = "[0:v]" + (_levels(gains) if gains else "null") + "[seen]"
    last = "[seen]"
    if overlay:
        chain += ";[1:v]format=rgba[words];[seen][words]overlay=0:0:eof_action=repeat[laid]"
        last = "[laid]"
    chain += f";{last}{FINAL_FILTERS}[out]"
    with atomic_output(out) as part:
        run_ffmpeg(
            [
                *input_args(picture), *(input_args(overlay, options=("-f", "png_pipe")) if overlay else ()),
                "-filter_complex", chain, "-map", "[out]", "-an", "-frames:v", str(frames),
                *encode_arguments(form), "-f", "mp4", file_address(part),
            ],
            frames=frames, wall_seconds=600 + frames, cancelled=cancelled,
        )  # fmt: skip


def lay_over(
    source: Path, out: Path, overlay: Path, *, size: tuple[int, int], cancelled: Callable[[], bool] | None = None
) -> None:  # fmt: skip
    """Write any clip to `out` (H.264 and AAC in an MP4, at its own rate) with `overlay`, a PNG of `size`, laid over it.

    `size` is the clip's, upright and in square pixels. Raises MediaError, BrokenMedia, Cancelled.
    """
    width, height = size
    chain = (
        f"[0:v:0]scale={width}:{height},setsar=1[seen];[1:v]format=rgba[words];"
        "[seen][words]overlay=0:0:eof_action=repeat,crop=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p[out]"
    )
    with atomic_output(out) as part:
        run_ffmpeg(
            [
                *input_args(source), *input_args(overlay, options=("-f", "png_pipe")), "-filter_complex", chain,
                "-map", "[out]", "-map", "0:a?", "-c:v", "libx264", "-preset", "veryfast", "-crf", "17",
                "-c:a", "aac", "-b:a", "256k", "-movflags", "+faststart", "-f", "mp4", file_address(part),
            ],
            cancelled=cancelled, wall_seconds=900,
        )  # fmt: skip


def _levels(gains: Gains) -> str:
    red, green, blue = (f"{gain:.5f}" for gain in gains)
    into = "scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int+bitexact,format=gbrp"
    back = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+bitexact,format=yuv420p"
    return f"{into},colorchannelmixer=rr={red}:gg={green}:bb={blue},{back}"
