"""The one form every take is brought into before it is cut: so alike that packets of different takes can be joined.

Closed GOPs of half a second on a fixed grid, the same parameter sets whatever the content, one size and rate a project.
Measured over 11 kinds of sources, crf 16 to 26 and libx264 of ffmpeg 5.1 to 9.0: one parameter set, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from . import graph
from .binary import capabilities
from .child import ask
from .errors import BrokenMedia, MediaError
from .probe import MediaInfo, probe
from .runner import atomic_output, file_address, raw_input_args, run_ffmpeg
from .timing import SAMPLE_RATE, frames_in, sample_at

CRF = 17
"""VMAF 95 on the grainiest and 97.5 on a clean clip at about twice the source's bytes; the original is kept too."""

TAGS = {"field_mode": "prog", "range": "tv", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
FINAL_FILTERS = "setsar=1,format=yuv420p,setparams=" + ":".join(f"{name}={value}" for name, value in TAGS.items())
"""Last in every graph whose output is coded by `encode_arguments`: from ffmpeg 8 on the tags of the frames overrule the
output's colour options, so the parameter sets are alike only when the frames are tagged alike."""

SAME_BYTES = {"map_metadata": "-1", "map_chapters": "-1", "fflags": "+bitexact", "flags:v": "+bitexact"}
"""No dates, no versions of libraries in the file: the same input gives the same bytes."""

SOUND_OPTIONS = {
    "c:a": "flac", "bits_per_raw_sample": "24", "flags:a": "+bitexact", "map_metadata": "-1", "fflags": "+bitexact",
}  # fmt: skip
HD_LINES = 720
"""From this height on, pictures without colour tags are taken as BT.709, below as BT.601: what encoders mean by it."""

SCALE_FLAGS = "bicubic+accurate_rnd+full_chroma_int+bitexact"

ALMOST = Fraction(1, 50)
"""Shapes that differ by no more than this are filled by cropping and not fitted with bars."""

_LEVELS = (("4.1", 8192, 245_760), ("4.2", 8704, 522_240), ("5.1", 36_864, 983_040), ("5.2", 36_864, 2_073_600))
"""Name, macroblocks a frame, macroblocks a second: ITU-T H.264 table A-1."""


@dataclass(frozen=True)
class MezzanineFormat:
    """Size (even numbers of pixels) and rate (frames per second) of a project's mezzanines."""

    width: int
    height: int
    rate: Fraction

    def __post_init__(self) -> None:
        if self.width < 16 or self.height < 16 or self.width % 2 or self.height % 2:
            raise MediaError(f"A mezzanine of {self.width}x{self.height} cannot be coded: give even sizes from 16 up.")
        if self.rate <= 0:
            raise MediaError(f"A mezzanine of {self.rate} frames per second cannot be coded.")

    @property
    def gop(self) -> int:
        """Frames from one key frame to the next: half a second, so that scrubbing is quick and head cuts are cheap."""
        return max(1, round(self.rate / 2))

    @property
    def timescale(self) -> int:
        """Ticks per second of the picture track: a multiple of the rate, so that every frame has a whole time."""
        return self.rate.numerator if self.rate.numerator >= 10_000 else self.rate.numerator * 512

    @property
    def level(self) -> str:
        """The lowest H.264 level from 4.1 up that holds this size and rate."""
        blocks = -(-self.width // 16) * -(-self.height // 16)
        for name, frame_blocks, second_blocks in _LEVELS:
            if blocks <= frame_blocks and blocks * self.rate <= second_blocks:
                return name
        raise MediaError(f"{self.width}x{self.height} at {self.rate} frames per second is more than H.264 level 5.2.")


def encode_options(form: MezzanineFormat, *, crf: int = CRF, quick: bool = False) -> dict[str, str]:
    """Output options, by name without the dash, that code pictures into the mezzanine form.

    One thread: several short pieces at once use the cores better than one with many threads (6.8 against 7.7 s for 8
    proxies on 2 cores), and the bytes do not depend on the machine. `quick` searches motion less finely: a quarter
    cheaper for 3 % more bytes and 2 dB less of 50 on a still in motion; the parameter sets stay the same.
    """
    gop = form.gop
    x264 = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:bframes=2:ref=3:stitchable=1"
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "crf": str(crf),
        "profile:v": "high",
        "level": form.level,
        "pix_fmt": "yuv420p",
        "x264-params": f"{x264}:subme=1" if quick else x264,
        "threads:v": "1",
        "video_track_timescale": str(form.timescale),
        **SAME_BYTES,
    }


def encode_arguments(form: MezzanineFormat, *, crf: int = CRF, quick: bool = False) -> list[str]:
    """`encode_options` as output arguments; the graph must end in FINAL_FILTERS."""
    return [part for name, value in encode_options(form, crf=crf, quick=quick).items() for part in (f"-{name}", value)]


@dataclass(frozen=True)
class Mezzanine:
    """What was made: the picture's file, its frames, and the sound's file where the source had sound."""

    path: Path
    frames: int
    sound: Path | None


def make_mezzanine(
    source: Path,
    out: Path,
    form: MezzanineFormat,
    *,
    frames: int | None = None,
    sound: Path | None = None,
    crf: int = CRF,
    info: MediaInfo | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Mezzanine:
    """Bring a clip into the form of its project: picture to `out` (mp4), its sound to `sound` (FLAC), in one decode.

    `frames` is how many pictures are wanted: a longer clip is cut there, a shorter one holds its last picture; None is
    the clip's own length. The sound is 48 kHz stereo, 24 bits, begins with the picture and is exactly as long (silence
    where the source has none to give); a source without sound makes no `sound`. A clip that is in the form already
    (render_still_motion writes it) is copied, not coded again.
    """
    info = info or probe(source)
    if info.kind != "video":
        raise BrokenMedia(f"A clip was expected, but the file is {info.described}.")
    count = frames if frames is not None else _own_length(info, form)
    if count < 1:
        raise MediaError(f"A mezzanine of {count} frames cannot be made.")
    node = graph.source(source)
    if _may_be_copied(source, info, form, count):
        picture, options = node["v:0"], {"c:v": "copy", "video_track_timescale": str(form.timescale), **SAME_BYTES}
    else:
        picture, options = _normalised(node.video, info, form, count), encode_options(form, crf=crf)
    with ExitStack() as outputs:
        part = outputs.enter_context(atomic_output(out))
        targets = [graph.target(picture, part, "mp4", **options, **{"frames:v": str(count), "movflags": "+faststart"})]
        if sound is not None and info.has_audio:
            laid = _laid(node.audio, info, sample_at(count, form.rate))
            targets.append(graph.target(laid, outputs.enter_context(atomic_output(sound)), "flac", **SOUND_OPTIONS))
        run_ffmpeg(
            ["-filter_threads", "1", *graph.arguments(*targets)],
            frames=count,
            wall_seconds=600 + count,  # 2160p takes 0.3 s a frame on one core; a loaded machine three times that
            cpu_seconds=600 + count,
            progress=progress,
            cancelled=cancelled,
        )
    return Mezzanine(out, count, sound if sound is not None and info.has_audio else None)


def _may_be_copied(source: Path, info: MediaInfo, form: MezzanineFormat, count: int) -> bool:
    alike = (info.codec, info.width, info.height, info.rate) == ("h264", form.width, form.height, form.rate)
    return alike and info.frames == count and not info.flags and is_mezzanine(source, form)


def is_mezzanine(path: Path, form: MezzanineFormat) -> bool:
    """Whether `path` can be joined by packets in this form, by its parameter sets, key frames and times.

    The parameter sets are compared with those the ffmpeg in use writes for the form.
    """
    seen = ask("packets", path)
    tick = form.timescale / form.rate
    return bool(
        seen["codec"] == "h264"
        and (seen["width"], seen["height"]) == (form.width, form.height)
        and seen["parameter_sets"] == _parameter_sets(form, capabilities().version)
        and Fraction(seen["time_base"]) == Fraction(1, form.timescale)
        and seen["ticks"] == [number * tick for number in range(len(seen["ticks"]))]
        and seen["keys"] == list(range(0, len(seen["ticks"]), form.gop))
    )


@lru_cache(maxsize=32)
def _parameter_sets(form: MezzanineFormat, _version: str) -> str:
    """Digest of the parameter sets of the form, from one black frame coded in it."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "black.mp4"
        black = bytes(form.width * form.height * 3)
        run_ffmpeg([
            *raw_input_args(form.width, form.height, form.rate), "-vf", FINAL_FILTERS,
            *encode_arguments(form), "-frames:v", "1", "-f", "mp4", file_address(out),
        ], stdin=lambda pipe: _write_once(pipe, black))  # fmt: skip
        return str(ask("packets", out)["parameter_sets"])


def _own_length(info: MediaInfo, form: MezzanineFormat) -> int:
    assert info.duration is not None  # every clip has one
    return max(1, frames_in(info.duration, form.rate))


def _normalised(stream: Any, info: MediaInfo, form: MezzanineFormat, frames: int) -> Any:
    """Picture to the form's rate, size, colour and tags, held at its end for as long as frames are asked."""
    stream = stream.filter("setpts", "PTS-STARTPTS").filter("fps", str(form.rate), round="near")
    width, height = fitted(info.width, info.height, form)
    colour = colour_read(info) | {"out_range": "tv", "out_color_matrix": "bt709"}
    stream = stream.filter("scale", width, height, flags=SCALE_FLAGS, **colour)
    if width > form.width or height > form.height:
        stream = stream.filter("crop", form.width, form.height)
    elif (width, height) != (form.width, form.height):
        stream = stream.filter("pad", form.width, form.height, "(ow-iw)/2", "(oh-ih)/2")
    stream = stream.filter("setsar", 1).filter("format", "yuv420p")
    return stream.filter("tpad", stop=frames, stop_mode="clone").filter("setparams", **TAGS)


def colour_read(info: MediaInfo) -> dict[str, str]:
    """Options of the scale filter that say how a picture without colour tags is to be read; none for a tagged one."""
    if info.tagged_colour or not info.pixel_format.startswith("yuv"):
        return {}
    return {"in_color_matrix": "bt709" if info.height >= HD_LINES else "bt601"}


def fitted(width: int, height: int, form: MezzanineFormat) -> tuple[int, int]:
    """Even size a picture is scaled to: inside the frame with bars, or just over it when its shape is nearly the same.

    Generators give 1248x704 for 16:9; within ALMOST the overhang is cropped, since bars of three pixels look broken.
    """
    across, down = Fraction(form.width, width), Fraction(form.height, height)
    alike = max(across, down) / min(across, down) <= 1 + ALMOST
    scale = max(across, down) if alike else min(across, down)
    fit = (_even(width * scale), _even(height * scale))
    if alike:
        return max(fit[0], form.width), max(fit[1], form.height)
    return min(fit[0], form.width), min(fit[1], form.height)


def _even(length: Fraction) -> int:
    return max(2, 2 * round(length / 2))


def _laid(stream: Any, info: MediaInfo, samples: int) -> Any:
    """Sound on the picture's clock: cut or preceded by silence so that both begin together, and exactly `samples`."""
    stream = stream.filter("asetpts", f"PTS-({info.start.numerator}/{info.start.denominator})/TB")
    stream = stream.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    stream = stream.filter("aformat", sample_fmts="s32", channel_layouts="stereo")
    return stream.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)


def _write_once(pipe: BinaryIO, data: bytes) -> None:
    pipe.write(data)
