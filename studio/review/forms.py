"""What people fill in on the pages."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from projects.choices import AspectRatio, Format, FrameRate, Resolution

SCREENPLAY_SUFFIXES = (".fountain", ".fdx", ".pdf", ".txt", ".spmd")
LARGEST_SCREENPLAY = 25 * 1024 * 1024
"""Bytes. A feature is a few hundred kilobytes as text; scanned-looking PDFs are larger."""

ONLY_KINDS = "Fountain, Final Draft (.fdx), PDF or plain text"


def checked_screenplay(upload: UploadedFile | None) -> UploadedFile | None:
    """The upload, if it can be a screenplay; raises ValidationError with a sentence."""
    if upload is None:
        return None
    name = upload.name or "The file"
    if PurePath(name).suffix.lower() not in SCREENPLAY_SUFFIXES:
        raise ValidationError(f"{name} is not a kind of screenplay that can be read: choose {ONLY_KINDS}.")
    if (upload.size or 0) > LARGEST_SCREENPLAY:
        megabytes = LARGEST_SCREENPLAY // 1024 // 1024
        raise ValidationError(f"{name} is larger than {megabytes} MB: export it again without pictures.")
    return upload


def _screenplay_field(*, required: bool) -> forms.FileField:
    return forms.FileField(
        label="Screenplay",
        required=required,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ",".join(SCREENPLAY_SUFFIXES)}),
        help_text=f"{ONLY_KINDS}.",
        error_messages={
            "required": "Choose a screenplay file.",
            "empty": "The file is empty: choose another one.",
        },
    )


class ScreenplayForm(forms.Form):
    """A screenplay to import into a production."""

    screenplay = _screenplay_field(required=True)
    chapter = forms.IntegerField(min_value=1, max_value=999, required=False, initial=1)

    def __init__(self, *args: Any, chapter_label: str = "Chapter", **kwargs: Any) -> None:
        """`chapter_label` is what the production calls its parts."""
        super().__init__(*args, **kwargs)
        self.fields["chapter"].label = f"{chapter_label} number"

    def clean_screenplay(self) -> UploadedFile | None:
        """Refuse what cannot be a screenplay before it is read."""
        return checked_screenplay(self.cleaned_data["screenplay"])


class ProductionForm(forms.Form):
    """A new production, with its screenplay where there is one already."""

    title = forms.CharField(max_length=200, error_messages={"required": "Give the production a title."})
    screenplay = _screenplay_field(required=False)
    format = forms.ChoiceField(choices=Format.choices, initial=Format.SHORT)
    code = forms.CharField(
        max_length=4,
        required=False,
        help_text="2 to 4 capital letters that begin every file name. Left empty, it is made from the title.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "class": "code"}),
    )
    aspect_ratio = forms.ChoiceField(choices=AspectRatio.choices, initial=AspectRatio.WIDE)
    resolution = forms.ChoiceField(choices=Resolution.choices, initial=Resolution.HD1080)
    frame_rate = forms.ChoiceField(label="Frames per second", choices=FrameRate.choices, initial=FrameRate.FPS_24)

    def clean_code(self) -> str:
        """Codes are capital letters however they were typed."""
        return str(self.cleaned_data["code"]).strip().upper()

    def clean_screenplay(self) -> UploadedFile | None:
        """Refuse what cannot be a screenplay before it is read."""
        return checked_screenplay(self.cleaned_data["screenplay"])

    @property
    def project_fields(self) -> dict[str, Any]:
        """What projects.actions.create_project is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "screenplay"}

    def take_errors(self, problem: ValidationError) -> None:
        """Show what a verb refused beside the field it speaks of."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
