"""What a place looks like where nobody has described it: the words with which its scene begins."""

from __future__ import annotations

import re
from collections.abc import Iterable

from projects.screenplay.emphasis import plain_text
from projects.screenplay.fountain import read_scene
from projects.screenplay.model import ElementType

from .planning.sentences import sentences

SENTENCES = 2
"""So many sentences set a place; what follows is what happens there."""

SOMEBODY = frozenset(
    ["he", "she", "him", "her", "his", "hers", "they", "them", "their", "man", "woman", "men", "women", "boy", "girl",
     "child", "children", "somebody", "someone", "people", "crowd"]
)  # fmt: skip
"""Words that speak of people without naming them."""

_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")


def place_in_words(screenplay_text: str, people: Iterable[str]) -> str:
    """The first sentences of a scene's action up to the first with somebody in it, without the last full stop.

    A picture of the empty place must not speak of `people`, nor of those whom an action brings in, in capitals. Empty
    where the scene begins with people or talk.
    """
    names = {word for name in people for word in name.casefold().split()}
    elements = read_scene(screenplay_text).elements
    first = next((element for element in elements if element.type is not ElementType.SCENE_HEADING), None)
    if first is None or first.type is not ElementType.ACTION:
        return ""
    found: list[str] = []
    for sentence in sentences(" ".join(plain_text(first).split()))[:SENTENCES]:
        words = set(re.findall(r"[\w-]+", sentence.casefold()))  # of Mara's coat, Mara as well
        if words & (names | SOMEBODY) or _CAPITALS.search(sentence):
            break
        found.append(sentence)
    return " ".join(found).rstrip(".")
