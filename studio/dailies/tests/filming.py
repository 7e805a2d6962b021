"""Takes with real media whose every frame carries its own number, in black and white blocks.

The player is tested by what it shows: a test reads the number out of the pixels.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

from media_pipeline import storage
from media_pipeline.media.derive import Derived, derive
from scenes.actions import record_take

BITS = 12
WIDTH, HEIGHT = 384, 216
BLOCK = WIDTH // BITS


def numbered_frame(number: int, shade: int = 90) -> np.ndarray:
    """A picture with the number in blocks along its upper half, the lowest bit on the left; below it is grey."""
    picture = np.full((HEIGHT, WIDTH, 3), shade, dtype=np.uint8)
    for bit in range(BITS):
        white = 255 if number >> bit & 1 else 0
        picture[: HEIGHT // 2, bit * BLOCK : (bit + 1) * BLOCK] = white
    return picture


def numbered_clip(
    path: Path, rate: Fraction, frames: int, *, start: int = 0, shade: int = 90, tone: bool = True
) -> Path:
    """A clip of so many frames at the exact rate, numbered from `start`, with a tone."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "16"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.time_base = 1 / rate
        audio = out.add_stream("aac", rate=48_000, layout="stereo") if tone else None
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(numbered_frame(start + number, shade), format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            out.mux(video.encode(frame))
        out.mux(video.encode())
        if audio is not None:
            samples = round(frames * 48_000 / rate)
            wave = (0.3 * np.sin(2 * np.pi * 440 * np.arange(samples) / 48_000)).astype(np.float32)
            for begin in range(0, samples, 1024):
                piece = np.repeat(wave[None, begin : begin + 1024], 2, axis=0)
                sound = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout="stereo")
                sound.sample_rate, sound.pts, sound.time_base = 48_000, begin, Fraction(1, 48_000)
                out.mux(audio.encode(sound))
            out.mux(audio.encode())
    return path


@cache
def made_of(rate: Fraction, frames: int, start: int, shade: int) -> tuple[Path, Derived]:
    """A numbered clip and everything that is derived from it, made once for all tests of a run."""
    folder = Path(tempfile.mkdtemp(prefix="numbered-clip-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    clip = numbered_clip(folder / "take.mp4", rate, frames, start=start, shade=shade)
    return clip, derive(clip, folder, rate=rate)


def real_take(project, shot, *, rate: Fraction = Fraction(24), frames: int = 48, start: int = 0, **fields):
    """Record a take with a numbered clip and everything that is derived from it."""
    clip, made = made_of(rate, frames, start, 60 + 20 * shot.takes.count())

    def asset(path):
        return storage.add_asset(project.pk, path, source="derived")

    video, still = asset(clip), asset(made.poster)
    number = shot.takes.count() + 1
    name = f"{project.code}_CH001_S{shot.scene.number}_SH{shot.number:02d}_T{number:02d}"
    return record_take(
        shot.pk, project.pk, asset_name=name, media=video, picture=video, proxy=asset(made.proxy), thumbnail=still,
        filmstrip=asset(made.filmstrip), keyframe=still, last_frame=still, run=None, prompt="A lamp in a dark room.",
        provider="animatic", request_digest="0" * 64, seed=421337, frames=frames, frame_rate=str(rate), width=WIDTH,
        height=HEIGHT, cost=0, **fields,
    )  # fmt: skip


READ_NUMBER = """
(source) => {
  const canvas = document.createElement("canvas");
  const wide = source.videoWidth || source.width, high = source.videoHeight || source.height;
  canvas.width = wide; canvas.height = high;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, wide, high);
  let number = 0;
  for (let bit = 0; bit < %d; bit++) {
    const [red] = pen.getImageData(Math.floor((bit + 0.5) * wide / %d), Math.floor(high / 4), 1, 1).data;
    if (red > 127) number |= 1 << bit;
  }
  return number;
}
""" % (BITS, BITS)  # noqa: UP031 (braces of the script)
"""JavaScript: the number that a video or canvas element shows, read from its pixels."""
