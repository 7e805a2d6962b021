"""One open page of one production: what it missed, then what happens, in order and each event once."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth import get_user_model
from django.http import Http404

from projects.access import MAY, project_for, role_in
from studio.api.authentication import secret_in, token_of

from .feed import PAGE, can_resume, events_after, latest_event_id
from .hub import Hub, Parcel, Subscription, TooSlow, parcel

log = logging.getLogger(__name__)

BAD_REQUEST = 4400
"""Close code: the address cannot be understood. Trying again cannot help."""
NOT_FOUND = 4404
"""Close code: there is no such production for this person. Trying again cannot help."""
TOO_SLOW = 4408
"""Close code: messages were dropped. Reconnecting with the last id brings them."""
FAILED = 1011
"""Close code: the server stumbled. Reconnecting with the last id brings what was missed."""

BEAT = 25.0
"""Seconds of silence after which a page is told that the line is alive."""

RECHECK = 60.0
"""Seconds after which it is looked up again whether the person may still see the production."""

SEND_SECONDS = 20.0
"""How long one message may take to leave before the page counts as gone."""


NEEDS = {"budget": "spend", "webhook": "manage"}
"""First word of an event's type -> the right (projects.access.MAY) without which it is not sent. The rest is for all
members."""


@dataclass(frozen=True)
class Seat:
    """What a person is and may do in the production under the address."""

    project_id: int
    rights: frozenset[str]

    def may_hear(self, event_type: str) -> bool:
        """Whether events of this type are for this person."""
        right = NEEDS.get(event_type.partition(".")[0])
        return right is None or right in self.rights


class ProjectConsumer(AsyncJsonWebsocketConsumer):
    """`/ws/projects/<slug>/?since=<event id>&fragments=1`

    Without `since` it begins with what happens from now on. The first message is {"type": "hello", "id", "stale"}:
    `stale` says that events after `since` are no longer kept, so only a fresh page can be right.
    """

    recheck_at: tuple[str, ...] = ("member.",)
    """Beginnings of the types of events at which it is looked up again whether the person may still see this."""

    def __init__(self, hub: Hub, beat: float = BEAT) -> None:
        super().__init__()
        self.hub = hub
        self.beat = beat
        self.subscription: Subscription | None = None
        self.serving: asyncio.Task[None] | None = None
        self.seat: Seat | None = None
        self.last = 0

    async def connect(self) -> None:
        """Accept, and refuse by a close code: a browser cannot see why a handshake was refused."""
        await self.accept()
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        since = query.get("since", [""])[0]
        if not re.fullmatch(r"\d{0,18}", since):
            await self.close(BAD_REQUEST, "since must be the id of an event")
            return
        self.seat = await database_sync_to_async(self._look_up)()
        if self.seat is None:
            await self.close(NOT_FOUND, "There is no such production.")
            return
        fragments = query.get("fragments", [""])[0] == "1"
        self.subscription = await self.hub.subscribe(self.seat.project_id, fragments=fragments)
        self.serving = asyncio.create_task(self._serve(int(since) if since else None))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Pages change things by requests; what they say here is ignored."""

    async def disconnect(self, code: int) -> None:
        """Stop serving."""
        if self.subscription:
            self.hub.unsubscribe(self.subscription)
        if self.serving:
            self.serving.cancel()
            await asyncio.gather(self.serving, return_exceptions=True)

    async def _serve(self, since: int | None) -> None:
        assert self.subscription is not None
        try:
            await self._replay(self.subscription, since)
            await self._follow(self.subscription)
            code, why = NOT_FOUND, "There is no such production."
        except (TooSlow, TimeoutError):
            code, why = TOO_SLOW, "Too slow: reconnect and go on from the last id."
        except OSError:  # the page is gone; the server says so to disconnect() as well
            return
        except Exception:
            log.exception("The live feed of production %s failed for a page", self.subscription.project_id)
            code, why = FAILED, "Reconnect and go on from the last id."
        self.hub.unsubscribe(self.subscription)
        await self._hang_up(code, why)

    async def _replay(self, subscription: Subscription, since: int | None) -> None:
        """Say hello, then everything after `since` from the table; the subscription is already filling."""
        stale = since is not None and not await database_sync_to_async(can_resume)(since)
        begins = since is None or stale
        self.last = await database_sync_to_async(latest_event_id)() if begins else since or 0
        await self._tell({"type": "hello", "id": self.last, "stale": stale})
        more = True
        while more:
            missed = await database_sync_to_async(events_after)(self.last, project_id=subscription.project_id)
            if missed and subscription.fragments:
                parcels = await self.hub.rendered(subscription.project_id, missed)
            else:
                parcels = [parcel(event) for event in missed]
            for item in parcels:
                if not await self._pass_on(item):
                    return
            more = len(missed) == PAGE

    async def _follow(self, subscription: Subscription) -> None:
        """Send what happens until the person may not see it any more."""
        clock = asyncio.get_running_loop()
        checked = clock.time()
        while True:
            try:
                item = await asyncio.wait_for(subscription.next(), self.beat)
            except TimeoutError:
                item = None
            if clock.time() - checked > RECHECK:
                checked = clock.time()
                if not await self._still_welcome():
                    return
            if item is None:
                await self._tell({"type": "beat"})
            elif not await self._pass_on(item):
                return

    async def _pass_on(self, item: Parcel) -> bool:
        """Send a message unless it was sent before; False when it tells of a change that shuts this person out."""
        if item.id <= self.last:
            return True
        if item.type.startswith(self.recheck_at) and not await self._still_welcome():
            return False
        if self.hears(item):
            async with asyncio.timeout(SEND_SECONDS):
                await self.send(text_data=item.text)
        self.last = item.id
        return True

    def hears(self, item: Parcel) -> bool:
        """Whether this message is for the person."""
        return bool(self.seat and self.seat.may_hear(item.type))

    async def _tell(self, content: dict[str, Any]) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self.send_json(content)

    async def _hang_up(self, code: int, why: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self.close(code, why)
        except (OSError, TimeoutError):
            log.info("A page was gone before it could be closed (%s)", why)

    async def _still_welcome(self) -> bool:
        before, self.seat = self.seat, await database_sync_to_async(self._look_up)()
        return bool(before and self.seat and before.project_id == self.seat.project_id)

    def _look_up(self) -> Seat | None:
        """The person's seat, looked up afresh; None when the production does not exist for them."""
        person, scopes = self._by_token() if token_in(self.scope) else self._by_session()
        if person is None or "view" not in scopes:
            return None
        try:
            project = project_for(person, self.scope["url_route"]["kwargs"]["slug"])
        except Http404:
            return None
        role = role_in(person, project)
        return Seat(project.pk, frozenset(right for right, roles in MAY.items() if role in roles and right in scopes))

    def _by_session(self) -> tuple[Any, Collection[str]]:
        session = self.scope["session"]
        if not session.session_key or not session.exists(session.session_key):  # logged out meanwhile
            return None, ()
        return get_user_model().objects.filter(pk=self.scope["user"].pk).first(), MAY

    def _by_token(self) -> tuple[Any, Collection[str]]:
        token = token_of(token_in(self.scope))
        return (token.person, token.scopes) if token else (None, ())


def token_in(scope: Any) -> bytes:
    """The token in the headers of a handshake, empty where there is none."""
    for name, value in scope.get("headers", ()):
        if name == b"authorization":
            return secret_in(value)
    return b""
