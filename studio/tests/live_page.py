"""An open page of a production, as a test sees it: the WebSocket side of the site without a server."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.test import Client

from projects.actions import add_member, create_project
from projects.choices import Role
from projects.events import emit
from projects.models import Project
from studio.live.application import live_application
from studio.live.hub import Hub

PATIENCE = 60
"""Seconds until a message that does not come fails the test."""


class LivePage:
    """Connects, keeps what it gets, and remembers where to go on."""

    def __init__(
        self, hub: Hub, slug: str, *, cookie: str = "", since: int | str | None = None, fragments: bool = False,
        origin: str = "http://localhost", token: str = "",
    ):  # fmt: skip
        query = [f"since={since}"] if since is not None else []
        query += ["fragments=1"] if fragments else []
        headers = [(b"host", b"localhost")]
        headers.append((b"authorization", f"Bearer {token}".encode()) if token else (b"origin", origin.encode()))
        if cookie:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        self.scope = {
            "type": "websocket",
            "path": f"/ws/projects/{slug}/",
            "query_string": "&".join(query).encode(),
            "headers": headers,
            "subprotocols": [],
        }
        self.socket = ApplicationCommunicator(live_application(hub), self.scope)
        self.hello: dict[str, Any] = {}

    async def connect(self) -> bool:
        """Ask to be connected; whether the site accepts."""
        await self.socket.send_input({"type": "websocket.connect"})
        return (await self.socket.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def open(self) -> LivePage:
        """Connect and read the hello."""
        assert await self.connect()
        self.hello = await self.message()
        assert self.hello["type"] == "hello"
        return self

    async def message(self) -> dict[str, Any]:
        """The next message."""
        output = await self.socket.receive_output(PATIENCE)
        assert output["type"] == "websocket.send", output
        return json.loads(output["text"])

    async def until(self, last_id: int) -> list[dict[str, Any]]:
        """Messages up to the event with this id."""
        messages = [await self.message()]
        while messages[-1].get("id") != last_id:
            messages.append(await self.message())
        return messages

    async def close_code(self) -> int:
        """The code the server hangs up with; whatever else it sends first is read over."""
        while True:
            output = await self.socket.receive_output(PATIENCE)
            if output["type"] == "websocket.close":
                return output["code"]

    async def leave(self) -> None:
        """Close the page."""
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.socket.wait(PATIENCE)


class LiveProduction:
    """A committed production with an owner who is logged in, and the verbs of the tests on it."""

    def __init__(self) -> None:
        people = get_user_model().objects
        self.owner = people.create_user("live-owner", password="take-one-please")
        self.member = people.create_user("live-member", password="take-one-please")
        self.stranger = people.create_user("live-stranger", password="take-one-please")
        self.project = create_project(title="Live Wire", owner=self.owner)
        self.elsewhere = create_project(title="Elsewhere", owner=self.owner)
        add_member(self.project, self.member, Role.REVIEWER)
        self.cookies = {person.username: self.login(person) for person in (self.owner, self.member, self.stranger)}

    def login(self, person) -> str:
        """A new session of this person; its cookie."""
        client = Client()
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def page(self, hub: Hub, *, person: str = "live-owner", **how) -> LivePage:
        """A page of this production, not connected yet."""
        return LivePage(hub, self.project.slug, cookie=self.cookies.get(person, ""), **how)

    async def tell(self, count: int = 1, *, elsewhere: bool = False, subject: str = "test:1") -> list[int]:
        """Commit so many events, each in its own transaction; their ids."""
        return await database_sync_to_async(self.tell_now)(count, elsewhere=elsewhere, subject=subject)

    def tell_now(self, count: int = 1, *, elsewhere: bool = False, subject: str = "test:1") -> list[int]:
        """The same from the thread of database work."""
        project = self.elsewhere if elsewhere else self.project
        return [_tell(project, subject, place) for place in range(count)]

    def remove(self) -> None:
        """Delete everything, and let go of this thread's connection."""
        Project.objects.filter(pk__in=[self.project.pk, self.elsewhere.pk]).delete()
        get_user_model().objects.filter(username__startswith="live-").delete()
        connections.close_all()


def _tell(project: Project, subject: str, place: int) -> int:
    with transaction.atomic():
        return emit(project.pk, "test.told", subject, {"place": place}).pk


def ids_of(messages: list[dict[str, Any]]) -> list[int]:
    """The event ids among these messages, in order; a repeated one fails at once."""
    ids = [message["id"] for message in messages if message["type"] not in ("hello", "beat")]
    assert max(Counter(ids).values(), default=1) == 1, f"sent twice: {ids}"
    return ids


async def hushed(page: LivePage, seconds: float = 0.5) -> bool:
    """Whether the page gets nothing for a while: several looks of the tailer."""
    return await page.socket.receive_nothing(timeout=seconds)


async def eventually(true, seconds: float = PATIENCE) -> None:
    """Wait until `true()`, a plain function, is."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)
