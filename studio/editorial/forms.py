"""The forms of the admin: choices come from one's own productions, and a record never moves between them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from characters.models import Look
from media_pipeline.models import MediaAsset
from media_pipeline.run_settings import what_is_there
from projects.models import Chapter, Project
from prompts.rendering import PromptProblem, find_variables
from scenes.models import Scene
from studio.scope import PATHS, SHARED, project_id_of, visible, within

from .choosers import MOST_IN_A_SELECT, media_widget, record_widget
from .inheritance import show_inherited
from .permissions import right_for
from .switches import SwitchesField

LABELS: dict[type, tuple[tuple[str, ...], Any]] = {
    Chapter: (("project",), lambda chapter: f"{chapter.project.title}: {chapter}"),
    Scene: (("chapter__project",), lambda scene: f"{scene.chapter.project.title}: {scene}"),
    Look: (("character",), str),
    MediaAsset: ((), lambda asset: f"{asset.role or asset.kind} {asset.pk}, {asset.created_at:%d %b %Y}"),
}
"""Record -> (relations its label follows, its label in a list of choices)."""


class LinesField(forms.CharField):
    """A list of short texts, written one to a line."""

    widget = AdminAutoHeightTextInput

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(str(item) for item in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines as a list, without empty ones."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the list is another one; spaces and empty lines make none."""
        return list(initial or []) != self.to_python(data)


class NamedValuesField(forms.CharField):
    """A set of names with values, written "name: value", one to a line; numbers and yes or no are read as such."""

    widget = AdminAutoHeightTextInput
    WORDS = {"yes": True, "no": False, "none": None}

    def prepare_value(self, value: Any) -> Any:
        """The set as lines."""
        if not isinstance(value, dict):
            return value
        words = {held: word for word, held in self.WORDS.items()}
        return "\n".join(
            f"{name}: {words[held] if held is None or isinstance(held, bool) else held}" for name, held in value.items()
        )

    def to_python(self, value: Any) -> dict[str, Any]:  # type: ignore[override]
        """The lines as a set; raises ValidationError naming a line without a name or a value."""
        found: dict[str, Any] = {}
        for line in filter(None, (line.strip() for line in str(value or "").splitlines())):
            name, colon, held = (part.strip() for part in line.partition(":"))
            if not name or not colon or not held:
                raise ValidationError(f'"{line}" is not a name with a value: write it as name: value.')
            found[name] = self._read(held)
        return found

    def _read(self, text: str) -> Any:
        if text.lower() in self.WORDS:
            return self.WORDS[text.lower()]
        for read in (int, float):
            try:
                return read(text)
            except ValueError:
                continue
        return text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the set is another one."""
        try:
            return (initial or {}) != self.to_python(data)
        except ValidationError:
            return True


class RecordForm(WagtailAdminModelForm):
    """The form of a record that belongs to a production."""

    of_a_row = False
    """Whether it is the form of a row inside another record."""
    fixed: tuple[str, ...] = ()
    """Fields that cannot change once the record stands; posting another value is an error, not ignored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._project_id = kwargs.pop("project_id", None)
        instance = kwargs.get("instance")
        if self._project_id is None and instance is not None and instance.pk is not None and type(instance) in PATHS:
            self._project_id = project_id_of(instance)
        super().__init__(*args, **kwargs)
        self._write_lists_as_lines()
        self._offer_own_choices()

    @property
    def project_id(self) -> int | None:
        """The production of the record that is edited; None while it is new. Rows of lists are told it."""
        return self._project_id

    def _offer_own_choices(self) -> None:
        """Choices are rows of the record's production or, while it is new, of those one may write in."""
        for name, field in self.fields.items():
            rows = getattr(field, "queryset", None)
            if rows is None or rows.model not in PATHS:
                continue
            if rows.model is Project and self.project_id is not None:
                field.queryset = visible(rows, self.for_user, right_for(self._meta.model, "add"))
                continue
            right = "view" if rows.model in SHARED or self.of_a_row else right_for(self._meta.model, "add")
            self._offer(name, field, within(visible(rows, self.for_user, right), self.project_id), right)

    def _offer(self, name: str, field: Any, own: QuerySet[Any], right: str) -> None:
        """A select of a few rows, a window with pictures or with a search for the others."""
        related, label = LABELS.get(own.model, ((), None))
        field.queryset = own.select_related(*related)
        if label is not None:
            field.label_from_instance = label
        if not isinstance(field.widget, forms.Select) or isinstance(field, forms.ModelMultipleChoiceField):
            return
        if own.model is MediaAsset:
            self._put(field, media_widget(name, self.project_id))
            return
        choices = self._choices(field, right)
        if len(choices) > MOST_IN_A_SELECT and not self.of_a_row and hasattr(own.model, "snippet_viewset"):
            self._put(field, record_widget(own.model, self.for_user, self.project_id, label, related))
            return
        blank = [] if field.empty_label is None else [("", field.empty_label)]
        field.choices = [*blank, *choices]

    def _choices(self, field: Any, right: str) -> list[tuple[int, str]]:
        """The rows as choices, asked for once for all rows of a form (the person object lives as long)."""
        known: dict[Any, list[tuple[int, str]]] = self.for_user.__dict__.setdefault("_choices_of_forms", {})
        key = (field.queryset.model, right, self.project_id)
        if key not in known:
            known[key] = [(row.pk, field.label_from_instance(row)) for row in field.queryset]
        return known[key]

    @staticmethod
    def _put(field: Any, widget: Any) -> None:
        widget.is_required, widget.attrs = field.required, field.widget.attrs | widget.attrs
        field.widget = widget

    def _write_lists_as_lines(self) -> None:
        """A list is written one item to a line and a set one name to a line, not as JSON."""
        for name, field in self.fields.items():
            if type(field) is not forms.JSONField:
                continue
            kept = self._meta.model._meta.get_field(name)
            lines = {list: LinesField, dict: NamedValuesField}.get(kept.default)
            if lines is not None:
                said = kept.help_text or ("One to a line." if lines is LinesField else "name: value, one to a line.")
                self.fields[name] = lines(required=not kept.blank, label=field.label, help_text=said)

    def clean(self) -> dict[str, Any]:
        """Refuse another value for what is fixed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.fixed:
            posted = self.data.get(self.add_prefix(name))
            field = self._meta.model._meta.get_field(name)
            if posted not in {None, str(field.value_from_object(self.instance))}:
                raise ValidationError(f"The {field.verbose_name} of a {self._meta.model._meta.verbose_name} is fixed.")
        return cleaned


class ProjectForm(RecordForm):
    """A production; its code comes from its title where nobody gave one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
        if "coherence" in self.fields:
            field = SwitchesField(
                required=False, label="Coherence settings", help_text="What keeps the film of a piece."
            )
            field.widget.there = what_is_there(self.instance)
            self.fields["coherence"] = field


class SceneForm(RecordForm):
    """A scene, with its colours one to a line."""

    palette = LinesField(required=False, help_text="Colours such as #1B3A4B, one to a line.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(self.instance, self.above, None) is not None:
            show_inherited(self, self.instance)

    above = "chapter_id"
    """What a record has to stand in before it can inherit anything."""


class ShotForm(SceneForm):
    """A shot, with its lists one to a line."""

    above = "scene_id"
    overlay_text = LinesField(required=False, help_text="Titles on the picture, one to a line.")
    props_seen = LinesField(required=False, help_text="One to a line.")


class TemplateForm(RecordForm):
    """A prompt template; every variable of its text is declared below it."""

    def clean(self) -> dict[str, Any]:
        """Name what the text asks for and nobody declares."""
        cleaned = super().clean()
        declared = {row.get("name") for row in self._rows() if row and not row.get("DELETE")}
        try:
            used = find_variables(cleaned.get("template") or "")
        except PromptProblem as problem:
            raise ValidationError({"template": problem.sentences}) from problem
        if missing := [name for name in used if name not in declared]:
            names = ", ".join(f"[{name}]" for name in missing)
            raise ValidationError({"template": f"Say below what {names} stands for, or write [[ for a bracket."})
        return cleaned

    def _rows(self) -> list[dict[str, Any]]:
        formset = self.formsets["variables"]
        return [form.cleaned_data for form in formset.forms if form.is_valid()]


class MembershipForm(RecordForm):
    """A person's role. People are named, not listed: a member need not know who else has an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.fields["person"] = forms.ModelChoiceField(
                queryset=get_user_model().objects.filter(is_active=True),
                to_field_name=get_user_model().USERNAME_FIELD,
                widget=forms.TextInput,
                help_text="The name they sign in with.",
                error_messages={"invalid_choice": "There is no active account with this name."},
            )


class ProfileForm(RecordForm):
    """A model profile, with its tiers one to a line."""

    tiers = LinesField(required=False, help_text="Quality tiers it serves, one to a line; empty for all.")
