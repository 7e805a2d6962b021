"""The sound of a film beside that of its clips: dialogue, effects and the music bed, as tracks to mix."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from media_pipeline.film_cut import sample_of
from media_pipeline.media.cut import Cut
from media_pipeline.media.sound import Role, Sound, Track
from media_pipeline.media.sound_file import own_sound
from media_pipeline.media.timing import sample_at
from media_pipeline.runs.work import Work

CROSSING, ENDING = 48_000, 96_000
"""Samples: a bed shorter than the film crosses over into its own beginning, and it ends with the film by a fade."""


def tracks_of(cut: dict[str, Any], whole: Cut, rate: Fraction, work: Work) -> list[Track]:
    """Dialogue, effects and the music bed, each file first made one of ours."""
    starts, tracks = whole.starts(), []
    for role in (Role.VOICE, Role.OTHER):
        sounds = tuple(
            Sound(
                _own(one["sound"], work), at=sample_of(Fraction(one["starts"]), starts[one["clip"]], rate),
                samples=round(Fraction(one["seconds"]) * 48_000), gain_db=one["gain_db"],
            )
            for one in cut["sounds"]
            if one["role"] == role and Fraction(one["seconds"]) > 0
        )  # fmt: skip
        if sounds:
            tracks.append(Track(sounds, role))
    if cut["music"]:
        end = sample_at(whole.total_frames, rate)
        tracks.append(Track(_bed(_own(cut["music"]["sound"], work), cut["music"], end), Role.MUSIC))
    return tracks


def _bed(path: Path, music: dict[str, Any], end: int) -> tuple[Sound, ...]:
    """The music from the film's first sample to its last, crossing over into itself where it is shorter."""
    length = round(Fraction(music["seconds"]) * 48_000)
    step = max(length - CROSSING, length // 2, 1)
    sounds = []
    for at in range(0, end, step):
        last = at + length >= end
        samples = min(length, end - at)
        sounds.append(
            Sound(
                path, at=at, samples=samples, gain_db=music["gain_db"], fade_in=CROSSING if at else 96,
                fade_out=ENDING if last else CROSSING,
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
