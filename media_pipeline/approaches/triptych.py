"""First, hero and last frame in one photographic strip, so that they are of one piece; then two videos between them.

The strip is cut at its thirds, the panels are enlarged, and the videos are joined without showing the hero twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.triptych import enlarged, split_triptych
from media_pipeline.providers.base import ImageRequest, Request, UpscaleRequest
from media_pipeline.runs.calls import CallResult
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest
from media_pipeline.takes.composite import looked_at, told
from media_pipeline.takes.limits import limits
from scenes.models import Shot

from .first_last_frame import between, spread
from .made import Approach, Clip, Made, ask_all, kept_clip, key_of, seed_of, tell_filming

PANELS = ("first", "hero", "last")


def make(run: RunContext, shot: Shot, request: ShotRequest, attempt: int) -> Made:
    """Strip, panels, enlarged panels, two videos, one clip."""
    strip = looked_at(run, shot, request, "strip", lambda attempt, problems: _strip(request, attempt, problems))
    run.progress(15, "Cutting the triptych")
    panels = run.local("panels", lambda work: _split(work, run.run.project_id, strip))
    asked = {f"upscale/{name}": _upscale(request, panels[name]) for name in PANELS}
    answers = ask_all(run, request, asked)
    frames = run.local("key frames", lambda work: _enlarge(work, run.run.project_id, answers))
    tell_filming(run, shot, attempt, "Two videos through the hero frame")
    halves = {
        key_of(f"video/{start} to {end}", attempt): between(
            request, frames[start]["sha256"], frames[end]["sha256"], attempt, frames=limits().triptych_frames
        )
        for start, end in (("first", "hero"), ("hero", "last"))
    }
    filmed = ask_all(run, request, halves)
    first, second = (Clip.of(answer) for answer in filmed.values())
    clip = kept_clip(
        run, key_of("joined", attempt), lambda work: spread(work, [first.sha256, second.sha256], request), first
    )
    bought = {"bought_frames": 2 * limits().triptych_frames, "bought_rate": str(limits().model_rate)}
    return Made(clip, frames["first"]["asset"], frames["last"]["asset"], facts=bought)


def _strip(request: ShotRequest, attempt: int = 1, problems: Sequence[str] = ()) -> ImageRequest:
    width, height = limits().strip
    return ImageRequest(
        prompt=told(request.triptych_prompt, problems), negative_prompt=request.negative_prompt, width=width,
        height=height, seed=seed_of(request, attempt), identities=request.kept.image, brief=request.brief,
    )  # fmt: skip


def _split(work: Work, project_id: int, strip: CallResult) -> dict[str, Any]:
    paths, size = split_triptych(work.media(strip.files[0]), work.workdir, limits().panel)
    return {name: _kept(project_id, path, f"panel {name}", strip) | {"size": size}
            for name, path in zip(PANELS, paths, strict=True)}  # fmt: skip


def _enlarge(work: Work, project_id: int, answers: dict[str, CallResult]) -> dict[str, Any]:
    kept = {}
    for name in PANELS:
        answer = answers[f"upscale/{name}"]
        out = work.workdir / f"{name}.png"
        enlarged(work.media(answer.files[0]), out, limits().panel)
        kept[name] = _kept(project_id, out, f"key frame {name}", answer)
    return kept


def _kept(project_id: int, path: Path, role: str, answer: CallResult) -> dict[str, Any]:
    original = MediaAsset.objects.get(pk=answer.asset_ids[0])
    asset = storage.add_asset(project_id, path, role=role, source=MediaAsset.Source.DERIVED, derived_from=original,
                              provenance=original.provenance)  # fmt: skip
    return {"asset": asset.pk, "sha256": asset.sha256}


def _upscale(request: ShotRequest, panel: dict[str, Any]) -> UpscaleRequest:
    width, height = panel["size"]
    factor = max(Decimal(side) / Decimal(have) for side, have in zip(limits().panel, (width, height), strict=True))
    factor = max(factor.quantize(Decimal("0.01")), Decimal("1.01"))
    return UpscaleRequest(image=panel["sha256"], width=width, height=height, factor=factor, seed=request.seed)


def calls(request: ShotRequest) -> list[tuple[str, Request]]:
    """A strip, three enlargements, two videos."""
    nobody = "0" * 64
    panel = {"sha256": nobody, "size": (488, 892)}
    half = between(request, nobody, nobody, frames=limits().triptych_frames)
    return [
        ("triptychs", _strip(request)), *([("upscaling", _upscale(request, panel))] * 3), *([("motion", half)] * 2),
    ]  # fmt: skip


APPROACH = Approach(make, calls)
