"""Playlists: making them from a selection or a filter, their order, the links for guests."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dailies import actions, board, queries
from dailies.models import GuestLink, Playlist

from .boards import room_context
from .sent import body_of, number_in, numbers_in, text_in, yes_in
from .viewers import Viewer, wants_json

LONGEST_LINK = 365
"""Days a guest link may be open."""


@require_safe
def playlists(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The playlists of the production."""
    found = Playlist.objects.filter(project=viewer.project).select_related("created_by")
    rows = found.annotate(takes=Count("entries")).order_by("-pk")[:200]
    live = set(
        Playlist.objects.filter(project=viewer.project, sessions__ended_at=None, sessions__isnull=False)
        .values_list("pk", flat=True)
    )  # fmt: skip
    return render(request, "dailies/playlists.html", room_context(request, viewer) | {"playlists": rows, "live": live})


@require_POST
def make(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A playlist of `takes`, of the newest takes of `shots`, or of what the board's filter in the address finds."""
    sent = body_of(request)
    takes = numbers_in(sent, "takes")
    if shots := numbers_in(sent, "shots"):
        newest = queries.takes_in_film(shots)
        takes += [newest[pk].pk for pk in shots if pk in newest]
    if yes_in(sent, "filtered"):
        takes += _found(viewer, board.Wanted.read(request.GET))
    if into := text_in(sent, "playlist"):
        playlist = viewer.playlist_of(number_in({"playlist": into}, "playlist"))
        actions.add_to_playlist(playlist, takes)
    else:
        playlist = actions.create_playlist(
            viewer.project,
            text_in(sent, "name"),
            takes,
            by=viewer.voice.person,
            description=text_in(sent, "description"),
        )
    address = viewer.url("playlist-edit", playlist.pk)
    return JsonResponse({"playlist": playlist.pk, "url": address}) if wants_json(request) else redirect(address)


def _found(viewer: Viewer, wanted: board.Wanted) -> list[int]:
    room = queries.room_of(viewer.project.pk)
    shots = board.shots_wanted(viewer.project.pk, wanted, room.qc_threshold)
    ids = list(shots.values_list("pk", flat=True)[: actions.playlists.MOST_TAKES])
    newest = queries.takes_in_film(ids)
    return [newest[pk].pk for pk in ids if pk in newest]


@require_safe
def edit(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    """The order of a playlist and its links. A link's address is shown once, just after it was made."""
    playlist = viewer.playlist_of(playlist_id)
    links = playlist.links.annotate(came=Count("guests")).select_related("created_by")
    context = room_context(request, viewer) | {
        "playlist": playlist, "takes": queries.entries_of(playlist), "links": links, "now": timezone.now(),
        "sessions": playlist.sessions.select_related("presenter")[:20],
        "fresh": request.session.pop(f"guest_link_{playlist.pk}", ""),
    }  # fmt: skip
    return render(request, "dailies/playlist_edit.html", context)


@require_POST
def change(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    """`deed` is order, add, take_out, rename or remove."""
    playlist = viewer.playlist_of(playlist_id)
    sent = body_of(request)
    deed = text_in(sent, "deed")
    if deed == "order":
        actions.order_playlist(playlist, numbers_in(sent, "takes"))
    elif deed == "move":
        _move(playlist, number_in(sent, "take"), number_in(sent, "by"))
    elif deed == "add":
        actions.add_to_playlist(playlist, numbers_in(sent, "takes"))
    elif deed == "take_out":
        actions.remove_from_playlist(playlist, numbers_in(sent, "takes"))
    elif deed == "rename":
        actions.change_playlist(playlist, name=text_in(sent, "name"), description=text_in(sent, "description"))
    elif deed == "remove":
        actions.remove_playlist(playlist)
        return redirect(viewer.url("playlists"))
    else:
        raise ValidationError(f"{deed!r} is not done to a playlist.")
    if wants_json(request):
        return JsonResponse({"playlist": playlist.pk})
    return redirect(viewer.url("playlist-edit", playlist.pk))


def _move(playlist: Playlist, take_id: int, by: int) -> None:
    """Move a take up or down, for people without a mouse."""
    order = list(playlist.entries.values_list("take_id", flat=True))
    if take_id not in order:
        raise ValidationError("This take is not in the playlist any more: load it again.")
    place = order.index(take_id)
    order.remove(take_id)
    order.insert(min(max(place + by, 0), len(order)), take_id)
    actions.order_playlist(playlist, order)


@require_POST
def make_link(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    """A link for guests."""
    playlist = viewer.playlist_of(playlist_id)
    sent = body_of(request)
    days = number_in(sent, "days", usual=14)
    if not 1 <= days <= LONGEST_LINK:
        raise ValidationError(f"A link is open for 1 to {LONGEST_LINK} days.")
    _, token = actions.make_guest_link(
        playlist, by=viewer.voice.person, expires_at=timezone.now() + timedelta(days=days),
        label=text_in(sent, "label"), password=text_in(sent, "password"), may_comment=yes_in(sent, "may_comment"),
        may_decide=yes_in(sent, "may_decide"),
    )  # fmt: skip
    address = request.build_absolute_uri(f"/guest/{token}/")
    if wants_json(request):
        return JsonResponse({"address": address})
    request.session[f"guest_link_{playlist.pk}"] = address
    return redirect(viewer.url("playlist-edit", playlist.pk) + "#links")


@require_POST
def revoke_link(request: HttpRequest, viewer: Viewer, link_id: int) -> HttpResponse:
    """Shut a link, and everybody who came through it out."""
    link = GuestLink.objects.filter(pk=link_id, playlist__project=viewer.project).select_related("playlist").first()
    if link is None:
        raise Http404("There is no such link.")
    actions.revoke_guest_link(link)
    if wants_json(request):
        return JsonResponse({"revoked": True})
    return redirect(viewer.url("playlist-edit", link.playlist_id) + "#links")
