"""Verbs of decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from dailies.choices import Decision, NoticeKind, Reason
from dailies.models import RetakeNotes, Review
from dailies.voices import Voice
from projects.events import emit
from projects.models import Project
from scenes.actions import select_take, set_review_state
from scenes.choices import ReviewState
from scenes.models import ShotState, Take

from .inbox import tell_person

STATES = {
    Decision.APPROVE: ReviewState.APPROVED,
    Decision.RETAKE: ReviewState.RETAKE,
    Decision.NEEDS_REVIEW: ReviewState.NEEDS_REVIEW,
}
"""What a decision makes of its take."""

LONGEST_REASON = 2_000
RETAKES_TOLD = 8
"""The newest retakes of a shot that its prompt is told of: a prompt has an end, and old faults are mended."""


@transaction.atomic
def decide(
    project: Project, take: Take, decision: str, *, voice: Voice, key: UUID, reasons: Iterable[str] = (),
    text: str = "", frame: int | None = None,
) -> tuple[Review, bool]:  # fmt: skip
    """Write down a decision and what follows from it for the take; the same key again is the same decision.

    Of two people who decide at once both decisions are kept, and the take is what the later one says. Returns the
    decision and whether it is new. Raises ValidationError with a sentence.
    """
    reasons, text = list(dict.fromkeys(reasons)), text.strip()
    _check(take, decision, reasons, text, frame)
    state = _hold(take)
    known = Review.objects.filter(project=project, client_key=key).first()
    if known is not None:
        if (known.take_id, known.decision) != (take.pk, decision):
            raise ValidationError("This key was used for another decision.")
        return known, False
    take.refresh_from_db(fields=["review_state"])
    review = Review.objects.create(
        project=project, take=take, decision=decision, reasons=reasons, text=text, frame=frame, client_key=key,
        state_before=take.review_state, selected_before_id=state.selected_take_id, **voice.columns,
    )  # fmt: skip
    set_review_state(take, STATES[Decision(decision)], by=voice.person)
    if decision == Decision.RETAKE:
        _refresh_notes(take.shot_id)
        _tell_maker(review)
    _tell(review, "dailies.decided")
    return review, True


@transaction.atomic
def undo_decision(review: Review, *, voice: Voice) -> bool:
    """Take back one's own decision: the take is again what the decisions that remain make it.

    False when it was undone already. Raises PermissionDenied for another's decision.
    """
    if not voice.said(review):
        raise PermissionDenied("Only whoever decided can take the decision back.")
    _hold(review.take)
    if not Review.objects.filter(pk=review.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=voice.person):
        return False
    take = review.take
    take.refresh_from_db(fields=["review_state"])
    last = take.reviews.filter(undone_at=None).order_by("-pk").first()
    first = take.reviews.order_by("pk").first()
    before = first.state_before if first else ReviewState.PENDING
    set_review_state(take, STATES[Decision(last.decision)] if last else before, by=voice.person)
    _give_back_selection(review, voice)
    if review.decision == Decision.RETAKE:
        _refresh_notes(take.shot_id)
    _tell(review, "dailies.undone")
    return True


def _check(take: Take, decision: str, reasons: list[str], text: str, frame: int | None) -> None:
    if decision not in Decision.values:
        raise ValidationError(f"{decision!r} is not a decision; choose one of {', '.join(Decision.values)}.")
    unknown = [code for code in reasons if code not in Reason.values]
    if unknown:
        raise ValidationError(f"{unknown[0]!r} is not a reason; choose from {', '.join(Reason.values)}.")
    if len(text) > LONGEST_REASON:
        raise ValidationError(f"The reason has {len(text)} letters; {LONGEST_REASON} fit.")
    if frame is not None and not 0 <= frame < take.frames:
        raise ValidationError(f"Frame {frame} is not in {take}, which has {take.frames} frames.")


def _hold(take: Take) -> ShotState:
    """Decisions about the takes of a shot come one after the other."""
    return ShotState.objects.select_for_update().get(shot_id=take.shot_id)


def _give_back_selection(review: Review, voice: Voice) -> None:
    """An approval selected its take; undone, the film uses again what it used before."""
    shot, before = review.take.shot, review.selected_before
    if review.decision != Decision.APPROVE or before is None or before.pk == review.take_id:
        return
    state = ShotState.objects.get(shot=shot)
    mine = voice.person is None or state.chosen_by_id == voice.person.pk
    if state.selected_take_id == review.take_id and mine:
        select_take(shot, before, voice.person)


def _refresh_notes(shot_id: int) -> None:
    """Write anew what the shot's later prompts are told."""
    retakes = Review.objects.filter(take__shot_id=shot_id, decision=Decision.RETAKE, undone_at=None).order_by("-pk")
    sentences: dict[str, None] = {}
    for retake in reversed(retakes[:RETAKES_TOLD]):
        for words in [*retake.reason_words, retake.text]:
            if words := " ".join(words.split()).rstrip("."):
                sentences[f"{words}."] = None
    told = " ".join(sentences)
    if told or RetakeNotes.objects.filter(shot_id=shot_id).exists():
        notes, _ = RetakeNotes.objects.get_or_create(shot_id=shot_id)
        if notes.words != told:  # the time says since when takes are behind: only words move it
            notes.words = told
            notes.save(update_fields=["words", "updated_at"])


def _tell_maker(review: Review) -> None:
    maker = review.take.created_by
    if maker is not None and maker != review.person:
        text = f"{review.signature} sent back {review.take.asset_name}"
        why = ", ".join([*review.reason_words, *([review.text] if review.text else [])])
        tell_person(maker, review.project, NoticeKind.RETAKE, f"{text}: {why}" if why else text, review.take)


def _tell(review: Review, event: str) -> None:
    payload: dict[str, Any] = {
        "review": review.pk, "take": review.take_id, "shot": review.take.shot_id, "decision": review.decision,
        "by": review.signature, "key": str(review.client_key), "frame": review.frame,
        "state": Take.objects.values_list("review_state", flat=True).get(pk=review.take_id),
    }  # fmt: skip
    emit(review.project_id, event, f"take:{review.take_id}", payload)
