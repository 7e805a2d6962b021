"""Measure a take: one call, every score by name, one number over them that hides no fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media_pipeline.media.errors import BrokenMedia
from media_pipeline.media.figures import picture_figures, sound_figures
from media_pipeline.media.loudness import measure
from media_pipeline.media.probe import probe

from .measures import (
    SOUNDS,
    Asked,
    Score,
    file_scores,
    picture_scores,
    sound_scores,
    still_scores,
    unmeasured,
)
from .thresholds import Thresholds, Verdict

NEEDS_A_JUDGE = {
    "aesthetic": "alignment", "prompt_match": "alignment", "anatomy": "artifacts", "eyeline": "consistency",
    "identity": "consistency", "subject_consistency": "consistency",
}  # fmt: skip
"""What files alone do not tell: named so that nobody takes silence for praise."""

WEIGHTS: Mapping[str, float] = {
    "decodes": 2, "duration": 2, "freeze": 2, "flicker": 2, "sharpness": 2, "exposure": 2, "size": 1, "rate": 1,
    "black": 1, "cadence": 1, "noise": 1, "compression": 1, "framing": 1,
    "audio_silence": 0.5, "audio_clipping": 0.5, "audio_level": 0.5,
}  # fmt: skip
CORE = ("decodes", "duration", "freeze", "flicker", "sharpness", "exposure", "black")

CAPS = (
    ("decodes", 50, 35), ("size", 20, 55), ("duration", 50, 55), ("black", 50, 35), ("freeze", 50, 45),
    ("exposure", 15, 45), ("flicker", 25, 50), ("sharpness", 15, 50),
)  # fmt: skip
"""Name, score under which it caps, and the most the whole can then be: a plain mean hides a lone grave fault."""

MEANT: Mapping[str, str] = {
    "exposure": "dark", "sharpness": "soft", "framing": "letterbox", "flicker": "strobe", "black": "black",
}  # fmt: skip
"""Measurement -> the intent of the direction that turns a finding into a note."""


@dataclass(frozen=True)
class TakeMeasurements:
    """All scores of one take, in a fixed order, and what was asked of it."""

    scores: tuple[Score, ...]
    asked: Asked
    thresholds: Thresholds

    @property
    def technical(self) -> float | None:
        """The technical score: six tenths the weighted mean, four tenths the worst core score, capped by grave faults.

        It says nothing of beauty, acting or story. None when nothing was measured.
        """
        found = {score.name: score.score for score in self.counted if score.score is not None}
        if not found:
            return None
        mean = sum(WEIGHTS[name] * value for name, value in found.items()) / sum(WEIGHTS[name] for name in found)
        worst = min((found[name] for name in CORE if name in found), default=mean)
        whole = 0.6 * mean + 0.4 * worst
        for name, under, cap in CAPS:
            if found.get(name, 100) < under:
                whole = min(whole, cap)
        return round(whole, 2)

    @property
    def coverage(self) -> float:
        """Share of the weight that was measured, 0 to 1."""
        measured = sum(WEIGHTS[score.name] for score in self.counted if score.score is not None)
        return round(measured / sum(WEIGHTS.values()), 3)

    @property
    def counted(self) -> list[Score]:
        """The scores that count in the technical score: those with a weight that nobody meant to be so."""
        return [score for score in self.scores if score.name in WEIGHTS and not self.is_meant(score)]

    def is_meant(self, score: Score) -> bool:
        """Whether the direction asks for what would otherwise be a fault."""
        return MEANT.get(score.name, "") in self.asked.intents

    def verdict_of(self, score: Score) -> Verdict:
        """What one score means; what is meant or not measured never fails."""
        if score.score is None or self.is_meant(score):
            return Verdict.PASSED
        return self.thresholds.verdict(score.name, score.score)

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        verdicts = [self.verdict_of(score) for score in self.scores]
        return next((worst for worst in (Verdict.BLOCK, Verdict.REVIEW) if worst in verdicts), Verdict.PASSED)

    @property
    def faults(self) -> list[Score]:
        """The scores under their threshold, the worst first."""
        failed = [score for score in self.scores if self.verdict_of(score) is not Verdict.PASSED]
        return sorted(failed, key=lambda score: (self.verdict_of(score) is not Verdict.BLOCK, score.score or 0.0))

    @property
    def sentence(self) -> str:
        """What is wrong, for people; empty when nothing is."""
        said = [f"{score.name.replace('_', ' ')} {score.score:.0f}: {score.note}".rstrip(": ") for score in self.faults]
        return "; ".join(said)


def measure_take(
    path: Path, asked: Asked, *, sound: Path | None = None, thresholds: Thresholds | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TakeMeasurements:  # fmt: skip
    """Everything that the file of a take tells of it; `sound` where its sound lies in a file beside it.

    A file that cannot be decoded is no error: it scores 0 for `decodes` and nothing else is measured. Memory does not
    grow with length.
    """
    limits = thresholds or Thresholds()
    try:
        info = probe(path)
        if info.kind != "video":
            raise BrokenMedia(f"a clip was expected, but the file is {info.described}")
        figures = picture_figures(path, exact_flicker="held" in asked.intents, cancelled=cancelled)
    except BrokenMedia as error:
        return TakeMeasurements((Score("decodes", "technical", 0.0, note=str(error)), *_not_judged()), asked, limits)
    scores = [*file_scores(info, figures, asked), *picture_scores(figures, asked), *still_scores(figures["samples"])]
    heard = _sound(sound or path, asked, cancelled)
    return TakeMeasurements((*scores, *heard, *_not_judged()), asked, limits)


def _sound(path: Path, asked: Asked, cancelled: Callable[[], bool] | None) -> list[Score]:
    try:
        figures = sound_figures(path, cancelled=cancelled)
        lufs = measure(path, cancelled=cancelled).lufs if figures["seconds"] else None
    except BrokenMedia as error:
        return [unmeasured(name, "sound", f"the sound cannot be decoded: {error}") for name in SOUNDS]
    return sound_scores(figures, lufs, asked)


def _not_judged() -> tuple[Score, ...]:
    why = "needs a judge that sees: no model was asked"
    return tuple(unmeasured(name, kind, why) for name, kind in NEEDS_A_JUDGE.items())


def as_plain(measurements: TakeMeasurements) -> dict[str, Any]:
    """All of it as JSON values, for a step's memory: rows by name, the technical score, verdict and sentence."""
    return {
        "technical": measurements.technical, "coverage": measurements.coverage,
        "verdict": str(measurements.verdict), "sentence": measurements.sentence,
        "rows": [_row(measurements, score) for score in measurements.scores],
    }  # fmt: skip


def _row(measurements: TakeMeasurements, score: Score) -> dict[str, Any]:
    decides = measurements.thresholds.review.get(score.name)
    meant = measurements.is_meant(score)
    return {
        "name": score.name, "kind": score.kind, "score": score.score, "raw": score.raw, "unit": score.unit,
        "note": score.note, "meant": meant, "threshold": None if meant else decides,
        "verdict": str(measurements.verdict_of(score)), **score.details,
    }  # fmt: skip
