"""Models that answer with video."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from pydantic import Field

from ..filming import Clip, write_clip
from ..making import Body, Endpoint, Input, Making, Unmakeable
from .pictures import WEIGHTS, WanLora, opened
from .retouching import upscaled_size

SHORT_SIDES = {"480p": 480, "580p": 580, "720p": 720}
TURBO_FRAMES, TURBO_RATE = 81, 16
LARGEST_PIXELS = 16_000_000
"""A video beyond this many pixels a frame is refused; the sandbox films it on an ordinary machine."""

VIDEO_FORMS = {
    "X264 (.mp4)": ("mp4", "video/mp4", ()),
    "VP9 (.webm)": (
        "webm", "video/webm",
        ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k", "-f", "webm"),
    ),
    "PRORES4444 (.mov)": (
        "mov", "video/quicktime", ("-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le", "-f", "mov"),
    ),
    "GIF (.gif)": ("gif", "image/gif", ("-f", "gif")),
}  # fmt: skip


class WanTurbo(Body):
    """fal-ai/wan/v2.2-a14b/image-to-video/turbo."""

    image_url: str
    prompt: str
    end_image_url: str | None = None
    resolution: Literal["480p", "580p", "720p"] = "720p"
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1"] = "auto"
    acceleration: Literal["none", "regular"] = "regular"
    video_quality: Literal["low", "medium", "high", "maximum"] = "high"
    video_write_mode: Literal["fast", "balanced", "small"] = "balanced"
    enable_safety_checker: bool = False
    enable_output_safety_checker: bool = False
    enable_prompt_expansion: bool = False


class Wan(Body):
    """fal-ai/wan/v2.2-a14b/text-to-video."""

    prompt: str
    num_frames: int = Field(81, ge=17, le=161)
    frames_per_second: int = Field(16, ge=4, le=60)
    resolution: Literal["480p", "580p", "720p"] = "720p"
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1"] = "16:9"
    num_inference_steps: int = Field(27, ge=2, le=40)
    guidance_scale: float = Field(3.5, ge=1, le=10)
    guidance_scale_2: float = Field(3.5, ge=1, le=10)
    shift: float = Field(5, ge=1, le=10)
    negative_prompt: str = ""
    acceleration: Literal["none", "regular"] = "regular"
    interpolator_model: Literal["none", "film", "rife"] = "film"
    num_interpolated_frames: int = Field(1, ge=0, le=4)
    adjust_fps_for_interpolation: bool = True
    video_quality: Literal["low", "medium", "high", "maximum"] = "high"
    video_write_mode: Literal["fast", "balanced", "small"] = "balanced"
    enable_safety_checker: bool = False
    enable_output_safety_checker: bool = False
    enable_prompt_expansion: bool = False


class WanLoraText(Wan):
    """fal-ai/wan/v2.2-a14b/text-to-video/lora."""

    guidance_scale_2: float = Field(4, ge=1, le=10)
    reverse_video: bool = False
    loras: list[WanLora] = Field(default_factory=list)


class WanFromImage(Wan):
    """fal-ai/wan/v2.2-a14b/image-to-video."""

    image_url: str
    end_image_url: str | None = None
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1"] = "auto"


class WanLoraImage(WanFromImage):
    """fal-ai/wan/v2.2-a14b/image-to-video/lora."""

    guidance_scale_2: float = Field(4, ge=1, le=10)
    reverse_video: bool = False
    loras: list[WanLora] = Field(default_factory=list)


class WanFromVideo(Wan):
    """fal-ai/wan/v2.2-a14b/video-to-video."""

    video_url: str
    strength: float = Field(0.9, ge=0, le=1)
    resample_fps: bool = False
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1"] = "auto"
    guidance_scale_2: float = Field(4, ge=1, le=10)


class Animate(Body):
    """fal-ai/wan/v2.2-14b/animate/replace and /move; there is no prompt."""

    video_url: str
    image_url: str
    resolution: Literal["480p", "580p", "720p"] = "480p"
    num_inference_steps: int = Field(20, ge=2, le=40)
    guidance_scale: float = Field(1, ge=1, le=10)
    shift: float = Field(5, ge=1, le=10)
    use_turbo: bool = False
    return_frames_zip: bool = False
    video_quality: Literal["low", "medium", "high", "maximum"] = "high"
    video_write_mode: Literal["fast", "balanced", "small"] = "balanced"
    enable_safety_checker: bool = False
    enable_output_safety_checker: bool = False


class UpscaleVideo(Body):
    """fal-ai/seedvr/upscale/video."""

    video_url: str
    upscale_mode: Literal["factor", "target"] = "factor"
    upscale_factor: float = Field(2, ge=1, le=10)
    target_resolution: Literal["720p", "1080p", "1440p", "2160p"] = "1080p"
    noise_scale: float = Field(0.1, ge=0, le=1)
    output_format: Literal["X264 (.mp4)", "VP9 (.webm)", "PRORES4444 (.mov)", "GIF (.gif)"] = "X264 (.mp4)"
    output_quality: Literal["low", "medium", "high", "maximum"] = "high"
    output_write_mode: Literal["fast", "balanced", "small"] = "balanced"


class LipSyncPro(Body):
    """fal-ai/sync-lipsync/v2/pro; `sync_mode` says what to do when the lengths differ."""

    video_url: str
    audio_url: str
    sync_mode: Literal["cut_off", "loop", "bounce", "silence", "remap"] = "cut_off"  # type: ignore[assignment]


class LipSync(LipSyncPro):
    """fal-ai/sync-lipsync/v2."""

    model: Literal["lipsync-2", "lipsync-2-pro"] = "lipsync-2"


@dataclass(frozen=True)
class Footage:
    """What is in a video that came in: its size in pixels, frames, rate, first and last picture."""

    size: tuple[int, int]
    frames: int
    rate: Fraction
    first: Image.Image

    @property
    def seconds(self) -> Fraction:
        """Its length."""
        return self.frames / self.rate


def footage_of(path: Path) -> Footage:
    """Look into a video that was already checked."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        first = next(container.decode(stream)).to_image()
        rate = Fraction(stream.average_rate or 24)
    with av.open(str(path)) as container:
        frames = sum(packet.size > 0 for packet in container.demux(container.streams.video[0]))
    return Footage(first.size, frames, rate, first)


def sound_seconds(path: Path) -> Fraction:
    """The length of the first sound track."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        return Fraction(samples, stream.rate)


def frame_size(ratio: Fraction, short: int) -> tuple[int, int]:
    """Width and height with `short` as the shorter side, the longer one rounded to 16 pixels."""
    long = round(short * max(ratio, 1 / ratio) / 16) * 16
    return (long, short) if ratio >= 1 else (short, long)


def asked_ratio(making: Making) -> Fraction:
    """The ratio named, or with "auto" that of the start image."""
    if making.body.aspect_ratio != "auto":
        across, down = making.body.aspect_ratio.split(":")
        return Fraction(int(across), int(down))
    start = making.input("image_url")
    return Fraction(*opened(start).size) if start else Fraction(16, 9)


def make_wan(making: Making) -> dict[str, Any]:
    """A clip of the asked frames; interpolation adds frames between them and raises the rate with them."""
    body = making.body
    frames, rate = body.num_frames, body.frames_per_second
    if body.interpolator_model != "none" and body.num_interpolated_frames:
        frames = (frames - 1) * (body.num_interpolated_frames + 1) + 1
        rate *= body.num_interpolated_frames + 1 if body.adjust_fps_for_interpolation else 1
    return _wan(making, frames, rate)


def make_turbo(making: Making) -> dict[str, Any]:
    """A clip of the one length turbo makes."""
    return _wan(making, TURBO_FRAMES, TURBO_RATE)


def _wan(making: Making, frames: int, rate: int) -> dict[str, Any]:
    start, end = making.input("image_url"), making.input("end_image_url")
    size = frame_size(asked_ratio(making), SHORT_SIDES[making.body.resolution])
    video = video_file(
        making, size, frames, Fraction(rate), making.body.prompt,
        start=opened(start) if start else None, end=opened(end) if end else None,
    )  # fmt: skip
    return {"video": video, "seed": making.seed, "prompt": making.body.prompt}


def video_file(
    making: Making,
    size: tuple[int, int],
    frames: int,
    rate: Fraction,
    words: str = "",
    *,
    start: Image.Image | None = None,
    end: Image.Image | None = None,
    sound: Path | None = None,
    form: str = "X264 (.mp4)",
) -> dict[str, Any]:
    """Film a clip and give its File; sides become even."""
    width, height = size[0] // 2 * 2, size[1] // 2 * 2
    if width * height > LARGEST_PIXELS:
        raise Unmakeable("image_too_large", "The video would be too large", ("body", "video_url"))
    if making.plain:
        clip = Clip(width, height, frames, rate, 0)
    else:
        clip = Clip(width, height, frames, rate, making.seed, words, start, end)
    ending, content_type, coding = VIDEO_FORMS[form]
    key = ("clip", width, height, frames, rate, sound is not None)
    path = making.drawn(f".{ending}", key, lambda path: write_clip(clip, path, sound=sound, coding=coding))
    making.facts["seconds"] = frames / rate
    return making.file(path, f"video.{ending}", content_type)


def make_from_video(making: Making) -> dict[str, Any]:
    """A clip of the asked frames in the shape of the video that came in, beginning as that one does."""
    source, body = footage_of(making.inputs["video_url"][0]), making.body
    ratio = Fraction(*source.size)
    if body.aspect_ratio != "auto":
        ratio = Fraction(*(int(side) for side in body.aspect_ratio.split(":")))
    size = frame_size(ratio, SHORT_SIDES[body.resolution])
    video = video_file(
        making, size, body.num_frames, Fraction(body.frames_per_second), body.prompt, start=source.first
    )  # fmt: skip
    return {"video": video, "seed": making.seed, "prompt": body.prompt}


def make_animate(making: Making) -> dict[str, Any]:
    """As many frames as the video that came in, at its rate, showing the character's picture."""
    source = footage_of(making.inputs["video_url"][0])
    size = frame_size(Fraction(*source.size), SHORT_SIDES[making.body.resolution])
    character = opened(making.inputs["image_url"][0])
    video = video_file(making, size, source.frames, source.rate, start=character)
    return {"video": video, "prompt": "a person moves", "seed": making.seed, "frames_zip": None}


def make_upscaled(making: Making) -> dict[str, Any]:
    """As many frames as the video that came in, at its rate, larger."""
    source = footage_of(making.inputs["video_url"][0])
    size = upscaled_size(source.size, making.body)
    video = video_file(
        making, size, source.frames, source.rate, start=source.first, form=making.body.output_format
    )  # fmt: skip
    return {"video": video, "seed": making.seed}


def make_lip_sync(making: Making) -> dict[str, Any]:
    """The video with the sound; where the lengths differ, the shorter, the longer or the sound's counts."""
    source = footage_of(making.inputs["video_url"][0])
    sound = making.inputs["audio_url"][0]
    heard = sound_seconds(sound)
    lengths = {"cut_off": min(source.seconds, heard), "remap": heard}
    seconds = lengths.get(making.body.sync_mode, max(source.seconds, heard))
    frames = max(1, round(seconds * source.rate))
    return {"video": video_file(making, source.size, frames, source.rate, start=source.first, sound=sound)}


def seconds_at_16(making: Making, made: dict[str, Any]) -> Decimal:
    """Seconds of video as wan bills them: the asked frames at 16 a second."""
    return Decimal(making.body.num_frames) / 16


def seconds_made(making: Making, made: dict[str, Any]) -> Decimal:
    """Seconds of the video that was made, to a thousandth."""
    seconds = making.facts["seconds"]
    return round(Decimal(seconds.numerator) / Decimal(seconds.denominator), 3)


def minutes_made(making: Making, made: dict[str, Any]) -> Decimal:
    """Minutes of the video that was made."""
    return round(seconds_made(making, made) / 60, 5)


def per_video(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit."""
    return Decimal(1)


_START_AND_END = (Input("image_url", "image"), Input("end_image_url", "image"))
_DRIVEN = (Input("video_url", "video"), Input("image_url", "image"))
_SPOKEN = (Input("video_url", "video"), Input("audio_url", "audio"))


def _wan_endpoint(ending: str, body: type[Body], price: str, *inputs: Input) -> Endpoint:
    return Endpoint(
        f"fal-ai/wan/v2.2-a14b/{ending}", body, make_wan, seconds_at_16, "second", Decimal(price), inputs
    )  # fmt: skip


ENDPOINTS = (
    _wan_endpoint("image-to-video", WanFromImage, "0.08", *_START_AND_END),
    _wan_endpoint("image-to-video/lora", WanLoraImage, "0.10", *_START_AND_END, WEIGHTS),
    _wan_endpoint("text-to-video", Wan, "0.08"),
    _wan_endpoint("text-to-video/lora", WanLoraText, "0.10", WEIGHTS),
    Endpoint(
        "fal-ai/wan/v2.2-a14b/video-to-video", WanFromVideo, make_from_video, seconds_at_16, "second", Decimal("0.08"),
        (Input("video_url", "video"),),
    ),
    Endpoint(
        "fal-ai/wan/v2.2-a14b/image-to-video/turbo", WanTurbo, make_turbo, per_video, "video", Decimal("0.10"),
        _START_AND_END,
    ),
    Endpoint(
        "fal-ai/wan/v2.2-14b/animate/replace", Animate, make_animate, seconds_made, "second", Decimal("0.08"), _DRIVEN
    ),
    Endpoint(
        "fal-ai/wan/v2.2-14b/animate/move", Animate, make_animate, seconds_made, "second", Decimal("0.08"), _DRIVEN
    ),
    Endpoint(
        "fal-ai/seedvr/upscale/video", UpscaleVideo, make_upscaled, seconds_made, "second", Decimal("0.01"),
        (Input("video_url", "video"),),
    ),
    Endpoint(
        "fal-ai/sync-lipsync/v2", LipSync, make_lip_sync, minutes_made, "minute", Decimal(3), _SPOKEN
    ),
    Endpoint(
        "fal-ai/sync-lipsync/v2/pro", LipSyncPro, make_lip_sync, minutes_made, "minute", Decimal(5), _SPOKEN
    ),
)  # fmt: skip
