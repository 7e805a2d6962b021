"""One picture, set in motion: the composite of a shot, a single key frame, or the last frame of the shot before."""

from __future__ import annotations

from media_pipeline.providers.base import Request, VideoRequest
from media_pipeline.runs.context import RunContext
from media_pipeline.shot_request import ShotRequest
from scenes.models import Shot

from .made import Approach, Clip, Made, key_of, seed_of
from .pictures import calls_for_first, first_picture


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """The first picture, then the video from it; another attempt films the same picture with another seed."""
    picture = first_picture(run, shot, request)
    run.progress(30, "Making the shot move", until=70)
    clip = run.call(
        key_of("video", attempt), motion(request, picture.sha256, attempt), tier=request.tier, models=request.models
    )
    return Made(Clip.of(clip), picture.asset, composite=picture.asset if picture.composite else None)


def motion(request: ShotRequest, start_image: str, attempt: int = 1) -> VideoRequest:
    """The shot in motion from a picture."""
    return VideoRequest(
        prompt=request.motion_prompt or request.prompt, negative_prompt=request.negative_prompt,
        start_image=start_image, width=request.width, height=request.height, frames=request.frames,
        rate=request.rate, seed=seed_of(request, attempt), identities=request.kept.video, brief=request.brief,
    )  # fmt: skip


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """The pictures, and one video."""
    return [*calls_for_first(request), ("motion", motion(request, "0" * 64))]


APPROACH = Approach(make, calls)
