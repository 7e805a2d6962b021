"""Starting the runs that make the next takes of shots, from the room as from a script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from media_pipeline.retakes import UnderWay, start_retake
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
    return [_started(shot, project, by) for shot in shots]


def _started(shot: Shot, project: Project, by: Any) -> Run:
    try:
        return start_retake(shot, project, by=by)
    except UnderWay as going_on:
        return going_on.run
