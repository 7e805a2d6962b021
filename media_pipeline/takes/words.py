"""What a shot's picture and its motion are asked for with: the blocks of the prompts, from the records.

The planner writes a prompt for every shot it plans. Where a person has since decided otherwise about something that
stands in those words, they are no longer true, and the template is filled in from the records instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from scenes.direction import Resolved, Source, value_in_words
from scenes.models import Shot

from .layers import Layer
from .wording import Block, Wording

QUESTION_TEMPLATES = {"verification.picture", "verification.knowledge"}

IN_PLANNED_PICTURE = frozenset({"shot_size", "camera_angle", "lens_mm", "weather", "time_of_day"})
"""Direction that the planner's own picture prompt tells."""

IN_PLANNED_MOTION = frozenset({"camera_movement"})

IN_PICTURE_TEMPLATE = frozenset(
    {
        "shot_size", "camera_angle", "lens_mm", "time_of_day", "lighting_type", "key_light", "colour_temperature",
        "lighting_mood", "composition",
    }
)  # fmt: skip
"""Direction that the template of a key frame tells."""

PICTURE_ROWS = (
    ("Camera", ("shot_size", "camera_angle", "lens_mm", "aperture", "depth_of_field", "focus_target", "perspective")),
    ("Frame", ("framing", "composition", "eyeline", "screen_direction")),
    ("Light", ("lighting_type", "key_light", "colour_temperature", "contrast", "lighting_mood")),
    ("Air", ("time_of_day", "weather", "season", "atmosphere")),
    ("Set", ("set_dressing",)),
    ("Colours", ("palette", "colour_grade", "texture")),
)
"""How direction is told to a model: the sentence's first word, and the fields in it."""

SAID_AS = {
    "key_light": "key light from {}", "depth_of_field": "{} depth of field", "focus_target": "focus on {}",
    "contrast": "{} contrast", "eyeline": "eyeline {}", "screen_direction": "movement {}",
}  # fmt: skip


class Words:
    """The blocks of one shot's prompts. `templates` are the keys of those that were filled in."""

    def __init__(
        self, shot: Shot, direction: Mapping[str, Resolved], values: Mapping[str, str], wording: Wording
    ) -> None:  # fmt: skip
        self.shot, self.direction, self.values, self.wording = shot, direction, values, wording
        self.templates: set[str] = set()

    def picture(self, looks: str, corrections: str) -> list[Block]:
        """The picture in words: the production's base, what is seen, how those in it look, how it is filmed, the
        style, what to put right."""
        by_hand = "text_prompt" in self.shot.overrides
        outdated = self._outdated(IN_PLANNED_PICTURE | {"business", "props_seen"}) or self._says("depth_of_field")
        seen, told = self.direction["text_prompt"].value, frozenset[str]()
        if not seen or (outdated and not by_hand):
            seen, told = self._filled("scene.key_frame", without="style"), IN_PICTURE_TEMPLATE
        elif not by_hand:
            told = IN_PLANNED_PICTURE
        return [
            Block(name="base", text=self.direction["base_prompt"].value),
            Block(name="picture", text=seen, by_hand=by_hand),
            Block(name="people", text=looks),
            Block(name="direction", text=directed(self.direction, PICTURE_ROWS, told)),
            Block(name="style", text=self._style()),
            _put_right(corrections),
        ]

    def motion(self, corrections: str) -> list[Block]:
        """The motion in words: what moves, how long and at which pace, what it should feel like, what to put right."""
        by_hand = "motion_prompt" in self.shot.overrides
        text, pace = self.direction["motion_prompt"].value, self._pace()
        if not text or (self._outdated(IN_PLANNED_MOTION | {"business"}) and not by_hand):
            text, pace = self._filled("video.motion"), ""
        return [
            Block(name="motion", text=text, by_hand=by_hand),
            Block(name="direction", text=pace),
            _put_right(corrections),
        ]

    def layers(self, layers: Sequence[Layer], corrections: str) -> tuple[Layer, ...]:
        """The layers of a composite: the first one is told how the production looks, the last what to put right."""
        made = list(layers)
        if made:
            told = IN_PICTURE_TEMPLATE | ({"palette"} if "Colours:" in made[0].prompt else set())
            look = (
                self.direction["base_prompt"].value, directed(self.direction, PICTURE_ROWS[2:], told), self._style(),
            )  # fmt: skip
            made[0] = _told(made[0], *look)
            made[-1] = _told(made[-1], _put_right(corrections).text)
        return tuple(made)

    def triptych(self, corrections: str) -> str:
        """A photographic triptych, never a storyboard or comic: a person's own words, else the template."""
        text = self.shot.triptych_prompt or self._filled("scene.triptych")
        return "\n".join(filter(None, (text, _put_right(corrections).text)))

    def _style(self) -> str:
        style = self.direction["style"].value
        parts = [", ".join(style.keywords), style.prompt_fragment] if style else []
        return ". ".join(part.strip(" .,") for part in parts if part.strip())

    def _pace(self) -> str:
        """Length, pace, effect and light of the shot, which the planner's words leave out."""
        values = self.values
        speed = f"The camera's speed: {values['speed']}." if values.get("speed") else ""
        light = f"Light: {values['lighting']}." if values.get("lighting") else ""
        pace = f"The shot lasts {values['seconds']} seconds and its pace is {values.get('pacing', 'medium')}."
        return " ".join(filter(None, (speed, pace, light, values.get("effect", ""))))

    def _filled(self, key: str, without: str = "") -> str:
        self.templates.add(key)
        values = {name: value for name, value in self.values.items() if name != without}
        return self.wording.text(key, values, self.shot.scene)

    def _outdated(self, told: Collection[str]) -> bool:
        return bool(set(told) & set(self.shot.overrides))

    def _says(self, name: str) -> bool:
        return self.direction[name].source is not Source.NOBODY


def directed(
    direction: Mapping[str, Resolved], rows: tuple[tuple[str, tuple[str, ...]], ...], told: Collection[str]
) -> str:  # fmt: skip
    """How it is filmed, in sentences; without what is `told` already and what nobody says."""
    sentences = []
    for first, names in rows:
        said = [_said(name, direction[name]) for name in names if name not in told]
        if words := ", ".join(filter(None, said)):
            sentences.append(f"{first}: {words}.")
    return " ".join(sentences)


def _said(name: str, found: Resolved) -> str:
    if found.source is Source.NOBODY:
        return ""
    words = value_in_words(name, found.value).strip(" .")
    words = words.lower() if isinstance(found.value, str) and found.value.islower() and "_" in found.value else words
    return SAID_AS.get(name, "{}").format(words[:1].lower() + words[1:] if name in SAID_AS else words)


def _told(layer: Layer, *words: str) -> Layer:
    text = "\n".join(
        filter(None, (layer.prompt, *(word.strip() for word in words if word.strip() not in layer.prompt)))
    )
    return layer.model_copy(update={"prompt": text})


def _put_right(corrections: str) -> Block:
    return Block(
        name="corrections", text=f"Put right from the take before: {corrections}" if corrections else ""
    )  # fmt: skip
