"""What people say of takes, and the rooms they say it in."""

from __future__ import annotations

from .inbox import DailyMail, Notice, ReviewPreference, RoomSettings
from .notes import Annotation, Mention
from .playlists import Guest, GuestLink, Playlist, PlaylistEntry
from .reviews import RetakeNotes, Review
from .sessions import ReviewSession, Seat

__all__ = [
    "Annotation",
    "DailyMail",
    "Guest",
    "GuestLink",
    "Mention",
    "Notice",
    "Playlist",
    "PlaylistEntry",
    "RetakeNotes",
    "Review",
    "ReviewPreference",
    "ReviewSession",
    "RoomSettings",
    "Seat",
]
