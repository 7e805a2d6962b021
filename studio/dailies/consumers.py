"""The live feed of a guest: what concerns the takes of their playlist and its session, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from studio.live.consumers import ProjectConsumer, Seat, token_in
from studio.live.hub import Hub, Parcel

from .viewers import GUESTS, guest_viewer

HEARD = ("dailies.decided", "dailies.undone", "dailies.noted", "dailies.resolved", "dailies.reopened",
         "dailies.withdrawn", "session.", "take.review")  # fmt: skip
"""Beginnings of the types of events that guests hear at all."""


@dataclass(frozen=True)
class GuestSeat(Seat):
    """A guest's seat, with the takes that exist for them."""

    playlist_id: int = 0
    takes: frozenset[int] = frozenset()


class GuestConsumer(ProjectConsumer):
    """`/ws/guest/<link id>/?since=<event id>`: the messages of docs/live.md, for one playlist."""

    recheck_at = ("playlist.",)

    def __init__(self, hub: Hub, **options: Any) -> None:
        super().__init__(hub, **options)

    def hears(self, item: Parcel) -> bool:
        """Events of the playlist's own session, and about its takes."""
        if not isinstance(self.seat, GuestSeat) or not item.type.startswith(HEARD):
            return False
        payload = json.loads(item.text)["payload"]
        if item.type.startswith("session."):
            return payload.get("playlist") == self.seat.playlist_id
        return payload.get("take") in self.seat.takes

    def _look_up(self) -> Seat | None:
        """The guest's seat, looked up afresh; None once the link is revoked or has expired."""
        if token_in(self.scope):
            return None
        viewer = guest_viewer(self.scope["session"].get(GUESTS, {}), self.scope["url_route"]["kwargs"]["link_id"])
        if viewer is None or viewer.playlist is None:
            return None
        takes = frozenset(viewer.playlist.entries.values_list("take_id", flat=True))
        return GuestSeat(viewer.project.pk, viewer.rights, viewer.playlist.pk, takes)
