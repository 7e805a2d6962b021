"""Character department: everybody the material names becomes a record, with a turnaround of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from characters.models import Character
from media_pipeline.casting.line_up import keep_line_up
from media_pipeline.casting.orders import being_pictured
from media_pipeline.casting.people import MODEL_FIELDS, Person, fill_people, people_of
from media_pipeline.casting.portraits import VIEWS, are_views_judged, calls_for, lacks_pictures, views_of
from media_pipeline.providers.base import Request, TextRequest
from media_pipeline.providers.llm.answers import model_configured
from media_pipeline.runs.context import RunContext
from projects.choices import GatherKind
from projects.models import Project

from .asking import ask_department, in_words, who
from .material import Material, material_of
from .registry import Department, Part, Phase, Readiness, readiness_of

KINDS = frozenset({GatherKind.CHARACTER, GatherKind.USER_INPUT, GatherKind.NOTE, GatherKind.DOCUMENT})

TOLD = (GatherKind.NOTE, GatherKind.DOCUMENT, GatherKind.USER_INPUT, GatherKind.MACHINE_EXPANSION)

AT_ONCE = 6
"""People of one question: their answer fits into the tokens of one."""

MOST_TOKENS = 8000

NAMED = 4
"""Names in one sentence about what is missing; the rest are counted."""


class Told(BaseModel):
    """Somebody, as a model reads the material; empty where it says nothing."""

    name: str = Field(min_length=1, max_length=120)
    pronouns: str = Field("", max_length=40)
    age: str = Field("", max_length=40)
    height: str = Field("", max_length=80)
    species: str = Field("", max_length=80)
    ethnicity: str = Field("", max_length=120)
    build: str = Field("", max_length=200)
    face: str = Field("", max_length=200)
    eyes: str = Field("", max_length=200)
    hair: str = Field("", max_length=200)
    skin: str = Field("", max_length=200)
    distinguishing_marks: str = ""
    posture: str = ""
    personality: str = ""
    background: str = ""
    motivation: str = ""
    fear: str = ""
    arc: str = ""
    secrets: str = ""
    relationships: str = ""
    speech_style: str = ""
    accent: str = Field("", max_length=120)
    appearance_summary: str = ""
    description: str = ""
    wardrobe: str = ""


class Cast(BaseModel):
    """Several people, as a model reads the material."""

    people: list[Told] = []


QUESTION = (
    "Describe these people of the story, each under exactly this name: {names}. For each: pronouns, age, height, "
    "species (where not human), ethnicity, build, face, eyes, hair, skin, distinguishing_marks, posture, personality, "
    "background, motivation, fear, arc, secrets, relationships, speech_style, accent, wardrobe, description, and "
    "appearance_summary (one sentence a picture can be made from). Leave empty what the material does not say."
)


def readiness(material: Material) -> Readiness:
    """Somebody is known 30, their looks are told 40, what they want is told 20, they have a picture 10 of 100.

    Of whom gets no pictures, neither looks nor pictures are asked for.
    """
    people = people_of(material)
    seen = [person for person in people if person.is_pictured]
    looks = [person for person in seen if not person.looks_told and not _is_pictured(person, material)]
    wants = [person for person in seen if not person.want_told]
    pictures = [person for person in seen if not _is_pictured(person, material)]
    return readiness_of([
        Part(30, len(people), "Nobody is known: add a character, or import a screenplay."),
        Part(40, _share(looks, seen), f"Say how {_names(looks)} {_verb(looks, 'look')}: age, build, hair, face."),
        Part(20, _share(wants, seen), f"Say what {_names(wants)} {_verb(wants, 'want')}."),
        Part(10, _share(pictures, seen), f"No picture of {_names(pictures)} yet: attach one, or let it be made."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Records first, then the pictures of everybody who lacks some, each character in a run of its own."""
    names = run.freeze(lambda: [person.name for person in people_of(material_of(project))])
    answers, by = _described(run, project, names)
    run.progress(10, f"Writing down {len(names)} characters")
    wrote = run.record("write", lambda: fill_people(project, people_of(material_of(project)), answers, by=by))
    lacking = run.record("lacking", lambda: _lacking(project))
    if lacking:
        run.children(
            {f"pictures/{pk}": ("picture_character", f"character:{pk}") for pk in lacking},
            settings=run.settings, progress=(15, 95), words="{done} of {total} characters pictured",
        )  # fmt: skip
    run.progress(96, "Lining them up")
    lined_up = keep_line_up(run, project)
    return {"wrote": wrote, "by": by, "pictured": len(lacking), "line-up": bool(lined_up)}


def asks(project: Project) -> list[tuple[str, Request]]:
    """Seven pictures and six looks at them for everybody who lacks them; what a model is asked about the cast."""
    tier = project.quality_tier
    people = people_of(material_of(project))
    known = {character.pk: character for character in _of(project)}
    found: list[tuple[str, Request]] = []
    if model_configured(tier):
        question = TextRequest(prompt=QUESTION, max_tokens=MOST_TOKENS, temperature=Decimal("0.2"))
        found += [("describing the cast", question)] * len(_lots([person.name for person in people]))
    seen = [person for person in people if person.is_pictured]
    judged = are_views_judged(project, tier) if seen else False
    for person in seen:
        rows = list(known[person.character.pk].references.all()) if person.character else []
        has_master = any(row.kind == "master" for row in rows) or any(item.attachment_id for item in person.items)
        views = [angle for angle in VIEWS if angle not in views_of(rows)]
        found += calls_for(master=not has_master, views=views, judged=judged)
    return found


def _described(run: RunContext, project: Project, names: Sequence[str]) -> tuple[dict[str, dict[str, Any]], str]:
    """What a model says of the people, by name in small letters, some at a time; the rules add nothing of their own."""
    answers: dict[str, dict[str, Any]] = {}
    by: list[str] = []
    for number, lot in enumerate(_lots(names), start=1):
        answer = ask_department(
            run, DEPARTMENT.key, f"people/{number}", schema=Cast, question=QUESTION.format(names="; ".join(lot)),
            material="" if run.remembers(f"people/{number}/answer") else _words(project, lot), fallback=Cast,
            max_tokens=MOST_TOKENS,
        )  # fmt: skip
        asked = {name.casefold() for name in lot}
        answers |= {
            told.name.casefold(): told.model_dump(include=set(MODEL_FIELDS) | {"wardrobe"})
            for told in answer.value.people if told.name.casefold() in asked
        }  # fmt: skip
        by.append(who(answer))
    return answers, next((one for one in by if not one.startswith("rules")), by[0] if by else "rules")


def _words(project: Project, names: Sequence[str]) -> str:
    """What a model reads about these people: their own items, then everything else that is told."""
    material = material_of(project)
    people = [person for person in people_of(material) if person.name in names]
    own = [item for person in people for item in person.items]
    about = "\n".join(part for part in (project.title, project.logline, project.synopsis) if part)
    records = "\n".join(
        f"{person.name}: {person.character.description}" for person in people
        if person.character and person.character.description
    )  # fmt: skip
    scripts = "\n\n".join(chapter.script_text for chapter in material.chapters if chapter.script_text)
    return "\n\n".join(part for part in (about, in_words(own), records, in_words(material.of(*TOLD)), scripts) if part)


def _lacking(project: Project) -> list[int]:
    """Who gets pictures in this run: nobody whom a person is having pictured already, so that nothing is paid twice."""
    under_way = being_pictured(project)
    return [one.pk for one in _of(project) if lacks_pictures(one) and one.pk not in under_way]


def _of(project: Project) -> list[Character]:
    return list(Character.objects.filter(project=project).prefetch_related("references").order_by("pk"))


def _lots(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[first : first + AT_ONCE] for first in range(0, len(names), AT_ONCE)]


def _is_pictured(person: Person, material: Material) -> bool:
    return bool(person.character and person.character.pk in material.pictured) or any(
        item.attachment_id for item in person.items
    )


def _share(missing: Sequence[Person], of: Sequence[Person]) -> float:
    return 1 - len(missing) / len(of) if of else 0


def _names(people: Sequence[Person]) -> str:
    if not people:
        return "the characters"
    names = [person.name for person in people[:NAMED]]
    if len(people) > NAMED:
        return f"{', '.join(names)} and {len(people) - NAMED} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _verb(people: Sequence[Person], word: str) -> str:
    return f"{word}s" if len(people) == 1 else word


DEPARTMENT = Department(
    key="character", label="Character", phase=Phase.A,
    does="Gives everybody a record, a master picture and six views.", kinds=KINDS, readiness=readiness,
    qualify=qualify, asks=asks, required=True,
)  # fmt: skip
