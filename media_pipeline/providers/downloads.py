"""Fetching what a provider made, trusting nothing about it.

No address is followed anywhere: redirects are refused, the host must be allowed, sizes are counted while reading, and
a page where a picture was promised is an error. What is fetched counts only after it was probed (storage.py).
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from media_pipeline.media.errors import Cancelled

from .errors import Refused, Transient, Worthless
from .tls import tls_context

LARGEST = {
    "image": 64 * 1024**2,
    "audio": 256 * 1024**2,
    "video": 1024**3,
    "weights": 8 * 1024**3,
    "document": 64 * 1024**2,
}
"""The most bytes of a result by kind: a minute of 2160p video is well under a gigabyte, weights are up to 5."""

LONGEST_SECONDS = 600.0
"""A transfer that takes longer is given up and tried again later."""

SUFFIXES = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "video/mp4": ".mp4", "video/webm": ".webm",
    "video/quicktime": ".mov", "audio/mpeg": ".mp3", "audio/mp3": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav",
    "audio/flac": ".flac", "audio/ogg": ".ogg", "model/gltf-binary": ".glb",
}  # fmt: skip

CHUNK = 1 << 18
"""Bytes after which it is asked again whether the result is still wanted."""


def download(
    url: str,
    folder: Path,
    name: str,
    kind: str,
    *,
    allowed: Callable[[str], bool],
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Fetch a result of `kind` into `folder` as `name` with a suffix that fits; returns the file.

    Raises Refused for what is never taken (host, size, coding), Worthless where there is no file of the kind, and
    Transient for what may be right next time.
    """
    if url.startswith("data:"):
        return _decoded(url, folder, name, kind)
    if not allowed(url):
        raise Refused(f"The result is at {_host(url)}, which is not among the hosts that results may come from.")
    try:
        with (
            httpx.Client(
                verify=tls_context(), follow_redirects=False, timeout=httpx.Timeout(30.0, connect=10.0), trust_env=False
            ) as http,
            http.stream("GET", url) as response,
        ):
            _check(response, kind)
            path = folder / f"{name}{_suffix(url, response.headers.get('content-type', ''), kind)}"
            _write(response, path, kind, cancelled)
    except httpx.HTTPError as error:
        raise Transient(f"The result could not be fetched: {error or type(error).__name__}.") from error
    return path


def _check(response: httpx.Response, kind: str) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise Refused("The result's address leads elsewhere; redirects are not followed.")
    if status >= 500 or status in (408, 429):
        raise Transient(f"The result's server answered {status}.")
    if status != 200:
        raise Worthless(f"The result's server answered {status}: it is not there (any more).")
    content = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if content.startswith("text/") or content in ("application/json", "application/xhtml+xml"):
        raise Worthless(f"{_a(kind)} was promised, but the server sent {content}.")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST[kind]:
        raise Refused(f"The result says that it is {int(length):,} bytes; a {kind} may be {LARGEST[kind]:,}.")


def _a(kind: str) -> str:
    return f"An {kind}" if kind[0] in "aeiou" else f"A {kind}"


def _write(response: httpx.Response, path: Path, kind: str, cancelled: Callable[[], bool]) -> None:
    # Raw bytes: a coded transfer could grow without bound while it is decoded.
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise Refused("The result was sent compressed, which media is not.")
    deadline, size = time.monotonic() + LONGEST_SECONDS, 0
    with path.open("wb") as file:
        for piece in response.iter_raw():  # as they come: waiting for a full one would outlast the deadline
            size += len(piece)
            if size > LARGEST[kind]:
                raise Refused(f"The result is larger than {LARGEST[kind]:,} bytes, the most that a {kind} may be.")
            if time.monotonic() > deadline:
                raise Transient(f"The result took longer than {LONGEST_SECONDS:.0f} s to arrive.")
            if size // CHUNK > (size - len(piece)) // CHUNK and cancelled():
                raise Cancelled("The run was stopped while its result was fetched.")
            file.write(piece)
    if size == 0:
        raise Worthless("The result is an empty file.")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) != size:
        raise Transient(f"Only {size:,} of {int(length):,} bytes of the result arrived.")


def _decoded(url: str, folder: Path, name: str, kind: str) -> Path:
    head, _, data = url.partition(",")
    if not head.endswith(";base64") or len(data) * 3 // 4 > LARGEST[kind]:
        raise Refused("The result is inside the answer in a form or size that is not accepted.")
    try:
        content = base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Worthless(f"The result inside the answer cannot be decoded: {error}.") from error
    path = folder / f"{name}{_suffix('', head[5:].split(';')[0], kind)}"
    path.write_bytes(content)
    return path


def _suffix(url: str, content_type: str, kind: str) -> str:
    known = SUFFIXES.get(content_type.split(";", maxsplit=1)[0].strip().lower())
    if known:
        return known
    named = Path(httpx.URL(url).path).suffix.lower() if url else ""
    if named in {*SUFFIXES.values(), ".safetensors", ".zip", ".json", ".ply", ".drc"}:
        return named
    return {"image": ".png", "video": ".mp4", "audio": ".wav", "weights": ".safetensors"}.get(kind, ".bin")


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or "no host"
    except (httpx.InvalidURL, TypeError):
        return "an address that is none"
