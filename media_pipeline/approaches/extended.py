"""A shot longer than its model films: pieces, each from the last frame of the one before, held to the references."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.chain import chain
from media_pipeline.media.frames import last_frame
from media_pipeline.providers.base import ImageEditRequest, Reference, Request, VideoRequest
from media_pipeline.providers.choice import profile_for
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest
from media_pipeline.takes.limits import limits
from scenes.models import Shot

from .image_to_video import motion
from .made import Approach, Clip, Made, ask, kept_clip, key_of, tell_filming
from .pictures import calls_for_first, first_picture

ANCHOR = (
    "The same photograph, unchanged in place, framing, light and pose. Only the faces and clothes are made exactly "
    "those of the references again."
)


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """The first picture, then piece after piece; a failed piece is tried again without those before it."""
    picture = first_picture(run, shot, request)
    pieces = pieces_of(request)
    tell_filming(run, shot, attempt, f"Piece 1 of {len(pieces)}")
    start, filmed = picture.sha256, []
    for place, frames in enumerate(pieces, start=1):
        run.progress(25 + 45 * (place - 1) // len(pieces), f"Piece {place} of {len(pieces)}")
        asked = _piece(request, start, frames, attempt)
        key = key_of(f"video/{place}", attempt)
        answer = ask(run, request, key, asked)
        filmed.append(Clip.of(answer))
        if place < len(pieces):
            start = _next_start(run, request, filmed[-1], place, attempt)
    clip = kept_clip(run, key_of("chained", attempt), lambda work: _chained(work, filmed), filmed[0])
    return Made(clip, picture.asset, facts={"bought_frames": sum(pieces), "pieces": len(pieces)},
                composite=picture.asset if picture.composite else None)  # fmt: skip


def pieces_of(request: ShotRequest) -> list[int]:
    """Frames of each piece at the shot's rate: as few pieces as the model allows, of nearly one length.

    Every piece but the first brings one frame that is there already.
    """
    profile = profile_for("video", request.tier, needs={"start_frame"}, named=request.models.get("video", ""))
    most_sent = int(profile.limits.get("max_frames", 0))
    if not most_sent:
        return [request.frames]
    rate = profile.limits.get("rate")
    most = most_sent if rate is None else max(2, math.floor((most_sent - 1) * request.rate / int(rate)))
    count = max(1, math.ceil((request.frames - 1) / (most - 1)))
    each, more = divmod(request.frames - 1, count)
    return [each + (place < more) + 1 for place in range(count)]


def _piece(request: ShotRequest, start: str, frames: int, attempt: int) -> VideoRequest:
    return motion(request, start, attempt).model_copy(update={"frames": frames})


def _next_start(run: RunContext, request: ShotRequest, clip: Clip, place: int, attempt: int) -> str:
    """The last frame of a piece, and where there are references its faces brought back to them: pieces drift."""
    key = key_of(f"end/{place}", attempt)
    kept = run.local(key, lambda work: _ending(work, run.run.project_id, clip))
    if not request.references:
        return str(kept["sha256"])
    anchored = ask(run, request, f"{key}/anchored", _anchor(request, kept["sha256"]))
    return anchored.files[0]


def _anchor(request: ShotRequest, frame: str) -> ImageEditRequest:
    beside = tuple(chosen.reference for chosen in request.references[: limits().references - 1])
    return ImageEditRequest(
        prompt=ANCHOR, references=(Reference(media=frame, name="the last frame"), *beside), width=request.width,
        height=request.height, seed=request.seed, brief=request.brief,
    )  # fmt: skip


def _ending(work: Work, project_id: int, clip: Clip) -> dict[str, Any]:
    out = work.workdir / "end.png"
    last_frame(work.media(clip.sha256), out)
    original = MediaAsset.objects.get(pk=clip.asset)
    asset = storage.add_asset(project_id, out, role="end of a piece", source=MediaAsset.Source.DERIVED,
                              derived_from=original, provenance=original.provenance)  # fmt: skip
    return {"sha256": asset.sha256}


def _chained(work: Work, clips: list[Clip]) -> Path:
    out = work.workdir / "chained.mp4"
    chain([work.media(clip.sha256) for clip in clips], out, cancelled=work.cancelled)
    return out


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """The first picture, each piece, and an anchor between pieces where there are references."""
    nobody = "0" * 64
    pieces = pieces_of(request)
    anchors = len(pieces) - 1 if request.references else 0
    return [
        *calls_for_first(request), *(("motion", _piece(request, nobody, frames, 1)) for frames in pieces),
        *([("anchors", _anchor(request, nobody))] * anchors),
    ]  # fmt: skip


APPROACH = Approach(make, calls)
