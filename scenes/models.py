"""Scenes, shots and takes.

Scene and Shot hold what people write; SceneState and ShotState what machines know of them. A Take is one
immutable result: only its flags and its review state ever change.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from characters.models import Character
from projects.models import Chapter, Tracked

from . import choices

SHORTEST_SHOT = Decimal(3)
LONGEST_SHOT = Decimal(7)
"""Seconds of a planned shot; a person may go beyond them by hand."""


class Direction(models.Model):
    """How a scene or shot is to be filmed. A shot's empty field means the scene's."""

    camera_angle = models.CharField(max_length=16, choices=choices.CameraAngle, blank=True)
    shot_size = models.CharField(max_length=20, choices=choices.ShotSize, blank=True)
    camera_movement = models.CharField(max_length=16, choices=choices.CameraMovement, blank=True)
    lens_mm = models.PositiveSmallIntegerField("lens (mm)", null=True, blank=True)
    composition = models.CharField(max_length=24, choices=choices.Composition, blank=True)
    screen_direction = models.CharField(max_length=16, choices=choices.ScreenDirection, blank=True)
    lighting_type = models.CharField(max_length=16, choices=choices.LightingType, blank=True)
    lighting_mood = models.CharField(max_length=120, blank=True)
    atmosphere = models.CharField(max_length=120, blank=True)
    weather = models.CharField(max_length=12, choices=choices.Weather, blank=True)
    time_of_day = models.CharField(max_length=16, choices=choices.TimeOfDay, blank=True)
    set_dressing = models.TextField(blank=True)
    text_prompt = models.TextField("prompt", blank=True)
    negative_prompt = models.TextField(blank=True)
    motion_prompt = models.TextField(blank=True)

    class Meta:
        abstract = True


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
