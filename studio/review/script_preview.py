"""A changed screenplay: what it changes is looked at first, then it is imported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from media_pipeline.screenplays import import_and_keep
from projects.access import project_for
from projects.models import Chapter, Project
from projects.screenplay.model import ScreenplayError
from scenes.importing import preview_screenplay_file
from scenes.models import Scene
from scenes.script_changes import SceneChange, ScriptChanges
from studio import held_uploads

from . import queries
from .forms import ScreenplayForm
from .views import UNREADABLE, page_context

GONE = "The file is not here any more: choose it again."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a draft, see what is new, changed and gone in it, and import exactly that."""
    project = project_for(request.user, slug, may="write")
    form = ScreenplayForm(
        request.POST or None, request.FILES or None, chapter_label=project.get_chapter_label_display()
    )
    word = request.POST.get("held", "")
    form.fields["screenplay"].required = not word
    changes: ScriptChanges | None = None
    name, number = "", 1
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["chapter"] or 1
        try:
            name, word, data = _file(request, project, form, word)
            if "confirmed" in request.POST:
                report = import_and_keep(project, data, name, by=request.user, chapter_number=number)
                held_uploads.release(request, word)
                messages.success(request, f"{name} is imported. {report.sentence}")
                return redirect("project", slug=slug)
            changes = preview_screenplay_file(project, data, name, chapter_number=number)
        except ScreenplayError as problem:
            form.add_error("screenplay", str(problem))
        except ValidationError as problem:
            form.add_error("screenplay", problem.messages)
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "form": form, "changes": changes, "name": name, "held": word, "number": number,
        "groups": _groups(changes) if changes else [],
        "chapter": Chapter.objects.filter(project=project, number=number).first(),
    }  # fmt: skip
    return render(request, "review/script_preview.html", context, status=UNREADABLE if form.errors else 200)


def _file(request: HttpRequest, project: Project, form: ScreenplayForm, word: str) -> tuple[str, str, bytes]:
    upload = form.cleaned_data["screenplay"]
    if upload is not None:
        data = upload.read()
        return upload.name, held_uploads.hold(request, project.pk, upload.name, data), data
    kept = held_uploads.held(request, project.pk, word)
    if kept is None:
        raise ValidationError(GONE)
    return kept[0], word, kept[1]


def _groups(changes: ScriptChanges) -> list[dict[str, Any]]:
    """What changes, under the words people read; scenes that stay as they are are only counted."""
    return [
        {"title": title, "words": words, "rows": [_row(change) for change in found]}
        for title, words, found in (
            ("New", "put in with a number of their own", changes.new),
            ("Changed", "their shots stay; what no longer fits is planned anew", changes.changed),
            ("Back again", "were omitted and stand in the script again", changes.returning),
            ("Gone", "kept as OMITTED with their shots and takes", changes.gone),
        )
        if found
    ]


def _row(change: SceneChange) -> dict[str, Any]:
    shown = [field for field in change.fields if field not in {"sequence", "page"}]
    labels = [str(Scene._meta.get_field(name).verbose_name) for name in shown]  # type: ignore[union-attr]
    return {
        "number": change.number, "heading": change.values.get("heading") or change.heading, "fields": labels,
        "shots": change.shots, "takes": change.takes, "scene": change.scene_id,
    }  # fmt: skip
