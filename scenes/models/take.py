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
    identities: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="Who was kept the same, by what, and how strongly, as it was sent."
    )
    references: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="The images that were sent along: asset, kind, name, description."
    )
    seed = models.PositiveBigIntegerField()
    frames = models.PositiveIntegerField()
    frame_rate = models.CharField(max_length=12, help_text="Exact, such as 24000/1001.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, help_text="Empty where it is not known.")
    review_state = models.CharField(max_length=12, choices=choices.ReviewState, default=choices.ReviewState.PENDING)
    is_system_best = models.BooleanField("system's best", default=False)
    is_person_best = models.BooleanField("person's best", default=False)
    is_final = models.BooleanField("final", default=False)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    MUTABLE = frozenset({"review_state", "note", "is_system_best", "is_person_best", "is_final"})
    """What may change once the take is made; immutability.py holds the same at the database."""

    class Meta:
        ordering = ["shot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "number"], name="take_number_is_unique_in_shot"),
            models.CheckConstraint(condition=Q(number__gte=1), name="take_number_starts_at_1"),
            models.CheckConstraint(
                condition=Q(frames__gte=1, width__gte=1, height__gte=1), name="a_take_has_pictures_of_a_size"
            ),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="a_take_costs_no_less_than_nothing"),
            *(
                models.UniqueConstraint(
                    fields=["shot"], condition=Q(**{f"is_{flag}": True}), name=f"one_{flag}_take_per_shot"
                )
                for flag in choices.TakeFlag.values
            ),
        ]

    def __str__(self) -> str:
        return self.asset_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change anything but flags and review state once the take is made."""
        if self.pk is not None and not kwargs.get("force_insert"):
            fields = set(kwargs.get("update_fields") or ["everything"])
            if not fields <= self.MUTABLE:
                raise TypeError("A take is never changed after it is made; save only its flags, review state or note.")
        super().save(*args, **kwargs)

    @property
    def seconds(self) -> Fraction:
        """Exact length of the take in seconds."""
        return Fraction(self.frames) / Fraction(self.frame_rate)


class TakeCheck(models.Model):
    """One measurement of a take, beside it: the take itself never changes."""

    class Kind(models.TextChoices):
        """What is measured."""

        ARTIFACTS = "artifacts", "Artifacts"
        CONSISTENCY = "consistency", "Consistency"
        ALIGNMENT = "alignment", "Alignment with the prompt"
        MOTION = "motion", "Motion"
        SOUND = "sound", "Sound"
        TECHNICAL = "technical", "Technical"

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=60, help_text="The measurement, such as flicker.")
    score = models.DecimalField(max_digits=5, decimal_places=2, help_text="0 to 100; 100 is perfect.")
    threshold = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Empty: it decides nothing."
    )
    passed = models.BooleanField(null=True, blank=True, help_text="Empty: it decides nothing.")
    details: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    measured_by = models.CharField(max_length=80, blank=True, help_text="The measure and its version, or the model.")
    measured_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["take", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["take", "name"], name="a_take_is_measured_once_by_each_name"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="a_take_score_is_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.score}"
