"""Playlists and the guests who may see one."""

from __future__ import annotations

from django.db import models

from projects.models import Project, Tracked
from scenes.models import Take


class Playlist(Tracked):
    """Takes in an order somebody chose."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="playlists")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="playlists_have_different_names")]

    def __str__(self) -> str:
        return self.name


class PlaylistEntry(models.Model):
    """One take of a playlist."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="entries")
    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(help_text="From 1.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["playlist", "take"], name="a_playlist_has_a_take_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.take}"


class GuestLink(Tracked):
    """An address that opens one playlist to people without an account, for a time."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(max_length=120, blank=True, help_text="For whom it was made.")
    token_digest = models.CharField(max_length=64, unique=True, help_text="sha256 of the secret in the address.")
    password = models.CharField(max_length=128, blank=True, help_text="Hashed; empty: none is asked for.")
    expires_at = models.DateTimeField()
    may_comment = models.BooleanField(default=True)
    may_decide = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.label or f"guest link {self.pk}"


class Guest(models.Model):
    """Somebody who came through a guest link, under the name they gave."""

    link = models.ForeignKey(GuestLink, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
