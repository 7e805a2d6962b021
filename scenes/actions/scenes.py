"""Verbs of scenes."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from projects.events import emit
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Scene, SceneState

from .shots import set_shot_status
from .writing import write


@transaction.atomic
def change_scene(scene: Scene, **fields: Any) -> Scene:
    """Change fields that people write; raises ValidationError with a sentence per field."""
    write(scene, scene.chapter.project_id, fields)
    emit(scene.chapter.project_id, "scene.changed", f"scene:{scene.pk}", {"fields": sorted(fields)})
    return scene


@transaction.atomic
def add_scene(chapter_id: int, project_id: int, **fields: Any) -> Scene:
    """Add a scene to a chapter."""
    scene = Scene(chapter_id=chapter_id)
    write(scene, project_id, fields)
    SceneState.objects.create(scene=scene)
    emit(project_id, "scene.created", f"scene:{scene.pk}", {"number": scene.number})
    return scene


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
def set_scene_status(scene_id: int, project_id: int, status: str) -> None:
    """Move a scene to a status; says so only when it changes something."""
    if SceneState.objects.filter(scene_id=scene_id).exclude(status=status).update(status=status):
        emit(project_id, "scene.status", f"scene:{scene_id}", {"status": str(status)})
