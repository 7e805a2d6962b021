"""Pages where a production's names are put right: rename a character everywhere, merge two that are one, undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from characters.models import Character
from media_pipeline.casting.orders import order_line_up, order_pictures
from projects.access import project_for
from projects.actions import undo_correction
from projects.models import Correction, Project
from scenes.casting import RenamePreview, preview_rename, rename_character
from scenes.merging import merge_characters, merge_locations, preview_merge
from scenes.models import Location

from . import queries
from .turnarounds import line_up_context, people_with_pictures, turnarounds
from .views import UNREADABLE, back, page_context

SHOWN_CORRECTIONS = 20


@login_required
@require_safe
def cast_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody and every place of the production, with what can be put right about them."""
    project = project_for(request.user, slug)
    places = Location.objects.filter(project=project).prefetch_related("references__picture")
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "people": turnarounds(project, people_with_pictures(project)),
        "places": places.annotate(scene_count=Count("scenes", distinct=True)),
        "corrections": Correction.objects.filter(project=project).select_related("by")[:SHOWN_CORRECTIONS],
        **line_up_context(project),
    }
    return render(request, "review/cast.html", context)


class NameForm(forms.Form):
    """A character's new name."""

    name = forms.CharField(
        label="New name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the new name."},
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """First what a new name changes, with a box beside every mention; then the change itself."""
    project = project_for(request.user, slug, may="write")
    character = _of(project, Character, pk)
    form = NameForm(request.POST or None, initial={"name": character.name})
    preview: RenamePreview | None = None
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if "confirmed" in request.POST:
            shown, chosen = set(request.POST.getlist("shown")), set(request.POST.getlist("change"))
            try:
                _, correction = rename_character(character, name, leave=shown - chosen, by=request.user)
            except ValidationError as problem:
                form.add_error("name", problem.messages)
            else:
                messages.success(request, f"{correction}. It can be taken back below.")
                return redirect("cast", slug=slug)
        else:
            preview = preview_rename(character, name)
            if preview.problems:
                form.add_error("name", ValidationError(preview.problems))
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "character": character, "form": form, "preview": preview if preview and not preview.problems else None,
    }  # fmt: skip
    return render(request, "review/rename.html", context, status=UNREADABLE if form.errors else 200)


class OtherForm(forms.Form):
    """The record that is merged into the one of the page."""

    gone = forms.ModelChoiceField(
        queryset=Character.objects.none(), empty_label="Choose one",
        error_messages={"required": "Choose which one it is.", "invalid_choice": "Choose one from the list."},
    )  # fmt: skip

    def __init__(self, *args: Any, keep: Any, **options: Any) -> None:
        """`keep` is the record that stays."""
        super().__init__(*args, **options)
        rows = type(keep)._default_manager.filter(project=keep.project_id).exclude(pk=keep.pk)
        field: Any = self.fields["gone"]
        field.queryset = rows
        field.label = f"Which one is {keep.name} as well?"


MERGES: dict[str, tuple[type[Any], Any]] = {
    "characters": (Character, merge_characters),
    "locations": (Location, merge_locations),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """First what merging does, then the merge."""
    project = project_for(request.user, slug, may="write")
    model, verb = MERGES[kind]
    keep = _of(project, model, pk)
    form = OtherForm(request.POST or None, keep=keep)
    preview = None
    if request.method == "POST" and form.is_valid():
        gone = form.cleaned_data["gone"]
        try:
            if "confirmed" in request.POST:
                _, correction = verb(keep, gone, by=request.user)
                messages.success(request, f"{correction}. It can be taken back below.")
                return redirect("cast", slug=slug)
            preview = preview_merge(keep, gone)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "keep": keep, "thing": model._meta.verbose_name, "form": form, "preview": preview,
    }  # fmt: skip
    return render(request, "review/merge.html", context, status=UNREADABLE if form.errors else 200)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a correction back."""
    project = project_for(request.user, slug, may="write")
    correction = _of(project, Correction, pk)
    try:
        undo_correction(correction, by=request.user)
        messages.success(request, f"Taken back: {correction}.")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("cast", slug=slug)


@login_required
@require_POST
def make_pictures(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Start making what a character lacks."""
    project = project_for(request.user, slug, may="generate")
    character = _of(project, Character, pk)
    try:
        order_pictures(character, by=request.user)
        messages.success(request, f"The pictures of {character.name} are being made: they appear here by themselves.")
    except ValidationError as problem:
        messages.info(request, " ".join(problem.messages))
    return back(request, project)


@login_required
@require_POST
def draw_line_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Line the cast up again."""
    project = project_for(request.user, slug, may="generate")
    try:
        order_line_up(project, by=request.user)
        messages.success(request, "The cast is being lined up again.")
    except ValidationError as problem:
        messages.info(request, " ".join(problem.messages))
    return back(request, project)


def _of(project: Project, model: type[Any], pk: int) -> Any:
    record = model._default_manager.filter(Q(project=project), pk=pk).first()
    if record is None:
        raise Http404(f"There is no such {model._meta.verbose_name} in this production.")
    return record
