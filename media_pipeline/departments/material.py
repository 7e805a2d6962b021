"""What a production has gathered so far, read once for all departments that judge it."""

from __future__ import annotations

from dataclasses import dataclass

from characters.models import Character, CharacterReference
from projects.choices import GatherKind
from projects.models import Chapter, GatherItem, Project, StoryBible
from scenes.choices import SceneStatus
from scenes.models import Location, Prop, Scene, Style


@dataclass(frozen=True)
class Material:
    """Gather items and the records there are already, in a fixed number of queries."""

    project: Project
    items: tuple[GatherItem, ...]
    chapters: tuple[Chapter, ...]
    scenes: tuple[Scene, ...]
    characters: tuple[Character, ...]
    pictured: frozenset[int]
    """Characters with at least one reference."""

    locations: tuple[Location, ...]
    props: tuple[Prop, ...]
    styles: tuple[Style, ...]
    bible: StoryBible | None

    def of(self, *kinds: GatherKind) -> list[GatherItem]:
        """The gather items of these kinds, oldest first."""
        return [item for item in self.items if item.kind in kinds]

    def words_of(self, *kinds: GatherKind) -> int:
        """Words in the gather items of these kinds."""
        return sum(len(f"{item.title} {item.body}".split()) for item in self.of(*kinds))


def material_of(project: Project) -> Material:
    """What the production has now: omitted scenes do not count."""
    scenes = Scene.objects.filter(chapter__project=project).exclude(state__status=SceneStatus.OMITTED)
    people = CharacterReference.objects.filter(character__project=project).values_list("character_id", flat=True)
    return Material(
        project=project,
        items=tuple(GatherItem.objects.filter(project=project).select_related("attachment").order_by("pk")),
        chapters=tuple(Chapter.objects.filter(project=project).select_related("project").order_by("number")),
        scenes=tuple(scenes.select_related("location").order_by("chapter__number", "sequence")),
        characters=tuple(Character.objects.filter(project=project).order_by("pk")),
        pictured=frozenset(people),
        locations=tuple(Location.objects.filter(project=project).order_by("pk")),
        props=tuple(Prop.objects.filter(project=project).order_by("pk")),
        styles=tuple(Style.objects.filter(project=project).order_by("pk")),
        bible=StoryBible.objects.filter(project=project).first(),
    )
