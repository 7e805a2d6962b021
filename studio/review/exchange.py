"""The page where tables of a production are taken out and brought in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.access import project_for
from projects.models import Project
from studio import held_uploads
from studio.exchange.answers import FORMATS, table_file
from studio.exchange.importing import ImportReport, import_table
from studio.exchange.sheets import SHEETS
from studio.exchange.tables import LARGEST_FILE, TableProblem

from . import queries
from .views import UNREADABLE, page_context

KINDS = [(name, name.capitalize() if name != "templates" else "Prompt templates") for name in SHEETS]


class TableForm(forms.Form):
    """A table to bring in; `held` names the file that was looked at already."""

    kind = forms.ChoiceField(label="What is in it", choices=KINDS)
    table = forms.FileField(
        label="File", widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text="CSV or XLSX, as exported here. Its first row names the columns; columns that are not there stay.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty: choose another one."},
    )  # fmt: skip
    held = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        """A file has to be chosen, now or before."""
        super().__init__(*args, **options)
        self.fields["table"].required = not self.data.get("held")

    def clean_table(self) -> UploadedFile | None:
        """Refuse what is too large before it is read."""
        upload: UploadedFile | None = self.cleaned_data["table"]
        if upload is not None and (upload.size or 0) > LARGEST_FILE:
            raise ValidationError(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB: split it.")
        return upload


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exchange_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Exports to take away; a table to check, with every problem by row, and then to bring in."""
    project = project_for(request.user, slug, may="view" if request.method != "POST" else "write")
    form = TableForm(request.POST or None, request.FILES or None)
    report, name, word = None, "", ""
    if request.method == "POST" and form.is_valid():
        found = _file(request, project, form.cleaned_data)
        if found is None:
            form.add_error("table", "The file is not here any more: choose it again.")
        else:
            name, word, data = found
            kind, really = form.cleaned_data["kind"], "confirmed" in request.POST
            report = import_table(project, kind, data, by=request.user, dry_run=not really)
            if report.applied:
                held_uploads.release(request, word)
                messages.success(request, f"{name} is imported. {report.sentence}")
                return redirect("exchange", slug=slug)
    return _shown(request, project, form, report, name, word)


@login_required
@require_safe
def export(request: HttpRequest, slug: str, kind: str, suffix: str) -> HttpResponseBase:
    """A table of the production as a file."""
    project = project_for(request.user, slug)
    if kind not in SHEETS or suffix not in FORMATS:
        raise Http404("There is no such table.")
    try:
        return table_file(project, kind, suffix)
    except TableProblem as problem:
        messages.error(request, str(problem))
        return redirect("exchange", slug=slug)


def _file(request: HttpRequest, project: Project, sent: dict[str, Any]) -> tuple[str, str, bytes] | None:
    """Name, word and bytes of the file that was chosen now, or of the one that was looked at before."""
    upload: UploadedFile | None = sent["table"]
    if upload is not None:
        data = upload.read()
        name = upload.name or "The table"
        return name, held_uploads.hold(request, project.pk, name, data), data
    kept = held_uploads.held(request, project.pk, sent["held"])
    return (kept[0], sent["held"], kept[1]) if kept else None


def _shown(
    request: HttpRequest, project: Project, form: TableForm, report: ImportReport | None, name: str, word: str
) -> HttpResponse:
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "kinds": KINDS, "formats": FORMATS, "form": form, "report": report, "name": name, "held": word,
    }  # fmt: skip
    refused = bool(form.errors or (report and report.problems))
    return render(request, "review/exchange.html", context, status=UNREADABLE if refused else 200)
