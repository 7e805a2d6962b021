"""Where scenes play, what is handled in them, and how the production looks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import RevisionMixin

from projects.models import Project, Tracked
from scenes import choices
from scenes.fields import validate_palette, validate_words

from .direction import COLDEST, WARMEST


class ReferenceImage(models.Model):
    """One image that shows how something looks, in the order people gave it."""

    sort_order = models.PositiveIntegerField(default=0, editable=False)
    sort_order_field = "sort_order"  # forms let people put the rows in order
    picture = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    description = models.CharField(max_length=400, blank=True, help_text="What is visible.")
    angle = models.CharField(max_length=16, choices=choices.CameraAngle, blank=True)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.description or f"reference {self.pk}"


class Location(RevisionMixin, Tracked, ClusterableModel):
    """A place of the story, which many scenes may play in."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(max_length=200)
    aliases: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, validators=[validate_words], help_text="Other names sluglines use for the place."
    )
    int_ext = models.CharField("interior/exterior", max_length=8, choices=choices.IntExt, blank=True)
    description = models.TextField(blank=True)
    rules = models.TextField(blank=True, help_text="What is always true here.")
    set_dressing = models.TextField(blank=True)
    palette: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, validators=[validate_palette])
    world = models.ForeignKey(
        "media_pipeline.MediaAsset", verbose_name="world (3D)", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="location_name_is_unique_in_project")]

    def __str__(self) -> str:
        return self.name


class LocationReference(ReferenceImage):
    """A picture of a location, perhaps at one time of day."""

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="references")
    time_of_day = models.CharField(max_length=16, choices=choices.TimeOfDay, blank=True)


class LocationVariant(models.Model):
    """How a location looks at a time of day."""

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="time_variants")
    time_of_day = models.CharField(max_length=16, choices=choices.TimeOfDay)
    description = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["location", "time_of_day"], name="one_variant_per_location_and_time")
        ]

    def __str__(self) -> str:
        return str(self.get_time_of_day_display())


class CameraMark(models.Model):
    """A camera position in a location: metres from its origin, degrees from straight ahead."""

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="camera_marks")
    name = models.CharField(max_length=80)
    x = models.DecimalField(max_digits=8, decimal_places=3, default=0)
    y = models.DecimalField("height", max_digits=8, decimal_places=3, default=Decimal("1.6"))
    z = models.DecimalField(max_digits=8, decimal_places=3, default=0)
    yaw = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    pitch = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    lens_mm = models.PositiveSmallIntegerField("lens (mm)", null=True, blank=True)
    view = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="What the camera sees from here.",
    )  # fmt: skip

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="camera_mark_is_unique_in_location")]

    def __str__(self) -> str:
        return self.name


class LightingPreset(models.Model):
    """A light that a location is filmed in."""

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="lighting_presets")
    name = models.CharField(max_length=80)
    lighting_type = models.CharField(max_length=16, choices=choices.LightingType, blank=True)
    key_light = models.CharField("key light direction", max_length=20, choices=choices.KeyLight, blank=True)
    colour_temperature = models.PositiveIntegerField(
        "colour temperature (K)", null=True, blank=True,
        validators=[MinValueValidator(WARMEST), MaxValueValidator(COLDEST)],
    )  # fmt: skip
    contrast = models.CharField(max_length=8, choices=choices.Contrast, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="light_is_unique_in_location")]

    def __str__(self) -> str:
        return self.name


class Prop(RevisionMixin, Tracked, ClusterableModel):
    """A thing that is handled or means something."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="props")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(
        "characters.Character", null=True, blank=True, on_delete=models.SET_NULL, related_name="props",
        help_text="Whose it is in the story.",
    )  # fmt: skip
    scale = models.CharField(max_length=80, blank=True, help_text="How large, such as: fits a palm, 2 m tall.")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="prop_name_is_unique_in_project")]

    def __str__(self) -> str:
        return self.name


class PropReference(ReferenceImage):
    """A picture of a prop."""

    prop = ParentalKey(Prop, on_delete=models.CASCADE, related_name="references")


class Style(RevisionMixin, Tracked, ClusterableModel):
    """A look of the production: words, colours, a LUT."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="styles")
    name = models.CharField(max_length=120)
    keywords: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, validators=[validate_words])
    palette: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, validators=[validate_palette])
    texture = models.CharField("texture or film stock", max_length=120, blank=True)
    lut = models.ForeignKey(
        "media_pipeline.MediaAsset", verbose_name="LUT", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    prompt_fragment = models.TextField(blank=True)
    negative_fragment = models.TextField(blank=True)
    is_project_style = models.BooleanField(
        "the production's style", default=False, help_text="Holds where neither the shot nor its scene names a style."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="style_name_is_unique_in_project"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_project_style=True), name="a_project_has_one_style",
                violation_error_message="This production has a style of its own already.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class StyleReference(ReferenceImage):
    """A picture in a style."""

    style = ParentalKey(Style, on_delete=models.CASCADE, related_name="references")


class ConsistencyGroup(Tracked):
    """What must look the same in several scenes, such as a torn coat from scene 12 to scene 15."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="consistency_groups")
    name = models.CharField(max_length=120)
    same = models.CharField("what stays the same", max_length=12, choices=choices.SameLook)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="consistency_group_is_unique")]

    def __str__(self) -> str:
        return self.name
