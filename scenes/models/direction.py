"""How a scene or shot is to be filmed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from scenes import choices
from scenes.fields import validate_palette

WARMEST, COLDEST = 1000, 20000
WIDEST, NARROWEST = Decimal("0.7"), Decimal(64)
"""Kelvin: a candle is about 1,900, a clear blue sky about 15,000."""


class Direction(models.Model):
    """How a scene or shot is to be filmed. A shot's empty field means the scene's."""

    camera_angle = models.CharField(max_length=16, choices=choices.CameraAngle, blank=True)
    shot_size = models.CharField(max_length=20, choices=choices.ShotSize, blank=True)
    camera_movement = models.CharField(max_length=16, choices=choices.CameraMovement, blank=True)
    movement_speed = models.CharField(max_length=12, choices=choices.MovementSpeed, blank=True)
    lens_mm = models.PositiveSmallIntegerField("lens (mm)", null=True, blank=True, validators=[MinValueValidator(1)])
    aperture = models.DecimalField(
        "aperture (f)", max_digits=4, decimal_places=1, null=True, blank=True, help_text="The f-number, such as 2.8.",
        validators=[MinValueValidator(WIDEST), MaxValueValidator(NARROWEST)],
    )  # fmt: skip
    depth_of_field = models.CharField(max_length=8, choices=choices.DepthOfField, blank=True)
    focus_target = models.CharField(max_length=120, blank=True, help_text="Who or what is sharp.")
    framing = models.CharField(max_length=200, blank=True)
    composition = models.CharField(max_length=24, choices=choices.Composition, blank=True)
    perspective = models.CharField(max_length=16, choices=choices.Perspective, blank=True)
    eyeline = models.CharField(max_length=120, blank=True, help_text="Who looks where, such as: Ada to the left.")
    screen_direction = models.CharField(max_length=16, choices=choices.ScreenDirection, blank=True)
    lighting_type = models.CharField(max_length=16, choices=choices.LightingType, blank=True)
    lighting_mood = models.CharField(max_length=120, blank=True)
    key_light = models.CharField("key light direction", max_length=20, choices=choices.KeyLight, blank=True)
    colour_temperature = models.PositiveIntegerField(
        "colour temperature (K)", null=True, blank=True,
        validators=[MinValueValidator(WARMEST), MaxValueValidator(COLDEST)],
    )  # fmt: skip
    contrast = models.CharField(max_length=8, choices=choices.Contrast, blank=True)
    palette: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="Colours such as #1B3A4B.", validators=[validate_palette]
    )
    colour_grade = models.CharField(max_length=120, blank=True)
    texture = models.CharField("texture or film stock", max_length=120, blank=True)
    atmosphere = models.CharField(max_length=8, choices=choices.Atmosphere, blank=True)
    weather = models.CharField(max_length=12, choices=choices.Weather, blank=True)
    time_of_day = models.CharField(max_length=16, choices=choices.TimeOfDay, blank=True)
    season = models.CharField(max_length=8, choices=choices.Season, blank=True)
    set_dressing = models.TextField(blank=True)
    base_prompt = models.TextField(blank=True, help_text="What all pictures say before their own prompt.")
    text_prompt = models.TextField("prompt", blank=True)
    negative_prompt = models.TextField(blank=True)
    motion_prompt = models.TextField(blank=True)
    style = models.ForeignKey("scenes.Style", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    CHECKS_REPEAT_VALIDATORS = True
    """The check constraints of scenes and shots say what validators of single fields say."""

    class Meta:
        abstract = True


def direction_constraints(of: str) -> list[models.BaseConstraint]:
    """What the database holds of the numbers of a direction; `of` names whose it is."""
    return [
        models.CheckConstraint(condition=_empty_or("lens_mm", gte=1), name=f"a_{of}_has_a_lens_longer_than_nothing"),
        models.CheckConstraint(
            condition=_empty_or("aperture", range=(WIDEST, NARROWEST)), name=f"a_{of}_has_an_aperture_that_exists"
        ),
        models.CheckConstraint(
            condition=_empty_or("colour_temperature", range=(WARMEST, COLDEST)), name=f"a_{of}_has_a_colour_of_light"
        ),
    ]


def _empty_or(name: str, **lookups: Any) -> models.Q:
    return models.Q(**{name: None}) | models.Q(**{f"{name}__{lookup}": value for lookup, value in lookups.items()})


DIRECTION_FIELDS = tuple(field.name for field in Direction._meta.local_fields)
"""Names of all direction fields, in their order."""
