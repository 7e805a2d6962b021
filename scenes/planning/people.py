"""Who a sentence is about: names in script text, people introduced in it, and pronouns."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from projects.screenplay.cues import is_off_camera, parse_cue

from .lexicon import BODY, HE, NAMES_THAT_ARE_WORDS, PEOPLE, SHE, THEY, word_set

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TITLE_WORDS = word_set("DR MR MRS MS MISS SIR LADY LORD OFFICER DETECTIVE SERGEANT CAPTAIN OLD YOUNG THE A")
_AGED = word_set("YOUNG OLD LITTLE OLDER YOUNGER TEEN TEENAGE ADULT CHILD")
_INTRODUCED = re.compile(
    r"(?<![\w'’])(?P<name>[A-Z][A-Z'’.-]+(?: [A-Z][A-Z'’.-]*){0,3}),? "
    r"?(?:\((?=[^)]*(?:\d|teen|twent|thirt|fort|fift|sixt|sevent|eight|young|old|mid|late|early))"
    r"|(?:(?:early|mid|late)[ -])?\d{1,2}(?:s|'s|’s)?\b(?!:))"
)
_OFF_SCREEN = re.compile(r"\b(?:O\.?\s?S\.?|O\.?\s?C\.?|OFF)(?!\w)", re.IGNORECASE)
_BARE_EXTENSION = re.compile(r"\(?\s*(?:V\.?O\.?|O\.?S\.?|O\.?C\.?)\s*\)?", re.IGNORECASE)
_OWNED = re.compile(r"['’]s?\s+(\w+)(?:\s+(\w+))?")
_LAST_WORD = re.compile(r"(\w+)\W+$")
_SUBJECT_PRONOUN = re.compile(r"\W*(She|He)\b")
_POSSESSIVE = re.compile(
    r"\b(her|his) (?!(?:an?|the|up|down|to|and|in|on|at|from|with|out|off|away|back|hard|again)\b)[a-z]"
)
_ABOUT = word_set("of about without for from like")


def heard_only(extensions: Sequence[str], parenthetical: str = "") -> tuple[bool, bool]:
    """Whether a speaker is (a voice over, off screen); some writers put the V.O. into the parenthetical."""
    marks = list(extensions)
    if _BARE_EXTENSION.fullmatch(parenthetical.strip()):
        marks += parse_cue(f"X ({parenthetical.strip(' ()')})").extensions
    if not is_off_camera(marks):
        return False, False
    off_screen = any(_OFF_SCREEN.search(mark) for mark in marks)
    return not off_screen, off_screen


class Names:
    """Finds known people in script text.

    A name counts with its capital ("Mara", "MARA"); "the waiter" counts in lower case. A full name is also
    found by its first or last word, as long as nobody else has that word.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Earlier spellings win: give the names of the cues before those of the character sheets."""
        spellings: dict[str, str] = {}
        for name in names:
            if name.strip():
                spellings.setdefault(" ".join(name.upper().split()), name.strip())
        self._owner: dict[str, str] = dict(spellings)
        shared: dict[str, int] = {}
        for form in spellings:
            for word in set(_parts(form)):
                shared[word] = shared.get(word, 0) + 1
        for form, name in spellings.items():
            parts = [word for word in _parts(form) if shared[word] == 1]
            short = next((word for word in parts if word in spellings), "")
            if short and not _AGED & set(form.split()):
                self._owner[form] = spellings[short]  # MARA VANCE of the action is the MARA of the cues
            for word in parts:
                self._owner.setdefault(word, name)
        self.names = tuple(dict.fromkeys(self._owner[form] for form in spellings))
        self._pattern = _pattern_of(sorted(self._owner, key=lambda form: (-len(form), form)))

    def canonical(self, name: str) -> str:
        """The known name behind a cue or a subject ("MARA'S FACE" gives MARA), or "" where there is none."""
        found = self.mentioned(name.upper())
        return found[0] if found else ""

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Known people in `text`, in order of mention, each once."""
        return tuple(dict.fromkeys(name for name, _match in self._matches(text)))

    def pictured(self, text: str, present: Container[str] = ()) -> tuple[str, ...]:
        """Those of the people mentioned who are to be seen.

        "Mara's phone" shows no Mara (her hands or her face do), and "a picture of Tom" no Tom,
        unless he is `present`.
        """
        found: dict[str, None] = {}
        for name, match in self._matches(text):
            owned = _OWNED.match(text, match.end())
            if owned and not {word.lower() for word in owned.groups("")} & BODY:
                continue
            before = _LAST_WORD.search(text, max(0, match.start() - 20), match.start())
            if before and before.group(1).lower() in _ABOUT and name not in present:
                continue
            found.setdefault(name)
        return tuple(found)

    def _matches(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            if _is_name(match.group("form"), bool(match.group("article"))):
                yield self._owner[" ".join(match.group("form").upper().split())], match


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


def learn_pronouns(texts: Sequence[str], names: Names, known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Which pronoun each person goes by: as given, else as the sentences say.

    Two things tell: a sentence that names one person and speaks of their own things ("Mara opens her bag"), and a
    sentence that goes on with "She" after one that names only Mara.
    """
    votes: dict[str, dict[str, int]] = {}
    before: tuple[str, ...] = ()
    for text in texts:
        people = names.mentioned(text)
        subject = _SUBJECT_PRONOUN.match(text)
        if not people and subject and len(before) == 1:
            _vote(votes, before[0], subject.group(1).lower(), 2)
        own = {"her": "she", "his": "he"}
        for possessive in set(_POSSESSIVE.findall(text)) if len(people) == 1 else ():
            _vote(votes, people[0], own[possessive], 1)
        if people:
            others = pronouns_in(lower_words(text)) - {"they"}
            before = () if others and len(people) == 1 and not _POSSESSIVE.search(text) else people
    learned = {name: max(sorted(count), key=lambda word: count[word]) for name, count in votes.items()}
    given = {names.canonical(name): pronoun for name, pronoun in known}
    return learned | {name: pronoun for name, pronoun in given.items() if name}


def _vote(votes: dict[str, dict[str, int]], name: str, pronoun: str, weight: int) -> None:
    count = votes.setdefault(name, {})
    count[pronoun] = count.get(pronoun, 0) + weight


def pronouns_in(words: Iterable[str]) -> set[str]:
    """Which of "she", "he" and "they" occur, in any case form."""
    present = set(words)
    found = {pronoun for pronoun, forms in (("she", SHE), ("he", HE), ("they", THEY)) if present & forms}
    for word in present:
        if "她" in word or "他" in word:
            found.add("they" if "她们" in word or "他们" in word else ("she" if "她" in word else "he"))
    return found
