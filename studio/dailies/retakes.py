"""Starting the runs that make the next takes of shots, from the room as from a script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from media_pipeline.runs import actions as runs
from media_pipeline.runs.models import Run
from projects.choices import QualityTier
from projects.models import Project
from scenes.models import Shot


def tier_of(project: Project) -> str:
    """The quality a retake is made at: the production's own."""
    return project.quality_tier if project.quality_tier in QualityTier.values else QualityTier.STANDARD


@transaction.atomic
def start_retakes(project: Project, shots: Iterable[Shot], by: Any) -> list[Run]:
    """The runs that make the next takes; one that is open already is the answer."""
    settings = {"tier": tier_of(project), "retake": True}
    return [runs.start_run("render_shot", f"shot:{shot.pk}", project, settings=settings, by=by) for shot in shots]
