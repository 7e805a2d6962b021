"""Every change of the review room."""

from __future__ import annotations

from .inbox import read_notices, settle_preference, settle_room, tell_person
from .notes import reopen_note, resolve_note, withdraw_note, write_note
from .playlists import (
    add_to_playlist,
    admit_guest,
    change_playlist,
    create_playlist,
    make_guest_link,
    order_playlist,
    remove_from_playlist,
    remove_playlist,
    revoke_guest_link,
)
from .reviews import decide, undo_decision
from .sessions import end_session, join_session, leave_session, present, start_session, take_over

__all__ = [
    "add_to_playlist",
    "admit_guest",
    "change_playlist",
    "create_playlist",
    "decide",
    "end_session",
    "join_session",
    "leave_session",
    "make_guest_link",
    "order_playlist",
    "present",
    "read_notices",
    "remove_from_playlist",
    "remove_playlist",
    "reopen_note",
    "resolve_note",
    "revoke_guest_link",
    "settle_preference",
    "settle_room",
    "start_session",
    "take_over",
    "tell_person",
    "undo_decision",
    "withdraw_note",
    "write_note",
]
