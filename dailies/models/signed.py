"""Who said something: a member, or a guest of one playlist."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from projects.models import Project


class Signed(models.Model):
    """Said by a person or a guest, under the name they had, once: the client's key is never accepted twice."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    guest = models.ForeignKey("dailies.Guest", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    signature = models.CharField(max_length=150, help_text="The name of whoever said it, as it was.")
    client_key = models.UUIDField(help_text="Made where it was said; what is sent again is the same one.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
