"""Notes on frames."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from dailies import choices
from scenes.models import Take

from .signed import Signed

UNIT = 10_000
"""A drawing's coordinates go from 0 to this over the width and over the height of the picture: whole numbers that fit
any size it is shown in."""

MOST_STROKES, MOST_POINTS, LONGEST_LABEL = 200, 2_000, 300
COLOURS = ("#e8a24a", "#f26d5b", "#8cc49a", "#9dbbd8", "#ffffff", "#111111")


def validate_drawing(strokes: Any) -> None:
    """Strokes of tool, colour, width, points and, for text, its words. Raises ValidationError with a sentence."""
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        raise ValidationError(f"A drawing is a list of at most {MOST_STROKES} strokes.")
    for number, stroke in enumerate(strokes, start=1):
        _validate_stroke(number, stroke)


def _validate_stroke(number: int, stroke: Any) -> None:
    if not isinstance(stroke, dict) or set(stroke) - {"tool", "colour", "width", "points", "text"}:
        raise ValidationError(f"Stroke {number} has tool, colour, width, points and text, and nothing else.")
    if stroke.get("tool") not in choices.Tool.values:
        raise ValidationError(f"Stroke {number} was drawn with {stroke.get('tool')!r}, which is no tool.")
    if stroke.get("colour") not in COLOURS:
        raise ValidationError(f"The colour of stroke {number} is one of {', '.join(COLOURS)}.")
    if not _whole(stroke.get("width"), 1, 400):
        raise ValidationError(f"The width of stroke {number} is a whole number from 1 to 400.")
    points = stroke.get("points")
    if not isinstance(points, list) or not 1 <= len(points) <= MOST_POINTS or not all(map(_is_point, points)):
        raise ValidationError(f"Stroke {number} has 1 to {MOST_POINTS} points, each of two numbers from 0 to {UNIT}.")
    words = stroke.get("text", "")
    if not isinstance(words, str) or len(words) > LONGEST_LABEL:
        raise ValidationError(f"The words of stroke {number} have at most {LONGEST_LABEL} letters.")


def _is_point(point: Any) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(_whole(part, 0, UNIT) for part in point)


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


class Annotation(Signed):
    """A note on a frame or a range of a take, with a drawing; or an answer to one."""

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="annotations")
    first_frame = models.PositiveIntegerField(null=True, blank=True, help_text="From 0; empty: the whole take.")
    last_frame = models.PositiveIntegerField(null=True, blank=True, help_text="Of a range; the same for one frame.")
    text = models.TextField(blank=True)
    drawing: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True, validators=[validate_drawing])
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    review = models.ForeignKey(
        "dailies.Review", null=True, blank=True, on_delete=models.SET_NULL, related_name="annotations",
        help_text="The decision it was given with.",
    )  # fmt: skip
    attachment = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Taken back by whoever wrote it.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "client_key"], name="a_note_is_written_once"),
            models.CheckConstraint(
                condition=Q(first_frame=None, last_frame=None) | Q(last_frame__gte=F("first_frame")),
                name="a_note_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or f"drawing by {self.signature}"


class Mention(models.Model):
    """Somebody named in a note with @."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation", "person"], name="a_note_names_a_person_once")]

    def __str__(self) -> str:
        return f"@{self.person}"
