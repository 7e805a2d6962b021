"""How long a scene is: in eighths of a page without rendering one, and in seconds on the screen."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from projects.screenplay.emphasis import plain_text
from projects.screenplay.model import PLANNING_TYPES, Element, ElementType

LINES_PER_PAGE = 55
WIDTHS = {
    ElementType.DIALOGUE: 35,
    ElementType.LYRIC: 35,
    ElementType.PARENTHETICAL: 26,
    ElementType.CHARACTER: 38,
}
"""Characters per line; action, headings and everything else have 61 (Courier 12 on a letter page)."""
_FULL_WIDTH = 61
_SPEECH_LINES = (ElementType.PARENTHETICAL, ElementType.DIALOGUE, ElementType.LYRIC)

WORDS_PER_SECOND = Fraction(5, 2)
"""Spoken at 150 words a minute; adverts' voice-over runs at 27/10, slow speech at 2."""
HAN_PER_SECOND = 4
_SPEECH_PAUSE = Fraction(2, 5)
_BEAT = Fraction(1)
_ACTION_WORD = Fraction(24, 100)
_ACTION_SENTENCE = Fraction(3, 2)

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[。！？]")
_PAUSE = re.compile(r"\b(?:beat|pause|silence)\b", re.IGNORECASE)


def word_count(text: str) -> int:
    """Count the words of a text; lone punctuation ("--", "...") is none, a Han or kana character is one each."""
    words = _HAN.sub(" ", text).split()
    return sum(any(map(str.isalnum, word)) for word in words) + len(_HAN.findall(text))


def wrapped_lines(text: str, width: int) -> int:
    """Return how many lines `text` takes at `width` characters, wrapped at spaces; an empty line takes one."""
    lines = 0
    for paragraph in text.split("\n"):
        column = 0
        lines += 1
        for word in paragraph.split():
            needed = len(word) if column == 0 else column + 1 + len(word)
            if needed > width and column:
                lines += 1
                needed = len(word)
            if needed > width:
                lines += (needed - 1) // width
                needed = (needed - 1) % width + 1
            column = needed
    return lines


def _blank_lines_before(element: Element) -> int:
    if element.type is ElementType.SCENE_HEADING:
        return 2
    if element.type in (ElementType.PARENTHETICAL, ElementType.DIALOGUE):
        return 0
    return 0 if element.type is ElementType.LYRIC and element.character else 1


def page_lines(elements: Sequence[Element]) -> int:
    """Return the printed lines of a scene, blank lines included.

    Of a dual dialogue only the longer column counts: the two stand side by side.
    """
    total = 0
    columns = {"left": 0, "right": 0}
    for element in elements:
        if element.type in PLANNING_TYPES:
            continue
        lines = wrapped_lines(plain_text(element), WIDTHS.get(element.type, _FULL_WIDTH))
        lines += _blank_lines_before(element) if total or any(columns.values()) else 0
        starts_pair = element.dual == "left" and columns["right"]
        if columns["left"] and (starts_pair or not element.dual):
            total += max(columns.values())
            columns = {"left": 0, "right": 0}
        if element.dual == "left" or (element.dual and columns["left"]):
            columns[element.dual] += lines
        else:
            total += lines
    return total + max(columns.values())


def eighths(lines: int) -> int:
    """Return a number of printed lines as eighths of a page, rounded to the nearest, at least 1."""
    return max(1, math.floor(Fraction(lines * 8, LINES_PER_PAGE) + Fraction(1, 2)))


def scene_eighths(elements: Sequence[Element]) -> int:
    """Return the length of a scene in eighths of a page, at least 1."""
    return eighths(page_lines(elements))


def format_eighths(count: int) -> str:
    """Write eighths as on a breakdown sheet: 4 is "4/8", 10 is "1 2/8", 16 is "2"."""
    pages, rest = divmod(count, 8)
    if not rest:
        return str(pages)
    return f"{pages} {rest}/8" if pages else f"{rest}/8"


def parse_eighths(text: str) -> int | None:
    """Read "3/8", "1 7/8" or "2" as a count of eighths; None where the text is none of these."""
    match = re.fullmatch(r"\s*(?:(\d{1,4})(?:\s+|$))?(?:(\d{1,2})\s*/\s*8)?\s*", text)
    if match is None or not (match.group(1) or match.group(2)):
        return None
    return int(match.group(1) or 0) * 8 + int(match.group(2) or 0)


def spoken_seconds(text: str, words_per_second: Fraction = WORDS_PER_SECOND) -> Fraction:
    """Return the seconds it takes to say `text`, without the pause after the speech."""
    han = len(_HAN.findall(text))
    return Fraction(word_count(text) - han) / words_per_second + Fraction(han, HAN_PER_SECOND)


def action_seconds(text: str) -> Fraction:
    """Return the seconds an action paragraph takes on the screen: by its words, at least 1.5 s per sentence."""
    total = Fraction(0)
    for sentence in _SENTENCE_END.split(" ".join(text.split())):
        words = word_count(sentence)
        if words:
            total += max(words * _ACTION_WORD, _ACTION_SENTENCE)
    return total


def screen_seconds(elements: Iterable[Element], words_per_second: Fraction = WORDS_PER_SECOND) -> Fraction:
    """Estimate the seconds a scene runs: speeches with 0.4 s each, (beat) and (pause) 1 s, action by its words."""
    total = Fraction(0)
    for element in elements:
        text = plain_text(element)
        if element.type is ElementType.CHARACTER:
            total += _SPEECH_PAUSE
        elif element.type is ElementType.DIALOGUE or (element.type is ElementType.LYRIC and element.character):
            total += spoken_seconds(text, words_per_second)
        elif element.type is ElementType.PARENTHETICAL:
            total += _BEAT if _PAUSE.search(text) else 0
        elif element.type in (ElementType.ACTION, ElementType.SHOT, ElementType.LYRIC):
            total += action_seconds(text)
    return total


def page_seconds(elements: Iterable[Element]) -> Fraction:
    """Estimate a scene's length as pages at a minute each, from counts alone:

    0.19 s per word of dialogue, 2 s per cue, 0.21 s per word of action, 7 s per scene.
    """
    total = Fraction(7)
    for element in elements:
        if element.type is ElementType.CHARACTER:
            total += 2
        elif element.type is ElementType.DIALOGUE:
            total += Fraction(19, 100) * word_count(plain_text(element))
        elif element.type is ElementType.ACTION:
            total += Fraction(21, 100) * word_count(plain_text(element))
    return total
