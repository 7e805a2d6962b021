"""Wardrobe and make-up department: what everybody wears, on which story day, and where it changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from characters.actions import change_look, write_look
from characters.models import Character, Look
from media_pipeline.casting.facts import MAKE_UP, WARDROBE
from media_pipeline.casting.people import FIRST_LOOK
from media_pipeline.runs.context import RunContext
from projects.choices import GatherKind
from projects.models import GatherItem, Project
from scenes.actions import change_scene
from scenes.models import Scene

from .material import Material
from .registry import Department, Part, Phase, Readiness, readiness_of
from .script import (
    Script,
    ask_by_lots,
    colours,
    fact,
    folded,
    is_settled,
    keep_documents,
    listed,
    lots,
    made_by,
    only_empty,
    questions,
    read_script,
    scene_of,
    told_in,
    unknown_scenes,
)
from .wardrobe_documents import LISTS, wardrobe_documents

LABEL = "Wardrobe and make-up"
TELLING = (
    GatherKind.CHARACTER, GatherKind.NOTE, GatherKind.VISUAL_REFERENCE, GatherKind.DOCUMENT, GatherKind.USER_INPUT,
    GatherKind.MACHINE_EXPANSION,
)  # fmt: skip
KINDS = frozenset(TELLING)

NAMES = {
    "wardrobe": tuple(sorted(WARDROBE)),
    "make_up": tuple(sorted(MAKE_UP)),
    "hair": ("hair",),
    "injuries": ("injuries", "injury", "wounds", "wound"),
}
"""Field of a look -> the names under which items tell it."""

WORN = ("wardrobe", "make_up", "injuries")
"""What makes a look; hair alone is the character's own."""

_LINE = re.compile(r"^\s*([A-Za-z][A-Za-z /-]{2,20}?)\s*:\s*(\S.*)$", re.MULTILINE)
_BETWEEN = re.compile(r"[,;&\n]|\band\b")


class LookAnswer(BaseModel):
    """One state of wardrobe, make-up and hair of a character."""

    character: str = Field(min_length=1, max_length=120)
    name: str = Field(min_length=1, max_length=120)
    wardrobe: str = ""
    make_up: str = ""
    hair: str = Field("", max_length=200)
    injuries: str = ""
    scenes: list[str] = []


class Looks(BaseModel):
    """The looks of a lot of scenes."""

    looks: list[LookAnswer] = []


WANTED = (
    "Answer with looks: for each state of wardrobe, make-up, hair or injuries of a character that the material tells "
    "or clearly asks for, the character by name, a short name of the look (the same name for the same look in every "
    "scene), and the scenes it is worn in, named exactly as in the material."
)


def readiness(material: Material) -> Readiness:
    """People with a look told 60, story days of scenes 25, scenes that are there 15 of 100."""
    told = {folded(item.title) for item in material.of(GatherKind.CHARACTER) if any(_fields(item).values())}
    for item in material.of(*TELLING):
        told |= {folded(fact(item, "character", "who"))} if any(_fields(item).values()) else set()
    people = material.characters
    names = [person.name for person in people] or [item.title for item in material.of(GatherKind.CHARACTER)]
    looks = {person.name for person in people if person.default_look_id}
    bare = [name for name in names if folded(name) not in told and name not in looks]
    dayless = [scene.number for scene in material.scenes if not scene.story_day]
    scenes = len(material.scenes)
    some = ", ".join(bare[:3]) + (f" and {len(bare) - 3} more" if len(bare) > 3 else "")
    wears = f"Say what is worn by {some}: add wardrobe, make-up or injuries to the character's item."
    days = f"Give scenes {', '.join(dayless[:12])}{' …' if len(dayless) > 12 else ''} a story day."
    return readiness_of([
        Part(60, 1 - len(bare) / len(names) if names else 0, wears if names else "Nobody is told: add the characters."),
        Part(25, 1 - len(dayless) / scenes if scenes else 0, days if scenes else "No scene says its story day."),
        Part(15, scenes, "There is no scene: import a screenplay."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Write looks that are told, put them on where they say when, and write everybody's wardrobe document."""
    snapshot = run.freeze(lambda: _snapshot(read_script(project, *LISTS)))
    known = {folded(name) for name in snapshot["people"]}
    answers = ask_by_lots(
        run, LABEL, snapshot["lots"], schema=Looks, wanted=WANTED, told=snapshot["told"],
        check=lambda value, lot: _faults(value, lot, known),
    )  # fmt: skip
    by = made_by(answers)
    looks = list(snapshot["looks"])
    for lot, answer in zip(snapshot["lots"], answers, strict=True):
        looks += [_answered(look, lot, snapshot["people"]) for look in answer.value.looks]
    wrote = run.record("looks", lambda: write_looks(project, looks))
    worn = _worn(looks)
    dressed = 0
    for place, lot in enumerate(snapshot["lots"], start=1):
        run.progress(60 + 30 * place // len(snapshot["lots"]), "Dressing the cast")
        dressed += run.record(f"cast/{place}", partial(dress_cast, lot["ids"], worn))
    documents = run.record(
        "documents",
        lambda: keep_documents(project, "wardrobe", wardrobe_documents(read_script(project, *LISTS)), by=by),
    )
    return {"wrote": wrote | {"scenes": dressed, "documents": documents}, "by": by}


def _documents(project: Project, by: str) -> int:
    return keep_documents(project, "wardrobe", wardrobe_documents(read_script(project, *LISTS)), by=by)


def _faults(value: Looks, lot: Mapping[str, Any], known: set[str]) -> list[str]:
    """What is wrong with an answer: scenes and people that are not there."""
    strangers = dict.fromkeys(look.character for look in value.looks if folded(look.character) not in known)
    return unknown_scenes([scene for look in value.looks for scene in look.scenes], lot) + [
        f"There is no character {name} in the production." for name in strangers
    ]


# -- what is told


def _snapshot(script: Script) -> dict[str, Any]:
    return {
        "lots": lots(script, LABEL),
        "told": told_in(script, GatherKind.CHARACTER),
        "people": {name: person.pk for person in script.people for name in (*person.aliases, person.name)},
        "looks": list(_told_looks(script)),
    }


def _told_looks(script: Script) -> Iterator[dict[str, Any]]:
    """The looks that items tell: whose, named how, what is worn, and in which scenes (their numbers in the records).

    A look without a name is what the character usually wears.
    """
    for item in script.of(*TELLING):
        fields = _fields(item)
        if not any(fields[name] for name in WORN):
            continue
        named = item.title if item.kind == GatherKind.CHARACTER else fact(item, "character", "who") or item.title
        person = script.person_of(named)
        if person is None:
            continue
        when = _told(item, "when", "story day", "scene", "scenes")
        is_own = item.kind == GatherKind.CHARACTER or folded(item.title) in ("", folded(person.name))
        yield {
            "person": person.pk,
            "name": (_told(item, "look name") or ("" if is_own else item.title))[:120],
            "fields": fields | {
                "props_worn": listed(_told(item, "props worn", "worn")),
                "palette": colours(_told(item, "wardrobe palette", "look palette")), "when": when[:200],
            },
            "scenes": _scenes_of(when, script),
        }  # fmt: skip


def _fields(item: GatherItem) -> dict[str, str]:
    """What the item tells of wardrobe, make-up, hair and injuries."""
    fields = {field: _told(item, *names) for field, names in NAMES.items()}
    return fields | {"hair": fields["hair"][:200]}


def _told(item: GatherItem, *names: str) -> str:
    """A value of the structured data, else of a line of the body such as "Wardrobe: a grey oilskin"."""
    wanted = {re.sub(r"[^a-z]", "", name) for name in names}
    lines = ((re.sub(r"[^a-z]", "", name.lower()), value.strip()) for name, value in _LINE.findall(item.body))
    return fact(item, *names) or next((value for name, value in lines if name in wanted), "")


def _scenes_of(when: str, script: Script) -> list[int]:
    """The scenes that a text such as "scenes 3 and 4" or "Day 2" means."""
    parts = [re.sub(r"(?i)^\s*scenes?\s+", "", part).strip() for part in _BETWEEN.split(when)]
    labels, days = {script.label_in(part) for part in parts} - {""}, {folded(part) for part in parts} - {""}
    return [
        scene.pk for scene in script.scenes
        if script.labels[scene.pk] in labels or (scene.story_day and folded(scene.story_day) in days)
    ]  # fmt: skip


def _answered(look: LookAnswer, lot: Mapping[str, Any], people: Mapping[str, int]) -> dict[str, Any]:
    person = next(pk for name, pk in people.items() if folded(name) == folded(look.character))
    fields = {name: getattr(look, name) for name in ("wardrobe", "make_up", "hair", "injuries")}
    scenes = [scene_of(label, lot) for label in look.scenes]
    return {"person": person, "name": look.name, "fields": fields, "scenes": scenes}


def _worn(looks: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int], str]:
    """(scene, character) -> the one look that is told to be worn there, folded; where several are, none is."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for look in looks:
        for scene in look["scenes"]:
            found[scene, look["person"]].add(folded(look["name"]))
    return {place: names.pop() for place, names in found.items() if len(names) == 1}


# -- what is written


def write_looks(project: Project, looks: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add the looks that are told and fill what is empty of those that stand; what was told first is kept."""
    people = {person.pk: person for person in Character.objects.filter(project=project)}
    standing = _by_name(people)
    made, changed = 0, set()
    for told in sorted(looks, key=lambda look: bool(look["name"])):  # the first one written is what they usually wear
        key = (told["person"], folded(told["name"]))
        if told["person"] not in people:
            continue
        if key not in standing:
            fields = {name: value for name, value in told["fields"].items() if value}
            look = write_look(people[told["person"]], told["name"] or FIRST_LOOK, **fields)
            standing |= {key: look, (look.character_id, folded(look.name)): look}
            made += 1
            continue
        fields = only_empty(standing[key], told["fields"])
        if fields:
            change_look(standing[key], **fields)
            changed.add(key)
    return {"looks": made, "looks filled": len(changed)}


def _by_name(people: Iterable[int]) -> dict[tuple[int, str], Look]:
    """The looks of these characters by (character, name, folded); what one usually wears also under no name."""
    looks = list(Look.objects.filter(character__in=set(people)).select_related("character"))
    usual = {(one.character_id, ""): one for one in looks if one.character.default_look_id == one.pk}
    return usual | {(one.character_id, folded(one.name)): one for one in looks}


def dress_cast(ids: Sequence[int], worn: Mapping[tuple[int, int], str]) -> int:
    """Put the looks on in scenes whose cast wears none yet; a scene that people approved stays as it is."""
    scenes = Scene.objects.filter(pk__in=ids).select_related("chapter__project", "state")
    looks = _by_name(person for _, person in worn)
    changed = 0
    for scene in scenes.prefetch_related("cast"):
        rows: list[dict[str, Any]] = []
        for row in scene.cast.all():
            person = row.character_id or 0
            name = worn.get((scene.pk, person)) if row.look_id is None else None
            look = looks.get((person, name)) if name is not None else None
            rows.append({"id": row.pk} | ({"look": look} if look else {}))
        if not is_settled(scene) and any("look" in row for row in rows):
            change_scene(scene, cast=rows)
            changed += 1
    return changed


DEPARTMENT = Department(
    key="wardrobe", label=LABEL, phase=Phase.C, does="Writes looks, and follows who wears what from scene to scene.",
    kinds=KINDS, readiness=readiness, qualify=qualify, asks=partial(questions, department=LABEL),
)  # fmt: skip
