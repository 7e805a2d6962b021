"""The closed lists of values of the review room."""

from __future__ import annotations

from django.db import models


class Decision(models.TextChoices):
    """What a reviewer says of a take."""

    APPROVE = "approve", "Approve"
    RETAKE = "retake", "Retake"
    NEEDS_REVIEW = "needs_review", "Needs review"


class Reason(models.TextChoices):
    """Why a take goes back. The words are what the next prompt is told."""

    ANATOMY = "anatomy", "Hands, faces and bodies must be right"
    IDENTITY = "identity", "The character must look like their references"
    WARDROBE = "wardrobe", "Wardrobe must match the scene"
    PERFORMANCE = "performance", "The performance must match the action"
    CAMERA = "camera", "Camera and framing must follow the direction"
    LIGHT = "light", "Light must match the scene"
    CONTINUITY = "continuity", "It must cut with its neighbours"
    MOTION = "motion", "Movement must be natural"
    ARTIFACTS = "artifacts", "The picture must be clean"
    TEXT = "text", "No stray writing in the picture"
    SOUND = "sound", "Sound must match the picture"
    PACE = "pace", "The pace must fit the scene"


class Tool(models.TextChoices):
    """What a stroke was drawn with."""

    PEN = "pen", "Pen"
    LINE = "line", "Line"
    ARROW = "arrow", "Arrow"
    RECTANGLE = "rectangle", "Rectangle"
    ELLIPSE = "ellipse", "Ellipse"
    TEXT = "text", "Text"


class NoticeKind(models.TextChoices):
    """Why a person is told."""

    MENTION = "mention", "You were mentioned"
    REPLY = "reply", "Your note was answered"
    RETAKE = "retake", "A take was sent back"
    SESSION = "session", "A review session began"
    SUMMARY = "summary", "A review session ended"
    NEW_TAKE = "new_take", "A new take is there"
