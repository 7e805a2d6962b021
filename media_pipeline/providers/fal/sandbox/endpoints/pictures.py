"""Models that answer with pictures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from pydantic import BaseModel, Field

from ..drawing import FORMATS, draw_picture, write_picture
from ..making import Body, Endpoint, Input, Making

SIZES = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}
RATIO_SIZES = {
    "21:9": (1536, 672),
    "16:9": (1344, 768),
    "3:2": (1248, 832),
    "4:3": (1184, 864),
    "5:4": (1152, 896),
    "1:1": (1024, 1024),
    "4:5": (896, 1152),
    "3:4": (864, 1184),
    "2:3": (832, 1248),
    "9:16": (768, 1344),
}
"""The pixels nano-banana gives for each ratio at 1K."""

MEGA = Decimal(1_000_000)
Ratio = Literal["21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"]
SizeName = Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]


class Pixels(BaseModel):
    """A size in pixels; 14142 is the largest side fal's schemas allow."""

    width: int = Field(512, gt=0, le=14142)
    height: int = Field(512, gt=0, le=14142)


class BoundPixels(BaseModel):
    """A size whose sides are limited, as flux-2 has it."""

    width: int = Field(512, ge=512, le=2048)
    height: int = Field(512, ge=512, le=2048)


class Lora(BaseModel):
    """Weights laid over the model."""

    path: str
    scale: float = Field(1, ge=0, le=4)


class NanoBanana(Body):
    """fal-ai/nano-banana."""

    prompt: str = Field(min_length=3, max_length=50000)
    num_images: int = Field(1, ge=1, le=4)
    aspect_ratio: Ratio = "1:1"
    output_format: Literal["jpeg", "png", "webp"] = "png"
    limit_generations: bool = False


class NanoBananaEdit(NanoBanana):
    """fal-ai/nano-banana/edit."""

    image_urls: list[str]
    aspect_ratio: Ratio | Literal["auto"] = "auto"  # type: ignore[assignment]


class Flux(Body):
    """fal-ai/flux-lora."""

    prompt: str
    image_size: Pixels | SizeName = "landscape_4_3"
    num_inference_steps: int = Field(28, ge=1, le=50)
    guidance_scale: float = Field(3.5, ge=0, le=35)
    num_images: int = Field(1, ge=1, le=4)
    loras: list[Lora] = Field(default_factory=list)
    enable_safety_checker: bool = True
    output_format: Literal["jpeg", "png"] = "jpeg"


def size_of(asked: Any) -> tuple[int, int]:
    """Pixels of an `image_size`: a name or an object."""
    return SIZES[asked] if isinstance(asked, str) else (asked.width, asked.height)


def opened(path: Path) -> Image.Image:
    """A picture that was already checked, in RGB."""
    with Image.open(path) as picture:
        return picture.convert("RGB")


def picture_file(making: Making, size: tuple[int, int], words: str, number: int, form: str) -> dict[str, Any]:
    """Draw one picture and give its ImageFile."""
    references = [opened(path) for name in ("image_urls", "image_url") for path in making.inputs.get(name, [])]
    seed = 0 if making.plain else making.seed_of(number)
    path = making.path(f".{form}")
    write_picture(draw_picture(size, seed, "" if making.plain else words, references), path, form)
    content_type = FORMATS[form][1]
    making.facts["pixels"] = making.facts.get("pixels", 0) + size[0] * size[1]
    return making.file(path, f"{number}.{form}", content_type, width=size[0], height=size[1])


def make_nano_banana(making: Making) -> dict[str, Any]:
    """Pictures of a ratio's size; "auto" takes the ratio nearest to the first reference."""
    body = making.body
    size = RATIO_SIZES.get(body.aspect_ratio) or nearest_size(opened(making.inputs["image_urls"][0]).size)
    images = [picture_file(making, size, body.prompt, n, body.output_format) for n in range(body.num_images)]
    return {"images": images, "description": ""}


def nearest_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size in the ratio table whose ratio is nearest."""
    return min(RATIO_SIZES.values(), key=lambda each: abs(each[0] / each[1] - size[0] / size[1]))


def make_flux(making: Making) -> dict[str, Any]:
    """Pictures of an `image_size`, with flux's further keys."""
    body = making.body
    images = [
        picture_file(making, size_of(body.image_size), body.prompt, n, body.output_format)
        for n in range(body.num_images)
    ]
    return {
        "images": images,
        "timings": {"inference": 0.1},
        "seed": making.seed,
        "has_nsfw_concepts": [False] * len(images),
        "prompt": body.prompt,
    }


def per_image(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit for each picture."""
    return Decimal(len(made["images"]))


def per_megapixel(making: Making, made: dict[str, Any]) -> Decimal:
    """Millions of pixels of all pictures, not rounded."""
    return Decimal(making.facts["pixels"]) / MEGA


ENDPOINTS = (
    Endpoint("fal-ai/nano-banana", NanoBanana, make_nano_banana, per_image, "image", Decimal("0.039")),
    Endpoint(
        "fal-ai/nano-banana/edit", NanoBananaEdit, make_nano_banana, per_image, "image", Decimal("0.039"),
        (Input("image_urls", "image"),),
    ),
    Endpoint(
        "fal-ai/flux-lora", Flux, make_flux, per_megapixel, "megapixel", Decimal("0.035"),
        (Input("loras", "weights"),),
    ),
)  # fmt: skip
