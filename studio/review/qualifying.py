"""Starting the qualification of a production's material: what it would ask and cost, and the question before it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from media_pipeline.estimates import Estimate
from media_pipeline.judging import start_judging
from media_pipeline.providers.choice import NoModel
from media_pipeline.qualification import estimate_qualification, start_qualification
from projects.access import project_for
from projects.models import Project

from . import queries
from .gather_cards import readiness_board
from .qualification_cards import lock_context, qualification_of
from .views import UNREADABLE, page_context


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def qualify_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The question before it starts, as a page or, with `?part=dialog`, as the inside of a dialog. Posting starts."""
    project = project_for(request.user, slug, may="generate")
    refused: list[str] = []
    if request.method == "POST":
        try:
            start_qualification(project, although_not_ready="although_not_ready" in request.POST, by=request.user)
        except ValidationError as problem:
            refused = problem.messages
        else:
            return redirect("gather", slug=slug)
    context = question(project) | {"refused": refused, "countdown": settings.QUALIFY_COUNTDOWN}
    if request.GET.get("part") == "dialog":
        return render(request, "review/qualify_question.html", context | {"in_dialog": True})
    context |= page_context(request, project, queries.last_event_id(project.pk))
    return render(request, "review/qualify.html", context, status=UNREADABLE if refused else 200)


@login_required
@require_POST
def ask_model(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the language model how ready it finds the material."""
    project = project_for(request.user, slug, may="generate")
    try:
        start_judging(project, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("gather", slug=slug)


def question(project: Project) -> dict[str, Any]:
    """What has to be known before it starts: the estimate, and who is not ready."""
    estimate: Estimate | None = None
    unknown = ""
    try:
        estimate = estimate_qualification(project)
    except NoModel as problem:
        unknown = str(problem)
    return lock_context(project) | {
        "estimate": estimate, "unknown": unknown, "board": readiness_board(project),
        "qualification": qualification_of(project.pk),
    }  # fmt: skip
