"""Continuity by the pictures: every cut between two takes, measured and written down.

What the records say of a cut is checked before money is spent (scenes.continuity); this is what came of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from media_pipeline.media.figures import edge_figures
from media_pipeline.qc.cuts import CutThresholds, measure_cut
from media_pipeline.qc.measures import VERSION, Score
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from scenes.actions import record_continuity
from scenes.choices import ContinuityKind, ShotSize, ShotStatus
from scenes.continuity import facts_of, light_is_meant
from scenes.models import ContinuityCheck, Shot, Take

KINDS = {
    ContinuityKind.LIGHTING_JUMP: ("light_match", "colour_match"),
    ContinuityKind.PALETTE: ("palette_match",),
    ContinuityKind.LAST_FRAME_MATCH: ("edge_match",),
}
"""Kind of continuity -> the measurements that decide it. The other kinds need the records or a judge that sees."""

EDGES = 2
"""Version of the figures that are kept of a take's ends."""


def check_take_cuts(run: RunContext, take_id: int, *, key: str = "continuity") -> dict[str, Any]:
    """Measure the cuts on both sides of a new take, as two remembered steps.

    Settings: `cuts` {"light_match": 60, ...} over the default thresholds. Returns {"open": breaks, "cuts": how many}.
    Neighbours that have no take yet are checked when theirs is made.
    """
    limits = CutThresholds.of(run.settings.get("cuts", {}))
    measured = run.local(f"{key} measured", lambda work: _measured(cuts_around(take_id), work, limits))
    return run.record(key, lambda: record_cuts(measured))


def check_open_cuts(run: RunContext, scene_ids: Iterable[int], *, key: str = "continuity") -> dict[str, Any]:
    """Measure those cuts of the selected takes that nobody has measured: of shots that were made at the same moment."""
    ids = list(scene_ids)
    limits = CutThresholds.of(run.settings.get("cuts", {}))
    measured = run.local(f"{key} measured", lambda work: _measured(open_cuts(ids), work, limits))
    return run.record(key, lambda: record_cuts(measured))


def cuts_around(take_id: int) -> list[tuple[int, int]]:
    """The pairs of takes (from, to) on both sides of a take, within its scene."""
    take = Take.objects.select_related("shot").get(pk=take_id)
    neighbours = Shot.objects.filter(scene=take.shot.scene_id).exclude(state__status=ShotStatus.OMITTED)
    before = neighbours.filter(sequence__lt=take.shot.sequence).order_by("-sequence").first()
    after = neighbours.filter(sequence__gt=take.shot.sequence).order_by("sequence").first()
    pairs = [(_selected(before), take_id), (take_id, _selected(after))]
    return [(one, other) for one, other in pairs if one and other]


def open_cuts(scene_ids: Iterable[int]) -> list[tuple[int, int]]:
    """The pairs of selected takes inside these scenes that have no measured check."""
    shots = (
        Shot.objects.filter(scene__in=list(scene_ids)).exclude(state__status=ShotStatus.OMITTED)
        .select_related("state").order_by("scene_id", "sequence")
    )  # fmt: skip
    known = set(
        ContinuityCheck.objects.filter(to_shot__scene__in=list(scene_ids), to_take__isnull=False)
        .order_by().values_list("from_take_id", "to_take_id")
    )  # fmt: skip
    pairs, before = [], None
    for shot in shots:
        takes = (_selected(before), _selected(shot))
        if before is not None and before.scene_id == shot.scene_id and all(takes) and takes not in known:
            pairs.append(takes)
        before = shot
    return pairs  # type: ignore[return-value]  # neither is None


def measured_cut(from_take: Take, to_take: Take, work: Work, thresholds: CutThresholds | None = None) -> dict[str, Any]:
    """Measure one cut; rows by kind of continuity, as JSON values."""
    one, other = facts_of(from_take.shot), facts_of(to_take.shot)
    found = measure_cut(
        edges_of(from_take, work)["tail"], edges_of(to_take, work)["head"], continues=other.continues,
        detail=ShotSize.INSERT in (one.value("shot_size"), other.value("shot_size")),
        steps=abs(one.width - other.width), thresholds=thresholds,
    )  # fmt: skip
    meant = light_is_meant(one, other)
    scores = {score.name: score for score in found.scores}
    return {
        "from_take": from_take.pk,
        "to_take": to_take.pk,
        "rows": [
            _row(kind, [scores[name] for name in names], found.fits, meant=meant and kind != "last_frame_match")
            for kind, names in KINDS.items()
            if any(scores[name].score is not None for name in names)
        ],
    }


@transaction.atomic
def record_cuts(measured: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Write what was measured of cuts by the verb of continuity; safe to repeat. Returns how many breaks stand open."""
    count = breaks = 0
    for cut in measured:
        count += 1
        takes = Take.objects.select_related("shot__scene__chapter").in_bulk([cut["from_take"], cut["to_take"]])
        one, other = takes[cut["from_take"]], takes[cut["to_take"]]
        for row in cut["rows"]:
            check = record_continuity(
                one.shot, other.shot, kind=row["kind"], passed=row["passed"], notes=row["notes"],
                evidence=row["evidence"], from_take=one, to_take=other,
            )  # fmt: skip
            breaks += not check.passed and check.dismissed_at is None
    return {"cuts": count, "open": breaks}


def _measured(pairs: list[tuple[int, int]], work: Work, thresholds: CutThresholds) -> list[dict[str, Any]]:
    related = ("picture", "shot__style", "shot__scene__style", "shot__scene__chapter__project")
    takes = Take.objects.select_related(*related).in_bulk({pk for pair in pairs for pk in pair})
    found = []
    for place, (one, other) in enumerate(pairs):
        found.append(measured_cut(takes[one], takes[other], work, thresholds))
        work.progress((place + 1) / len(pairs))
    return found


def _row(kind: str, scores: list[Score], fits: Any, *, meant: bool) -> dict[str, Any]:
    broken = [score for score in scores if not fits(score)]
    notes = "; ".join(score.note for score in broken)
    if notes and meant:
        notes = f"Meant, as the shots' records say: {notes}"
    return {
        "kind": str(kind), "passed": meant or not broken, "notes": f"{notes[:1].upper()}{notes[1:]}." if notes else "",
        "evidence": {
            "measured_by": VERSION,
            **{score.name: {"score": score.score, "raw": score.raw, "unit": score.unit} for score in scores},
        },
    }  # fmt: skip


def edges_of(take: Take, work: Work) -> dict[str, Any]:
    """The figures of a take's two ends; kept beside the media, since every take is at two cuts."""
    kept = Path(settings.CACHE_DIR) / "edges" / f"{take.picture.sha256}-{EDGES}.json"
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    found = edge_figures(work.media(take.picture.sha256), cancelled=work.cancelled)
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{work.workdir.name}")  # another worker may write the same
    part.write_text(json.dumps(found))
    part.replace(kept)
    return found


def _selected(shot: Shot | None) -> int | None:
    return shot.state.selected_take_id if shot is not None else None
