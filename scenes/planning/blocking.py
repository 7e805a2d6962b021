"""Who is in the picture when, and on which side of it: the blocking of a scene."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from projects.screenplay.cues import speakers
from projects.screenplay.headings import location_key

from .lexicon import word_set
from .model import Beat, BeatKind, SceneContext
from .people import Names, introduced, learn_pronouns, lower_words, pronouns_in

_EXIT = re.compile(
    r"\b(?:exits|leaves|departs|vanishes|walks (?:out|off|away)|runs (?:out|off|away)|storms (?:out|off)|goes out|"
    r"is (?:already )?(?:gone|out)|disappears|drives (?:off|away)|slips out|hurries (?:out|off)|exit)\b"
    r"(?=\s*(?:[.,;!?—–-]|$|(?:the|this) (?:room|house|building|office|bar|flat|scene|car|shop|kitchen|apartment)|"
    r"through|into|down|up|without|and|by|with|of))"
)
_LAST_LOOK = re.compile(
    r"\b(?:looks?|sees?|stares?|watch(?:es)?|peers?|spots?|notices?|gazes?|glances?|discovers?|finds?)\b[^.!?]*[.!?]*$"
)
_COMPARISON = re.compile(r"\bas \w+ as (?:she|he|they)(?: (?:is|was|are|were))?\b")
EVERYBODY = word_set("ALL EVERYONE EVERYBODY BOTH CROWD TOGETHER")
OPPOSITE = {"left": "right", "right": "left", "centre": "centre"}


def looks_off(text: str) -> bool:
    """Whether an action ends with somebody looking at something."""
    return bool(_LAST_LOOK.search(text))


@dataclass(frozen=True, slots=True)
class Blocking:
    """The people of a scene. Tuples run parallel to the beats."""

    seen: tuple[tuple[str, ...], ...]  # whom the words of the beat put in the picture, in order of mention
    present: tuple[tuple[str, ...], ...]  # who is on the set by then, in order of appearance
    sides: dict[str, str]  # fixed for the scene (180-degree rule)
    leaving: tuple[str, ...]  # who goes, "" where nobody does
    partners: dict[str, str]  # whom each one speaks with most

    def partner_of(self, name: str, present: Sequence[str]) -> str:
        """Whom `name` speaks to: the usual partner if present, else the last other one who came."""
        usual = self.partners.get(name, "")
        if usual in present:
            return usual
        others = [other for other in present if other != name]
        return others[-1] if others else ""


def names_of(context: SceneContext, cues: Sequence[str], actions: Sequence[str]) -> Names:
    """Everybody who can be recognised: the known cast, the speakers, and those introduced with an age."""
    spoken = [person for cue in cues for person in speakers(cue) if person.upper() not in EVERYBODY]
    new = [name for text in actions for name in introduced(text)]
    return Names([*spoken, *context.cast, *new])


def block(beats: Sequence[Beat], names: Names, context: SceneContext) -> Blocking:
    """Follow who comes, who goes and who is meant by "she", and give each one a side of the frame."""
    texts = [beat.text for beat in beats if beat.kind is BeatKind.ACTION]
    pronouns = learn_pronouns(texts, names, context.pronouns)
    walk = _Walk(names, pronouns, already_there=_found_speaking(beats, names))
    for beat in beats:
        walk.take(beat)
    exchanges = _exchanges(beats)
    sides = _sides(walk.met, exchanges, _kept_sides(context))
    return Blocking(tuple(walk.seen), tuple(walk.on_set), sides, tuple(walk.leaving), _partners(exchanges))


class _Walk:
    """Goes through the beats and keeps in mind who was last spoken of."""

    def __init__(self, names: Names, pronouns: dict[str, str], already_there: tuple[str, ...]) -> None:
        self.names = names
        self.pronouns = pronouns
        self.seen: list[tuple[str, ...]] = []
        self.on_set: list[tuple[str, ...]] = []
        self.present: dict[str, None] = dict.fromkeys(already_there)
        self.recent: list[str] = []  # most recent last
        self.met: dict[str, None] = {}
        self.leaving: list[str] = []

    def take(self, beat: Beat) -> None:
        people: tuple[str, ...] = ()
        leaving = ""
        if beat.speech and not beat.off_camera:
            people = voices(beat.speaker, tuple(self.present), self.names)
        elif beat.speech and not beat.voice_over:
            self.present.pop(beat.speaker, None)  # heard from elsewhere: no longer on the set
        elif beat.kind is BeatKind.ACTION:
            people = self._in_action(beat.text)
            leaving = self._leaver(beat.text, people)
        elif beat.camera is not None and beat.camera.subject:
            people = self.names.mentioned(beat.camera.subject)
        for name in people:
            self.present.setdefault(name)
            self.met.setdefault(name)
            if name in self.recent:
                self.recent.remove(name)
            self.recent.append(name)
        self.seen.append(people)
        self.on_set.append(tuple(self.present))
        self.leaving.append(leaving)
        self.present.pop(leaving, None)

    def _leaver(self, text: str, people: tuple[str, ...]) -> str:
        """Who goes: the last one named before the verb, else whom the pronoun means."""
        found = _EXIT.search(text)
        if found is None or not people:
            return ""
        return (self.names.mentioned(text[: found.start()]) or people)[-1]

    def _in_action(self, text: str) -> tuple[str, ...]:
        text = _COMPARISON.sub(" ", text)
        people = self.names.pictured(text, self.present)
        words = lower_words(text)
        if set(words) & {"everybody", "everyone"}:
            return tuple(self.present)
        meant = pronouns_in(words)
        if "they" in meant and not people:
            return tuple(name for name in self.recent if name in self.present)[-2:]
        for pronoun in ("she", "he"):
            if pronoun not in meant or any(self.pronouns.get(name, pronoun) == pronoun for name in people):
                continue
            known = [name for name in self.recent if self.pronouns.get(name) == pronoun]
            unknown = [name for name in self.recent if name not in self.pronouns]
            last = (known or unknown or [""])[-1]
            if last and last not in people:
                people = (*people, last)
        return people


def voices(speaker: str, present: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """The people behind a cue: one, several ("ANNA AND BEN"), or all who are there ("ALL")."""
    if speaker.upper() in EVERYBODY:
        return present
    if speaker in names.names:
        return (speaker,)
    found = [names.canonical(part) or part for part in speakers(speaker)]
    return tuple(dict.fromkeys(found))


def _found_speaking(beats: Sequence[Beat], names: Names) -> tuple[str, ...]:
    """People who first appear by speaking: the script lets nobody see them come, so they were there all along."""
    shown: set[str] = set()
    speaking: dict[str, None] = {}
    for beat in beats:
        if beat.kind is BeatKind.ACTION:
            shown |= {name for name in names.pictured(beat.text) if name not in speaking}
        elif beat.kind is BeatKind.DIALOGUE and not beat.off_camera:
            for name in voices(beat.speaker, (), names):
                if name not in shown:
                    speaking.setdefault(name)
    return tuple(speaking)


def on_the_phone(beats: Sequence[Beat], blocking: Blocking) -> bool:
    """Whether two people in the picture talk to each other by telephone.

    Somebody speaks INTO PHONE, somebody else answers in the picture, and the first one speaks again; two who both
    act in this place are not at two ends of a line.
    """
    acting = {name for beat, seen in zip(beats, blocking.seen, strict=True) if not beat.speech for name in seen}
    spoken = [beat for number, beat in enumerate(beats) if beat.kind is BeatKind.DIALOGUE]
    turns = [beat for n, beat in enumerate(spoken) if n == 0 or spoken[n - 1].speech != beat.speech]
    for one, other, again in zip(turns, turns[1:], turns[2:], strict=False):
        marks = f"{' '.join(one.extensions)} {one.parenthetical}".upper()
        if "INTO" not in marks or "PHONE" not in marks or other.off_camera or one.speaker == other.speaker:
            continue
        if again.speaker == one.speaker and not {one.speaker, other.speaker} <= acting:
            return True
    return False


def _exchanges(beats: Sequence[Beat]) -> dict[tuple[str, str], int]:
    """How often each two people on camera speak right after one another; keys in the order of their first exchange."""
    counts: dict[tuple[str, str], int] = {}
    last = None
    for beat in beats:
        if beat.kind is not BeatKind.DIALOGUE or beat.off_camera:
            continue
        if last is not None and last.speech != beat.speech and last.speaker != beat.speaker:
            pair = (last.speaker, beat.speaker)
            key = pair if pair in counts or pair[::-1] not in counts else pair[::-1]
            counts[key] = counts.get(key, 0) + 1
        last = beat
    return counts


def _partners(exchanges: dict[tuple[str, str], int]) -> dict[str, str]:
    partners: dict[str, str] = {}
    for (one, other), _count in sorted(exchanges.items(), key=lambda item: -item[1]):
        partners.setdefault(one, other)
        partners.setdefault(other, one)
    return partners


def _sides(met: dict[str, None], exchanges: dict[tuple[str, str], int], kept: dict[str, str]) -> dict[str, str]:
    """Left and right for those who talk most, each other one across from a partner; who is alone stands centre."""
    sides = {name: kept[name] for name in met if name in kept}
    for (one, other), _count in sorted(exchanges.items(), key=lambda item: -item[1]):
        for name, across in ((one, other), (other, one)):
            if name in met and name not in sides:
                taken = sides.get(across)
                sides[name] = OPPOSITE[taken] if taken in ("left", "right") else _freer_side(sides)
    silent = [name for name in met if name not in sides]
    if len(met) == 1 and silent:
        return {silent[0]: "centre"}
    for place, name in enumerate(silent):
        sides[name] = _freer_side(sides) if len(sides) < 2 else ("centre", "left", "right")[place % 3]
    return {name: sides[name] for name in met}


def _freer_side(sides: dict[str, str]) -> str:
    taken = list(sides.values())
    return "left" if taken.count("left") <= taken.count("right") else "right"


def _kept_sides(context: SceneContext) -> dict[str, str]:
    """Sides from the scene before, where this one goes on in the same place."""
    before = context.previous
    if before is None or not before.location or location_key(before.location) != location_key(context.location):
        return {}
    return dict(before.sides)
