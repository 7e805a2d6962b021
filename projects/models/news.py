"""What is told to the people of a production: every visible change, and problems that stay."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects import choices

from .production import Project


class Alert(models.Model):
    """A problem that stays at the top of every page of the project until a person dismisses it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="alerts")
    severity = models.CharField(max_length=8, choices=choices.Severity, default=choices.Severity.ERROR)
    title = models.CharField(max_length=200)
    message = models.TextField(blank=True)
    source = models.CharField(max_length=60, blank=True, help_text='The record it speaks of, such as "run:12".')
    raised_at = models.DateTimeField(auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "source", "title"],
                condition=Q(dismissed_at__isnull=True) & ~Q(source=""),
                name="one_open_alert_per_source_and_title",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Event(models.Model):
    """One visible change, appended in the transaction of the change; its id is the sequence clients resume from."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="events")
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, help_text='The record it speaks of, such as "shot:7".')
    payload: models.JSONField[Any, Any] = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["project", "id"])]

    def __str__(self) -> str:
        return f"{self.id} {self.type} {self.subject}"
