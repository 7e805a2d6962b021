"""Files that are neither picture nor sound, checked by their content: trained weights, 3D worlds and papers."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from .documents import document_type
from .errors import BrokenMedia

LARGEST_HEADER = 100 * 1024 * 1024
"""Bytes of a safetensors header; the format's own readers refuse more."""


def check_weights(path: Path) -> None:
    """Raise BrokenMedia unless the file is safetensors whose tensors end where the file ends.

    The format: eight bytes with the header's length (little endian), the header as JSON with the offsets of each
    tensor, the tensors.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(size - 8, LARGEST_HEADER):
            raise BrokenMedia(f"{path.name} is not safetensors: its header would be {length} bytes long.")
        try:
            header = json.loads(file.read(length))
            tensors = [value["data_offsets"] for name, value in header.items() if name != "__metadata__"]
            end = max(int(last) for _, last in tensors)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BrokenMedia(f"{path.name} is not safetensors: its header names no tensors.") from None
    if 8 + length + end != size:
        raise BrokenMedia(f"{path.name} is cut off: {8 + length + end} bytes are announced and {size} are there.")


def check_document(path: Path) -> str:
    """The content type of a PDF, a text or a 3D world; raises BrokenMedia for everything else."""
    kind = document_type(path)
    if kind is None:
        check_world(path)
    return kind or "model/gltf-binary"


def check_world(path: Path) -> None:
    """Raise BrokenMedia unless the file is binary glTF 2 of the length it announces.

    The format begins with "glTF", the version and the whole length, each four bytes, little endian.
    """
    with path.open("rb") as file:
        start = file.read(12)
    magic, version, length = struct.unpack("<4sII", start) if len(start) == 12 else (b"", 0, 0)
    if magic != b"glTF" or version != 2:
        raise BrokenMedia(f"{path.name} is not binary glTF 2.")
    if length != path.stat().st_size:
        raise BrokenMedia(f"{path.name} is cut off: {length} bytes are announced, {path.stat().st_size} are there.")
