"""Asking for another take with a reason: for who may review, it is a decision about the take that the film uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction

from dailies.actions import decide
from dailies.choices import Decision, Reason
from dailies.voices import Voice
from media_pipeline.retakes import start_retake
from media_pipeline.runs.models import Run
from projects.models import Project
from scenes.models import Shot


@transaction.atomic
def ask_for_retake(
    shot: Shot, project: Project, *, by: Any, may_review: bool, reasons: Sequence[str] = (), text: str = "",
    tier: str = "", coherence: Mapping[str, Any] | None = None,
) -> Run:  # fmt: skip
    """Start the shot's next take; `reasons` are codes of dailies.choices.Reason, `text` is said in one's own words.

    Both go into its prompt. Of somebody who may not review, or where there is no take yet, the run alone is told.
    Raises ValidationError, and UnderWay where the shot is being rendered otherwise; then nothing is decided either.
    """
    told: str | None = None
    take = shot.state.selected_take
    if reasons or text.strip():
        if take is not None and may_review:
            decide(project, take, Decision.RETAKE, voice=Voice(by), key=uuid4(), reasons=reasons, text=text)
        else:
            labels = [f"{Reason(code).label}." for code in dict.fromkeys(reasons)]
            told = " ".join([*labels, text.strip()]).strip()
    return start_retake(shot, project, tier=tier, coherence=coherence, reason=told, by=by)
