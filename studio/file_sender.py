"""Sending files from the event loop instead of from the threads of HTTP.

A browser that pauses a video keeps its connection and stops reading. Sent from a thread, a dozen paused players would
hold every thread of the site. So a view names the file and the part it wants sent, its thread is free again, and the
bytes go out at the pace of the reader, in flat memory.
"""

from __future__ import annotations

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

log = logging.getLogger(__name__)

CHUNK = 256 * 1024
"""Bytes read and handed to the server at once."""

READERS = 4
"""Threads that read from disk."""

_KEY = "rushes.file"


@dataclass
class FilePart:
    """Part of a local file that is to be the body of the answer."""

    path: str = ""
    start: int = 0
    length: int = 0


def send_file_later(request: HttpRequest, path: str, start: int, length: int) -> bool:
    """Let the server send this part as the body of the (empty) answer; False where it cannot, as in plain WSGI."""
    part = request.META.get("asgi.scope", {}).get(_KEY)
    if part is None:
        return False
    part.path, part.start, part.length = path, start, length
    return True


class FileSender:
    """ASGI: runs `app` for HTTP and replaces the body of answers that asked for a file."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="file-reader")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        part = scope[_KEY] = FilePart()

        async def send_unless_replaced(message: Any) -> None:
            if not (part.path and message["type"] == "http.response.body"):
                await send(message)

        await self.app(scope, receive, send_unless_replaced)
        if part.path:
            await self._send_part(part, receive, send)

    async def _send_part(self, part: FilePart, receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        gone = asyncio.create_task(_disconnected(receive))
        file = await loop.run_in_executor(self._readers, os.open, part.path, os.O_RDONLY)
        try:
            position, left = part.start, part.length
            while left and not gone.done():
                piece = await loop.run_in_executor(self._readers, os.pread, file, min(CHUNK, left), position)
                if not piece:
                    raise OSError(f"{part.path} ended {left} bytes early: the file in the store was changed.")
                position, left = position + len(piece), left - len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        finally:
            os.close(file)
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)


async def _disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
