"""Check the cuts of scenes by their records, and write down what does not fit."""

from __future__ import annotations

from collections.abc import Iterable

from scenes.actions import record_cut_findings
from scenes.choices import ShotStatus
from scenes.models import Shot

from .facts import facts_of
from .rules import findings_at


def check_scenes(project_id: int, scene_ids: Iterable[int]) -> int:
    """Check every cut inside these scenes; returns how many breaks stand open. Costs no money and no files.

    Shots that are omitted are not there. Safe to repeat: what is gone is written as fitting, what a person dismissed
    stays dismissed as long as it is the same break.
    """
    ids = list(scene_ids)
    shots = (
        Shot.objects.filter(scene__in=ids).exclude(state__status=ShotStatus.OMITTED)
        .select_related("scene__style", "scene__chapter__project", "style")
        .prefetch_related(
            "cast__look", "cast__character__default_look", "lines", "scene__cast__look", "scene__props__prop"
        )
        .order_by("scene_id", "sequence")
    )  # fmt: skip
    cuts = {}
    before: Shot | None = None
    for shot in shots:
        if before is not None and before.scene_id == shot.scene_id:
            cuts[before.pk, shot.pk] = findings_at(facts_of(before), facts_of(shot))
        before = shot
    return record_cut_findings(project_id, ids, cuts)
