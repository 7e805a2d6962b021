"""Raw material, how ready it is, and what qualification makes of it beside the structured records."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from projects import choices, validators

from .production import Project
from .tracked import Tracked

READY_SCORE = 75
"""The score from which a department is ready (flows, section 1)."""


class GatherItem(Tracked):
    """One piece of raw, unvalidated material. Read-only, at the database too, once the production's lock is set."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="gather_items")
    kind = models.CharField(max_length=20, choices=choices.GatherKind)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    structured: models.JSONField[Any, Any] = models.JSONField(
        "structured data", default=dict, blank=True, validators=[validators.names_and_values],
        help_text="Names with values, such as height: 1.82.",
    )  # fmt: skip
    attachment = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=8, choices=choices.GatherSource, default=choices.GatherSource.PERSON)
    department = models.CharField(max_length=40, blank=True, help_text="Whose material it is, where that is known.")

    class Meta:
        ordering = ["project", "kind", "pk"]
        indexes = [models.Index(fields=["project", "kind"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(body="") | ~Q(attachment=None), name="a_gather_item_holds_something"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.body[:60] or f"{self.get_kind_display()} {self.pk}"


class DepartmentReadiness(models.Model):
    """How ready one department's material is, 0 to 100, and what is missing, by rules or by a model."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="readiness")
    department = models.CharField(max_length=40)
    evaluated_by = models.CharField(max_length=8, choices=choices.Evaluator, default=choices.Evaluator.RULES)
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    threshold = models.PositiveSmallIntegerField(default=READY_SCORE, validators=[MaxValueValidator(100)])
    missing = models.JSONField(default=list, blank=True, validators=[validators.lines])
    evaluated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["project", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "department", "evaluated_by"], name="one_readiness_per_department_and_judge"
            ),
            models.CheckConstraint(condition=Q(score__lte=100, threshold__lte=100), name="readiness_is_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.score}"

    @property
    def ready(self) -> bool:
        """Whether the score is at or above the threshold."""
        return self.score >= self.threshold


class QualifiedDocument(Tracked):
    """A department's output that has no record of its own: the flexible tier beside the structured records."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    collection = models.CharField(max_length=60, help_text="Such as visual guidelines.")
    key = models.CharField(max_length=120)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    schema_version = models.PositiveIntegerField(default=1)
    generated_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["project", "collection", "key"]
        constraints = [
            models.UniqueConstraint(fields=["project", "collection", "key"], name="a_document_has_its_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.collection}/{self.key}"
