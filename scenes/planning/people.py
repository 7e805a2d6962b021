"""Who a sentence is about: names in script text, people introduced in it, and pronouns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .lexicon import HE, NAMES_THAT_ARE_WORDS, PEOPLE, SHE, THEY

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TITLE_WORDS = frozenset("DR MR MRS MS MISS SIR LADY LORD OFFICER DETECTIVE SERGEANT CAPTAIN OLD YOUNG THE A".split())
_INTRODUCED = re.compile(
    r"(?<![\w'’])(?P<name>[A-Z][A-Z'’.-]+(?: [A-Z][A-Z'’.-]*){0,3}),? "
    r"?(?:\((?=[^)]*(?:\d|teen|twent|thirt|fort|fift|sixt|sevent|eight|young|old|mid|late|early))"
    r"|(?:(?:early|mid|late)[ -])?\d{1,2}(?:s|'s|’s)?\b(?!:))"
)
_OFF_VOICE = re.compile(
    r"\b(?:V\.?\s?O\.?|VOICE[- ]?OVER|NARRATION|FILTERED|FILTER|ON (?:THE )?(?:PHONE|TV|RADIO|SPEAKER|SCREEN|INTERCOM)|"
    r"OVER (?:THE )?(?:PHONE|RADIO|INTERCOM|SPEAKER|TV)|(?:FROM|THROUGH) (?:THE )?(?:PHONE|RADIO|INTERCOM|SPEAKER|TV)|"
    r"PHONE|TV|RADIO|TELEVISION|INTERCOM|VOICEMAIL|PRE-?LAP|RECORDED|RECORDING)(?![\w])"
)
_OFF_SCREEN = re.compile(r"\b(?:O\.?\s?S\.?|O\.?\s?C\.?|OFF(?:[- ]?(?:SCREEN|CAMERA|STAGE))?)(?!\w)|画外音|旁白")
_INTO = re.compile(r"\bINTO\b")


def heard_only(extensions: Iterable[str], parenthetical: str = "") -> tuple[bool, bool]:
    """Whether a speaker is (a voice over, off screen). Talking INTO a phone is done in the picture."""
    marks = " / ".join(extensions).upper()
    if re.fullmatch(r"\W*(?:V\.?O\.?|O\.?S\.?|O\.?C\.?)\W*", parenthetical.upper()):
        marks += " / " + parenthetical.upper()
    if not marks or _INTO.search(marks):
        return False, False
    return bool(_OFF_VOICE.search(marks)), bool(_OFF_SCREEN.search(marks))


class Names:
    """Finds known people in script text.

    A name counts with its capital ("Mara", "MARA"); "the waiter" counts in lower case. A full name is also
    found by its first or last word, as long as nobody else has that word.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
        self._owner: dict[str, str] = {}
        for name in self.names:
            self._owner.setdefault(name.upper(), name)
        shared: dict[str, int] = {}
        for name in self.names:
            for word in set(_parts(name)):
                shared[word] = shared.get(word, 0) + 1
        for name in self.names:
            for word in _parts(name):
                if shared[word] == 1:
                    self._owner.setdefault(word, name)
        forms = sorted(self._owner, key=lambda form: (-len(form), form))
        self._pattern = _pattern_of(forms)

    def canonical(self, name: str) -> str:
        """The known name behind a cue or a subject ("MARA'S FACE" gives MARA), or "" where there is none."""
        found = self.mentioned(name.upper())
        return found[0] if found else ""

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Known people in `text`, in order of mention, each once."""
        if self._pattern is None:
            return ()
        found: dict[str, None] = {}
        for match in self._pattern.finditer(text):
            name = self._owner[match.group("form").upper()]
            if _is_name(match.group("form"), bool(match.group("article"))):
                found.setdefault(name)
        return tuple(found)


def _parts(name: str) -> list[str]:
    words = [word for word in re.split(r"[\s.]+", name.upper()) if word]
    if len(words) < 2:
        return []
    return [w for w in words if len(w) > 2 and w not in _TITLE_WORDS and w.lower() not in PEOPLE and w.isalpha()]


def _pattern_of(forms: Sequence[str]) -> re.Pattern[str] | None:
    if not forms:
        return None
    words = "|".join(re.escape(form).replace("\\ ", r"\s+") for form in forms)
    edge = r"(?<![^\W_])" if all(form.isascii() for form in forms) else ""
    end = r"(?![^\W_])" if edge else ""
    return re.compile(rf"{edge}(?P<article>(?:the|an?)\s+)?(?P<form>{words}){end}", re.IGNORECASE)


def _is_name(form: str, article: bool) -> bool:
    if not form[:1].islower():
        return True
    return article and form.lower() not in NAMES_THAT_ARE_WORDS


def introduced(text: str) -> tuple[str, ...]:
    """People whom the action introduces in capitals with an age: "JONAH REED (30s)"."""
    if "(" not in text and "," not in text:
        return ()
    return tuple(match.group("name").strip(" .") for match in _INTRODUCED.finditer(text))


def lower_words(text: str) -> list[str]:
    """The words of `text` in lower case, without marks."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def learn_pronouns(texts: Iterable[str], names: Names, known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Which pronoun each person goes by: as given, else from sentences with one name and one sort of pronoun."""
    votes: dict[str, dict[str, int]] = {}
    for text in texts:
        people = names.mentioned(text)
        if len(people) != 1:
            continue
        said = pronouns_in(lower_words(text)) - {"they"}
        if len(said) == 1:
            count = votes.setdefault(people[0], {})
            pronoun = said.pop()
            count[pronoun] = count.get(pronoun, 0) + 1
    learned = {name: max(sorted(count), key=lambda word: count[word]) for name, count in votes.items()}
    given = {names.canonical(name): pronoun for name, pronoun in known}
    return learned | {name: pronoun for name, pronoun in given.items() if name}


def pronouns_in(words: Iterable[str]) -> set[str]:
    """Which of "she", "he" and "they" occur, in any case form."""
    present = set(words)
    found = set()
    for pronoun, forms in (("she", SHE), ("he", HE), ("they", THEY)):
        if present & forms:
            found.add(pronoun)
    return found
