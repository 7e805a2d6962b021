"""Where a provider may report that a step's answer is there."""

from __future__ import annotations

from django.conf import settings

from .models import Step


def webhook_url(step: Step) -> str:
    """The address for this step alone, or "" where webhooks are switched off (no way in from outside)."""
    if not settings.PROVIDER_WEBHOOKS:
        return ""
    return f"{settings.PUBLIC_URL}/hooks/{step.provider}/{step.token}/"
