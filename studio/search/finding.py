"""What is looked through, and how a find is shown. One query per kind of record, whatever is found.

Words are looked for as they are typed, in any case (SQLite knows the case of ASCII letters only), each somewhere in
the record; no index has to be kept, and both databases give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from characters.models import Character, CharacterReference, Look
from projects.access import Person
from projects.models import Chapter, GatherItem, Project, StoryBible
from prompts.models import PromptTemplate
from scenes.models import DialogueLine, Location, Prop, Scene, Shot, Style, Take
from studio.scope import PATHS, projects_where, visible

MOST = 6
"""Finds shown of one kind; where there are more, the page says so."""

LONGEST_QUERY = 200
AROUND = 60
"""Letters shown before and after the first word that was found."""


@dataclass(frozen=True)
class Kind:
    """One kind of record that is looked through."""

    model: type[Model]
    label: str
    fields: tuple[str, ...]
    related: tuple[str, ...] = ()
    title: Callable[[Any], str] = str
    picture: Callable[[Any], int | None] = lambda record: None
    stands_in: Callable[[Any], Any] = lambda record: record
    """The record that has a page: a line of dialogue is found in its scene."""


@dataclass(frozen=True)
class Find:
    """One record that was found."""

    record: Any
    title: str
    excerpt: tuple[str, str, str]
    """Before, the word, after."""
    picture: int | None
    project: str


@dataclass(frozen=True)
class Group:
    """The finds of one kind."""

    kind: Kind
    finds: list[Find]
    is_more: bool


def _thumbnail(shot: Shot) -> int | None:
    take = shot.state.selected_take
    return take.thumbnail_id if take else None


def _line(line: DialogueLine) -> str:
    return f"{line.speaker} in {line.scene.number} {line.scene.heading}"


KINDS = (
    Kind(Project, "Productions", ("title", "code", "logline", "synopsis"), ("state",),
         picture=lambda project: project.state.cover_id),
    Kind(Chapter, "Chapters", ("title", "synopsis", "hook", "cliffhanger"), ("project",),
         title=lambda chapter: f"{chapter}: {chapter.title}" if chapter.title else str(chapter)),
    Kind(Scene, "Scenes", ("number", "heading", "synopsis", "screenplay_text", "purpose", "conflict", "location_text",
                           "continuity_notes"), ("chapter__project", "state")),
    Kind(DialogueLine, "Dialogue", ("line", "speaker", "delivery"), ("scene__chapter__project",), title=_line,
         stands_in=lambda line: line.scene),
    Kind(Shot, "Shots", ("business", "description", "purpose", "text_prompt", "motion_prompt"),
         ("scene__chapter__project", "state__selected_take"), picture=_thumbnail,
         title=lambda shot: f"Shot {shot}"),
    Kind(Take, "Takes", ("asset_name", "note", "prompt"), ("shot__scene__chapter__project",),
         picture=lambda take: take.thumbnail_id),
    Kind(Character, "Characters", ("name", "aliases", "description", "appearance_summary", "personality", "background"),
         ("project", "state__master_reference"),
         picture=lambda one: one.state.master_reference.image_id if one.state.master_reference else None),
    Kind(Look, "Looks", ("name", "wardrobe", "hair", "make_up", "injuries"), ("character__project",),
         title=lambda look: f"{look.character.name}: {look.name}"),
    Kind(CharacterReference, "References", ("description", "prompt", "environment"), ("character__project",),
         picture=lambda reference: reference.image_id),
    Kind(Location, "Locations", ("name", "aliases", "description", "rules", "set_dressing"), ("project",)),
    Kind(Prop, "Props", ("name", "description"), ("project",)),
    Kind(Style, "Styles", ("name", "keywords", "prompt_fragment"), ("project",)),
    Kind(StoryBible, "Story bibles", (
        "title", "tone", "world_rules__description", "timeline__event", "relationships__from_name",
        "relationships__to_name", "locations__name", "consistency_rules__rule", "glossary__term",
    ), ("project",)),
    Kind(GatherItem, "Gathered material", ("title", "body"), ("project",)),
    Kind(PromptTemplate, "Prompt templates", ("name", "key", "description", "template"), ("project",)),
)  # fmt: skip
"""In the order of the page."""


def search(person: Person, text: str, project: Project | None = None) -> list[Group]:
    """What the person may see and every word stands in, grouped by kind; a fixed number of queries."""
    words = text[:LONGEST_QUERY].split()
    if not words:
        return []
    groups = [_group(kind, person, words, project) for kind in KINDS]
    return [group for group in groups if group.finds]


def _group(kind: Kind, person: Person, words: list[str], project: Project | None) -> Group:
    rows = _rows(kind, person, project)
    for word in words:
        found = Q()
        for name in kind.fields:
            found |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(found)
    if any("__" in name for name in kind.fields):
        rows = rows.distinct()
    records = list(rows.select_related(*kind.related).order_by("-pk")[: MOST + 1])
    return Group(kind, [_find(kind, record, words) for record in records[:MOST]], len(records) > MOST)


def _rows(kind: Kind, person: Person, project: Project | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = kind.model._default_manager.all()
    if kind.model is DialogueLine:
        way = "scene__chapter__project_id"
        if not getattr(person, "is_superuser", False):
            rows = rows.filter(**{f"{way}__in": projects_where(person, "view")})
    else:
        way, rows = PATHS[kind.model], visible(rows, person)
    return rows if project is None else rows.filter(**{way: project.pk})


def _find(kind: Kind, record: Any, words: list[str]) -> Find:
    where: Any = record
    for part in (kind.related[0] if kind.related else "").split("__"):
        where = getattr(where, part, None) if part and part != "state" else where
    title = where.title if isinstance(where, Project) and where is not record else ""
    return Find(record, kind.title(record), _excerpt(kind, record, words), kind.picture(record), title)


def _excerpt(kind: Kind, record: Any, words: list[str]) -> tuple[str, str, str]:
    """The first place where the first word stands, with what is around it; empty where only the title holds it."""
    for name in kind.fields:
        held = "" if "__" in name else getattr(record, name)
        text = " ".join(("; ".join(map(str, held)) if isinstance(held, list) else str(held or "")).split())
        place = text.lower().find(words[0].lower())
        if place >= 0 and text not in kind.title(record):
            end = place + len(words[0])
            before, after = text[max(0, place - AROUND) : place], text[end : end + AROUND]
            return (
                f"…{before}" if place > AROUND else before,
                text[place:end],
                f"{after}…" if end + AROUND < len(text) else after,
            )
    return ("", "", "")
