"""What a take's request asks of providers: its calls, and the model profiles that serve them."""

from __future__ import annotations

from typing import Any

from media_pipeline.approaches.registry import APPROACHES
from media_pipeline.providers.base import ImageEditRequest, ImageRequest, Request, VisionRequest
from media_pipeline.providers.choice import needs_of, profile_for
from media_pipeline.shot_request import ShotRequest
from projects.models import Project

NOBODY = "0" * 64
"""Digest of a picture that is not made yet."""


def calls_of(request: ShotRequest) -> list[tuple[str, Request]]:
    """The provider calls that a shot's take needs, by what they are for, each as often as it is needed once.

    Looking at the pictures counts where there is somebody to ask.
    """
    found = APPROACHES[request.approach].calls(request)
    pictures = [call for _, call in found if isinstance(call, ImageRequest | ImageEditRequest)]
    if not request.questions.no_judge:
        found += [("verification", VisionRequest(question=request.questions.vision, image=NOBODY))] * len(pictures)
    return found


def profiles_of(request: ShotRequest, project: Project) -> tuple[dict[str, Any], ...]:
    """The model profiles that a take's calls ask, each as it stands now; a project object reads each once."""
    known: dict[Any, dict[str, Any]] = project.__dict__.setdefault("_profiles_as_they_stand", {})
    found: list[dict[str, Any]] = []
    for _, call in calls_of(request):
        capability, named = str(call.capability), request.models.get(call.capability, "")
        key = (capability, request.tier, needs_of(call), named)
        if key not in known:
            profile = profile_for(capability, request.tier, needs=key[2], named=named)
            known[key] = profile.snapshot() | {
                "capability": capability, "provider": profile.provider, "endpoint": profile.endpoint,
                "needs": sorted(key[2]),
            }  # fmt: skip
        if known[key] not in found:
            found.append(known[key])
    return tuple(found)
