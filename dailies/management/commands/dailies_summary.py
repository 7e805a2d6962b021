"""One mail a day to everybody for whom there is something: run it from the machine's timer, once an hour."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from dailies.models import DailyMail, Notice, ReviewPreference
from dailies.queries import preference_of, reviewed_by, takes_waiting
from dailies.quiet import is_quiet

MOST_LINES = 40


class Command(BaseCommand):
    """Mail the summary of the day."""

    help = "Mail everybody what they have not read and what waits for them, once a day at the hour they chose."

    def handle(self, *args: Any, **options: Any) -> None:
        """One person at a time: a mail that fails is sent with the next run, and keeps nobody else's."""
        sent = failed = 0
        for person in get_user_model().objects.filter(is_active=True).exclude(email="").order_by("pk"):
            try:
                sent += mail_summary(person)
            except OSError as problem:  # what a mail server does, SMTPException among it
                failed += 1
                self.stderr.write(f"{person} was not mailed: {problem}")
        self.stdout.write(f"{sent} mailed" + (f", {failed} failed and go with the next run" if failed else ""))


def mail_summary(person: Any, now: datetime | None = None) -> bool:
    """Mail a person the summary of their day; False where it is not time yet, or there is nothing new to say."""
    now = now or timezone.now()
    preference = preference_of(person)
    last = DailyMail.objects.filter(person=person).values_list("sent_at", flat=True).first()
    if not is_due(preference, last, now):
        return False
    notices = list(Notice.objects.filter(person=person, read_at=None, mailed_at=None).select_related("project"))
    waiting = takes_waiting(person, reviewed_by(person))
    if not notices and not waiting.filter(**({"created_at__gt": last} if last else {})).exists():
        return False
    by_production = (
        waiting.order_by().values("shot__scene__chapter__project__title").annotate(total=Count("pk"))
        .order_by("-total").values_list("shot__scene__chapter__project__title", "total")
    )  # fmt: skip
    words = _words(notices, list(by_production))
    send_mail(_subject(len(notices), sum(total for _, total in by_production)), words, None, [person.email])
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=now)
    DailyMail.objects.update_or_create(person=person, defaults={"sent_at": now})
    return True


def is_due(preference: ReviewPreference, last: datetime | None, now: datetime) -> bool:
    """Whether the day's mail goes now: wanted, not sent today, its hour has come and it is not quiet.

    Days and hours are those of the person's own clock.
    """
    zone = zoneinfo.ZoneInfo(preference.time_zone)
    here = now.astimezone(zone)
    sent_today = last is not None and last.astimezone(zone).date() >= here.date()
    return preference.daily_mail and not sent_today and here.time() >= preference.mail_at and not is_quiet(
        preference, now
    )  # fmt: skip


def _subject(told: int, waiting: int) -> str:
    parts = []
    if waiting:
        parts.append(f"{waiting} take{'' if waiting == 1 else 's'} to review")
    if told:
        parts.append(f"{told} thing{'' if told == 1 else 's'} told to you")
    return f"Rushes: {', '.join(parts)}"


def _words(notices: list[Notice], waiting: list[tuple[str, int]]) -> str:
    lines = []
    if waiting:
        lines.append("Waiting for you:")
        lines += [f"  {title}: {total} take{'' if total == 1 else 's'}" for title, total in waiting]
        lines.append(f"{settings.PUBLIC_URL}/my-reviews/\n")
    for notice in notices[:MOST_LINES]:
        lines.append(f"{notice.project.title}: {notice.text}\n{settings.PUBLIC_URL}{notice.path}\n")
    if len(notices) > MOST_LINES:
        lines.append(f"and {len(notices) - MOST_LINES} more\n")
    lines.append(f"When you are mailed, and what of: {settings.PUBLIC_URL}/my-reviews/settings/")
    return "\n".join(lines)
