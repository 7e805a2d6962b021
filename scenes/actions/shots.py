"""Verbs of shots. What inserts, splits and merges them is in structure.py."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from projects.actions.rows import replace_children
from projects.actions.writing import changed_fields, refuse_foreign, write
from projects.events import emit
from scenes.choices import ShotStatus
from scenes.models import DIRECTION_FIELDS, Scene, Shot, ShotReference, ShotState

SHOT_LISTS = ("cast", "lines")
"""Lists of a shot that are edited as a whole."""

DECIDED_BY_PERSONS = frozenset(
    {
        *DIRECTION_FIELDS, "business", "description", "purpose", "expected_seconds", "approach", "continues_previous",
        "composite_plan", "hero_prompt", "first_frame_prompt", "last_frame_prompt", "triptych_prompt", "overlay_text",
        "props_seen", "transition_out",
    }
)  # fmt: skip
"""Fields the planner fills in as well: once a person changed one, planning again leaves it as it is."""

OMISSION = "omitted"
"""Stands among a shot's overrides when a person took it out: planning again does not bring it back."""

AT_WORK = frozenset({ShotStatus.COMPOSITING, ShotStatus.VERIFYING, ShotStatus.GENERATING_VIDEO, ShotStatus.POST})
"""Statuses that only a run under way gives."""


@transaction.atomic
def add_shot(scene: Scene, project_id: int, *, by: Any = None, **fields: Any) -> Shot:
    """Add a shot to a scene; cast and lines are given as rows. Raises ValidationError by field."""
    rows = {name: fields.pop(name) for name in SHOT_LISTS if name in fields}
    shot = Shot(scene=scene, created_by=by)
    write(shot, fields, project_id)
    ShotState.objects.create(shot=shot)
    for name, values in rows.items():
        replace_children(shot, name, _numbered(values), project_id)
    emit(project_id, "shot.created", f"shot:{shot.pk}", {"number": shot.number, "scene": scene.pk})
    return shot


@transaction.atomic
def change_shot(shot: Shot, *, by: Any = None, because: str = "", **fields: Any) -> Shot:
    """A person's change of fields and lists; planning again will leave these fields alone.

    `because` is kept with the decision, for those who read the shot later. Raises ValidationError with a sentence per
    field.
    """
    project_id = shot.scene.chapter.project_id
    rows = {name: fields.pop(name) for name in SHOT_LISTS if name in fields}
    fields = changed_fields(shot, fields)
    if not (fields or rows):
        return shot
    decided = fields.keys() & DECIDED_BY_PERSONS
    overrides = sorted({*shot.overrides, *decided}) if decided else shot.overrides
    _note_decisions(shot, decided, by, because)
    write(shot, fields | ({"overrides": overrides} if overrides != shot.overrides else {}), project_id)
    for name, values in rows.items():
        replace_children(shot, name, _numbered(values), project_id)
    payload: dict[str, Any] = {"fields": sorted([*fields, *rows])}
    emit(project_id, "shot.changed", f"shot:{shot.pk}", payload | ({"by": str(by)} if by else {}))
    return shot


@transaction.atomic
def plan_shot(shot: Shot, **fields: Any) -> list[str]:
    """The planner's change of a shot: what a person decided stays. Returns the names of what changed."""
    project_id = shot.scene.chapter.project_id
    record_plan(shot, fields)
    fields = changed_fields(shot, {name: value for name, value in fields.items() if name not in shot.overrides})
    if fields:
        write(shot, fields, project_id)
        emit(project_id, "shot.changed", f"shot:{shot.pk}", {"fields": sorted(fields)})
    return sorted(fields)


@transaction.atomic
def give_back_to_planner(shot: Shot, names: Iterable[str], *, by: Any = None) -> Shot:
    """Let planning decide these fields again: they are at once what the planner last had for them.

    Raises ValidationError for a field that planning does not decide.
    """
    given = set(names)
    if unknown := sorted(given - DECIDED_BY_PERSONS):
        raise ValidationError(f"Planning does not decide {unknown[0]!r} of a shot.")
    given &= set(shot.overrides)
    if given:
        state = ShotState.objects.select_for_update().get(shot=shot)
        planned = {name: value for name, value in state.planned.items() if name in given}
        left = [name for name in shot.overrides if name not in given]
        write(shot, {**planned, "overrides": left}, shot.scene.chapter.project_id)
        decided = {name: row for name, row in state.decided.items() if name not in given}
        ShotState.objects.filter(shot=shot).update(decided=decided)
        emit(
            shot.scene.chapter.project_id, "shot.changed", f"shot:{shot.pk}",
            {"fields": sorted({*planned, "overrides"}), "by": str(by or "")},
        )  # fmt: skip
    return shot


@transaction.atomic
def record_plan(shot: Shot, fields: Mapping[str, Any]) -> None:
    """Keep what the planner has for a shot's fields, so that a person who decided otherwise can give one back."""
    if planned := planned_fields(fields):
        state = ShotState.objects.select_for_update().get(shot=shot)
        ShotState.objects.filter(shot=shot).update(planned={**state.planned, **planned})


@transaction.atomic
def draw_seed(shot: Shot) -> int:
    """The seed of a shot whose production's seeds are random: drawn once, the same for every take from then on."""
    state = ShotState.objects.select_for_update().get(shot=shot)
    if state.drawn_seed is None:
        state.drawn_seed = secrets.randbelow(2**31)
        ShotState.objects.filter(shot=shot).update(drawn_seed=state.drawn_seed)
    return state.drawn_seed


@transaction.atomic
def choose_references(shot: Shot, rows: Sequence[Mapping[str, Any]], *, by: Any = None) -> list[ShotReference]:
    """The images a shot's pictures are made with, in order; `by` None is a machine, which leaves a person's choice.

    Each row has kind, picture, and may have name, description and strength (0 to 1). Raises ValidationError when
    there are more than three or a row cannot be kept.
    """
    if len(rows) > ShotReference.MOST:
        raise ValidationError(f"A shot has at most {ShotReference.MOST} references; {len(rows)} were given.")
    standing = list(shot.references.all())
    if by is None and any(reference.chosen_by_id for reference in standing):
        return standing
    project_id = shot.scene.chapter.project_id
    chosen = [ShotReference(shot=shot, position=place, chosen_by=by, **row) for place, row in enumerate(rows, start=1)]
    for reference in chosen:
        refuse_foreign(reference, project_id, {"picture": reference.picture})
        reference.full_clean(validate_unique=False, validate_constraints=False)
    shot.references.all().delete()
    ShotReference.objects.bulk_create(chosen)
    emit(
        project_id, "shot.references", f"shot:{shot.pk}",
        {"pictures": [reference.picture_id for reference in chosen], "by": str(by or "")},
    )  # fmt: skip
    return chosen


@transaction.atomic
def remove_shots(shots: Iterable[Shot], project_id: int) -> None:
    """Take shots out of a scene: those that were never filmed go, those with takes stay as omitted."""
    for shot in shots:
        if shot.takes.exists():
            omit_shot(shot)
        else:
            pk = shot.pk
            shot.delete()
            emit(project_id, "shot.removed", f"shot:{pk}", {"scene": shot.scene_id})


@transaction.atomic
def omit_shot(shot: Shot, *, by: Any = None) -> bool:
    """Take a shot out of the film and keep its number; False when it is out already."""
    omitted = (
        ShotState.objects.filter(shot=shot)
        .exclude(status=ShotStatus.OMITTED)
        .update(
            status_before_omission=F("status"), status=ShotStatus.OMITTED, error_message="", omitted_with_scene=False
        )
    )
    if omitted:
        if by is not None:
            _decide(shot, [*shot.overrides, OMISSION])
        _tell_status(shot, ShotStatus.OMITTED, by)
    return bool(omitted)


@transaction.atomic
def restore_shot(shot: Shot, *, by: Any = None) -> bool:
    """Bring an omitted shot back to where it stood; False when it was not omitted."""
    state = ShotState.objects.select_for_update().get(shot=shot)
    if state.status != ShotStatus.OMITTED:
        return False
    status = state.status_before_omission or ShotStatus.PLANNED
    if status in AT_WORK:  # that work has ended meanwhile
        status = ShotStatus.AWAITING_REVIEW if state.selected_take_id else ShotStatus.PLANNED
    ShotState.objects.filter(shot=shot).update(status=status, status_before_omission="", omitted_with_scene=False)
    _decide(shot, [name for name in shot.overrides if name != OMISSION])
    _tell_status(shot, status, by)
    return True


@transaction.atomic
def set_shot_status(shot_id: int, project_id: int, status: str, *, error: str = "") -> None:
    """Move a shot to a status, with the reason when it failed; says so only when it changes something.

    A shot that is omitted stays so until it is restored: work that was under way only says where it comes back to.
    """
    states = ShotState.objects.filter(shot_id=shot_id)
    if status != ShotStatus.OMITTED:
        states.filter(status=ShotStatus.OMITTED).update(status_before_omission=status)
        states = states.exclude(status=ShotStatus.OMITTED)
    moved = states.exclude(status=status, error_message=error).update(status=status, error_message=error)
    if moved:
        emit(project_id, "shot.status", f"shot:{shot_id}", {"status": str(status), "error": error})


@transaction.atomic
def count_shot_work(shot_id: int, *, seconds: Decimal = Decimal(0), retries: int = 0) -> None:
    """Add to the time a shot's runs took and to how often they were tried again."""
    ShotState.objects.filter(shot_id=shot_id).update(
        processing_seconds=F("processing_seconds") + seconds, retry_count=F("retry_count") + retries
    )


@transaction.atomic
def record_decisions(shot: Shot, decisions: Sequence[Mapping[str, Any]]) -> None:
    """What the shot agent decided, each with `field`, `value`, `reason` and `by`, in place of what it said before."""
    ShotState.objects.filter(shot=shot).update(decisions=[dict(decision) for decision in decisions])
    fields = [str(decision.get("field", "")) for decision in decisions]
    emit(shot.scene.chapter.project_id, "shot.decisions", f"shot:{shot.pk}", {"fields": fields})


@transaction.atomic
def record_frames(shot: Shot, **assets: int | None) -> None:
    """Point a shot at the pictures its video is made from: final_composite, start_image, end_image (asset ids)."""
    known = {"final_composite", "start_image", "end_image"}
    if unknown := assets.keys() - known:
        raise ValidationError(f"A shot has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}.")
    ShotState.objects.filter(shot=shot).update(**{f"{name}_id": pk for name, pk in assets.items()})
    emit(shot.scene.chapter.project_id, "shot.frames", f"shot:{shot.pk}", dict(assets))


def _note_decisions(shot: Shot, names: Iterable[str], by: Any, because: str) -> None:
    """Who decided these fields, when and why; before they are written, so that what the planner had is known."""
    row = {"by": str(by or ""), "at": timezone.now().isoformat(), "reason": " ".join(because.split())[:400]}
    if decided := dict.fromkeys(names, row):
        state = ShotState.objects.select_for_update().get(shot=shot)
        new = decided.keys() - state.planned.keys() - set(shot.overrides) if state.plan_reason else set()
        stood = planned_fields(Shot.objects.filter(pk=shot.pk).values(*new).first() or {}) if new else {}
        ShotState.objects.filter(shot=shot).update(
            decided={**state.decided, **decided}, planned={**stood, **state.planned}
        )


def planned_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a plan's fields that a person may decide, as JSON keeps them."""
    return {
        name: str(value) if isinstance(value, Decimal | str) else value
        for name, value in fields.items()
        if name in DECIDED_BY_PERSONS
    }


def _decide(shot: Shot, overrides: list[str]) -> None:
    if overrides != shot.overrides:
        shot.overrides = sorted(set(overrides))
        Shot.objects.filter(pk=shot.pk).update(overrides=shot.overrides)


def _tell_status(shot: Shot, status: str, by: Any) -> None:
    payload = {"status": str(status), "error": ""} | ({"by": str(by)} if by else {})
    emit(shot.scene.chapter.project_id, "shot.status", f"shot:{shot.pk}", payload)


def _numbered(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "order": place} for place, row in enumerate(rows)]
