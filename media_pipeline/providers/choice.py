"""Which model is asked: the preferred active profile whose provider is set up here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from media_pipeline.providers.base import Request, VideoRequest
from media_pipeline.providers.errors import Refused
from prompts.models import ModelProfile
from prompts.queries import profiles_for

from .registry import is_known, provider_named


class NoModel(Refused):
    """No active model profile can serve what was asked for; the message says what to do."""


def profile_for(capability: str, tier: str, *, needs: Collection[str] = (), named: str = "") -> ModelProfile:
    """The first profile, by preference, that serves a capability at a tier and whose provider is set up.

    `needs` are abilities it has to support (see needs_of). `named` is the one a person chose for a shot: it is taken or
    refused, never replaced by another. Without any key that is the animatic for pictures and motion. Raises NoModel
    with a sentence.
    """
    waiting, unable = set(), []
    for profile in profiles_for(capability, tier):
        if named and profile.name != named:
            continue
        if not set(needs) <= set(profile.supports):
            unable.append(profile.name)
        elif is_known(profile.provider) and provider_named(profile.provider).available():
            return profile
        else:
            waiting.add(profile.provider)
    raise NoModel(_sentence(capability, tier, sorted(waiting), unable, needs, named))


def frozen_profile(
    frozen: Sequence[Mapping[str, Any]], capability: str, needs: Collection[str], named: str = ""
) -> ModelProfile | None:
    """Of profiles as they stood when a run began (media_pipeline.asked.profiles_of), the one that serves exactly this.

    It is no row to be saved: its price, limits and parameters are those of then.
    """
    for row in frozen:
        chosen = not named or row["name"] == named
        if chosen and row["capability"] == capability and set(row["needs"]) == set(needs):
            price = None if row["price"] is None else Decimal(row["price"])
            kept = ("name", "capability", "provider", "endpoint", "limits", "supports", "parameters", "parameter_map",
                    "price_unit", "timeout_seconds")  # fmt: skip
            return ModelProfile(pk=row["id"], price=price, **{name: row[name] for name in kept})
    return None


def _sentence(
    capability: str, tier: str, waiting: list[str], unable: list[str], needs: Collection[str], named: str
) -> str:
    words = " and ".join(ABILITIES.get(need, need) for need in sorted(needs))
    if waiting:
        return f"Nothing here can do {capability!r}: set up {', '.join(waiting)}, or activate another model profile."
    if unable:
        return f"{', '.join(unable)} cannot {words}: add or activate a model profile that can, or change the approach."
    if named:
        return f"The shot asks for {named!r}, which is no active model profile for {capability!r} at the {tier} tier."
    return f"No active model profile serves {capability!r} at the {tier} tier: add or activate one."


ABILITIES = {
    "start_frame": "start from a picture",
    "end_frame": "end on a given picture",
    "source_video": "work on a video",
    "text_to_video": "make a video from words alone",
    "lora": "use a trained identity",
}
"""What a profile may support -> in words."""


def needs_of(request: Request) -> frozenset[str]:
    """What a model has to be able to do to serve a request, in the words of model profiles."""
    found = {"lora"} if getattr(request, "identities", ()) else set()
    if isinstance(request, VideoRequest):
        sources = {"start_frame": request.start_image, "end_frame": request.end_image}
        found |= {name for name, media in (sources | {"source_video": request.source_video}).items() if media}
        if not request.start_image and not request.source_video:
            found.add("text_to_video")
    return frozenset(found)
