"""The selected takes in order, with the transitions the scenes ask for, as one film."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.continuity import check_open_cuts
from media_pipeline.media.assemble import assemble
from media_pipeline.media.cut import Clip, Cut, Transition, TransitionKind
from media_pipeline.media.mezzanine import MezzanineFormat
from media_pipeline.media.timing import frame_rate, frames_in
from media_pipeline.provenance.lineage import film_provenance
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import shots_of
from projects.actions import record_film
from projects.models import Project
from scenes.models import Scene, Shot, Take

ASSEMBLY_VERSION = 2
"""Part of a cut's digest: raise it when the same clips would make another film."""


class MissingTakes(ValueError):
    """Some shots have nothing to cut with; the message names them."""


@pipeline("assemble_film")
def assemble_film(run: RunContext) -> dict[str, Any]:
    """Settings: `scene_ids` in order. Returns the film's asset id, frames, and what was copied and coded."""
    cut = run.freeze(lambda: _freeze(run))
    check_open_cuts(run, run.settings["scene_ids"])
    film = run.record("made before", lambda: _same_film(run.run.project_id, cut["digest"]))
    if film is None:
        run.progress(5, "Joining the shots", until=95)
        film = run.local("assemble", lambda work: _assemble(cut, work))
    run.record("film", lambda: _record(run.run.project_id, film, cut))
    return film


def _freeze(run: RunContext) -> dict[str, Any]:
    project = Project.objects.get(pk=run.run.project_id)
    found = Scene.objects.in_bulk(run.settings["scene_ids"])
    scenes = [found[pk] for pk in run.settings["scene_ids"]]
    shots = shots_of(scenes)
    takes = Take.objects.select_related("media", "picture", "sound", "thumbnail").in_bulk(
        [shot.state.selected_take_id for shot in shots if shot.state.selected_take_id]
    )
    missing = [str(shot) for shot in shots if shot.state.selected_take_id is None]
    if missing:
        raise MissingTakes(f"These shots have no take yet: {', '.join(missing[:10])}. Render them first.")
    width, height = project.frame_size
    clips = [_clip(takes[shot.state.selected_take_id]) for shot in shots if shot.state.selected_take_id]
    cut = {
        "version": ASSEMBLY_VERSION, "width": width, "height": height, "rate": project.frame_rate, "clips": clips,
        "transitions": _transitions(shots, project),
    }  # fmt: skip
    digest = hashlib.sha256(json.dumps(cut, sort_keys=True).encode()).hexdigest()
    made_of = [takes[shot.state.selected_take_id] for shot in shots if shot.state.selected_take_id]
    return {**cut, "digest": digest, "cover_clip": _cover_clip(shots), "provenance": film_provenance(made_of)}


def _clip(take: Take) -> dict[str, Any]:
    sound = take.sound or (take.media if take.media.has_audio else None)
    return {"picture": take.picture.sha256, "sound": sound.sha256 if sound else None, "frames": take.frames}


def _cover_clip(shots: list[Shot]) -> int:
    """Which clip the film's picture comes from: its first wide shot, which shows where it plays, else its first."""
    wide = [place for place, shot in enumerate(shots) if shot.shot_size in ("extreme_wide", "wide")]
    return wide[0] if wide else 0


def _transitions(shots: list[Shot], project: Project) -> list[dict[str, Any]]:
    """The handing over before the first shot, between each two, and after the last, in frames."""
    rate = frame_rate(project.frame_rate)
    kinds = [(shots[0].scene.transition_in, shots[0].scene.transition_in_seconds)]
    for shot, following in zip(shots, [*shots[1:], None], strict=True):
        if following is not None and following.scene_id == shot.scene_id:
            kinds.append((shot.transition_out, shot.scene.transition_out_seconds))
        elif following is None or shot.scene.transition_out != "cut":
            kinds.append((shot.scene.transition_out, shot.scene.transition_out_seconds))
        else:
            kinds.append((following.scene.transition_in, following.scene.transition_in_seconds))
    return [
        {"kind": kind, "frames": 0 if TransitionKind(kind).is_cut else max(2, frames_in(Fraction(seconds), rate))}
        for kind, seconds in kinds
    ]


def _same_film(project_id: int, digest: str) -> dict[str, Any] | None:
    """The film that was made of exactly this cut, if its file is still there."""
    project = Project.objects.select_related("state__final_film").get(pk=project_id)
    film = project.state.final_film
    if film is None or project.state.film_digest != digest or not film.exists():
        return None
    return {"film": film.pk, "frames": film.frame_count, "copied": film.frame_count, "coded": 0, "again": False}


def _assemble(cut: dict[str, Any], work: Work) -> dict[str, Any]:
    rate = frame_rate(cut["rate"])
    clips = [
        Clip(
            picture=work.media(clip["picture"]), digest=clip["picture"], first=0, frames=clip["frames"],
            available=clip["frames"], sound=work.media(clip["sound"]) if clip["sound"] else None,
        )
        for clip in cut["clips"]
    ]  # fmt: skip
    transitions = [Transition.of(one["kind"], one["frames"]) for one in cut["transitions"]]
    out, poster = work.workdir / "film.mp4", work.workdir / "poster.jpg"
    whole, pictured = Cut.with_overlaps(clips, transitions), cut["cover_clip"]
    made = assemble(
        whole, out, format=MezzanineFormat(cut["width"], cut["height"], rate),
        poster=poster, poster_frame=whole.starts()[pictured] + whole.clips[pictured].frames // 2,
        cache=Path(settings.CACHE_DIR) / "joints", progress=work.progress, cancelled=work.cancelled,
    )  # fmt: skip
    asset = storage.add_asset(
        work.project_id, out, role="film", source=MediaAsset.Source.DERIVED, provenance=cut["provenance"]
    )
    cover = storage.add_asset(
        work.project_id, poster, role="cover", source=MediaAsset.Source.DERIVED, derived_from=asset
    )  # fmt: skip
    return {
        "film": asset.pk, "cover": cover.pk, "frames": made.frames, "copied": made.copied_frames,
        "coded": made.coded_frames,
        "lufs": made.lufs, "true_peak": made.true_peak, "again": True,
    }  # fmt: skip


def _record(project_id: int, film: dict[str, Any], cut: dict[str, Any]) -> None:
    if film["again"]:
        record_film(project_id, film_id=film["film"], cover_id=film["cover"], digest=cut["digest"])
