"""The scenes of a production as the departments of phase C read them, and the lots in which a model is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel

from characters.models import Character
from media_pipeline.providers.base import Request, TextRequest
from media_pipeline.providers.llm.answers import Answer, model_configured
from media_pipeline.runs.context import RunContext
from projects.actions import remove_document, write_document
from projects.choices import GatherKind
from projects.models import GatherItem, Project, QualifiedDocument
from projects.screenplay.emphasis import plain_text
from projects.screenplay.fountain import read_scene
from projects.screenplay.model import ElementType
from prompts.queries import NoTemplate, rendered, template_for
from prompts.rendering import PromptProblem
from scenes.choices import ApprovalState
from scenes.models import Scene
from scenes.planning.people import Names
from scenes.queries import active_scenes

from .asking import ask_department, in_words, who

T = TypeVar("T", bound=BaseModel)

LOT_SCENES, LOT_LETTERS = 8, 16_000
"""Most scenes of one question and most letters of their script: a feature film of 200 scenes is 25 questions."""

MOST_TOKENS = 4000
"""Of one answer."""

TEMPLATE = "department.breakdown"
"""The prompt template a question begins with."""

IN_THE_MATERIAL = "The scenes stand under Material."

PLAIN = "You break scenes {numbers} of {title} down for the {department} department. List what it has to bring."
"""The question where a production has no such template."""

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Script:
    """What stands in the scenes that are not omitted, in film order, with the people and the gathered material."""

    project: Project
    scenes: tuple[Scene, ...]
    people: tuple[Character, ...]
    items: tuple[GatherItem, ...]

    @cached_property
    def labels(self) -> dict[int, str]:
        """Scene -> what people call it: 12A, with its chapter where there are several."""
        many = len({scene.chapter_id for scene in self.scenes}) > 1
        return {scene.pk: f"{scene.chapter}, {scene.number}" if many else scene.number for scene in self.scenes}

    def key_of(self, scene: Scene) -> str:
        """The key of a document about the scene: Scene 12A, with its chapter where there are several."""
        label = self.labels[scene.pk]
        return f"Scene {label}" if label == scene.number else f"{scene.chapter}, scene {scene.number}"

    @cached_property
    def names(self) -> Names:
        """Finds the people of the production in text."""
        return Names([name for person in self.people for name in (person.name, *person.aliases)])

    @cached_property
    def by_name(self) -> dict[str, Character]:
        """Everybody by each of their names, folded."""
        return {folded(name): person for person in self.people for name in reversed((person.name, *person.aliases))}

    def of(self, *kinds: GatherKind) -> list[GatherItem]:
        """The gather items of these kinds, oldest first."""
        return [item for item in self.items if item.kind in kinds]

    def person_of(self, text: str) -> Character | None:
        """The one character a text names, or None where it names nobody or several."""
        exact = self.by_name.get(folded(text))
        found = {self.by_name[folded(name)].pk: self.by_name[folded(name)] for name in self.names.mentioned(text)}
        return exact or (next(iter(found.values())) if len(found) == 1 else None)

    def label_in(self, text: str) -> str:
        """The label a text such as "Scene 12a" or "12A" means, or ""."""
        wanted = folded(re.sub(r"(?i)^\s*(?:scene|sc\.?)\s+", "", text))
        return next((label for label in self.labels.values() if folded(label) == wanted), "")


def read_script(project: Project, *lists: str) -> Script:
    """Read the scenes with these lists of theirs, the people and the gather items, in a fixed number of queries."""
    scenes = active_scenes().filter(chapter__project=project).select_related("chapter__project", "location", "state")
    return Script(
        project,
        tuple(scenes.prefetch_related(*lists).order_by("chapter__number", "sequence")),
        tuple(Character.objects.filter(project=project).order_by("pk")),
        tuple(GatherItem.objects.filter(project=project).select_related("attachment").order_by("pk")),
    )


def actions_of(scene: Scene) -> list[str]:
    """The paragraphs of the scene's action, as plain text."""
    elements = read_scene(scene.screenplay_text).elements
    texts = (" ".join(plain_text(one).split()) for one in elements if one.type is ElementType.ACTION)
    return [text for text in texts if text]


def is_settled(scene: Scene) -> bool:
    """Whether people have approved the scene as it is written: a machine leaves it so."""
    return scene.state.approval == ApprovalState.APPROVED


def fact(item: GatherItem, *names: str) -> str:
    """A value of the item's structured data under any of these names, however they are written; "" where none is."""
    wanted = {_bare(name) for name in names}
    values = (value for name, value in item.structured.items() if _bare(str(name)) in wanted)
    return next((str(value).strip() for value in values if value not in (None, "")), "")


def listed(text: str) -> list[str]:
    """What a text names one after the other, with commas, semicolons or lines between."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", text) if part.strip()))


def colours(text: str) -> list[str]:
    """The colours in hex that a text names."""
    return list(dict.fromkeys(COLOUR.findall(text)))


def folded(text: str) -> str:
    """A name as names are compared."""
    return " ".join(str(text).split()).casefold()


def is_named(name: str, text: str) -> bool:
    """Whether a text has the name, or its plural, as words of its own."""
    parts = name.split()
    if not parts or parts[0].casefold() not in text.casefold():
        return False
    words = r"\s+".join(re.escape(part) for part in parts)
    return re.search(rf"(?<!\w){words}s?(?!\w)", text, re.IGNORECASE) is not None


def only_empty(record: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the fields that the record has nothing in yet and there is something for."""
    return {name: value for name, value in fields.items() if value and not getattr(record, name)}


# -- questions


def lots(script: Script, department: str) -> list[dict[str, Any]]:
    """The scenes in lots: `scenes` (labels), `ids`, and the `question` and `material` a model is given for each."""
    found: list[list[Scene]] = []
    letters = 0
    for scene in script.scenes:
        size = min(len(scene.screenplay_text), LOT_LETTERS)
        if not found or len(found[-1]) == LOT_SCENES or letters + size > LOT_LETTERS:
            found.append([])
            letters = 0
        found[-1].append(scene)
        letters += size
    return [_lot(script, department, scenes) for scenes in found]


def _lot(script: Script, department: str, scenes: Sequence[Scene]) -> dict[str, Any]:
    labels = [script.labels[scene.pk] for scene in scenes]
    return {
        "scenes": labels,
        "ids": [scene.pk for scene in scenes],
        "question": _question(script.project, department, ", ".join(labels)),
        "material": "\n\n".join(
            f"Scene {script.labels[scene.pk]}: {scene.heading}\n{scene.screenplay_text[:LOT_LETTERS]}"
            for scene in scenes
        ),
    }


def _question(project: Project, department: str, numbers: str) -> str:
    """The production's template filled in; a template that is switched off or asks for more leaves plain words."""
    values = {"number": numbers, "title": project.title, "department": department, "screenplay": IN_THE_MATERIAL}
    try:
        return rendered(template_for(TEMPLATE, project), values)
    except (NoTemplate, PromptProblem):
        return PLAIN.format(numbers=numbers, title=project.title, department=department)


def ask_by_lots(
    run: RunContext, department: str, found: Sequence[Mapping[str, Any]], *, schema: type[T], wanted: str,
    told: str = "", check: Callable[[T, Mapping[str, Any]], list[str]],
) -> list[Answer[T]]:  # fmt: skip
    """One question per lot of scenes, one remembered answer each; the rules add nothing here (an empty answer).

    `wanted` says what the answer holds, `told` is gathered material every question gets, `check` finds what is wrong
    with an answer besides its shape.
    """
    return [
        ask_department(
            run, department, f"scenes/{place}", schema=schema, question=f"{lot['question']}\n\n{wanted}",
            material=f"{lot['material']}\n\n{told}".strip(), fallback=schema, max_tokens=MOST_TOKENS,
            check=lambda value, lot=lot: check(value, lot),  # type: ignore[misc]
        )
        for place, lot in enumerate(found, start=1)
    ]  # fmt: skip


def questions(project: Project, department: str) -> list[tuple[str, Request]]:
    """The questions of a department that asks by lots of scenes, for the estimate; none where no model is set up."""
    if not model_configured(project.quality_tier):
        return []
    return [
        ("scenes", TextRequest(
            prompt=f"{lot['question']}\n\n{lot['material']}", max_tokens=MOST_TOKENS, temperature=Decimal("0.2")
        ))
        for lot in lots(read_script(project), department)
    ]  # fmt: skip


def unknown_scenes(named: Iterable[str], lot: Mapping[str, Any]) -> list[str]:
    """A sentence for each scene of an answer that is none of the lot's."""
    known = {folded(label) for label in lot["scenes"]}
    return [
        f"There is no scene {label} in the material: it has {', '.join(lot['scenes'])}."
        for label in dict.fromkeys(named) if folded(label) not in known
    ]  # fmt: skip


def scene_of(label: str, lot: Mapping[str, Any]) -> int:
    """The scene a label of an answer means."""
    return dict(zip(map(folded, lot["scenes"]), lot["ids"], strict=True))[folded(label)]


def made_by(answers: Sequence[Answer[Any]]) -> str:
    """Who made a department's documents: the model where it answered anything, else the rules."""
    by = [who(answer) for answer in answers]
    return next((name for name in by if not name.startswith("rules")), next(iter(by), "rules"))


def told_in(script: Script, *kinds: GatherKind) -> str:
    """The gather items of these kinds as a model reads them."""
    return in_words(script.of(*kinds))


# -- documents


def keep_documents(project: Project, collection: str, data: Mapping[str, Any], *, by: str) -> int:
    """Make a collection exactly these documents, by key; returns how many were written because they differ."""
    standing = {one.key: one for one in QualifiedDocument.objects.filter(project=project, collection=collection)}
    wrote = 0
    for key, content in data.items():
        value = content | {"order": names_in_order(content)}
        there = standing.get(key)
        if there is None or (there.data, there.generated_by, there.schema_version) != (value, by, SCHEMA_VERSION):
            write_document(project, collection, key, value, schema_version=SCHEMA_VERSION, generated_by=by[:80])
            wrote += 1
    for key in standing.keys() - data.keys():
        remove_document(standing[key])
    return wrote


def names_in_order(data: Any, part: str = "") -> dict[str, list[str]]:
    """The names in a document as they were written, by the part they stand in ("": the document itself).

    They go with the document because PostgreSQL keeps no order in JSON, and tables are read from left to right.
    """
    found: dict[str, list[str]] = {}
    for row in data if isinstance(data, list) else [data]:
        if not isinstance(row, dict):
            continue
        found[part] = list(dict.fromkeys([*found.get(part, ()), *row]))
        for name, value in row.items():
            for inner, names in names_in_order(value, name).items():
                found[inner] = list(dict.fromkeys([*found.get(inner, ()), *names]))
    return found


def keys_for(records: Iterable[Any]) -> dict[int, str]:
    """A document's key for each record, by its name: at most 120 letters, and no two the same."""
    keys: dict[int, str] = {}
    taken: set[str] = set()
    for record in records:
        key = str(record)[:120]
        keys[record.pk] = key if key not in taken else f"{key[:100]} ({record.pk})"
        taken.add(keys[record.pk])
    return keys


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
