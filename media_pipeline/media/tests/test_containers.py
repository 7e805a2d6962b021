"""Weights and worlds are what their headers say, or are refused."""

from __future__ import annotations

import json
import struct

import pytest

from media_pipeline.media.containers import check_weights, check_world
from media_pipeline.media.errors import BrokenMedia


def weights(header=None, tensors=b"\0" * 16):
    words = json.dumps({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}} if header is None else header)
    return struct.pack("<Q", len(words)) + words.encode() + tensors


def world(body=b"\0" * 8, magic=b"glTF", version=2):
    return struct.pack("<4sII", magic, version, 12 + len(body)) + body


def test_whole_files_pass(tmp_path):
    (tmp_path / "a.safetensors").write_bytes(weights())
    (tmp_path / "b.glb").write_bytes(world())
    check_weights(tmp_path / "a.safetensors")
    check_world(tmp_path / "b.glb")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "header would be 0"),
        (b"<!doctype html><html>not found</html>", "header would be"),
        (weights({}), "names no tensors"),
        (weights({"a": {"shape": []}}), "names no tensors"),
        (struct.pack("<Q", 4) + b"[[[[", "names no tensors"),
        (weights(tensors=b"\0" * 12), "cut off"),
    ],
    ids=["empty", "html", "no tensors", "no offsets", "no json", "cut off"],
)
def test_what_is_not_whole_weights_is_refused(tmp_path, content, words):
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(BrokenMedia, match=words):
        check_weights(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not binary"),
        (world(magic=b"GLTF"), "not binary"),
        (world(version=1), "not binary"),
        (world()[:-3], "cut"),
    ],
    ids=["empty", "magic", "version", "cut off"],
)
def test_what_is_not_a_whole_world_is_refused(tmp_path, content, words):
    path = tmp_path / "b.glb"
    path.write_bytes(content)
    with pytest.raises(BrokenMedia, match=words):
        check_world(path)
