"""A person takes a picture that did not pass, and the run that stopped at it goes on."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from media_pipeline.runs.actions import resume_run
from media_pipeline.runs.models import Run, RunState
from scenes.actions import accept_picture
from scenes.models import Shot


@transaction.atomic
def accept_and_go_on(shot: Shot, picture_id: int, reason: str, *, by: Any) -> tuple[int, Run | None]:
    """How many answers that overrules (0: nobody says no to it), and the run that goes on, where one had stopped.

    Raises ValidationError without a reason.
    """
    overruled = accept_picture(shot, picture_id, reason, by=by)
    if not overruled:
        return 0, None
    stopped = Run.objects.filter(subject=f"shot:{shot.pk}", pipeline="render_shot").order_by("-pk").first()
    if stopped is None or stopped.state != RunState.FAILED or not resume_run(stopped):
        return overruled, None
    return overruled, stopped
