"""Models that answer with video."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from ..filming import Clip, write_clip
from ..making import Body, Endpoint, Input, Making
from .pictures import opened

SHORT_SIDES = {"480p": 480, "580p": 580, "720p": 720}


class Wan(Body):
    """fal-ai/wan/v2.2-a14b/text-to-video."""

    prompt: str
    num_frames: int = Field(81, ge=17, le=161)
    frames_per_second: int = Field(16, ge=4, le=60)
    resolution: Literal["480p", "580p", "720p"] = "720p"
    aspect_ratio: Literal["16:9", "9:16", "1:1"] = "16:9"
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


class WanFromImage(Wan):
    """fal-ai/wan/v2.2-a14b/image-to-video."""

    image_url: str
    end_image_url: str | None = None
    aspect_ratio: Literal["auto", "16:9", "9:16", "1:1"] = "auto"  # type: ignore[assignment]


def frame_size(ratio: Fraction, short: int) -> tuple[int, int]:
    """Width and height with `short` as the shorter side, the longer one rounded to 16 pixels."""
    long = round(short * max(ratio, 1 / ratio) / 16) * 16
    short = short // 2 * 2
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
    width, height = frame_size(asked_ratio(making), SHORT_SIDES[body.resolution])
    start, end = making.input("image_url"), making.input("end_image_url")
    clip = Clip(
        width, height, frames, Fraction(rate), 0 if making.plain else making.seed, "" if making.plain else body.prompt,
        opened(start) if start else None, opened(end) if end else None,
    )  # fmt: skip
    return {"video": video_file(making, clip), "seed": making.seed, "prompt": body.prompt}


def video_file(making: Making, clip: Clip) -> dict[str, Any]:
    """Film the clip and give its File."""
    path = making.path(".mp4")
    write_clip(clip, path)
    return making.file(path, "video.mp4", "video/mp4")


def seconds_at_16(making: Making, made: dict[str, Any]) -> Decimal:
    """Seconds of video as wan bills them: the asked frames at 16 a second."""
    return Decimal(making.body.num_frames) / 16


_START_AND_END = (Input("image_url", "image"), Input("end_image_url", "image"))
ENDPOINTS = (
    Endpoint(
        "fal-ai/wan/v2.2-a14b/image-to-video", WanFromImage, make_wan, seconds_at_16, "second", Decimal("0.08"),
        _START_AND_END,
    ),
    Endpoint("fal-ai/wan/v2.2-a14b/text-to-video", Wan, make_wan, seconds_at_16, "second", Decimal("0.08")),
)  # fmt: skip
