"""The sound of a film beside that of its clips: dialogue, effects and the music bed, as tracks to mix."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from media_pipeline.film_cut import sample_of
from media_pipeline.media.cut import Cut
from media_pipeline.media.sound import RAMP, Role, Sound, Track
from media_pipeline.media.sound_file import own_sound
from media_pipeline.media.timing import SAMPLE_RATE, sample_at
from media_pipeline.runs.work import Work

CROSSING, ENDING = 48_000, 96_000
"""Samples: a bed shorter than the film crosses over into its own beginning, and it ends with the film by a fade."""

SOFTLY = 12_000
"""Samples over which an ambience comes with its scene and goes with it."""


def tracks_of(cut: dict[str, Any], whole: Cut, rate: Fraction, work: Work) -> list[Track]:
    """Dialogue, effects, ambience and the music bed of a frozen cut, each file first made one of ours."""
    tracks = []
    for role in (Role.VOICE, Role.OTHER):
        sounds = tuple(
            sound
            for one in cut["sounds"]
            if one["role"] == role and Fraction(one["seconds"]) > 0
            for sound in _placed(one, whole, rate, work)
        )
        if sounds:
            tracks.append(Track(sounds, role))
    if cut["music"]:
        music, end = cut["music"], sample_at(whole.total_frames, rate)
        bed = _bed(_own(music["sound"], work), music["seconds"], music["gain_db"], 0, end, ends=ENDING)
        tracks.append(Track(bed, Role.MUSIC))
    return tracks


def _placed(one: dict[str, Any], whole: Cut, rate: Fraction, work: Work) -> tuple[Sound, ...]:
    """A sound at its time; an ambience from there to the end of its scene."""
    at = sample_of(Fraction(one["starts"]), whole.starts()[one["clip"]], rate)
    if "until" in one:
        last = one["until"]
        end = sample_at(whole.starts()[last] + whole.clips[last].frames, rate)
        return _bed(_own(one["sound"], work), one["seconds"], one["gain_db"], at, end, ends=SOFTLY, begins=SOFTLY)
    samples = round(Fraction(one["seconds"]) * SAMPLE_RATE)
    return (Sound(_own(one["sound"], work), at=at, samples=samples, gain_db=one["gain_db"]),)


def _bed(
    path: Path, seconds: str, gain_db: float, first: int, end: int, *, ends: int, begins: int = RAMP
) -> tuple[Sound, ...]:  # fmt: skip
    """A sound from one sample of the film to another, crossing over into itself where it is shorter."""
    length = round(Fraction(seconds) * SAMPLE_RATE)
    step = max(length - CROSSING, length // 2, 1)
    sounds = []
    for at in range(first, end, step):
        last = at + length >= end
        sounds.append(
            Sound(
                path, at=at, samples=min(length, end - at), gain_db=gain_db,
                fade_in=begins if at == first else CROSSING, fade_out=ends if last else CROSSING,
            )
        )  # fmt: skip
        if last:
            break
    return tuple(sounds)


def _own(sha256: str, work: Work) -> Path:
    """The sound as a file that we coded, made once and kept."""
    kept = Path(settings.CACHE_DIR) / "sounds" / f"{sha256}.flac"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        own_sound(work.media(sha256), kept, cancelled=work.cancelled)
    return kept
