"""Asking for another take of a shot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from media_pipeline.run_settings import asked_of_run
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.models import OPEN_RUNS, Run
from projects.models import Project
from scenes.choices import ShotStatus
from scenes.models import Shot

LONGEST_REASON = 2_000
"""Letters of what is to be put right; a prompt has an end."""


class UnderWay(ValidationError):
    """The shot is being rendered already, by `run`, and not as it was asked for now."""

    def __init__(self, shot: Shot, run: Run) -> None:
        super().__init__(f"Shot {shot} is being rendered otherwise (run {run.pk}): stop that run or wait for it.")
        self.run = run


@transaction.atomic
def start_retake(
    shot: Shot, project: Project, *, tier: str = "", coherence: Mapping[str, Any] | None = None,
    reason: str | None = None, by: Any = None,
) -> Run:  # fmt: skip
    """Start the run that makes a shot's next take, or give the one that is under way for exactly this.

    `reason` is told to the next prompt and holds for later takes until another one is given ("" takes it back); None
    leaves what holds. Raises ValidationError for settings that cannot be, for a shot that is out of the film, and
    UnderWay.
    """
    if shot.state.status == ShotStatus.OMITTED:
        raise ValidationError(f"Shot {shot} is out of the film: restore it first.")
    more: dict[str, Any] = {"retake": True}
    if reason is not None:
        more["reason"] = " ".join(reason.split())
        if len(more["reason"]) > LONGEST_REASON:
            raise ValidationError(f"The reason has {len(more['reason'])} letters; {LONGEST_REASON} fit.")
    settings = asked_of_run(project, tier, coherence, **more)
    subject = f"shot:{shot.pk}"
    going_on = Run.objects.filter(pipeline="render_shot", subject=subject, state__in=OPEN_RUNS).first()
    if going_on is not None and going_on.settings != settings:
        raise UnderWay(shot, going_on)
    return start_run("render_shot", subject, project, settings=settings, by=by)
