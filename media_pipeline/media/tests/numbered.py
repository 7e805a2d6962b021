"""Clips whose every frame carries its clip and frame number as a grid of light and dark cells, and their reader.

The grid is 4 by 4 cells over the whole picture: the first row is the clip (0 to 15), the other three the frame number
(0 to 4095), most significant bit first. It survives coding, scaling and colour conversion. Written with PyAV, so that
what the product writes with ffmpeg is read by something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

DARK, LIGHT = 40, 215
SAMPLE_RATE = 48_000


def picture(frame: int, clip: int = 0, size: tuple[int, int] = (160, 90)) -> np.ndarray:
    """The picture (height, width, 3) uint8 of frame number `frame` of clip `clip`; `size` is (width, height)."""
    code = (clip << 12) | frame
    bits = [(code >> shift) & 1 for shift in range(15, -1, -1)]
    cells = np.where(np.array(bits).reshape(4, 4), LIGHT, DARK).astype(np.uint8)
    width, height = size
    rows, columns = np.arange(height) * 4 // height, np.arange(width) * 4 // width
    return np.repeat(cells[rows][:, columns][:, :, None], 3, axis=2)


def read_cells(pixels: np.ndarray) -> np.ndarray:
    """Mean brightness (4, 4) of the middle of each cell of a picture (height, width[, 3])."""
    grey = pixels.mean(axis=2) if pixels.ndim == 3 else pixels
    height, width = grey.shape
    out = np.empty((4, 4))
    for row in range(4):
        for column in range(4):
            top, left = (4 * row + 1) * height // 16, (4 * column + 1) * width // 16
            out[row, column] = grey[top : top + max(1, height // 8), left : left + max(1, width // 8)].mean()
    return out


def read_number(pixels: np.ndarray) -> tuple[int, int]:
    """(clip, frame) written in a picture (height, width[, 3]); ValueError when a cell is neither light nor dark."""
    cells = read_cells(pixels).reshape(16)
    if ((cells > 90) & (cells < 165)).any():
        raise ValueError(f"cells are neither light nor dark: {cells.round()}")
    code = int("".join("1" if cell > 127 else "0" for cell in cells), 2)
    return code >> 12, code & 0xFFF


def read_numbers(path: Path) -> list[tuple[int, int]]:
    """(clip, frame) of every frame that PyAV decodes of the first picture stream of `path`, in order of time."""
    with av.open(str(path)) as container:
        return [read_number(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def frame_numbers(path: Path) -> list[int]:
    """Only the frame numbers of `read_numbers`."""
    return [frame for _, frame in read_numbers(path)]


def clicks(seconds: Fraction, at: Iterable[Fraction] = ()) -> np.ndarray:
    """Stereo sound (2, samples) float32 at 48 kHz: silence with a click of 48 samples at each of these times."""
    sound = np.zeros((2, int(seconds * SAMPLE_RATE)), np.float32)
    for when in at:
        start = round(when * SAMPLE_RATE)
        sound[:, start : start + 48] = 0.8
    return sound


def tone(seconds: Fraction, hertz: int = 440, level: float = 0.25) -> np.ndarray:
    """Stereo sine (2, samples) float32 at 48 kHz."""
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.stack([wave, wave]).astype(np.float32)


def make_clip(
    path: Path,
    frames: int = 48,
    *,
    clip: int = 0,
    first: int = 0,
    rate: Fraction = Fraction(24),
    size: tuple[int, int] = (160, 90),
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    pixel_format: str = "yuv420p",
    times: Sequence[int] | None = None,
    sound: np.ndarray | None = None,
    sound_codec: str = "aac",
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write a clip numbered from `first`; the container follows from the name.

    `times` are the frames' presentation times in frames (uneven for variable rates). `sound` is (2, samples) float32
    at 48 kHz, coded by `sound_codec`.
    """
    with av.open(str(path), "w", container_options=container_options or {}) as container:
        video = container.add_stream(codec, rate=rate, options=options or {})
        video.width, video.height = size
        video.pix_fmt = pixel_format
        video.codec_context.time_base = 1 / rate
        track = container.add_stream(sound_codec, rate=SAMPLE_RATE, layout="stereo") if sound is not None else None
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(first + index, clip, size), format="rgb24")
            frame.pts = times[index] if times is not None else index
            frame.time_base = 1 / rate
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if track is not None:
            _write_sound(container, track, sound)
    return path


def write_sound(path: Path, sound: np.ndarray, codec: str = "pcm_s16le") -> Path:
    """Write a sound file of (2, samples) float32 at 48 kHz; the container follows from the name."""
    with av.open(str(path), "w") as container:
        _write_sound(container, container.add_stream(codec, rate=SAMPLE_RATE, layout="stereo"), sound)
    return path


def _write_sound(container, track, sound: np.ndarray) -> None:
    resampler = av.AudioResampler(format=track.codec_context.format, layout="stereo", rate=SAMPLE_RATE)
    size = 1024
    for start in range(0, sound.shape[1], size):
        piece = np.ascontiguousarray(sound[:, start : start + size])
        block = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        block.sample_rate, block.pts, block.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        for out in resampler.resample(block):
            container.mux(track.encode(out))
    container.mux(track.encode(None))


def read_sound(path: Path) -> np.ndarray:
    """All sound of `path` as (2, samples) float32 at 48 kHz, as decoded from its first sound stream."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
    pieces = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            pieces += [out.to_ndarray() for out in resampler.resample(frame)]
        pieces += [out.to_ndarray() for out in resampler.resample(None)]
    return np.concatenate(pieces, axis=1)
