"""What every record has."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Tracked(models.Model):
    """Created and updated times and the person who made the record."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True
