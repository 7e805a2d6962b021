"""What production design writes beside the records: each location and each prop with its scenes and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from projects.screenplay.length import format_eighths
from scenes.choices import TimeOfDay
from scenes.models import Location, Prop, Scene

from .script import Script, actions_of, is_named, keys_for

FOLLOWS = frozenset({TimeOfDay.CONTINUOUS, TimeOfDay.LATER})
"""Times of day that say only how a scene follows the one before."""

AT = {
    TimeOfDay.DAY: "by day", TimeOfDay.MORNING: "in the morning", TimeOfDay.AFTERNOON: "in the afternoon",
    TimeOfDay.EVENING: "in the evening", TimeOfDay.GOLDEN_HOUR: "at the golden hour",
}  # fmt: skip
"""How people say the times of day that are not said with "at"."""


def location_documents(script: Script) -> dict[str, dict[str, Any]]:
    """Each location by its name: its scenes, times, story days, dressing, and what is asked for and not told."""
    played: dict[int, list[Scene]] = defaultdict(list)
    for scene in script.scenes:
        if scene.location_id:
            played[scene.location_id].append(scene)
    places = list(Location.objects.filter(project=script.project).prefetch_related("references", "time_variants"))
    keys = keys_for(places)
    return {keys[place.pk]: _location(place, played[place.pk], script) for place in places}


def _location(place: Location, scenes: list[Scene], script: Script) -> dict[str, Any]:
    sides = ([place.int_ext] if place.int_ext else []) + [scene.int_ext for scene in scenes if scene.int_ext]
    return {
        "description": place.description,
        "interior or exterior": _each(sides),
        "times of day": _each(scene.get_time_of_day_display() for scene in scenes if scene.time_of_day),
        "story days": _each(scene.story_day for scene in scenes if scene.story_day),
        "set dressing": _each([place.set_dressing, *(scene.set_dressing for scene in scenes)]),
        "rules": place.rules,
        "palette": place.palette,
        "pictures": [{"media": row.picture_id, "shows": row.description} for row in place.references.all()],
        "asked for and not told": _not_told(place, scenes, script),
        "scenes": [
            {
                "scene": script.labels[scene.pk], "heading": scene.heading,
                "time of day": scene.get_time_of_day_display() if scene.time_of_day else "",
                "story day": scene.story_day, "pages": format_eighths(scene.length_eighths),
            }
            for scene in scenes
        ],
    }  # fmt: skip


def _not_told(place: Location, scenes: list[Scene], script: Script) -> list[str]:
    missing = []
    if not place.description:
        missing.append(f"What {place.name} looks like.")
    if not place.references.all():
        missing.append(f"A picture of {place.name}.")
    if not place.set_dressing and not any(scene.set_dressing for scene in scenes):
        missing.append(f"How {place.name} is dressed.")
    told = {variant.time_of_day for variant in place.time_variants.all()}
    told |= {row.time_of_day for row in place.references.all()}
    asked: dict[str, list[str]] = defaultdict(list)
    for scene in scenes:
        if scene.time_of_day and scene.time_of_day not in told | FOLLOWS:
            asked[scene.time_of_day].append(script.labels[scene.pk])
    missing += [
        f"How it looks {AT.get(TimeOfDay(time)) or f'at {TimeOfDay(time).label.lower()}'} ({_scenes(labels)})."
        for time, labels in asked.items()
    ]
    dayless = [script.labels[scene.pk] for scene in scenes if not scene.story_day]
    return missing + ([f"The story day ({_scenes(dayless)})."] if dayless else [])


def prop_documents(script: Script) -> dict[str, dict[str, Any]]:
    """Each prop by its name: its scenes, owner, first and last appearance, and where else the action names it."""
    used: dict[int, list[tuple[Scene, bool]]] = defaultdict(list)
    for scene in script.scenes:
        for row in scene.props.all():
            if row.prop_id:
                used[row.prop_id].append((scene, row.is_hero))
    props = list(Prop.objects.filter(project=script.project).select_related("owner").prefetch_related("references"))
    keys, texts = keys_for(props), {scene.pk: "\n".join(actions_of(scene)) for scene in script.scenes}
    return {keys[prop.pk]: _prop(prop, used[prop.pk], script, texts) for prop in props}


def _prop(prop: Prop, used: list[tuple[Scene, bool]], script: Script, texts: dict[int, str]) -> dict[str, Any]:
    scenes = [scene for scene, _ in used]
    there = {scene.pk for scene in scenes}
    elsewhere = [pk for pk, text in texts.items() if pk not in there and is_named(prop.name, text)]
    missing = {
        f"What {prop.name} looks like.": prop.description, f"A picture of {prop.name}.": prop.references.all(),
        f"Whose {prop.name} is.": prop.owner_id, f"How large {prop.name} is.": prop.scale,
        f"In which scene {prop.name} is used.": scenes,
    }  # fmt: skip
    return {
        "description": prop.description,
        "hero": any(hero for _, hero in used),
        "owner": prop.owner.name if prop.owner else "",
        "scale": prop.scale,
        "first appearance": _where(scenes[0], script) if scenes else "",
        "last appearance": _where(scenes[-1], script) if scenes else "",
        "pictures": [{"media": row.picture_id, "shows": row.description} for row in prop.references.all()],
        "not told": [sentence for sentence, there_is in missing.items() if not there_is],
        "named in the action of, and not in its list": [script.labels[pk] for pk in elsewhere],
        "scenes": [
            {"scene": script.labels[scene.pk], "heading": scene.heading, "hero": hero} for scene, hero in used
        ],
    }  # fmt: skip


def _where(scene: Scene, script: Script) -> str:
    return f"Scene {script.labels[scene.pk]}: {scene.heading}".rstrip(": ")


def _each(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _scenes(labels: list[str]) -> str:
    return f"scene{'s' if len(labels) > 1 else ''} {', '.join(labels)}"
