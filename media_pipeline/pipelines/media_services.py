"""Last frame, stitch, audio stitch and music track on files of a production, each as a run of its own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.assemble import assemble
from media_pipeline.media.cut import Clip, Cut
from media_pipeline.media.frames import last_frame
from media_pipeline.media.mezzanine import MezzanineFormat, make_mezzanine
from media_pipeline.media.sound import Role, Sound, Track, lay_sound
from media_pipeline.media.timing import SAMPLE_RATE, frame_rate
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline
from media_pipeline.runs.work import Work
from projects.models import Project

SOUND_STEP = Fraction(1, 100)
"""Length of a sound is counted in hundredths of a second: the 48 kHz samples of one are whole."""


@pipeline("media_last_frame")
def media_last_frame(run: RunContext) -> dict[str, Any]:
    """Settings: `asset`, a clip. Its last picture, upright and lossless."""
    source = run.freeze(lambda: _file(run.run.project_id, run.settings["asset"]))
    run.progress(10, "Reading the last picture", until=95)
    return run.local("last frame", lambda work: _last_frame(source, work))


@pipeline("media_stitch")
def media_stitch(run: RunContext) -> dict[str, Any]:
    """Settings: `assets`, clips in order. One film of the production's size and rate, with their sound."""
    plan = run.freeze(lambda: _plan(run.run.project_id, run.settings["assets"]))
    run.progress(5, "Joining the clips", until=95)
    return run.local("stitch", lambda work: _stitch(plan, work, ()))


@pipeline("media_music_track")
def media_music_track(run: RunContext) -> dict[str, Any]:
    """Settings: `asset` (a clip), `music`, `gain_db`, `ducking_db` (0, 6, 9, 12), `loop`. The clip with its music."""
    plan = run.freeze(
        lambda: (
            _plan(run.run.project_id, [run.settings["asset"]])
            | {"music": _file(run.run.project_id, run.settings["music"])}
        )
    )
    run.progress(5, "Laying the music", until=95)
    return run.local("music", lambda work: _with_music(plan, run.settings, work))


@pipeline("media_audio_stitch")
def media_audio_stitch(run: RunContext) -> dict[str, Any]:
    """Settings: `assets` with sound in order, `gap_ms` of silence between them. One FLAC, 48 kHz stereo."""
    files = run.freeze(lambda: [_file(run.run.project_id, pk) for pk in run.settings["assets"]])
    run.progress(5, "Joining the sounds", until=95)
    return run.local("audio stitch", lambda work: _audio_stitch(files, run.settings.get("gap_ms", 0), work))


def _file(project_id: int, pk: int) -> dict[str, Any]:
    asset = MediaAsset.objects.get(project_id=project_id, pk=pk)
    return {"asset": asset.pk, "sha256": asset.sha256, "seconds": asset.duration}


def _plan(project_id: int, assets: Sequence[int]) -> dict[str, Any]:
    project = Project.objects.get(pk=project_id)
    width, height = project.frame_size
    files = [_file(project_id, pk) for pk in assets]
    return {"width": width, "height": height, "rate": project.frame_rate, "files": files}


def _last_frame(source: dict[str, Any], work: Work) -> dict[str, Any]:
    out = work.workdir / "last_frame.png"
    undamaged = last_frame(work.media(source["sha256"]), out)
    return _kept(work, out, "last frame", source["asset"]) | {"undamaged": undamaged}


def _stitch(plan: dict[str, Any], work: Work, tracks: Sequence[Track], **mix: Any) -> dict[str, Any]:
    form = MezzanineFormat(plan["width"], plan["height"], frame_rate(plan["rate"]))
    clips = []
    for place, file in enumerate(plan["files"]):
        picture, sound = work.workdir / f"{place}.mp4", work.workdir / f"{place}.flac"
        made = make_mezzanine(work.media(file["sha256"]), picture, form, sound=sound, cancelled=work.cancelled)
        work.progress(0.6 * (place + 1) / len(plan["files"]))
        clips.append(
            Clip(picture=picture, digest=file["sha256"], first=0, frames=made.frames, available=made.frames,
                 sound=made.sound)
        )  # fmt: skip
    out = work.workdir / "stitched.mp4"
    film = assemble(
        Cut(tuple(clips)), out, format=form, tracks=tracks, cache=Path(settings.CACHE_DIR) / "joints",
        progress=lambda share: work.progress(0.6 + 0.4 * share), cancelled=work.cancelled, **mix,
    )  # fmt: skip
    facts = {"frames": film.frames, "seconds": str(film.duration)}
    return _kept(work, out, "with music" if tracks else "stitch", plan["files"][0]["asset"]) | facts


def _with_music(plan: dict[str, Any], asked: dict[str, Any], work: Work) -> dict[str, Any]:
    music = plan["music"]
    path, samples = work.media(music["sha256"]), _samples(music)
    video = _samples(plan["files"][0])
    starts = range(0, video, max(samples, 1)) if asked.get("loop", True) else range(1)
    sounds = tuple(Sound(path, at=start, samples=min(samples, video - start)) for start in starts)
    track = Track(sounds, Role.MUSIC, gain_db=float(asked.get("gain_db", -12)))
    return _stitch(plan, work, (track,), ducking_db=asked.get("ducking_db", 0))


def _audio_stitch(files: Sequence[dict[str, Any]], gap_ms: int, work: Work) -> dict[str, Any]:
    at, sounds = 0, []
    for file in files:
        samples = _samples(file)
        sounds.append(Sound(work.media(file["sha256"]), at=at, samples=samples))
        at += samples + gap_ms * SAMPLE_RATE // 1000
    total = at - gap_ms * SAMPLE_RATE // 1000
    out = work.workdir / "stitched.flac"
    steps = -(-total // round(SOUND_STEP * SAMPLE_RATE))
    lay_sound(
        [Track(tuple(sounds))], out, total_frames=steps, rate=1 / SOUND_STEP, cancelled=work.cancelled
    )  # fmt: skip
    return _kept(work, out, "audio stitch", files[0]["asset"]) | {"seconds": str(steps * SOUND_STEP)}


def _samples(file: dict[str, Any]) -> int:
    return round(Fraction(file["seconds"]) * SAMPLE_RATE)


def _kept(work: Work, path: Path, role: str, source: int) -> dict[str, Any]:
    asset = storage.add_asset(
        work.project_id, path, role=role, source=MediaAsset.Source.DERIVED,
        derived_from=MediaAsset.objects.filter(pk=source).first(),
    )  # fmt: skip
    return {"asset": asset.pk}
