"""The pages about money: what a film is expected to cost, and requests that may have been paid for in vain."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from media_pipeline.estimates import estimate_production
from media_pipeline.run_settings import chosen_for_run
from media_pipeline.runs.actions import resolve_unknown
from media_pipeline.runs.models import Step, StepState
from media_pipeline.shot_request import scenes_in_film
from projects.access import project_for
from projects.choices import QualityTier

from . import queries
from .chapters import chapter_asked
from .switches import chosen_in, switches_of
from .timeline import StepWords, step_in_words
from .views import UNREADABLE, page_context


@login_required
@require_safe
def estimate(request: HttpRequest, slug: str) -> HttpResponse:
    """What rendering the missing and outdated takes of a chapter is expected to cost, before anything is started."""
    project = project_for(request.user, slug)
    chapters = queries.chapters_with_scenes(project.pk)
    if not chapters:
        messages.info(request, "There is nothing to estimate yet: import a screenplay first.")
        return redirect("project", slug=slug)
    numbers = [number for number, _ in chapters]
    chapter = chapter_asked(request, numbers)
    tier = request.GET.get("tier", "")
    tier = tier if tier in QualityTier.values else project.quality_tier
    coherence: dict[str, bool] = {}
    try:
        coherence = chosen_for_run(project, chosen_in(request.GET))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    context: dict[str, Any] = {
        "estimate": estimate_production(project, scenes_in_film(project.pk, chapter), tier, coherence),
        "switches": switches_of(project, coherence),
        "chapters": chapters,
        "chapter": chapter,
        "tiers": QualityTier.choices,
        "tier": tier,
        "budget": queries.budget_of(project.pk),
    }
    since = queries.last_event_id(project.pk)
    return render(request, "review/estimate.html", page_context(request, project, since) | context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lost_call(request: HttpRequest, slug: str, step_id: int) -> HttpResponse:
    """A request whose answer was lost: what is known of it, and the two decisions a person can make."""
    posted = request.method == "POST"
    project = project_for(request.user, slug, may="spend" if posted else "view")
    step = queries.call_with_moves(project.pk, step_id)
    if step is None:
        raise Http404("There is no such request in this production.")
    problem = ""
    if posted:
        problem = _decide(request, step)
        if not problem:
            return redirect("project", slug=slug)
    since = queries.last_event_id(project.pk)
    context = page_context(request, project, since) | {
        "step": step,
        "words": _in_words(step),
        "shot": queries.shot_of_run(step.run),
        "problem": problem,
        "typed": request.POST.get("request_id", ""),
        "undecided": step.state == StepState.UNKNOWN or (step.state == StepState.FAILED and step.next_poll_at),
        "is_lost": step.state == StepState.UNKNOWN,
    }
    return render(request, "review/lost_call.html", context, status=UNREADABLE if problem else 200)


def _decide(request: HttpRequest, step: Step) -> str:
    """Carry out what was pressed; the sentence that says why nothing was done, or nothing."""
    request_id = request.POST.get("request_id", "").strip()
    if "found" in request.POST and not request_id:
        return "Give the request id under which the provider lists the job."
    try:
        resolve_unknown(step, by=request.user, request_id=request_id if "found" in request.POST else "")
    except ValidationError as error:
        return " ".join(error.messages)
    done = "Its answer is awaited now." if "found" in request.POST else "It is written off and counts as spent."
    messages.success(request, done)
    return ""


def _in_words(step: Step) -> StepWords:
    return step_in_words(step, list(step.transitions.all()))
