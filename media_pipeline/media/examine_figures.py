"""What is measured of a clip's pictures and sound, in one pass. Runs only in the limited child process (examiner.py).

Pictures are looked at small, one after the other, and a few of them whole; only figures are kept, so that memory does
not depend on length. Figures are facts; what is good enough is decided in media_pipeline/qc.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from .errors import BrokenMedia
from .examine_video import MAX_DECODED, opened, picture_stream, to_rgb
from .still_figures import Luma, figures_of

SMALL = 320
"""Width in pixels at which every picture is compared with the one before."""

LARGEST = 1920
"""Width in pixels at which the sampled pictures are looked at, at most."""

DARK, DARK_SHARE = 25.5, 0.98
"""A picture is black when this share of its pixels is under a tenth of white (ffmpeg's blackdetect)."""

STANDS_STILL = 0.255
"""Mean difference in levels under which two pictures are the same: a thousandth, -60 dB (ffmpeg's freezedetect)."""

MOVES_SOMEWHERE = 1.0
"""Mean difference in levels of one block of 20 pixels: a small thing that moves is not a freeze."""

REFRESHES = 1.0
"""Mean difference in levels up to which a lone change is the coder's: a key frame of a still one."""

GRID, WINDOW = 8, 13
"""Flicker: blocks across and down, and pictures over which a slow change is taken out by a quadratic fit."""

SOUND_WINDOWS_PER_SECOND = 20
SILENT, CLIPPED = 10 ** (-60 / 20), 0.985
"""Peak of a window that is silent (-60 dBFS), and level of a sample that is clipped."""


@dataclass
class Motion:
    """What is kept of the pictures: one small row of numbers each."""

    dark: list[bool] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    mover: list[float] = field(default_factory=list)
    light: list[NDArray[np.float64]] = field(default_factory=list)
    before: Luma | None = None

    def look(self, small: Luma) -> None:
        """Take in the next picture."""
        self.dark.append(bool((small < DARK).mean() >= DARK_SHARE))
        self.light.append(_means(small, small.shape[0] // GRID, small.shape[1] // GRID).ravel())
        if self.before is not None:
            change = np.abs(small - self.before)
            self.change.append(float(change.mean()))
            self.mover.append(float(_means(change, 20, 20).max(initial=0.0)))
        self.before = small


def figures(path: Path, per_second: float, exact_flicker: bool) -> dict[str, Any]:
    """Figures of a clip: pictures counted, black and still runs, repeats, flicker, and those of sampled pictures.

    `per_second` pictures of each second are looked at whole; `exact_flicker` also compares all whole pictures in RGB
    as VBench's temporal_flickering does, which costs as much as all the rest.
    """
    with opened(path) as container:
        video = picture_stream(container)
        if video is None:
            raise BrokenMedia("The file holds no picture.")
        rate = float(video.average_rate or video.guessed_rate or 24)
        every = max(1, round(rate / per_second))
        motion, samples, exact, damaged = Motion(), [], _ExactFlicker() if exact_flicker else None, 0
        for number, frame in enumerate(_decoded(container, video)):
            if frame is None:
                damaged += 1
                continue
            motion.look(_luma(frame, SMALL))
            if number % every == every // 2:
                samples.append(figures_of(_luma(frame, min(LARGEST, frame.width))))
            if exact:
                exact.look(frame)
        if not motion.dark:
            raise BrokenMedia("No picture of the clip can be decoded.")
        return {
            "pictures": len(motion.dark), "damaged": damaged, "rate": rate, "samples": samples,
            "black": _runs(np.array(motion.dark)), "still": _runs(_still(motion)), "repeats": _repeats(motion),
            "flicker": flicker(np.array(motion.light), np.array(motion.dark)),
            "exact_flicker": exact.mean() if exact else None,
            "change": float(np.mean(motion.change)) if motion.change else 0.0,
        }  # fmt: skip


def sound_figures(path: Path) -> dict[str, Any]:
    """Share of silent windows of 50 ms, share of clipped samples, highest sample, seconds; zero seconds: no sound."""
    with opened(path) as container:
        audio = next(iter(container.streams.audio), None)
        if audio is None:
            return {"seconds": 0.0}
        heard = _Heard(audio.codec_context.sample_rate or 48_000)
        resampler = av.AudioResampler(format="fltp")
        try:
            for frame in container.decode(audio):
                for part in resampler.resample(frame):
                    heard.listen(part)
        except av.error.FFmpegError:
            heard.damaged = True
        return heard.figures()


def flicker(light: NDArray[np.float64], dark: NDArray[np.bool_]) -> float | None:
    """How much the light of the whole picture wobbles from picture to picture, as a relative rms (0.01: one percent).

    `light` holds the mean level of each block (columns) in each picture (rows). Slow change is taken out of each block
    by a quadratic fit over 13 pictures; what most blocks then still share is no motion but light. Windows with a black
    picture (`dark`) are left out: that is another fault. None where no window is left.
    """
    levels = np.log(light + 4.0)
    windows = [first for first in range(len(light) - WINDOW + 1) if not dark[first : first + WINDOW].any()]
    if not windows:
        return None
    wobble = np.array([levels[first + WINDOW // 2] - _FIT @ levels[first : first + WINDOW] for first in windows])
    return float(np.sqrt(np.mean(np.median(wobble, axis=1) ** 2)))


def _fit() -> NDArray[np.float64]:
    """Weights that give a quadratic fit's value at the middle of the window (Savitzky and Golay)."""
    place = np.arange(WINDOW) - WINDOW // 2
    powers = np.vander(place.astype(float), 3, increasing=True)
    weights: NDArray[np.float64] = np.linalg.pinv(powers)[0]
    return weights


_FIT = _fit()


class _ExactFlicker:
    """Mean absolute difference of neighbouring whole pictures over all colours: VBench's temporal_flickering."""

    def __init__(self) -> None:
        self.before: NDArray[np.uint8] | None = None
        self.differences: list[float] = []

    def look(self, frame: VideoFrame) -> None:
        now = np.asarray(to_rgb(frame))
        if self.before is not None:
            change = np.maximum(now, self.before) - np.minimum(now, self.before)
            self.differences.append(float(change.mean()))
        self.before = now

    def mean(self) -> float | None:
        return float(np.mean(self.differences)) if self.differences else None


class _Heard:
    """What is kept of the sound: counts, and the window that is not full yet."""

    def __init__(self, rate: int) -> None:
        self.window = max(1, rate // SOUND_WINDOWS_PER_SECOND)
        self.rate, self.samples, self.values, self.clipped = rate, 0, 0, 0
        self.windows, self.silent, self.peak, self.damaged = 0, 0, 0.0, False
        self.rest: NDArray[np.float32] = np.zeros(0, np.float32)

    def listen(self, frame: AudioFrame) -> None:
        sound = np.abs(frame.to_ndarray())
        self.samples += sound.shape[1]
        self.values += sound.size
        self.clipped += int((sound >= CLIPPED).sum())
        loudest = np.concatenate([self.rest, sound.max(axis=0)])
        whole = loudest.size // self.window
        peaks = loudest[: whole * self.window].reshape(whole, self.window).max(axis=1)
        self.windows += whole
        self.silent += int((peaks < SILENT).sum())
        self.peak = max(self.peak, float(peaks.max(initial=0.0)))
        self.rest = loudest[whole * self.window :]

    def figures(self) -> dict[str, Any]:
        if not self.windows:
            return {"seconds": 0.0}
        return {
            "seconds": self.samples / self.rate, "silent": self.silent / self.windows,
            "clipped": self.clipped / self.values, "peak": self.peak, "damaged": self.damaged,
        }  # fmt: skip


def _decoded(container: Any, video: Any) -> Iterator[VideoFrame | None]:
    """Every picture in order; None for a packet that cannot be decoded and for a picture marked as corrupt."""
    count = 0
    packets = container.demux(video)
    while count < MAX_DECODED:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.FFmpegError:  # the container ends in the middle: what is missing is counted by the probe
            return
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            yield None
            continue
        for frame in frames:
            count += 1
            yield None if frame.is_corrupt else frame


def _luma(frame: VideoFrame, width: int) -> Luma:
    """Luma from 0 to 255, at most `width` pixels wide, whatever the range of the file."""
    width = min(width, frame.width)
    height = max(1, round(frame.height * width / frame.width))
    grey = frame.reformat(width, height, "gray", dst_color_range="JPEG", interpolation="AREA")
    return grey.to_ndarray().astype(np.float32)


def _means(values: Luma, high: int, wide: int) -> NDArray[np.float64]:
    """Means over whole blocks of `high` by `wide` pixels."""
    high, wide = max(1, high), max(1, wide)
    rows, columns = values.shape[0] // high, values.shape[1] // wide
    cut = values[: rows * high, : columns * wide].reshape(rows, high, columns, wide)
    means: NDArray[np.float64] = cut.mean(axis=(1, 3), dtype=np.float64)
    return means


def _still(motion: Motion) -> NDArray[np.bool_]:
    """For each picture but the first, whether it is the same as the one before.

    A key frame codes the same picture a little differently: a lone small change between two still ones is none.
    """
    change = np.array(motion.change)
    still = (change < STANDS_STILL) & (np.array(motion.mover) < MOVES_SOMEWHERE)
    if len(still) > 2:
        still[1:-1] |= still[:-2] & still[2:] & (change[1:-1] < REFRESHES)
    return still


def _repeats(motion: Motion) -> float | None:
    """Share of pictures that repeat the one before while its neighbours move; None when hardly anything moves."""
    change = np.array(motion.change)
    if len(change) < 5:
        return None
    around = np.array([np.median(change[max(0, i - 3) : i + 4]) for i in range(len(change))])
    moving = around > 2 * STANDS_STILL
    if moving.sum() < 5:
        return None
    return float((moving & (change < 0.1 * around)).sum() / moving.sum())


def _runs(marks: NDArray[np.bool_]) -> list[list[int]]:
    """Where `marks` hold: first place and length of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marks.astype(int), [0]])))
    return [[int(first), int(last - first)] for first, last in zip(edges[::2], edges[1::2], strict=True)]
