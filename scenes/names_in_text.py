"""A name in text: finding it, and putting another in its place as the text writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

CUE = r"(?:(?<=\n\n)|(?<=\A))([ \t]*@?){name}(?=[ \t]*(?:\([^)\n]*\)[ \t]*)*\^?[ \t]*\n[ \t]*\S)"
"""A cue in Fountain: a name alone on its line behind an empty one, with its extensions, and words below it."""

EXCERPT = 48
"""Letters shown on either side of a name in a preview."""


class NameChange:
    """One name that becomes another one.

    MARA becomes VERA and Mara becomes Vera; mara, written small, is a word and stays. Where the name is part of a
    longer one that somebody else in the production has (`others`), it is theirs and stays.
    """

    def __init__(self, old: str, new: str, others: Iterable[str] = ()) -> None:
        self.old, self.new = " ".join(old.split()), " ".join(new.split())
        words = r"[ \t]+".join(re.escape(word) for word in self.old.split())
        before = r"(?<!\w)" if self.old[:1].isalnum() and _has_case(self.old[0]) else ""
        after = r"(?!\w)" if self.old[-1:].isalnum() and _has_case(self.old[-1]) else ""
        longer = [name for name in others if _folded(self.old) in _folded(name) and _folded(name) != _folded(self.old)]
        alternatives = [re.escape(name) for name in sorted(longer, key=len, reverse=True)]
        self._theirs = re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None
        self._name = re.compile(f"{before}{words}{after}", re.IGNORECASE)
        self._cue = re.compile(CUE.format(name=f"({words})"), re.IGNORECASE)

    def is_it(self, text: Any) -> bool:
        """Whether a text is the name and nothing else."""
        return isinstance(text, str) and _folded(text) == _folded(self.old)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the name stands in a text, from and to."""
        taken = [match.span() for match in self._theirs.finditer(text)] if self._theirs else []
        return [
            match.span() for match in self._name.finditer(text)
            if not _is_word(match.group()) and not any(a <= match.start() < b for a, b in taken)
        ]  # fmt: skip

    def in_text(self, text: str) -> str:
        """The text with the other name wherever this one stands."""
        for start, end in reversed(self.places(text)):
            text = text[:start] + self.as_written(text[start:end]) + text[end:]
        return text

    def in_cues(self, text: str) -> str:
        """Fountain with the other name over the speeches; what is said and done stays as it is."""
        return self._cue.sub(lambda found: found.group(1) + self.as_written(found.group(2)), text)

    def exactly(self, value: Any) -> Any:
        """Names in lists and mappings, where one is the name and nothing else."""
        if isinstance(value, list):
            return [self.exactly(item) for item in value]
        if isinstance(value, dict):
            return {self.exactly(name): self.exactly(item) for name, item in value.items()}
        return self.as_written(value) if self.is_it(value) else value

    def as_written(self, found: str) -> str:
        """The new name in the letters of what stood there: all capitals, or as people write names."""
        if found.isupper():
            return self.new.upper()
        return self.new.title() if self.new.isupper() and len(self.new) > 1 else self.new

    def excerpt(self, text: str) -> str:
        """The first place with the words around it, no word cut in two."""
        start, end = self.places(text)[0]
        first, last = max(start - EXCERPT, 0), min(end + EXCERPT, len(text))
        before, after = text[first:start], text[end:last]
        if first and " " in before:
            before = f"… {before.split(' ', 1)[1]}"
        if last < len(text) and " " in after:
            after = f"{after.rsplit(' ', 1)[0]} …"
        return " ".join(f"{before}{text[start:end]}{after}".split())


def _is_word(found: str) -> bool:
    return found.islower()


def _has_case(letter: str) -> bool:
    return letter.lower() != letter.upper() or letter.isdigit()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
