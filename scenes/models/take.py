"""Takes: what was rendered."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from scenes import choices

from .shot import Shot


class Take(models.Model):
    """One immutable result of rendering a shot, numbered from 1."""

    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="takes")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=choices.TakeKind, default=choices.TakeKind.VIDEO)
    asset_name = models.CharField(max_length=120)
    media = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="takes")
    picture = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    sound = models.ForeignKey("media_pipeline.MediaAsset", null=True, on_delete=models.PROTECT, related_name="+")
    proxy = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    filmstrip = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    keyframe = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    last_frame = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("media_pipeline.Run", null=True, on_delete=models.SET_NULL, related_name="takes")
    prompt = models.TextField()
    negative_prompt = models.TextField(blank=True)
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=160, blank=True)
    parameters: models.JSONField[Any, Any] = models.JSONField(default=dict)
    provenance: models.JSONField[Any, Any] = models.JSONField(default=dict)
    request_digest = models.CharField(max_length=64, db_index=True, help_text="Of everything that went into it.")
    seed = models.PositiveBigIntegerField()
    frames = models.PositiveIntegerField()
    frame_rate = models.CharField(max_length=12, help_text="Exact, such as 24000/1001.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, help_text="Empty where it is not known.")
    review_state = models.CharField(max_length=12, choices=choices.ReviewState, default=choices.ReviewState.PENDING)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    MUTABLE = frozenset({"review_state", "note"})

    class Meta:
        ordering = ["shot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "number"], name="take_number_is_unique_in_shot"),
            models.CheckConstraint(condition=Q(number__gte=1), name="take_number_starts_at_1"),
        ]

    def __str__(self) -> str:
        return self.asset_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change anything but flags and review state once the take is made."""
        if self.pk is not None and not kwargs.get("force_insert"):
            fields = set(kwargs.get("update_fields") or ["everything"])
            if not fields <= self.MUTABLE:
                raise TypeError("A take is never changed after it is made; save only its review state or note.")
        super().save(*args, **kwargs)

    @property
    def seconds(self) -> Fraction:
        """Exact length of the take in seconds."""
        return Fraction(self.frames) / Fraction(self.frame_rate)
