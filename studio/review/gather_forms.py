"""What people fill in about a piece of material."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from media_pipeline.departments.registry import departments
from media_pipeline.gathering import ACCEPTED
from projects.choices import GatherKind, GatherSource
from projects.models import GatherItem

LARGEST_BODY = 500_000
"""Letters of one text: a long novel. More belongs into a file."""

SPARE_ROWS = 2
"""Empty rows for names and values that a form shows, so that it works without scripts."""

MOST_ROWS = 60


class ManyFiles(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads, each checked as one."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The uploads, at most GATHER_FILES; an empty one is refused where it is taken in, by its name."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > settings.GATHER_FILES:
            raise ValidationError(f"Drop in at most {settings.GATHER_FILES} files at once; these are {len(given)}.")
        return given


class MaterialForm(forms.Form):
    """One piece of material, or one for each of the files."""

    kind = forms.ChoiceField(
        choices=[("", "What it is by itself"), *GatherKind.choices], required=False,
        help_text="Left open, words are a note, pictures and clips visual references, sounds music references.",
    )  # fmt: skip
    title = forms.CharField(max_length=200, required=False)
    body = forms.CharField(
        label="Text", max_length=LARGEST_BODY, required=False, strip=True, widget=forms.Textarea(attrs={"rows": 5})
    )
    department = forms.ChoiceField(label="Department", required=False)
    attached = FilesField(
        label="Files", required=False, widget=ManyFiles(attrs={"accept": ",".join(ACCEPTED)}),
        help_text="Pictures, clips, sounds, PDF, text or Markdown; drop them here. Each becomes an item of its own; "
        "a screenplay is offered for import.",
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, item: GatherItem | None = None, kind: str = "") -> None:
        """`item` is the one that is edited; `kind` is what a new one is about to be."""
        self.item = item
        initial = {"kind": kind if kind in GatherKind.values else ""}
        if item is not None:
            initial = {name: getattr(item, name) for name in ("kind", "title", "body", "department")}
        super().__init__(data, files, auto_id=f"item-{item.pk}-%s" if item else "new-%s", initial=initial)
        known = [(one.key, one.label) for one in departments()]
        if item is not None:
            self._for_editing(item)
            if item.department and item.department not in dict(known):
                known.append((item.department, item.department))
        self.fields["department"].choices = [("", "None"), *known]  # type: ignore[attr-defined]

    def _for_editing(self, item: GatherItem) -> None:
        self.fields["kind"].choices = GatherKind.choices  # type: ignore[attr-defined]
        self.fields["kind"].required = True
        self.fields["kind"].help_text = ""
        self.fields["attached"].label = "Another file" if item.attachment_id else "File"
        self.fields["attached"].help_text = "It takes the place of the one there is." if item.attachment_id else ""
        self.fields["attached"].widget.allow_multiple_selected = False
        self.fields["attached"].widget.attrs.pop("multiple", None)
        if item.attachment_id:
            self.fields["without_file"] = forms.BooleanField(label="Take the file out", required=False)

    def clean(self) -> dict[str, Any]:
        """Something has to be there, and a name stands once."""
        cleaned = super().clean() or {}
        stays = self.item is not None and self.item.attachment_id and not cleaned.get("without_file")
        if not (cleaned.get("title") or cleaned.get("body") or cleaned.get("attached") or stays):
            self.add_error(None, "Write a title or a text, or choose a file.")
        try:
            cleaned["structured"] = self._structured()
        except ValidationError as problem:
            self.add_error(None, problem)
        return cleaned

    def _structured(self) -> dict[str, Any]:
        """The rows of names and values; a value that was not touched keeps its type."""
        before = self.item.structured if self.item is not None else {}
        found: dict[str, Any] = {}
        for name, value in self._rows_sent():
            if not name and not value:
                continue
            if not name:
                raise ValidationError(f"“{value}” has no name: write what it says beside it.")
            if name in found:
                raise ValidationError(f"“{name}” stands there twice: leave one of them out.")
            found[name] = before[name] if name in before and in_words(before[name]) == value else value
        return found

    def _rows_sent(self) -> list[tuple[str, str]]:
        if not hasattr(self.data, "getlist"):
            return []
        names, values = self.data.getlist("fact_name"), self.data.getlist("fact_value")
        pairs = [(_plain(name), _plain(value)) for name, value in zip(names, values, strict=False)]
        if len(pairs) > MOST_ROWS:
            raise ValidationError(f"Write at most {MOST_ROWS} names with values; the rest belongs into the text.")
        return pairs

    @property
    def rows(self) -> Sequence[tuple[str, str]]:
        """Names with values as they were typed, or as they are, and some empty ones."""
        if self.is_bound:
            shown = [pair for pair in self._rows_sent()[:MOST_ROWS] if any(pair)]
        else:
            shown = [(name, in_words(value)) for name, value in (self.item.structured if self.item else {}).items()]
        return [*shown, *[("", "")] * SPARE_ROWS]

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the records' verbs take it."""
        return {name: self.cleaned_data[name] for name in ("kind", "title", "body", "department", "structured")}

    def take_errors(self, problem: ValidationError, about: str = "") -> None:
        """Show what a verb refused beside the field it speaks of; `about` is the file it is about."""
        if not hasattr(problem, "error_dict"):
            self.add_error("attached" if about else None, [f"{about}: {words}" if about else words
                                                        for words in problem.messages])  # fmt: skip
            return
        for name, errors in problem.error_dict.items():
            words = [word for error in errors for word in error.messages]
            field = {"file": "attached", "attachment": "attached"}.get(name, name)
            self.add_error(
                "attached" if about else field if field in self.fields else None,
                [f"{about}: {word}" if about else word for word in words],
            )  # fmt: skip


def _plain(text: str) -> str:
    """What a person typed: a zero byte is nothing that anybody types, and no database keeps it."""
    return text.replace("\x00", "").strip()


def in_words(value: Any) -> str:
    """A free value as a form shows it."""
    return {True: "yes", False: "no", None: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


class SearchForm(forms.Form):
    """Which material is shown."""

    q = forms.CharField(label="Search", max_length=200, required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(choices=[("", "Every kind"), *GatherKind.choices], required=False)
    source = forms.ChoiceField(label="From", choices=[("", "Everybody"), *GatherSource.choices], required=False)
    department = forms.ChoiceField(required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="show-%s")
        known = [(one.key, one.label) for one in departments()]
        self.fields["department"].choices = [("", "Every department"), *known]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for; what cannot be is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
