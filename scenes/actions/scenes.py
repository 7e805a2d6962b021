"""Verbs of scenes. What inserts, splits and merges them is in structure.py."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from projects.actions.rows import replace_children
from projects.actions.writing import changed_fields, pending_lists, write
from projects.events import emit
from projects.revisions import follow
from scenes.choices import ApprovalState, SceneStatus, ShotStatus
from scenes.models import Scene, SceneState, ShotState

from .shots import omit_shot, restore_shot

SCENE_LISTS = ("cast", "props", "set_elements", "dialogue", "sound_effects", "references")
"""Lists of a scene that people edit as a whole."""

NOT_APPROVED = frozenset(
    {"number", "sequence", "page", "transition_in", "transition_out", "location", "length_eighths"}
)
"""Fields that may change without the scene having to be approved again: they follow from elsewhere."""


@transaction.atomic
def add_scene(chapter_id: int, project_id: int, *, by: Any = None, agent: str = "", **fields: Any) -> Scene:
    """Add a scene to a chapter; lists such as cast and dialogue are given as rows.

    `agent` names the machine that made it. Raises ValidationError with a sentence per field.
    """
    rows = {name: fields.pop(name) for name in SCENE_LISTS if name in fields}
    scene = Scene(chapter_id=chapter_id, created_by=by)
    write(scene, fields, project_id)
    SceneState.objects.create(scene=scene, agent=agent)
    for name, values in rows.items():
        replace_children(scene, name, values, project_id)
    emit(project_id, "scene.created", f"scene:{scene.pk}", {"number": scene.number})
    return scene


@transaction.atomic
def change_scene(scene: Scene, *, by: Any = None, **fields: Any) -> Scene:
    """Change fields and lists that people write; raises ValidationError with a sentence per field."""
    project_id = scene.chapter.project_id
    rows = {name: fields.pop(name) for name in SCENE_LISTS if name in fields}
    fields, pending = changed_fields(scene, fields), pending_lists(scene)
    changed = {*fields, *rows, *pending}
    if not changed:
        return scene
    write(scene, fields, project_id)
    for name, values in rows.items():
        replace_children(scene, name, values, project_id)
    if changed - NOT_APPROVED:
        open_again(scene)
    follow(scene, fields, lists=rows, by=by)
    payload: dict[str, Any] = {"fields": sorted(changed)}
    emit(project_id, "scene.changed", f"scene:{scene.pk}", payload | ({"by": str(by)} if by else {}))
    return scene


@transaction.atomic
def set_scene_status(scene_id: int, project_id: int, status: str, *, error: str = "") -> None:
    """Move a scene to a status, with the reason when it failed; says so only when it changes something.

    An omitted scene stays omitted until it is restored.
    """
    moved = (
        SceneState.objects.filter(scene_id=scene_id)
        .exclude(status=SceneStatus.OMITTED)
        .exclude(status=status, error_message=error)
        .update(status=status, error_message=error)
    )
    if moved:
        payload = {"status": str(status)} | ({"error": error} if error else {})
        emit(project_id, "scene.status", f"scene:{scene_id}", payload)


@transaction.atomic
def count_scene_work(scene_id: int, *, seconds: Decimal = Decimal(0), retries: int = 0) -> None:
    """Add to the time a scene's runs took and to how often they were tried again."""
    SceneState.objects.filter(scene_id=scene_id).update(
        processing_seconds=F("processing_seconds") + seconds, retry_count=F("retry_count") + retries
    )


@transaction.atomic
def set_scene_approval(scene: Scene, approval: str, *, by: Any = None) -> bool:
    """Write whether the people responsible approve the scene as it is written; False when nothing changed."""
    if approval not in ApprovalState.values:
        known = ", ".join(ApprovalState.values)
        raise ValidationError(f"{approval!r} is not an approval state; choose one of {known}.")
    approved_by = by if approval == ApprovalState.APPROVED else None
    states = SceneState.objects.filter(scene=scene).exclude(approval=approval)
    if not states.update(approval=approval, approved_by=approved_by):
        return False
    emit(
        scene.chapter.project_id, "scene.approval", f"scene:{scene.pk}",
        {"approval": str(approval), "by": str(by or "")},
    )  # fmt: skip
    return True


@transaction.atomic
def omit_scene(scene: Scene, *, by: Any = None) -> bool:
    """Keep the scene's number in the script and take it and its shots out of the film; False when it is out."""
    project_id = scene.chapter.project_id
    omitted = (
        SceneState.objects.filter(scene=scene)
        .exclude(status=SceneStatus.OMITTED)
        .update(status_before_omission=F("status"), status=SceneStatus.OMITTED)
    )
    if not omitted:
        return False
    for shot in scene.shots.exclude(state__status=ShotStatus.OMITTED):
        omit_shot(shot, by=by)
        ShotState.objects.filter(shot=shot).update(omitted_with_scene=True)
    emit(project_id, "scene.status", f"scene:{scene.pk}", {"status": SceneStatus.OMITTED})
    return True


@transaction.atomic
def restore_scene(scene: Scene, *, by: Any = None) -> bool:
    """Bring an omitted scene back with the shots that went out with it; False when it was not omitted."""
    project_id = scene.chapter.project_id
    state = SceneState.objects.select_for_update().get(scene=scene)
    if state.status != SceneStatus.OMITTED:
        return False
    status = state.status_before_omission or SceneStatus.DRAFT
    if status == SceneStatus.GENERATING:  # that work has ended meanwhile
        status = SceneStatus.READY_FOR_GENERATION
    SceneState.objects.filter(scene=scene).update(status=status, status_before_omission="")
    for shot in scene.shots.filter(state__status=ShotStatus.OMITTED, state__omitted_with_scene=True):
        restore_shot(shot, by=by)
    emit(project_id, "scene.status", f"scene:{scene.pk}", {"status": str(status)})
    return True


@transaction.atomic
def open_again(scene: Scene) -> None:
    """Take back the approval of a scene that was rewritten: what was approved was the scene as it stood."""
    approved = SceneState.objects.filter(scene=scene, approval=ApprovalState.APPROVED)
    if approved.update(approval=ApprovalState.OPEN, approved_by=None):
        payload = {"approval": str(ApprovalState.OPEN), "by": ""}
        emit(scene.chapter.project_id, "scene.approval", f"scene:{scene.pk}", payload)
