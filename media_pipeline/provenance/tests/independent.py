"""A reader of content credentials of our own, from the specification alone (C2PA 2.2, ISO 19566-5, RFC 8949, RFC 9052).

It shares no line with the library that writes them: boxes, CBOR, the COSE signature and the hash over the file are
read here, so that what a test believes does not come from the writer itself.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

MP4_UUID = bytes.fromhex("D8FEC3D61B0E483C92975828877EC481")


@dataclass
class Box:
    """A JUMBF superbox: its label, the content boxes and superboxes in it, the bytes that are hashed."""

    label: str
    cbor: Any
    raw_cbor: bytes
    boxes: list[Box]
    payload: bytes

    def __getitem__(self, label: str) -> Box:
        return next(box for box in self.boxes if box.label == label)


def active_manifest(path: Path) -> Box:
    """The last manifest of the store in a PNG or MP4."""
    (store,) = superboxes(jumbf_of(path.read_bytes()))
    return store.boxes[-1]


def jumbf_of(data: bytes) -> bytes:
    """The bytes of the manifest store."""
    if data.startswith(b"\x89PNG"):
        place = 8
        while place < len(data):
            length, kind = struct.unpack(">I4s", data[place : place + 8])
            if kind == b"caBX":
                return data[place + 8 : place + 8 + length]
            place += length + 12
    for kind, start, end in top_boxes(data):
        if kind == b"uuid" and data[start + 8 : start + 24] == MP4_UUID:
            purpose = data.index(b"\0", start + 28)
            return data[purpose + 9 : end]
    raise AssertionError("no manifest store")


def top_boxes(data: bytes) -> list[tuple[bytes, int, int]]:
    """(kind, first byte, byte after the last) of an MP4's boxes."""
    found, place = [], 0
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        length = length or len(data) - place
        if length == 1:
            (length,) = struct.unpack(">Q", data[place + 8 : place + 16])
        found.append((kind, place, place + length))
        place += length
    return found


def superboxes(data: bytes) -> list[Box]:
    """The superboxes of a run of boxes."""
    found = []
    for kind, start, end in top_boxes(data):
        if kind == b"jumb":
            payload = data[start + 8 : end]
            inner = top_boxes(payload)
            described = payload[inner[0][1] + 8 : inner[0][2]]
            label = described[17:].split(b"\0", 1)[0].decode()
            raw = next((payload[a + 8 : b] for name, a, b in inner if name == b"cbor"), b"")
            found.append(Box(label, decoded(raw) if raw else None, raw, superboxes(payload), payload))
    return found


def decoded(data: bytes) -> Any:
    """One CBOR value; tags are passed over."""
    return _item(data, 0)[0]


def _item(data: bytes, place: int) -> tuple[Any, int]:
    major, low = data[place] >> 5, data[place] & 31
    place += 1
    if major == 7:
        return {20: False, 21: True, 22: None}[low], place
    count = low
    if low >= 24:
        size = 1 << (low - 24)
        count, place = int.from_bytes(data[place : place + size]), place + size
    if major in (0, 1):
        return count if major == 0 else -1 - count, place
    if major in (2, 3):
        text = data[place : place + count]
        return text if major == 2 else text.decode(), place + count
    if major == 6:
        return _item(data, place)
    values = []
    for _ in range(count * (2 if major == 5 else 1)):
        value, place = _item(data, place)
        values.append(value)
    return (dict(zip(values[::2], values[1::2], strict=True)) if major == 5 else values), place


def encoded_bytes(data: bytes) -> bytes:
    """A CBOR byte string."""
    length = len(data)
    if length < 24:
        head = bytes([0x40 | length])
    elif length < 1 << 8:
        head = bytes([0x58, length])
    else:
        head = b"\x59" + struct.pack(">H", length) if length < 1 << 16 else b"\x5a" + struct.pack(">I", length)
    return head + data


def signer_of(manifest: Box) -> x509.Certificate:
    """The certificate whose key signed the claim; raises InvalidSignature when it did not (RFC 9052, 4.4; ES256)."""
    claim = next(box for box in manifest.boxes if box.label.startswith("c2pa.claim"))
    protected, unprotected, _, signature = manifest["c2pa.signature"].cbor
    headers = decoded(protected) | unprotected
    chain = headers.get(33, headers.get("x5chain"))
    certificate = x509.load_der_x509_certificate(chain[0] if isinstance(chain, list) else chain)
    signed = b"\x84\x6aSignature1" + encoded_bytes(protected) + b"\x40" + encoded_bytes(claim.raw_cbor)
    half = len(signature) // 2
    pair = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(pair, signed, ec.ECDSA(hashes.SHA256()))
    return certificate


def assertions_hold(manifest: Box) -> bool:
    """Whether every assertion is the one that the claim was signed over."""
    claim = next(box for box in manifest.boxes if box.label.startswith("c2pa.claim")).cbor
    named = [*claim.get("created_assertions", []), *claim.get("gathered_assertions", []), *claim.get("assertions", [])]
    return bool(named) and all(
        hashlib.sha256(manifest["c2pa.assertions"][one["url"].rsplit("/", 1)[1]].payload).digest() == one["hash"]
        for one in named
    )


def file_is_whole(path: Path, manifest: Box) -> bool:
    """Whether the file's bytes are those that were signed, the credentials themselves left out."""
    data, whole = path.read_bytes(), hashlib.sha256()
    told = next(box for box in manifest["c2pa.assertions"].boxes if box.label.startswith("c2pa.hash"))
    if told.label.startswith("c2pa.hash.data"):
        place = 0
        for left_out in told.cbor["exclusions"]:
            whole.update(data[place : left_out["start"]])
            place = left_out["start"] + left_out["length"]
        whole.update(data[place:])
        return whole.digest() == told.cbor["hash"]
    left_out = {one["xpath"].lstrip("/").encode() for one in told.cbor["exclusions"]} - {b"uuid"}
    for kind, start, end in top_boxes(data):
        own = kind == b"uuid" and data[start + 8 : start + 24] == MP4_UUID
        if own or kind in left_out:
            continue
        whole.update(struct.pack(">Q", start) + data[start:end])
    return whole.digest() == told.cbor["hash"]


def source_type_of(manifest: Box) -> str:
    """The digital source type of the action by which the file was created."""
    boxes = manifest["c2pa.assertions"].boxes
    actions = next(box for box in boxes if box.label.startswith("c2pa.actions")).cbor["actions"]
    return str(next(action["digitalSourceType"] for action in actions if action["action"] == "c2pa.created"))
