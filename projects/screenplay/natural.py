"""What a line of Fountain reads as by its looks alone. The reader asks; the writer asks so it can force the rest."""

from __future__ import annotations

import re
from enum import Enum, auto

from projects.screenplay.headings import NATURAL_PREFIX

PAGE_BREAK = "==="
LINE_BREAKING_MARKS = ("#", "=", "~", ">")
"""Marks that end a paragraph of action without an empty line before them."""

_FADES = frozenset(f"FADE {how}{mark}" for how in ("IN", "OUT", "TO BLACK") for mark in ".:")
_PARENTHESES = re.compile(r"\([^()]*\)")
_UPPER_OR_LOWER = re.compile(r"[^\W\d_]")
_LONGEST_CASELESS_CUE = 20
_SENTENCE_SIGNS = re.compile(r"[。！？，、；：.!?,;:]")


def is_page_break(text: str) -> bool:
    """Whether a stripped line is nothing but three or more equals signs."""
    return len(text) >= len(PAGE_BREAK) and not text.strip("=")


def is_forced_heading(text: str) -> bool:
    """A full stop before a letter or digit; an ellipsis never is a heading."""
    return len(text) > 1 and text[0] == "." and text[1].isalnum()


def is_forced_cue(text: str) -> bool:
    """An @ with a name behind it."""
    return text.startswith("@") and any(map(str.isalnum, text))


def is_transition(text: str) -> bool:
    """Upper case ending in "TO:", the last character a colon; the usual fades are accepted beyond the rules."""
    if text in _FADES:
        return True
    return text.endswith("TO:") and not any(map(str.islower, text)) and (len(text) == 3 or not text[-4].isalnum())


def is_cue(text: str) -> bool:
    """Upper case outside parentheses, with at least one letter.

    Scripts without capitals (Chinese, Arabic) would make every line a cue: there only a short line without the
    signs of a sentence is one.
    """
    name = _PARENTHESES.sub("", text)
    if any(map(str.islower, name)) or not _UPPER_OR_LOWER.search(name):
        return False
    if any(map(str.isupper, name)):
        return True
    return len(name) <= _LONGEST_CASELESS_CUE and not _SENTENCE_SIGNS.search(name)


def is_centered(text: str) -> bool:
    """Whether a stripped line stands between `>` and `<`."""
    return len(text) > 1 and text.startswith(">") and text.endswith("<")


def is_parenthetical(text: str) -> bool:
    """Whether a stripped line of a speech stands in parentheses."""
    return text.startswith("(") and text.endswith(")")


class Reading(Enum):
    """What a line at the start of a block is, and whether a mark says so."""

    PAGE_BREAK = auto()
    FORCED_ACTION = auto()
    SECTION = auto()
    SYNOPSIS = auto()
    LYRIC = auto()
    CENTERED = auto()
    FORCED_TRANSITION = auto()
    FORCED_HEADING = auto()
    HEADING = auto()
    FORCED_CUE = auto()
    TRANSITION = auto()
    CUE = auto()
    ACTION = auto()


_MARKED = {
    "!": Reading.FORCED_ACTION,
    "#": Reading.SECTION,
    "=": Reading.SYNOPSIS,
    "~": Reading.LYRIC,
    ">": Reading.FORCED_TRANSITION,
}


def reading(line: str, following: str) -> Reading:
    """Return what `line` reads as after a gap. `following` is the stripped line below, empty where there is a gap.

    Spaces at the end of `line` matter to one rule: "CUT TO: " with a space is action.
    """
    text = line.strip()
    if is_page_break(text):
        return Reading.PAGE_BREAK
    if is_centered(text):
        return Reading.CENTERED
    if text[:1] in _MARKED:
        return _MARKED[text[0]]
    if is_forced_heading(text):
        return Reading.FORCED_HEADING
    if NATURAL_PREFIX.match(text):
        return Reading.HEADING
    if is_forced_cue(text):
        return Reading.FORCED_CUE
    if is_transition(text if NATURAL_PREFIX.match(following) else line.lstrip() if not following else ""):
        return Reading.TRANSITION
    return Reading.CUE if following and is_cue(text) else Reading.ACTION
