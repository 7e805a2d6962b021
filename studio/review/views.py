"""The pages of a production: home, project, shot, and what may be done from them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from media_pipeline.run_settings import asked_of_run
from media_pipeline.runs import actions as run_actions
from media_pipeline.runs.models import Approval, Run
from media_pipeline.screenplays import import_and_keep
from projects.access import MAY, project_for, role_in, visible_projects
from projects.actions import create_project, dismiss_alert
from projects.choices import QualityTier
from projects.models import Alert, Project
from projects.screenplay.model import ScreenplayError
from scenes.direction import in_words, resolved
from scenes.models import Shot, Take

from . import fragments, queries
from .cards import SHOT_ICONS, model_words, run_bar, scene_card, shot_url
from .forms import ProductionForm, ScreenplayForm
from .story import story_of
from .switches import chosen_in
from .timeline import run_in_words

UNREADABLE = 422
"""Status of a page that shows a form again because of what was filled in."""


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve: asked by load balancers, without logging in."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The productions of this person."""
    page, productions = queries.productions_page(visible_projects(request.user), request.GET.get("page"))
    cards = [
        {
            "project": production.project,
            "counts": production.counts,
            "alerts": production.alerts,
            "bar": run_bar(production.run, production.project.slug),
        }
        for production in productions
    ]
    context = {"page": page, "cards": cards, "form": ProductionForm(auto_id="new-%s")}
    return render(request, "review/home.html", context)


@login_required
def new_production(request: HttpRequest) -> HttpResponse:
    """Start a production, with its screenplay where one was chosen: both or, on any error, neither."""
    form = ProductionForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = UNREADABLE if request.method == "POST" else 200
        return render(request, "review/new_production.html", {"form": form}, status=status)
    try:
        with transaction.atomic():
            project = create_project(owner=request.user, **form.project_fields)
            if form.cleaned_data["screenplay"]:
                messages.success(request, _import(project, form.cleaned_data, request.user))
    except ScreenplayError as problem:
        form.add_error("screenplay", str(problem))
    except ValidationError as problem:
        form.take_errors(problem)
    else:
        return redirect("project", slug=project.slug)
    return render(request, "review/new_production.html", {"form": form}, status=UNREADABLE)


@login_required
@require_safe
def project_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The production: its film or poster, its progress, its scenes and shots."""
    project = project_for(request.user, slug)
    return render(request, "review/project.html", _project_context(request, project, _screenplay_form(project)))


@login_required
@require_POST
def import_screenplay(request: HttpRequest, slug: str) -> HttpResponse:
    """Read an uploaded screenplay into the production."""
    project = project_for(request.user, slug, may="write")
    form = _screenplay_form(project, request.POST, request.FILES)
    if form.is_valid():
        try:
            messages.success(request, _import(project, form.cleaned_data, request.user))
        except (ScreenplayError, ValidationError) as problem:
            form.add_error("screenplay", problem if isinstance(problem, ValidationError) else str(problem))
        else:
            return redirect("project", slug=slug)
    return render(request, "review/project.html", _project_context(request, project, form), status=UNREADABLE)


@login_required
@require_POST
def produce(request: HttpRequest, slug: str) -> HttpResponse:
    """Start making the film; where it is being made already, nothing more is started."""
    project = project_for(request.user, slug, may="generate")
    numbers = [number for number, _ in queries.chapters_with_scenes(project.pk)]
    if not numbers:
        messages.error(request, "There is nothing to film yet: import a screenplay first.")
        return redirect("project", slug=slug)
    asked = request.POST.get("chapter", "")
    tier = request.POST.get("tier", "")
    chapter = int(asked) if asked.isdecimal() and int(asked) in numbers else numbers[0]
    tier = tier if tier in QualityTier.values else ""
    try:
        settings = asked_of_run(project, tier, chosen_in(request.POST), chapter=chapter, scenes=[])
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("estimate", slug=slug)
    run_actions.start_run("produce_film", f"project:{project.pk}", project, settings=settings, by=request.user)
    return redirect("project", slug=slug)


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, approval_id: int) -> HttpResponse:
    """Say yes or no to spending: the button's name is the answer, its value the digest of what was looked at."""
    project = project_for(request.user, slug, may="spend")
    approval = Approval.objects.filter(project=project, pk=approval_id).first()
    if approval is None:
        raise Http404("There is no such question in this production.")
    yes = "approve" in request.POST
    digest = request.POST.get("approve") or request.POST.get("refuse") or ""
    try:
        run_actions.decide_approval(approval, digest=digest, yes=yes, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return back(request, project)


@login_required
@require_POST
def stop_run(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Stop a run once the person has confirmed it: what is finished is kept."""
    project = project_for(request.user, slug, may="generate")
    run = _run_of(project, run_id)
    if "confirmed" not in request.POST:
        return render(request, "review/confirm_stop.html", {"project": project, "run": run})
    if run_actions.cancel_run(run):
        messages.success(request, "Stopping. What is finished is kept, and you can resume at any time.")
    return back(request, project)


@login_required
@require_POST
def resume_run(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Go on with a failed or stopped run from where it stopped."""
    project = project_for(request.user, slug, may="generate")
    if not run_actions.resume_run(_run_of(project, run_id)):
        messages.info(request, "That run is not stopped, so there was nothing to resume.")
    return back(request, project)


@login_required
@require_POST
def dismiss(request: HttpRequest, slug: str, alert_id: int) -> HttpResponse:
    """Take an alert off the pages of the production."""
    project = project_for(request.user, slug, may="generate")
    alert = Alert.objects.filter(project=project, pk=alert_id).first()
    if alert is None:
        raise Http404("There is no such alert.")
    dismiss_alert(alert, by=request.user)
    return back(request, project)


@login_required
@require_safe
def shot_page(request: HttpRequest, slug: str, shot_id: int) -> HttpResponse:
    """One shot: its takes, what it was made from, and how the work on it went."""
    project = project_for(request.user, slug)
    since = queries.last_event_id(project.pk)
    shot = queries.shot_of(project.pk, shot_id)
    if shot is None:
        raise Http404("There is no such shot in this production.")
    before, after = queries.neighbours(project.pk, shot)
    takes: list[Take] = shot.take_list  # type: ignore[attr-defined]
    shown = _take_asked_for(takes, request.GET.get("take"), shot)
    context = page_context(request, project, since) | {
        "shot": shot,
        "scene": shot.scene,
        "takes": [{"take": take, "model": model_words(take), "shown": take == shown} for take in takes],
        "take": shown,
        "model": model_words(shown) if shown else "",
        "icon": SHOT_ICONS[shot.state.status],  # type: ignore[index]
        "direction": in_words(resolved(shot)),
        "story": story_of(shot, shown, project),
        "runs": [run_in_words(run) for run in queries.runs_of_shot(project.pk, shot.pk)],
        "previous": before and {"url": shot_url(slug, before.pk), "label": f"{before.scene.number}/{before.label}"},
        "shot_url": shot_url(slug, shot.pk),
        "next": after and {"url": shot_url(slug, after.pk), "label": f"{after.scene.number}/{after.label}"},
    }
    return render(request, "review/shot.html", context)


def _take_asked_for(takes: list[Take], asked: str | None, shot: Shot) -> Take | None:
    """The take of `?take=2`, else the selected one, else the newest."""
    wanted = [take for take in takes if asked and str(take.number) == asked]
    selected = [take for take in takes if take.pk == shot.state.selected_take_id]
    return next(iter(wanted + selected + takes), None)


def _project_context(request: HttpRequest, project: Project, form: ScreenplayForm) -> dict[str, Any]:
    since = queries.last_event_id(project.pk)
    project = queries.with_pictures(project.pk)
    counts = queries.counts_of([project.pk])[project.pk]
    page = queries.scenes_page(project.pk, request.GET.get("page"), request.GET.get("scene"))
    label = project.get_chapter_label_display()
    common = page_context(request, project, since)
    return (
        common
        | fragments.run_context(project)
        | {
            "form": form,
            "counts": counts,
            "page": page,
            "scenes": [scene_card(scene, project.slug, label) for scene in page.object_list],
            "frame": project.frame_size,
            "scripts": queries.scripts_of(project.pk),
            "budget": queries.budget_of(project.pk) if "spend" in common["rights"] else None,
        }
    )


def page_context(request: HttpRequest, project: Project, since: int) -> dict[str, Any]:
    """What every page of a production has: alerts, the person's rights, where live news begins."""
    role = role_in(request.user, project)
    width, height = project.frame_size
    return fragments.alerts_context(project) | {
        "project": project,
        "since": since,
        "rights": sorted(right for right, roles in MAY.items() if role in roles),
        "aspect": f"{width} / {height}",
        "tall": height > width,
    }


def _import(project: Project, data: dict[str, Any], person: Any) -> str:
    """Read the upload into the production; the sentence that says what came of it."""
    upload, number = data["screenplay"], data.get("chapter") or 1
    report = import_and_keep(project, upload.read(), upload.name, by=person, chapter_number=number)
    return f"{upload.name} is imported. {report.sentence}"


def _screenplay_form(project: Project, *data: Any) -> ScreenplayForm:
    return ScreenplayForm(*data, chapter_label=project.get_chapter_label_display())


def _run_of(project: Project, run_id: int) -> Run:
    run = Run.objects.filter(project=project, pk=run_id).first()
    if run is None:
        raise Http404("There is no such run in this production.")
    return run


def back(request: HttpRequest, project: Project) -> HttpResponseRedirect:
    """To the page the person came from, where it is one of ours; else to the production."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else reverse("project", args=[project.slug]))
