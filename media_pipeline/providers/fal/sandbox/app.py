"""The ASGI app: which surface a path belongs to, and who may call it."""

from __future__ import annotations

import logging
from typing import Any

from .media_surface import MediaSurface
from .options import SandboxOptions
from .platform_surface import PlatformSurface
from .queue_surface import QueueSurface, failure
from .sandbox import SandboxState
from .side_channel import SideChannel
from .storage_surface import StorageSurface
from .wire import BodyTooLarge, Receive, Reply, Request, Send, json_reply

log = logging.getLogger(__name__)


class SandboxApp:
    """One sandbox behind one address: /queue, /run, /rest, /cdn, /v1 and /sandbox."""

    def __init__(self, options: SandboxOptions) -> None:
        self.sandbox = SandboxState(options)
        self.queue = QueueSurface(self.sandbox)
        self.media = MediaSurface(self.sandbox)
        self.storage = StorageSurface(self.sandbox)
        self.platform = PlatformSurface(self.sandbox)
        self.side = SideChannel(self.sandbox)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = Request(scope, receive)
        try:
            reply = await self._route(request)
        except BodyTooLarge:
            reply = json_reply({"detail": "Request body too large"}, 413)
        except ConnectionResetError:
            return
        except Exception as problem:
            log.exception("%s %s", request.method, request.path)
            reply = json_reply({"detail": f"The sandbox itself failed: {problem}"}, 500)
        await reply.send(scope, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.sandbox.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.sandbox.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _route(self, request: Request) -> Reply:
        surface, _, rest = request.path.strip("/").partition("/")
        if surface == "sandbox":
            return await self.side.answer(request, rest)
        if request.path.endswith("/.well-known/jwks.json"):
            return json_reply(self.sandbox.keys.jwks())
        if surface == "cdn" and rest.startswith("files/") and request.method in {"GET", "HEAD"}:
            return await self.media.read(request, rest.removeprefix("files/"))
        if surface == "cdn":
            return await self.storage.answer(request, rest)
        if (refusal := self._unwelcome(request)) is not None:
            return refusal
        if surface == "queue":
            return await self.queue.answer(request, rest)
        if surface == "run" and request.method == "POST":
            return await self.queue.run(request, rest)
        if surface == "v1":
            return self.platform.answer(request, rest)
        if (request.method, surface, rest) == ("POST", "rest", "storage/auth/token"):
            return self.storage.token(request)
        if (request.method, surface, rest) == ("POST", "rest", "storage/upload/initiate"):
            return await self.storage.initiate(request)
        return json_reply({"detail": "Not Found"}, 404)

    def _unwelcome(self, request: Request) -> Reply | None:
        """401 without a key, 403 when the account is locked."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        wanted = self.sandbox.options.api_key
        if scheme != "Key" or not key.strip() or (wanted and key.strip() != wanted):
            return failure({"status": 401})
        return failure({"status": 403}) if self.sandbox.locked else None
