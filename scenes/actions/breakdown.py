"""What a scene's script says about its cast, dialogue and things, written into the scene's lists.

What people added or changed there stays: a line that is still in the script keeps its record, with delivery and
language; only lines the script no longer has go. Cast, props and set elements are added and never taken away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from characters.models import Character
from projects.events import emit
from projects.screenplay import model
from scenes.choices import SetCategory
from scenes.models import DialogueLine, Scene, SceneCast, SceneProp, SetElement

CATEGORIES = {
    "extras": SetCategory.EXTRAS, "background actors": SetCategory.EXTRAS,
    "background": SetCategory.EXTRAS, "atmosphere": SetCategory.EXTRAS,
    "stunts": SetCategory.STUNTS, "vehicles": SetCategory.VEHICLES, "special effects": SetCategory.SPECIAL_EFFECTS,
    "visual effects": SetCategory.VISUAL_EFFECTS, "vfx": SetCategory.VISUAL_EFFECTS,
    "costumes": SetCategory.WARDROBE, "wardrobe": SetCategory.WARDROBE, "makeup/hair": SetCategory.MAKE_UP,
    "makeup": SetCategory.MAKE_UP, "livestock": SetCategory.ANIMALS, "animals": SetCategory.ANIMALS,
    "animal handler": SetCategory.ANIMAL_WRANGLER, "animal wrangler": SetCategory.ANIMAL_WRANGLER,
    "music": SetCategory.MUSIC, "sound": SetCategory.SOUND, "sound effects": SetCategory.SOUND,
    "set dressing": SetCategory.SET_DRESSING, "greenery": SetCategory.GREENERY,
    "special equipment": SetCategory.SPECIAL_EQUIPMENT, "security": SetCategory.SECURITY,
    "additional labor": SetCategory.ADDITIONAL_LABOUR, "mechanical effects": SetCategory.MECHANICAL_EFFECTS,
    "mechanical fx": SetCategory.MECHANICAL_EFFECTS, "camera": SetCategory.SPECIAL_EQUIPMENT,
    "art department": SetCategory.SET_DRESSING,
}  # fmt: skip
"""Category of a breakdown tag, in small letters -> ours; what is not here is miscellaneous."""

NO_THINGS = frozenset(
    {"cast members", "cast", "notes", "comments", "synopsis", "sequence", "location", "script day", "unit"}
)
"""Categories whose tags name nothing that stands or moves in the set."""

OFF_SCREEN = re.compile(r"^(O\.?S\.?|O\.?C\.?|OFF)$", re.IGNORECASE)
VOICE_OVER = re.compile(r"^(V\.?O\.?)$", re.IGNORECASE)


@transaction.atomic
def record_breakdown(scene: Scene, source: model.Scene, people: Mapping[str, Character]) -> None:
    """Bring the scene's dialogue, cast, props and set elements up to what its script says."""
    by_name = {name.upper(): person for name, person in people.items()}
    added = {
        "dialogue": _write_dialogue(scene, source, by_name),
        "cast": _write_cast(scene, source, by_name),
        **_write_tags(scene, source),
    }
    if any(added.values()):
        emit(scene.chapter.project_id, "scene.breakdown", f"scene:{scene.pk}", added)


def speeches(source: model.Scene) -> list[dict[str, Any]]:
    """The speeches of a scene in order: speaker, parenthetical, line, voice_over, off_screen."""
    found: list[dict[str, Any]] = []
    open_speech: dict[str, Any] | None = None
    for element in source.elements:
        if element.type is model.ElementType.CHARACTER:
            open_speech = {
                "speaker": element.character[:120], "parenthetical": "", "line": "",
                "voice_over": any(VOICE_OVER.match(word) for word in element.extensions),
                "off_screen": any(OFF_SCREEN.match(word) for word in element.extensions),
            }  # fmt: skip
            found.append(open_speech)
        elif open_speech is not None and element.type is model.ElementType.PARENTHETICAL:
            words = element.text.strip().strip("()")
            open_speech["parenthetical"] = f"{open_speech['parenthetical']} {words}".strip()[:200]
        elif open_speech is not None and element.type in (model.ElementType.DIALOGUE, model.ElementType.LYRIC):
            open_speech["line"] = f"{open_speech['line']}\n{element.text}".strip()
        else:
            open_speech = None
    return [speech for speech in found if speech["line"]]


def _write_dialogue(scene: Scene, source: model.Scene, people: Mapping[str, Character]) -> int:
    standing: dict[tuple[str, str], list[DialogueLine]] = defaultdict(list)
    for row in DialogueLine.objects.filter(scene=scene).order_by("sort_order", "pk"):
        standing[row.speaker, row.line].append(row)
    new: list[DialogueLine] = []
    moved: list[DialogueLine] = []
    for place, speech in enumerate(speeches(source), start=1):
        same = standing[speech["speaker"], speech["line"]]
        if same:
            row = same.pop(0)
            row.sort_order = place
            moved.append(row)
        else:
            character = people.get(speech["speaker"].upper())
            new.append(DialogueLine(scene=scene, sort_order=place, character=character, **speech))
    gone = [row.pk for rows in standing.values() for row in rows]
    if gone:
        DialogueLine.objects.filter(pk__in=gone).delete()
    DialogueLine.objects.bulk_update(moved, ["sort_order"])
    DialogueLine.objects.bulk_create(new)
    return len(new)


def _write_cast(scene: Scene, source: model.Scene, people: Mapping[str, Character]) -> int:
    standing = list(SceneCast.objects.filter(scene=scene).select_related("character"))
    names = {row.name.upper() for row in standing} | {row.character.name.upper() for row in standing if row.character}
    ids = {row.character_id for row in standing}
    speakers = [speech["speaker"] for speech in speeches(source)]
    tagged = [tag.label for tag in source.tags if tag.category.lower() in {"cast members", "cast"}]
    new: list[SceneCast] = []
    for name in dict.fromkeys([*speakers, *(label[:120] for label in tagged)]):
        character = people.get(name.upper())
        if name.upper() in names or (character and character.pk in ids):
            continue
        new.append(SceneCast(scene=scene, character=character, name=name, sort_order=len(standing) + len(new) + 1))
        names.add(name.upper())
        ids.add(character.pk if character else None)
    SceneCast.objects.bulk_create(new)
    return len(new)


def _write_tags(scene: Scene, source: model.Scene) -> dict[str, int]:
    if not source.tags:
        return {"props": 0, "set_elements": 0}
    props = {name.upper() for name in SceneProp.objects.filter(scene=scene).values_list("name", flat=True)}
    things = {
        (category, name.upper())
        for category, name in SetElement.objects.filter(scene=scene).values_list("category", "name")
    }
    new_props, new_things = [], []
    for tag in source.tags:
        category, label = tag.category.lower(), tag.label.strip()
        if not label or category in NO_THINGS:
            continue
        if category == "props":
            if label.upper() not in props:
                new_props.append(SceneProp(scene=scene, name=label[:120], sort_order=len(props) + 1))
                props.add(label.upper())
            continue
        ours = CATEGORIES.get(category, SetCategory.MISCELLANEOUS)
        if (ours, label[:200].upper()) not in things:
            new_things.append(SetElement(scene=scene, category=ours, name=label[:200], sort_order=len(things) + 1))
            things.add((ours, label[:200].upper()))
    SceneProp.objects.bulk_create(new_props)
    SetElement.objects.bulk_create(new_things)
    return {"props": len(new_props), "set_elements": len(new_things)}
