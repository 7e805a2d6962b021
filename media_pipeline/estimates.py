"""What a production is expected to cost, before anything is asked of a provider."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from media_pipeline import money
from media_pipeline.asked import NOBODY, calls_of
from media_pipeline.media.timing import frame_rate, frames_in
from media_pipeline.providers.base import ImageRequest, Request, VideoRequest
from media_pipeline.providers.choice import needs_of, profile_for
from media_pipeline.shot_request import ShotRequest, shot_request, shots_of
from media_pipeline.takes.staleness import is_other, request_held_against
from projects.coherence import SETTINGS, effective
from projects.models import Project
from prompts.models import ModelProfile
from scenes.models import Scene, Shot

SECONDS_PER_EIGHTH = Decimal("7.5")
"""A page is about a minute: an eighth of one is 7.5 s."""

SECONDS_PER_SHOT = Decimal(5)
"""The usual length of a planned shot, for scenes whose shots are not planned yet."""


@dataclass(frozen=True)
class EstimateLine:
    """One kind of call: how many are needed, how many attempts each usually takes, what all of them cost."""

    what: str
    model: str
    calls: int
    attempts: Decimal
    amount: Decimal | None


@dataclass(frozen=True)
class Effect:
    """One coherence setting, whether it is on, and its factors of a shot's money and time where it is (1: none).

    What it does to the money is in the lines already where it changes who is asked or how often.
    """

    key: str
    label: str
    is_on: bool
    cost: Decimal
    time: Decimal


@dataclass(frozen=True)
class Estimate:
    """The whole. `total` is None as long as any part of it is not known; `known` is the sum of what is."""

    lines: tuple[EstimateLine, ...]
    currency: str
    shots: int
    planned: bool
    effects: tuple[Effect, ...] = ()

    @property
    def known(self) -> Decimal:
        """The sum of the parts whose price is known."""
        return sum((line.amount for line in self.lines if line.amount is not None), Decimal(0))

    @property
    def total(self) -> Decimal | None:
        """The sum, or None when a part of it is unknown."""
        return None if any(line.amount is None for line in self.lines) else self.known

    def as_json(self) -> dict[str, Any]:
        """For commands and the API: amounts as decimal text, null where they are not known."""
        return {
            "shots": self.shots,
            "planned": self.planned,
            "currency": self.currency,
            "total": None if self.total is None else str(self.total),
            "known": str(self.known),
            "lines": [
                {
                    "what": line.what, "model": line.model, "calls": line.calls, "attempts": str(line.attempts),
                    "amount": None if line.amount is None else str(line.amount),
                }
                for line in self.lines
            ],
            "settings": [
                {
                    "key": effect.key, "label": effect.label, "on": effect.is_on, "cost": str(effect.cost),
                    "time": str(effect.time),
                }
                for effect in self.effects
            ],
        }  # fmt: skip

    @property
    def sentence(self) -> str:
        """The estimate in words; unknown is said, never shown as nothing."""
        shots = f"{self.shots} shots" if self.planned else f"about {self.shots} shots, not planned yet"
        return f"{shots}: {self.amount_in_words}"

    @property
    def amount_in_words(self) -> str:
        """The sum with its currency, and what of it is not known."""
        if self.total is not None:
            return f"{self.total.normalize():f} {self.currency}"
        unknown = ", ".join(line.what for line in self.lines if line.amount is None)
        return f"{self.known.normalize():f} {self.currency} and an unknown amount for {unknown}"


def request_if_missing(
    shot: Shot, project: Project, tier: str, coherence: Mapping[str, bool] | None = None
) -> ShotRequest | None:
    """What a production asks for: nothing where the selected take is what the records (and the run) ask for."""
    take = shot.state.selected_take
    if take is not None:
        held = request_held_against(take, shot, project, tier, coherence)
        if not is_other(take, held, project):
            return None
        if not coherence and not held.coherence:
            return held
    return shot_request(shot, project, tier, coherence=coherence)


def estimate_production(
    project: Project, scenes: list[Scene], tier: str, coherence: Mapping[str, bool] | None = None
) -> Estimate:
    """What rendering these scenes' missing or outdated takes is expected to cost at a quality tier.

    `coherence` is what the run would set differently from its production.
    """
    wanted = (
        request_if_missing(shot, project, tier, coherence)
        for shot in shots_of([scene for scene in scenes if scene.state.plan_digest])
    )
    requests = [request for request in wanted if request is not None]
    unplanned = [scene for scene in scenes if not scene.state.plan_digest]
    guessed = _guessed_shots(unplanned)
    width, height = project.frame_size
    calls: dict[str, list[tuple[Request, str]]] = defaultdict(list)
    for request in requests:
        for name, call in calls_of(request):
            calls[name].append((call, request.models.get(call.capability, "")))
    if guessed:
        rate = frame_rate(project.frame_rate)
        frames = frames_in(Fraction(SECONDS_PER_SHOT), rate)
        picture = ImageRequest(prompt="", width=width, height=height)
        video = VideoRequest(prompt="", start_image=NOBODY, width=width, height=height, frames=frames, rate=rate)
        calls["keyframes"] += [(picture, "")] * guessed
        calls["motion"] += [(video, "")] * guessed
    lines = tuple(_line(name, wanted, tier) for name, wanted in calls.items())
    return Estimate(
        lines, project.budget.currency, len(requests) + guessed, not guessed, effects_of(project, coherence)
    )  # fmt: skip


def effects_of(project: Project, coherence: Mapping[str, bool] | None = None) -> tuple[Effect, ...]:
    """The coherence settings that would hold, and what each is expected to do to money and time."""
    held = effective(project.coherence, coherence or {})
    return tuple(Effect(key, setting.label, held[key], setting.cost, setting.time) for key, setting in SETTINGS.items())


def estimate_shot(
    shot: Shot, project: Project, tier: str, coherence: Mapping[str, bool] | None = None, reason: str | None = None
) -> Estimate:
    """What one more take of a shot is expected to cost, whatever takes it has."""
    request = shot_request(shot, project, tier, coherence=coherence, reason=reason)
    calls: dict[str, list[tuple[Request, str]]] = defaultdict(list)
    for name, call in calls_of(request):
        calls[name].append((call, request.models.get(call.capability, "")))
    lines = tuple(_line(name, wanted, tier) for name, wanted in calls.items())
    return Estimate(lines, project.budget.currency, 1, True, effects_of(project, coherence))


def estimate_calls(
    project: Project, calls: Mapping[str, list[tuple[Request, str]]], tier: str, *, shots: int = 0
) -> Estimate:
    """What these calls are expected to cost, by what they are for; each is a request and a named model or ""."""
    lines = tuple(_line(name, wanted, tier) for name, wanted in calls.items())
    return Estimate(lines, project.budget.currency, shots, True)


def _guessed_shots(scenes: list[Scene]) -> int:
    return sum(max(1, round(scene.length_eighths * SECONDS_PER_EIGHTH / SECONDS_PER_SHOT)) for scene in scenes)


def _line(name: str, wanted: list[tuple[Request, str]], tier: str) -> EstimateLine:
    profiles: dict[tuple[str, frozenset[str], str], ModelProfile] = {}
    amounts: list[Decimal | None] = []
    for request, named in wanted:
        key = (str(request.capability), needs_of(request), named)
        if key not in profiles:
            profiles[key] = profile_for(key[0], tier, needs=key[1], named=named)
        amount = money.quote(profiles[key], request).amount
        amounts.append(None if amount is None else amount * profiles[key].expected_attempts)
    known = [amount for amount in amounts if amount is not None]
    total = sum(known, Decimal(0)) if len(known) == len(amounts) else None
    first = next(iter(profiles.values()))
    names = ", ".join(dict.fromkeys(profile.name for profile in profiles.values()))
    return EstimateLine(name, names, len(wanted), first.expected_attempts, total)
