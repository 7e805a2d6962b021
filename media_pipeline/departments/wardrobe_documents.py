"""What wardrobe and make-up writes beside the looks: everybody's scenes, changes, and what has to be watched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from characters.models import Character, Look
from scenes.choices import SetCategory
from scenes.models import Scene

from .script import Script, actions_of, folded, keys_for

LISTS = ("cast__character", "cast__look", "set_elements")
"""Lists of the scenes that the documents are read from."""

NOBODYS = "Nobody's yet"
"""Key of the document with what belongs to no character that the script names."""

ELEMENTS = {SetCategory.WARDROBE: "Wardrobe", SetCategory.MAKE_UP: "Make-up and hair"}


@dataclass(frozen=True)
class Appearance:
    """A character in a scene: what they wear there, None where nobody says, and whether the cast list has them."""

    scene: Scene
    look: Look | None
    is_listed: bool


def wardrobe_documents(script: Script) -> dict[str, dict[str, Any]]:
    """A document for everybody who appears or has a look, and one for what is nobody's yet, where there is any."""
    looks: dict[int, dict[int, Look]] = defaultdict(dict)
    for look in Look.objects.filter(character__project=script.project):
        looks[look.character_id][look.pk] = look
    seen = _appearances(script, looks)
    elements = _elements(script, seen)
    people = [person for person in script.people if seen[person.pk] or looks[person.pk]]
    keys = keys_for(people)
    found = {
        keys[person.pk]: _document(
            person, seen[person.pk], list(looks[person.pk].values()), elements[person.pk], script
        )
        for person in people
    }
    return found | ({NOBODYS: {"elements": elements[None]}} if elements[None] else {})


def _appearances(script: Script, looks: dict[int, dict[int, Look]]) -> dict[int, list[Appearance]]:
    """Who is in which scene: those of its cast list, and those whom its action shows."""
    found: dict[int, list[Appearance]] = defaultdict(list)
    for scene in script.scenes:
        worn = {row.character_id: row.look for row in scene.cast.all() if row.character_id}
        shown = script.names.pictured("\n".join(actions_of(scene)))
        there = dict.fromkeys([*worn, *(script.by_name[folded(name)].pk for name in shown)])
        for person in script.people:
            if person.pk in there:
                usual = looks[person.pk].get(person.default_look_id or 0)
                found[person.pk].append(Appearance(scene, worn.get(person.pk) or usual, person.pk in worn))
    return found


def _elements(script: Script, seen: dict[int, list[Appearance]]) -> dict[int | None, list[dict[str, Any]]]:
    """Breakdown elements of wardrobe and make-up by whose they are: the one they name, else the only one there."""
    there: dict[int, list[int]] = defaultdict(list)
    for person, appearances in seen.items():
        for one in appearances:
            there[one.scene.pk].append(person)
    found: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for scene in script.scenes:
        for row in scene.set_elements.all():
            if row.category not in ELEMENTS:
                continue
            named = script.person_of(f"{row.name}\n{row.description}")
            alone = there[scene.pk][0] if len(there[scene.pk]) == 1 else None
            found[named.pk if named else alone].append({
                "scene": script.labels[scene.pk], "element": row.name, "of": ELEMENTS[SetCategory(row.category)],
                "count": row.count,
                "because": "named" if named else "the only one in the scene" if alone else "",
            })  # fmt: skip
    return found


def _document(
    person: Character, seen: Sequence[Appearance], looks: Sequence[Look], elements: Sequence[dict[str, Any]],
    script: Script,
) -> dict[str, Any]:  # fmt: skip
    return {
        "to watch": _to_watch(person, seen, script),
        "looks": [
            {
                "look": look.name, "wardrobe": look.wardrobe, "make-up": look.make_up, "hair": look.hair,
                "injuries": look.injuries, "props worn": look.props_worn, "palette": look.palette, "when": look.when,
                "worn in": [script.labels[one.scene.pk] for one in seen if one.look and one.look.pk == look.pk],
            }
            for look in looks
        ],
        "scenes": [
            {
                "scene": script.labels[one.scene.pk], "heading": one.scene.heading, "story day": one.scene.story_day,
                "look": one.look.name if one.look else "",
            }
            for one in seen
        ],
        "changes": [
            {
                "between": f"{script.labels[first.scene.pk]} and {script.labels[second.scene.pk]}",
                "from": first.look.name, "to": second.look.name,
                "story days": " to ".join(dict.fromkeys(filter(None, (first.scene.story_day, second.scene.story_day)))),
            }
            for first, second in pairwise(seen) if _changes(first, second) and first.look and second.look
        ],
        "elements": list(elements),
    }  # fmt: skip


def _changes(first: Appearance, second: Appearance) -> bool:
    return first.look is not None and second.look is not None and first.look.pk != second.look.pk


def _to_watch(person: Character, seen: Sequence[Appearance], script: Script) -> list[str]:
    """What continuity has to look at, a sentence each."""
    name, label = person.name, script.labels
    bare = [label[one.scene.pk] for one in seen if one.look is None]
    dayless = [label[one.scene.pk] for one in seen if not one.scene.story_day]
    unlisted = [label[one.scene.pk] for one in seen if not one.is_listed]
    watch = []
    if bare:
        watch.append(f"What {name} wears in {_scenes(bare)} is not told.")
    if dayless:
        watch.append(f"The story day of {_scenes(dayless)} is not told.")
    if unlisted:
        watch.append(f"The action of {_scenes(unlisted)} shows {name}, and the cast list does not.")
    for first, second in pairwise(seen):
        days = folded(first.scene.story_day), folded(second.scene.story_day)
        where = f"{label[first.scene.pk]} and {label[second.scene.pk]}"
        if _changes(first, second) and days[0] and days[0] == days[1]:
            watch.append(f"{name} changes between scenes {where} on the same story day, {first.scene.story_day}.")
        if all(days) and days[0] != days[1] and first.look is not None and first.look == second.look:
            watch.append(f"{name} wears {first.look.name} in scenes {where}, on different story days.")
    return watch


def _scenes(labels: Sequence[str]) -> str:
    return f"scene{'s' if len(labels) > 1 else ''} {', '.join(labels)}"
