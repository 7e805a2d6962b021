"""How a character looks in pictures: references, and identities trained or made from them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from projects.fields import MoneyField
from projects.models import Tracked

from .character import Character, Look

SMALLEST_TRAINING_SET = 5
"""Pictures; 10 to 20 are advised (flows, section 5)."""

GOOD_SIMILARITY = 85
"""The similarity, 0 to 100 by perceptual hash, that an identity's tests should be over (flows, section 5)."""


class CharacterReference(Tracked):
    """One picture that shows how a character looks, from which side, and with what on the face."""

    class Kind(models.TextChoices):
        """What the picture is for."""

        MASTER = "master", "Master"
        KEYSTONE = "keystone", "Keystone"
        VIEW = "view", "View"
        EXPRESSION = "expression", "Expression"
        POSE = "pose", "Pose"
        WARDROBE = "wardrobe", "Wardrobe"
        CANDIDATE = "candidate", "Candidate"

    class Angle(models.TextChoices):
        """From where the character is seen."""

        FRONT = "front", "Front"
        BACK = "back", "Back"
        LEFT = "left_side", "Left side"
        RIGHT = "right_side", "Right side"
        THREE_QUARTER_LEFT = "three_quarter_left", "Three-quarter left"
        THREE_QUARTER_RIGHT = "three_quarter_right", "Three-quarter right"
        CLOSE_UP = "close_up", "Close-up"
        LOW = "low", "Low"
        HIGH = "high", "High"

    class Source(models.TextChoices):
        """Who made the picture."""

        UPLOADED = "uploaded", "Uploaded"
        GENERATED = "generated", "Generated"

    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="references")
    look = models.ForeignKey(Look, null=True, blank=True, on_delete=models.SET_NULL, related_name="references")
    kind = models.CharField(max_length=12, choices=Kind)
    angle = models.CharField(max_length=20, choices=Angle, blank=True)
    horizontal_angle = models.SmallIntegerField(
        "horizontal angle (degrees)", null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="0 is the front; positive turns the character to their left.",
    )  # fmt: skip
    vertical_angle = models.SmallIntegerField(
        "vertical angle (degrees)", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="0 is eye level; positive looks down on them.",
    )  # fmt: skip
    expression = models.CharField(max_length=80, blank=True)
    environment = models.CharField(max_length=120, blank=True)
    lighting = models.CharField(max_length=120, blank=True)
    image = models.ForeignKey(
        "media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="character_references"
    )
    description = models.TextField(blank=True, help_text="What is visible.")
    prompt = models.TextField(blank=True)
    model = models.CharField(max_length=160, blank=True)
    seed = models.PositiveBigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.UPLOADED)
    made_from = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The picture this one was made from.",
    )  # fmt: skip
    checks: models.JSONField[Any, Any] = models.JSONField("quality checks", default=dict, blank=True)
    selected_for_training = models.BooleanField(default=False)

    class Meta:
        ordering = ["character", "kind", "pk"]
        indexes = [models.Index(fields=["character", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["character"], condition=Q(kind="master"), name="a_character_has_one_master_reference"
            ),
            models.UniqueConstraint(fields=["character", "image", "kind"], name="a_picture_is_a_reference_once"),
            models.CheckConstraint(
                condition=Q(horizontal_angle=None) | Q(horizontal_angle__range=(-180, 180)),
                name="horizontal_angle_is_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(vertical_angle=None) | Q(vertical_angle__range=(-90, 90)), name="vertical_angle_is_a_tilt"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.character.name, self.get_kind_display().lower(), self.get_angle_display()]))


class CharacterIdentity(Tracked):
    """A trained or reference-based identity of a character; what the training does stands in IdentityState."""

    class Technique(models.TextChoices):
        """How the identity is kept."""

        LORA_IMAGE = "lora_image", "LoRA for images"
        LORA_VIDEO = "lora_video", "LoRA for video"
        REFERENCE_SET = "reference_set", "Reference set"

    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="identities")
    version = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    technique = models.CharField("method", max_length=14, choices=Technique)  # a form has a method of its own
    base_model = models.CharField(max_length=160, blank=True)
    trigger_word = models.CharField(max_length=40, blank=True)
    training_set = models.ManyToManyField(CharacterReference, blank=True, related_name="identities")
    steps = models.PositiveIntegerField(default=1000, validators=[MinValueValidator(1)])
    rank = models.PositiveSmallIntegerField(default=16, validators=[MinValueValidator(1)])
    learning_rate = models.DecimalField(
        max_digits=9, decimal_places=7, default=Decimal("0.0002"), validators=[MinValueValidator(Decimal("0.0000001"))]
    )
    default_scale = models.DecimalField(
        max_digits=3, decimal_places=2, default=Decimal("0.8"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["character", "-version"]
        verbose_name_plural = "character identities"
        constraints = [
            models.UniqueConstraint(
                fields=["character", "technique", "version"], name="a_version_of_an_identity_is_there_once"
            ),
            models.CheckConstraint(condition=Q(default_scale__range=(0, 1)), name="an_identitys_scale_is_0_to_1"),
            models.CheckConstraint(
                condition=Q(version__gte=1, steps__gte=1, rank__gte=1, learning_rate__gt=0),
                name="a_training_has_steps_rank_and_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.character.name} {self.get_technique_display()} {self.version}"


class IdentityState(models.Model):
    """What machines know of an identity: its training, its weights and what they cost."""

    class Status(models.TextChoices):
        """Where the training stands."""

        UNTRAINED = "untrained", "Untrained"
        PREPARING = "preparing", "Preparing"
        TRAINING = "training", "Training"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        RETIRED = "retired", "Retired"

    identity = models.OneToOneField(CharacterIdentity, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.UNTRAINED, db_index=True)
    progress = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    weights = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The one file, or the high-noise one of a pair.",
    )  # fmt: skip
    weights_low_noise = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, on_delete=models.PROTECT, related_name="+"
    )
    request_id = models.CharField("provider request", max_length=120, blank=True)
    cost = MoneyField(null=True, help_text="Empty where it is not known.")
    error_message = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(progress__lte=100), name="training_progress_is_a_percentage")]

    def __str__(self) -> str:
        return f"state of {self.identity_id}"


class IdentityTest(models.Model):
    """One picture made to see whether an identity holds, and how like the references it is."""

    class Kind(models.TextChoices):
        """What is asked of the identity."""

        PORTRAIT = "portrait", "Portrait"
        FULL_BODY = "full_body", "Full body"
        PROFILE = "profile", "Profile"
        LIGHTING = "lighting", "Lighting"
        EXPRESSION = "expression", "Expression"
        CUSTOM = "custom", "Custom"

    identity = models.ForeignKey(CharacterIdentity, on_delete=models.CASCADE, related_name="tests")
    kind = models.CharField(max_length=10, choices=Kind)
    prompt = models.TextField()
    image = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    similarity = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="By perceptual hash, 0 to 100; empty: not measured.",
    )  # fmt: skip
    face_distance = models.DecimalField(
        max_digits=5, decimal_places=4, null=True, blank=True, help_text="Where a face is found; empty: not measured."
    )
    passed = models.BooleanField(null=True, blank=True, help_text="Empty: not measured.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["identity", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(similarity=None) | Q(similarity__range=(0, 100)), name="similarity_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(face_distance=None) | Q(face_distance__gte=0), name="a_face_distance_is_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.get_kind_display().lower()}"
