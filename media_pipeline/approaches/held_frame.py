"""A still, held or slowly pushed in on: no video model, no jitter, nothing bought but the picture."""

from __future__ import annotations

from pathlib import Path

from media_pipeline.media.held import hold
from media_pipeline.media.mezzanine import MezzanineFormat
from media_pipeline.providers.base import Request
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest
from scenes.choices import CameraMovement, GenerationApproach
from scenes.models import Shot

from .image_to_video import motion
from .made import Approach, Clip, Made, ask, kept_clip, tell_filming
from .pictures import calls_for_first, first_picture


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """The still, then its frames; the animatic lays its own slate and lines over them."""
    picture = first_picture(run, shot, request)
    tell_filming(run, shot, attempt, "Holding the frame")
    if request.is_drawn or picture.answer is None:
        answer = ask(run, request, "video", _drawn(request, picture.sha256))
        return Made(Clip.of(answer), picture.asset)

    def film(work: Work) -> Path:
        form = MezzanineFormat(request.width, request.height, request.rate)
        out = work.workdir / "held.mp4"
        hold(work.media(picture.sha256), out, form, request.frames, push=_pushed(request), seed=request.seed,
             cancelled=work.cancelled)  # fmt: skip
        return out

    clip = kept_clip(run, "held", film, Clip.of(picture.answer))
    return Made(clip, picture.asset, facts={"bought_frames": 0})


def _pushed(request: ShotRequest) -> bool:
    return request.approach == GenerationApproach.HELD_FRAME_PUSH


def _drawn(request: ShotRequest, start: str) -> Request:
    movement = CameraMovement.PUSH_IN if _pushed(request) else CameraMovement.STATIC
    asked = motion(request, start)
    return asked.model_copy(update={"brief": request.brief.model_copy(update={"camera_movement": str(movement)})})


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """The picture alone; the animatic's motion costs nothing."""
    first = calls_for_first(request)
    return [*first, ("motion", _drawn(request, "0" * 64))] if request.is_drawn else first


APPROACH = Approach(make, calls)
