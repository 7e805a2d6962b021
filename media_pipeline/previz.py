"""Previz as records: one cheap frame of each shot, asked for before money is spent on production frames.

The frames are a group of attempts of the shot (`settings["use"]` is "previz"): a new frame after the records changed is
a further round, and what was there stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from media_pipeline import money
from media_pipeline.estimates import Estimate, EstimateLine
from media_pipeline.providers.base import Capability, ImageRequest
from media_pipeline.providers.choice import profile_for
from media_pipeline.shot_request import shot_request, shots_of
from projects.choices import QualityTier
from projects.models import Project
from scenes.actions import add_round, record_attempt, start_attempts
from scenes.choices import AttemptsKind
from scenes.models import Attempt, GenerationGroup, Scene, Shot

SHORT_SIDE, LONG_SIDE = 512, 896
"""Pixels of a previz frame (flow 4): upright 512x896, lying 896x512."""

MULTIPLE = 16
"""Pixels that every image model's sizes are a multiple of."""

TIER = QualityTier.DRAFT
"""The tier whose image model is the cheapest and makes a frame in the fewest steps (8)."""

USE = "previz"


@dataclass(frozen=True)
class PrevizFrame:
    """A shot on the contact sheet; `attempt` is its latest frame, `stale` when its records ask for another now."""

    shot: Shot
    attempt: Attempt | None
    stale: bool = False


def previz_size(project: Project) -> tuple[int, int]:
    """Width and height of a frame in the production's shape, within 896 by 512 pixels or 512 by 896."""
    width, height = project.frame_size
    widest, tallest = (LONG_SIDE, SHORT_SIDE) if width >= height else (SHORT_SIDE, LONG_SIDE)
    share = min(Fraction(widest, width), Fraction(tallest, height))
    return tuple(MULTIPLE * round(side * share / MULTIPLE) for side in (width, height))  # type: ignore[return-value]


def previz_request(shot: Shot, project: Project) -> ImageRequest:
    """What is asked for a shot's frame: its own words and seed, small."""
    request = shot_request(shot, project, TIER)
    width, height = previz_size(project)
    return ImageRequest(
        prompt=request.prompt, negative_prompt=request.negative_prompt, width=width, height=height, seed=request.seed,
        brief=request.brief,
    )  # fmt: skip


def previz_digest(request: ImageRequest) -> str:
    """sha256 over what is seen in the frame; the numbers that only name a take are left out."""
    brief = request.brief and request.brief.model_copy(update={"asset_name": "", "take_number": 0})
    return hashlib.sha256(request.model_copy(update={"brief": brief}).model_dump_json().encode()).hexdigest()


def frames_of(project: Project, scenes: list[Scene]) -> list[PrevizFrame]:
    """Every shot of these scenes in film order, with its latest frame. A fixed number of queries."""
    shots = shots_of(scenes)
    latest = {
        attempt.group.shot_id: attempt
        for attempt in Attempt.objects.filter(group__shot__in=shots, settings__use=USE, picture__isnull=False)
        .select_related("group", "picture").order_by("group", "round", "number")
    }  # fmt: skip
    return [
        PrevizFrame(shot, found, found is not None and found.settings.get("digest") != _digest_of(shot, project))
        for shot in shots
        for found in [latest.get(shot.pk)]
    ]


def frame_of_group(project: Project, group_id: int) -> tuple[PrevizFrame, int, int] | None:
    """The latest frame of a group of attempts, the number of its chapter, how many of the chapter's shots have one.

    None for a group that is no previz.
    """
    drawn = Attempt.objects.filter(settings__use=USE, picture__isnull=False, group__project=project)
    latest = (
        drawn.filter(group=group_id, group__shot__isnull=False)
        .select_related("picture", "group__shot__scene__chapter").order_by("round", "number").last()
    )  # fmt: skip
    shot = latest.group.shot if latest is not None else None
    if latest is None or shot is None:
        return None
    chapter = shot.scene.chapter
    count = drawn.filter(group__shot__scene__chapter=chapter).exclude(group__shot__state__status="omitted")
    return PrevizFrame(shot, latest), chapter.number, count.values("group__shot").distinct().count()


def shots_without_frame(project: Project, scenes: list[Scene]) -> list[Shot]:
    """The shots that have no frame, or one of what their records asked for before."""
    return [frame.shot for frame in frames_of(project, scenes) if frame.attempt is None or frame.stale]


def estimate_previz(project: Project, scenes: list[Scene]) -> Estimate:
    """What the frames that are missing or outdated are expected to cost."""
    shots = shots_without_frame(project, scenes)
    profile = profile_for(Capability.IMAGE, TIER)
    each = [money.quote(profile, previz_request(shot, project)).amount for shot in shots]
    known = [amount for amount in each if amount is not None]
    amount = sum(known, Decimal(0)) * profile.expected_attempts if len(known) == len(each) else None
    line = EstimateLine("previz frames", profile.name, len(shots), profile.expected_attempts, amount)
    return Estimate((line,) if shots else (), project.budget.currency, len(shots), planned=True)


def record_previz(
    shot_id: int, request: ImageRequest, *, picture_id: int, run_id: int, seed: int, by_id: int | None = None
) -> Attempt:
    """Keep a frame as the next round of the shot's previz."""
    shot = Shot.objects.select_related("scene__chapter__project").get(pk=shot_id)
    group = GenerationGroup.objects.filter(shot=shot, attempts__settings__use=USE).order_by("pk").first()
    if group is None:
        group = start_attempts(shot.scene.chapter.project, kind=AttemptsKind.HERO_FRAME, shot=shot)
    settings: dict[str, Any] = {
        "use": USE, "digest": previz_digest(request), "width": request.width, "height": request.height, "tier": TIER,
    }  # fmt: skip
    (attempt,) = add_round(group, [{"prompt": request.prompt or shot.business, "settings": settings, "seed": seed}])
    return record_attempt(attempt, picture_id=picture_id, run_id=run_id)


def _digest_of(shot: Shot, project: Project) -> str:
    return previz_digest(previz_request(shot, project))


def pages_of(frames: list[PrevizFrame], each: int) -> Iterable[list[PrevizFrame]]:
    """The frames in pages of `each`; one empty page where there are none."""
    for first in range(0, max(1, len(frames)), each):
        yield frames[first : first + each]
