"""Uploads: a token and one POST, or parts, or an address to PUT to; and reading what was uploaded or made."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .queue_surface import failure, lifetime_of
from .sandbox import SandboxState
from .wire import Reply, Request, json_reply

TOKEN_HOURS = 1


class StorageSurface:
    """Answers /rest/storage/... and the uploads below /cdn/files/."""

    def __init__(self, sandbox: SandboxState) -> None:
        self.sandbox = sandbox
        self.tokens: set[str] = set()
        self.parts: dict[str, dict[str, Any]] = {}  # open multipart uploads, by id
        self.promised: dict[str, dict[str, Any]] = {}  # addresses given out by `initiate`

    def token(self, request: Request) -> Reply:
        """A CDN token; `expires_at` has its offset, without which the client cannot compare it."""
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        expires = datetime.now(UTC) + timedelta(hours=TOKEN_HOURS)
        return json_reply(
            {
                "token": token,
                "token_type": "Bearer",
                "base_url": f"{request.base}/cdn",
                "expires_at": expires.isoformat(),
            }
        )

    async def initiate(self, request: Request) -> Reply:
        """An address to PUT to, and the one it will be read by."""
        asked = json.loads(await request.body() or b"{}")
        name = str(asked.get("file_name") or "file")
        key = secrets.token_hex(16)
        self.promised[key] = {
            "name": name,
            "type": asked.get("content_type") or "application/octet-stream",
            "address": self.sandbox.media.new_address(name),
            "lifetime": lifetime_of(request.headers.get("x-fal-object-lifecycle-preference", "")),
        }
        file_url = f"{request.base}/cdn/files/{self.promised[key]['address']}"
        return json_reply({"upload_url": f"{request.base}/cdn/put/{key}", "file_url": file_url})

    async def answer(self, request: Request, path: str) -> Reply:
        """The reply to an upload call below /cdn/."""
        if request.method == "PUT" and path.startswith("put/"):
            return await self._put(request, path.removeprefix("put/"))
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.tokens:
            return failure({"status": 401})
        if (request.method, path) == ("POST", "files/upload"):
            return await self._upload(request)
        if (request.method, path) == ("POST", "files/upload/multipart"):
            return self._open_parts(request)
        address, mark, rest = path.removeprefix("files/").partition("/multipart/")
        upload_id, _, number = rest.partition("/")
        found = self.parts.get(upload_id)
        if not mark or found is None or found["address"] != address:
            return json_reply({"detail": "Not Found"}, 404)
        if (request.method, number) == ("POST", "complete"):
            return await self._close_parts(request, upload_id)
        if request.method == "PUT" and number.isdigit():
            return await self._part(request, found, int(number))
        return json_reply({"detail": "Method Not Allowed"}, 405)

    async def _upload(self, request: Request) -> Reply:
        name = request.headers.get("x-fal-file-name", "file")
        if refusal := self._refusal(name):
            return refusal
        path = await self._received(request)
        address = self._keep(path, name, _type_of(request), lifetime_of(_lifecycle(request)))
        return json_reply({"access_url": f"{request.base}/cdn/files/{address}"})

    async def _put(self, request: Request, key: str) -> Reply:
        promised = self.promised.get(key)
        if promised is None:
            return json_reply({"detail": "Not Found"}, 404)
        if refusal := self._refusal(promised["name"]):
            return refusal
        path = await self._received(request)
        self._keep(path, promised["name"], promised["type"], promised["lifetime"], promised["address"])
        return Reply(200, b"", content_type="text/plain")

    def _open_parts(self, request: Request) -> Reply:
        name = request.headers.get("x-fal-file-name", "file")
        if refusal := self._refusal(name):
            return refusal
        upload_id = secrets.token_hex(8)
        self.parts[upload_id] = {
            "name": name,
            "type": _type_of(request),
            "address": self.sandbox.media.new_address(name),
            "lifetime": lifetime_of(_lifecycle(request)),
            "parts": {},
        }
        access_url = f"{request.base}/cdn/files/{self.parts[upload_id]['address']}"
        return json_reply({"access_url": access_url, "uploadId": upload_id})

    async def _part(self, request: Request, found: dict[str, Any], number: int) -> Reply:
        path = await self._received(request)
        etag = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        found["parts"][number] = (path, etag)
        return Reply(200, b"", {"etag": f'"{etag}"'}, "text/plain")

    async def _close_parts(self, request: Request, upload_id: str) -> Reply:
        """Join the parts in the order of their numbers, whatever the order they are named in."""
        found = self.parts[upload_id]
        named = json.loads(await request.body())["parts"]
        told = {int(part["partNumber"]): part["etag"].strip('"') for part in named}
        if told != {number: etag for number, (_, etag) in found["parts"].items()}:
            return json_reply({"detail": "The parts named are not the parts that were uploaded"}, 400)
        whole = self._temporary()
        with whole.open("wb") as file:
            for number in sorted(found["parts"]):
                part = found["parts"][number][0]
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file)
                part.unlink()
        del self.parts[upload_id]
        address = self._keep(whole, found["name"], found["type"], found["lifetime"], found["address"])
        return json_reply({"access_url": f"{request.base}/cdn/files/{address}"})

    async def _received(self, request: Request) -> Path:
        path = self._temporary()
        with path.open("wb") as file:
            async for chunk in request.chunks():
                file.write(chunk)
        return path

    def _temporary(self) -> Path:
        with tempfile.NamedTemporaryFile(dir=self.sandbox.media.folder, prefix="upload-", delete=False) as file:
            return Path(file.name)

    def _keep(self, path: Path, name: str, kind: str, lifetime: float | None, address: str = "") -> str:
        media = self.sandbox.media
        address = address or media.new_address(name)
        media.publish(address, media.take(path), kind, expires=self.sandbox.expiry(lifetime), uploaded=True)
        return address

    def _refusal(self, name: str) -> Reply | None:
        faults = self.sandbox.script.for_upload(name)
        return failure(faults[0]) if faults else None


def _type_of(request: Request) -> str:
    return request.headers.get("content-type", "application/octet-stream")


def _lifecycle(request: Request) -> str:
    headers = request.headers
    return headers.get("x-fal-object-lifecycle") or headers.get("x-fal-object-lifecycle-preference", "")
