"""Verbs of playlists and guest links."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dailies.models import Guest, GuestLink, Playlist, PlaylistEntry
from projects.events import emit
from projects.models import Project
from scenes.models import Take

MOST_TAKES = 2_000
MOST_GUESTS = 500
"""Of one link: beyond it somebody is playing with the address."""


@transaction.atomic
def create_playlist(
    project: Project, name: str, take_ids: Iterable[int] = (), *, by: Any, description: str = ""
) -> Playlist:
    """A playlist of these takes in this order. Raises ValidationError with a sentence."""
    name = _checked_name(project, name)
    playlist = Playlist.objects.create(project=project, name=name, description=description.strip(), created_by=by)
    _write(playlist, _takes_of(project, take_ids))
    _tell(playlist, "playlist.created")
    return playlist


@transaction.atomic
def change_playlist(playlist: Playlist, *, name: str, description: str = "") -> Playlist:
    """Give a playlist another name or description."""
    playlist.name = _checked_name(playlist.project, name, playlist.pk)
    playlist.description = description.strip()
    playlist.save(update_fields=["name", "description", "updated_at"])
    _tell(playlist, "playlist.changed")
    return playlist


@transaction.atomic
def add_to_playlist(playlist: Playlist, take_ids: Iterable[int]) -> int:
    """Put takes at the end, those that are in it already stay where they are; returns how many are new."""
    _hold(playlist)
    there = set(playlist.entries.values_list("take_id", flat=True))
    new = [pk for pk in _takes_of(playlist.project, take_ids) if pk not in there]
    if len(there) + len(new) > MOST_TAKES:
        raise ValidationError(f"A playlist has at most {MOST_TAKES} takes.")
    last = playlist.entries.aggregate(last=Max("position"))["last"] or 0
    PlaylistEntry.objects.bulk_create(
        PlaylistEntry(playlist=playlist, take_id=pk, position=last + place) for place, pk in enumerate(new, start=1)
    )
    if new:
        _tell(playlist, "playlist.changed")
    return len(new)


@transaction.atomic
def order_playlist(playlist: Playlist, take_ids: Sequence[int]) -> None:
    """Put the takes of a playlist into this order; it must name each of them exactly once."""
    _hold(playlist)
    there = list(playlist.entries.values_list("take_id", flat=True))
    if sorted(take_ids) != sorted(there):
        raise ValidationError("The playlist was changed by somebody else meanwhile: load it again.")
    entries = {entry.take_id: entry for entry in playlist.entries.all()}
    for place, pk in enumerate(take_ids, start=1):
        entries[pk].position = place
    PlaylistEntry.objects.bulk_update(entries.values(), ["position"])
    _tell(playlist, "playlist.changed")


@transaction.atomic
def remove_from_playlist(playlist: Playlist, take_ids: Iterable[int]) -> int:
    """Take takes out; returns how many were in it."""
    gone, _ = playlist.entries.filter(take_id__in=list(take_ids)).delete()
    if gone:
        _tell(playlist, "playlist.changed")
    return gone


@transaction.atomic
def remove_playlist(playlist: Playlist) -> None:
    """Remove a playlist with its links; what was said of its takes stays."""
    _tell(playlist, "playlist.removed")
    playlist.delete()


@transaction.atomic
def make_guest_link(
    playlist: Playlist, *, by: Any, expires_at: datetime, label: str = "", password: str = "", may_comment: bool = True,
    may_decide: bool = False,
) -> tuple[GuestLink, str]:  # fmt: skip
    """A link to this playlist alone, and the secret of its address: it is shown this once and kept as a digest."""
    if expires_at <= timezone.now():
        raise ValidationError({"expires_at": "The link would have expired already: choose a later time."})
    token = secrets.token_urlsafe(24)
    link = GuestLink.objects.create(
        playlist=playlist, label=label.strip()[:120], token_digest=digest_of_token(token), created_by=by,
        password=make_password(password) if password else "", expires_at=expires_at, may_comment=may_comment,
        may_decide=may_decide,
    )  # fmt: skip
    _tell(playlist, "playlist.link_made", {"link": link.pk})
    return link, token


@transaction.atomic
def revoke_guest_link(link: GuestLink) -> bool:
    """Shut a link and everybody who came through it out, at once; False when it was shut."""
    changed = GuestLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    if changed:
        _tell(link.playlist, "playlist.link_revoked", {"link": link.pk})
    return bool(changed)


@transaction.atomic
def admit_guest(link: GuestLink, name: str, password: str = "") -> Guest:
    """Let somebody in under a name. Raises ValidationError by field for a wrong password or no name."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise ValidationError({"name": "Say your name, in at most 80 letters: it stands under what you say."})
    if link.password and not check_password(password, link.password):
        raise ValidationError({"password": "That is not the password of this link."})
    if link.guests.count() >= MOST_GUESTS:
        raise ValidationError({"name": "This link has let in as many guests as it can: ask for a new one."})
    guest = Guest.objects.create(link=link, name=name)
    _tell(link.playlist, "playlist.guest_came", {"link": link.pk, "guest": guest.name})
    return guest


def digest_of_token(token: str) -> str:
    """What is kept of a secret: it has 192 random bits, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _checked_name(project: Project, name: str, own: int = 0) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise ValidationError({"name": "A playlist has a name of at most 120 letters."})
    if Playlist.objects.filter(project=project, name=name).exclude(pk=own).exists():
        raise ValidationError({"name": f"There is a playlist called {name} already."})
    return name


def _takes_of(project: Project, take_ids: Iterable[int]) -> list[int]:
    """The ids in their order, each once. Raises ValidationError when one is not a take of the production."""
    wanted = list(dict.fromkeys(take_ids))
    if len(wanted) > MOST_TAKES:
        raise ValidationError(f"A playlist has at most {MOST_TAKES} takes.")
    there = set(Take.objects.filter(pk__in=wanted, shot__scene__chapter__project=project).values_list("pk", flat=True))
    if missing := [pk for pk in wanted if pk not in there]:
        raise ValidationError(f"There is no take {missing[0]} in this production.")
    return wanted


def _write(playlist: Playlist, take_ids: list[int]) -> None:
    PlaylistEntry.objects.bulk_create(
        PlaylistEntry(playlist=playlist, take_id=pk, position=place) for place, pk in enumerate(take_ids, start=1)
    )


def _hold(playlist: Playlist) -> None:
    Playlist.objects.select_for_update().get(pk=playlist.pk)


def _tell(playlist: Playlist, event: str, more: dict[str, Any] | None = None) -> None:
    payload = {"playlist": playlist.pk, "name": playlist.name, **(more or {})}
    emit(playlist.project_id, event, f"playlist:{playlist.pk}", payload)
