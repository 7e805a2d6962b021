"""Verbs of shots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from projects.events import emit
from scenes.choices import ShotStatus
from scenes.models import Scene, Shot, ShotState

from .writing import write


@transaction.atomic
def change_shot(shot: Shot, **fields: Any) -> Shot:
    """Change fields that people write; raises ValidationError with a sentence per field."""
    write(shot, shot.scene.chapter.project_id, fields)
    emit(shot.scene.chapter.project_id, "shot.changed", f"shot:{shot.pk}", {"fields": sorted(fields)})
    return shot


@transaction.atomic
def add_shot(scene: Scene, project_id: int, **fields: Any) -> Shot:
    """Add a shot to a scene."""
    shot = Shot(scene=scene)
    write(shot, project_id, fields)
    ShotState.objects.create(shot=shot)
    emit(project_id, "shot.created", f"shot:{shot.pk}", {"number": shot.number, "scene": scene.pk})
    return shot


@transaction.atomic
def remove_shots(shots: Iterable[Shot], project_id: int) -> None:
    """Take shots out of a scene: those that were never filmed go, those with takes stay as omitted."""
    for shot in shots:
        if shot.takes.exists():
            set_shot_status(shot.pk, project_id, ShotStatus.OMITTED)
        else:
            pk = shot.pk
            shot.delete()
            emit(project_id, "shot.removed", f"shot:{pk}", {"scene": shot.scene_id})


@transaction.atomic
def set_shot_status(shot_id: int, project_id: int, status: str, *, error: str = "") -> None:
    """Move a shot to a status, with the reason when it failed; says so only when it changes something."""
    moved = (
        ShotState.objects.filter(shot_id=shot_id)
        .exclude(status=status, error_message=error)
        .update(status=status, error_message=error)
    )
    if moved:
        emit(project_id, "shot.status", f"shot:{shot_id}", {"status": str(status), "error": error})
