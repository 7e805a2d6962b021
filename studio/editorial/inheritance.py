"""What an empty field of direction means, written into the empty field: the value that holds, and who says it."""

from __future__ import annotations

from typing import Any

from django import forms

from scenes.direction import Resolved, Source, resolved, resolved_scene, value_in_words
from scenes.models import Scene, Shot

SAID_BY = {
    Source.SCENE: "from the scene",
    Source.STYLE: "from the style",
    Source.PROJECT: "from the production",
}

LONGEST = 160
"""Letters of a placeholder; prompts are longer than anybody reads in an empty field."""


def inherited_by(record: Scene | Shot) -> dict[str, Resolved]:
    """Every direction field as it would be if the record said nothing itself, and who says it then.

    A style that the record names itself still speaks for the fields a style stands in for.
    """
    if isinstance(record, Shot):
        blank: Any = Shot(scene=record.scene)
        found = resolved(Shot(scene=record.scene, style=record.style))
        return found | {"style": resolved(blank)["style"]}
    found = resolved_scene(Scene(chapter=record.chapter, style=record.style))
    return found | {"style": resolved_scene(Scene(chapter=record.chapter))["style"]}


def show_inherited(form: forms.BaseForm, record: Scene | Shot) -> None:
    """Write into each field of direction what holds while it is left empty; the form keeps it in `inherited`."""
    said: dict[str, str] = {}
    for name, found in inherited_by(record).items():
        if name in form.fields and found.source in SAID_BY and found.source is not _own_source(record):
            said[name] = _in_words(name, found.value)
            _show(form.fields[name], f"{said[name]} ({SAID_BY[found.source]})")
    form.inherited = said  # type: ignore[attr-defined]


def _own_source(record: Scene | Shot) -> Source:
    return Source.SHOT if isinstance(record, Shot) else Source.SCENE


def _in_words(name: str, value: Any) -> str:
    words = str(value) if name == "style" else value_in_words(name, value)
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _show(field: forms.Field, sentence: str) -> None:
    if isinstance(field.widget, forms.Select):
        choices: Any = field.choices  # type: ignore[attr-defined]
        field.choices = [(value, sentence if value in ("", None) else label) for value, label in choices]  # type: ignore[attr-defined]
        field.widget.attrs["data-inherited"] = "true"
    elif isinstance(field, forms.ModelChoiceField):
        field.widget.choose_one_text = sentence
    else:
        field.widget.attrs["placeholder"] = sentence
