"""Reads of prompts and model profiles that several floors share."""

from __future__ import annotations

from .models import ModelProfile


class NoModel(LookupError):
    """No active model profile serves what was asked for; the message is a sentence for a person."""


def profile_for(capability: str, tier: str) -> ModelProfile:
    """The preferred active profile for a capability at a quality tier; raises NoModel when there is none."""
    for profile in ModelProfile.objects.filter(capability=capability, active=True):
        if profile.serves(tier):
            return profile
    raise NoModel(f"No active model profile serves {capability!r} at the {tier} tier: add or activate one.")
