"""The CDN: media by address, for anybody, whole or by range; broken where a script asks for it."""

from __future__ import annotations

import asyncio
import re
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from .sandbox import SandboxState
from .wire import Reply, Request, json_reply

CHUNK = 64 << 10
HUGE_BYTES = 10 << 30
PRIVATE_ADDRESS = "http://10.0.0.1/metadata"
BOMB_SIDE = 20_000
"""A PNG of this many pixels squared: 50 kB on the wire, 400 megapixels to whoever decodes it."""

_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


class MediaSurface:
    """Answers everything below /cdn/files/ that is read."""

    def __init__(self, sandbox: SandboxState) -> None:
        self.sandbox = sandbox

    async def read(self, request: Request, address: str) -> Reply:
        """The file behind an address."""
        found = self.sandbox.media.find(address)
        if found is None or self._expired(found[1]):
            return json_reply({"detail": "Not Found"}, 404)
        self.sandbox.journal.count("download", "media")
        path, facts = found
        if "broken" in facts:
            return await broken(path, facts)
        return _served(path, facts["type"], request)

    def _expired(self, facts: dict[str, Any]) -> bool:
        return "expires_clock" in facts and self.sandbox.clock.now > facts["expires_clock"]


def _served(path: Path, content_type: str, request: Request) -> Reply:
    size = path.stat().st_size
    first, last, status = 0, size - 1, 200
    headers = {"accept-ranges": "bytes"}
    if wanted := _RANGE.match(request.headers.get("range", "")):
        first, last, status = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1), 206
        if first > last:
            return Reply(416, b"", {"content-range": f"bytes */{size}"})
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    headers["content-length"] = str(last - first + 1)
    if request.method == "HEAD":
        return Reply(status, b"", headers, content_type)
    return Reply(status, b"", headers, content_type, stream=_chunks(path, first, last + 1))


async def _chunks(path: Path, first: int, end: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while (left := end - file.tell()) > 0:
            yield file.read(min(CHUNK, left))


async def broken(path: Path, facts: dict[str, Any]) -> Reply:
    """What a hostile or failing CDN sends in place of the file."""
    how = str(facts["broken"].get("how", "truncated"))
    data = path.read_bytes()
    kind = facts["type"]
    if how == "empty":
        return Reply(200, b"", content_type=kind)
    if how == "html":
        return Reply(200, b"<!doctype html><title>Sign in</title><h1>Sign in</h1>", content_type=kind)
    if how == "wrong_type":
        return Reply(200, b"RIFF\x24\x00\x00\x00WAVEfmt ", content_type="application/octet-stream")
    if how == "bomb":
        return Reply(200, await asyncio.to_thread(bomb_png), content_type="image/png")
    if how == "huge":
        return Reply(200, headers={"content-length": str(HUGE_BYTES)}, content_type=kind, stream=_zeros(HUGE_BYTES))
    if how == "redirect":
        return Reply(302, b"", {"location": str(facts["broken"].get("location", PRIVATE_ADDRESS))})
    if how == "missing":
        return json_reply({"detail": "Not Found"}, 404)
    if how == "slow":
        return Reply(200, b"", {"content-length": str(len(data))}, kind, _dripping(data, facts["broken"]))
    return Reply(200, data[: max(1, len(data) // 2)], content_type=kind)


async def _zeros(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // CHUNK):
        yield bytes(CHUNK)


async def _dripping(data: bytes, fault: dict[str, Any]) -> AsyncIterator[bytes]:
    """A hundred bytes at a time, `seconds` (1) apart."""
    for start in range(0, len(data), 100):
        await asyncio.sleep(float(fault.get("seconds", 1)))
        yield data[start : start + 100]


def bomb_png() -> bytes:
    """A valid black-and-white PNG of BOMB_SIDE squared."""
    line = b"\x00" + bytes(BOMB_SIDE // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(line) for _ in range(BOMB_SIDE)) + packer.flush()
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", pixels) + _png_chunk(b"IEND", b"")


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
