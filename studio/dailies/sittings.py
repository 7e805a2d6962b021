"""Watching together. Moves are said by requests and heard through the production's events, on any web process."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dailies import actions, queries
from dailies.actions.sessions import where
from dailies.models import Annotation, Review, ReviewSession
from scenes.models import Take

from .boards import room_context
from .sent import body_of, number_in, text_in, yes_in
from .viewers import Viewer, wants_json

LEADS = "comment"
"""The right it takes to start, present and end a session."""


@require_POST
def session(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    """`deed` is start, join, leave, move, take_over or end."""
    playlist = viewer.playlist_of(playlist_id)
    sent = body_of(request)
    deed = text_in(sent, "deed")
    if deed in ("start", "move", "take_over", "end") and (viewer.is_guest or not viewer.may(LEADS)):
        raise PermissionDenied("Guests and viewers follow a session; members who may comment lead it.")
    if deed == "start":
        path = viewer.url("playlist", playlist.pk)
        actions.start_session(playlist, by=viewer.voice.person, path=path)
        return _answer(request, viewer, playlist.pk)
    going_on = queries.open_session(playlist)
    if going_on is None:
        raise ValidationError("No session is going on over this playlist.")
    if deed == "join":
        actions.join_session(going_on, viewer.voice)
    elif deed == "leave":
        actions.leave_session(going_on, viewer.voice)
    elif deed == "take_over":
        actions.take_over(going_on, by=viewer.voice.person)
    elif deed == "end":
        actions.end_session(going_on, by=viewer.voice.person)
        if not wants_json(request):
            return redirect(viewer.url("session-summary", going_on.pk))
    elif deed == "move":
        moved = actions.present(
            going_on, by=viewer.voice.person, take=viewer.take(number_in(sent, "take")), frame=number_in(sent, "frame"),
            playing=yes_in(sent, "playing"), speed_percent=number_in(sent, "speed", usual=100),
            serial=number_in(sent, "serial"),
        )  # fmt: skip
        return JsonResponse({"moved": moved})
    else:
        raise ValidationError(f"{deed!r} is not done in a session.")
    return _answer(request, viewer, playlist.pk)


def _answer(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    if not wants_json(request):
        return redirect(viewer.url("playlist", playlist_id))
    return state_of(request, viewer, playlist_id)


def state_of(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    """The session as it is now: what a newcomer, or somebody who was away, begins from."""
    going_on = queries.open_session(viewer.playlist_of(playlist_id))
    if going_on is None:
        return JsonResponse({"session": None})
    seats = queries.seats_of(going_on)
    presenter = going_on.presenter
    name = (presenter.get_full_name() or presenter.get_username()) if presenter else ""
    return JsonResponse(
        {
            "session": {"id": going_on.pk, "presenter": going_on.presenter_id, "by": name, **where(going_on)},
            "seats": seats,
        }
    )


@require_safe
def summary(request: HttpRequest, viewer: Viewer, session_id: int) -> HttpResponse:
    """What came of a session: decisions, notes, what goes back."""
    sessions = ReviewSession.objects.filter(playlist__project=viewer.project).select_related("playlist", "presenter")
    found = sessions.filter(pk=session_id).first()
    if found is None:
        raise Http404("There is no such session.")
    said = found.summary
    retakes = Take.objects.filter(pk__in=said.get("retakes", [])).select_related("shot__scene")
    context = room_context(request, viewer) | {
        "session": found,
        "reviews": Review.objects.filter(pk__in=said.get("reviews", [])).select_related("take__shot__scene"),
        "notes": Annotation.objects.filter(pk__in=said.get("notes", [])).select_related("take__shot__scene"),
        "retakes": retakes,
        "shots": ",".join(str(take.shot_id) for take in retakes),
    }
    return render(request, "dailies/session_summary.html", context)
