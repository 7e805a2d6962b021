"""Verbs of notes."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dailies.choices import NoticeKind
from dailies.models import Annotation, Mention, Review
from dailies.models.notes import validate_drawing
from dailies.voices import Voice
from projects.events import emit
from projects.models import Project
from scenes.models import Take

from .inbox import tell_person

LONGEST_NOTE = 10_000
MENTION = re.compile(r"(?<![\w@])@([\w.+-]+)")


@transaction.atomic
def write_note(
    project: Project, take: Take, *, voice: Voice, key: UUID, text: str = "", first_frame: int | None = None,
    last_frame: int | None = None, drawing: list[Any] | None = None, reply_to: Annotation | None = None,
    review: Review | None = None, attachment: Any = None,
) -> tuple[Annotation, bool]:  # fmt: skip
    """Write a note on a take, a frame or a range of it, or an answer to one; the same key again is the same note.

    People named with @ are told. Returns the note and whether it is new. Raises ValidationError with a sentence.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    known = Annotation.objects.filter(project=project, client_key=key).first()
    if known is not None:
        return known, False
    text, drawing = text.strip(), drawing or []
    last_frame = first_frame if last_frame is None else last_frame
    _check(take, text, first_frame, last_frame, drawing, reply_to, attachment)
    note = Annotation.objects.create(
        project=project, take=take, text=text, first_frame=first_frame, last_frame=last_frame, drawing=drawing,
        reply_to=reply_to, review=review, attachment=attachment, client_key=key, **voice.columns,
    )  # fmt: skip
    _tell_people(note)
    _tell(note, "dailies.noted")
    return note, True


@transaction.atomic
def resolve_note(note: Annotation, *, voice: Voice) -> bool:
    """Say that a note is dealt with; False when it was."""
    changed = Annotation.objects.filter(pk=note.pk, resolved_at=None).update(
        resolved_at=timezone.now(), resolved_by=voice.person
    )
    if changed:
        _tell(note, "dailies.resolved")
    return bool(changed)


@transaction.atomic
def reopen_note(note: Annotation, *, voice: Voice) -> bool:
    """Say that a note is not dealt with after all; False when nobody had said so."""
    changed = Annotation.objects.filter(pk=note.pk, resolved_at__isnull=False).update(
        resolved_at=None, resolved_by=None
    )
    if changed:
        _tell(note, "dailies.reopened")
    return bool(changed)


@transaction.atomic
def withdraw_note(note: Annotation, *, voice: Voice) -> bool:
    """Take back one's own note: it is shown no more, and kept. Raises PermissionDenied for another's."""
    if not voice.said(note):
        raise PermissionDenied("Only whoever wrote a note can take it back.")
    changed = Annotation.objects.filter(pk=note.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
    if changed:
        _tell(note, "dailies.withdrawn")
    return bool(changed)


def _check(
    take: Take, text: str, first: int | None, last: int | None, drawing: list[Any], reply_to: Annotation | None,
    attachment: Any,
) -> None:  # fmt: skip
    if not (text or drawing or attachment):
        raise ValidationError("A note has words, a drawing or a file.")
    if len(text) > LONGEST_NOTE:
        raise ValidationError(f"The note has {len(text)} letters; {LONGEST_NOTE} fit.")
    if (first is None) != (last is None):
        raise ValidationError("A range of frames has a first and a last frame.")
    if first is not None and last is not None and not 0 <= first <= last < take.frames:
        raise ValidationError(f"Frames {first} to {last} are not in {take}, which has {take.frames} frames.")
    if drawing and first is None:
        raise ValidationError("A drawing stands on a frame: say which.")
    validate_drawing(drawing)
    if reply_to is not None and reply_to.take.shot_id != take.shot_id:
        raise ValidationError("An answer stands on the same shot as the note.")


def _tell_people(note: Annotation) -> None:
    """Tell those who are named, and whoever is answered: each once, nobody of themselves."""
    people = get_user_model().objects.filter(memberships__project_id=note.project_id)
    names = {name.rstrip(".").lower() for name in MENTION.findall(note.text)}
    told = {note.person_id}
    words = note.text[:200] or "a drawing"
    if names:
        for person in people.only("username"):
            if person.get_username().lower() in names:
                Mention.objects.create(annotation=note, person=person)
                if person.pk not in told:
                    tell_person(
                        person, note.project, NoticeKind.MENTION, f"{note.signature} mentioned you: {words}", note.take
                    )
                    told.add(person.pk)
    parent = note.reply_to
    if parent is not None and parent.person is not None and parent.person_id not in told:
        tell_person(parent.person, note.project, NoticeKind.REPLY, f"{note.signature} answered: {words}", note.take)


def _tell(note: Annotation, event: str) -> None:
    payload = {
        "note": note.pk, "take": note.take_id, "shot": note.take.shot_id, "by": note.signature,
        "key": str(note.client_key), "first_frame": note.first_frame, "last_frame": note.last_frame,
    }  # fmt: skip
    emit(note.project_id, event, f"take:{note.take_id}", payload)
