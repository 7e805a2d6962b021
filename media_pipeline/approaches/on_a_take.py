"""Working on a video that is there: the whole of it (video to video), or the person in it (animate, replace)."""

from __future__ import annotations

from media_pipeline.providers.base import Request
from media_pipeline.runs.context import RunContext
from media_pipeline.shot_request import ShotRequest
from scenes.choices import GenerationApproach
from scenes.models import Shot

from .image_to_video import motion
from .made import Approach, Clip, Made, ask, key_of, tell_filming
from .pictures import calls_for_first, first_picture


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """The picture of who is put in, where the approach is about somebody, then the video from the take."""
    picture = first_picture(run, shot, request) if _about_somebody(request) else None
    tell_filming(run, shot, attempt, "Working on the take")
    asked = motion(request, picture.sha256 if picture else "", attempt)
    asked = asked.model_copy(
        update={"source_video": request.source_video, "replace_character": _about_somebody(request)} | _words(request)
    )
    clip = ask(run, request, key_of("video", attempt), asked)
    return Made(Clip.of(clip), picture.asset if picture else None)


def _about_somebody(request: ShotRequest) -> bool:
    return request.approach == GenerationApproach.CHARACTER_ANIMATE_REPLACE


def _words(request: ShotRequest) -> dict[str, str]:
    """A video that is made anew from another is told what is seen as well as what moves: no picture says it."""
    if _about_somebody(request):
        return {}
    return {"prompt": "\n".join(filter(None, (request.prompt, request.motion_prompt)))}


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """A picture where somebody is put in, and one video."""
    first = calls_for_first(request) if _about_somebody(request) else []
    asked = motion(request, "0" * 64 if _about_somebody(request) else "")
    source = {"source_video": request.source_video or "0" * 64}
    return [*first, ("motion", asked.model_copy(update=source | _words(request)))]


APPROACH = Approach(make, calls)
