"""The numbers of the take pipeline (flow 4). They are settings: here are their names and their defaults."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field


class TakeLimits(BaseModel):
    """Counts, pixels and frames; TAKE_LIMITS changes them, as JSON: {"layer_attempts": 3}."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    iterations: int = Field(default=20, ge=1, le=20)
    """Of one composite, corrections included."""

    references: int = Field(default=3, ge=2, le=3)
    """Of one request, the picture that is changed among them."""

    layer_attempts: int = Field(default=5, ge=1, le=5)
    """Of one layer, until it passes."""

    confidence: Decimal = Field(default=Decimal("0.8"), ge=0, lt=1)
    """A knowledge query passes above it."""

    takes: int = Field(default=2, ge=1, le=10)
    """How often a shot is filmed when QC finds its take of no use; the composite stays."""

    first_last_frames: int = Field(default=81, ge=17)
    """Between two key frames, at `model_rate`."""

    triptych_frames: int = Field(default=49, ge=17)
    """Of each of the two halves of a triptych."""

    model_rate: int = Field(default=16, ge=1, le=60)
    """Frames a second of first-last videos."""

    strip: tuple[int, int] = (1536, 912)
    """Pixels of a triptych's strip."""

    panel: tuple[int, int] = (768, 1344)
    """Pixels of one of its panels after upscaling."""


def limits() -> TakeLimits:
    """The limits that hold here; a name that is none stops the start of the site."""
    found: TakeLimits = settings.TAKE_LIMITS
    return found
