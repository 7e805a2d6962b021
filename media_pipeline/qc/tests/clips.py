"""Clips whose faults are planted: a textured field that moves, and what is done to its frames before coding."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from media_pipeline.media.runner import raw_input_args, run_ffmpeg
from media_pipeline.media.tests.shots import write_wav

SIZE, RATE, FRAMES = (480, 270), Fraction(24), 48
Frames = list[np.ndarray]


def field(seed: int = 7, frames: int = FRAMES, speed: int = 2, size: tuple[int, int] = SIZE) -> Frames:
    """A field of sharp patches in the middle greys, drifting by `speed` pixels a frame; RGB, 8 bit."""
    random = np.random.default_rng(seed)
    width, height = size
    wide = width + speed * frames + 8
    coarse = random.integers(50, 200, (height // 10 + 1, wide // 10 + 1, 3)).astype(np.uint8)
    whole = coarse.repeat(10, axis=0).repeat(10, axis=1)
    return [whole[:height, speed * number : speed * number + width].copy() for number in range(frames)]


def write(path: Path, frames: Frames, *, rate: Fraction = RATE, crf: int = 12, sound: np.ndarray | None = None) -> Path:
    """Code the frames as H.264, with sound (channels, samples at 48 kHz, -1 to 1) when given."""
    height, width = frames[0].shape[:2]
    pixels = b"".join(np.ascontiguousarray(frame).tobytes() for frame in frames)
    heard = ["-i", str(write_wav(path.with_suffix(".wav"), sound)), "-c:a", "aac"] if sound is not None else []

    def feed(pipe):
        pipe.write(pixels)

    run_ffmpeg(
        [
            *raw_input_args(width, height, rate), *heard, "-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf),
            "-pix_fmt", "yuv420p", "-threads", "1", "-f", "mp4", str(path),
        ],
        stdin=feed,
    )  # fmt: skip
    return path


def each(frames: Frames, change: Callable[[int, np.ndarray], np.ndarray]) -> Frames:
    """Every frame changed by its number, kept within 8 bits."""
    return [
        np.clip(change(number, frame.astype(float)), 0, 255).astype(np.uint8) for number, frame in enumerate(frames)
    ]


def blurred(frame: np.ndarray, width: int) -> np.ndarray:
    """A box blur of `width` pixels both ways."""
    for axis in (0, 1):
        shifts = [np.roll(frame, place - width // 2, axis) for place in range(width)]
        frame = np.mean(shifts, axis=0)
    return frame


def tone(seconds: float, level: float) -> np.ndarray:
    """A tone of 440 Hz at a peak `level`, two channels."""
    time = np.arange(round(seconds * 48_000)) / 48_000
    return np.stack([level * np.sin(2 * np.pi * 440 * time)] * 2)
