"""What every approach gives back: a clip, the pictures it came from, and what was bought of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.providers.base import Request
from media_pipeline.runs.calls import CallResult
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from media_pipeline.shot_request import ShotRequest
from scenes.actions import set_shot_status
from scenes.choices import ShotStatus
from scenes.models import Shot


@dataclass(frozen=True)
class Clip:
    """A stored clip, who made it, and what it says of where it comes from."""

    asset: int
    sha256: str
    provider: str
    endpoint: str
    provenance: dict[str, Any]

    @classmethod
    def of(cls, answer: CallResult) -> Clip:
        """The clip that a provider gave."""
        return cls(answer.asset_ids[0], answer.files[0], answer.provider, answer.endpoint, answer.provenance)


@dataclass(frozen=True)
class Made:
    """A clip and the pictures it starts and ends on (asset ids; the end only where it was asked for)."""

    clip: Clip
    start: int | None
    end: int | None = None
    composite: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # planned, bought and used length in words of frames


@dataclass(frozen=True)
class Approach:
    """How a shot is made: `make` does it in a run, `calls` says what it would ask for, by what it is for."""

    make: Callable[[RunContext, Shot, ShotRequest, int], Made]
    calls: Callable[[ShotRequest], list[tuple[str, Request]]]


def ask(run: RunContext, request: ShotRequest, key: str, asked: Request) -> CallResult:
    """Ask at the shot's quality tier, of the models a person chose for it where there are such."""
    return run.call(key, asked, tier=request.tier, models=request.models)


def ask_all(run: RunContext, request: ShotRequest, asked: Mapping[str, Request]) -> dict[str, CallResult]:
    """The same, several at once."""
    return run.call_all(asked, tier=request.tier, models=request.models)


def tell_filming(run: RunContext, shot: Shot, attempt: int, words: str, percent: int = 30) -> None:
    """From here on the shot's video is made."""
    run.record(
        key_of("filming", attempt), lambda: set_shot_status(shot.pk, run.run.project_id, ShotStatus.GENERATING_VIDEO)
    )
    run.progress(percent, words, until=70)


def key_of(name: str, attempt: int) -> str:
    """Key of a step of an attempt: the first has the plain name."""
    return name if attempt == 1 else f"{name}/{attempt}"


def seed_of(request: ShotRequest, attempt: int) -> int:
    """Another attempt has another seed; the first has the one that was decided."""
    return (request.seed + attempt - 1) % 2**31


def kept_clip(run: RunContext, key: str, make: Callable[[Work], Any], first: Clip) -> Clip:
    """A clip that is made here of others, stored once; `make` writes a file and returns its path.

    It comes from where `first` does: putting together adds nothing that was not there.
    """

    def work(lent: Work) -> dict[str, Any]:
        original = MediaAsset.objects.get(pk=first.asset)
        asset = storage.add_asset(
            run.run.project_id, make(lent), role="clip", source=MediaAsset.Source.DERIVED, derived_from=original,
            provenance=first.provenance,
        )  # fmt: skip
        return {"asset": asset.pk, "sha256": asset.sha256}

    kept = run.local(key, work)
    return Clip(kept["asset"], kept["sha256"], first.provider, first.endpoint, first.provenance)
