"""One take of one shot: a frame, motion from it, what is derived for review and cutting, the record."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from media_pipeline import storage
from media_pipeline.agreement import agreed
from media_pipeline.approaches.made import Made, key_of, seed_of
from media_pipeline.approaches.registry import APPROACHES
from media_pipeline.asked import profiles_of
from media_pipeline.assets import MediaAsset
from media_pipeline.continuity import check_take_cuts
from media_pipeline.estimates import estimate_shot
from media_pipeline.media.derive import derive
from media_pipeline.media.errors import BrokenMedia
from media_pipeline.media.frames import frame_at, last_frame
from media_pipeline.media.mezzanine import MezzanineFormat, is_mezzanine, make_mezzanine
from media_pipeline.media.probe import probe
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.models import Run, RunState, Step, StepState
from media_pipeline.runs.registry import pipeline
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest, draws_seed, shot_request, shots_of
from media_pipeline.take_checks import check_take
from media_pipeline.takes.limits import limits
from projects.actions import record_cover
from projects.models import Project
from scenes.actions import draw_seed, record_frames, record_take, set_scene_status, set_shot_status
from scenes.choices import GenerationApproach as Approach
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Shot, Take
from scenes.naming import asset_name


class ChangedSince(ValueError):
    """The shot is no longer what was estimated and approved."""


def ending(run: Run) -> None:
    """The shot says itself why it has no new take."""
    if run.state in (RunState.FAILED, RunState.CANCELLED):
        status = ShotStatus.FAILED if run.state == RunState.FAILED else ShotStatus.READY
        set_shot_status(_shot_id(run), run.project_id, status, error=run.error)


HELD = (Approach.HELD_FRAME_PUSH, Approach.HELD_FRAME_STATIC)


@pipeline("render_shot", ending=ending)
def render_shot(run: RunContext) -> dict[str, Any]:
    """Settings: `tier` (quality), `coherence` (switches over the production's), `reason` (what is to be put right).

    A take that QC finds of no use is filmed again with another seed, within TakeLimits.takes; the last one stays.
    Returns the take's id and number.
    """
    expects = _agreed(run) if run.run.parent_id is None else run.settings.get("expects", "")
    request = ShotRequest.model_validate(run.freeze(lambda: _freeze(run, expects)))
    run.profiles = request.profiles  # later edits of a price or a parameter are not this take's
    shot = Shot.objects.select_related("scene__chapter__project", "state").get(pk=_shot_id(run.run))
    for attempt in range(1, limits().takes + 1):
        taken = _film(run, shot, request, attempt)
        checked = check_take(run, taken["take"], key=key_of("qc", attempt))
        if not checked["retry"] or request.is_drawn or request.approach in HELD:  # it would come out the same again
            break
    check_take_cuts(run, taken["take"])
    return taken


def _film(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> dict[str, Any]:
    """One take: made as its approach makes it, prepared for review and cutting, written down."""
    made = APPROACHES[request.approach].make(run, shot, request, attempt)
    run.progress(70, "Preparing for review", until=95)
    parts = run.local(key_of("derive", attempt), lambda work: _derive(request, made, work))
    return run.record(key_of("take", attempt), lambda: _record(run, request, made, parts, attempt))


def _agreed(run: RunContext) -> str:
    """Wait for a person's yes where one take costs more than may be spent without; what was asked for then, else ""."""
    shot, project = _read(run)
    tier, coherence, reason = run.settings["tier"], run.settings.get("coherence") or {}, run.settings.get("reason")
    asked = run.record("asked", lambda: shot_request(shot, project, tier, coherence=coherence, reason=reason).asked)
    estimate = partial(estimate_shot, shot, project, tier, coherence, reason)
    return asked if agreed(run, lambda: (estimate(), asked, f"A take of shot {shot}.")) else ""


def _read(run: RunContext) -> tuple[Shot, Project]:
    shot = Shot.objects.select_related("scene").get(pk=_shot_id(run.run))
    (shot,) = (found for found in shots_of([shot.scene]) if found.pk == shot.pk)
    return shot, Project.objects.get(pk=run.run.project_id)


def _freeze(run: RunContext, expects: str) -> dict[str, Any]:
    shot, project = _read(run)
    coherence = run.settings.get("coherence") or {}
    if draws_seed(shot, project, coherence):
        shot.state.drawn_seed = draw_seed(shot)
    request = shot_request(
        shot, project, run.settings["tier"], coherence=coherence, reason=run.settings.get("reason")
    )  # fmt: skip
    if expects and expects != request.asked:
        raise ChangedSince("The shot was changed after its cost was approved: start again to render it as it is.")
    set_shot_status(shot.pk, project.pk, ShotStatus.COMPOSITING)
    set_scene_status(shot.scene_id, project.pk, SceneStatus.GENERATING)
    return request.model_copy(update={"profiles": profiles_of(request, project)}).model_dump(mode="json")


def _derive(request: ShotRequest, made: Made, work: Work) -> dict[str, int | None]:
    """Everything that is made from the take's original, each a stored asset; returns their ids by role."""
    original = MediaAsset.objects.get(pk=made.clip.asset)
    source = work.media(original.sha256)
    form = MezzanineFormat(request.width, request.height, request.rate)
    picture, sound = source, None
    if not is_mezzanine(source, form) or probe(source).frames != request.frames:
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
    if made.start is None:  # made from words: its own first frame is the key frame
        first = work.workdir / "first_frame.png"
        frame_at(picture, 0, first)
        files["keyframe"] = first
    kept = {role: _stored(original, role, file) for role, file in files.items()}
    return {"keyframe": made.start} | kept


def _stored(original: MediaAsset, role: str, file: Path | None) -> int | None:
    if file is None:
        return None
    return storage.add_asset(
        original.project_id, file, role=role, source=MediaAsset.Source.DERIVED, derived_from=original,
        provenance=original.provenance,
    ).pk  # fmt: skip


def _record(
    run: RunContext, request: ShotRequest, made: Made, parts: dict[str, int | None], attempt: int
) -> dict[str, Any]:  # fmt: skip
    shot_id, clip = _shot_id(run.run), made.clip
    used = [*request.references, *(picture for layer in request.layers for picture in layer.references)]
    facts = {"planned_frames": request.frames, "used_frames": request.frames} | made.facts
    take: Take = record_take(
        shot_id, run.run.project_id, asset_name=_name_of(request, shot_id), media_id=clip.asset,
        **{f"{role}_id": pk for role, pk in parts.items()}, run=run.run,
        prompt=request.prompt, negative_prompt=request.negative_prompt, provider=clip.provider, model=clip.endpoint,
        parameters=request.model_dump(mode="json") | {"length": facts}, provenance=clip.provenance,
        request_digest=request.digest, references=[picture.model_dump(mode="json") for picture in used],
        identities=[dict(zip(("name", "identity", "scale"), row, strict=True)) for row in request.kept.used],
        seed=seed_of(request, attempt), frames=request.frames, frame_rate=str(request.rate), width=request.width,
        height=request.height, cost=cost_of(run.run), created_by_id=run.run.requested_by_id,
    )  # fmt: skip
    record_frames(take.shot, start_image=made.start, end_image=made.end, final_composite=made.composite)
    record_cover(run.run.project_id, take.thumbnail_id)
    return {"take": take.pk, "number": take.number}


def cost_of(run: Run) -> Decimal | None:
    """What the calls since the last take of this run have cost; None as long as any of them is not known."""
    calls = run.steps.filter(kind=Step.Kind.PROVIDER, state=StepState.SUCCEEDED).values_list("settled", "price")
    amounts = [Decimal(0) if price == 0 else settled for settled, price in calls]
    amounts += [None if cost is None else -cost for cost in run.takes.values_list("cost", flat=True)]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _name_of(request: ShotRequest, shot_id: int) -> str:
    """The take's name with its own number: an earlier attempt of this run may have taken the planned one."""
    shot = Shot.objects.select_related("scene__chapter__project", "state").get(pk=shot_id)
    chapter = shot.scene.chapter
    number = shot.state.last_take_number + 1
    return asset_name(chapter.project, chapter.number, shot.scene.number, shot.label, number)


def _shot_id(run: Run) -> int:
    return int(run.subject.removeprefix("shot:"))
