"""Takes that arrive: whoever sent the one before them back is told."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from scenes.models import Take

from .actions import tell_person
from .choices import Decision, NoticeKind
from .models import Review


def tell_of_arrival(sender: type[Take], instance: Take, created: bool, raw: bool = False, **_: Any) -> None:
    """After a take is recorded, in the same transaction: tell the members who sent its predecessor back."""
    if not created or raw or instance.number < 2:
        return
    sent_back = Review.objects.filter(
        take__shot=instance.shot_id, take__number=instance.number - 1, decision=Decision.RETAKE, undone_at=None
    ).exclude(person=None)
    project = instance.shot.scene.chapter.project if sent_back.exists() else None
    if project is None:
        return
    members = get_user_model().objects.filter(memberships__project=project, pk__in=sent_back.values("person"))
    for person in members:
        words = f"Take {instance.number} of {instance.shot.scene.number}/{instance.shot.label} is there"
        tell_person(person, project, NoticeKind.NEW_TAKE, words, instance)
