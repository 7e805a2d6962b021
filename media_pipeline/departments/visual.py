"""Visual department: from references and words to the production's look and its guidelines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field, field_validator

from media_pipeline.media.colours import palette_of
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.work import Work
from projects.actions import write_document
from projects.choices import GatherKind
from projects.models import GatherItem, Project
from scenes.actions import change_place, create_style
from scenes.models import Style

from .asking import ask_department, in_words, who
from .material import Material, material_of
from .registry import Department, Part, Phase, Readiness, readiness_of

REFERENCES_WANTED, WORDS_WANTED = 3, 20
"""Visual references, and words about how it should look, from which on a look stands."""

MOST_COLOURS, MOST_PICTURES = 8, 12
"""Colours of a palette, and pictures that colours are taken from."""

HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")
MUST, MUST_NOT = "must", "must not"


class Look(BaseModel):
    """How the production looks, as a model or the rules say it."""

    keywords: list[str] = []
    palette: list[str] = Field([], max_length=MOST_COLOURS)
    texture: str = Field("", max_length=120)
    lenses: str = Field("", max_length=200)
    lighting: str = ""
    camera: str = ""
    must: list[str] = []
    must_not: list[str] = []
    prompt_fragment: str = ""
    negative_fragment: str = ""

    @field_validator("palette")
    @classmethod
    def _colours(cls, palette: list[str]) -> list[str]:
        for colour in palette:
            if not HEX.fullmatch(colour):
                raise ValueError(f"{colour!r} is not a colour such as #1C2B3A")
        return [colour.upper() for colour in palette]


QUESTION = (
    "Say how this production looks: keywords (a few words each), palette (up to 8 colours as #RRGGBB), texture or film "
    "stock, lenses, lighting, camera, must and must_not (what has to be, or may never be, in a picture), and for a "
    "picture model a prompt_fragment and a negative_fragment of at most 40 words."
)
STYLE_FIELDS = ("keywords", "palette", "texture", "prompt_fragment", "negative_fragment")


def readiness(material: Material) -> Readiness:
    """References 40, words 30, colours 30 of 100; a style that people have made counts for all three."""
    project, shown = material.project, material.of(GatherKind.VISUAL_REFERENCE)
    style = next((one for one in material.styles if one.is_project_style), None)
    words = material.words_of(GatherKind.VISUAL_REFERENCE) + len(
        f"{project.style_texture} {project.style_lenses}".split()
    )
    words += len(f"{' '.join(style.keywords)} {style.prompt_fragment}".split()) * 2 if style else 0
    colours = bool(project.style_palette or (style and style.palette) or _colours_named(shown) or _pictures(shown))
    return readiness_of([
        Part(40, max(len(shown) / REFERENCES_WANTED, float(style is not None)),
             f"{len(shown)} of {REFERENCES_WANTED} visual references: add pictures or descriptions of the look."),
        Part(30, words / WORDS_WANTED, "Little is said about the look: describe light, lenses, texture or mood."),
        Part(30, float(colours), "No colour is known: add a picture, or a palette such as #1C2B3A."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Write the production's style where it has none of its own, and the visual guidelines."""
    snapshot = run.freeze(lambda: _snapshot(material_of(project)))
    measured = run.local("colours", lambda work: _measured(snapshot["pictures"], work))
    answer = ask_department(
        run, DEPARTMENT.key, "look", schema=Look, question=QUESTION, material=snapshot["words"],
        fallback=lambda: Look.model_validate(snapshot["by_rules"]),
    )  # fmt: skip
    wrote = run.record("write", lambda: _write(project, answer.value, snapshot, measured, who(answer)))
    return {"wrote": wrote, "by": who(answer)}


def by_rules(material: Material) -> Look:
    """The look in the material's own words and colours: nothing is made up."""
    project, shown = material.project, material.of(GatherKind.VISUAL_REFERENCE)
    said = [item.structured for item in [*shown, *material.of(GatherKind.NOTE, GatherKind.USER_INPUT)]]
    return Look(
        keywords=list(dict.fromkeys(item.title for item in shown if item.title))[:12],
        palette=(list(project.style_palette) or _colours_named(shown))[:MOST_COLOURS],
        texture=(project.style_texture or _first(said, "texture", "film stock"))[:120],
        lenses=(project.style_lenses or _first(said, "lenses", "lens"))[:200],
        lighting=_first(said, "lighting", "light"),
        camera=_first(said, "camera"),
        must=[str(facts[MUST]) for facts in said if facts.get(MUST)],
        must_not=[str(facts[MUST_NOT]) for facts in said if facts.get(MUST_NOT)],
        prompt_fragment=", ".join(dict.fromkeys(item.body.rstrip(". ") for item in shown if item.body))[:400],
    )  # fmt: skip


def _snapshot(material: Material) -> dict[str, Any]:
    project = material.project
    shown = material.of(GatherKind.VISUAL_REFERENCE)
    told = [*shown, *material.of(GatherKind.NOTE, GatherKind.USER_INPUT, GatherKind.DOCUMENT)]
    about = (
        f"{project.title}: {project.get_format_display()}, {project.genre}, {project.aspect_ratio}\n{project.logline}"
    )
    return {
        "words": f"{about}\n\n{in_words(told)}",
        "by_rules": by_rules(material).model_dump(mode="json"),
        "pictures": [{"asset": item.attachment_id, "sha256": item.attachment.sha256, "title": str(item)}
                     for item in _pictures(shown) if item.attachment][:MOST_PICTURES],
    }  # fmt: skip


def _measured(pictures: Sequence[dict[str, Any]], work: Work) -> list[str]:
    """The two main colours of each picture, each once, in the pictures' order."""
    found = [colour for one in pictures for colour in palette_of(work.media(one["sha256"]), work.workdir)[:2]]
    return list(dict.fromkeys(found))[:MOST_COLOURS]


def _write(project: Project, look: Look, snapshot: dict[str, Any], measured: list[str], made_by: str) -> dict[str, int]:
    pictures = snapshot["pictures"]
    if not look.palette:
        look = look.model_copy(update={"palette": measured})
    rows = [{"picture_id": one["asset"], "description": one["title"][:400]} for one in pictures]
    style = Style.objects.filter(project=project, is_project_style=True).first()
    fields = {name: getattr(look, name) for name in STYLE_FIELDS if getattr(look, name)}
    if not (fields or rows):
        return {}
    made = style is None
    if style is None:
        style = create_style(project, name=_free_name(project), is_project_style=True, references=rows, **fields)
    else:
        empty = {name: value for name, value in fields.items() if not getattr(style, name)}
        change_place(style, **empty, **({} if style.references.exists() else {"references": rows}))
    data = look.model_dump(mode="json") | {"references": [one["title"] for one in pictures], "style": style.name}
    data["colours measured in the references"] = measured
    write_document(project, "visual guidelines", "look", data, generated_by=made_by[:80])
    return {"styles": int(made), "references": len(rows), "documents": 1}


def _free_name(project: Project) -> str:
    taken = set(Style.objects.filter(project=project).values_list("name", flat=True))
    name = f"The look of {project.title}"[:110]
    return name if name not in taken else f"{name} (2)"


def _pictures(items: Sequence[GatherItem]) -> list[GatherItem]:
    return [item for item in items if item.attachment is not None and item.attachment.kind == "image"]


def _colours_named(items: Sequence[GatherItem]) -> list[str]:
    text = " ".join(f"{item.title} {item.body} {item.structured}" for item in items)
    return list(dict.fromkeys(colour.upper() for colour in HEX.findall(text)))[:MOST_COLOURS]


def _first(said: Sequence[dict[str, Any]], *names: str) -> str:
    return next((str(facts[name]) for facts in said for name in names if facts.get(name)), "")


DEPARTMENT = Department(
    key="visual", label="Look", phase=Phase.A, does="Settles the look of the production.",
    kinds=frozenset({GatherKind.VISUAL_REFERENCE}), readiness=readiness, qualify=qualify, required=True,
)  # fmt: skip
