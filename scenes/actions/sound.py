"""Verbs of how a scene sounds: recordings and synthesised readings of its lines."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projects.actions.writing import refuse_foreign
from projects.events import emit
from scenes.models import DialogueAudio, DialogueLine


@transaction.atomic
def record_line_audio(line: DialogueLine, *, sound: Any, spoken: str, **fields: Any) -> DialogueAudio:
    """Add an audio take of a line with the next number; the first is the selected one until a person chooses.

    `sound` is a stored file of the same production. Raises ValidationError by field.
    """
    project_id = line.scene.chapter.project_id
    refuse_foreign(line, project_id, {"sound": sound})
    DialogueLine.objects.select_for_update().get(pk=line.pk)
    last = line.audio_takes.aggregate(number=Max("number"))["number"] or 0
    audio = DialogueAudio(dialogue=line, number=last + 1, sound=sound, spoken=spoken, **fields)
    audio.is_selected = not line.audio_takes.filter(is_selected=True).exists()
    audio.full_clean(exclude=["run"])
    audio.save()
    emit(project_id, "line.audio", f"scene:{line.scene_id}", {"line": line.pk, "number": audio.number})
    return audio


@transaction.atomic
def select_line_audio(audio: DialogueAudio, *, by: Any) -> bool:
    """Make an audio take the one the scene is heard with; False when it is already."""
    if by is None:
        raise ValidationError("Only a person chooses between readings of a line.")
    DialogueLine.objects.select_for_update().get(pk=audio.dialogue_id)
    readings = DialogueAudio.objects.filter(dialogue_id=audio.dialogue_id)
    if readings.filter(pk=audio.pk, is_selected=True).exists():
        return False
    readings.update(is_selected=False)
    readings.filter(pk=audio.pk).update(is_selected=True)
    scene = audio.dialogue.scene
    emit(
        scene.chapter.project_id, "line.audio", f"scene:{scene.pk}",
        {"line": audio.dialogue_id, "number": audio.number, "selected": True, "by": str(by)},
    )  # fmt: skip
    return True
