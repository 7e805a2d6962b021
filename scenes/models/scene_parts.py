"""What a scene is made of besides its own fields: people write these, in order, and drafts hold them."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey

from characters.models import Character, Look
from scenes import choices

from .places import Prop, ReferenceImage
from .scene import Scene
from .shot import refuse_anothers_look

QUIETEST, LOUDEST = Decimal(-96), Decimal(24)
"""Decibels: silence of 16 bits, and more gain than anybody needs."""


class ScenePart(models.Model):
    """One row of a list inside a scene, in the order people gave it."""

    sort_order = models.PositiveIntegerField(default=0, editable=False)
    sort_order_field = "sort_order"  # forms let people put the rows in order

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]


class SceneCast(ScenePart):
    """Who is in the scene, and what they do there."""

    class Appearance(models.TextChoices):
        """How a person comes into or leaves a scene."""

        PRESENT = "present", "Is there"
        ENTERS = "enters", "Enters"
        EXITS = "exits", "Exits"
        BOTH = "both", "Enters and exits"

    scene = ParentalKey(Scene, on_delete=models.CASCADE, related_name="cast")
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.SET_NULL, related_name="scenes")
    name = models.CharField(max_length=120, blank=True, help_text="As the script says it; empty: the character's name.")
    look = models.ForeignKey(
        Look, null=True, blank=True, on_delete=models.SET_NULL, related_name="scenes",
        help_text="Empty: the character's usual look.",
    )  # fmt: skip
    blocking = models.TextField("position and blocking", blank=True)
    emotion = models.CharField(max_length=120, blank=True)
    business = models.TextField(blank=True, help_text="What they do.")
    entrance_exit = models.CharField("entrance/exit", max_length=8, choices=Appearance, default=Appearance.PRESENT)

    class Meta(ScenePart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "character"],
                condition=Q(character__isnull=False),
                name="a_character_is_in_a_scene_once",
            ),
            models.CheckConstraint(condition=Q(character__isnull=False) | ~Q(name=""), name="cast_is_somebody"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.character)

    def clean(self) -> None:
        """A person wears a look of their own."""
        refuse_anothers_look(self.look, self.character_id)


class SceneProp(ScenePart):
    """A prop as it is used in the scene."""

    scene = ParentalKey(Scene, on_delete=models.CASCADE, related_name="props")
    prop = models.ForeignKey(Prop, null=True, blank=True, on_delete=models.SET_NULL, related_name="scenes")
    name = models.CharField(max_length=120, blank=True, help_text="Empty: the prop's name.")
    description = models.TextField(blank=True)
    reference = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_hero = models.BooleanField("hero prop", default=False)

    class Meta(ScenePart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "prop"], condition=Q(prop__isnull=False), name="a_prop_is_in_a_scene_once"
            ),
            models.CheckConstraint(
                condition=Q(prop__isnull=False) | ~Q(name=""), name="a_prop_of_a_scene_is_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.prop)


class SetElement(ScenePart):
    """One thing of a breakdown category."""

    scene = ParentalKey(Scene, on_delete=models.CASCADE, related_name="set_elements")
    category = models.CharField(max_length=20, choices=choices.SetCategory)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    count = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta(ScenePart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "category", "name"], name="a_set_element_stands_once_in_its_category"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="of_a_set_element_there_is_one_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.name}"


class DialogueLine(ScenePart):
    """One speech of the scene."""

    scene = ParentalKey(Scene, on_delete=models.CASCADE, related_name="dialogue")
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.SET_NULL, related_name="dialogue")
    speaker = models.CharField(max_length=120, help_text="As the script says it.")
    parenthetical = models.CharField(max_length=200, blank=True)
    line = models.TextField()
    language = models.CharField(max_length=35, blank=True, help_text="A language tag; empty: the production's.")
    delivery = models.CharField(max_length=200, blank=True, help_text="How it is said.")
    voice_over = models.BooleanField("voice-over", default=False)
    off_screen = models.BooleanField(default=False)
    starts = models.DecimalField(
        "starts at (seconds)", max_digits=8, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))], help_text="From the scene's start; empty: where its shot puts it.",
    )  # fmt: skip

    class Meta(ScenePart.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(starts=None) | Q(starts__gte=0), name="a_line_starts_within_its_scene")
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.line[:40]}"


class SoundEffect(ScenePart):
    """A sound at a time of the scene."""

    scene = ParentalKey(Scene, on_delete=models.CASCADE, related_name="sound_effects")
    name = models.CharField(max_length=200)
    starts = models.DecimalField(
        "at (seconds)", max_digits=8, decimal_places=3, default=0, validators=[MinValueValidator(Decimal(0))]
    )
    seconds = models.DecimalField(
        "duration (seconds)", max_digits=8, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    gain_db = models.DecimalField(
        "gain (dB)", max_digits=5, decimal_places=2, default=0,
        validators=[MinValueValidator(QUIETEST), MaxValueValidator(LOUDEST)],
    )  # fmt: skip
    sound = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(ScenePart.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(starts__gte=0), name="a_sound_starts_within_its_scene"),
            models.CheckConstraint(
                condition=Q(seconds=None) | Q(seconds__gte=0), name="a_sound_lasts_no_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(gain_db__gte=QUIETEST, gain_db__lte=LOUDEST), name="a_gain_is_one_that_can_be_heard"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SceneReference(ReferenceImage):
    """A picture that shows something of this scene alone."""

    scene = ParentalKey(Scene, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(max_length=12, choices=choices.ReferenceKind, default=choices.ReferenceKind.LOCATION)


class DialogueAudio(models.Model):
    """A recording or synthesis of a line. Machines write it, so it stands beside what drafts hold."""

    dialogue = models.ForeignKey(DialogueLine, on_delete=models.CASCADE, related_name="audio_takes")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    sound = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    spoken = models.TextField(help_text="The words as they were spoken.")
    language = models.CharField(max_length=35, blank=True)
    voice = models.CharField(max_length=120, blank=True)
    is_selected = models.BooleanField(default=False)
    run = models.ForeignKey("media_pipeline.Run", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["dialogue", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="audio_take_is_unique_in_line"),
            models.UniqueConstraint(
                fields=["dialogue"], condition=Q(is_selected=True), name="one_selected_audio_take_per_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue} ({self.number})"
