"""Decisions about takes, and what the next prompt is told of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from dailies import choices
from scenes.choices import ReviewState
from scenes.models import Shot, Take

from .signed import Signed


class Review(Signed):
    """One decision about one take. Never changed: undoing it is written beside it."""

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="reviews")
    decision = models.CharField(max_length=12, choices=choices.Decision)
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, help_text="Codes of Reason.")
    text = models.TextField(blank=True, help_text="In the reviewer's own words.")
    frame = models.PositiveIntegerField(null=True, blank=True, help_text="From 0, where the decision was taken.")
    state_before = models.CharField(max_length=12, choices=ReviewState, blank=True)
    selected_before = models.ForeignKey(
        Take, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The take the film used before.",
    )  # fmt: skip
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "client_key"], name="a_decision_is_taken_once"),
        ]
        indexes = [models.Index(fields=["project", "created_at"])]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} by {self.signature}"

    @property
    def reason_words(self) -> list[str]:
        """The reasons as sentences."""
        return [str(choices.Reason(code).label) for code in self.reasons if code in choices.Reason.values]


class RetakeNotes(models.Model):
    """What every later prompt of a shot is told, out of its retakes. Written by the verbs of decisions alone."""

    shot = models.OneToOneField(Shot, on_delete=models.CASCADE, related_name="retake_notes", primary_key=True)
    words = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.words[:80]
