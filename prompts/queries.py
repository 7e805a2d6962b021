"""Reads of prompts and model profiles that several floors share."""

from __future__ import annotations

from .models import ModelProfile


def profiles_for(capability: str, tier: str) -> list[ModelProfile]:
    """The active profiles for a capability at a quality tier, the preferred one first."""
    found = ModelProfile.objects.filter(capability=capability, active=True)
    return [profile for profile in found if profile.serves(tier)]
