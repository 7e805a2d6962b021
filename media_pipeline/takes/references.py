"""Which pictures go with a request: chosen by people, else by where the camera stands and where somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from characters.models import CharacterReference
from media_pipeline.providers.base import Record, Reference
from scenes.choices import ReferenceKind
from scenes.models import Location, Prop, Shot, ShotCast

Angle = CharacterReference.Angle

SEEN_FROM = {
    ShotCast.Facing.CAMERA: (Angle.FRONT, Angle.THREE_QUARTER_LEFT, Angle.THREE_QUARTER_RIGHT),
    ShotCast.Facing.LEFT: (Angle.LEFT, Angle.THREE_QUARTER_LEFT, Angle.FRONT),
    ShotCast.Facing.RIGHT: (Angle.RIGHT, Angle.THREE_QUARTER_RIGHT, Angle.FRONT),
    ShotCast.Facing.AWAY: (Angle.BACK,),
}
"""Where somebody looks, seen from the camera -> the sides of them that it sees, best first: who looks to the left of
the frame shows the camera the left side of the face."""

FROM_ABOVE = frozenset({"high_angle", "birds_eye", "overhead"})
FROM_BELOW = frozenset({"low_angle", "worms_eye", "ground_level"})
NEAR = frozenset({"close_up", "extreme_close_up", "medium_close_up"})
USABLE = (
    CharacterReference.Kind.MASTER, CharacterReference.Kind.VIEW, CharacterReference.Kind.KEYSTONE,
    CharacterReference.Kind.EXPRESSION, CharacterReference.Kind.POSE, CharacterReference.Kind.WARDROBE,
)  # fmt: skip
"""Kinds that show a character as settled; candidates are not."""


class Chosen(Record):
    """A picture that goes with a request, and why it does."""

    asset: int
    media: str
    kind: str
    name: str = ""
    description: str = ""
    reason: str = ""

    @property
    def reference(self) -> Reference:
        """As providers take it."""
        return Reference(media=self.media, kind=self.kind, name=self.name, description=self.description)  # type: ignore[arg-type]


def of_character(person: ShotCast, direction: Mapping[str, Any], *, most: int = 1) -> list[Chosen]:
    """The references of somebody in a shot that show them as the camera sees them, the best first."""
    if person.character is None:
        return []
    look = person.look or person.character.default_look
    ranked = sorted(
        (row for row in person.character.references.all() if row.kind in USABLE),
        key=lambda row: (-_fit(row, person, direction, look.pk if look else None), row.pk),
    )
    return [_chosen(row, person, direction) for row in ranked[:most]]


def _fit(row: CharacterReference, person: ShotCast, direction: Mapping[str, Any], look: int | None) -> int:
    """How well a reference shows somebody: the side counts most, then what they wear, height and nearness."""
    sides = SEEN_FROM[ShotCast.Facing(person.facing)]
    points = 0
    if row.angle in sides:
        points += 10 - 2 * sides.index(Angle(row.angle))
    elif row.kind == CharacterReference.Kind.MASTER:
        points += 3
    points += 4 if look is not None and row.look_id == look else (-4 if row.look_id and row.look_id != look else 0)
    points += 3 if _height(row) and _height(row) == _camera_height(direction) else 0
    points += 2 if row.angle == Angle.CLOSE_UP and direction.get("shot_size") in NEAR else 0
    points += 1 if row.expression and row.expression.lower() in person.emotion.lower() else 0
    return points


def _height(row: CharacterReference) -> str:
    if row.angle in (Angle.LOW, Angle.HIGH):
        return str(row.angle)
    tilt = row.vertical_angle or 0
    return "high" if tilt >= 20 else ("low" if tilt <= -20 else "")


def _camera_height(direction: Mapping[str, Any]) -> str:
    angle = direction.get("camera_angle")
    return "high" if angle in FROM_ABOVE else ("low" if angle in FROM_BELOW else "")


def _chosen(row: CharacterReference, person: ShotCast, direction: Mapping[str, Any]) -> Chosen:
    facing = {"camera": "the camera", "away": "away"}.get(person.facing, f"to the {person.facing}")
    words = row.get_angle_display().lower() or row.get_kind_display().lower()
    from_height = _camera_height(direction)
    seen = f", seen from {'above' if from_height == 'high' else 'below'}" if from_height else ""
    return Chosen(
        asset=row.image_id, media=row.image.sha256, kind=ReferenceKind.CHARACTER, name=person.name,
        description=row.description[:400], reason=f"{person.name} looks {facing}{seen}: the {words} picture.",
    )  # fmt: skip


def of_location(location: Location | None, time_of_day: str, camera_angle: str) -> list[Chosen]:
    """One picture of the place: at the time it plays at where there is one, then from the camera's angle."""
    rows = list(location.references.all()) if location else []
    if location is None or not rows:
        return []
    best = max(rows, key=lambda row: ((row.time_of_day == time_of_day) * 2 + (row.angle == camera_angle), -row.pk))
    same_time = best.time_of_day == time_of_day
    reason = f"{location.name} at {best.get_time_of_day_display().lower()}" if best.time_of_day else location.name
    return [
        Chosen(
            asset=best.picture_id, media=best.picture.sha256, kind=ReferenceKind.LOCATION, name=location.name,
            description=best.description,
            reason=f"{reason}." if same_time or not time_of_day else f"{reason}; there is none of {time_of_day}.",
        )
    ]  # fmt: skip


def of_prop(prop: Prop) -> list[Chosen]:
    """The first picture of a thing, in the order people gave them."""
    return [
        Chosen(
            asset=row.picture_id, media=row.picture.sha256, kind=ReferenceKind.PROP, name=prop.name,
            description=row.description, reason=f"The first picture of {prop.name}.",
        )
        for row in list(prop.references.all())[:1]
    ]  # fmt: skip


def by_people(shot: Shot, kinds: Iterable[str]) -> list[Chosen]:
    """The pictures that people chose for a shot, of these kinds: they go before every other."""
    return [
        Chosen(
            asset=row.picture_id, media=row.picture.sha256, kind=row.kind, name=row.name, description=row.description,
            reason=f"Chosen by {row.chosen_by}.",
        )
        for row in shot.references.all()
        if row.chosen_by_id and row.kind in set(kinds)
    ]  # fmt: skip
