"""How the pictures of a shot came about and what was found when they were looked at. Machines write these."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from scenes import choices

from .shot import Shot
from .take import Take

MOST_ITERATIONS, MOST_REFERENCES, MOST_ATTEMPTS = 20, 3, 5
"""Of one composite (flow 4): iterations, references of each, attempts at each."""


class CompositeIteration(models.Model):
    """One step in building up a shot's start image: a layer on top of what was there."""

    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="composite_iterations")
    run = models.ForeignKey(
        "media_pipeline.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="composite_iterations"
    )
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_ITERATIONS)])
    layer = models.CharField(max_length=12, choices=choices.CompositeLayer)
    prompt = models.TextField()
    picture = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_ATTEMPTS)])
    passed = models.BooleanField(null=True, blank=True, help_text="Of its verification; empty: not verified yet.")
    details: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["shot", "run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["shot", "run", "number"], name="composite_iteration_is_unique_in_run"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_ITERATIONS), name="a_composite_has_1_to_20_iterations"
            ),
            models.CheckConstraint(condition=Q(attempts__lte=MOST_ATTEMPTS), name="a_layer_is_tried_at_most_5_times"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.get_layer_display()}"


class CompositeReference(models.Model):
    """An image an iteration was made with."""

    iteration = models.ForeignKey(CompositeIteration, on_delete=models.CASCADE, related_name="references")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_REFERENCES)])
    kind = models.CharField(max_length=12, choices=choices.ReferenceKind)
    picture = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    description = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["iteration", "position"], name="references_of_an_iteration_are_in_order"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_REFERENCES),
                name="an_iteration_has_at_most_3_references",
            ),
        ]

    def __str__(self) -> str:
        return self.description or f"reference {self.position}"


class VerificationResult(models.Model):
    """One answer about one picture of a shot."""

    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="verifications")
    iteration = models.ForeignKey(
        CompositeIteration, null=True, blank=True, on_delete=models.CASCADE, related_name="verifications"
    )
    take = models.ForeignKey(Take, null=True, blank=True, on_delete=models.CASCADE, related_name="verifications")
    picture = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    run = models.ForeignKey("media_pipeline.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=16, choices=choices.VerificationKind)
    query = models.TextField()
    answer = models.TextField(blank=True)
    passed = models.BooleanField(null=True, blank=True, help_text="Empty: not measured.")
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="A person took it although it did not pass.")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    acceptance_reason = models.TextField(blank=True)
    confidence = models.DecimalField(
        max_digits=4, decimal_places=3, null=True, blank=True, help_text="0 to 1; empty: not said."
    )
    details: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1), name="confidence_is_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | ~Q(acceptance_reason=""), name="an_acceptance_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        found = {True: "passed", False: "not passed", None: "not measured"}[self.passed]
        return f"{self.get_kind_display()}: {found}"


class ContinuityCheck(models.Model):
    """Whether one thing fits between two shots, as their takes show them."""

    from_shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="continuity_after")
    to_shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="continuity_before")
    from_take = models.ForeignKey(Take, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    to_take = models.ForeignKey(Take, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=choices.ContinuityKind)
    severity = models.CharField(max_length=8, choices=choices.ContinuitySeverity)
    passed = models.BooleanField()
    notes = models.TextField(blank=True)
    evidence: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    dismissal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["to_shot", "kind", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_shot=F("to_shot")), name="continuity_is_between_two_shots"),
            models.CheckConstraint(
                condition=Q(dismissed_at=None) | ~Q(dismissal_reason=""), name="a_dismissal_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["from_take", "to_take", "kind"], name="one_continuity_check_per_pair_of_takes_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {'fits' if self.passed else self.get_severity_display()}"
