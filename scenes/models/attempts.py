"""Hero frames and videos made several times over, so that the best can be chosen."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from projects.models import Project, Tracked
from scenes import choices

from .shot import Shot
from .take import Take


class GenerationGroup(Tracked):
    """Attempts at one picture or one clip, in rounds, for a shot or for a prompt of one's own."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="generation_groups")
    shot = models.ForeignKey(Shot, null=True, blank=True, on_delete=models.CASCADE, related_name="generation_groups")
    kind = models.CharField(max_length=12, choices=choices.AttemptsKind)
    prompt = models.TextField(blank=True, help_text="Where there is no shot, or instead of the shot's.")
    comparison = models.CharField(max_length=12, choices=choices.Comparison, default=choices.Comparison.NONE)
    source = models.ForeignKey(
        "Attempt", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The hero frame the attempts start from.",
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shot__isnull=False) | ~Q(prompt=""), name="attempts_are_at_a_shot_or_a_prompt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Attempt(models.Model):
    """One picture or clip of a group. What was asked for never changes; scores and choices are added."""

    group = models.ForeignKey(GenerationGroup, on_delete=models.CASCADE, related_name="attempts")
    round = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)], help_text="In the group.")
    prompt = models.TextField()
    settings: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    changed = models.TextField(blank=True, help_text="What differs from the attempt before.")
    seed = models.PositiveBigIntegerField(null=True, blank=True)
    run = models.ForeignKey(
        "media_pipeline.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="attempts"
    )
    picture = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    take = models.ForeignKey(Take, null=True, blank=True, on_delete=models.SET_NULL, related_name="attempts")
    score = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="0 to 100; empty: not scored."
    )
    scores: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, help_text="Measurement -> 0 to 100."
    )
    error_message = models.TextField(blank=True)
    is_favourite = models.BooleanField(default=False)
    is_system_best = models.BooleanField("system's best", default=False)
    system_reason = models.TextField(blank=True, help_text="Why the system thinks it the best.")
    is_person_best = models.BooleanField("person's best", default=False)
    is_final = models.BooleanField("final", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["group", "round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="attempt_number_is_unique_in_group"),
            models.CheckConstraint(condition=Q(round__gte=1, number__gte=1), name="attempts_are_counted_from_1"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100), name="an_attempt_score_is_0_to_100"
            ),
            *(
                models.UniqueConstraint(
                    fields=["group"], condition=Q(**{f"is_{flag}": True}), name=f"one_{flag}_attempt_per_group"
                )
                for flag in choices.TakeFlag.values
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}"
