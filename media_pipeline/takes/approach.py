"""How a shot is made here and now: what its record asks for, and what the models there are can do."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from media_pipeline.providers.base import Record, VideoRequest
from media_pipeline.providers.choice import ABILITIES, NoModel, profile_for
from media_pipeline.providers.lengths import frames_sent
from prompts.models import ModelProfile
from scenes.choices import GenerationApproach as Approach
from scenes.models import Shot

from .identities import Kept

LAYERED = frozenset(
    {Approach.COMPOSITE_IMAGE_TO_VIDEO, Approach.EXTENDED, Approach.CHARACTER_ANIMATE_REPLACE}
)  # fmt: skip
"""Approaches whose first picture is built up layer by layer."""

NEEDS: dict[str, frozenset[str]] = {
    Approach.TEXT_TO_VIDEO: frozenset({"text_to_video"}),
    Approach.FIRST_LAST_FRAME: frozenset({"start_frame", "end_frame"}),
    Approach.TRIPTYCH_SPLIT_FIRST_LAST: frozenset({"start_frame", "end_frame"}),
    Approach.VIDEO_TO_VIDEO: frozenset({"source_video"}),
    Approach.CHARACTER_ANIMATE_REPLACE: frozenset({"source_video", "start_frame"}),
}
"""What the video model has to be able to do; the others start from a picture."""

DRAWN = frozenset({Approach.COMPOSITE_IMAGE_TO_VIDEO, Approach.HELD_FRAME_PUSH, Approach.HELD_FRAME_STATIC})
"""Approaches the animatic has; it draws every other from the brief as one frame in motion."""

ON_A_TAKE = frozenset({Approach.VIDEO_TO_VIDEO, Approach.CHARACTER_ANIMATE_REPLACE})


class Choice(Record):
    """The approach that is taken, why, and what it starts from."""

    name: str
    reason: str = ""
    needs: frozenset[str] = frozenset({"start_frame"})
    start_from: str = ""
    start_from_asset: int | None = None
    source_video: str = ""


class Models:
    """The model profiles of one shot: the ones a person chose for it, else the preferred ones of the tier."""

    def __init__(self, shot: Shot, tier: str, kept: Kept) -> None:
        self.overrides, self.tier, self._kept = shot.model_overrides, tier, kept
        project = shot.scene.chapter.project
        self._known: dict[tuple[str, str, frozenset[str], str], ModelProfile | NoModel] = project.__dict__.setdefault(
            "_model_profiles", {}
        )

    def profile(self, capability: str, needs: Collection[str] = ()) -> ModelProfile:
        """The profile that will be asked; raises NoModel."""
        key = (capability, self.tier, frozenset(needs), self.overrides.get(capability, ""))
        if key not in self._known:
            try:
                self._known[key] = profile_for(key[0], key[1], needs=key[2], named=key[3])
            except NoModel as nobody:
                self._known[key] = nobody
        found = self._known[key]
        if isinstance(found, NoModel):
            raise found
        return found

    def name(self, capability: str, needs: Collection[str] = ()) -> str:
        """provider:endpoint, with the identities' weights where there are any."""
        weights = {"image": self.kept.image, "video": self.kept.video}.get(capability, ())
        profile = self.profile(capability, {*needs, *(["lora"] if weights else [])})
        if profile.provider == "animatic" and not self.is_drawn:  # a drawing among photographs is nobody's wish
            able = " and ".join(ABILITIES.get(need, need) for need in sorted(needs))
            raise NoModel(
                f"Only the animatic can {able} here: activate a model profile that can, or change the approach."
            )
        return f"{profile.provider}:{profile.endpoint}"

    @property
    def is_drawn(self) -> bool:
        """Whether the animatic makes a part of the take."""
        return "animatic" in (self.profile("image").provider, self.profile("video", _usual(self)).provider)

    @property
    def kept(self) -> Kept:
        """Who is kept by trained weights; by references alone, with a note, where no model here takes weights."""
        kept = self._kept
        for capability in ("image", "video"):
            if getattr(kept, capability):
                try:
                    self.profile(capability, {"lora"} | ({"start_frame"} if capability == "video" else set()))
                except NoModel as nobody:
                    note = f"References keep them the same in the {capability}: {nobody}"
                    kept = kept.model_copy(update={capability: (), "notes": (*kept.notes, note)})
        return kept

    def letters(self, capability: str) -> int | None:
        """The most letters of a prompt, None where the profile names no limit."""
        needs = _usual(self) if capability == "video" else ()
        most: int | None = self.profile(capability, needs).limits.get("prompt_length")
        return most


def _usual(models: Models) -> frozenset[str]:
    """What the plain video model does: it starts from a picture, where there is such a one at all."""
    try:
        models.profile("video", {"start_frame"})
    except NoModel:
        return frozenset()
    return frozenset({"start_frame"})


def approach_of(
    shot: Shot, models: Models, frames: int, rate: Fraction, size: tuple[int, int], before: Shot | None
) -> Choice:  # fmt: skip
    """What the shot's approach comes to; whatever differs from its record has a reason that people read."""
    wanted = Approach(shot.approach)
    if models.is_drawn:
        return _drawn(wanted)
    if shot.continues_previous and wanted not in ON_A_TAKE:
        taken = before.state.selected_take if before else None
        if taken is not None and taken.last_frame is not None:
            return _choice(
                Approach.EXTENDED if _too_long(models, frames, rate, size) else Approach.IMAGE_TO_VIDEO,
                f"Goes on from the last frame of shot {before.label if before else ''}.",
                start_from=taken.last_frame.sha256, start_from_asset=taken.last_frame.pk,
            )  # fmt: skip
    if wanted in ON_A_TAKE:
        taken = shot.state.selected_take
        if taken is None:
            return _choice(
                Approach.COMPOSITE_IMAGE_TO_VIDEO,
                f"{wanted.label} works on a take and there is none yet: the first one is a composite in motion.",
            )
        return _choice(wanted, f"Works on take {taken.number}.", source_video=taken.media.sha256)
    if wanted == Approach.TRIPTYCH_SPLIT_FIRST_LAST and size[0] > size[1]:
        return _choice(
            Approach.FIRST_LAST_FRAME,
            "The panels of a triptych stand upright and this picture lies: first and last frame instead.",
        )
    if wanted in LAYERED | {Approach.IMAGE_TO_VIDEO} and _too_long(models, frames, rate, size):
        return _choice(Approach.EXTENDED, "Longer than the model films in one piece: chained.")
    if wanted == Approach.EXTENDED:
        return _choice(Approach.COMPOSITE_IMAGE_TO_VIDEO, "Short enough for one piece.")
    return _choice(wanted)


def _drawn(wanted: Approach) -> Choice:
    if wanted in DRAWN:
        return Choice(name=wanted, needs=frozenset())
    reason = (
        "" if wanted == Approach.IMAGE_TO_VIDEO else f"The animatic has no {wanted.label.lower()}: a frame in motion."
    )
    return Choice(name=Approach.IMAGE_TO_VIDEO, reason=reason, needs=frozenset())


def _choice(approach: Approach, reason: str = "", **start: object) -> Choice:
    needs = NEEDS.get(approach, frozenset({"start_frame"}))
    return Choice(name=approach, reason=reason, needs=needs, **start)  # type: ignore[arg-type]


def _too_long(models: Models, frames: int, rate: Fraction, size: tuple[int, int]) -> bool:
    limits = models.profile("video", {"start_frame"}).limits
    if "max_frames" not in limits:
        return False
    request = VideoRequest(prompt="", width=size[0], height=size[1], frames=frames, rate=rate)
    return frames_sent(request, limits) > int(limits["max_frames"])
