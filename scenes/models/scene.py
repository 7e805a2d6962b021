"""Scenes, and what machines know of them."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from projects.models import Chapter, Tracked
from scenes import choices

from .direction import Direction


class Scene(Tracked, Direction):
    """A dramatic unit under one slugline."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="scenes")
    number = models.CharField(max_length=12, help_text="As in the script, such as 12A.")
    sequence = models.PositiveIntegerField(help_text="Order in the chapter.")
    heading = models.CharField(max_length=300, blank=True)
    int_ext = models.CharField("interior/exterior", max_length=8, choices=choices.IntExt, blank=True)
    location_text = models.CharField(max_length=200, blank=True)
    sub_location = models.CharField(max_length=200, blank=True)
    page = models.CharField(max_length=12, blank=True)
    length_eighths = models.PositiveIntegerField("length in eighths of a page", default=1)
    synopsis = models.TextField(blank=True)
    screenplay_text = models.TextField(blank=True, help_text="The scene as Fountain.")
    emotional_tone = models.CharField(max_length=120, blank=True)
    pacing = models.CharField(max_length=8, choices=choices.Pacing, default=choices.Pacing.MEDIUM)
    transition_in = models.CharField(max_length=12, choices=choices.Transition, default=choices.Transition.CUT)
    transition_out = models.CharField(max_length=12, choices=choices.Transition, default=choices.Transition.CUT)
    transition_seconds = models.DecimalField(
        max_digits=4, decimal_places=2, default=Decimal("0.50"), validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        ordering = ["chapter", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="scene_number_is_unique_in_chapter"),
        ]
        indexes = [models.Index(fields=["chapter", "sequence"])]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"


class SceneState(models.Model):
    """What machines know of a scene."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(max_length=24, choices=choices.SceneStatus, default=choices.SceneStatus.DRAFT)
    plan_digest = models.CharField(max_length=64, blank=True, help_text="Of the text and settings the shots came from.")
    planned_by = models.CharField(max_length=40, blank=True)
    plan_warnings = models.JSONField(default=list, blank=True)
    plan_sides = models.JSONField(
        default=list, blank=True, help_text="Where each person is kept in the frame: name and side, for the next scene."
    )

    def __str__(self) -> str:
        return f"state of {self.scene_id}"
