"""Requests and replies over plain ASGI, and the protocol class that can hang up without a word."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import parse_qsl

import httpx
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


@cache
def certificates() -> ssl.SSLContext:
    """The certificates of outgoing https calls; reading them takes longer than starting a sandbox."""
    return httpx.create_ssl_context()


Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

TRANSPORT = "rushes.transport"
BODY_BYTES = 256 << 20
"""The largest body that is read whole; above it the caller is told 413."""


class BodyTooLarge(Exception):
    """The body is larger than the sandbox reads."""


class LossyProtocol(HttpToolsProtocol):
    """uvicorn's own protocol, which also hands the app its transport, so that a reply can be lost for real."""

    def on_message_begin(self) -> None:
        """Add the transport to the new request's scope."""
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


@dataclass
class Request:
    """One HTTP request as it came in."""

    scope: dict[str, Any]
    receive: Receive

    @property
    def method(self) -> str:
        """GET, POST, ..."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The path, decoded."""
        return str(self.scope["path"])

    @cached_property
    def headers(self) -> dict[str, str]:
        """Headers by lower-case name."""
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.scope["headers"]}

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters; of a repeated one the last."""
        return dict(parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True))

    @property
    def base(self) -> str:
        """The address this sandbox was called by, e.g. http://127.0.0.1:9700."""
        return f"{self.scope['scheme']}://{self.headers.get('host', 'localhost')}"

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives."""
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("The caller hung up in the middle of its request.")
            yield message.get("body", b"")
            if not message.get("more_body"):
                return

    async def body(self) -> bytes:
        """The whole body; BodyTooLarge above BODY_BYTES."""
        parts: list[bytes] = []
        size = 0
        async for chunk in self.chunks():
            size += len(chunk)
            if size > BODY_BYTES:
                raise BodyTooLarge
            parts.append(chunk)
        return b"".join(parts)


@dataclass
class Reply:
    """What goes back. `stream` replaces `body`; `drop` closes the connection without a single byte."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    stream: AsyncIterator[bytes] | None = None
    drop: bool = False

    async def send(self, scope: dict[str, Any], send: Send) -> None:
        """Write the reply, or hang up."""
        if self.drop:
            await _hang_up(scope)
            return
        headers = {"content-type": self.content_type, **self.headers}
        if self.stream is None:
            headers.setdefault("content-length", str(len(self.body)))
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        if self.stream is not None:
            async for chunk in self.stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        else:
            body = b"" if scope["method"] == "HEAD" else self.body
            await send({"type": "http.response.body", "body": body})


async def _hang_up(scope: dict[str, Any]) -> None:
    import asyncio

    transport = scope.get("extensions", {}).get(TRANSPORT, {}).get("transport")
    if transport is None:
        raise RuntimeError("A reply can only be lost under the sandbox's own server (LossyProtocol).")
    transport.abort()
    while not transport.is_closing():
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)  # until the server has noticed that nobody is there to answer


def json_reply(data: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON reply; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(data, ensure_ascii=False).encode(), named)
