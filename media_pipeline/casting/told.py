"""How somebody looks, as far as it is told: facts by name, for whoever draws or describes them."""

from __future__ import annotations

from characters.models import Character, Look

from .appearance import SEEN

ALSO_SEEN = ("ethnicity", "species", "posture", "pronouns")


def told_of(character: Character, look: Look | None = None) -> tuple[tuple[str, str], ...]:
    """What is told of somebody's looks and, as `wears`, of their wardrobe in a look (their default one without one)."""
    look = look or character.default_look
    facts = {name: str(getattr(character, name)).strip() for name in (*SEEN, *ALSO_SEEN)}
    if look is not None:
        facts["hair"] = look.hair.strip() or facts["hair"]
        facts["wears"] = look.wardrobe.strip()
    return tuple((name, value) for name, value in facts.items() if value)
