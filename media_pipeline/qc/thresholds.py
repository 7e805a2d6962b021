"""Which score a take must reach by name, and what follows when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class BadThresholds(ValueError):
    """Thresholds that cannot be used; the message says which."""


class Verdict(StrEnum):
    """What is to become of a take, from best to worst."""

    PASSED = "passed"
    REVIEW = "review"
    BLOCK = "block"


REVIEW_BELOW: Mapping[str, float] = {
    "decodes": 100, "size": 40, "rate": 60, "duration": 90, "black": 85, "freeze": 80, "cadence": 75, "flicker": 70,
    "sharpness": 45, "noise": 45, "exposure": 50, "compression": 60, "framing": 80, "audio_silence": 60,
    "audio_clipping": 70, "audio_level": 50,
}  # fmt: skip
"""Score under which a person should look. Chosen on degraded clips of known damage, see docs/qc.md."""

BLOCK_BELOW: Mapping[str, float] = {"decodes": 70, "size": 20, "duration": 50, "black": 50, "freeze": 50}
"""Score under which the take is no use and is made again."""


@dataclass(frozen=True)
class Thresholds:
    """Scores from 0 to 100 by name. A name without a threshold decides nothing."""

    review: Mapping[str, float] = field(default_factory=lambda: dict(REVIEW_BELOW))
    block: Mapping[str, float] = field(default_factory=lambda: dict(BLOCK_BELOW))

    @classmethod
    def of(cls, changed: Mapping[str, Any]) -> Thresholds:
        """The defaults with some of them changed: {"review": {"flicker": 80}, "block": {...}}.

        None takes a threshold away. Raises BadThresholds naming what is unknown or no score.
        """
        if unknown := sorted(set(changed) - {"review", "block"}):
            raise BadThresholds(f"Thresholds are for review and for block; {unknown[0]!r} is neither.")
        return cls(
            _changed(REVIEW_BELOW, changed.get("review", {}), REVIEW_BELOW),
            _changed(BLOCK_BELOW, changed.get("block", {}), REVIEW_BELOW),
        )

    def verdict(self, name: str, score: float) -> Verdict:
        """What a score means by itself."""
        if score < self.block.get(name, 0):
            return Verdict.BLOCK
        return Verdict.REVIEW if score < self.review.get(name, 0) else Verdict.PASSED


def _changed(defaults: Mapping[str, float], changes: Mapping[str, Any], known: Mapping[str, float]) -> dict[str, float]:
    found = dict(defaults)
    for name, value in changes.items():
        if name not in known:
            raise BadThresholds(f"There is no measurement {name!r} with a threshold; there are {', '.join(known)}.")
        if value is None:
            found.pop(name, None)
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise BadThresholds(f"The threshold of {name} is a score from 0 to 100, not {value!r}.")
        else:
            found[name] = float(value)
    return found
