"""Models that train weights from an archive of pictures; every one names its fields and its files differently."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from PIL import Image
from pydantic import Field

from ..making import Body, Endpoint, Input, Making, Unmakeable

PICTURES = {".png", ".jpg", ".jpeg", ".webp"}
CLIPS = {".mp4", ".mov", ".avi", ".mkv", ".webm"}
WEIGHT_VALUES = 16_384
"""How many half-precision numbers a file of weights holds: 32 kB, where a real one has hundreds of megabytes."""


class FluxFast(Body):
    """fal-ai/flux-lora-fast-training."""

    images_data_url: str
    trigger_word: str | None = None
    steps: int | None = Field(None, ge=1, le=10000)
    is_style: bool = False
    create_masks: bool = True
    is_input_format_already_preprocessed: bool = False
    data_archive_format: str | None = None


class Flux2Training(Body):
    """fal-ai/flux-2-trainer."""

    image_data_url: str
    steps: int = Field(1000, ge=100, le=10000, multiple_of=100)
    learning_rate: float = 5e-5
    default_caption: str | None = None
    output_lora_format: Literal["fal", "comfy"] = "fal"


class ZImageTraining(Body):
    """fal-ai/z-image-trainer."""

    image_data_url: str
    steps: int = Field(1000, ge=100, le=10000, multiple_of=100)
    learning_rate: float = 1e-4
    training_type: Literal["content", "style", "balanced"] = "balanced"
    default_caption: str | None = None


class ZImageTraining2(Body):
    """fal-ai/z-image-turbo-trainer-v2."""

    image_data_url: str
    steps: int = Field(2000, ge=10, le=40000)
    learning_rate: float = 5e-4
    default_caption: str | None = None


class WanTraining(Body):
    """fal-ai/wan-22-image-trainer."""

    training_data_url: str
    trigger_phrase: str
    steps: int = Field(1000, ge=10, le=6000)
    learning_rate: float = 7e-4
    is_style: bool = False
    use_masks: bool = True
    use_face_detection: bool = True
    use_face_cropping: bool = False
    include_synthetic_captions: bool = False


class WanClipTraining(Body):
    """fal-ai/wan-22-trainer/i2v-a14b and t2v-a14b; the steps have another name."""

    training_data_url: str
    number_of_steps: int = Field(400, ge=1, le=20000)
    learning_rate: float = 2e-4
    trigger_phrase: str = ""
    auto_scale_input: bool = False


def _archive(making: Making) -> tuple[str, Path]:
    return next((name, paths[0]) for name, paths in making.inputs.items())


def check_archive(making: Making, *, captions: bool) -> int:
    """How many pictures (or clips) the archive holds; Unmakeable when one is broken or lacks its caption."""
    name, path = _archive(making)
    loc = ("body", name)
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(each) for each in archive.namelist() if not each.startswith("__MACOSX")]
        shown = [each for each in names if each.suffix.lower() in PICTURES | CLIPS]
        if not shown:
            raise Unmakeable("value_error", "The archive holds no images", loc)
        told = {each.with_suffix("") for each in names if each.suffix.lower() == ".txt"}
        for each in shown:
            if captions and not making.body.default_caption and each.with_suffix("") not in told:
                raise Unmakeable("value_error", f"{each} has no caption and there is no default_caption", loc)
            if each.suffix.lower() in PICTURES:
                _check_picture(archive, str(each), loc)
    return len(shown)


def _check_picture(archive: zipfile.ZipFile, name: str, loc: tuple[Any, ...]) -> None:
    try:
        with archive.open(name) as file, Image.open(file) as picture:
            picture.verify()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise Unmakeable("image_load_error", f"Failed to load {name}: {problem}", loc) from problem


def write_weights(path: Path, seed: int, about: dict[str, Any]) -> None:
    """A real safetensors file of two small tensors, with `about` in its metadata."""
    half = WEIGHT_VALUES // 2
    header = {
        "__metadata__": {name: str(value) for name, value in about.items()},
        "lora_A.weight": {"dtype": "F16", "shape": [16, half // 16], "data_offsets": [0, half * 2]},
        "lora_B.weight": {"dtype": "F16", "shape": [half // 16, 16], "data_offsets": [half * 2, half * 4]},
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + random.Random(seed).randbytes(half * 4))


def _weights(making: Making, name: str, stage: str = "all") -> dict[str, Any]:
    path = making.path(".safetensors")
    trigger = getattr(making.body, "trigger_word", None) or getattr(making.body, "trigger_phrase", "")
    about = {"made_by": "fal sandbox", "endpoint": making.endpoint, "stage": stage, "trigger": trigger or ""}
    write_weights(path, making.seed_of(stage), about)
    return making.file(path, name, "application/octet-stream")


def _config(making: Making, images: int) -> dict[str, Any]:
    path = making.path(".json")
    path.write_text(json.dumps({"endpoint": making.endpoint, "images": images, **making.body.model_dump()}, indent=1))
    return making.file(path, "config.json", "application/json")


def make_flux_fast(making: Making) -> dict[str, Any]:
    """Weights and their configuration; captions are not needed."""
    images = check_archive(making, captions=False)
    return {
        "diffusers_lora_file": _weights(making, "pytorch_lora_weights.safetensors"),
        "config_file": _config(making, images),
        "debug_preprocessed_output": None,
    }


def make_captioned(making: Making) -> dict[str, Any]:
    """Weights and their configuration; every picture needs words."""
    images = check_archive(making, captions=True)
    return {
        "diffusers_lora_file": _weights(making, "pytorch_lora_weights.safetensors"),
        "config_file": _config(making, images),
    }


def make_wan_pair(making: Making) -> dict[str, Any]:
    """The pair of wan 2.2: `diffusers_lora_file` is for low noise, `high_noise_lora` for high noise."""
    images = check_archive(making, captions=False)
    return {
        "diffusers_lora_file": _weights(making, "low_noise.safetensors", "low_noise"),
        "high_noise_lora": _weights(making, "high_noise.safetensors", "high_noise"),
        "config_file": _config(making, images),
    }


def make_wan_clip(making: Making) -> dict[str, Any]:
    """One file under `lora_file`."""
    images = check_archive(making, captions=False)
    return {"lora_file": _weights(making, "lora.safetensors"), "config_file": _config(making, images)}


def per_run(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit."""
    return Decimal(1)


def per_step(making: Making, made: dict[str, Any]) -> Decimal:
    """The steps that were asked for."""
    return Decimal(making.body.steps)


def per_step_from_100(making: Making, made: dict[str, Any]) -> Decimal:
    """The steps that were asked for, at least a hundred."""
    return Decimal(max(100, making.body.number_of_steps))


def _trainer(name: str, body: type[Body], field: str, make: Any, units: Any, unit: str, price: str) -> Endpoint:
    return Endpoint(name, body, make, units, unit, Decimal(price), (Input(field, "archive"),))


ENDPOINTS = (
    _trainer("fal-ai/flux-lora-fast-training", FluxFast, "images_data_url", make_flux_fast, per_run, "run", "2"),
    _trainer("fal-ai/flux-2-trainer", Flux2Training, "image_data_url", make_captioned, per_step, "step", "0.008"),
    _trainer("fal-ai/z-image-trainer", ZImageTraining, "image_data_url", make_captioned, per_step, "step", "0.00226"),
    _trainer(
        "fal-ai/z-image-turbo-trainer-v2", ZImageTraining2, "image_data_url", make_captioned, per_step, "step", "0"
    ),
    _trainer(
        "fal-ai/wan-22-image-trainer", WanTraining, "training_data_url", make_wan_pair, per_step, "step", "0.0045"
    ),
    _trainer(
        "fal-ai/wan-22-trainer/i2v-a14b", WanClipTraining, "training_data_url", make_wan_clip, per_step_from_100,
        "step", "0.005",
    ),
    _trainer(
        "fal-ai/wan-22-trainer/t2v-a14b", WanClipTraining, "training_data_url", make_wan_clip, per_step_from_100,
        "step", "0.004",
    ),
)  # fmt: skip
