"""Material and the readiness of departments in the shape the templates of the gather room show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from media_pipeline.assets import MediaAsset
from media_pipeline.departments.registry import Department, Phase, departments
from media_pipeline.qualification import Judged, judge
from projects.choices import Evaluator, GatherKind
from projects.models import DepartmentReadiness, GatherItem, Project

from .cards import media_url
from .gather_forms import in_words

SHORT = 280
"""Letters of a text that its card shows at first."""

PHASES = {
    Phase.A: "First: people, world and look",
    Phase.B: "Then: screenplay, scenes and shots",
    Phase.C: "Last: everything around them",
}

NOUNS = {
    GatherKind.WORLD_RULE: r"\brules?\b",
    GatherKind.CHARACTER: r"\bcharacters?\b|\bpeople\b",
    GatherKind.LOCATION: r"\bplaces?\b|\blocations?\b",
    GatherKind.PROP: r"\bprops?\b",
    GatherKind.VISUAL_REFERENCE: r"\bpictures?\b|\bvisual\b|\bimages?\b",
    GatherKind.MUSIC_REFERENCE: r"\bmusic\b|\bsounds?\b",
    GatherKind.SCENE: r"\bscenes?\b",
    GatherKind.DOCUMENT: r"\bdocuments?\b|\btreatment\b",
    GatherKind.NOTE: r"\bnotes?\b",
}
"""Words by which a sentence about what is missing speaks of a kind of material, the surest first."""


@dataclass(frozen=True)
class ItemCard:
    """One piece of material."""

    item: GatherItem
    picture: str
    asset: MediaAsset | None

    @property
    def pk(self) -> int:
        """Of the item."""
        return self.item.pk

    @property
    def file_url(self) -> str:
        """Where the attachment is."""
        return media_url(self.asset.pk) if self.asset else ""

    @property
    def file_name(self) -> str:
        """What the attachment was called when it was sent."""
        return str(self.asset.provenance.get("file_name") or f"File {self.asset.pk}") if self.asset else ""

    @property
    def short(self) -> str:
        """The beginning of a long text, to the end of a word."""
        body = self.item.body
        return body if len(body) <= SHORT else f"{body[:SHORT].rsplit(None, 1)[0]} …"

    @property
    def is_long(self) -> bool:
        """Whether there is more than the card shows at first."""
        return len(self.item.body) > SHORT

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Names with values."""
        return [(name, in_words(value)) for name, value in self.item.structured.items()]

    @property
    def department(self) -> str:
        """Whose material it is, in words."""
        return department_words(self.item.department)


def department_words(key: str) -> str:
    """What a department is called; a name that is none stands as it is."""
    return {one.key: one.label for one in departments()}.get(key, key)


def item_card(item: GatherItem) -> ItemCard:
    """The card of an item that queries.material read."""
    asset = item.attachment
    small: list[MediaAsset] = getattr(asset, "small", []) if asset else []
    picture = media_url(small[0].pk) if small else ""
    if asset and not picture and asset.kind == MediaAsset.Kind.IMAGE:
        picture = media_url(asset.pk)
    return ItemCard(item, picture, asset)


@dataclass(frozen=True)
class Missing:
    """What a department lacks, and the kind of material that would help."""

    words: str
    kind: str


@dataclass(frozen=True)
class ReadinessCard:
    """One department: what it does, how ready its material is, and what is missing."""

    department: Department
    score: int
    threshold: int
    missing: list[Missing]
    by_model: DepartmentReadiness | None

    @property
    def ready(self) -> bool:
        """Whether the score is at or above the threshold."""
        return self.score >= self.threshold

    @property
    def words(self) -> str:
        """The score in words."""
        if self.ready:
            return "Ready"
        return "Not ready, and the start waits for it" if self.department.required else "Better with more"


@dataclass(frozen=True)
class ReadinessBoard:
    """Every department, phase by phase."""

    phases: list[tuple[str, list[ReadinessCard]]]

    @property
    def cards(self) -> list[ReadinessCard]:
        """Of all phases."""
        return [card for _, cards in self.phases for card in cards]

    @property
    def waits_for(self) -> list[ReadinessCard]:
        """The required departments that are not ready."""
        return [card for card in self.cards if card.department.required and not card.ready]

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        ready, waits = sum(card.ready for card in self.cards), len(self.waits_for)
        if not waits:
            return f"Ready: {ready} of {len(self.cards)} departments have what they need."
        named = ", ".join(card.department.label for card in self.waits_for)
        return f"Not ready: {named}. {ready} of {len(self.cards)} departments have what they need."


def readiness_board(project: Project) -> ReadinessBoard:
    """How ready the production is now, by rules, with a model's judgement beside where there is one."""
    told = DepartmentReadiness.objects.filter(project=project, evaluated_by=Evaluator.MODEL)
    return board_of(judge(project), told)


def board_of(judged: Sequence[Judged], told: Iterable[DepartmentReadiness]) -> ReadinessBoard:
    """The same, of judgements that are at hand."""
    by_model = {one.department: one for one in told}
    cards = [
        ReadinessCard(
            one.department, one.readiness.score, one.threshold,
            [Missing(words, kind_for(words, one.department)) for words in one.readiness.missing],
            by_model.get(one.department.key),
        )
        for one in judged
    ]  # fmt: skip
    phases = [(PHASES[phase], [card for card in cards if card.department.phase == phase]) for phase in Phase]
    return ReadinessBoard([(words, found) for words, found in phases if found])


def kind_for(words: str, department: Department) -> str:
    """The kind of material that a sentence about what is missing asks for; the department's usual one else."""
    for kind, noun in NOUNS.items():
        if kind in department.kinds and re.search(noun, words, re.IGNORECASE):
            return str(kind)
    return next((str(kind) for kind in GatherKind if kind in department.kinds), "")


def wrote_words(output: Any) -> str:
    """What a department wrote, as its run's output says it in numbers, the most first: "3 world rules, 1 tone"."""
    if not isinstance(output, dict):
        return ""
    wrote = output.get("wrote")
    counted = wrote if isinstance(wrote, dict) else output
    most_first = sorted(
        (-number, name)
        for name, number in counted.items()
        if isinstance(number, int) and not isinstance(number, bool) and number > 0
    )
    numbers = [f"{-number} {name.replace('_', ' ')}" for number, name in most_first]
    by = f" (by {output['by']})" if output.get("by") else ""
    return f"{', '.join(numbers)}{by}" if numbers else f"Nothing new: what it would write stands there already{by}"
