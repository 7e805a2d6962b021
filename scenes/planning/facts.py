"""What is known about one packed shot before the camera is placed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .blocking import Blocking
from .camera_words import announces_overlay
from .lexicon import EMOTIONS, FRENZY, PEOPLE, PROPS, STRONG, TENSE_TONES, VIOLENT, word_set
from .model import Beat, BeatKind, CameraCue, PlanSettings, SceneContext
from .packing import shot_seconds
from .people import introduced, lower_words
from .sentences import join

_CAPITAL_THING = re.compile(
    r"\b(?i:an?|the|his|her|their|its|one|two|three)\s+([A-Z][A-Z'’-]+(?:\s+[A-Z][A-Z'’-]+){0,2})\b(?!\s*\()"
)
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;:!?)—–]|--")
_BEFORE_DEED = PEOPLE | word_set(
    ", . ; ! ? ) — – -- and then who she he they everybody doesn't don't keeps starts begins tries"
)
_READS = re.compile(r"\b(?:reads?|says|reading|written|scrawled)\b")
_SHOUTED = re.compile(r"[!]|\b[A-Z]{4,}\b.*[!?]")


@dataclass(frozen=True, slots=True)
class ShotFacts:
    """One shot's worth of beats, read."""

    index: int
    beats: tuple[Beat, ...]
    seconds: Fraction
    action: str  # the script's words of action, without titles, labels and orders
    words: frozenset[str]  # of the action, lower case
    deeds: frozenset[str]  # those of them that somebody does
    seen: tuple[str, ...]  # whom the action shows
    speakers: tuple[str, ...]  # who speaks in the picture, in order
    heard: tuple[str, ...]  # who is only heard
    present: tuple[str, ...]  # who is on the set
    leaving: str  # who goes
    stays: bool  # somebody goes first, and it ends with somebody else
    cue: CameraCue | None
    place: str  # the part of the set it plays in, where a sub-slug said one
    overlay: str
    props: tuple[str, ...]
    emotions: tuple[tuple[str, str], ...]
    energy: int  # 0 to 3
    speech: int  # the one speech it holds or goes on with, 0 for none or several
    part: int  # which part of that speech, from 0
    parts: int  # over how many shots that speech runs
    goes_on: bool  # starts inside a sentence, or inside a speech, of the shot before

    @property
    def timed(self) -> tuple[Beat, ...]:
        """The beats that take time."""
        return tuple(beat for beat in self.beats if beat.seconds > 0)

    @property
    def rough(self) -> bool:
        """Whether there is a fight, a chase or a bang."""
        return bool(self.deeds & FRENZY or self.words & VIOLENT)

    @property
    def montage(self) -> bool:
        """Whether it is a line of a montage."""
        return any(beat.montage for beat in self.beats)

    @property
    def has_speech(self) -> bool:
        """Whether anybody says anything."""
        return any(beat.kind is BeatKind.DIALOGUE for beat in self.beats)

    @property
    def describes(self) -> bool:
        """Whether it only shows what the place looks like."""
        return bool(self.timed) and all(beat.static for beat in self.timed)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody the shot is about, speakers first."""
        return tuple(dict.fromkeys((*self.speakers, *self.seen)))


def facts_of(
    beats: Sequence[Beat],
    ranges: Sequence[tuple[int, int]],
    blocking: Blocking,
    context: SceneContext,
    settings: PlanSettings,
) -> list[ShotFacts]:
    """The facts of every shot of a scene, in order."""
    parts = _speech_parts(beats, ranges)
    place = ""
    subjects = frozenset(word for name in blocking.sides for word in lower_words(name))
    all_facts: list[ShotFacts] = []
    for index, (first, end) in enumerate(ranges):
        held = beats[first:end]
        place = _place(held, place)
        facts = _facts(index, held, context, place, settings)
        speakers = [name for k in range(first, end) if beats[k].kind is BeatKind.DIALOGUE for name in blocking.seen[k]]
        seen = [name for k in range(first, end) if beats[k].kind is not BeatKind.DIALOGUE for name in blocking.seen[k]]
        speech, part = _speech_of(held, index, parts)
        all_facts.append(
            replace(
                facts,
                speakers=tuple(dict.fromkeys(speakers)),
                seen=tuple(dict.fromkeys(seen)),
                leaving=next((name for name in blocking.leaving[first:end] if name), ""),
                stays=_ends_with_another(blocking.leaving[first:end], blocking.seen[first:end]),
                present=blocking.present[end - 1] if end else (),
                deeds=deeds_in(facts.action, subjects),
                emotions=_emotions(held, blocking.seen[first:end], subjects),
                speech=speech,
                part=part,
                parts=len(parts.get(speech, ())),
                goes_on=_goes_on(beats, first),
            )
        )
    return all_facts


def _facts(index: int, held: Sequence[Beat], context: SceneContext, place: str, settings: PlanSettings) -> ShotFacts:
    action = ""
    for beat in held:
        if beat.kind is BeatKind.ACTION and not _is_title(beat):
            action = join(action, beat.text)
    words = frozenset(lower_words(action))
    heard = [b.speaker for b in held if b.kind is BeatKind.DIALOGUE and b.off_camera and b.speaker]
    overlay = "\n".join(beat.overlay for beat in held if beat.overlay)
    return ShotFacts(
        index=index,
        beats=tuple(held),
        seconds=shot_seconds(held, settings),
        action=action,
        words=words,
        deeds=frozenset(),
        seen=(),
        speakers=(),
        heard=tuple(dict.fromkeys(heard)),
        present=(),
        leaving="",
        stays=False,
        cue=_cue(held),
        place=place,
        overlay=overlay,
        props=props_in(action, context.props),
        emotions=(),
        energy=_energy(held, words, context),
        speech=0,
        part=0,
        parts=0,
        goes_on=False,
    )


def _is_title(beat: Beat) -> bool:
    return bool(beat.overlay) and (beat.continues or beat.overlay in beat.text) and not _reads_in_picture(beat)


def _reads_in_picture(beat: Beat) -> bool:
    """Whether the text stands on something in the picture (a sign that reads ...) and is no title laid over it."""
    return not announces_overlay(beat.text) and bool(_READS.search(beat.text))


def props_in(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Things in the action, lower case, in order of mention: known props, everyday props, and a thing in capitals."""
    if not text:
        return ()
    found: dict[str, int] = {}
    lowered = text.lower()
    for prop in known:
        place = lowered.find(prop.lower())
        if prop and place >= 0:
            found.setdefault(prop.lower(), place)
    for match in re.finditer(r"[a-z]+(?:-[a-z]+)*", lowered):
        if match.group() in PROPS and not any(match.group() in name for name in found):
            found.setdefault(match.group(), match.start())
    people = {word for name in introduced(text) for word in name.upper().split()}
    for match in _CAPITAL_THING.finditer(text):
        thing = match.group(1)
        if not people & set(thing.split()) and thing.lower().split()[-1] in PROPS:
            found.setdefault(thing.lower(), match.start(1))
    return tuple(sorted(found, key=lambda name: found[name]))


def _cue(held: Sequence[Beat]) -> CameraCue | None:
    """The orders of a shot as one: the last one to name a thing wins, a movement adds to what is there."""
    merged: CameraCue | None = None
    for beat in held:
        cue = beat.camera
        if cue is None:
            continue
        if merged is None:
            merged = cue
        elif cue.new_shot:
            merged = replace(
                cue,
                size=cue.size or merged.size,
                angle=cue.angle or merged.angle,
                movement=cue.movement or merged.movement,
                subject=cue.subject or merged.subject,
            )
        elif not merged.movement:
            merged = replace(merged, movement=cue.movement)
    return merged


def _place(held: Sequence[Beat], place: str) -> str:
    for beat in held:
        if beat.kind is BeatKind.CAMERA and beat.camera is not None:
            if beat.camera.place:
                place = beat.camera.place
            elif beat.direction.upper().startswith(("BACK TO", "RESUME", "END ")):
                place = ""
    return place


def _speech_parts(beats: Sequence[Beat], ranges: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """Which shots each speech runs over."""
    parts: dict[int, list[int]] = {}
    for index, (first, end) in enumerate(ranges):
        for beat in beats[first:end]:
            if beat.kind is BeatKind.DIALOGUE:
                shots = parts.setdefault(beat.speech, [])
                if not shots or shots[-1] != index:
                    shots.append(index)
    return parts


def _ends_with_another(leaving: Sequence[str], seen: Sequence[tuple[str, ...]]) -> bool:
    gone = next((place for place, name in enumerate(leaving) if name), len(leaving))
    return any(seen[gone + 1 :]) and not any(leaving[gone] in people for people in seen[gone + 1 :])


def deeds_in(text: str, subjects: frozenset[str]) -> frozenset[str]:
    """The words of `text` that can be what somebody does: those right after a name, a pronoun, "and" or a comma.

    In "Tomas closes his fist; water runs" it is the water that runs.
    """
    found: set[str] = set()
    last = ","
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if word.endswith("ly"):
            continue
        if last in _BEFORE_DEED or last in subjects:
            found.add(word)
        last = word
    return frozenset(found)


def _speech_of(held: Sequence[Beat], index: int, parts: dict[int, list[int]]) -> tuple[int, int]:
    speeches = list(dict.fromkeys(beat.speech for beat in held if beat.kind is BeatKind.DIALOGUE))
    if len(speeches) != 1:
        return 0, 0
    return speeches[0], parts[speeches[0]].index(index)


def _goes_on(beats: Sequence[Beat], first: int) -> bool:
    if first == 0:
        return False
    beat, before = beats[first], beats[first - 1]
    return beat.continues or bool(beat.speech and beat.speech == before.speech)


def _energy(held: Sequence[Beat], words: frozenset[str], context: SceneContext) -> int:
    spoken = " ".join(beat.text for beat in held if beat.kind is BeatKind.DIALOGUE)
    said = set(lower_words(spoken))
    energy = 1 if said & STRONG or len(words & STRONG) > 1 else 0
    energy += 1 if _SHOUTED.search(spoken) else 0
    energy += 1 if set(lower_words(context.tone)) & TENSE_TONES else 0
    return min(3, energy)


def _emotions(
    held: Sequence[Beat], people: Sequence[tuple[str, ...]], subjects: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """What each one feels, from how they are to speak and what they are seen doing; the last word counts."""
    felt: dict[str, str] = {}
    for beat, names in zip(held, people, strict=True):
        if beat.kind is BeatKind.DIALOGUE:
            words = frozenset(lower_words(beat.parenthetical))
        else:  # water may tremble: a verb counts only as somebody's deed
            words = frozenset(word for word in lower_words(beat.text) if not word.endswith("s"))
            words |= deeds_in(beat.text, subjects)
        emotion = next((emotion for emotion, marks in EMOTIONS if words & marks), "")
        if emotion and names:
            felt[names[0]] = emotion
    return tuple(felt.items())
