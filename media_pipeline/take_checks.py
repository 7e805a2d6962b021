"""Quality control of a take as records: what was measured, what it means, what follows.

Measuring is work on files, writing it down is a change of records: two functions, so that a run remembers each.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from media_pipeline.assets import MediaAsset
from media_pipeline.qc.measures import VERSION, Asked
from media_pipeline.qc.takes import as_plain, measure_take
from media_pipeline.qc.thresholds import Thresholds, Verdict
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from projects.coherence import effective
from scenes.actions import flag_take, record_take_checks, select_take, set_review_state
from scenes.choices import GenerationApproach, LightingType, ReviewState, TakeFlag
from scenes.direction import resolved, values_of
from scenes.models import Take, TakeCheck

WHOLE = "technical"
"""Name of the check that holds the score over all, its verdict and its sentence."""

HELD = (GenerationApproach.HELD_FRAME_STATIC,)
DARK = (LightingType.LOW_KEY, LightingType.SILHOUETTE, LightingType.CANDLE, LightingType.MOONLIGHT)
SKIPPED = {"verdict": Verdict.PASSED.value, "retry": False, "sentence": "", "technical": None, "measured": False}
"""What comes of a check where QC scoring is off."""


def check_take(run: RunContext, take_id: int, *, key: str = "qc") -> dict[str, Any]:
    """Measure the take and write the checks down, as two remembered steps; see `record_measurements` for the answer.

    Settings: `qc` {"review": {...}, "block": {...}} over the default thresholds; `coherence` {"qc_scoring": False}
    measures nothing.
    """
    take = Take.objects.select_related("shot__scene__chapter__project").get(pk=take_id)
    if not effective(take.shot.scene.chapter.project.coherence, run.settings.get("coherence", {}))["qc_scoring"]:
        return dict(SKIPPED)
    limits = Thresholds.of(run.settings.get("qc", {}))
    measured = run.local(f"{key} measured", lambda work: measured_take(take_id, work, limits))
    return run.record(key, lambda: record_measurements(take_id, measured))


def measured_take(take_id: int, work: Work, thresholds: Thresholds | None = None) -> dict[str, Any]:
    """Measure the file that the provider gave for a take; see qc.takes.as_plain for what comes back."""
    take = Take.objects.select_related("media", "sound", "shot").get(pk=take_id)
    sound = take.sound if take.sound and not take.media.has_audio else None
    if take.media.kind != MediaAsset.Kind.VIDEO:
        raise ValueError(f"{take} is no clip: only clips are measured.")
    found = measure_take(
        work.media(take.media.sha256), asked_of(take), sound=work.media(sound.sha256) if sound else None,
        thresholds=thresholds, cancelled=work.cancelled,
    )  # fmt: skip
    return as_plain(found)


def asked_of(take: Take) -> Asked:
    """What was ordered for a take, and what its direction means to be so."""
    direction = values_of(resolved(take.shot))
    drawn = take.provider == "animatic"
    held = take.shot.approach in HELD or (drawn and direction["camera_movement"] in ("", "static"))
    meant = {
        "held": held,
        "still": held or drawn or take.shot.approach == GenerationApproach.HELD_FRAME_PUSH,
        "dark": direction["lighting_type"] in DARK,
        "soft": "soft focus" in direction["texture"].lower(),
        "quiet": not take.shot.lines.exists(),
    }
    intents = frozenset(name for name, holds in meant.items() if holds)
    return Asked(take.width, take.height, take.frames, Fraction(take.frame_rate), intents)


@transaction.atomic
def record_measurements(take_id: int, measured: Mapping[str, Any]) -> dict[str, Any]:
    """Write the checks of a take and what follows from them; safe to repeat.

    A take under a threshold needs a person's look. The best of a shot's takes by the technical score is the system's
    best; a take that is no use gives way to it where the same was asked of both and no person has chosen. Returns
    verdict, sentence, technical, and `retry`: whether it is so bad that it should be made again within the budget.
    """
    take = Take.objects.select_related("shot__scene__chapter").get(pk=take_id)
    record_take_checks(take, [*_rows(measured), _whole(measured)])
    if measured["verdict"] != Verdict.PASSED and take.review_state == ReviewState.PENDING:
        set_review_state(take, ReviewState.NEEDS_REVIEW)
    _choose_best(take, measured["verdict"])
    return {
        "verdict": measured["verdict"], "sentence": measured["sentence"], "technical": measured["technical"],
        "retry": measured["verdict"] == Verdict.BLOCK, "measured": True,
    }  # fmt: skip


def _choose_best(take: Take, verdict: str) -> None:
    """Of equal scores the latest is the best, which was asked for last; takes that were sent back are out."""
    scored = TakeCheck.objects.filter(take__shot=take.shot_id, name=WHOLE).exclude(
        take__review_state=ReviewState.RETAKE
    )
    best = max(
        scored.select_related("take__shot__scene__chapter"),
        key=lambda check: (check.score, check.take.number),
        default=None,
    )
    if best is None:
        return
    flag_take(best.take, TakeFlag.SYSTEM_BEST)
    if verdict == Verdict.BLOCK and best.take.request_digest == take.request_digest:
        select_take(best.take.shot, best.take)


def _rows(measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Only what was measured has a score; the rest is named in the whole."""
    return [
        {
            "name": row["name"], "kind": row["kind"], "score": _decimal(row["score"]),
            "threshold": _decimal(row["threshold"]),
            "passed": None if row["threshold"] is None else row["verdict"] == Verdict.PASSED,
            "details": {key: value for key, value in row.items() if key not in ("name", "kind", "score", "threshold")},
            "measured_by": VERSION,
        }
        for row in measured["rows"]
        if row["score"] is not None
    ]  # fmt: skip


def _whole(measured: Mapping[str, Any]) -> dict[str, Any]:
    absent = {row["name"]: row["note"] for row in measured["rows"] if row["score"] is None}
    return {
        "name": WHOLE, "kind": TakeCheck.Kind.TECHNICAL, "score": _decimal(measured["technical"]), "threshold": None,
        "passed": measured["verdict"] == Verdict.PASSED, "measured_by": VERSION,
        "details": {
            "verdict": measured["verdict"], "sentence": measured["sentence"], "coverage": measured["coverage"],
            "not_measured": absent,
        },
    }  # fmt: skip


def _decimal(score: float | None) -> Decimal | None:
    return None if score is None else Decimal(str(round(score, 2)))
