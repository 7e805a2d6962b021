"""Numbers of a locked script: what is put in gets a number of its own, and nothing that has one ever gets another.

10A goes between 10 and 11, 10AA between 10A and 10B, A10A between 10 and 10A, A1 before 1. The order of the film is
kept beside the numbers (`sequence`), so that a number is a name and never has to be changed for order's sake.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import count
from string import ascii_uppercase

LETTERS_AT_END = re.compile(r"(?P<stem>.*[^A-Z]|)(?P<letters>[A-Z]*)\Z")


def scene_number_between(before: str, after: str, taken: Collection[str], longest: int = 12) -> str:
    """A free number for a scene put in between two numbers, "" where there is none on that side.

    `taken` are all numbers of the chapter, those of omitted scenes included. Raises ValueError when every number of
    `longest` letters is taken.
    """
    for candidate in _scene_candidates(before, after, taken):
        if len(candidate) <= longest and candidate not in taken and candidate:
            return candidate
    raise ValueError(f"There is no free scene number between {before or 'the start'} and {after or 'the end'}.")


def shot_suffix_between(
    before: tuple[int, str] | None, after: tuple[int, str] | None, taken: Collection[tuple[int, str]]
) -> tuple[int, str]:
    """A free number and suffix for a shot put in between two: 4A between 4 and 5, the next number at the end.

    Where no letters sort between the two, the next free letters are given: the order is that of `sequence`.
    """
    if after is None:
        return max((number for number, _ in taken), default=0) + 1, ""
    number, suffix = before or after
    for letters in _letters_between(suffix, after[1] if after[0] == number and before else ""):
        if (number, letters) not in taken and letters:
            return number, letters
    raise AssertionError("letters never end")


def _scene_candidates(before: str, after: str, taken: Collection[str]) -> Iterator[str]:
    if not after:
        whole = [int(number) for number in taken if number.isdecimal()]
        yield str(max(whole, default=0) + 1)
    if after and (not before or after.startswith(before)):
        yield from (f"{letter}{after}" for letter in ascii_uppercase)
        yield from (f"{letter}{letter}{after}" for letter in ascii_uppercase)
    if after and before and before.endswith(after) and len(before) > len(after):  # between A10A and 10A
        prefix = before.removesuffix(after)
        yield from (f"{prefix[:-1]}{letter}{after}" for letter in ascii_uppercase if letter > prefix[-1])
    match = LETTERS_AT_END.match(before)
    stem, letters = (match["stem"], match["letters"]) if match else (before, "")
    following = after.removeprefix(stem) if stem and after.startswith(stem) else ""
    for suffix in _letters_between(letters, following if following.isalpha() else ""):
        if len(stem) + len(suffix) > 40:
            return
        yield f"{stem}{suffix}"


def _letters_between(low: str, high: str) -> Iterator[str]:
    """Letters that sort after `low` and before `high` ("" for no limit), then letters that are merely new."""
    if low:
        siblings = (low[:-1] + letter for letter in ascii_uppercase if letter > low[-1])
        yield from (letters for letters in siblings if not high or letters < high)
    children = (low + letter for letter in ascii_uppercase)
    yield from (letters for letters in children if not high or letters < high)
    for length in count(1):
        yield from (low + "Z" * (length - 1) + letter for letter in ascii_uppercase)
