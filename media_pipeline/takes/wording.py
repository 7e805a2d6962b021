"""The words that go to a model: compiled from records in ordered blocks, within the model's limit.

A block that a person wrote by hand stands as it was written. Which template and version each text came from is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from media_pipeline.providers.base import Record
from media_pipeline.providers.errors import Refused
from projects.models import Project
from prompts.models import PromptTemplate
from prompts.queries import rendered, template_for
from scenes.models import Scene

LEAST_FIRST = ("style", "people", "base", "direction")
"""Blocks that give way, in this order, where a model takes fewer letters; what happens and what a reviewer asked for
never do."""

STAND_IN = {
    "location": "the place", "people": "the people of the scene", "business": "what the scene shows",
    "blocking": "where they stand", "props": "none that matter", "description": "as the references show it",
    "int_ext": "interior", "first_frame": "how it begins", "hero": "its strongest moment", "last_frame": "how it ends",
    "movement": "static", "where": "where it is handled", "prop": "the prop",
}  # fmt: skip
"""What a template is given where a record says nothing: an empty record never stops a shot."""


class Block(Record):
    """A part of a prompt: what it is for, its words, and whether a person wrote them."""

    name: str
    text: str
    by_hand: bool = False


class Compiled(Record):
    """A prompt, the blocks it was made of, and those that gave way to the model's limit."""

    text: str
    blocks: tuple[Block, ...] = ()
    dropped: tuple[str, ...] = ()


def compile_blocks(blocks: Iterable[Block], most_letters: int | None) -> Compiled:
    """Join the blocks that say something, in order, within a model's letters.

    Raises Refused where what cannot be left out is too long by itself.
    """
    kept = [block for block in blocks if block.text.strip()]
    dropped: list[str] = []
    for name in LEAST_FIRST:
        if most_letters is None or len(_joined(kept)) <= most_letters:
            break
        if any(block.name == name for block in kept):
            kept = [block for block in kept if block.name != name]
            dropped.append(name)
    text = _joined(kept)
    if most_letters is not None and len(text) > most_letters:
        raise Refused(
            f"The prompt has {len(text):,} letters without what can be left out; the model takes {most_letters:,}. "
            "Shorten the shot's own prompt, or choose another model profile."
        )
    return Compiled(text=text, blocks=tuple(kept), dropped=tuple(dropped))


def _joined(blocks: list[Block]) -> str:
    return "\n".join(block.text.strip() for block in blocks)


class Wording:
    """The templates of one production, each looked up once however many shots are compiled."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._templates: dict[str, PromptTemplate] = {}
        self.versions: dict[str, str] = {}

    @classmethod
    def of(cls, project: Project) -> Wording:
        """The one of this project object; it lives as long as the object does."""
        known: Wording = project.__dict__.setdefault("_wording", cls(project))
        return known

    def text(self, key: str, values: Mapping[str, Any], scene: Scene | None = None) -> str:
        """A template filled in; a scene's own template of this key goes first. Raises prompts.queries.NoTemplate."""
        template = self.template(key, scene)
        return rendered(template, STAND_IN | {name: value for name, value in values.items() if value})

    def template(self, key: str, scene: Scene | None = None) -> PromptTemplate:
        """The template that holds for a scene."""
        chosen = scene.prompt_template if scene is not None else None
        if chosen is not None and chosen.active and chosen.key == key:
            return chosen
        if key not in self._templates:
            self._templates[key] = template_for(key, self.project)
        return self._templates[key]

    def version(self, key: str, scene: Scene | None = None) -> str:
        """Name and version of the template that holds, such as composite.characters 3."""
        template = self.template(key, scene)
        known = self.versions.get(str(template.pk))
        if known is None:
            newest = template.versions.order_by("-number").values_list("number", flat=True).first()
            known = self.versions[str(template.pk)] = f"{template.key} {newest or 1}"
        return known
