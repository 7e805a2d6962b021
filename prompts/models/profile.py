"""Which model makes what."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from projects.choices import QualityTier
from projects.models import Tracked


class ModelProfile(Tracked):
    """Which provider endpoint serves a capability at a quality tier, its price and its defaults.

    A new model is a row here, not code.
    """

    class Capability(models.TextChoices):
        """What can be asked for; the engine's own names."""

        IMAGE = "image", "Image"
        IMAGE_EDIT = "image_edit", "Image edit"
        UPSCALE = "upscale", "Upscale"
        VISION_QUERY = "vision_query", "Vision query"
        VIDEO = "video", "Video"
        TRAIN_IDENTITY = "train_identity", "LoRA training"
        SPEECH = "speech", "Speech"
        MUSIC = "music", "Music"
        SOUND_EFFECT = "sound_effect", "Sound effect"
        LIP_SYNC = "lip_sync", "Lip sync"
        TEXT = "text", "Text"
        KNOWLEDGE = "knowledge", "Knowledge"
        WORLD = "world", "3D"

    class PriceUnit(models.TextChoices):
        """What one price buys."""

        IMAGE = "image", "per image"
        SECOND = "second", "per second of video or sound"
        MEGAPIXEL = "megapixel", "per megapixel"
        STEPS = "1000_steps", "per 1,000 training steps"
        CHARACTERS = "character", "per character"
        TOKENS = "token", "per token"
        CALL = "call", "per call"

    name = models.CharField(max_length=120, unique=True)
    capability = models.CharField(max_length=20, choices=Capability, db_index=True)
    provider = models.CharField(max_length=40)
    endpoint = models.CharField(max_length=160, blank=True)
    tiers = models.JSONField(default=list, help_text="Quality tiers it serves; empty for all.", blank=True)
    price = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True, help_text="US dollars; empty where it is not known."
    )
    price_unit = models.CharField(max_length=12, choices=PriceUnit, default=PriceUnit.CALL)
    price_source = models.CharField(max_length=200, blank=True, help_text="Where the price was read, and when.")
    price_date = models.DateField("price read on", null=True, blank=True)
    expected_attempts = models.DecimalField(
        max_digits=4, decimal_places=2, default=1, help_text="How often a result is usually asked for until it passes."
    )
    typical_seconds = models.PositiveIntegerField(null=True, blank=True)
    timeout_seconds = models.PositiveIntegerField(default=600, help_text="After this a job counts as timed out.")
    limits: models.JSONField[Any, Any] = models.JSONField(
        default=dict,
        blank=True,
        help_text="references, prompt_length, min_frames, max_frames, frame_step, min_side, max_side, sizes, seconds.",
    )
    supports: models.JSONField[Any, Any] = models.JSONField(
        default=list,
        blank=True,
        help_text="Any of: lora, start_frame, end_frame, source_video, seed, negative_prompt, audio.",
    )
    parameters: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, help_text="Sent with every request, in the endpoint's own names."
    )
    parameter_map: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, help_text="Our name of a parameter -> the endpoint's, where they differ."
    )
    preference = models.PositiveSmallIntegerField(default=100, help_text="The lowest number is tried first.")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["capability", "preference", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="a_price_is_not_below_zero"),
            models.CheckConstraint(condition=Q(expected_attempts__gte=1), name="a_result_takes_at_least_one_attempt"),
        ]

    def __str__(self) -> str:
        return self.name

    def serves(self, tier: str) -> bool:
        """Whether it may be used at this quality tier."""
        return tier in (self.tiers or QualityTier.values)

    def snapshot(self) -> dict[str, Any]:
        """What a call needs to know of the profile, to be kept with its step: later edits do not change it."""
        return {
            "id": self.pk,
            "name": self.name,
            "limits": self.limits,
            "supports": self.supports,
            "parameters": self.parameters,
            "parameter_map": self.parameter_map,
            "price": None if self.price is None else str(self.price),
            "price_unit": self.price_unit,
            "timeout_seconds": self.timeout_seconds,
        }
