"""The page of the review face that looks through everything a person may see."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.access import project_for, visible_projects
from projects.models import Project
from scenes.models import DialogueLine, Scene, Shot, Take

from .finding import Find, search


@login_required
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Finds in all productions of the person, or in one (`?production=slug`)."""
    text, slug = request.GET.get("q", "").strip(), request.GET.get("production", "")
    project = project_for(request.user, slug) if slug else None
    groups = [
        {"group": group, "finds": [{"find": find, "url": page_of(find)} for find in group.finds]}
        for group in search(request.user, text, project)
    ]
    productions = visible_projects(request.user).order_by("title")
    context = {"groups": groups, "text": text, "production": slug, "productions": productions}
    return render(request, "search/page.html", context)


def page_of(find: Find) -> str:
    """Where the find is seen in the review pages; empty for what has a page in the admin alone."""
    record: Any = find.record
    if isinstance(record, Project):
        return reverse("project", args=[record.slug])
    if isinstance(record, Take):
        shot = record.shot
        return f"{reverse('shot', args=[shot.scene.chapter.project.slug, shot.pk])}?take={record.number}"
    if isinstance(record, Shot):
        return reverse("shot", args=[record.scene.chapter.project.slug, record.pk])
    scene = record.scene if isinstance(record, DialogueLine) else record
    if isinstance(scene, Scene):
        return f"{reverse('project', args=[scene.chapter.project.slug])}?scene={scene.pk}#scene-{scene.pk}"
    project = getattr(record, "project", None) or getattr(getattr(record, "character", None), "project", None)
    return reverse("project", args=[project.slug]) if project is not None else ""
