"""The people of a production: everybody the material and the script name, each once, and how their records are filled.

Names and aliases mean one person. What people wrote stays: only empty fields are filled, first with what the material
says, then with what a model answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from characters.actions import add_reference, change_character, create_character, write_look
from characters.models import Character, CharacterReference
from media_pipeline.assets import MediaAsset
from media_pipeline.departments.material import Material
from projects.choices import GatherKind
from projects.models import GatherItem, Project

from .appearance import ENOUGH, composed, seen_fields
from .facts import Facts, fits
from .limits import pictures

FIRST_LOOK = "First look"
"""Name of the look made of the wardrobe that the material tells."""

_LOOKS = re.compile(
    r"\b(\d{1,2}|old|young|tall|short|stocky|slim|thin|broad|hair|braid|bald|beard|eyes?|face|skin|scar|wears?|wearing"
    r"|coat|dress|uniform|glasses|sixt\w+|fift\w+|fort\w+|thirt\w+|twent\w+|sevent\w+)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\b(wants?|needs?|hopes?|dreams?|longs?|seeks?|must|tries|hunts?|fights? for|searches)\b", re.IGNORECASE
)


@dataclass
class Person:
    """Somebody of the story, as the material tells of them; `character` is their record where there is one."""

    name: str
    facts: Facts = field(default_factory=Facts)
    items: list[GatherItem] = field(default_factory=list)
    character: Character | None = None

    @property
    def body(self) -> str:
        """What the material says of them in sentences."""
        return "\n".join(item.body.strip() for item in self.items if item.body.strip())

    def value(self, name: str) -> Any:
        """A field as their record has it, else as the material tells it."""
        return (getattr(self.character, name) if self.character else "") or self.facts.fields.get(name, "")

    @property
    def role(self) -> str:
        """Their part in the story: of whom nobody said it, a supporting one."""
        own = self.character.role if self.character else ""
        return own or self.facts.fields.get("role", "") or str(Character.StoryRole.SUPPORTING)

    @property
    def is_pictured(self) -> bool:
        """Whether somebody in this part gets pictures."""
        return self.role not in pictures().roles_without

    @property
    def looks_told(self) -> bool:
        """Whether enough is told of their looks to make a picture of them and of nobody else."""
        if self.value("appearance_summary") or self.value("prompt_fragment"):
            return True
        text = f"{self.body} {self.character.description if self.character else ''}"
        known = seen_fields({name: self.value(name) for name in ("age", "build", "face", "eyes", "hair", "skin")})
        return len(known) + len({word.lower() for word in _LOOKS.findall(text)}) >= ENOUGH

    @property
    def want_told(self) -> bool:
        """Whether it is told what they want."""
        return bool(self.value("motivation") or self.value("arc") or _WANTS.search(self.body))


def people_of(material: Material) -> list[Person]:
    """Everybody there is a record of, then everybody the material names beside them; each once, by name and alias."""
    people = [Person(character.name, character=character) for character in material.characters]
    by_name = {
        name.casefold(): person
        for person in people
        for name in (person.name, *(person.character.aliases if person.character else ()))
    }
    items = [(item, _names_of(item)) for item in material.of(GatherKind.CHARACTER)]
    for item, names in items:
        if not names:
            continue
        person = next((by_name[name.casefold()] for name in names if name.casefold() in by_name), None)
        if person is None:
            person = Person(names[0])
            people.append(person)
        person.items.append(item)
        for name in names:
            if by_name.setdefault(name.casefold(), person) is person and name.casefold() != person.name.casefold():
                person.facts.aliases.append(name)
    known = {name: person.name for name, person in by_name.items()}
    for person in people:
        _read(person, known)
    return people


def fill_people(
    project: Project, people: Sequence[Person], answers: Mapping[str, Mapping[str, Any]], *, by: str
) -> dict[str, int]:  # fmt: skip
    """Give everybody a record and fill what is empty in it; `answers` are a model's, by name in small letters.

    Returns how many records are new, and in how many something was filled.
    """
    made = filled = 0
    for person in people:
        answer = {name: value for name, value in answers.get(person.name.casefold(), {}).items() if value}
        character = person.character
        wanted = _fields_for(person, answer)
        if character is None:
            character = create_character(project, name=person.name, generated_by=by[:80], **wanted)
            made += 1
        else:
            wanted = {name: value for name, value in wanted.items() if _is_empty(character, name)}
            if wanted and not character.generated_by and character.created_by_id is None:
                wanted["generated_by"] = by[:80]  # a script's speaker: nobody has written this record yet
            if wanted:
                change_character(character, **wanted)
                filled += 1
        _dress(character, person.facts, answer)
        _take_picture(character, person.items)
    return {"new": made, "filled": filled}


def _names_of(item: GatherItem) -> list[str]:
    """The name a piece of material is about, then the other names it gives."""
    facts = Facts()
    own = next((str(value) for name, value in item.structured.items() if name.strip().lower() == "name"), "")
    for name, value in item.structured.items():
        facts.add(name, "" if value is None else value, {})
    name = (own or item.title).strip()[:120]
    return [name, *(alias[:120] for alias in facts.aliases)] if name else []


def _read(person: Person, known: Mapping[str, str]) -> None:
    """Sort the facts of the items; aliases were read when the items were sorted to people."""
    aliases = person.facts.aliases
    person.facts.aliases = []
    others = {key: other for key, other in known.items() if other != person.name}
    for item in person.items:
        for name, value in item.structured.items():
            if name.strip().lower() != "name" and value is not None:
                person.facts.add(name, value, others)
    person.facts.aliases = list(dict.fromkeys(aliases))


def _fields_for(person: Person, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What the record is filled with: what the material says goes before what a model made of it."""
    model = {name: value for name, value in answer.items() if name in MODEL_FIELDS and fits(name, str(value))}
    fields = model | person.facts.fields
    description = "\n".join(part for part in (person.body, *person.facts.others) if part)
    if description:
        fields["description"] = description
    known = {name: person.value(name) or fields.get(name, "") for name in (*LOOK_FIELDS, "appearance_summary")}
    if not known["appearance_summary"]:
        fields["appearance_summary"] = composed(known)
    aliases = [name for name in person.facts.aliases if name.casefold() != person.name.casefold()]
    own = list(person.character.aliases) if person.character else []
    more = [name for name in aliases if name.casefold() not in {one.casefold() for one in own}]
    if more:
        fields["aliases"] = [*own, *more]
    return {name: value for name, value in fields.items() if value}


LOOK_FIELDS = (
    "age", "build", "face", "eyes", "hair", "skin", "distinguishing_marks", "pronouns", "ethnicity", "species"
)  # fmt: skip
MODEL_FIELDS = frozenset(
    {
        *LOOK_FIELDS, "height", "posture", "personality", "background", "motivation", "fear", "arc", "secrets",
        "relationships", "speech_style", "accent", "appearance_summary", "description",
    }
)  # fmt: skip
"""Fields that a model may propose. Names, parts, voices and trigger words stay with people."""


def _is_empty(character: Character, name: str) -> bool:
    """Whether nobody has said anything in a field yet; a new name for somebody is always added."""
    if name == "aliases":
        return True
    if name == "role":
        return False
    return getattr(character, name) in ("", None, [], getattr(Character(), name))


def _dress(character: Character, facts: Facts, answer: Mapping[str, Any]) -> None:
    """A first look of what the wardrobe is told to be, for somebody who has none."""
    wardrobe, make_up = facts.wardrobe or str(answer.get("wardrobe", "")), facts.make_up
    if (wardrobe or make_up) and not character.looks.exists():
        write_look(character, FIRST_LOOK, wardrobe=wardrobe, make_up=make_up)


def _take_picture(character: Character, items: Iterable[GatherItem]) -> None:
    """A picture that came with the material is the master of somebody who has none."""
    if CharacterReference.objects.filter(character=character, kind=CharacterReference.Kind.MASTER).exists():
        return
    for item in items:
        attached = item.attachment
        if attached is not None and attached.kind == MediaAsset.Kind.IMAGE:
            add_reference(
                character, attached.pk, CharacterReference.Kind.MASTER, description=item.title or character.name,
                source=CharacterReference.Source.UPLOADED, by=item.created_by,
            )  # fmt: skip
            return
