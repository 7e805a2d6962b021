"""The page on which another take of a shot is asked for: why, how, and what it is expected to cost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dailies.choices import Reason
from media_pipeline.estimates import Estimate, estimate_shot
from media_pipeline.providers.errors import Refused
from media_pipeline.retakes import LONGEST_REASON
from media_pipeline.run_settings import chosen_for_run
from projects.access import may, project_for
from projects.choices import QualityTier
from projects.models import Project
from prompts.queries import NoTemplate
from scenes.models import Shot
from studio.retaking import ask_for_retake

from . import queries
from .switches import chosen_in, switches_of
from .views import UNREADABLE, page_context

TIER = "tier"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retake_page(request: HttpRequest, slug: str, shot_id: int) -> HttpResponse:
    """Ask for another take; "estimate" among what is sent only works out what it would cost."""
    project = project_for(request.user, slug, may="generate")
    shot = queries.shot_of(project.pk, shot_id)
    if shot is None:
        raise Http404("There is no such shot in this production.")
    sent = request.POST
    tier = sent.get(TIER, "") if sent.get(TIER, "") in QualityTier.values else project.quality_tier
    problem, coherence = "", {}
    try:
        coherence = chosen_for_run(project, chosen_in(sent))
        if request.method == "POST" and "estimate" not in sent:
            ask_for_retake(
                shot, project, by=request.user, may_review=may(request.user, project, "review"),
                reasons=sent.getlist("reasons"), text=sent.get("text", ""), tier=tier, coherence=coherence,
            )  # fmt: skip
            messages.success(request, "The next take is on its way. It appears here by itself.")
            return redirect("shot", slug=slug, shot_id=shot_id)
    except ValidationError as refused:
        problem = " ".join(refused.messages)
    since = queries.last_event_id(project.pk)
    context = page_context(request, project, since) | {
        "shot": shot, "scene": shot.scene, "take": shot.state.selected_take, "tiers": QualityTier.choices, "tier": tier,
        "reasons": Reason.choices, "given": sent.getlist("reasons"), "text": sent.get("text", ""),
        "most": LONGEST_REASON, "switches": switches_of(project, coherence), "problem": problem,
        "told": _told(shot), "decides": may(request.user, project, "review"),
    } | _estimated(shot, project, tier, coherence)  # fmt: skip
    return render(request, "review/retake.html", context, status=UNREADABLE if problem else 200)


def _told(shot: Shot) -> str:
    """What the next prompt is told already."""
    notes = getattr(shot, "retake_notes", None)
    taken = shot.state.selected_take
    of_run = taken.parameters.get("reason", "") if taken and isinstance(taken.parameters, dict) else ""
    return " ".join(part for part in (notes.words if notes else "", of_run) if part)


def _estimated(shot: Shot, project: Project, tier: str, coherence: dict[str, bool]) -> dict[str, Any]:
    """The estimate, or why there is none."""
    try:
        found: Estimate = estimate_shot(shot, project, tier, coherence)
    except (Refused, NoTemplate) as nobody:
        return {"estimate": None, "no_estimate": str(nobody)}
    return {"estimate": found, "no_estimate": ""}
