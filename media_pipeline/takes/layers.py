"""How a shot's start image is built up: the place in its light, then the people, then the things they handle.

Every layer is made on top of the one before, with at most three references, the picture that is changed among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from media_pipeline.providers.base import Record, ShotBrief
from scenes.choices import CompositeLayer, ReferenceKind
from scenes.models import Scene, Shot, ShotCast
from scenes.place_in_words import place_in_words

from .limits import limits
from .references import Chosen, by_people, of_character, of_location, of_prop
from .wording import Wording

NO_FACES = " Faces and clothes are those of the references."

WHOLE = ("location", "lighting", "camera", "characters", "props")
"""What a finished picture is judged by."""

ASPECTS = {
    CompositeLayer.LOCATION: ("location", "lighting", "camera"),
    CompositeLayer.CHARACTERS: ("location", "lighting", "camera", "characters"),
    CompositeLayer.PROPS: WHOLE,
    CompositeLayer.CORRECTION: WHOLE,
}
"""What can be judged once a layer is there: of an empty room nobody asks where the people are."""


class Layer(Record):
    """One layer: what is asked for, with which pictures, and why these."""

    layer: str
    prompt: str
    references: tuple[Chosen, ...] = ()
    reason: str = ""
    template: str = ""
    brief: ShotBrief | None = None

    @property
    def aspects(self) -> tuple[str, ...]:
        """What a look at this layer can judge."""
        return ASPECTS[CompositeLayer(self.layer)]


def layers_of(
    shot: Shot, direction: Mapping[str, Any], values: Mapping[str, str], wording: Wording, brief: ShotBrief, *,
    with_people: bool = True,
) -> tuple[Layer, ...]:  # fmt: skip
    """The layers of a shot in order: a person's plan where there is one, else place, people, things.

    A request takes the picture and two more references, so more than two people are put in two by two. Without
    `with_people` their own references stay at home; what a person chose for the shot goes along all the same.
    """
    planned = [row["layer"] for row in shot.composite_plan] or list(CompositeLayer.values[:3])
    made: list[Layer] = []
    for name in dict.fromkeys(planned):
        if name == CompositeLayer.LOCATION:
            made.append(_location(shot, direction, values, wording, brief))
        elif name == CompositeLayer.CHARACTERS:
            made += _characters(shot, direction, values, wording, brief, with_people)
        elif name == CompositeLayer.PROPS:
            made += _props(shot, wording, brief)
    beyond = len(made) - limits().iterations
    if beyond > 0:
        made = made[: limits().iterations]
        left = f" Layers beyond {limits().iterations} are left out: {beyond}."
        made[-1] = made[-1].model_copy(update={"reason": made[-1].reason + left})
    if made:  # what nobody has a picture of is drawn with the last layer
        made[-1] = made[-1].model_copy(update={"brief": brief})
    return tuple(made)


def _location(
    shot: Shot, direction: Mapping[str, Any], values: Mapping[str, str], wording: Wording, brief: ShotBrief
) -> Layer:
    time_of_day = direction["time_of_day"]
    pictures = by_people(shot, [ReferenceKind.LOCATION, ReferenceKind.STYLE])
    pictures += of_location(shot.scene.location, time_of_day, direction["camera_angle"])
    pictures = _distinct(pictures)[: limits().references]
    key = "location.relight" if pictures else "location.reference"
    variant = _variant(shot, time_of_day)
    framed = f"Framed as: {values['camera']}." if values.get("camera") else ""
    described = {"lighting": f"{values['lighting']}."} if values.get("lighting") else {"lighting": "Natural light."}
    if "description" not in values:
        described["description"] = _place_in_words(shot.scene) or values.get("location", "as the scene is")
    text = wording.text(key, {**values, **described, "variant": variant, "angle": framed})
    if pictures:
        text = f"{text} {framed}".strip()
    return Layer(
        layer=CompositeLayer.LOCATION, prompt=text, references=tuple(pictures),
        reason=pictures[0].reason if pictures else "There is no picture of the place: it is made from words.",
        template=wording.version(key), brief=brief.model_copy(update={"cast": (), "props": ()}),
    )  # fmt: skip


def _place_in_words(scene: Scene) -> str:
    people = [person.name or getattr(person.character, "name", "") for person in scene.cast.all()]
    return place_in_words(scene.screenplay_text, people)


def _variant(shot: Shot, time_of_day: str) -> str:
    location = shot.scene.location
    if location is None:
        return ""
    return next((row.description for row in location.time_variants.all() if row.time_of_day == time_of_day), "")


def _characters(
    shot: Shot, direction: Mapping[str, Any], values: Mapping[str, str], wording: Wording, brief: ShotBrief,
    with_people: bool,
) -> list[Layer]:  # fmt: skip
    seen = [person for person in shot.cast.all() if person.on_camera]
    by_hand = {chosen.name.upper(): chosen for chosen in by_people(shot, [ReferenceKind.CHARACTER])}
    layers = []
    for pair in _by_twos(seen, limits().references - 1):
        pictures = [
            picture
            for person in pair
            for picture in ([by_hand[person.name.upper()]] if person.name.upper() in by_hand
                            else (of_character(person, direction) if with_people else []))
        ]  # fmt: skip
        placed = f"{values['blocking']}." if values.get("blocking") else ""
        text = wording.text("composite.characters", {**values, "people": _named(pair, values), "blocking": placed})
        if not pictures:
            text = text.replace(" from the references", "").replace(NO_FACES, "")
        missing = [person.name for person in pair if person.name not in {picture.name for picture in pictures}]
        reason = " ".join(picture.reason for picture in pictures)
        if missing:
            reason += f" There is no picture of {' and '.join(missing)}: words alone say how they look."
        layers.append(
            Layer(
                layer=CompositeLayer.CHARACTERS, prompt=text, references=tuple(_distinct(pictures)),
                reason=reason.strip(), template=wording.version("composite.characters"),
                brief=brief.model_copy(update={"props": ()}),
            )
        )  # fmt: skip
    return layers


def _named(pair: Sequence[ShotCast], values: Mapping[str, str]) -> str:
    """Those of the shot's people that this layer adds, as the shot describes them."""
    names = {person.name for person in pair}
    told = [part for part in values.get("people", "").split("; ") if any(part.startswith(name) for name in names)]
    return "; ".join(told) or " and ".join(person.name for person in pair)


def _props(shot: Shot, wording: Wording, brief: ShotBrief) -> list[Layer]:
    seen = {name.lower() for name in shot.props_seen}
    known = [row.prop for row in shot.scene.props.all() if row.prop and row.prop.name.lower() in seen]
    pictures = by_people(shot, [ReferenceKind.PROP])
    pictures += [picture for prop in known for picture in of_prop(prop)]
    layers = []
    for pair in _by_twos(_distinct(pictures), limits().references - 1):
        names = " and ".join(picture.name or "the prop" for picture in pair)
        layers.append(
            Layer(
                layer=CompositeLayer.PROPS,
                prompt=wording.text("props.place", {"prop": names, "where": shot.business}), references=tuple(pair),
                reason=" ".join(picture.reason for picture in pair), template=wording.version("props.place"),
                brief=brief,
            )
        )  # fmt: skip
    return layers


def _by_twos(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _distinct(pictures: Sequence[Chosen]) -> list[Chosen]:
    found: dict[str, Chosen] = {}
    for picture in pictures:
        found.setdefault(picture.media, picture)
    return list(found.values())
