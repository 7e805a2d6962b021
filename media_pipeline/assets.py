"""What every media file is, where it came from and what was made from it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.core.files.storage import default_storage
from django.db import models

from projects.models import Project, Tracked


class MediaAsset(Tracked):
    """One stored file of one production; the bytes are named by their digest."""

    class Kind(models.TextChoices):
        """What the file holds."""

        IMAGE = "image", "Image"
        VIDEO = "video", "Video"
        AUDIO = "audio", "Audio"
        WEIGHTS = "weights", "Weights"
        DOCUMENT = "document", "Document"

    class Source(models.TextChoices):
        """Where the file came from."""

        UPLOADED = "uploaded", "Uploaded"
        PROVIDER = "provider", "Provider"
        DERIVED = "derived", "Derived"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="media")
    file = models.FileField(max_length=200, upload_to="never")  # names are made in storage.py, from the digest
    kind = models.CharField(max_length=12, choices=Kind)
    role = models.CharField(max_length=20, blank=True, help_text="What it is to its source: poster, proxy, last frame.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    content_type = models.CharField(max_length=80)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    frame_rate = models.CharField(max_length=12, blank=True, help_text="Exact, such as 24000/1001.")
    frame_count = models.PositiveIntegerField(null=True)
    duration = models.CharField(max_length=40, blank=True, help_text="Exact seconds, such as 1001/240.")
    codec = models.CharField(max_length=40, blank=True)
    has_audio = models.BooleanField(default=False)
    source = models.CharField(max_length=12, choices=Source)
    derived_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="derivatives")
    provenance: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="same_bytes_are_one_asset")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:10]}"

    @property
    def exact_duration(self) -> Fraction | None:
        """Length in seconds, None for stills and documents."""
        return Fraction(self.duration) if self.duration else None

    @property
    def name(self) -> str:
        """The file's name in the store."""
        return str(self.file.name)

    def exists(self) -> bool:
        """Whether the bytes are still in the store."""
        return default_storage.exists(self.name)
