"""Two key frames, and a video from the first to the last; its frames are spread over the shot, so both stay."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from media_pipeline.media.chain import chain
from media_pipeline.providers.base import ImageEditRequest, Reference, Request, VideoRequest
from media_pipeline.providers.lengths import frames_sent
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest
from media_pipeline.takes.limits import limits
from scenes.models import Shot

from .image_to_video import motion
from .made import Approach, Clip, Made, ask, kept_clip, key_of, tell_filming
from .pictures import calls_for_first, first_picture

MOMENT_LATER = (
    "The same place, people, clothes and light as in the picture, from the same camera, a few seconds later: {moment}. "
    "One photograph."
)


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """The first picture, the last one made from it, the video between them."""
    first = first_picture(run, shot, request)
    run.progress(20, "The last frame of the shot")
    last = ask(run, request, "last keyframe", last_frame(request, first.sha256))
    tell_filming(run, shot, attempt, "From the first frame to the last", percent=35)
    asked = between(request, first.sha256, last.files[0], attempt)
    answer = Clip.of(ask(run, request, key_of("video", attempt), asked))
    clip = kept_clip(run, key_of("spread", attempt), lambda work: spread(work, [answer.sha256], request), answer)
    bought = {"bought_frames": asked.frames, "bought_rate": str(asked.rate)}
    return Made(clip, first.asset, last.asset_ids[0], facts=bought)


def last_frame(request: ShotRequest, first: str) -> ImageEditRequest:
    """The picture at the end: the first one, a few seconds later."""
    moment = request.last_frame_prompt or request.brief.business or request.prompt
    beside = tuple(chosen.reference for chosen in request.references[: limits().references - 1])
    return ImageEditRequest(
        prompt=MOMENT_LATER.format(moment=moment.strip(" .")), negative_prompt=request.negative_prompt,
        references=(Reference(media=first, name="the first frame"), *beside), width=request.width,
        height=request.height, seed=request.seed, brief=request.brief,
    )  # fmt: skip


def between(request: ShotRequest, first: str, last: str, attempt: int = 1, *, frames: int = 0) -> VideoRequest:
    """A video from one picture to another: 81 frames at 16 a second, more where the shot is longer."""
    rate = Fraction(limits().model_rate)
    needed = frames_sent(motion(request, first), {"rate": str(rate)})
    asked = motion(request, first, attempt)
    return asked.model_copy(
        update={"end_image": last, "frames": frames or max(limits().first_last_frames, needed), "rate": rate}
    )


def spread(work: Work, clips: list[str], request: ShotRequest) -> Path:
    """The clips' frames over the time of the shot: the first is its first, the last its last."""
    out = work.workdir / "spread.mp4"
    seconds = Fraction(request.frames) / request.rate
    chain([work.media(sha) for sha in clips], out, seconds=seconds, cancelled=work.cancelled)
    return out


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """Two pictures and a video."""
    nobody = "0" * 64
    return [
        *calls_for_first(request), ("last frames", last_frame(request, nobody)),
        ("motion", between(request, nobody, nobody)),
    ]  # fmt: skip


APPROACH = Approach(make, calls)
