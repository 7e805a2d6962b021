"""Numbered shots in mezzanine form for tests of cutting, without the probing that make_mezzanine does."""

from __future__ import annotations

import hashlib
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from media_pipeline.media.cut import Clip
from media_pipeline.media.mezzanine import FINAL_FILTERS, MezzanineFormat, encode_arguments
from media_pipeline.media.runner import raw_input_args, run_ffmpeg

from .numbered import picture

RATES = {"24": Fraction(24), "23.976": Fraction(24000, 1001), "29.97": Fraction(30000, 1001)}
SMALL = MezzanineFormat(160, 90, Fraction(24))


def write_wav(path: Path, sound: np.ndarray, rate: int = 48_000) -> Path:
    """Write (channels, samples) float as 16-bit WAV, with the standard library."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(sound.shape[0])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.round(sound.T * 32767).astype("<i2").tobytes())
    return path


def make_picture(
    path: Path, clip: int, frames: int, form: MezzanineFormat = SMALL, extra: tuple[str, ...] = ()
) -> Path:
    """Code numbered pictures in mezzanine form; `extra` output arguments can spoil the form."""
    size = (form.width, form.height)
    pixels = b"".join(picture(number, clip, size).tobytes() for number in range(frames))

    def feed(pipe):
        pipe.write(pixels)

    run_ffmpeg(
        [
            *raw_input_args(*size, form.rate),
            "-vf",
            FINAL_FILTERS,
            *encode_arguments(form),
            *extra,
            "-f",
            "mp4",
            str(path),
        ],
        stdin=feed,
    )
    return path


def make_shot(
    folder: Path, clip: int, frames: int = 48, form: MezzanineFormat = SMALL, sound: np.ndarray | None = None
) -> Clip:
    """A whole shot: its picture, and its sound when it has one."""
    path = make_picture(folder / f"shot{clip}.mp4", clip, frames, form)
    heard = write_wav(folder / f"shot{clip}.wav", sound) if sound is not None else None
    return Clip(path, hashlib.sha256(path.read_bytes()).hexdigest(), 0, frames, frames, heard)


def film_pictures(path: Path) -> list[np.ndarray]:
    """All pictures of a film as grey (height, width) float arrays, as PyAV decodes them."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").mean(axis=2) for frame in container.decode(video=0)]
