"""What the pages show of a clip: a poster, a filmstrip, a small proxy to play and scrub, a waveform. One decode.

One command costs 1.2 s of processor time for 5 s of 1080p, the same four apart 2.0.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from . import graph
from .errors import BrokenMedia
from .mezzanine import SAME_BYTES, SCALE_FLAGS, TAGS, colour_read
from .probe import MediaInfo, probe
from .runner import atomic_output, run_ffmpeg
from .timing import frames_in

POSTER_SECONDS = Fraction(1)
"""A clip's first frames are often black or a repeat of the shot before; a clip under 2 s shows its middle."""

WAVEFORM_SIZE = (1200, 120)
WAVEFORM_COLOUR = "0x7f8c9b"
_JPEG = {"c:v": "mjpeg", "q:v": "4", "frames:v": "1", **SAME_BYTES}
_PNG = {"c:v": "png", "frames:v": "1", **SAME_BYTES}


@dataclass(frozen=True)
class Derived:
    """Files made from a clip. `strip_frames` are the proxy's frame numbers that the filmstrip shows, left to right."""

    poster: Path
    filmstrip: Path
    strip_frames: tuple[int, ...]
    proxy: Path
    proxy_frames: int
    waveform: Path | None


def derive(
    path: Path,
    folder: Path,
    *,
    rate: Fraction,
    poster_width: int = 480,
    strip_count: int = 10,
    strip_width: int = 160,
    proxy_height: int = 360,
    info: MediaInfo | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Derived:
    """Make poster.jpg, filmstrip.jpg, proxy.mp4 and, when there is sound, waveform.png of the clip `path` in `folder`.

    The proxy runs at `rate` (frames per second, the project's), so that its frame numbers are the cut's, with key
    frames every half second and AAC sound. Nothing is enlarged. A filmstrip of a clip shorter than `strip_count`
    frames has as many pictures as there are frames.
    """
    info = info or probe(path)
    if info.kind != "video" or info.duration is None:
        raise BrokenMedia(f"A clip was expected, but the file is {info.described}.")
    frames = max(1, frames_in(info.duration, rate))
    shown = strip_frames(frames, strip_count)
    node = graph.source(path)
    pictures = node.video.filter("setpts", "PTS-STARTPTS").filter("fps", str(rate), round="near").split()
    poster = _still(pictures[0], info, (min(frames_in(POSTER_SECONDS, rate), frames // 2),), poster_width)
    strip = _still(pictures[1], info, shown, strip_width).filter("tile", f"{len(shown)}x1")
    sounds = _on_time(node.audio, info).asplit() if info.has_audio else None
    with ExitStack() as outputs:

        def part(name: str) -> Path:
            return outputs.enter_context(atomic_output(folder / name))

        targets = [
            graph.target(poster, part("poster.jpg"), "mjpeg", **_JPEG),
            graph.target(strip, part("filmstrip.jpg"), "mjpeg", **_JPEG),
            _proxy(
                pictures[2],
                sounds and sounds[0],
                info,
                part("proxy.mp4"),
                height=proxy_height,
                rate=rate,
                frames=frames,
            ),
        ]
        if sounds is not None:
            targets.append(graph.target(_wave(sounds[1]), part("waveform.png"), "image2pipe", **_PNG))
        run_ffmpeg(
            ["-filter_threads", "1", *graph.arguments(*targets)],
            frames=frames,
            wall_seconds=600 + frames // 5,  # 0.01 s a frame in 1080p, four times that in 2160p, with room for load
            progress=progress,
            cancelled=cancelled,
        )
    return Derived(
        poster=folder / "poster.jpg",
        filmstrip=folder / "filmstrip.jpg",
        strip_frames=shown,
        proxy=folder / "proxy.mp4",
        proxy_frames=frames,
        waveform=folder / "waveform.png" if info.has_audio else None,
    )


def waveform(path: Path, out: Path) -> None:
    """Draw the sound of any file that has some as a transparent PNG of WAVEFORM_SIZE."""
    info = probe(path)
    if not info.has_audio:
        raise BrokenMedia("The file holds no sound.")
    with atomic_output(out) as part:
        wave = _wave(_on_time(graph.source(path).audio, info))
        run_ffmpeg(graph.arguments(graph.target(wave, part, "image2pipe", **_PNG)))


def strip_frames(frames: int, count: int) -> tuple[int, ...]:
    """The frames a filmstrip of `count` pictures shows: the middle of each of `count` equal parts."""
    count = min(count, frames)
    return tuple((2 * number + 1) * frames // (2 * count) for number in range(count))


def _still(stream: Any, info: MediaInfo, shown: tuple[int, ...], width: int) -> Any:
    """The frames `shown`, scaled to at most `width`, in the colours of JPEG (BT.601, full range)."""
    wanted = "+".join(f"eq(n,{number})" for number in shown)
    width = min(width, info.width)
    height = max(1, round(Fraction(width * info.height, info.width)))
    colour = colour_read(info) | {"out_range": "full", "out_color_matrix": "bt601"}
    stream = stream.filter("select", wanted).filter("scale", width, height, flags=SCALE_FLAGS, **colour)
    return stream.filter("setsar", 1).filter("format", "yuvj420p")


def _proxy(stream: Any, sound: Any, info: MediaInfo, part: Path, *, height: int, rate: Fraction, frames: int) -> Any:
    height = max(2, min(height, info.height) // 2 * 2)
    width = max(2, 2 * round(Fraction(height * info.width, info.height) / 2))
    colour = colour_read(info) | {"out_range": "tv", "out_color_matrix": "bt709"}
    stream = stream.filter("scale", width, height, flags=SCALE_FLAGS, **colour)
    stream = stream.filter("setsar", 1).filter("format", "yuv420p")
    # A bounded hold: one without an end starves the other outputs, whose ends ffmpeg then never sees.
    stream = stream.filter("tpad", stop=frames, stop_mode="clone").filter("setparams", **TAGS)
    gop = max(1, round(rate / 2))
    options: dict[str, str] = {
        "c:v": "libx264",
        "preset": "veryfast",
        "crf": "26",
        "threads:v": "1",
        "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0",
        "frames:v": str(frames),
        "movflags": "+faststart",
        **SAME_BYTES,
    }
    if sound is None:
        return graph.target(stream, part, "mp4", **options)
    options |= {"c:a": "aac", "b:a": "128k", "ac": "2", "ar": "48000", "flags:a": "+bitexact"}
    return graph.target(stream, part, "mp4", sound=sound, **options)


def _on_time(audio: Any, info: MediaInfo) -> Any:
    """The sound, begun and ended with the picture (a file without a picture keeps its own times)."""
    start = info.start if info.kind == "video" else info.audio_start
    audio = audio.filter("asetpts", f"PTS-({start.numerator}/{start.denominator})/TB")
    audio = audio.filter("aresample", 48_000, **{"async": 1, "first_pts": 0})
    samples = round((info.duration or Fraction(0)) * 48_000)
    return audio.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _wave(audio: Any) -> Any:
    width, height = WAVEFORM_SIZE
    mono = audio.filter("aformat", channel_layouts="mono")
    return mono.filter("showwavespic", f"{width}x{height}", colors=WAVEFORM_COLOUR, scale="sqrt", draw="full")
