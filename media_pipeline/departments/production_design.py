"""Production design department: where scenes play and what is handled in them, and what is still to be told of both."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from media_pipeline.assets import MediaAsset
from media_pipeline.runs.context import RunContext
from projects.choices import GatherKind
from projects.models import GatherItem, Project
from scenes.actions import change_place, change_scene, create_location, create_prop, meet_locations
from scenes.choices import IntExt, TimeOfDay
from scenes.models import Location, Prop, Scene
from scenes.place_in_words import place_in_words

from .design_documents import location_documents, prop_documents
from .material import Material
from .registry import Department, Part, Phase, Readiness, readiness_of
from .script import (
    Script,
    actions_of,
    ask_by_lots,
    colours,
    fact,
    folded,
    is_named,
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

KINDS = frozenset({GatherKind.LOCATION, GatherKind.PROP, GatherKind.VISUAL_REFERENCE})

SHOWN = 3
"""Names a sentence of what is missing gives before it says how many more there are."""

LISTS = ("props__prop", "cast__character")

LONGEST_NAME, MOST_NAME_WORDS = 120, 3
"""Letters and words before an apostrophe among which an owner's name is looked for."""


class PropAnswer(BaseModel):
    """A thing a scene needs."""

    name: str = Field(min_length=1, max_length=120)
    description: str = ""
    owner: str = Field("", max_length=120)
    hero: bool = False


class SetAnswer(BaseModel):
    """What a scene needs around its people."""

    scene: str = Field(min_length=1, max_length=200)
    set_dressing: str = ""
    props: list[PropAnswer] = []


class PlaceAnswer(BaseModel):
    """What a place looks like."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field(min_length=1)


class Design(BaseModel):
    """Sets, props and places of a lot of scenes."""

    scenes: list[SetAnswer] = []
    places: list[PlaceAnswer] = []


WANTED = (
    "Answer for every scene, named exactly as in the material: set_dressing in one or two sentences, and props that "
    "are handled or mean something (name, description, owner by name where it is said, hero where the story turns on "
    "it). In places, describe each location the scenes play in, empty of people, as far as the material says it."
)


def readiness(material: Material) -> Readiness:
    """Places that are described 50, pictures of them 20, props 30 of 100."""
    played = {scene.location_id for scene in material.scenes if scene.location_id}
    told = {folded(item.title) for item in material.of(GatherKind.LOCATION) if item.body}
    places = [place for place in material.locations if place.pk in played or not played]
    silent = sorted(place.name for place in places if not place.description and folded(place.name) not in told)
    named = len(places) or len(told)
    pictures = [item for item in material.of(*KINDS) if item.attachment_id]
    props = len(material.props) + len(material.of(GatherKind.PROP))
    wanted = (
        f"Say what {_some(silent)} looks like: add a location item by that name." if silent else "No place is told."
    )
    return readiness_of([
        Part(50, 1 - len(silent) / named if named else 0, wanted),
        Part(20, len(pictures), "There is no picture of a place or a prop: add one to its item."),
        Part(30, props, "No prop is named: add an item for each thing the story turns on."),
    ])  # fmt: skip


def qualify(run: RunContext, project: Project) -> dict[str, Any]:
    """Write what records of places, props and scenes do not say yet, and the documents of both."""
    snapshot = run.freeze(lambda: _snapshot(read_script(project, *LISTS)))
    answers = ask_by_lots(
        run, DEPARTMENT.label, snapshot["lots"], schema=Design, wanted=WANTED, told=snapshot["told"],
        check=lambda value, lot: unknown_scenes([one.scene for one in value.scenes], lot),
    )  # fmt: skip
    by = made_by(answers)
    described = {folded(one.name): one.description for answer in reversed(answers) for one in answer.value.places}
    wrote = run.record("places", lambda: write_places(project, snapshot, described))
    proposed: dict[int, list[dict[str, Any]]] = {}
    dressing: dict[int, str] = {}
    for lot, answer in zip(snapshot["lots"], answers, strict=True):
        for one in answer.value.scenes:
            dressing[scene_of(one.scene, lot)] = one.set_dressing
            proposed[scene_of(one.scene, lot)] = [prop.model_dump() for prop in one.props]
    wrote |= run.record("props", lambda: write_props(project, snapshot, proposed))
    filled = 0
    for place, lot in enumerate(snapshot["lots"], start=1):
        run.progress(60 + 30 * place // len(snapshot["lots"]), "Dressing the sets")
        dress = partial(fill_sets, project, lot["ids"], snapshot["mentions"], proposed, dressing)
        filled += run.record(f"sets/{place}", dress)
    documents = run.record("documents", lambda: _documents(project, by))
    return {"wrote": wrote | {"scenes": filled, "documents": documents}, "by": by}


# -- what the material says


def _snapshot(script: Script) -> dict[str, Any]:
    props = [_told_prop(item, script) for item in script.of(GatherKind.PROP) if item.title]
    return {
        "lots": lots(script, DEPARTMENT.label),
        "told": told_in(script, GatherKind.LOCATION, GatherKind.PROP),
        "places": [_told_place(item) for item in script.of(GatherKind.LOCATION) if item.title],
        "pictures": _pictures(script),
        "first_words": _first_words(script),
        "props": props,
        **_mentions(script, [prop["name"] for prop in props]),
    }


def _told_place(item: GatherItem) -> dict[str, Any]:
    """A place as its item tells it: fields of a Location, and how it looks at times of day."""
    int_ext = fact(item, "interior/exterior", "int/ext").upper().replace(".", "")
    return {
        "name": item.title[:200],
        "aliases": listed(fact(item, "aliases", "also", "also known as")),
        "int_ext": int_ext if int_ext in IntExt.values else "",
        "description": item.body or fact(item, "description"),
        "rules": fact(item, "rules"),
        "set_dressing": fact(item, "set dressing", "dressing"),
        "palette": colours(fact(item, "palette", "colours", "colors")),
        "variants": {time.value: told for time in TimeOfDay if (told := fact(item, time.value, f"at {time.value}"))},
    }


def _told_prop(item: GatherItem, script: Script) -> dict[str, Any]:
    owner = script.person_of(fact(item, "owner", "whose", "belongs to"))
    return {
        "name": item.title[:120],
        "description": item.body or fact(item, "description"),
        "owner": owner.pk if owner else None,
        "scale": fact(item, "scale", "size")[:80],
    }


def _pictures(script: Script) -> dict[str, list[dict[str, Any]]]:
    """Pictures by what they show, as `location:name` or `prop:name`: of the items themselves, and visual references."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in script.of(*sorted(KINDS)):
        if item.attachment is None or item.attachment.kind != MediaAsset.Kind.IMAGE:
            continue
        time = folded(fact(item, "time of day", "time")).replace(" ", "_")
        row = {"picture_id": item.attachment_id, "description": (item.body or item.title)[:400]}
        named = {
            "location": item.title if item.kind == GatherKind.LOCATION else fact(item, "location", "place"),
            "prop": item.title if item.kind == GatherKind.PROP else fact(item, "prop"),
        }
        for what, name in named.items():
            if name:
                at = {"time_of_day": time if time in TimeOfDay.values else ""} if what == "location" else {}
                found[f"{what}:{folded(name)}"].append(row | at)
    return dict(found)


def _first_words(script: Script) -> dict[str, str]:
    """For each place (its record's number, else its name) the words its first scene begins with, without people."""
    people = [name for person in script.people for name in (person.name, *person.aliases)]
    words: dict[str, str] = {}
    for scene in script.scenes:
        key = str(scene.location_id or folded(scene.location_text))
        if key not in words:
            found = place_in_words(scene.screenplay_text, people)
            words[key] = f"{found}." if found[-1:].isalnum() else found
    return words


def _mentions(script: Script, told: Sequence[str]) -> dict[str, Any]:
    """Where the action names a prop (`mentions`: scene -> names), and whose it calls it (`owners`: name -> pk)."""
    known = {folded(name): name for name in told}
    for scene in script.scenes:
        for row in scene.props.all():
            known.setdefault(folded(row.name or str(row.prop)), row.name or str(row.prop))
    mentions: dict[str, list[str]] = {}
    owners: dict[str, set[int]] = defaultdict(set)
    for scene in script.scenes:
        text = "\n".join(actions_of(scene))
        here = {key: name for key, name in known.items() if is_named(name, text)}
        mentions[str(scene.pk)] = [name for name in told if folded(name) in here]
        for key, name in here.items():
            owners[key] |= set(_owners_in(script, name, text))
    return {"mentions": mentions, "owners": {key: found.pop() for key, found in owners.items() if len(found) == 1}}


def _owners_in(script: Script, prop: str, text: str) -> Iterable[int]:
    """People whom the text calls the prop's owner: Mara's brass lantern, Mara's old brass lantern."""
    words = r"\s+".join(re.escape(word) for word in prop.split())
    for match in re.finditer(rf"['’]s?\s+(?:[\w-]+\s+){{0,2}}?{words}(?!\w)", text, re.IGNORECASE):
        before = text[max(0, match.start() - LONGEST_NAME) : match.start()].split()
        for count in range(1, MOST_NAME_WORDS + 1):
            people = script.names.mentioned(" ".join(before[-count:]))
            if people and not script.names.mentioned(" ".join(before[-count:-1])):
                yield script.by_name[folded(people[-1])].pk
                break


# -- what is written


def write_places(project: Project, snapshot: Mapping[str, Any], described: Mapping[str, str]) -> dict[str, int]:
    """Fill what is empty of the locations, and add those that scenes or items name; `described` is the model's."""
    unplaced = [scene for scene in read_script(project).scenes if scene.location_id is None and scene.location_text]
    standing = Location.objects.filter(project=project).count()
    met = meet_locations(project, {scene.location_text: scene.int_ext for scene in unplaced})
    for scene in unplaced:
        change_scene(scene, location=met[scene.location_text])
    places = list(Location.objects.filter(project=project).prefetch_related("references", "time_variants"))
    by_name = {folded(name): place for place in places for name in reversed((place.name, *place.aliases))}
    changed = set()
    for told in snapshot["places"]:
        place = by_name.get(folded(told["name"]))
        if place is None:
            place = create_location(project, name=told["name"])
            by_name[folded(place.name)] = place
            places.append(place)
        others = {name for name, other in by_name.items() if other.pk != place.pk}
        aliases = [name for name in told["aliases"] if folded(name) not in others]
        by_name |= {folded(name): place for name in aliases}
        if _fill_place(place, told | {"aliases": aliases}):
            changed.add(place.pk)
    for place in places:
        first = snapshot["first_words"]
        words = described.get(folded(place.name)) or first.get(str(place.pk)) or first.get(folded(place.name), "")
        fields = only_empty(place, {"description": words}) | _first_pictures(place, snapshot["pictures"], "location")
        if fields:
            change_place(place, **fields)
            changed.add(place.pk)
    return {"locations": len(places) - standing, "locations filled": len(changed)}


def _fill_place(place: Location, told: Mapping[str, Any]) -> bool:
    names = ("aliases", "int_ext", "description", "rules", "set_dressing", "palette")
    fields = only_empty(place, {name: told[name] for name in names})
    if told["variants"] and not place.time_variants.all():
        rows = [{"time_of_day": time, "description": text} for time, text in told["variants"].items()]
        fields["time_variants"] = rows
    if fields:
        change_place(place, **fields)
    return bool(fields)


def _first_pictures(record: Any, pictures: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The pictures that were brought for a record that has none yet: a list with pictures is people's."""
    names = [record.name, *getattr(record, "aliases", ())]
    rows = [row for name in names for row in pictures.get(f"{what}:{folded(name)}", ())]
    return {"references": rows} if rows and not record.references.all() else {}


def write_props(
    project: Project, snapshot: Mapping[str, Any], proposed: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[str, int]:
    """Fill what is empty of the props, and add those that items, scenes or the model name."""
    script = read_script(project, *LISTS)
    told: dict[str, dict[str, Any]] = {folded(prop["name"]): dict(prop) for prop in snapshot["props"]}
    for scene in script.scenes:
        rows = list(scene.props.all())
        for row in rows:
            if row.prop is None:
                _tell(told, row.name, row.description, None)
        for prop in () if rows or is_settled(scene) else proposed.get(scene.pk, ()):
            owner = script.person_of(prop["owner"])
            _tell(told, prop["name"], prop["description"], owner.pk if owner else None)
    props = {folded(prop.name): prop for prop in Prop.objects.filter(project=project).prefetch_related("references")}
    owners = {person.pk: person for person in script.people}
    changed, new = 0, [key for key in told if key not in props]
    props |= {key: create_prop(project, name=told[key]["name"]) for key in new}
    for key, prop in props.items():
        one = told.get(key, {})
        owner = owners.get(one.get("owner") or snapshot["owners"].get(key))
        fields = only_empty(prop, {
            "description": one.get("description"), "scale": one.get("scale"), "owner": owner,
        }) | _first_pictures(prop, snapshot["pictures"], "prop")  # fmt: skip
        changed += bool(fields and change_place(prop, **fields))
    return {"props": len(new), "props filled": changed}


def _tell(told: dict[str, dict[str, Any]], name: str, description: str, owner: int | None) -> None:
    """Add what is said of a prop to what was told of it before, which stays."""
    one = told.setdefault(folded(name), {"name": name[:120], "description": "", "owner": None, "scale": ""})
    one["description"] = one["description"] or description
    one["owner"] = one["owner"] or owner


def fill_sets(
    project: Project, ids: Sequence[int], mentions: Mapping[str, Sequence[str]],
    proposed: Mapping[int, Sequence[Mapping[str, Any]]], dressing: Mapping[int, str],
) -> int:  # fmt: skip
    """Connect the scenes' props with their records, and fill lists and set dressing that are empty.

    A scene that people approved stays as it is. Returns how many scenes were changed.
    """
    props = {folded(prop.name): prop for prop in Prop.objects.filter(project=project)}
    scenes = Scene.objects.filter(pk__in=ids).select_related("chapter__project", "state").prefetch_related("props")
    changed = 0
    for scene in scenes:
        if is_settled(scene):
            continue
        fields = only_empty(scene, {"set_dressing": dressing.get(scene.pk, "")})
        rows = _rows(scene, props, mentions.get(str(scene.pk), ()), proposed.get(scene.pk, ()))
        fields |= {"props": rows} if rows else {}
        if fields:
            change_scene(scene, **fields)
            changed += 1
    return changed


def _rows(
    scene: Scene, props: Mapping[str, Prop], named: Sequence[str], proposed: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The scene's props with their records, or nothing where there is nothing to connect."""
    standing = list(scene.props.all())
    if not standing:
        wanted: dict[str, Mapping[str, Any]] = {folded(name): {} for name in named}
        wanted |= {folded(one["name"]): one for one in proposed}
        return [{"prop": props[key], "is_hero": one.get("hero", False)} for key, one in wanted.items() if key in props]
    used = {row.prop_id for row in standing}
    rows: list[dict[str, Any]] = []
    connected = False
    for row in standing:
        prop = props.get(folded(row.name)) if row.prop_id is None else None
        fresh = prop is not None and prop.pk not in used
        rows.append({"id": row.pk} | ({"prop": prop} if fresh else {}))
        used |= {prop.pk} if fresh and prop else set()
        connected = connected or fresh
    return rows if connected else []


def _documents(project: Project, by: str) -> int:
    script = read_script(project, *LISTS)
    places = location_documents(script)
    props = prop_documents(script)
    return keep_documents(project, "locations", places, by=by) + keep_documents(project, "props", props, by=by)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


DEPARTMENT = Department(
    key="production_design", label="Production design", phase=Phase.C,
    does="Describes locations and props, and connects them with their scenes.", kinds=KINDS, readiness=readiness,
    qualify=qualify, asks=partial(questions, department="Production design"),
)  # fmt: skip
