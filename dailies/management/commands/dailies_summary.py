"""One mail a day to everybody who has something unread: run it from the machine's timer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.utils import timezone

from dailies.models import Notice
from dailies.queries import preference_of
from dailies.quiet import is_quiet

MOST_LINES = 40


class Command(BaseCommand):
    """Mail the summary of unread notices."""

    help = "Mail everybody their unread notices, once each; who has quiet hours now gets theirs with a later run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Notices are marked as mailed one person at a time: a mail that fails is sent with the next run."""
        waiting = Notice.objects.filter(read_at=None, mailed_at=None)
        people = get_user_model().objects.filter(is_active=True, pk__in=waiting.values("person")).exclude(email="")
        sent = 0
        for person in people:
            preference = preference_of(person)
            if not preference.daily_mail or is_quiet(preference):
                continue
            notices = list(waiting.filter(person=person).select_related("project"))
            if not notices:
                continue
            send_mail(_subject(len(notices)), _words(notices), settings.DEFAULT_FROM_EMAIL, [person.email])
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
            sent += 1
        self.stdout.write(f"{sent} mailed")


def _subject(count: int) -> str:
    return f"Rushes: {count} thing{'s' if count > 1 else ''} waiting for you"


def _words(notices: list[Notice]) -> str:
    lines = []
    for notice in notices[:MOST_LINES]:
        lines.append(f"{notice.project.title}: {notice.text}\n{settings.PUBLIC_URL}{notice.path}\n")
    if len(notices) > MOST_LINES:
        lines.append(f"and {len(notices) - MOST_LINES} more\n")
    lines.append(f"All of it: {settings.PUBLIC_URL}/my-reviews/")
    return "\n".join(lines)
