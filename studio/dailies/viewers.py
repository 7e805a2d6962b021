"""Who looks: a member of the production, or a guest who sees one playlist of it and nothing else.

Pages and requests of the review room are written once, for a Viewer; `member` and `guest` make one out of a request,
or answer 404.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from dailies.models import Guest, Playlist
from dailies.voices import Voice
from projects.access import MAY, guest_rights, project_for, role_in
from projects.models import Project
from scenes.models import Shot, Take

GUESTS = "dailies_guests"
"""In the session: id of a guest link -> id of the guest who came through it."""

ViewerView = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Viewer:
    """`playlist` is set for guests: it is all that exists for them."""

    project: Project
    voice: Voice
    rights: frozenset[str]
    playlist: Playlist | None = None
    link_id: int = 0

    @property
    def is_guest(self) -> bool:
        """Whether they came through a guest link."""
        return self.playlist is not None

    @property
    def outbox(self) -> str:
        """Names what is kept in the browser until it is sent: of one production, and of nobody but this voice."""
        who = f"guest-{self.voice.guest.pk}" if self.voice.guest else f"person-{self.voice.person.pk}"
        return f"{self.project.slug}:{who}"

    def may(self, right: str) -> bool:
        """Whether they hold the right."""
        return right in self.rights

    def url(self, name: str, *args: Any) -> str:
        """The address of a page of the review room, as this viewer reaches it."""
        if self.is_guest:
            return reverse(f"guest:{name}", args=[self.link_id, *args])
        return reverse(f"dailies:{name}", args=[self.project.slug, *args])

    def media(self, asset_id: int | None) -> str:
        """The address of a media file, "" for none."""
        if asset_id is None:
            return ""
        if self.is_guest:
            return reverse("guest:media", args=[self.link_id, asset_id])
        return reverse("media-file", args=[asset_id])

    def takes(self) -> QuerySet[Take]:
        """The takes that exist for them."""
        if self.playlist is not None:
            return Take.objects.filter(pk__in=self.playlist.entries.values("take"))
        return Take.objects.filter(shot__scene__chapter__project=self.project)

    def take(self, pk: int) -> Take:
        """One of them, with its shot; 404 for any other."""
        found = self.takes().filter(pk=pk).select_related("shot__scene__chapter", "shot__state", "created_by").first()
        if found is None:
            raise Http404("There is no such take.")
        return found

    def shot(self, pk: int) -> Shot:
        """A shot of the production; 404 for any other."""
        shots = Shot.objects.filter(pk=pk, scene__chapter__project=self.project)
        found = shots.select_related("scene__chapter", "scene__style", "style", "state").first()
        if found is None:
            raise Http404("There is no such shot in this production.")
        return found

    def playlist_of(self, pk: int) -> Playlist:
        """A playlist of the production, for guests their own; 404 for any other."""
        found = Playlist.objects.filter(pk=pk, project=self.project).first()
        if found is None or (self.playlist is not None and self.playlist.pk != found.pk):
            raise Http404("There is no such playlist.")
        return found


def member(right: str, view: ViewerView, *, also: str = "") -> ViewerView:
    """The view for members with the right (a key of projects.access.MAY), under an address that begins with a slug."""

    @wraps(view)
    def answer(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if wants_json(request):
                return JsonResponse({"error": "You are logged out: log in and send it again."}, status=401)
            return redirect_to_login(request.get_full_path())
        try:
            project = project_for(request.user, slug, may=right)
            role = role_in(request.user, project)
            rights = frozenset(name for name, roles in MAY.items() if role in roles)
            return view(request, Viewer(project, Voice(request.user), rights), *args, **kwargs)
        except (ValidationError, PermissionDenied) as problem:
            return refusal(request, problem)

    return answer


def guest(right: str, view: ViewerView) -> ViewerView:
    """The view for guests with the right, under an address that begins with the id of their link."""

    @wraps(view)
    def answer(request: HttpRequest, link_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewer = guest_viewer(request.session.get(GUESTS, {}), link_id)
        if viewer is None:
            if wants_json(request):
                return JsonResponse({"error": "This link is no longer open."}, status=404)
            return render(request, "dailies/guest_closed.html", status=404)
        try:
            if not viewer.may(right):
                raise PermissionDenied("This link does not allow that.")
            response = view(request, viewer, *args, **kwargs)
        except (ValidationError, PermissionDenied) as problem:
            return refusal(request, problem)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer


def guest_viewer(known: dict[str, int], link_id: int) -> Viewer | None:
    """The guest who came through this link in this browser, while the link is open."""
    found = (
        Guest.objects.filter(pk=known.get(str(link_id), 0), link=link_id, link__revoked_at=None)
        .filter(link__expires_at__gt=timezone.now())
        .select_related("link__playlist__project__state")
        .first()
    )
    if found is None:
        return None
    link = found.link
    rights = guest_rights(comment=link.may_comment, decide=link.may_decide)
    return Viewer(link.playlist.project, Voice(guest=found), rights, link.playlist, link.pk)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked."""
    return "application/json" in request.headers.get("Accept", "") or request.content_type == "application/json"


def refusal(request: HttpRequest, problem: ValidationError | PermissionDenied) -> HttpResponse:
    """What is wrong, to a script as JSON; 403 is a page of the site."""
    if isinstance(problem, PermissionDenied):
        if wants_json(request):
            return JsonResponse({"error": str(problem)}, status=403)
        raise problem
    words = " ".join(problem.messages)
    if wants_json(request):
        return JsonResponse({"error": words}, status=422)
    return render(request, "dailies/refused.html", {"words": words}, status=422)
