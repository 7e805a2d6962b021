"""The only writers of scenes, shots and takes: one named verb per change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from projects.events import emit

from .choices import ReviewState, SceneStatus, ShotStatus
from .models import Scene, SceneState, Shot, ShotState, Take


@transaction.atomic
def change_scene(scene: Scene, **fields: Any) -> Scene:
    """Change fields that people write; raises ValidationError with a sentence per field."""
    _write(scene, fields)
    emit(scene.chapter.project_id, "scene.changed", f"scene:{scene.pk}", {"fields": sorted(fields)})
    return scene


@transaction.atomic
def change_shot(shot: Shot, **fields: Any) -> Shot:
    """Change fields that people write; raises ValidationError with a sentence per field."""
    _write(shot, fields)
    emit(shot.scene.chapter.project_id, "shot.changed", f"shot:{shot.pk}", {"fields": sorted(fields)})
    return shot


@transaction.atomic
def add_scene(chapter_id: int, project_id: int, **fields: Any) -> Scene:
    """Add a scene to a chapter."""
    scene = Scene(chapter_id=chapter_id)
    _write(scene, fields)
    SceneState.objects.create(scene=scene)
    emit(project_id, "scene.created", f"scene:{scene.pk}", {"number": scene.number})
    return scene


@transaction.atomic
def add_shot(scene: Scene, project_id: int, **fields: Any) -> Shot:
    """Add a shot to a scene."""
    shot = Shot(scene=scene)
    _write(shot, fields)
    ShotState.objects.create(shot=shot)
    emit(project_id, "shot.created", f"shot:{shot.pk}", {"number": shot.number, "scene": scene.pk})
    return shot


@transaction.atomic
def omit_scene(scene: Scene) -> None:
    """Keep the scene's number in the script and take it and its shots out of the film."""
    project_id = scene.chapter.project_id
    if (
        not SceneState.objects.filter(scene=scene)
        .exclude(status=SceneStatus.OMITTED)
        .update(status=SceneStatus.OMITTED)
    ):
        return
    for shot in scene.shots.all():
        set_shot_status(shot.pk, project_id, ShotStatus.OMITTED)
    emit(project_id, "scene.status", f"scene:{scene.pk}", {"status": SceneStatus.OMITTED})


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


@transaction.atomic
def set_scene_status(scene_id: int, project_id: int, status: str) -> None:
    """Move a scene to a status; says so only when it changes something."""
    if SceneState.objects.filter(scene_id=scene_id).exclude(status=status).update(status=status):
        emit(project_id, "scene.status", f"scene:{scene_id}", {"status": str(status)})


@transaction.atomic
def record_take(shot_id: int, project_id: int, **fields: Any) -> Take:
    """Add a take with the next number of its shot and make it the selected one until a person chooses.

    A take that was approved stays selected: what a person decided is not undone by a machine.
    """
    ShotState.objects.filter(shot_id=shot_id).update(last_take_number=F("last_take_number") + 1)
    state = ShotState.objects.select_related("selected_take").get(shot_id=shot_id)
    take = Take(shot_id=shot_id, number=state.last_take_number, **fields)
    take.save(force_insert=True)
    if state.selected_take is None or state.selected_take.review_state != ReviewState.APPROVED:
        ShotState.objects.filter(shot_id=shot_id).update(selected_take=take)
    emit(project_id, "take.created", f"shot:{shot_id}", {"take": take.pk, "number": take.number})
    set_shot_status(shot_id, project_id, ShotStatus.AWAITING_REVIEW)
    waiting = ShotState.objects.filter(shot__scene__shots=shot_id, selected_take=None).exclude(
        status=ShotStatus.OMITTED
    )
    if not waiting.exists():
        set_scene_status(take.shot.scene_id, project_id, SceneStatus.IN_REVIEW)
    return take


def _write(record: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if not hasattr(record, name):
            raise ValidationError(f"A {record._meta.verbose_name} has no field {name!r}.")
        setattr(record, name, value)
    record.full_clean()
    record.save()
