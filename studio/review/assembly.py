"""Putting the film together: what would be shown and heard, what may be chosen, and the film there is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from media_pipeline.assets import MediaAsset
from media_pipeline.film_cut import MUSIC_DB
from media_pipeline.film_orders import (
    DUCKING_DB,
    LOUDEST,
    LOUDNESS,
    MUSIC_LEAST,
    MUSIC_MOST,
    QUIETEST,
    film_plan,
    start_assembly,
)
from media_pipeline.media_services import add_upload
from media_pipeline.shot_request import scenes_in_film
from projects.access import project_for
from projects.coherence import effective
from projects.models import Project

from . import queries
from .cards import run_bar
from .chapters import chapter_asked, open_run_of
from .views import UNREADABLE, page_context

MOST_MUSIC = 50
"""Sounds offered to choose from, the newest first."""

LARGEST_MUSIC = 200 * 1024 * 1024
"""Bytes of a music file that is sent with the form: an hour of CD sound is three times that, a song a tenth."""

DUCKED = [(0, "not at all"), (6, "a little (6 dB)"), (9, "clearly (9 dB)"), (12, "far (12 dB)")]


class FilmForm(forms.Form):
    """How the film is put together."""

    fill = forms.BooleanField(
        label="Let others stand in", required=False,
        help_text="A shot without a chosen take gets its best take, else its storyboard frame; each is marked.",
    )  # fmt: skip
    music = forms.ChoiceField(label="Music", required=False)
    music_file = forms.FileField(
        label="Or send a music file", required=False, widget=forms.FileInput(attrs={"accept": "audio/*"})
    )
    music_db = forms.FloatField(
        label="Level of the music (dB)", initial=MUSIC_DB, min_value=MUSIC_LEAST, max_value=MUSIC_MOST
    )
    ducking_db = forms.TypedChoiceField(
        label="Under voices the music goes down", choices=DUCKED, coerce=int, initial=DUCKING_DB
    )
    loudness = forms.FloatField(
        label="Loudness (LUFS)", initial=LOUDNESS, min_value=QUIETEST, max_value=LOUDEST,
        help_text="-16 for the web, -14 for social video, -23 for European broadcast, -27 for streaming services.",
    )  # fmt: skip
    mark = forms.BooleanField(label="Say in a corner that it was made with AI", required=False)

    def __init__(self, project: Project, data: Any = None, files: Any = None) -> None:
        """`data` and `files` are what was posted."""
        mark = effective(project.coherence)["visible_mark"]
        super().__init__(data, files, auto_id="film-%s", initial={"mark": mark})
        self.fields["music"].choices = [("", "None"), *_music_of(project)]  # type: ignore[attr-defined]

    def clean_music_file(self) -> UploadedFile | None:
        """Refuse what is too large before it is read."""
        upload: UploadedFile | None = self.cleaned_data["music_file"]
        if upload is not None and (upload.size or 0) > LARGEST_MUSIC:
            raise ValidationError(
                f"{upload.name} is larger than {LARGEST_MUSIC // 1024**2} MB: send it as MP3 or FLAC."
            )
        return upload

    def take_errors(self, problem: ValidationError) -> None:
        """Show what a verb refused beside the field it speaks of."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            field = {"file": "music_file"}.get(name, name)
            self.add_error(field if field in self.fields else None, errors)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assembly_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the film would be made of; posting puts it together."""
    posted = request.method == "POST"
    project = project_for(request.user, slug, may="cut" if posted else "view")
    chapters = queries.chapters_with_scenes(project.pk)
    if not chapters:
        messages.info(request, "There is nothing to put together yet: import a screenplay first.")
        return redirect("project", slug=slug)
    chapter = chapter_asked(request, [number for number, _ in chapters])
    form = FilmForm(project, request.POST, request.FILES) if posted else FilmForm(project)
    if posted and form.is_valid() and _started(request, project, chapter, form):
        return redirect(f"{request.path}?chapter={chapter}")
    film = project.state.final_film
    context: dict[str, Any] = {
        "form": form, "chapters": chapters, "chapter": chapter,
        "plan": film_plan(project, scenes_in_film(project.pk, chapter)),
        "film": film, "facts": film.provenance.get("assembly", {}) if film else {},
        "bar": run_bar(open_run_of(project, "assemble_film"), project.slug),
    }  # fmt: skip
    context |= page_context(request, project, queries.last_event_id(project.pk))
    return render(request, "review/assembly.html", context, status=UNREADABLE if form.errors else 200)


def _started(request: HttpRequest, project: Project, chapter: int, form: FilmForm) -> bool:
    """Start what the form asks for, with the music that came along; what was refused stands in the form."""
    order = {name: value for name, value in form.cleaned_data.items() if name != "music_file"}
    try:
        with transaction.atomic():
            upload = form.cleaned_data["music_file"]
            if upload is not None:
                order["music"] = add_upload(project, upload.chunks(), upload.name or "", by=request.user).pk
            start_assembly(project, chapter, order=order, by=request.user)
    except ValidationError as problem:
        form.take_errors(problem)
        return False
    return True


def _music_of(project: Project) -> list[tuple[str, str]]:
    """The sounds of the production that may lie under the film."""
    found = MediaAsset.objects.filter(project=project, kind=MediaAsset.Kind.AUDIO).exclude(role="sound")
    return [(str(asset.pk), _called(asset)) for asset in found.order_by("-pk")[:MOST_MUSIC]]


def _called(asset: MediaAsset) -> str:
    minutes, seconds = divmod(round(asset.exact_duration or 0), 60)
    name = asset.provenance.get("file_name") or asset.role or f"Sound {asset.pk}"
    return f"{name} ({minutes}:{seconds:02d})"
