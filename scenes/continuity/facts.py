"""What the continuity rules know of a shot, taken from its records once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scenes.choices import ShotSize
from scenes.direction import resolved, values_of
from scenes.models import Scene, Shot, ShotCast

WIDTH = {
    size: rung
    for rung, sizes in enumerate(
        (
            (ShotSize.EXTREME_CLOSE_UP, ShotSize.INSERT), (ShotSize.CLOSE_UP,), (ShotSize.MEDIUM_CLOSE_UP,),
            (ShotSize.MEDIUM, ShotSize.OVER_SHOULDER, ShotSize.POINT_OF_VIEW),
            (ShotSize.MEDIUM_WIDE, ShotSize.TWO_SHOT),
            (ShotSize.FULL,), (ShotSize.WIDE,), (ShotSize.EXTREME_WIDE,),
        )
    )
    for size in sizes
}  # fmt: skip
"""Size of a frame -> its rung on the ladder from the closest to the widest."""


@dataclass(frozen=True)
class Person:
    """Somebody in a shot. `look` names what they wear; empty where no look is known."""

    name: str
    side: str = "centre"
    facing: str = "camera"
    on_camera: bool = True
    look: str = ""


@dataclass(frozen=True)
class ShotFacts:
    """A shot as continuity sees it. `direction` holds the resolved values; `props` are upper case names."""

    label: str
    direction: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    speakers: frozenset[str] = frozenset()
    props: frozenset[str] = frozenset()
    hero_props: frozenset[str] = frozenset()
    business: str = ""
    outside: bool = False
    continues: bool = False
    approach: str = ""
    hands_over_by: str = "cut"

    def value(self, name: str) -> Any:
        """A value of the direction; empty where nobody says."""
        return self.direction.get(name) or ""

    @property
    def width(self) -> int:
        """The rung of the frame's size, 0 for the closest; medium where nobody says."""
        return WIDTH.get(self.value("shot_size"), 3)

    @property
    def seen(self) -> dict[str, Person]:
        """The people the camera sees, by name."""
        return {person.name: person for person in self.people if person.on_camera}


def facts_of(shot: Shot) -> ShotFacts:
    """The facts of a shot; reads its cast, lines and scene (with cast and props): prefetch them for many."""
    scene: Scene = shot.scene
    looks = {member.character_id: member.look for member in scene.cast.all() if member.character_id}
    return ShotFacts(
        label=str(shot),
        direction=values_of(resolved(shot)),
        people=tuple(_person(member, looks) for member in shot.cast.all()),
        speakers=frozenset(
            line.speaker.upper() for line in shot.lines.all() if not line.voice_over and not line.off_screen
        ),
        props=frozenset(name.upper() for name in shot.props_seen),
        hero_props=frozenset(str(prop).upper() for prop in scene.props.all() if prop.is_hero),
        business=f"{shot.business} {shot.description}",
        outside=scene.int_ext != "INT",
        continues=shot.continues_previous,
        approach=shot.approach,
        hands_over_by=shot.transition_out,
    )


def _person(member: ShotCast, of_the_scene: Mapping[int, Any]) -> Person:
    look = member.look
    if look is None and member.character is not None:
        look = of_the_scene.get(member.character.pk) or member.character.default_look
    return Person(member.name.upper(), member.side, member.facing, member.on_camera, look.name if look else "")
