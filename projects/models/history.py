"""What large corrections changed, kept so that they can be taken back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from projects import choices

from .production import Project


class Correction(models.Model):
    """One change over many records, such as a character renamed everywhere, with what stood there before."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=20, choices=choices.CorrectionKind)
    words = models.CharField(max_length=300, help_text="What was done, in a sentence.")
    changes: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="In order: record and id, with columns before and after, or the row that was removed."
    )
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.words
