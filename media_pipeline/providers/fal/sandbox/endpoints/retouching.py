"""Models that make pictures from pictures: edits, other angles, more pixels."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from PIL import Image
from pydantic import Field

from ..drawing import FORMATS, write_picture
from ..making import Body, Endpoint, Input, Making, Unmakeable
from .pictures import (
    WEIGHTS,
    Flux2,
    Lora,
    NanoBanana,
    NanoBananaPro,
    Pixels,
    Ratio,
    SizeName,
    ZImage,
    diffused,
    make_diffused,
    make_nano_banana,
    per_image,
    per_megapixel,
    picture_files,
    references_of,
    size_of,
)

REFERENCES = Input("image_urls", "image")
ONE = Input("image_url", "image")
UPSCALE_TARGETS = {"720p": 720, "1080p": 1080, "1440p": 1440, "2160p": 2160}
LARGEST_PIXELS = 150_000_000
"""An upscale beyond this many pixels is refused; the sandbox draws it on an ordinary machine."""


class NanoBananaEdit(NanoBanana):
    """fal-ai/nano-banana/edit."""

    image_urls: list[str]
    aspect_ratio: Ratio | Literal["auto"] = "auto"


class NanoBananaProEdit(NanoBananaPro):
    """fal-ai/nano-banana-pro/edit."""

    image_urls: list[str]
    aspect_ratio: Ratio | Literal["auto"] = "auto"


class Flux2Edit(Flux2):
    """fal-ai/flux-2/lora/edit; of the pictures the first three are used."""

    image_urls: list[str]


class ZImageFromImage(ZImage):
    """fal-ai/z-image/turbo/image-to-image."""

    image_url: str
    strength: float = Field(0.6, ge=0, le=1)
    image_size: Pixels | SizeName | Literal["auto"] = "auto"  # type: ignore[assignment]


class ZImageFromImageLora(ZImageFromImage):
    """fal-ai/z-image/turbo/image-to-image/lora."""

    loras: list[Lora] = Field(default_factory=list, max_length=3)


class QwenEdit(Body):
    """fal-ai/qwen-image-edit-plus."""

    prompt: str
    image_urls: list[str]
    image_size: Pixels | SizeName | None = "square_hd"
    num_inference_steps: int = Field(50, ge=2, le=100)
    guidance_scale: float = Field(4, ge=0, le=20)
    negative_prompt: str = " "
    acceleration: Literal["none", "regular"] = "regular"
    num_images: int = Field(1, ge=1, le=4)
    output_format: Literal["jpeg", "png"] = "png"
    enable_safety_checker: bool = True


class QwenEditLora(QwenEdit):
    """fal-ai/qwen-image-edit-plus-lora; without a size the last picture's is taken."""

    image_size: Pixels | SizeName | None = None
    num_inference_steps: int = Field(28, ge=2, le=100)
    loras: list[Lora] = Field(default_factory=list, max_length=3)


class Angles(Body):
    """fal-ai/qwen-image-edit-2511-multiple-angles; there is no prompt."""

    image_urls: list[str]
    horizontal_angle: float = Field(0, ge=0, le=360)
    vertical_angle: float = Field(0, ge=-30, le=90)
    zoom: float = Field(5, ge=0, le=10)
    lora_scale: float = Field(1, ge=0, le=4)
    additional_prompt: str | None = None
    image_size: Pixels | SizeName | None = None
    guidance_scale: float = Field(4.5, ge=0, le=20)
    num_inference_steps: int = Field(28, ge=1, le=50)
    num_images: int = Field(1, ge=1, le=4)
    output_format: Literal["jpeg", "png", "webp"] = "png"


class GalleryAngles(Body):
    """fal-ai/qwen-image-edit-plus-lora-gallery/multiple-angles."""

    image_urls: list[str]
    rotate_right_left: float = Field(0, ge=-90, le=90)
    move_forward: float = Field(0, ge=0, le=10)
    vertical_angle: float = Field(0, ge=-1, le=1)
    wide_angle_lens: bool = False
    lora_scale: float = Field(1.25, ge=0, le=4)
    num_inference_steps: int = Field(6, ge=2, le=50)
    guidance_scale: float = Field(1, ge=0, le=20)
    image_size: Pixels | SizeName | None = None
    num_images: int = Field(1, ge=1, le=4)
    output_format: Literal["jpeg", "png", "webp"] = "png"


class Upscale(Body):
    """fal-ai/seedvr/upscale/image."""

    image_url: str
    upscale_mode: Literal["factor", "target"] = "factor"
    upscale_factor: float = Field(2, ge=1, le=10)
    target_resolution: Literal["720p", "1080p", "1440p", "2160p"] = "1080p"
    noise_scale: float = Field(0.1, ge=0, le=1)
    output_format: Literal["jpg", "png", "webp"] = "jpg"


def make_from_image(making: Making) -> dict[str, Any]:
    """Like the input in size unless a size is named."""
    asked = making.body.image_size
    size = references_of(making)[0].size if asked == "auto" else size_of(asked)
    return diffused(making, size, making.body.prompt)


def make_qwen_edit(making: Making) -> dict[str, Any]:
    """Of the named size, or of the last input's where none is named."""
    asked = making.body.image_size
    size = size_of(asked) if asked is not None else references_of(making)[-1].size
    return diffused(making, size, making.body.prompt)


def make_angles(making: Making) -> dict[str, Any]:
    """The first picture seen from elsewhere, with the sentence the model made of the angles."""
    body = making.body
    words = f"camera at {body.horizontal_angle:g} degrees, {body.vertical_angle:g} up, zoom {body.zoom:g}"
    if body.additional_prompt:
        words = f"{words}. {body.additional_prompt}"
    return {"images": _angle_files(making, words), "seed": making.seed, "prompt": words}


def make_gallery_angles(making: Making) -> dict[str, Any]:
    """As above by turns; answers pictures and seed only."""
    body = making.body
    words = f"turn {body.rotate_right_left:g}, forward {body.move_forward:g}, vertical {body.vertical_angle:g}"
    return {"images": _angle_files(making, words), "seed": making.seed}


def _angle_files(making: Making, words: str) -> list[dict[str, Any]]:
    asked = making.body.image_size
    size = size_of(asked) if asked is not None else references_of(making)[0].size
    return picture_files(making, size, words)


def upscaled_size(size: tuple[int, int], body: Any) -> tuple[int, int]:
    """`size` times the factor, or with the shorter side at the target resolution."""
    factor = body.upscale_factor
    if body.upscale_mode == "target":
        factor = UPSCALE_TARGETS[body.target_resolution] / min(size)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def make_upscale(making: Making) -> dict[str, Any]:
    """The very picture, larger: one object under `image`."""
    picture = references_of(making)[0]
    size = upscaled_size(picture.size, making.body)
    if size[0] * size[1] > LARGEST_PIXELS:
        raise Unmakeable("image_too_large", "The upscaled image would be too large", ("body", "image_url"))
    form = making.body.output_format
    path = making.path(f".{form}")
    write_picture(picture.resize(size, Image.Resampling.BICUBIC), path, form)
    making.facts["pixels"] = size[0] * size[1]
    image = making.file(path, f"upscaled.{form}", FORMATS[form][1], width=size[0], height=size[1])
    return {"image": image, "seed": making.seed}


def _by_area(name: str, body: type[Body], make: Any, price: str, *inputs: Input) -> Endpoint:
    return Endpoint(name, body, make, per_megapixel, "megapixel", Decimal(price), inputs)


ENDPOINTS = (
    Endpoint(
        "fal-ai/nano-banana/edit", NanoBananaEdit, make_nano_banana, per_image, "image", Decimal("0.039"), (REFERENCES,)
    ),
    Endpoint(
        "fal-ai/nano-banana-pro/edit", NanoBananaProEdit, make_nano_banana, per_image, "image", Decimal("0.15"),
        (REFERENCES,),
    ),
    _by_area("fal-ai/flux-2/lora/edit", Flux2Edit, make_diffused, "0.021", REFERENCES, WEIGHTS),
    _by_area("fal-ai/z-image/turbo/image-to-image", ZImageFromImage, make_from_image, "0.005", ONE),
    _by_area("fal-ai/z-image/turbo/image-to-image/lora", ZImageFromImageLora, make_from_image, "0.0085", ONE, WEIGHTS),
    _by_area("fal-ai/qwen-image-edit-plus", QwenEdit, make_qwen_edit, "0.03", REFERENCES),
    _by_area("fal-ai/qwen-image-edit-plus-lora", QwenEditLora, make_qwen_edit, "0.035", REFERENCES, WEIGHTS),
    _by_area("fal-ai/qwen-image-edit-2511-multiple-angles", Angles, make_angles, "0.035", REFERENCES),
    _by_area(
        "fal-ai/qwen-image-edit-plus-lora-gallery/multiple-angles", GalleryAngles, make_gallery_angles, "0.035",
        REFERENCES,
    ),
    _by_area("fal-ai/seedvr/upscale/image", Upscale, make_upscale, "0.001", ONE),
)  # fmt: skip
