"""Facts about somebody, as people write them, sorted into the fields of a character. Nothing is made up.

A name that no field answers to is kept, with its value, for the description.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from characters.models import Character

ADULT_METRES = Decimal("1.75")
"""Height of whom scale height 1 stands for: an average adult, the world over (and what the animatic draws)."""

NAMES = {
    "pronouns": "pronouns pronoun",
    "age": "age years",
    "species": "species race kind",
    "ethnicity": "ethnicity origin heritage descent",
    "height": "height tall size",
    "build": "build body physique figure frame",
    "face": "face features",
    "eyes": "eyes eye eye_colour eye_color",
    "hair": "hair hair_colour hair_color hairstyle hair_style",
    "skin": "skin complexion skin_tone",
    "distinguishing_marks": "distinguishing_marks marks mark scars scar tattoos tattoo distinguishing_features",
    "posture": "posture movement gait posture_and_movement walk",
    "personality": "personality traits trait temperament character nature",
    "background": "background backstory history past occupation job profession",
    "motivation": "motivation wants want goal goals objective desire need needs drive",
    "fear": "fear fears afraid_of",
    "arc": "arc character_arc change",
    "secrets": "secrets secret",
    "skills": "skills skill abilities talents",
    "relationships": "relationships relationship relations",
    "speech_style": "speech_style speech voice way_of_speaking speaks dialogue_style",
    "accent": "accent dialect",
    "catchphrases": "catchphrases catchphrase sayings says",
    "voice_id": "voice_id",
    "voice_language": "voice_language language",
    "appearance_summary": "appearance_summary appearance looks look",
    "trigger_word": "trigger_word",
    "prompt_fragment": "prompt_fragment",
    "negative_fragment": "negative_fragment",
}
"""Field -> the names people give it."""

FIELDS = {name: field for field, names in NAMES.items() for name in names.split()}
LISTS = frozenset({"skills", "catchphrases"})
ALIASES = frozenset({"aliases", "alias", "also_called", "aka", "nickname", "nicknames", "known_as", "other_names"})
WARDROBE = frozenset({"wardrobe", "costume", "clothes", "clothing", "outfit", "wears", "dress"})
MAKE_UP = frozenset({"make_up", "makeup"})
ROLES = {
    "lead": "protagonist", "hero": "protagonist", "heroine": "protagonist", "main": "protagonist",
    "main_character": "protagonist", "villain": "antagonist", "enemy": "antagonist", "second_lead": "deuteragonist",
    "teacher": "mentor", "lover": "love_interest", "side": "supporting", "background": "extra", "crowd": "extra",
    "voice": "narrator", "voice_over": "narrator",
} | {value: value for value in Character.StoryRole.values}  # fmt: skip


@dataclass
class Facts:
    """What is told of somebody. `fields` are fields of a character; `others` what no field answers to."""

    fields: dict[str, Any] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    wardrobe: str = ""
    make_up: str = ""
    others: list[str] = field(default_factory=list)

    def add(self, name: str, value: Any, known_people: Mapping[str, str]) -> None:
        """One fact; the first that answers to a field stands, a later one goes to the others."""
        key, said = normal(name), in_words(value)
        if not said:
            return
        if key in ALIASES:
            self.aliases += [one for one in listed(value) if one not in self.aliases]
        elif key in WARDROBE:
            self.wardrobe = f"{self.wardrobe}, {said}" if self.wardrobe else said
        elif key in MAKE_UP:
            self.make_up = self.make_up or said
        elif key in {"role", "story_role"} and normal(said) in ROLES:
            self.fields.setdefault("role", ROLES[normal(said)])
        elif said.casefold() in known_people:
            others = self.fields.get("relationships", "")
            self.fields["relationships"] = f"{others}\n{labelled(name, known_people[said.casefold()])}".strip()
        else:
            self._field(FIELDS.get(key, ""), name, value, said)

    def _field(self, known: str, name: str, value: Any, said: str) -> None:
        if not known or known in self.fields or not fits(known, said):
            self.others.append(labelled(name, said))
            return
        self.fields[known] = listed(value) if known in LISTS else said
        metres = metres_of(said) if known == "height" else None
        if metres is not None:
            self.fields["scale_height"] = scale_of(metres)


def normal(name: str) -> str:
    """A name as it is looked up: small letters, words joined by underscores."""
    return re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")


def in_words(value: Any) -> str:
    """A value in words: the parts of a list with commas."""
    return ", ".join(listed(value)) if isinstance(value, list) else str(value).strip()


def listed(value: Any) -> list[str]:
    """A value as a list: what is written in one line is cut at commas and semicolons."""
    parts: Iterable[Any] = value if isinstance(value, list) else re.split(r"[,;\n]", str(value))
    return [str(part).strip() for part in parts if str(part).strip()]


def labelled(name: str, value: str) -> str:
    """A fact as a line of a description."""
    return f"{name.strip().replace('_', ' ').capitalize()}: {value}"


def fits(name: str, value: str) -> bool:
    """Whether a text is short enough for a field."""
    most = getattr(Character._meta.get_field(name), "max_length", None)
    return name in LISTS or most is None or len(value) <= most


def metres_of(height: str) -> Decimal | None:
    """A height in metres: "1.7", "1,70 m", "170 cm", "170", 5'7", "5 ft 7"; None where it is told in other words."""
    words = height.strip().lower().replace(",", ".")
    feet = re.fullmatch(r"(\d)\s*(?:'|ft|feet|foot)\s*(?:(\d{1,2})\s*(?:\"|''|in|inches)?)?", words)
    if feet:
        return (Decimal(feet[1]) * 12 + Decimal(feet[2] or 0)) * Decimal("0.0254")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(m|metres?|meters?|cm|centimet(?:re|er)s?)?", words)
    if found is None:
        return None
    try:
        number = Decimal(found[1])
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        return None
    if (found[2] or "").startswith("c") or (not found[2] and number > 3):
        number /= 100
    return number if Decimal("0.1") <= number <= Decimal(100) else None


def scale_of(metres: Decimal) -> Decimal:
    """The scale height of somebody this tall."""
    return min(Decimal(99), max(Decimal("0.05"), (metres / ADULT_METRES).quantize(Decimal("0.01"))))
