"""How a shot is filmed once its scene, its style and the production have had their say: the one place that knows.

A shot's empty field means its scene's; what neither says may come from the style that holds for the shot, and last
from the production's own guide. Pages, the API and prompts see the value and where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import QuerySet

from projects.models import Project

from .models import DIRECTION_FIELDS, Scene, Shot, Style


class Source(StrEnum):
    """Where a value comes from."""

    SHOT = "shot"
    SCENE = "scene"
    STYLE = "style"
    PROJECT = "project style"
    NOBODY = ""


class Resolved(NamedTuple):
    """A value of direction and who says it; an empty value comes from nobody."""

    value: Any
    source: Source


OF_A_STYLE = {"palette": "palette", "texture": "texture", "negative_prompt": "negative_fragment"}
"""Direction field -> the field of a style that stands in for it."""

OF_A_PROJECT = {
    "palette": "style_palette",
    "texture": "style_texture",
    "colour_grade": "style_lut",
    "negative_prompt": "default_negative_prompt",
}
"""Direction field -> the field of the production's guide that stands in for it."""


def resolved(shot: Shot, project: Project | None = None) -> dict[str, Resolved]:
    """Every direction field of a shot with its value and source.

    Reads the shot's scene, both styles and the production: use `with_direction` where there are many shots, and hand
    over the production where it is known.
    """
    project = project or shot.scene.chapter.project
    style = _style_of(shot, project)
    return {name: _resolve(name, [(shot, Source.SHOT), (shot.scene, Source.SCENE)], style, project) for name in FIELDS}


def resolved_scene(scene: Scene) -> dict[str, Resolved]:
    """Every direction field of a scene as its shots will find it."""
    project = scene.chapter.project
    style = Resolved(scene.style, Source.SCENE) if scene.style else Resolved(project_style(project), Source.PROJECT)
    return {name: _resolve(name, [(scene, Source.SCENE)], style, project) for name in FIELDS}


def values_of(direction: Mapping[str, Resolved]) -> dict[str, Any]:
    """The values alone."""
    return {name: found.value for name, found in direction.items()}


def in_words(direction: Mapping[str, Resolved]) -> list[tuple[str, str, Source]]:
    """What somebody says about the direction, for a page: the field's name, its value in words, who says it.

    Prompts are left out; they are too long for a list.
    """
    rows: list[tuple[str, str, Source]] = []
    for name, found in direction.items():
        if found.source is Source.NOBODY or name.endswith("_prompt"):
            continue
        label = str(Shot._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        rows.append((label.split(" (", maxsplit=1)[0], value_in_words(name, found.value), found.source))
    return rows


def value_in_words(name: str, value: Any) -> str:
    """A direction value as people say it: Low angle, 85 mm, f/2.8, 3200 K."""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    field = Shot._meta.get_field(name)
    words = str(dict(getattr(field, "flatchoices", ())).get(value, value))
    return {"lens_mm": f"{words} mm", "aperture": f"f/{words}", "colour_temperature": f"{words} K"}.get(name, words)


def with_direction(shots: QuerySet[Shot]) -> QuerySet[Shot]:
    """Shots with all that `resolved` reads, in the same query."""
    return shots.select_related("style", "scene__style", "scene__chapter__project")


def project_style(project: Project) -> Style | None:
    """The style that holds for the whole production; asked for once per project object."""
    known: dict[str, Style | None] = project.__dict__.setdefault("_style_of_direction", {})
    if "style" not in known:
        known["style"] = Style.objects.filter(project=project, is_project_style=True).first()
    return known["style"]


def know_styles(projects: Iterable[Project]) -> None:
    """Look up the styles of many productions in one query, before `project_style` is asked of each."""
    unasked = {project.pk: project for project in projects if "_style_of_direction" not in project.__dict__}
    found = {style.project_id: style for style in Style.objects.filter(project__in=unasked, is_project_style=True)}
    for pk, project in unasked.items():
        project.__dict__["_style_of_direction"] = {"style": found.get(pk)}


def picture_prompt(direction: Mapping[str, Resolved]) -> str:
    """What a picture of the shot is asked for with: the base, the shot's own prompt, the style's words."""
    style: Style | None = direction["style"].value
    parts = [direction["base_prompt"].value, direction["text_prompt"].value, style.prompt_fragment if style else ""]
    return "\n".join(part.strip() for part in parts if part.strip())


FIELDS = DIRECTION_FIELDS


def _style_of(shot: Shot, project: Project) -> Resolved:
    if shot.style is not None:
        return Resolved(shot.style, Source.SHOT)
    if shot.scene.style is not None:
        return Resolved(shot.scene.style, Source.SCENE)
    return Resolved(project_style(project), Source.PROJECT)


def _resolve(name: str, records: list[tuple[Any, Source]], style: Resolved, project: Project) -> Resolved:
    if name == "style":
        return style if style.value is not None else Resolved(None, Source.NOBODY)
    for record, source in records:
        value = getattr(record, name)
        if not _is_empty(value):
            return Resolved(value, source)
    if style.value is not None and name in OF_A_STYLE:
        value = getattr(style.value, OF_A_STYLE[name])
        if not _is_empty(value):
            return Resolved(value, Source.PROJECT if style.source == Source.PROJECT else Source.STYLE)
    if name in OF_A_PROJECT:
        value = getattr(project, OF_A_PROJECT[name])
        if not _is_empty(value):
            return Resolved(value, Source.PROJECT)
    return Resolved(getattr(records[-1][0], name), Source.NOBODY)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
