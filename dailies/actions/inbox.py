"""Verbs of notices and of how people want to be told."""

from __future__ import annotations

import zoneinfo
from datetime import time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dailies.choices import NoticeKind
from dailies.models import Notice, ReviewPreference, RoomSettings
from projects.events import emit
from projects.models import Project
from scenes.models import Take

USUAL_MAIL_AT = time(8)


@transaction.atomic
def tell_person(person: Any, project: Project, kind: str, text: str, take: Take | None = None, path: str = "") -> bool:
    """Put a notice into a person's inbox; False when they do not want this kind. `path` leads there on the site."""
    preference = ReviewPreference.objects.filter(person=person).first()
    if preference and kind in preference.muted:
        return False
    if not path and take is not None:
        path = f"/projects/{project.slug}/dailies/shots/{take.shot_id}/?take={take.number}"
    notice = Notice.objects.create(person=person, project=project, kind=kind, text=text[:400], path=path)
    emit(project.pk, "dailies.notice", f"person:{person.pk}", {"person": person.pk, "notice": notice.pk})
    return True


@transaction.atomic
def read_notices(person: Any, ids: list[int] | None = None) -> int:
    """Mark a person's notices as read, all of them where none are named; returns how many were unread."""
    notices = Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        notices = notices.filter(pk__in=ids)
    return notices.update(read_at=timezone.now())


@transaction.atomic
def settle_preference(
    person: Any, *, daily_mail: bool, muted: list[str], quiet_from: time | None, quiet_until: time | None,
    time_zone: str, mail_at: time | None = None,
) -> ReviewPreference:  # fmt: skip
    """Write how a person wants to be told; `mail_at` is the usual hour where it is not given.

    Raises ValidationError by field.
    """
    if unknown := [kind for kind in muted if kind not in NoticeKind.values]:
        raise ValidationError({"muted": f"{unknown[0]!r} is not a kind of notice."})
    if time_zone not in zoneinfo.available_timezones():
        raise ValidationError({"time_zone": f"{time_zone!r} is not a time zone; one is Europe/Vienna."})
    if (quiet_from is None) != (quiet_until is None):
        raise ValidationError({"quiet_until": "Quiet hours have a beginning and an end: give both, or neither."})
    preference, _ = ReviewPreference.objects.update_or_create(
        person=person,
        defaults={
            "daily_mail": daily_mail, "muted": muted, "quiet_from": quiet_from, "quiet_until": quiet_until,
            "time_zone": time_zone, "mail_at": mail_at or USUAL_MAIL_AT,
        },
    )  # fmt: skip
    return preference


@transaction.atomic
def settle_room(project: Project, *, first_frame: int, qc_threshold: Decimal) -> RoomSettings:
    """Write how the production numbers its frames and where QC begins to warn. Raises ValidationError by field."""
    room = RoomSettings(project=project, first_frame=first_frame, qc_threshold=qc_threshold)
    room.full_clean(validate_unique=False, exclude=["project"])
    room, _ = RoomSettings.objects.update_or_create(
        project=project, defaults={"first_frame": first_frame, "qc_threshold": qc_threshold}
    )
    emit(project.pk, "dailies.room", f"room:{project.pk}", {"first_frame": first_frame})
    return room
