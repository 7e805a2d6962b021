"""A shot from words alone: no picture is made first, so its first frame is what it starts from."""

from __future__ import annotations

from media_pipeline.providers.base import Request, VideoRequest
from media_pipeline.runs.context import RunContext
from media_pipeline.shot_request import ShotRequest
from scenes.models import Shot

from .image_to_video import motion
from .made import Approach, Clip, Made, ask, key_of, tell_filming


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """One video request."""
    tell_filming(run, shot, attempt, "Making the shot", percent=10)
    clip = ask(run, request, key_of("video", attempt), _request(request, attempt))
    return Made(Clip.of(clip), None)


def _request(request: ShotRequest, attempt: int) -> VideoRequest:
    """The picture and the motion in one prompt: nothing else says what is seen."""
    asked = motion(request, "", attempt)
    return asked.model_copy(update={"prompt": "\n".join(filter(None, (request.prompt, request.motion_prompt)))})


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """One video."""
    return [("motion", _request(request, 1))]


APPROACH = Approach(make, calls)
