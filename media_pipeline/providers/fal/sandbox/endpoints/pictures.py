"""Models that make pictures from words."""

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
LARGEST_SIDE = 14142
"""The largest side in pixels that fal's schemas allow an `image_size`."""

Ratio = Literal["21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"]
SizeName = Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
Acceleration = Literal["none", "regular", "high"]


class Pixels(BaseModel):
    """A size in pixels."""

    width: int = Field(512, gt=0, le=LARGEST_SIDE)
    height: int = Field(512, gt=0, le=LARGEST_SIDE)


class BoundPixels(BaseModel):
    """A size whose sides are limited, as flux-2 has it."""

    width: int = Field(512, ge=512, le=2048)
    height: int = Field(512, ge=512, le=2048)


class Lora(BaseModel):
    """Weights laid over the model."""

    path: str
    scale: float = Field(1, ge=0, le=4)


class WanLora(Lora):
    """Weights laid over one or both halves of wan 2.2."""

    transformer: Literal["high", "low", "both"] = "high"
    weight_name: str | None = None


class NanoBanana(Body):
    """fal-ai/nano-banana."""

    prompt: str = Field(min_length=3, max_length=50000)
    num_images: int = Field(1, ge=1, le=4)
    aspect_ratio: Ratio | Literal["auto"] = "1:1"
    output_format: Literal["jpeg", "png", "webp"] = "png"
    limit_generations: bool = False


class NanoBananaPro(NanoBanana):
    """fal-ai/nano-banana-pro."""

    resolution: Literal["1K", "2K", "4K"] = "1K"
    enable_web_search: bool = False


class Diffused(Body):
    """What flux and its like share."""

    prompt: str
    num_images: int = Field(1, ge=1, le=4)
    image_size: Any = "landscape_4_3"
    enable_safety_checker: bool = True
    output_format: Literal["jpeg", "png"] = "png"


class Flux(Diffused):
    """fal-ai/flux-lora."""

    image_size: Pixels | SizeName = "landscape_4_3"
    num_inference_steps: int = Field(28, ge=1, le=50)
    guidance_scale: float = Field(3.5, ge=0, le=35)
    loras: list[Lora] = Field(default_factory=list)
    output_format: Literal["jpeg", "png"] = "jpeg"


class Flux2(Diffused):
    """fal-ai/flux-2/lora."""

    image_size: BoundPixels | SizeName = "landscape_4_3"
    num_inference_steps: int = Field(28, ge=4, le=50)
    guidance_scale: float = Field(2.5, ge=0, le=20)
    loras: list[Lora] = Field(default_factory=list, max_length=3)
    acceleration: Acceleration = "regular"
    enable_prompt_expansion: bool = False
    output_format: Literal["jpeg", "png", "webp"] = "png"  # type: ignore[assignment]


class ZImage(Diffused):
    """fal-ai/z-image/turbo."""

    image_size: Pixels | SizeName = "landscape_4_3"
    num_inference_steps: int = Field(8, ge=1, le=8)
    acceleration: Acceleration = "regular"
    enable_prompt_expansion: bool = False
    output_format: Literal["jpeg", "png", "webp"] = "png"  # type: ignore[assignment]


class ZImageLora(ZImage):
    """fal-ai/z-image/turbo/lora."""

    loras: list[Lora] = Field(default_factory=list, max_length=3)


class WanStill(Diffused):
    """fal-ai/wan/v2.2-a14b/text-to-image/lora."""

    image_size: Pixels | SizeName = "square_hd"
    negative_prompt: str = ""
    num_inference_steps: int = Field(27, ge=2, le=40)
    guidance_scale: float = Field(3.5, ge=1, le=10)
    guidance_scale_2: float = Field(4, ge=1, le=10)
    shift: float = Field(2, ge=1, le=10)
    loras: list[WanLora] = Field(default_factory=list)


def size_of(asked: Any) -> tuple[int, int]:
    """Pixels of an `image_size`: a name or an object."""
    return SIZES[asked] if isinstance(asked, str) else (asked.width, asked.height)


def opened(path: Path) -> Image.Image:
    """A picture that was already checked, in RGB."""
    with Image.open(path) as picture:
        return picture.convert("RGB")


def references_of(making: Making) -> list[Image.Image]:
    """Every picture the request gave, in order."""
    return [opened(path) for name in ("image_urls", "image_url") for path in making.inputs.get(name, [])]


def picture_file(making: Making, size: tuple[int, int], words: str, number: int, form: str) -> dict[str, Any]:
    """Draw one picture and give its ImageFile."""

    def write(path: Path) -> None:
        if making.plain:
            picture = draw_picture(size, 0, "")
        else:
            picture = draw_picture(size, making.seed_of(number), words, references_of(making))
        write_picture(picture, path, form)

    path = making.drawn(f".{form}", ("picture", *size), write)
    making.facts["pixels"] = making.facts.get("pixels", 0) + size[0] * size[1]
    return making.file(path, f"{number}.{form}", FORMATS[form][1], width=size[0], height=size[1])


def picture_files(making: Making, size: tuple[int, int], words: str) -> list[dict[str, Any]]:
    """As many pictures as were asked for, each its own."""
    body = making.body
    return [picture_file(making, size, words, number, body.output_format) for number in range(body.num_images)]


def make_nano_banana(making: Making) -> dict[str, Any]:
    """Pictures of a ratio's size; "auto" takes the ratio nearest to the first reference."""
    body = making.body
    known = RATIO_SIZES.get(body.aspect_ratio)
    references = references_of(making)
    size = known or (nearest_size(references[0].size) if references else RATIO_SIZES["1:1"])
    factor = {"1K": 1, "2K": 2, "4K": 4}[getattr(body, "resolution", "1K")]
    images = picture_files(making, (size[0] * factor, size[1] * factor), body.prompt)
    return {"images": images, "description": ""}


def nearest_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size in the ratio table whose ratio is nearest."""
    return min(RATIO_SIZES.values(), key=lambda each: abs(each[0] / each[1] - size[0] / size[1]))


def make_diffused(making: Making) -> dict[str, Any]:
    """Pictures of an `image_size`, with the further keys of flux and its like."""
    return diffused(making, size_of(making.body.image_size), making.body.prompt)


def diffused(making: Making, size: tuple[int, int], words: str) -> dict[str, Any]:
    """The answer of flux and its like: pictures, timings, seed, checker's verdicts, prompt."""
    images = picture_files(making, size, words)
    return {
        "images": images,
        "timings": {"inference": 0.1},
        "seed": making.seed,
        "has_nsfw_concepts": [False] * len(images),
        "prompt": words,
    }


def make_wan_still(making: Making) -> dict[str, Any]:
    """One picture, as an object and not a list."""
    made = make_diffused(making)
    return {"image": made["images"][0], "seed": making.seed}


def per_image(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit for each picture."""
    return Decimal(len(made["images"]))


def per_megapixel(making: Making, made: dict[str, Any]) -> Decimal:
    """Millions of pixels of all pictures, not rounded."""
    return Decimal(making.facts["pixels"]) / MEGA


WEIGHTS = Input("loras", "weights")
ENDPOINTS = (
    Endpoint("fal-ai/nano-banana", NanoBanana, make_nano_banana, per_image, "image", Decimal("0.039")),
    Endpoint("fal-ai/nano-banana-pro", NanoBananaPro, make_nano_banana, per_image, "image", Decimal("0.15")),
    Endpoint("fal-ai/flux-lora", Flux, make_diffused, per_megapixel, "megapixel", Decimal("0.035"), (WEIGHTS,)),
    Endpoint("fal-ai/flux-2/lora", Flux2, make_diffused, per_megapixel, "megapixel", Decimal("0.021"), (WEIGHTS,)),
    Endpoint("fal-ai/z-image/turbo", ZImage, make_diffused, per_megapixel, "megapixel", Decimal("0.005")),
    Endpoint(
        "fal-ai/z-image/turbo/lora", ZImageLora, make_diffused, per_megapixel, "megapixel", Decimal("0.0085"),
        (WEIGHTS,),
    ),
    Endpoint(
        "fal-ai/wan/v2.2-a14b/text-to-image/lora", WanStill, make_wan_still, per_megapixel, "megapixel",
        Decimal("0.035"), (WEIGHTS,),
    ),
)  # fmt: skip
