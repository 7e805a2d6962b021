"""Scenes, and what machines know of them. Their parts are in scene_parts.py."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from projects.models import Chapter, Tracked
from prompts.models import PromptTemplate
from scenes import choices

from .direction import Direction, direction_constraints
from .places import ConsistencyGroup, Location


def _seconds(verbose_name: str, **options: Any) -> Any:
    return models.DecimalField(
        verbose_name, max_digits=4, decimal_places=2, validators=[MinValueValidator(Decimal(0))], **options
    )


class Scene(
    PreviewableMixin, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, Tracked, Direction, ClusterableModel
):
    """A dramatic unit under one slugline."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="scenes")
    number = models.CharField(max_length=12, help_text="As in the script, such as 12A.")
    sequence = models.PositiveIntegerField(help_text="Order in the chapter.")
    heading = models.CharField(max_length=300, blank=True)
    int_ext = models.CharField("interior/exterior", max_length=8, choices=choices.IntExt, blank=True)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.SET_NULL, related_name="scenes")
    location_text = models.CharField(max_length=200, blank=True, help_text="As the slugline names it.")
    sub_location = models.CharField(max_length=200, blank=True)
    story_day = models.CharField(max_length=24, blank=True, help_text="When in the story, such as Day 3.")
    page = models.CharField(max_length=12, blank=True)
    length_eighths = models.PositiveIntegerField("length in eighths of a page", default=1)
    synopsis = models.TextField(blank=True)
    screenplay_text = models.TextField(blank=True, help_text="The scene as Fountain.")
    purpose = models.TextField(blank=True, help_text="Why the story needs the scene.")
    dramatic_effect = models.TextField(blank=True, help_text="What the audience is to feel.")
    emotional_tone = models.CharField(max_length=120, blank=True)
    conflict = models.TextField(blank=True)
    stakes = models.TextField(blank=True)
    subtext = models.TextField(blank=True)
    turning_point = models.TextField(blank=True)
    structure_beat = models.CharField(max_length=20, choices=choices.StructureBeat, blank=True)
    pacing = models.CharField(max_length=8, choices=choices.Pacing, default=choices.Pacing.MEDIUM)
    expected_seconds = models.DecimalField(
        "expected duration (seconds)", max_digits=8, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))], help_text="Empty: what its length in eighths suggests.",
    )  # fmt: skip
    music_cue = models.TextField(blank=True)
    ambience = models.TextField(blank=True)
    voice_over = models.TextField("voice-over", blank=True)
    transition_in = models.CharField(max_length=12, choices=choices.Transition, default=choices.Transition.CUT)
    transition_in_seconds = _seconds("length of the transition in", default=Decimal("0.50"))
    transition_out = models.CharField(max_length=12, choices=choices.Transition, default=choices.Transition.CUT)
    transition_out_seconds = _seconds("length of the transition out", default=Decimal("0.50"))
    prompt_template = models.ForeignKey(
        PromptTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="scenes"
    )
    consistency_groups = ParentalManyToManyField(ConsistencyGroup, blank=True, related_name="scenes")
    continuity_notes = models.TextField(blank=True)
    legal_notes = models.TextField(blank=True)

    class Meta:
        ordering = ["chapter", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="scene_number_is_unique_in_chapter"),
            models.CheckConstraint(
                condition=models.Q(transition_in_seconds__gte=0, transition_out_seconds__gte=0),
                name="transitions_of_a_scene_last_no_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(expected_seconds=None) | models.Q(expected_seconds__gte=0),
                name="a_scene_lasts_no_less_than_nothing",
            ),
            *direction_constraints("scene"),
        ]
        indexes = [models.Index(fields=["chapter", "sequence"])]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """The scene as a page to read, drafts included."""
        return "script_page/scene.html"


class SceneState(models.Model):
    """What machines know of a scene, and where people stand with it."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(max_length=24, choices=choices.SceneStatus, default=choices.SceneStatus.DRAFT)
    status_before_omission = models.CharField(max_length=24, choices=choices.SceneStatus, blank=True)
    approval = models.CharField(
        max_length=12, choices=choices.ApprovalState, default=choices.ApprovalState.OPEN, db_index=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    error_message = models.TextField(blank=True)
    retry_count = models.PositiveIntegerField(default=0)
    processing_seconds = models.DecimalField(max_digits=12, decimal_places=3, default=0, help_text="Of all its runs.")
    agent = models.CharField(max_length=80, blank=True, help_text="Which machine made the scene; empty: a person.")
    plan_digest = models.CharField(max_length=64, blank=True, help_text="Of the text and settings the shots came from.")
    planned_by = models.CharField(max_length=40, blank=True)
    plan_warnings = models.JSONField(default=list, blank=True)
    plan_sides = models.JSONField(
        default=list, blank=True, help_text="Where each person is kept in the frame: name and side, for the next scene."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(processing_seconds__gte=0), name="a_scene_takes_no_less_than_no_time"
            )
        ]

    def __str__(self) -> str:
        return f"state of {self.scene_id}"
