"""Which model is asked: the preferred active profile whose provider is set up here."""

from __future__ import annotations

from media_pipeline.providers.errors import Refused
from prompts.models import ModelProfile
from prompts.queries import profiles_for

from .registry import provider_named


class NoModel(Refused):
    """No active model profile can serve what was asked for; the message says what to do."""


def profile_for(capability: str, tier: str) -> ModelProfile:
    """The first profile, by preference, that serves a capability at a tier and whose provider is set up.

    Without any key that is the animatic for pictures and motion. Raises NoModel with a sentence.
    """
    waiting = set()
    for profile in profiles_for(capability, tier):
        if provider_named(profile.provider).available():
            return profile
        waiting.add(profile.provider)
    if waiting:
        names = ", ".join(sorted(waiting))
        raise NoModel(f"Nothing here can do {capability!r}: set up {names}, or activate another model profile.")
    raise NoModel(f"No active model profile serves {capability!r} at the {tier} tier: add or activate one.")
