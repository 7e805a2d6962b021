"""World department: from rules, notes and places to the story bible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, Field

from media_pipeline.runs.context import RunContext
from projects.actions import write_bible
from projects.choices import GatherKind, RuleCategory, RulePriority
from projects.models import GatherItem, Project, StoryBible

from .asking import ask_department, in_words, who
from .material import Material, material_of
from .registry import Department, Part, Phase, Readiness, readiness_of

RULES_WANTED, WORDS_WANTED = 3, 40
"""World rules, and words of notes, from which on a world stands."""

KINDS = frozenset(
    {GatherKind.WORLD_RULE, GatherKind.LOCATION, GatherKind.NOTE, GatherKind.DOCUMENT, GatherKind.MACHINE_EXPANSION}
)
TOLD = (GatherKind.NOTE, GatherKind.DOCUMENT, GatherKind.USER_INPUT, GatherKind.MACHINE_EXPANSION)

MUST = re.compile(r"\b(?:must|never|always|only|cannot|may not)\b", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
ABOUT = {
    RuleCategory.MAGIC: ("magic", "spell", "curse", "ghost", "spirit", "prophecy", "witch"),
    RuleCategory.TECHNOLOGY: ("machine", "engine", "computer", "robot", "technology", "electric", "radio", "network"),
    RuleCategory.SOCIETY: ("law", "marry", "family", "king", "guild", "village", "class", "church", "money", "people"),
    RuleCategory.HISTORY: ("war", "once", "years ago", "century", "founded", "ancestor", "history", "since the"),
}
"""Words by which a rule that names no category is sorted; anything else is how the world itself works (physics)."""


class Rule(BaseModel):
    """How the world works."""

    category: RuleCategory = RuleCategory.PHYSICS
    description: str = Field(min_length=1)


class Between(BaseModel):
    """How two people stand to each other."""

    from_name: str = Field(min_length=1, max_length=120)
    to_name: str = Field(min_length=1, max_length=120)
    kind: str = Field(min_length=1, max_length=80)
    description: str = ""


class Happening(BaseModel):
    """Something that happens in the story or has happened before."""

    event: str = Field(min_length=1, max_length=200)
    when: str = Field("", max_length=120)
    description: str = ""


class StaysTheSame(BaseModel):
    """What has to stay the same."""

    rule: str = Field(min_length=1)
    priority: RulePriority = RulePriority.MEDIUM


class Place(BaseModel):
    """A place of the world."""

    name: str = Field(min_length=1, max_length=120)
    description: str = ""
    rules: str = ""


class Term(BaseModel):
    """A word of the world."""

    term: str = Field(min_length=1, max_length=120)
    meaning: str = Field(min_length=1)


class World(BaseModel):
    """A story bible, as a model or the rules write it."""

    world_rules: list[Rule] = []
    relationships: list[Between] = []
    timeline: list[Happening] = []
    consistency_rules: list[StaysTheSame] = []
    locations: list[Place] = []
    glossary: list[Term] = []
    themes: list[str] = []
    tone: str = Field("", max_length=200)
    motifs: list[str] = []


LISTS = ("world_rules", "relationships", "timeline", "consistency_rules", "locations", "glossary")
FIELDS = ("themes", "tone", "motifs")

QUESTION = (
    "Write the story bible: world_rules (category: physics, magic, technology, society or history), relationships "
    "between people by their names, timeline, consistency_rules (what must never change on screen; priority: critical, "
    "high, medium or low), locations, glossary, themes, tone, motifs."
)


def readiness(material: Material) -> Readiness:
    """Places 30, rules 40, notes 30 of 100."""
    bible_rules = material.bible.world_rules.count() if material.bible else 0
    rules = len(material.of(GatherKind.WORLD_RULE)) + bible_rules
    places = len(material.of(GatherKind.LOCATION)) + len(material.locations)
    words = material.words_of(*TOLD) + len(f"{material.project.logline} {material.project.synopsis}".split())
    return readiness_of([
        Part(30, places, "No place is named: add a location, or import a screenplay."),
        Part(40, rules / RULES_WANTED, f"{rules} of {RULES_WANTED} world rules: say what holds in this world."),
        Part(30, words / WORDS_WANTED, "Little is told about the world: add a note, a document or a synopsis."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Write what the bible does not say yet; what people wrote in it stays."""
    snapshot = run.freeze(lambda: _snapshot(material_of(project)))
    answer = ask_department(
        run, DEPARTMENT.key, "bible", schema=World, question=QUESTION, material=snapshot["words"],
        fallback=lambda: World.model_validate(snapshot["by_rules"]),
    )  # fmt: skip
    wrote = run.record("write", lambda: fill_bible(project, answer.value, made_by=who(answer)))
    return {"wrote": wrote, "by": who(answer)}


def fill_bible(project: Project, world: World, *, made_by: str) -> dict[str, int]:
    """Fill the lists and fields of the bible that are empty; returns how many rows or words went into each."""
    bible = StoryBible.objects.filter(project=project).first()
    parts = {
        name: [row.model_dump(mode="json") for row in getattr(world, name)]
        for name in LISTS
        if getattr(world, name) and not (bible and getattr(bible, name).exists())
    }
    fields = {name: getattr(world, name) for name in FIELDS if getattr(world, name)}
    fields = {name: value for name, value in fields.items() if not (bible and getattr(bible, name))}
    if bible is None:
        fields["generated_by"] = made_by[:80]
    if parts or fields:
        write_bible(project, parts=parts, **fields)
    return {name: len(rows) for name, rows in parts.items()} | {name: 1 for name in fields if name in FIELDS}


def _snapshot(material: Material) -> dict[str, Any]:
    project = material.project
    about = "\n".join(part for part in (project.title, project.logline, project.synopsis) if part)
    places = "\n".join(f"Place in the script: {place.name}" for place in material.locations)
    return {
        "words": "\n\n".join(part for part in (about, in_words(material.items), places) if part),
        "by_rules": by_rules(material).model_dump(mode="json"),
    }


def by_rules(material: Material) -> World:
    """The bible as the material itself says it: nothing is made up."""
    named = [*material.of(GatherKind.CHARACTER), *material.of(GatherKind.NOTE, GatherKind.USER_INPUT)]
    names = {person.name for person in material.characters}
    names |= {item.title for item in material.of(GatherKind.CHARACTER) if item.title}
    return World(
        world_rules=[_rule(item) for item in material.of(GatherKind.WORLD_RULE) if item.body or item.title],
        relationships=list(_relationships(material.of(GatherKind.CHARACTER), names)),
        timeline=[
            Happening(event=item.title[:200], when=str(item.structured["when"])[:120], description=item.body)
            for item in named if item.title and item.structured.get("when")
        ],
        consistency_rules=list(_stays_the_same(material.of(*TOLD))),
        locations=_places(material),
        glossary=[
            Term(term=item.title[:120], meaning=str(item.structured["meaning"]))
            for item in named if item.title and item.structured.get("meaning")
        ],
        tone=next((str(item.structured["tone"])[:200] for item in named if item.structured.get("tone")), ""),
    )  # fmt: skip


def _rule(item: GatherItem) -> Rule:
    text = item.body or item.title
    named = str(item.structured.get("category", "")).lower()
    if named in RuleCategory.values:
        return Rule(category=RuleCategory(named), description=text)
    low = f"{item.title} {text}".lower()
    found = (category for category, words in ABOUT.items() if any(re.search(rf"\b{word}", low) for word in words))
    return Rule(category=next(found, RuleCategory.PHYSICS), description=text)


def _relationships(people: Sequence[GatherItem], names: set[str]) -> Iterator[Between]:
    """Facts that name somebody else, such as `sister: Mara`."""
    known = {name.casefold(): name for name in names}
    for item in people:
        for kind, value in item.structured.items():
            other = known.get(str(value).strip().casefold())
            if other and item.title and other.casefold() != item.title.casefold():
                yield Between(from_name=item.title[:120], to_name=other[:120], kind=str(kind)[:80])


def _stays_the_same(told: Sequence[GatherItem]) -> Iterator[StaysTheSame]:
    """Sentences that say must, never, always, only."""
    for item in told:
        for sentence in SENTENCE.findall(item.body):
            if MUST.search(sentence):
                yield StaysTheSame(rule=sentence.strip(), priority=RulePriority.HIGH)


def _places(material: Material) -> list[Place]:
    told = [
        Place(name=item.title[:120], description=item.body, rules=str(item.structured.get("rules", "")))
        for item in material.of(GatherKind.LOCATION) if item.title
    ]  # fmt: skip
    known = {place.name.casefold() for place in told}
    return told + [
        Place(name=place.name[:120], description=place.description, rules=place.rules)
        for place in material.locations if place.name.casefold() not in known
    ]  # fmt: skip


DEPARTMENT = Department(
    key="world", label="World", phase=Phase.A, does="Writes the story bible.", kinds=KINDS, readiness=readiness,
    qualify=qualify, required=True,
)  # fmt: skip
