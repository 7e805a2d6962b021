"""Shots, who stands and speaks in them, and what machines know of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from characters.models import Character, Look
from projects.models import Tracked
from scenes import choices
from scenes.fields import validate_mapping, validate_plan, validate_scales, validate_words

from .direction import Direction, direction_constraints
from .scene import Scene

SHORTEST_SHOT = Decimal(3)
LONGEST_SHOT = Decimal(7)
"""Seconds of a planned shot; a person may go beyond them by hand."""


class Shot(Tracked, Direction):
    """One generated unit of 3 to 7 seconds inside a scene."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="shots")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    suffix = models.CharField(
        max_length=6, blank=True, validators=[RegexValidator(r"^[A-Z]*\Z", "Only capital letters, such as A.")],
        help_text="Letters of a shot put in later: A for 4A, between 4 and 5.",
    )  # fmt: skip
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
    composite_plan: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, validators=[validate_plan], help_text="Layers of the start image, in order."
    )
    hero_prompt = models.TextField(blank=True)
    first_frame_prompt = models.TextField(blank=True)
    last_frame_prompt = models.TextField(blank=True)
    triptych_prompt = models.TextField(blank=True, help_text="Of one photographic triptych: first, hero, last.")
    overlay_text = models.JSONField(
        default=list, blank=True, validators=[validate_words], help_text="Titles on the picture."
    )
    props_seen = models.JSONField(default=list, blank=True, validators=[validate_words])
    seed = models.PositiveBigIntegerField(null=True, blank=True)
    model_overrides: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, validators=[validate_mapping], help_text="Capability -> name of a model profile."
    )
    identity_scales: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, validators=[validate_scales], help_text="Character -> strength from 0 to 1."
    )
    reference_strengths: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, validators=[validate_scales], help_text="Kind of reference -> strength from 0 to 1."
    )
    overrides: models.JSONField[Any, Any] = models.JSONField(
        default=list, editable=False, help_text="Fields a person decided: planning again leaves them alone."
    )
    transition_out = models.CharField(max_length=12, choices=choices.Transition, default=choices.Transition.CUT)

    WRITTEN_BESIDE = frozenset({"overrides"})
    """What verbs note beside the fields of a form."""

    class Meta:
        ordering = ["scene", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "number", "suffix"], name="shot_number_is_unique_in_scene"),
            models.CheckConstraint(condition=Q(number__gte=1), name="shot_number_starts_at_1"),
            models.CheckConstraint(condition=Q(suffix__regex=r"^[A-Z]*$"), name="shot_suffix_is_capital_letters"),
            models.CheckConstraint(condition=Q(expected_seconds__gt=0), name="a_shot_lasts_longer_than_nothing"),
            *direction_constraints("shot"),
        ]
        indexes = [models.Index(fields=["scene", "sequence"])]

    def __str__(self) -> str:
        return f"{self.scene.number}/{self.label}"

    @property
    def label(self) -> str:
        """The number as people say it: 4, or 4A for one that was put in later."""
        return f"{self.number}{self.suffix}"

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
    look = models.ForeignKey(
        Look, null=True, blank=True, on_delete=models.SET_NULL, related_name="shots",
        help_text="Empty: what they wear in the scene.",
    )  # fmt: skip
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

    def clean(self) -> None:
        """A person wears a look of their own."""
        refuse_anothers_look(self.look, self.character_id)


def refuse_anothers_look(look: Look | None, character_id: int | None) -> None:
    """Raise ValidationError when a look is not one of the character's."""
    if look is not None and look.character_id != character_id:
        raise ValidationError({"look": f"{look} is a look of another character."})


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


class ShotReference(models.Model):
    """An image chosen for a shot's pictures: at most three, since no request takes more."""

    MOST = 3

    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="references")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])
    kind = models.CharField(max_length=12, choices=choices.ReferenceKind, default=choices.ReferenceKind.CHARACTER)
    picture = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True, help_text="Who or what it shows.")
    description = models.CharField(max_length=400, blank=True)
    strength = models.DecimalField(
        max_digits=3, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+",
        help_text="Empty: by a machine.",
    )  # fmt: skip

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "position"], name="references_of_a_shot_are_in_order"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3), name="a_shot_has_at_most_3_references"
            ),
            models.CheckConstraint(
                condition=Q(strength=None) | Q(strength__gte=0, strength__lte=1), name="a_reference_strength_is_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"reference {self.position}"


class ShotState(models.Model):
    """What machines know of a shot."""

    shot = models.OneToOneField(Shot, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(
        max_length=20, choices=choices.ShotStatus, default=choices.ShotStatus.PLANNED, db_index=True
    )
    status_before_omission = models.CharField(max_length=20, choices=choices.ShotStatus, blank=True)
    omitted_with_scene = models.BooleanField(default=False, help_text="Comes back when its scene does.")
    error_message = models.TextField(blank=True)
    retry_count = models.PositiveIntegerField(default=0)
    processing_seconds = models.DecimalField(max_digits=12, decimal_places=3, default=0, help_text="Of all its runs.")
    plan_reason = models.TextField(blank=True)
    decisions: models.JSONField[Any, Any] = models.JSONField(
        default=list, help_text="What the shot agent decided: field, value, reason, by."
    )
    planned: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="Field -> what the planner last had for it, whatever a person decided."
    )
    decided: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="Field that a person decided -> by, at, reason."
    )
    drawn_seed = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Drawn once, where the production's seeds are random."
    )
    final_composite = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    start_image = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    end_image = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_take_number = models.PositiveIntegerField(default=0, help_text="Take numbers are never reused.")
    selected_take = models.ForeignKey(
        "Take", null=True, blank=True, on_delete=models.SET_NULL, related_name="selected_by"
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="Who selected the take; empty: a machine did.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(processing_seconds__gte=0), name="a_shot_takes_no_less_than_no_time")
        ]

    def __str__(self) -> str:
        return f"state of {self.shot_id}"
