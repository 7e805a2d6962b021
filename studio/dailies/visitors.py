"""Guests: coming in by a link, the files of their playlist."""

from __future__ import annotations

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dailies.actions import admit_guest
from dailies.actions.playlists import digest_of_token
from dailies.models import Annotation, GuestLink
from media_pipeline.assets import MediaAsset
from studio.review.media import send_asset

from .viewers import GUESTS, Viewer

TRIES_PER_MINUTE = 10
"""At one link: a password is not found by trying."""

FILES_OF_TAKES = ("proxy", "picture", "sound", "thumbnail", "filmstrip", "keyframe", "last_frame")


@never_cache
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """The door: a name, and a password where the link has one. The secret leaves the address behind it."""
    link = (
        GuestLink.objects.filter(token_digest=digest_of_token(token), revoked_at=None, expires_at__gt=timezone.now())
        .select_related("playlist__project")
        .first()
    )
    if link is None:
        return render(request, "dailies/guest_closed.html", status=404)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            _slow_down(link)
            guest = admit_guest(link, request.POST.get("name", ""), request.POST.get("password", ""))
        except ValidationError as problem:
            errors = problem.message_dict if hasattr(problem, "error_dict") else {"name": problem.messages}
        else:
            request.session[GUESTS] = request.session.get(GUESTS, {}) | {str(link.pk): guest.pk}
            return redirect("guest:playlist", link.pk, link.playlist_id)
    return render(
        request, "dailies/guest_door.html",
        {"link": link, "project": link.playlist.project, "errors": errors, "name": request.POST.get("name", "")},
        status=422 if errors else 200,
    )  # fmt: skip


def _slow_down(link: GuestLink) -> None:
    key = f"guest-link-{link.token_digest}"
    cache.add(key, 0, timeout=60)
    if cache.incr(key) > TRIES_PER_MINUTE:
        raise ValidationError({"name": "Too many tries: wait a minute."})


@require_safe
def room(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """To the playlist of the link."""
    assert viewer.playlist is not None
    return redirect("guest:playlist", viewer.link_id, viewer.playlist.pk)


@require_safe
def media(request: HttpRequest, viewer: Viewer, asset_id: int) -> HttpResponseBase:
    """A file of a take in the playlist, of a note on it, or the production's logo; 404 for every other."""
    asset = MediaAsset.objects.filter(pk=asset_id, project=viewer.project).first()
    wanted = Q()
    for name in FILES_OF_TAKES:
        wanted |= Q(**{name: asset_id})
    takes = viewer.takes()
    allowed = asset is not None and (
        viewer.project.brand_logo_id == asset_id
        or takes.filter(wanted).exists()
        or Annotation.objects.filter(attachment=asset_id, take__in=takes, withdrawn_at=None).exists()
    )
    if asset is None or not allowed:
        raise Http404("There is no such file.")
    answer = send_asset(request, asset)
    answer["Cache-Control"] = "private, no-cache"  # a link that is revoked shows nothing more
    return answer


def logo(request: HttpRequest, token: str) -> HttpResponseBase:
    """The production's logo at the door."""
    link = GuestLink.objects.filter(token_digest=digest_of_token(token), revoked_at=None).first()
    asset = link.playlist.project.brand_logo if link and link.expires_at > timezone.now() else None
    if asset is None:
        raise Http404("There is no logo.")
    return send_asset(request, asset)
