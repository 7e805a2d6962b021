"""Verbs of takes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from projects.events import emit
from scenes.choices import ReviewState, SceneStatus, ShotStatus, TakeFlag
from scenes.models import Shot, ShotState, Take

from .scenes import set_scene_status
from .shots import set_shot_status


@transaction.atomic
def record_take(shot_id: int, project_id: int, **fields: Any) -> Take:
    """Add a take with the next number of its shot and make it the selected one until a person chooses.

    A take that was approved or that a person selected stays: what a person decided is not undone by a machine.
    """
    ShotState.objects.filter(shot_id=shot_id).update(last_take_number=F("last_take_number") + 1)
    state = ShotState.objects.select_related("selected_take").get(shot_id=shot_id)
    take = Take(shot_id=shot_id, number=state.last_take_number, **fields)
    take.save(force_insert=True)
    if _machine_may_select(state):
        ShotState.objects.filter(shot_id=shot_id).update(selected_take=take)
    emit(project_id, "take.created", f"shot:{shot_id}", {"take": take.pk, "number": take.number})
    set_shot_status(shot_id, project_id, ShotStatus.AWAITING_REVIEW)
    waiting = ShotState.objects.filter(shot__scene__shots=shot_id, selected_take=None).exclude(
        status=ShotStatus.OMITTED
    )
    if not waiting.exists():
        set_scene_status(take.shot.scene_id, project_id, SceneStatus.IN_REVIEW)
    return take


@transaction.atomic
def select_take(shot: Shot, take: Take, by: Any = None) -> bool:
    """Make a take the one the film uses; False when nothing changed.

    `by` is the person who chose, None a machine, which never undoes what a person chose or approved. Raises
    ValidationError for a take of another shot.
    """
    if take.shot_id != shot.pk:
        raise ValidationError(f"{take} is a take of another shot, so {shot} cannot use it.")
    state = ShotState.objects.select_for_update(of=("self",)).select_related("selected_take").get(shot_id=shot.pk)
    if by is None and not _machine_may_select(state):
        return False
    if state.selected_take_id == take.pk and state.chosen_by_id == (by.pk if by else None):
        return False
    ShotState.objects.filter(shot_id=shot.pk).update(selected_take=take, chosen_by=by)
    _tell_of_take(take, "take.selected", {"by": str(by or "")})
    return True


@transaction.atomic
def set_review_state(take: Take, state: str, *, by: Any = None) -> bool:
    """Write what reviewers said of a take, and where its shot stands with it; False when nothing changed.

    An approved take becomes the selected one. Raises ValidationError for a state that is none.
    """
    if state not in ReviewState.values:
        raise ValidationError(f"{state!r} is not a review state; choose one of {', '.join(ReviewState.values)}.")
    if not Take.objects.filter(pk=take.pk).exclude(review_state=state).update(review_state=state):
        return False
    take.review_state = state
    shot = take.shot
    _tell_of_take(take, "take.review", {"state": str(state), "by": str(by or "")})
    if state == ReviewState.APPROVED:
        select_take(shot, take, by)
    selected = ShotState.objects.filter(shot=shot, selected_take=take).exclude(status=ShotStatus.OMITTED)
    if selected.exists():
        set_shot_status(shot.pk, shot.scene.chapter.project_id, STATUS_AFTER_REVIEW[ReviewState(state)])
    return True


@transaction.atomic
def flag_take(take: Take, flag: str, by: Any = None, *, raised: bool = True) -> bool:
    """Put a flag on a take, taking it from the shot's other takes, or take it down; False when nothing changed.

    Flags are TakeFlag's: a machine (`by` None) sets the system's best, people set theirs and the final.
    """
    if flag not in TakeFlag.values:
        raise ValidationError(f"{flag!r} is not a flag; choose one of {', '.join(TakeFlag.values)}.")
    if by is None and flag != TakeFlag.SYSTEM_BEST:
        raise ValidationError(f"Only a person decides which take is the {TakeFlag(flag).label.lower()}.")
    name = f"is_{flag}"
    takes = Take.objects.select_for_update().filter(shot_id=take.shot_id)
    if raised:
        takes.exclude(pk=take.pk).filter(**{name: True}).update(**{name: False})
    if not takes.filter(pk=take.pk, **{name: not raised}).update(**{name: raised}):
        return False
    setattr(take, name, raised)
    _tell_of_take(take, "take.flagged", {"flag": str(flag), "raised": raised, "by": str(by or "")})
    return True


STATUS_AFTER_REVIEW = {
    ReviewState.PENDING: ShotStatus.AWAITING_REVIEW,
    ReviewState.NEEDS_REVIEW: ShotStatus.AWAITING_REVIEW,
    ReviewState.APPROVED: ShotStatus.APPROVED,
    ReviewState.RETAKE: ShotStatus.RETAKE,
}
"""Where a shot stands when its selected take was given this review state."""


def _machine_may_select(state: ShotState) -> bool:
    """Whether no person has decided which take the film uses."""
    if state.selected_take is None:
        return True
    return state.chosen_by_id is None and state.selected_take.review_state != ReviewState.APPROVED


def _tell_of_take(take: Take, event: str, payload: dict[str, Any]) -> None:
    project_id = take.shot.scene.chapter.project_id
    emit(project_id, event, f"shot:{take.shot_id}", {"take": take.pk, "number": take.number, **payload})
