"""What a viewer says: decisions, notes, what becomes of a break of continuity. Scripts send JSON and get JSON."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from dailies import actions
from dailies.choices import Decision
from dailies.models import Annotation, Review
from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.estimates import estimate_shot
from media_pipeline.media.errors import MediaError
from media_pipeline.providers.choice import NoModel
from prompts.queries import NoTemplate
from prompts.rendering import PromptProblem
from scenes.actions import dismiss_continuity, flag_take, select_take
from scenes.models import ContinuityCheck
from studio.templatetags.film import amount

from .retakes import start_retakes, tier_of
from .sent import body_of, key_in, number_in, numbers_in, optional_number, text_in, words_in, yes_in
from .viewers import Viewer, wants_json

MOST_AT_ONCE = 500
LARGEST_FILE = 50 * 1024 * 1024
"""Bytes of an attachment."""


@require_POST
def decide(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One decision, or `items` of them: all are taken or none. What was sent before counts once."""
    sent = body_of(request)
    items = sent.get("items", [sent])
    if not isinstance(items, list) or not 0 < len(items) <= MOST_AT_ONCE or not all(isinstance(i, dict) for i in items):
        raise ValidationError(f"Send 1 to {MOST_AT_ONCE} decisions.")
    with transaction.atomic():
        said = [_decide(viewer, row) for row in items]
    return JsonResponse({"decisions": said})


def _decide(viewer: Viewer, sent: dict[str, Any]) -> dict[str, Any]:
    take = viewer.take(number_in(sent, "take"))
    note = sent.get("note")
    review, new = actions.decide(
        viewer.project, take, text_in(sent, "decision"), voice=viewer.voice, key=key_in(sent),
        reasons=words_in(sent, "reasons"), text=text_in(sent, "text"), frame=optional_number(sent, "frame"),
    )  # fmt: skip
    if isinstance(note, dict) and viewer.may("comment"):
        _write(viewer, note | {"take": take.pk}, review)
    # With the decision and its key, so that a retake that is sent again is not started, and paid for, again.
    starts = new and yes_in(sent, "start") and viewer.may("generate") and review.decision == Decision.RETAKE
    started = start_retakes(viewer.project, [take.shot], viewer.voice.person) if starts else []
    return {
        "review": review.pk, "key": str(review.client_key), "take": take.pk, "new": new,
        "run": started[0].pk if started else None,
    }  # fmt: skip


@require_POST
def undo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Take back one's own decision, named by its id or by the key it was sent with."""
    sent = body_of(request)
    reviews = Review.objects.filter(project=viewer.project, take__in=viewer.takes()).select_related("take__shot")
    wanted = {"pk": number_in(sent, "review")} if sent.get("review") else {"client_key": key_in(sent)}
    review = reviews.filter(**wanted).first()
    if review is None:
        raise Http404("There is no such decision.")
    return JsonResponse({"undone": actions.undo_decision(review, voice=viewer.voice)})


@require_POST
def choose(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Make a take the one the film uses, or put a flag on it."""
    sent = body_of(request)
    take = viewer.take(number_in(sent, "take"))
    if flag := text_in(sent, "flag"):
        raised = "raised" not in sent or yes_in(sent, "raised")
        return JsonResponse({"changed": flag_take(take, flag, viewer.voice.person, raised=raised)})
    return JsonResponse({"changed": select_take(take.shot, take, viewer.voice.person)})


@require_POST
def write_note(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Write a note or an answer."""
    note, new = _write(viewer, body_of(request), None)
    return JsonResponse({"note": note.pk, "key": str(note.client_key), "new": new})


def _write(viewer: Viewer, sent: dict[str, Any], review: Review | None) -> tuple[Annotation, bool]:
    take = viewer.take(number_in(sent, "take"))
    answered = optional_number(sent, "reply_to")
    parent = None if answered is None else _note_of(viewer, answered)
    attached = optional_number(sent, "attachment")
    asset = None
    if attached is not None:
        asset = MediaAsset.objects.filter(project=viewer.project, pk=attached, role="attachment").first()
        if asset is None:
            raise ValidationError("There is no such file: send it again.")
    return actions.write_note(
        viewer.project, take, voice=viewer.voice, key=key_in(sent), text=text_in(sent, "text"),
        first_frame=optional_number(sent, "first_frame"), last_frame=optional_number(sent, "last_frame"),
        drawing=sent.get("drawing") or [], reply_to=parent, review=review, attachment=asset,
    )  # fmt: skip


@require_POST
def change_note(request: HttpRequest, viewer: Viewer, note_id: int) -> HttpResponse:
    """`deed` is resolve, reopen or withdraw."""
    note = _note_of(viewer, note_id)
    deeds = {
        "resolve": actions.resolve_note, "reopen": actions.reopen_note, "withdraw": actions.withdraw_note,
    }  # fmt: skip
    deed = text_in(body_of(request), "deed")
    if deed not in deeds:
        raise ValidationError(f"{deed!r} is not done to a note; choose one of {', '.join(deeds)}.")
    return JsonResponse({"changed": deeds[deed](note, voice=viewer.voice)})


def _note_of(viewer: Viewer, pk: int) -> Annotation:
    notes = Annotation.objects.filter(project=viewer.project, withdrawn_at=None)
    if viewer.is_guest:
        notes = notes.filter(take__in=viewer.takes())
    note = notes.select_related("take__shot", "person").filter(pk=pk).first()
    if note is None:
        raise Http404("There is no such note.")
    return note


@require_POST
def attach(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keep a picture, clip or sound for a note; what it is is found out from its content, not from its name."""
    upload = request.FILES.get("file")
    if upload is None:
        raise ValidationError("Choose a file.")
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationError(f"{upload.name} is larger than {LARGEST_FILE >> 20} MB.")
    suffix = Path(upload.name or "").suffix.lower()[:8]
    suffix = suffix if suffix.removeprefix(".").isascii() and suffix.removeprefix(".").isalnum() else ".bin"
    handle, name = tempfile.mkstemp(suffix=suffix)
    try:
        with os.fdopen(handle, "wb") as copy:
            for piece in upload.chunks():
                copy.write(piece)
        asset = storage.add_asset(
            viewer.project.pk, Path(name), source=MediaAsset.Source.UPLOADED, role="attachment",
            provenance={"name": upload.name, "by": viewer.voice.name},
        )  # fmt: skip
    except MediaError as problem:
        raise ValidationError(f"{upload.name} cannot be attached: {problem}") from None
    finally:
        Path(name).unlink(missing_ok=True)
    if asset.role != "attachment":
        raise ValidationError(f"{upload.name} is a file of this production already: name it in the note instead.")
    return JsonResponse({"attachment": asset.pk, "kind": asset.kind})


@require_safe
def estimate(request: HttpRequest, viewer: Viewer, shot_id: int) -> HttpResponse:
    """What one more take would cost, before anybody asks for it."""
    try:
        found = estimate_shot(viewer.shot(shot_id), viewer.project, tier_of(viewer.project))
    except (NoModel, NoTemplate, PromptProblem) as problem:
        raise ValidationError(str(problem)) from None
    total = None if found.total is None else amount(found.total, found.currency)
    return JsonResponse({"total": total, "lines": found.as_json()["lines"], "words": found.sentence})


@require_POST
def retake(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Start the runs that make the next takes of shots; one that is open already is the answer."""
    shots = [viewer.shot(pk) for pk in numbers_in(body_of(request), "shots", MOST_AT_ONCE)]
    started = start_retakes(viewer.project, shots, viewer.voice.person)
    if not wants_json(request):
        return redirect(viewer.url("board"))
    return JsonResponse({"runs": [run.pk for run in started]}, status=202)


@require_POST
def dismiss(request: HttpRequest, viewer: Viewer, check_id: int) -> HttpResponse:
    """A person's word that a break of continuity is meant or does not matter."""
    check = ContinuityCheck.objects.filter(pk=check_id, to_shot__scene__chapter__project=viewer.project).first()
    if check is None:
        raise Http404("There is no such continuity check.")
    reason = text_in(body_of(request), "reason")
    return JsonResponse({"changed": dismiss_continuity(check, reason, by=viewer.voice.person)})
