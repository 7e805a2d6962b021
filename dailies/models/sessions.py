"""Watching together: one presents, the others are on the same frame."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from scenes.models import Take

from .playlists import Guest, Playlist


class ReviewSession(models.Model):
    """One sitting over a playlist, and where its presenter is: whoever comes late reads it here."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="sessions")
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    take = models.ForeignKey(Take, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    frame = models.PositiveIntegerField(default=0)
    playing = models.BooleanField(default=False)
    speed_percent = models.PositiveSmallIntegerField(default=100)
    serial = models.PositiveBigIntegerField(default=0, help_text="Counts the presenter's moves: an older one is late.")
    moved_at = models.DateTimeField(null=True, blank=True)
    summary: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["playlist"], condition=Q(ended_at=None), name="a_playlist_has_one_session_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"session {self.pk} of {self.playlist_id}"


class Seat(models.Model):
    """Somebody in a session."""

    session = models.ForeignKey(ReviewSession, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    guest = models.ForeignKey(Guest, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=150)
    joined_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="a_person_sits_in_a_session_once"),
            models.UniqueConstraint(fields=["session", "guest"], name="a_guest_sits_in_a_session_once"),
        ]

    def __str__(self) -> str:
        return self.name
