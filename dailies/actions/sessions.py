"""Verbs of watching together."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dailies.choices import Decision, NoticeKind
from dailies.models import Annotation, Playlist, Review, ReviewSession, Seat
from dailies.voices import Voice
from projects.events import emit
from projects.models import Membership
from scenes.models import Take

from .inbox import tell_person

SPEEDS = range(-800, 801)
"""Per cent of the film's own speed; below 0 it runs backwards."""


@transaction.atomic
def start_session(playlist: Playlist, *, by: Any, path: str = "") -> ReviewSession:
    """Begin to present a playlist, or give the session that is open already. Members are told; `path` leads there."""
    Playlist.objects.select_for_update().get(pk=playlist.pk)
    open_session = playlist.sessions.filter(ended_at=None).first()
    if open_session:
        return open_session
    first = playlist.entries.select_related("take").first()
    if first is None:
        raise ValidationError("There is nothing in this playlist to present: put takes into it first.")
    session = ReviewSession.objects.create(playlist=playlist, presenter=by, take=first.take)
    others = Membership.objects.filter(project=playlist.project).exclude(person=by).select_related("person")
    for membership in others:
        words = f"{Voice(by).name} presents {playlist.name}"
        tell_person(membership.person, playlist.project, NoticeKind.SESSION, words, path=path)
    _tell(session, "session.started", {"by": Voice(by).name})
    return session


@transaction.atomic
def present(
    session: ReviewSession, *, by: Any, take: Take, frame: int, playing: bool, speed_percent: int, serial: int
) -> bool:
    """Say where the presenter is; False when a later move is known already. Frames count from 0.

    Raises PermissionDenied for anybody but the presenter and ValidationError with a sentence.
    """
    if by is None or session.presenter_id != by.pk:
        raise PermissionDenied("Somebody else presents now.")
    if session.ended_at is not None:
        raise ValidationError("The session has ended.")
    if not 0 <= frame < take.frames or speed_percent not in SPEEDS:
        raise ValidationError(f"Frame {frame} at {speed_percent} % is nowhere in {take}.")
    moved = ReviewSession.objects.filter(pk=session.pk, ended_at=None, presenter=by, serial__lt=serial).update(
        take=take, frame=frame, playing=playing, speed_percent=speed_percent, serial=serial, moved_at=timezone.now()
    )
    if moved:
        session.refresh_from_db()
        _tell(session, "session.moved", where(session))
    return bool(moved)


@transaction.atomic
def take_over(session: ReviewSession, *, by: Any) -> bool:
    """Make somebody else the presenter; False when they are it, or the session has ended."""
    changed = ReviewSession.objects.filter(pk=session.pk, ended_at=None).exclude(presenter=by).update(presenter=by)
    if changed:
        session.refresh_from_db()
        _tell(session, "session.presenter", {"by": Voice(by).name})
    return bool(changed)


@transaction.atomic
def join_session(session: ReviewSession, voice: Voice) -> Seat:
    """Sit down, or say that one is still there. Raises ValidationError when the session has ended."""
    session.refresh_from_db(fields=["ended_at"])
    if session.ended_at is not None:
        raise ValidationError("The session has ended.")
    now = timezone.now()
    seat = _seat_of(session, voice)
    if seat is None:
        seat = Seat.objects.create(
            session=session, person=voice.person, guest=voice.guest, name=voice.name[:150], seen_at=now
        )
        came = True
    else:
        came = seat.left_at is not None
        Seat.objects.filter(pk=seat.pk).update(seen_at=now, left_at=None)
    if came:
        _tell(session, "session.seats", {"came": seat.name})
    return seat


@transaction.atomic
def leave_session(session: ReviewSession, voice: Voice) -> bool:
    """Stand up; False when one was not sitting."""
    seat = _seat_of(session, voice)
    if seat is None or not Seat.objects.filter(pk=seat.pk, left_at=None).update(left_at=timezone.now()):
        return False
    _tell(session, "session.seats", {"left": seat.name})
    return True


@transaction.atomic
def end_session(session: ReviewSession, *, by: Any) -> bool:
    """End the session and write its summary; False when it had ended."""
    now = timezone.now()
    if not ReviewSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now, playing=False):
        return False
    session.refresh_from_db()
    session.summary = _summary(session)
    session.save(update_fields=["summary"])
    for seat in session.seats.exclude(person=None).exclude(person=by).select_related("person"):
        words = f"{session.playlist.name}: {session.summary['words']}"
        path = f"/projects/{session.playlist.project.slug}/dailies/sessions/{session.pk}/"
        tell_person(seat.person, session.playlist.project, NoticeKind.SUMMARY, words, path=path)
    _tell(session, "session.ended", {"summary": session.summary["words"]})
    return True


def where(session: ReviewSession) -> dict[str, Any]:
    """Where the presenter is, as pages are told it."""
    return {
        "take": session.take_id, "frame": session.frame, "playing": session.playing, "speed": session.speed_percent,
        "serial": session.serial, "moved_at": session.moved_at.isoformat() if session.moved_at else None,
    }  # fmt: skip


def _summary(session: ReviewSession) -> dict[str, Any]:
    """What came of it: decisions taken, notes written and takes sent back while it lasted."""
    within = {
        "project": session.playlist.project_id, "take__in": session.playlist.entries.values("take"),
        "created_at__gte": session.started_at, "created_at__lte": session.ended_at,
    }  # fmt: skip
    reviews = list(Review.objects.filter(undone_at=None, **within).values_list("pk", "decision", "take_id"))
    notes = list(Annotation.objects.filter(withdrawn_at=None, **within).values_list("pk", flat=True))
    retakes = {take for _, decision, take in reviews if decision == Decision.RETAKE}
    approved = {take for _, decision, take in reviews if decision == Decision.APPROVE}
    words = f"{_count(len(reviews), 'decision')}, {_count(len(notes), 'note')}, {_count(len(retakes), 'retake')}"
    return {
        "words": words, "reviews": [pk for pk, _, _ in reviews], "notes": notes, "approved": sorted(approved),
        "retakes": sorted(retakes), "people": list(session.seats.values_list("name", flat=True)),
    }  # fmt: skip


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _seat_of(session: ReviewSession, voice: Voice) -> Seat | None:
    who = {"guest": voice.guest} if voice.guest is not None else {"person": voice.person}
    return Seat.objects.select_for_update().filter(session=session, **who).first()


def _tell(session: ReviewSession, event: str, more: dict[str, Any]) -> None:
    payload = {"session": session.pk, "playlist": session.playlist_id, "presenter": session.presenter_id, **more}
    emit(session.playlist.project_id, event, f"session:{session.pk}", payload)
