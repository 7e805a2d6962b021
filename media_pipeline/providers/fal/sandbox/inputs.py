"""Fetching what a request's addresses name, and looking whether it is what the model takes."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import httpx
from PIL import Image

from .making import Endpoint, Input, Unmakeable
from .wire import certificates

FETCH_BYTES = 256 << 20
FETCH_SECONDS = 20.0
REDIRECTS = 5


class InputFetcher:
    """Fetches data URIs, the sandbox's own files, and http addresses on loopback or on `hosts`; nothing else."""

    def __init__(self, own: Callable[[str], Path | None], hosts: Iterable[str] = ()) -> None:
        self.own, self.hosts = own, frozenset(hosts)
        self.client = httpx.AsyncClient(timeout=FETCH_SECONDS, trust_env=False, verify=certificates())

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    async def fetch_all(self, endpoint: Endpoint, body: Any, folder: Path) -> dict[str, list[Path]]:
        """Every input of a checked body, in the order of its field; Unmakeable for the first that is not usable."""
        found: dict[str, list[Path]] = {}
        for wanted in endpoint.inputs:
            for number, address in enumerate(addresses_of(body, wanted.field)):
                loc = ("body", wanted.field, *((number,) if isinstance(getattr(body, wanted.field), list) else ()))
                if wanted.kind == "weights" and "://" not in address and not address.startswith("data:"):
                    continue  # the name of a repository of weights, which fal fetches by itself
                path = folder / f"{wanted.field}-{number}"
                await self._fetch(address, path, loc)
                await asyncio.to_thread(check_input, wanted, path, loc)
                found.setdefault(wanted.field, []).append(path)
        return found

    async def _fetch(self, address: str, path: Path, loc: tuple[Any, ...]) -> None:
        if address.startswith("data:"):
            path.write_bytes(decode_data_uri(address, loc))
            return
        own = self.own(address)
        if own is not None:
            path.symlink_to(own)
            return
        try:
            await self._download(address, path)
        except (httpx.HTTPError, httpx.InvalidURL, _Refused) as problem:
            words = str(problem) or type(problem).__name__
            raise Unmakeable("file_download_error", f"Failed to download the file: {words}", loc) from problem

    async def _download(self, address: str, path: Path) -> None:
        for _ in range(REDIRECTS):
            self._allow(address)
            async with self.client.stream("GET", address) as reply:
                if reply.is_redirect:
                    address = str(reply.url.join(reply.headers["location"]))
                    continue
                if reply.status_code != 200:
                    raise _Refused(f"HTTP {reply.status_code}")
                with path.open("wb") as file:
                    async for chunk in reply.aiter_bytes():
                        file.write(chunk)
                        if file.tell() > FETCH_BYTES:
                            raise _Refused(f"it is larger than {FETCH_BYTES >> 20} MiB")
                return
        raise _Refused(f"more than {REDIRECTS} redirects")

    def _allow(self, address: str) -> None:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not (host in self.hosts or is_loopback(host)):
            raise _Refused(f"the sandbox fetches from loopback only, not from {host or address[:40]!r}")


class _Refused(Exception):
    """The address may not or could not be fetched."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def addresses_of(body: Any, field: str) -> list[str]:
    """The addresses in a field: one, several, or the `path` of each set of weights."""
    value = getattr(body, field, None)
    if not value:
        return []
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, str) else each.path for each in values]


def decode_data_uri(address: str, loc: tuple[Any, ...]) -> bytes:
    """The bytes of a data URI."""
    head, _, data = address.partition(",")
    try:
        return base64.b64decode(data, validate=True) if head.endswith(";base64") else unquote_to_bytes(data)
    except binascii.Error as problem:
        raise Unmakeable("file_download_error", f"The data URI is not base64: {problem}", loc) from problem


def check_input(wanted: Input, path: Path, loc: tuple[Any, ...]) -> None:
    """Unmakeable, in fal's terms, when the file is not what the field takes."""
    if path.stat().st_size == 0:
        raise Unmakeable("file_download_error", "The file is empty", loc)
    if wanted.kind == "image":
        _check_image(wanted, path, loc)
    elif wanted.kind in {"video", "audio"}:
        _check_track(wanted.kind, path, loc)
    elif wanted.kind == "archive" and not zipfile.is_zipfile(path):
        raise Unmakeable("file_download_error", "The file is not a zip archive", loc)


def _check_image(wanted: Input, path: Path, loc: tuple[Any, ...]) -> None:
    try:
        with Image.open(path) as picture:
            picture.load()
            size = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise Unmakeable("image_load_error", f"Failed to load the image: {problem}", loc) from problem
    if wanted.max_side and max(size) > wanted.max_side:
        ctx = {"max_width": wanted.max_side, "max_height": wanted.max_side}
        raise Unmakeable("image_too_large", "Image too large", loc, **ctx)


def _check_track(kind: str, path: Path, loc: tuple[Any, ...]) -> None:
    import av

    try:
        with av.open(str(path)) as container:
            found = container.streams.video if kind == "video" else container.streams.audio
            if found:
                return
    except (av.FFmpegError, OSError):
        pass
    raise Unmakeable(f"unsupported_{kind}_format", f"The file could not be read as {kind}", loc)
