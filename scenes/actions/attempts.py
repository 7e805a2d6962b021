"""Verbs of hero frames and attempts: made in rounds, scored, chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projects.actions.writing import write
from projects.events import emit
from projects.models import Project
from scenes.choices import TakeFlag
from scenes.models import Attempt, GenerationGroup


@transaction.atomic
def start_attempts(project: Project, *, kind: str, by: Any = None, **fields: Any) -> GenerationGroup:
    """Open a group of attempts at a shot or a prompt; raises ValidationError by field."""
    shot = fields.get("shot")
    if shot is not None and shot.scene.chapter.project_id != project.pk:
        raise ValidationError({"shot": f"{shot} belongs to another production."})
    group = GenerationGroup(project=project, kind=kind, created_by=by)
    write(group, fields, project.pk)
    emit(project.pk, "attempts.started", f"attempts:{group.pk}", {"kind": str(kind), "shot": group.shot_id})
    return group


@transaction.atomic
def add_round(group: GenerationGroup, rows: Sequence[Mapping[str, Any]]) -> list[Attempt]:
    """Add the attempts of a further round; rounds before stay. Rows have prompt, settings, changed, seed.

    Raises ValidationError by field.
    """
    GenerationGroup.objects.select_for_update().get(pk=group.pk)
    last = group.attempts.aggregate(round=Max("round"), number=Max("number"))
    round_number, number = (last["round"] or 0) + 1, last["number"] or 0
    attempts = []
    for place, row in enumerate(rows, start=1):
        attempt = Attempt(group=group, round=round_number, number=number + place, **row)
        attempt.full_clean(exclude=["run", "picture", "take", "settings", "scores"])
        attempt.save()
        attempts.append(attempt)
    emit(
        group.project_id, "attempts.round", f"attempts:{group.pk}",
        {"round": round_number, "attempts": [attempt.pk for attempt in attempts]},
    )  # fmt: skip
    return attempts


@transaction.atomic
def record_attempt(attempt: Attempt, **fields: Any) -> Attempt:
    """What became of an attempt: run, picture, take, score, scores, error_message."""
    known = {"run", "run_id", "picture", "picture_id", "take", "take_id", "score", "scores", "error_message"}
    if unknown := fields.keys() - known:
        raise ValidationError(f"What was asked of an attempt never changes: {', '.join(sorted(unknown))}.")
    for name, value in fields.items():
        setattr(attempt, name, value)
    attempt.full_clean(exclude=["run", "picture", "take", "settings", "scores"])
    attempt.save()
    _tell(attempt, "attempt.recorded", {"score": str(attempt.score) if attempt.score is not None else None})
    return attempt


@transaction.atomic
def choose_attempt(attempt: Attempt, flag: str, *, by: Any = None, reason: str = "") -> bool:
    """Mark the best attempt of its group (a TakeFlag), taking the mark from the others; False when it had it.

    A machine (`by` None) marks the system's best, with its reason; people mark theirs and the final.
    """
    if flag not in TakeFlag.values:
        raise ValidationError(f"{flag!r} is not a flag; choose one of {', '.join(TakeFlag.values)}.")
    if by is None and flag != TakeFlag.SYSTEM_BEST:
        raise ValidationError(f"Only a person decides which attempt is the {TakeFlag(flag).label.lower()}.")
    name = f"is_{flag}"
    GenerationGroup.objects.select_for_update().get(pk=attempt.group_id)
    others = Attempt.objects.filter(group_id=attempt.group_id, **{name: True}).exclude(pk=attempt.pk)
    others.update(**{name: False}, **({"system_reason": ""} if by is None else {}))
    said = {"system_reason": reason} if by is None else {}
    if not Attempt.objects.filter(pk=attempt.pk, **{name: False}).update(**{name: True}, **said):
        return False
    setattr(attempt, name, True)
    _tell(attempt, "attempt.chosen", {"flag": str(flag), "by": str(by or ""), "reason": reason})
    return True


@transaction.atomic
def favour_attempt(attempt: Attempt, favourite: bool, *, by: Any) -> bool:
    """Add an attempt to the favourites or take it out; False when nothing changed."""
    changed = Attempt.objects.filter(pk=attempt.pk, is_favourite=not favourite).update(is_favourite=favourite)
    if changed:
        attempt.is_favourite = favourite
        _tell(attempt, "attempt.favourite", {"favourite": favourite, "by": str(by)})
    return bool(changed)


def _tell(attempt: Attempt, event: str, payload: dict[str, Any]) -> None:
    emit(attempt.group.project_id, event, f"attempts:{attempt.group_id}", {"attempt": attempt.pk, **payload})
