"""One take of one shot: a frame, motion from it, what is derived for review and cutting, the record."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.continuity import check_take_cuts
from media_pipeline.media.derive import derive
from media_pipeline.media.errors import BrokenMedia
from media_pipeline.media.frames import last_frame
from media_pipeline.media.mezzanine import MezzanineFormat, is_mezzanine, make_mezzanine
from media_pipeline.media.probe import probe
from media_pipeline.providers.base import ImageRequest, VideoRequest
from media_pipeline.runs.calls import CallResult
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.models import Run, RunState
from media_pipeline.runs.registry import pipeline
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest, shot_request, shots_of
from media_pipeline.take_checks import check_take
from projects.actions import record_cover
from projects.models import Project
from scenes.actions import record_take, set_scene_status, set_shot_status
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Shot, Take


class ChangedSince(ValueError):
    """The shot is no longer what was estimated and approved."""


def ending(run: Run) -> None:
    """The shot says itself why it has no new take."""
    if run.state in (RunState.FAILED, RunState.CANCELLED):
        status = ShotStatus.FAILED if run.state == RunState.FAILED else ShotStatus.READY
        set_shot_status(_shot_id(run), run.project_id, status, error=run.error)


@pipeline("render_shot", ending=ending)
def render_shot(run: RunContext) -> dict[str, Any]:
    """Settings: `tier` (quality). Returns the take's id and number."""
    request = ShotRequest.model_validate(run.freeze(lambda: _freeze(run)))
    still = run.call("keyframe", _keyframe(request), tier=request.tier)
    run.record("moving", lambda: set_shot_status(_shot_id(run.run), run.run.project_id, ShotStatus.GENERATING_VIDEO))
    run.progress(30, "Making the shot move", until=70)
    clip = run.call("video", _motion(request, still), tier=request.tier)
    run.progress(70, "Preparing for review", until=95)
    parts = run.local("derive", lambda work: _derive(request, clip, work))
    taken = run.record("take", lambda: _record(run, request, still, clip, parts))
    check_take(run, taken["take"])
    check_take_cuts(run, taken["take"])
    return taken


def _freeze(run: RunContext) -> dict[str, Any]:
    project = Project.objects.get(pk=run.run.project_id)
    shot = Shot.objects.select_related("scene").get(pk=_shot_id(run.run))
    (shot,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
    request = shot_request(shot, project, run.settings["tier"])
    if run.settings.get("expects", request.digest) not in request.digests:
        raise ChangedSince(
            "The shot was changed after the production was started: produce again to render it as it is."
        )
    set_shot_status(shot.pk, project.pk, ShotStatus.COMPOSITING)
    set_scene_status(shot.scene_id, project.pk, SceneStatus.GENERATING)
    return request.model_dump(mode="json")


def _keyframe(request: ShotRequest) -> ImageRequest:
    return ImageRequest(
        prompt=request.prompt, negative_prompt=request.negative_prompt, width=request.width, height=request.height,
        seed=request.seed, brief=request.brief,
    )  # fmt: skip


def _motion(request: ShotRequest, still: CallResult) -> VideoRequest:
    return VideoRequest(
        prompt=request.motion_prompt or request.prompt, negative_prompt=request.negative_prompt,
        start_image=still.files[0], width=request.width, height=request.height, frames=request.frames,
        rate=request.rate, seed=request.seed, brief=request.brief,
    )  # fmt: skip


def _derive(request: ShotRequest, clip: CallResult, work: Work) -> dict[str, int | None]:
    """Everything that is made from the take's original, each a stored asset; returns their ids by role."""
    original = MediaAsset.objects.get(pk=clip.asset_ids[0])
    source = work.media(original.sha256)
    form = MezzanineFormat(request.width, request.height, request.rate)
    picture, sound = source, None
    if not is_mezzanine(source, form):
        picture = work.workdir / "mezzanine.mp4"
        sound = make_mezzanine(source, picture, form, frames=request.frames, cancelled=work.cancelled).sound
    frames = probe(picture).frames
    if frames != request.frames:
        raise BrokenMedia(f"The video has {frames} frames where {request.frames} were asked for.")
    work.progress(0.4)
    derived = derive(picture, work.workdir, rate=request.rate)
    work.progress(0.8)
    end = work.workdir / "last_frame.png"
    last_frame(picture, end)
    files: dict[str, Path | None] = {
        "picture": picture, "sound": sound, "proxy": derived.proxy, "thumbnail": derived.poster,
        "filmstrip": derived.filmstrip, "last_frame": end,
    }  # fmt: skip
    return {role: _stored(original, role, file) for role, file in files.items()}


def _stored(original: MediaAsset, role: str, file: Path | None) -> int | None:
    if file is None:
        return None
    return storage.add_asset(
        original.project_id, file, role=role, source=MediaAsset.Source.DERIVED, derived_from=original,
        provenance=original.provenance,
    ).pk  # fmt: skip


def _record(
    run: RunContext, request: ShotRequest, still: CallResult, clip: CallResult, parts: dict[str, int | None]
) -> dict[str, Any]:
    shot_id = _shot_id(run.run)
    take: Take = record_take(
        shot_id, run.run.project_id, asset_name=request.brief.asset_name, media_id=clip.asset_ids[0],
        keyframe_id=still.asset_ids[0], **{f"{role}_id": pk for role, pk in parts.items()}, run=run.run,
        prompt=request.prompt, negative_prompt=request.negative_prompt, provider=clip.provider, model=clip.endpoint,
        parameters=request.model_dump(mode="json"), provenance=clip.provenance, request_digest=request.digest,
        seed=request.seed, frames=request.frames, frame_rate=str(request.rate), width=request.width,
        height=request.height, cost=Decimal(0) if clip.provider == "animatic" else None,
        created_by_id=run.run.requested_by_id,
    )  # fmt: skip
    record_cover(run.run.project_id, take.thumbnail_id)
    return {"take": take.pk, "number": take.number}


def _shot_id(run: Run) -> int:
    return int(run.subject.removeprefix("shot:"))
