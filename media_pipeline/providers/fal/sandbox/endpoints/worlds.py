"""Models that answer with things and places in three dimensions."""

from __future__ import annotations

import json
import struct
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ..drawing import colour_of
from ..making import Body, Endpoint, Input, Making

CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
SIDES = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]
"""The twelve triangles of a cube, by its corners."""

ZIP_TIME = (2026, 1, 1, 0, 0, 0)


class ImageToWorld(Body):
    """fal-ai/hunyuan_world/image-to-world."""

    image_url: str
    labels_fg1: str
    labels_fg2: str
    classes: str
    export_drc: bool = False


class Trellis(Body):
    """fal-ai/trellis."""

    image_url: str
    ss_guidance_strength: float = Field(7.5, ge=0, le=10)
    ss_sampling_steps: int = Field(12, ge=1, le=50)
    slat_guidance_strength: float = Field(3, ge=0, le=10)
    slat_sampling_steps: int = Field(12, ge=1, le=50)
    mesh_simplify: float = Field(0.95, ge=0.9, le=0.98)
    texture_size: Literal[512, 1024, 2048] = 1024


def write_cube(path: Path, seed: int) -> None:
    """A binary glTF of one coloured cube, a metre each way."""
    points = b"".join(struct.pack("<3f", *corner) for corner in CORNERS)
    sides = b"".join(struct.pack("<H", corner) for corner in SIDES)
    binary = points + sides
    red, green, blue = (part / 255 for part in colour_of(seed))
    scene = {
        "asset": {"version": "2.0", "generator": "fal sandbox"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [red, green, blue, 1]}}],
        "buffers": [{"byteLength": len(binary)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(points), "target": 34962},
            {"buffer": 0, "byteOffset": len(points), "byteLength": len(sides), "target": 34963},
        ],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": len(CORNERS), "type": "VEC3",
                "min": [-0.5] * 3, "max": [0.5] * 3,
            },
            {"bufferView": 1, "componentType": 5123, "count": len(SIDES), "type": "SCALAR"},
        ],
    }  # fmt: skip
    text = json.dumps(scene).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    whole = 12 + 8 + len(text) + 8 + len(binary)
    path.write_bytes(
        struct.pack("<4sII", b"glTF", 2, whole)
        + struct.pack("<I4s", len(text), b"JSON") + text
        + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    )  # fmt: skip


def make_trellis(making: Making) -> dict[str, Any]:
    """A mesh as GLB."""
    path = making.path(".glb")
    write_cube(path, making.seed)
    return {"model_mesh": making.file(path, "model.glb", "model/gltf-binary"), "timings": {"prepare": 0.1}}


def make_world(making: Making) -> dict[str, Any]:
    """A zip of two layers: what is near, and the sky."""
    path = making.path(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(("mesh_layer0.glb", "mesh_layer1.glb")):
            layer = making.path(".glb")
            write_cube(layer, making.seed_of(number))
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), layer.read_bytes())
    return {"world_file": making.file(path, "world.zip", "application/zip")}


def per_call(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit."""
    return Decimal(1)


_IMAGE = (Input("image_url", "image"),)
ENDPOINTS = (
    Endpoint(
        "fal-ai/hunyuan_world/image-to-world", ImageToWorld, make_world, per_call, "call", Decimal("0.30"), _IMAGE
    ),
    Endpoint("fal-ai/trellis", Trellis, make_trellis, per_call, "call", Decimal("0.02"), _IMAGE),
)
