"""What waits for a person, how they want to be told of it, and how a production numbers its frames."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from dailies import choices
from projects.models import Project


class Notice(models.Model):
    """One thing a person is told."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=choices.NoticeKind)
    text = models.CharField(max_length=400)
    path = models.CharField(max_length=300, help_text="Where on the site it leads.")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "read_at"])]

    def __str__(self) -> str:
        return self.text[:80]


class ReviewPreference(models.Model):
    """How a person wants to be told."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_preference", primary_key=True
    )
    daily_mail = models.BooleanField(default=True, help_text="One mail a day with what is unread.")
    mail_at = models.TimeField(default=time(8), help_text="By their own clock: the mail goes once a day, not before.")
    muted: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, help_text="Kinds of notices that are not wanted."
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True, help_text="No mail and no pop-up between the two.")
    time_zone = models.CharField(max_length=60, default="UTC")

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"


class DailyMail(models.Model):
    """When a person was last mailed the day's summary."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="daily_mail", primary_key=True
    )
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"mail to {self.person_id}"


class RoomSettings(models.Model):
    """How a production's review room counts and warns."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="room_settings", primary_key=True)
    first_frame = models.PositiveIntegerField(default=1001, validators=[MaxValueValidator(9_999_999)])
    qc_threshold = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(70), help_text="0 to 100: below it a take is marked.",
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )  # fmt: skip

    def __str__(self) -> str:
        return f"room of {self.project_id}"
