"""What a screenplay would change in a chapter, told before anything is written.

Scenes with a printed number are matched by it. Scenes without one are matched by what they say, so that a scene
written in between moves no number: it gets one of its own, as in a locked script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from django.db.models import Count

from characters.models import Character
from projects.models import Chapter, Project
from projects.screenplay import model
from projects.screenplay.headings import resolve_time

from .choices import SceneStatus
from .models import Location, Scene
from .numbering import scene_number_between
from .script_fields import fields_of

ALIKE = 0.5
"""Share of words two texts have in common, from which on one is a changed version of the other."""

PLACE_ONLY = frozenset({"sequence", "page"})
"""Fields whose change is none of the scene itself."""


@dataclass(frozen=True)
class SceneChange:
    """One scene of the comparison. `fields` are the names of what differs, empty for new and gone scenes."""

    number: str
    heading: str
    scene_id: int | None = None
    fields: tuple[str, ...] = ()
    shots: int = 0
    takes: int = 0
    source: model.Scene | None = field(default=None, repr=False, compare=False)
    values: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass
class ScriptChanges:
    """What is new, changed, the same, back again and gone, each in the order of the script."""

    new: list[SceneChange] = field(default_factory=list)
    changed: list[SceneChange] = field(default_factory=list)
    same: list[SceneChange] = field(default_factory=list)
    returning: list[SceneChange] = field(default_factory=list)
    gone: list[SceneChange] = field(default_factory=list)
    characters: list[str] = field(default_factory=list)
    locations: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def in_order(self) -> list[SceneChange]:
        """Every scene of the script as it will stand, in its order."""
        staying = [*self.new, *self.changed, *self.same, *self.returning]
        return sorted(staying, key=lambda change: change.values["sequence"])

    @property
    def takes_at_stake(self) -> int:
        """Takes of shots whose scenes change or go: they stay, and may no longer be what the script asks for."""
        return sum(change.takes for change in [*self.changed, *self.gone])

    @property
    def sentence(self) -> str:
        """The comparison in one sentence."""
        counts = [
            (len(self.new), "new"),
            (len(self.changed), "changed"),
            (len(self.same), "unchanged"),
            (len(self.returning), "back again"),
            (len(self.gone), "gone"),
        ]
        words = ", ".join(f"{count} {word}" for count, word in counts if count)
        return f"Scenes: {words or 'none'}."


def compare_screenplay(project: Project, screenplay: model.Screenplay, chapter_number: int) -> ScriptChanges:
    """Compare a screenplay that was read with a chapter's scenes. Reads only, in a fixed number of queries."""
    chapter = Chapter.objects.filter(project=project, number=chapter_number).first()
    known = _known_scenes(chapter)
    filmed = [scene for scene in screenplay.scenes if is_filmed(scene)]
    matches = _matches(filmed, known)
    numbers = _numbers(filmed, matches, {scene.number for scene in known})
    changes = ScriptChanges(remarks=[f"Line {remark.line}: {remark.message}" for remark in screenplay.warnings])
    time = ""
    for sequence, (source, scene, number) in enumerate(zip(filmed, matches, numbers, strict=True), start=1):
        time = resolve_time(source.time_of_day, time)
        source.number = source.number or (scene.number if scene and scene.number_is_printed else "")
        values = fields_of(source, number=number, sequence=sequence, time=time)
        _sort(changes, source, scene, values)
    matched = {scene.pk for scene in matches if scene}
    changes.gone = [
        _change(scene, scene.number) for scene in known
        if scene.pk not in matched and scene.state.status != SceneStatus.OMITTED
    ]  # fmt: skip
    changes.characters = _strangers(project, screenplay)
    changes.locations = _new_places(project, filmed)
    return changes


def is_filmed(scene: model.Scene) -> bool:
    """A heading, or something to see or hear: planning text before the first heading is no scene."""
    filmed = {model.ElementType.ACTION, model.ElementType.DIALOGUE, model.ElementType.SHOT, model.ElementType.LYRIC}
    return bool(scene.heading) or any(element.type in filmed for element in scene.elements)


def _known_scenes(chapter: Chapter | None) -> list[Any]:
    if chapter is None:
        return []
    counted = Scene.objects.filter(chapter=chapter).select_related("state", "chapter").order_by("sequence", "pk")
    scenes = list(
        counted.annotate(shot_count=Count("shots", distinct=True), take_count=Count("shots__takes", distinct=True))
    )
    for scene in scenes:
        scene.number_is_printed = f"#{scene.number}#" in scene.screenplay_text
        scene.words = _words(scene.screenplay_text)
    return scenes


def _sort(changes: ScriptChanges, source: model.Scene, scene: Any, values: dict[str, Any]) -> None:
    if scene is None:
        changes.new.append(SceneChange(values["number"], source.heading, source=source, values=values))
        return
    differing = tuple(name for name, value in values.items() if getattr(scene, name) != value)
    change = _change(scene, values["number"], source=source, values=values, fields=differing)
    if scene.state.status == SceneStatus.OMITTED:
        changes.returning.append(change)
    elif set(differing) - PLACE_ONLY:
        changes.changed.append(change)
    else:
        changes.same.append(change)


def _change(scene: Any, number: str, **values: Any) -> SceneChange:
    return SceneChange(
        number, scene.heading, scene_id=scene.pk, shots=scene.shot_count, takes=scene.take_count, **values
    )


def _matches(filmed: Sequence[model.Scene], known: list[Any]) -> list[Any]:
    """The scene that each scene of the script is, or None for a new one."""
    by_number = {scene.number: scene for scene in known}
    found: list[Any] = [by_number.get(source.number[:12]) if source.number else None for source in filmed]
    left = {scene.pk: scene for scene in known} | {}
    for scene in found:
        if scene is not None:
            left.pop(scene.pk, None)
    words = [_words("\n".join(element.text for element in source.elements)) for source in filmed]
    for enough in (1.0, ALIKE):
        for place, source in enumerate(filmed):
            if found[place] is None and not source.number:
                found[place] = _most_alike(source, words[place], left.values(), enough)
                if found[place] is not None:
                    del left[found[place].pk]
    return _not_twice(found)


def _not_twice(found: list[Any]) -> list[Any]:
    seen: set[int] = set()
    result = []
    for scene in found:
        result.append(None if scene is None or scene.pk in seen else scene)
        if scene is not None:
            seen.add(scene.pk)
    return result


def _most_alike(source: model.Scene, words: frozenset[str], scenes: Iterable[Any], enough: float) -> Any:
    best, score = None, 0.0
    for scene in scenes:
        if enough == 1.0 and scene.heading != source.heading[:300]:
            continue
        common = len(words & scene.words) / max(len(words | scene.words), 1)
        if common >= enough and common > score:
            best, score = scene, common
    return best


def _words(text: str) -> frozenset[str]:
    text = re.sub(r"#[^#\n]{1,12}#", " ", text)
    return frozenset(re.findall(r"\w+", text.lower()))


def _numbers(filmed: Sequence[model.Scene], matches: list[Any], known: set[str]) -> list[str]:
    """A number of its own for every scene: the one it has, the printed one, or one between its neighbours'."""
    if not known:
        return first_numbers(filmed)
    given = [scene.number if scene else "" for scene in matches]
    taken = known | {number for number in given if number}
    printed = {source.number[:12] for source in filmed if source.number}
    for place, source in enumerate(filmed):
        if given[place]:
            continue
        wanted = source.number[:12]
        if not wanted or wanted in taken:
            before = wanted or (given[place - 1] if place else "")
            after = next((number for number in given[place + 1 :] if number), "")
            wanted = scene_number_between(before, "" if before == after else after, taken | printed)
        given[place] = wanted
        taken.add(wanted)
    return given


def first_numbers(scenes: Sequence[model.Scene]) -> list[str]:
    """Numbers of a script that is new: as printed; 12A, 12B for a printed number that stands twice; its place in
    the script for a scene that has none, or A12 where that is another scene's printed number."""
    printed = {scene.number[:12] for scene in scenes if scene.number}
    given: list[str] = []
    for place, scene in enumerate(scenes, start=1):
        stem = scene.number[:10] or str(place)
        letters = [f"{stem}{letter}" if scene.number else f"{letter}{stem}" for letter in ascii_uppercase]
        wanted = [scene.number[:12]] if scene.number else [] if stem in printed else [stem]
        choices = [*wanted, *letters, *(f"{stem}-{count}" for count in range(2, len(scenes) + 2))]
        taken = set(given) | (printed - set(wanted))
        given.append(next(choice for choice in choices if choice not in taken))
    return given


def _strangers(project: Project, screenplay: model.Screenplay) -> list[str]:
    known = {
        name.upper() for person in Character.objects.filter(project=project) for name in [person.name, *person.aliases]
    }
    return [person.name for person in screenplay.characters if person.name and person.name.upper() not in known]


def _new_places(project: Project, filmed: Sequence[model.Scene]) -> list[str]:
    known = {
        name.upper() for place in Location.objects.filter(project=project) for name in [place.name, *place.aliases]
    }
    places = dict.fromkeys(scene.location[:200] for scene in filmed if scene.location)
    return [place for place in places if place.upper() not in known]
