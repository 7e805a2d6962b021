"""My reviews: what waits for me in all productions, and how I want to be told."""

from __future__ import annotations

import zoneinfo
from datetime import time
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dailies import actions, queries
from dailies.choices import NoticeKind
from dailies.models import Notice
from dailies.quiet import is_quiet
from dailies.voices import Voice

from .sent import body_of, number_in, numbers_in, yes_in
from .viewers import Viewer, wants_json

NOTICES_SHOWN = 50


@login_required
@require_safe
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by production, and what they were told lately."""
    person: Any = request.user
    waiting = []
    for row in queries.waiting_for(person, queries.reviewed_by(person)):
        viewer = Viewer(row.project, Voice(person), frozenset())
        cards = [{"take": take, "url": f"{viewer.url('shot', take.shot_id)}?take={take.number}"} for take in row.takes]
        waiting.append({"project": row.project, "total": row.total, "cards": cards, "more": row.total - len(cards)})
    notices = Notice.objects.filter(person=person).select_related("project")[:NOTICES_SHOWN]
    context = {"waiting": waiting, "notices": notices, "unread": queries.unread_notices(person).count()}
    return render(request, "dailies/my_reviews.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark notices as read: `notices`, or all."""
    try:
        sent = body_of(request)
        ids = numbers_in(sent, "notices") if sent.get("notices") else None
    except ValidationError as problem:
        return JsonResponse({"error": " ".join(problem.messages)}, status=422)
    actions.read_notices(request.user, ids)
    if wants_json(request):
        return JsonResponse({"unread": queries.unread_notices(request.user).count()})
    return redirect("my-reviews")


@login_required
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """What a page may pop up: nothing in quiet hours."""
    person = request.user
    notices = list(queries.unread_notices(person)[:5])
    return JsonResponse(
        {
            "unread": queries.unread_notices(person).count(),
            "quiet": is_quiet(queries.preference_of(person)),
            "notices": [{"id": row.pk, "text": row.text, "path": row.path} for row in notices],
        }
    )


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Mail, kinds of notices, quiet hours."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            actions.settle_preference(
                request.user,
                daily_mail=yes_in(request.POST.dict(), "daily_mail"),
                muted=[kind for kind in NoticeKind.values if kind not in request.POST.getlist("wanted")],
                mail_at=_time(request.POST.get("mail_at", ""), "mail_at"),
                quiet_from=_time(request.POST.get("quiet_from", ""), "quiet_from"),
                quiet_until=_time(request.POST.get("quiet_until", ""), "quiet_until"),
                time_zone=request.POST.get("time_zone", "UTC"),
            )
        except ValidationError as problem:
            errors = problem.message_dict
        else:
            messages.success(request, "Your settings are kept.")
            return redirect("review-preferences")
    context = {
        "preference": queries.preference_of(request.user), "kinds": NoticeKind.choices, "errors": errors,
        "zones": sorted(zoneinfo.available_timezones()),
    }  # fmt: skip
    return render(request, "dailies/preferences.html", context, status=422 if errors else 200)


def _time(text: str, field: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValidationError({field: "Write a time such as 22:00."}) from None


@require_POST
def settle_room(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The number of the first frame and the score below which a take is marked."""
    sent = body_of(request)
    room = queries.room_of(viewer.project.pk)
    first, threshold = number_in(sent, "first_frame"), number_in(sent, "qc_threshold", usual=int(room.qc_threshold))
    if first < 0:
        raise ValidationError("The first frame has a number from 0 on, such as 1001.")
    actions.settle_room(viewer.project, first_frame=first, qc_threshold=Decimal(threshold))
    return redirect(reverse("dailies:board", args=[viewer.project.slug]))
