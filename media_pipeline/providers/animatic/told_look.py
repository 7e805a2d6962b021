"""A look as the records tell it: known words for hair, face, build and clothes take the place of what was drawn by lot.

A word that is not known changes nothing: the figure stays the one of the character's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from .ink import Colour, mix
from .look import Look

T = TypeVar("T")

OLD_FROM, CHILD_BELOW = 60, 13
"""Years."""

_AGED = r"\b(old|elderly|aged|sixt(?:y|ies)|sevent(?:y|ies)|eight(?:y|ies)|ninet(?:y|ies)|ancient|wrinkled)\b"
_CHILD = r"\b(child|boy|girl|toddler|kid)\b"

HAIR: tuple[tuple[str, Colour], ...] = (
    (r"black|raven|jet", (38, 32, 36)), (r"dark", (56, 42, 38)),
    (r"grey|gray|silver|salt|ash(?:en)?", (168, 166, 166)), (r"white|snow", (218, 216, 212)),
    (r"red|auburn|ginger|copper|russet", (150, 76, 48)), (r"blond|blonde|fair|golden|sandy|straw", (196, 160, 100)),
    (r"light brown|chestnut|hazel", (118, 80, 50)), (r"brown|brunette", (84, 58, 42)),
)  # fmt: skip
STYLES: tuple[tuple[str, str], ...] = (
    (r"bald|shaved head|no hair", "bald"), (r"buzz|crop|cropped|shaved|crew cut", "crop"),
    (r"braids?|braided|plaits?|plaited|pony ?tail|pigtails?|queue", "ponytail"), (r"bun|knot|chignon|pinned up", "bun"),
    (r"bob|bobbed|page ?boy", "bob"), (r"afro|long(?: \w+)? curl(?:s|y)|mane", "curls_full"),
    (r"curls?|curly|coils?|kinky", "curls"), (r"waves?|wavy", "waves"), (r"pixie", "pixie"), (r"long|loose", "long"),
    (r"slicked|swept|quiff", "swept"), (r"part(?:ed|ing)", "parted"),
    (r"tousled|messy|wild|unkempt|shaggy|windblown", "tousled"), (r"short", "short"),
)  # fmt: skip
BEARDS: tuple[tuple[str, str], ...] = (
    (r"clean[- ]shaven|no beard|beardless", ""), (r"stubbl\w*|unshaven", "stubble"),
    (r"moustache|mustache", "moustache"), (r"goatee|short beard|trimmed beard", "short"), (r"beard(?:ed)?", "full"),
)  # fmt: skip
SKINS: tuple[tuple[str, Colour], ...] = (
    (r"very dark|black|ebony", (102, 70, 54)), (r"dark brown|dark", (132, 92, 70)), (r"brown|bronze", (166, 118, 88)),
    (r"olive|tan(?:ned)?|weathered|light brown", (206, 160, 124)), (r"pale|white|fair|freckled|rosy", (240, 208, 182)),
)  # fmt: skip
TOPS: tuple[tuple[str, str], ...] = (
    (r"(?:over|rain|great|trench)?coat|oilskins?|parka|cloak|robe|mac|anorak|pea ?coat|cape", "coat"),
    (r"jacket|suit|blazer|uniform|tuxedo|waistcoat|tunic|armou?r", "jacket"),
    (r"sweater|jumper|pullover|cardigan|jersey|guernsey|knit\w*", "sweater"), (r"hood(?:ed|ie)?", "hooded"),
    (r"shirt|blouse|t-shirt|tee|vest|top|dress|gown|apron|overalls|dungarees", "shirt"),
)  # fmt: skip
LOWER = r"trousers|jeans|pants|breeches|leggings|slacks|skirt|shorts"
HATS: tuple[tuple[str, str], ...] = (
    (r"beanie|woollen hat|woolen hat|knit(?:ted)? cap|watch cap|bonnet", "beanie"), (r"cap|beret", "cap"),
    (r"hat|fedora|sou'?wester|stetson", "brim"),
)  # fmt: skip
PAINT: dict[str, Colour] = {
    "black": (52, 52, 60), "white": (224, 220, 210), "grey": (132, 134, 140), "gray": (132, 134, 140),
    "silver": (168, 172, 178), "red": (158, 54, 48), "crimson": (140, 40, 52), "scarlet": (180, 50, 40),
    "burgundy": (112, 44, 60), "orange": (204, 116, 56), "yellow": (218, 178, 74), "gold": (200, 160, 74),
    "mustard": (196, 148, 68), "green": (78, 110, 80), "olive": (110, 108, 66), "khaki": (148, 138, 98),
    "teal": (58, 112, 116), "blue": (62, 92, 132), "navy": (44, 56, 88), "indigo": (66, 62, 116),
    "purple": (104, 72, 120), "violet": (120, 86, 140), "pink": (204, 138, 150), "brown": (112, 80, 58),
    "tan": (180, 148, 108), "beige": (200, 182, 150), "cream": (224, 212, 184), "leather": (104, 72, 50),
    "denim": (70, 92, 120),
}  # fmt: skip
_COLOUR = "|".join(PAINT)


def gender_told(told: Mapping[str, str]) -> tuple[bool, bool] | None:
    """(he, she) by the pronouns that are told; None without any, both False for others such as they."""
    pronouns = told.get("pronouns", "").lower()
    if not pronouns:
        return None
    words = set(re.findall(r"[a-z]+", pronouns))
    return ("he" in words or "him" in words) and "she" not in words, "she" in words and "he" not in words


def age_told(told: Mapping[str, str]) -> str:
    """ "child", "old", "grown" or, where no age is told, ""."""
    words = told.get("age", "").lower()
    number = re.search(r"\d+", words)
    if number:
        years = int(number[0])
        return "child" if years < CHILD_BELOW else "old" if years >= OLD_FROM else "grown"
    return "old" if re.search(_AGED, words) else "child" if re.search(_CHILD, words) else "grown" if words else ""


def as_told(look: Look, told: Mapping[str, str]) -> Look:
    """The look with everything in it that the records tell in known words."""
    hair, face = told.get("hair", "").lower(), f"{told.get('face', '')} {told.get('hair', '')}".lower()
    wears, build = told.get("wears", "").lower(), told.get("build", "").lower()
    skin = f"{told.get('skin', '')}".lower()
    marks = f"{face} {told.get('eyes', '')} {told.get('distinguishing_marks', '')} {wears}".lower()
    changed: dict[str, object] = {
        "hair": _first(HAIR, hair), "hair_style": _first(STYLES, hair), "beard": _first(BEARDS, f"{face} {marks}"),
        "skin": _first(SKINS, skin), "hat": _first(HATS, wears), "top": _first(TOPS, wears),
    }  # fmt: skip
    if re.search(r"\b(glasses|spectacles|bespectacled)\b", marks):
        changed["glasses"] = True
    if re.search(r"\b(broad|stocky|heavy|burly|muscular|big|large|stout|thickset|fat|strong)\b", build):
        changed["broad"] = look.broad * 1.10
    elif re.search(r"\b(slim|slender|thin|lean|wiry|gaunt|slight|narrow|skinny|petite)\b", build):
        changed["broad"] = look.broad * 0.92
    changed |= _clothes(look, wears)
    return replace(look, **{name: value for name, value in changed.items() if value is not None})  # type: ignore[arg-type]


def _clothes(look: Look, wears: str) -> dict[str, object]:
    if not wears:
        return {}
    garments = "|".join(words for words, _ in TOPS)
    upper, lower, scarf = (_colour_of(wears, words) for words in (garments, LOWER, "scarf|shawl"))
    found: dict[str, object] = {
        "coat": upper or (None if lower or scarf else _any_colour(wears)), "legs": lower,
        "skirt": True if re.search(r"\b(skirt|dress|gown)\b", wears) else None,
    }  # fmt: skip
    if re.search(r"\b(scarf|shawl)\b", wears):
        found["scarf"] = scarf or look.scarf or mix(look.coat, (255, 255, 255), 0.35)
    if re.search(r"\btrousers|jeans|pants\b", wears) and found["skirt"] is None:
        found["skirt"] = False
    return found


def _colour_of(words: str, garment: str) -> Colour | None:
    """The colour said before a garment, with up to two words between: "yellow oilskin coat"."""
    found = re.search(rf"\b({_COLOUR})\b(?:[ -](?!(?:{_COLOUR})\b)[\w'-]+){{0,2}}?[ -](?:{garment})\b", words)
    return PAINT[found[1]] if found else None


def _any_colour(words: str) -> Colour | None:
    found = re.search(rf"\b({_COLOUR})\b", words)
    return PAINT[found[1]] if found else None


def _first(table: tuple[tuple[str, T], ...], words: str) -> T | None:
    for pattern, value in table:
        if re.search(rf"\b(?:{pattern})\b", words):
            return value
    return None
