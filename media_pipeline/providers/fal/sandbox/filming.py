"""Small clips with exact frames, rate and size: a picture that drifts, a bar that crosses it, the frame's number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageOps

from media_pipeline.media.runner import atomic_output, file_address, input_args, raw_input_args, run_ffmpeg

from .drawing import colour_of, draw_picture, font

DRAWN_SIDE = 320
"""The longer side of the frames that are drawn; ffmpeg enlarges them, which costs less than drawing."""

SOUND_RATE = 44_100


@dataclass(frozen=True)
class Clip:
    """What is to be filmed: even `width` and `height` in pixels, `frames` at `rate` frames a second."""

    width: int
    height: int
    frames: int
    rate: Fraction
    seed: int
    words: str = ""
    start: Image.Image | None = None
    end: Image.Image | None = None


def write_clip(clip: Clip, path: Path, *, sound: Path | None = None, coding: Sequence[str] = ()) -> None:
    """Write `clip` to `path` as H.264 in mp4, with `sound` beside it when given; equal clips give equal bytes."""
    drawn = _drawn_size(clip)

    def write(pipe: BinaryIO) -> None:
        for frame in _frames(clip, drawn):
            pipe.write(frame)

    video = coding or (
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "26", "-pix_fmt", "yuv420p", "-threads", "1",
        "-f", "mp4", "-movflags", "+faststart",
    )  # fmt: skip
    tracks = ["-map", "0:v"]
    if sound is not None:
        samples = round(clip.frames / clip.rate * SOUND_RATE)
        length = f"aresample={SOUND_RATE},apad,atrim=end_sample={samples}"
        tracks += ["-map", "1:a:0", "-af", length, "-c:a", "aac", "-b:a", "96k"]
    with atomic_output(path) as part:
        run_ffmpeg(
            [
                *raw_input_args(*drawn, clip.rate),
                *(input_args(sound) if sound is not None else []),
                *tracks, "-vf", f"scale={clip.width}:{clip.height}:flags=fast_bilinear",
                "-frames:v", str(clip.frames), "-fflags", "+bitexact", "-flags:v", "+bitexact",
                *video, file_address(part),
            ],
            stdin=write, wall_seconds=300,
        )  # fmt: skip


def _drawn_size(clip: Clip) -> tuple[int, int]:
    scale = min(1.0, DRAWN_SIDE / max(clip.width, clip.height))
    return max(2, round(clip.width * scale / 2) * 2), max(2, round(clip.height * scale / 2) * 2)


def _frames(clip: Clip, size: tuple[int, int]) -> Iterator[bytes]:
    ground = _ground(clip, size)
    width, height = size
    colour = colour_of(clip.seed, 9)
    for number in range(clip.frames):
        frame = ground(number)
        draw = ImageDraw.Draw(frame)
        x = number * width // max(1, clip.frames)
        draw.rectangle((x, height - 5, x + 12, height - 1), fill=colour)
        draw.text((width - 44, height - 24), f"{number:4d}", font=font(14), fill=(255, 255, 255))
        yield frame.tobytes()


def _ground(clip: Clip, size: tuple[int, int]) -> Callable[[int], Image.Image]:
    """The picture behind the number: the start image fading to the end image, or a drawn field that drifts."""
    if clip.start is None:
        wide = draw_picture((size[0] + 64, size[1]), clip.seed, clip.words)
        return lambda number: wide.crop((number % 64, 0, number % 64 + size[0], size[1]))
    start = ImageOps.fit(clip.start.convert("RGB"), size, Image.Resampling.BILINEAR)
    if clip.end is None:
        return lambda number: start.copy()
    end = ImageOps.fit(clip.end.convert("RGB"), size, Image.Resampling.BILINEAR)
    return lambda number: Image.blend(start, end, number / max(1, clip.frames - 1))
