"""How a scene or shot is to be filmed."""

from __future__ import annotations

from django.db import models

from scenes import choices


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
