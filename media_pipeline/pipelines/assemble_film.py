"""The selected takes in order, with transitions, titles, matched colours and sound, as one film."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.continuity import check_open_cuts
from media_pipeline.film_cut import clips_of, fitted, music_of, sounds_of, transitions_of
from media_pipeline.film_dressing import VISIBLE_MARK, colour_gains, dressed, is_dressed
from media_pipeline.film_orders import DUCKING_DB, LOUDNESS
from media_pipeline.film_sound import tracks_of
from media_pipeline.media.assemble import AssembledFilm, assemble
from media_pipeline.media.cut import Clip, Cut, Transition
from media_pipeline.media.mezzanine import MezzanineFormat
from media_pipeline.media.timing import frame_rate
from media_pipeline.provenance.lineage import film_provenance
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import shots_of
from projects.actions import record_film
from projects.coherence import effective
from projects.models import Project
from scenes.models import Scene, Shot, Take

ASSEMBLY_VERSION = 4
"""Part of a cut's digest: raise it when the same clips would make another film."""


@pipeline("assemble_film")
def assemble_film(run: RunContext) -> dict[str, Any]:
    """Settings: `scene_ids` in order; `fill` (stand-ins for missing shots), `music` (an asset) with `music_db`,
    `ducking_db`, `loudness` (LUFS), `coherence`.

    Returns the film's asset id, frames, what was copied and what coded, stand-ins, colours matched.
    """
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
    shots = shots_of([found[pk] for pk in run.settings["scene_ids"]])
    width, height = project.frame_size
    coherence = effective(project.coherence, run.settings.get("coherence", {}))
    clips = clips_of(shots, project, fill=bool(run.settings.get("fill")))
    cut = {
        "version": ASSEMBLY_VERSION, "width": width, "height": height, "rate": project.frame_rate,
        "clips": clips, "transitions": fitted(transitions_of(shots, project), [clip["frames"] for clip in clips]),
        "sounds": sounds_of(shots),
        "music": music_of(project, run.settings), "ducking_db": run.settings.get("ducking_db", DUCKING_DB),
        "loudness": run.settings.get("loudness", LOUDNESS), "match": coherence["post_processing"],
        "mark": VISIBLE_MARK if coherence["visible_mark"] else "", "brand": project.brand_palette,
    }  # fmt: skip
    digest = hashlib.sha256(json.dumps(cut, sort_keys=True).encode()).hexdigest()
    takes = Take.objects.in_bulk([clip["take"] for clip in clips if clip["take"]])
    stills = {clip["shot"]: clip["still"] for clip in clips if clip.get("still")}
    known = {asset.sha256: asset for asset in MediaAsset.objects.filter(project=project, sha256__in=stills.values())}
    provenance = film_provenance(
        [takes[clip["take"]] for clip in clips if clip["take"]], {shot: known[still] for shot, still in stills.items()}
    )
    return {**cut, "digest": digest, "cover_clip": _cover_clip(shots), "provenance": provenance}


def _cover_clip(shots: list[Shot]) -> int:
    """Which clip the film's picture comes from: its first wide shot, which shows where it plays, else its first."""
    wide = [place for place, shot in enumerate(shots) if shot.shot_size in ("extreme_wide", "wide")]
    return wide[0] if wide else 0


def _same_film(project_id: int, digest: str) -> dict[str, Any] | None:
    """The film that was made of exactly this cut, if its file is still there."""
    project = Project.objects.select_related("state__final_film").get(pk=project_id)
    film = project.state.final_film
    if film is None or project.state.film_digest != digest or not film.exists():
        return None
    return {"film": film.pk, "frames": film.frame_count, "copied": film.frame_count, "coded": 0, "again": False}


def _assemble(cut: dict[str, Any], work: Work) -> dict[str, Any]:
    form = MezzanineFormat(cut["width"], cut["height"], frame_rate(cut["rate"]))
    gains = colour_gains(cut["clips"], work, cut["brand"]) if cut["match"] else {}
    clips = []
    for place, clip in enumerate(cut["clips"]):
        picture, digest = dressed(clip, form, work, gains=gains.get(place), mark=cut["mark"])
        sound = work.media(clip["sound"]) if clip["sound"] else None
        clips.append(Clip(picture, digest, 0, clip["frames"], clip["frames"], sound, speech=clip["speech"]))
    transitions = [Transition.of(one["kind"], one["frames"]) for one in cut["transitions"]]
    out, poster = work.workdir / "film.mp4", work.workdir / "poster.jpg"
    whole, pictured = Cut.with_overlaps(clips, transitions), cut["cover_clip"]
    made = assemble(
        whole, out, format=form, tracks=tracks_of(cut, whole, form.rate, work), ducking_db=cut["ducking_db"],
        loudness_target=cut["loudness"],
        poster=poster, poster_frame=whole.starts()[pictured] + whole.clips[pictured].frames // 2,
        cache=Path(settings.CACHE_DIR) / "joints", progress=work.progress, cancelled=work.cancelled,
    )  # fmt: skip
    facts = _facts(cut, made, gains)
    asset = storage.add_asset(
        work.project_id, out, role="film", source=MediaAsset.Source.DERIVED,
        provenance=cut["provenance"] | {"assembly": facts},
    )  # fmt: skip
    cover = storage.add_asset(
        work.project_id, poster, role="cover", source=MediaAsset.Source.DERIVED, derived_from=asset
    )  # fmt: skip
    return {"film": asset.pk, "cover": cover.pk, **facts, "again": True}


def _facts(cut: dict[str, Any], made: AssembledFilm, gains: dict[int, Any]) -> dict[str, Any]:
    """What the film is made of: frames copied and coded, clips coded anew, stand-ins, loudness."""
    clips = cut["clips"]
    anew = [place for place, clip in enumerate(clips) if is_dressed(clip, gains=gains.get(place), mark=cut["mark"])]
    dressed_frames = sum(clips[place]["frames"] for place in anew)
    return {
        "frames": made.frames, "copied": made.copied_frames, "coded": made.coded_frames,
        "dressed": dressed_frames,
        "coded_share": round(min(made.frames, made.coded_frames + dressed_frames) / made.frames, 4),
        "filled": {clip["shot"]: clip["filled"] for clip in clips if clip.get("filled")},
        "shortened": sum("asked_frames" in joint for joint in cut["transitions"]),
        "matched": {clips[place]["shot"]: gain for place, gain in gains.items()},
        "lufs": made.lufs, "true_peak": made.true_peak, "asked_lufs": cut["loudness"], "marked": bool(cut["mark"]),
    }  # fmt: skip


def _record(project_id: int, film: dict[str, Any], cut: dict[str, Any]) -> None:
    if film["again"]:
        told = {name: film[name] for name in ("frames", "copied", "coded", "coded_share", "filled", "lufs")}
        record_film(project_id, film_id=film["film"], cover_id=film["cover"], digest=cut["digest"], facts=told)
