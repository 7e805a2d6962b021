"""How somebody looks, composed of the fields of their record in the words a prompt can use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SEEN = ("age", "build", "face", "eyes", "hair", "skin", "distinguishing_marks")
ENOUGH = 2
"""Fields that a picture can show, from which on somebody's looks are told."""

ASKED_FOR = "Asked for: "
"""How the description of a picture begins that nobody looked at: it says nothing of what the picture shows."""

PEOPLE = {"she": ("woman", "girl"), "he": ("man", "boy")}
_HAS_ITS_NOUN = {
    "hair": r"hair|braid|bun|bob|bald|curls|crop|pony ?tail|plait|shaved|wig|locks|afro|mane|dread|mohawk|head",
    "eyes": r"eyes?|lash|gaze|glasses|brow",
    "skin": r"skin|complexion|face|freckle",
    "build": r"build|frame|figure|body|shoulder|tall|short|limbs?|bones?|muscle|waist|hips|arms|legs",
    "face": r"face|jaw|cheek|chin|nose|mouth|lips?|brow|forehead|beard|moustache|features|dimple|stubble",
}  # fmt: skip


def seen_fields(fields: Mapping[str, Any]) -> list[str]:
    """The fields about somebody's looks that say something."""
    return [name for name in SEEN if str(fields.get(name) or "").strip()]


def composed(fields: Mapping[str, Any]) -> str:
    """The looks in one line of a prompt, such as "62-year-old woman, grey braid"; empty where not enough is told."""
    told = seen_fields(fields)
    if len(told) < ENOUGH:
        return ""
    parts = [_who(fields), *(_named(name, str(fields[name])) for name in told if name != "age")]
    extra = [str(fields.get(name) or "").strip() for name in ("ethnicity", "species")]
    return ", ".join(part.strip(" .,") for part in [*parts[:1], *extra, *parts[1:]] if part.strip(" .,"))


def _who(fields: Mapping[str, Any]) -> str:
    age = str(fields.get("age") or "").strip(" .")
    pronoun = str(fields.get("pronouns") or "").lower().split("/")[0].strip()
    years = int(age) if age.isdigit() else None
    grown, young = PEOPLE.get(pronoun, ("person", "child"))
    noun = young if years is not None and years < 16 else grown
    if years is not None:
        return f"{years}-year-old {noun}"
    return f"{noun}, {age}" if age else (noun if pronoun in PEOPLE else "")


def _named(name: str, value: str) -> str:
    """The value with the noun it is about, where it does not say so itself."""
    value = value.strip(" .")
    words = _HAS_ITS_NOUN.get(name)
    return value if words is None or re.search(words, value.lower()) else f"{value} {name}"
