"""A provider that means harm: it takes jobs like fal and answers one kind of question with a trick."""

from __future__ import annotations

import gzip
import json
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

from PIL import Image

PRIVATE = "http://10.0.0.1/metadata"


class Hostile(ThreadingHTTPServer):
    """Submits, status, results and files on one port; `trick` and `where` it is played are set by a test."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Questions)
        self.where, self.trick = "", ""
        self.asked: Counter[str] = Counter()
        self.sent = 0
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is what these tests hope for."""


@contextmanager
def hostile_provider() -> Iterator[Hostile]:
    """One that runs until the end of the block."""
    server = Hostile()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Questions(BaseHTTPRequestHandler):
    """One connection."""

    server: Hostile

    def do_POST(self) -> None:
        """A submit."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        job = f"{self.server.url}/queue/fal-ai/nano-banana/requests/job-1"
        urls = {"status_url": f"{job}/status", "response_url": job, "cancel_url": f"{job}/cancel"}
        self._answer("submit", {"request_id": "job-1", **urls})

    def do_GET(self) -> None:
        """A status, a result or a file."""
        if self.path.endswith("/status") or "/status?" in self.path:
            self._answer("status", {"status": "COMPLETED", "request_id": "job-1"})
        elif self.path.startswith("/queue/"):
            self._answer("result", {"images": [{"url": f"{self.server.url}/cdn/picture.png"}]})
        else:
            self._answer("file", None)

    def do_PUT(self) -> None:
        """A cancel."""
        self._send(200, "application/json", b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def _answer(self, what: str, honest: Any) -> None:
        self.server.asked[what] += 1
        with suppress(ConnectionError):
            if what == self.server.where:
                TRICKS[self.server.trick](self)
            elif honest is None:
                self._send(200, "image/png", picture())
            else:
                self._send(200, "application/json", json.dumps(honest).encode())

    def _send(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self._pour(body)

    def _pour(self, body: bytes) -> None:
        self.wfile.write(body)
        self.server.sent += len(body)

    def _begin(self, kind: str, **headers: str) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()


@cache
def picture() -> bytes:
    """An honest one."""
    held = BytesIO()
    Image.new("RGB", (64, 36), (30, 90, 160)).save(held, "png")
    return held.getvalue()


@cache
def pixel_bomb() -> bytes:
    """A PNG of 20,000 x 20,000 pixels in 50 kB."""
    held = BytesIO()
    Image.new("1", (20_000, 20_000)).save(held, "png")
    return held.getvalue()


@cache
def gzip_bomb(gibibytes: int = 2) -> bytes:
    """So much JSON blank space in a thousandth of it."""
    coder, mebibyte = zlib.compressobj(9, wbits=31), b" " * (1 << 20)
    return b"".join([*(coder.compress(mebibyte) for _ in range(gibibytes * 1024)), coder.flush()])


def _endless(kind: str) -> Callable[[Questions], None]:
    def trick(asked: Questions) -> None:
        asked._begin(kind)
        while not asked.server.ended.is_set():
            asked._pour(b" " * (1 << 18))

    return trick


def _drip(kind: str) -> Callable[[Questions], None]:
    def trick(asked: Questions) -> None:
        asked._begin(kind)
        while not asked.server.ended.wait(0.02):
            asked._pour(b" ")
            asked.wfile.flush()

    return trick


def _names(url: str) -> Callable[[Questions], None]:
    return lambda asked: asked._send(200, "application/json", json.dumps({"images": [{"url": url}]}).encode())


def _json(value: Any) -> Callable[[Questions], None]:
    return lambda asked: asked._send(200, "application/json", json.dumps(value).encode())


def _bomb(kind: str) -> Callable[[Questions], None]:
    return lambda asked: asked._send(200, kind, gzip_bomb(), Content_Encoding="gzip")


def _short(asked: Questions) -> None:
    asked._begin("image/png", Content_Length=str(2 * len(picture())))
    asked._pour(picture())


def _promises(asked: Questions) -> None:
    asked._begin("image/png", Content_Length=str(10 << 30))
    while not asked.server.ended.is_set():
        asked._pour(bytes(1 << 18))


def _stall(asked: Questions) -> None:
    asked.server.ended.wait(time.monotonic() + 60)


PAGE = b"<!doctype html><title>Sign in</title><p>Please sign in to this network."

TRICKS: dict[str, Callable[[Questions], None]] = {
    "web page": lambda asked: asked._send(200, "text/html", PAGE),
    "web page as json": lambda asked: asked._send(200, "application/json", PAGE),
    "redirect": lambda asked: asked._send(302, "text/plain", b"", Location=PRIVATE),
    "list": _json([1, 2, 3]),
    "null": _json(None),
    "number": _json(7),
    "deep": lambda asked: asked._send(200, "application/json", b"[" * 200_000),
    "gzip bomb": _bomb("application/json"),
    "endless": _endless("application/json"),
    "drip": _drip("application/json"),
    "long id": lambda asked: asked._send(200, "application/json", json.dumps({"request_id": "x" * 5000}).encode()),
    "number for id": _json({"request_id": 7, "status_url": 7, "response_url": 7, "cancel_url": 7}),
    "strange states": _json({"status": ["COMPLETED"], "queue_position": {"a": 1}}),
    "private address": _names("http://10.0.0.1/picture.png"),
    "metadata service": _names("http://169.254.169.254/latest/meta-data/"),
    "file address": _names("file:///etc/passwd"),
    "other port": _names("http://127.0.0.1:1/picture.png"),
    "name before host": _names("https://fal.media@10.0.0.1/picture.png"),
    "no address": _json({"images": [{"url": None}]}),
    "nothing": _json({}),
    "file: web page": lambda asked: asked._send(200, "text/html", PAGE),
    "file: web page as png": lambda asked: asked._send(200, "image/png", PAGE),
    "file: redirect": lambda asked: asked._send(302, "text/plain", b"", Location=PRIVATE),
    "file: empty": lambda asked: asked._send(200, "image/png", b""),
    "file: script": lambda asked: asked._send(200, "image/png", b"#!/bin/sh\nrm -rf /\n"),
    "file: svg": lambda asked: asked._send(200, "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "file: cut short": _short,
    "file: ten gigabytes": _promises,
    "file: endless": _endless("image/png"),
    "file: drip": _drip("image/png"),
    "file: pixel bomb": lambda asked: asked._send(200, "image/png", pixel_bomb()),
    "file: gzip bomb": _bomb("image/png"),
    "file: coded": lambda asked: asked._send(200, "image/png", gzip.compress(picture()), Content_Encoding="gzip"),
}
"""What it does instead of answering, by name."""
