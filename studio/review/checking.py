"""A page on which a file that came from somewhere is asked where it came from, and whether it was changed since."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from media_pipeline.media.credentials import KINDS
from media_pipeline.media.errors import MediaError
from media_pipeline.provenance.checking import Said, said_by

from .views import UNREADABLE

LARGEST = 500 * 1024 * 1024
"""Bytes of a file that is looked into; it is deleted once it was read."""


class FileForm(forms.Form):
    """A picture, film or sound to look into."""

    file = forms.FileField(label="File", widget=forms.FileInput(attrs={"accept": ",".join(sorted(KINDS))}))

    def clean_file(self) -> UploadedFile:
        """Refuse what carries no credentials by its kind, and what is too large."""
        upload: UploadedFile = self.cleaned_data["file"]
        name = upload.name or ""
        if Path(name).suffix.lower() not in KINDS:
            raise ValidationError(
                f"{name} is of a kind that carries no credentials: choose {', '.join(sorted(KINDS))}."
            )
        if (upload.size or 0) > LARGEST:
            raise ValidationError(f"{name} is larger than {LARGEST // 1024**2} MB: use manage.py check_file.")
        return upload


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_file(request: HttpRequest) -> HttpResponse:
    """What a file says of itself; nothing of it is kept."""
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            context |= {"said": _looked_into(upload), "name": upload.name}
        except MediaError as problem:
            form.add_error("file", str(problem))
    return render(request, "review/check_file.html", context, status=UNREADABLE if form.errors else 200)


def _looked_into(upload: UploadedFile) -> Said:
    Path(settings.WORK_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.WORK_DIR, prefix="checked-") as folder:
        path = Path(folder) / f"file{Path(upload.name or '').suffix.lower()}"
        with path.open("wb") as file:
            for piece in upload.chunks():
                file.write(piece)
        return said_by(path)
