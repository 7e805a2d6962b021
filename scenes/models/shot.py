"""Shots, who stands and speaks in them, and what machines know of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from characters.models import Character
from projects.models import Tracked
from scenes import choices

from .direction import Direction
from .scene import Scene

SHORTEST_SHOT = Decimal(3)
LONGEST_SHOT = Decimal(7)
"""Seconds of a planned shot; a person may go beyond them by hand."""


class Shot(Tracked, Direction):
    """One generated unit of 3 to 7 seconds inside a scene."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="shots")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    sequence = models.PositiveIntegerField(help_text="Order in the scene.")
    business = models.TextField(blank=True, help_text="The action.")
    description = models.TextField(blank=True)
    purpose = models.CharField(max_length=120, blank=True)
    expected_seconds = models.DecimalField(
        max_digits=6, decimal_places=3, default=SHORTEST_SHOT, validators=[MinValueValidator(Decimal("0.5"))]
    )
    approach = models.CharField(
        "generation approach",
        max_length=32,
        choices=choices.GenerationApproach,
        default=choices.GenerationApproach.IMAGE_TO_VIDEO,
    )
    continues_previous = models.BooleanField(default=False, help_text="Begins where the previous shot ends.")
    overlay_text = models.JSONField(default=list, blank=True, help_text="Titles on the picture.")
    props_seen = models.JSONField(default=list, blank=True)
    seed = models.PositiveBigIntegerField(null=True, blank=True)
    transition_out = models.CharField(max_length=12, choices=choices.Transition, default=choices.Transition.CUT)

    class Meta:
        ordering = ["scene", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "number"], name="shot_number_is_unique_in_scene"),
            models.CheckConstraint(condition=Q(number__gte=1), name="shot_number_starts_at_1"),
        ]
        indexes = [models.Index(fields=["scene", "sequence"])]

    def __str__(self) -> str:
        return f"{self.scene.number}/{self.number}"

    @property
    def exact_seconds(self) -> Fraction:
        """The expected length as an exact number of seconds."""
        return Fraction(self.expected_seconds)


class ShotCast(models.Model):
    """One person in a shot: where they stand and whether the camera sees them."""

    class Side(models.TextChoices):
        """The side of the frame, kept through the scene (180-degree rule)."""

        LEFT = "left", "Left"
        CENTRE = "centre", "Centre"
        RIGHT = "right", "Right"

    class Facing(models.TextChoices):
        """Where the person looks."""

        CAMERA = "camera", "Camera"
        LEFT = "left", "Left"
        RIGHT = "right", "Right"
        AWAY = "away", "Away"

    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="cast")
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.SET_NULL, related_name="shots")
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    side = models.CharField(max_length=8, choices=Side, default=Side.CENTRE)
    facing = models.CharField(max_length=8, choices=Facing, default=Facing.CAMERA)
    on_camera = models.BooleanField(default=True)
    emotion = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["shot", "name"], name="a_person_stands_in_a_shot_once")]

    def __str__(self) -> str:
        return self.name


class ShotLine(models.Model):
    """A line heard in a shot, and when: seconds from the shot's first frame."""

    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    speaker = models.CharField(max_length=120)
    text = models.TextField()
    parenthetical = models.CharField(max_length=200, blank=True)
    starts = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    ends = models.DecimalField(max_digits=6, decimal_places=3)
    voice_over = models.BooleanField(default=False)
    off_screen = models.BooleanField(default=False)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "order"], name="lines_of_a_shot_are_in_order"),
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="a_line_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:40]}"


class ShotState(models.Model):
    """What machines know of a shot."""

    shot = models.OneToOneField(Shot, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(
        max_length=20, choices=choices.ShotStatus, default=choices.ShotStatus.PLANNED, db_index=True
    )
    error_message = models.TextField(blank=True)
    plan_reason = models.TextField(blank=True)
    last_take_number = models.PositiveIntegerField(default=0, help_text="Take numbers are never reused.")
    selected_take = models.ForeignKey(
        "Take", null=True, blank=True, on_delete=models.SET_NULL, related_name="selected_by"
    )

    def __str__(self) -> str:
        return f"state of {self.shot_id}"
