"""The patterns of coverage (reference 7.2): rules that each answer with a frame, or leave the shot to the next.

`RULES` are asked in order. What the script orders ranks first, then what a scene needs, then who speaks,
then what happens.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from projects.screenplay.headings import location_key
from scenes.choices import CameraMovement as Move
from scenes.choices import ShotSize as Size

from .blocking import looks_off
from .facts import ShotFacts
from .frames import GEOGRAPHY, Frame, SetState, is_small, name_of, names_of, rung, stepped, subject_of, words_of
from .lexicon import BODY, DISTURB, ENTER, EXIT, HANDLE, LONG_WAYS, LOOK, MOVE, REACT, READABLE
from .model import REESTABLISH_AFTER, BeatKind, CameraCue
from .people import lower_words
from .tension import tightness_of

Rule = Callable[[ShotFacts, SetState], Frame | None]

SINGLES = (Size.OVER_SHOULDER, Size.MEDIUM_CLOSE_UP, Size.CLOSE_UP, Size.EXTREME_CLOSE_UP)
"""Singles of an exchange, from loose to tight."""
SINGLES_ALONE = (Size.MEDIUM, Size.MEDIUM_CLOSE_UP, Size.CLOSE_UP, Size.EXTREME_CLOSE_UP)
"""The same for somebody who speaks with nobody in the room."""

_GROUP = 6  # more faces than this are a crowd
_DEED_SIZES = (Size.MEDIUM, Size.MEDIUM_WIDE, Size.MEDIUM_CLOSE_UP)
_ROUGH_SIZES = (Size.FULL, Size.MEDIUM, Size.MEDIUM_WIDE)
_MONTAGE_SIZES = (Size.WIDE, Size.MEDIUM, Size.CLOSE_UP, Size.MEDIUM_WIDE, Size.MEDIUM_CLOSE_UP, Size.FULL)
_ANGLE_WORDS = re.compile(r"(?:ANOTHER |NEW |REVERSE )?ANGLE|REVERSE|ON\b|FAVOU?RING|FEATURING", re.IGNORECASE)


# What the script orders


def as_ordered(facts: ShotFacts, scene: SetState) -> Frame | None:
    """What the script asks of the camera."""
    cue = facts.cue
    if cue is None or not cue.new_shot:
        return None
    if not (cue.size or cue.angle or cue.subject or cue.place):
        what = next((beat.text for beat in facts.timed if beat.kind is BeatKind.ACTION), "")
        cue = replace(cue, subject=" ".join(re.split(r"[,.;:!?]", what)[0].split()[:6]))
        if not cue.subject or not _ANGLE_WORDS.match(cue.words):
            return None
    why = f"The script asks for “{' '.join(cue.words.split())}”"
    if cue.place and not cue.size:
        size = Size.MEDIUM_WIDE if facts.people else Size.WIDE
        return Frame(size, "establish", f"{why}: another part of the set, so the place comes first", facts.people)
    person, thing = subject_of(cue.subject, scene.names)
    if cue.size == Size.POINT_OF_VIEW:
        faces = tuple(name for name in facts.people if name != person)
        return Frame(Size.POINT_OF_VIEW, "point of view", why, faces, ordered=True, watcher=person or cue.subject)
    if person:
        return _ordered_person(facts, scene, person, why, cue)
    return _ordered_thing(facts, scene, thing, why, cue)


def _ordered_person(facts: ShotFacts, scene: SetState, person: str, why: str, cue: CameraCue) -> Frame:
    size = cue.size
    if not size:
        size = Size.FULL if facts.deeds & MOVE else Size.MEDIUM_CLOSE_UP
        if "EYES" in cue.subject.upper():
            size = Size.EXTREME_CLOSE_UP
    faces: tuple[str, ...] = (person,)
    backs: tuple[str, ...] = ()
    partner = scene.blocking.partner_of(person, facts.present)
    if size == Size.TWO_SHOT and partner:
        faces = (person, partner)
    elif size == Size.OVER_SHOULDER and partner:
        faces, backs = (partner,), (person,)
    elif size in GEOGRAPHY:
        faces = (person, *(name for name in facts.people if name != person))
    return Frame(size, _purpose(facts), why, faces, backs, ordered=bool(cue.size))


def _ordered_thing(facts: ShotFacts, scene: SetState, thing: str, why: str, cue: CameraCue) -> Frame:
    size = cue.size
    if not size:
        size = Size.INSERT if is_small(thing) else (Size.MEDIUM if facts.people else Size.WIDE)
    if size == Size.CLOSE_UP and is_small(thing):
        size = Size.INSERT
    if thing and size in (Size.INSERT, Size.CLOSE_UP, Size.EXTREME_CLOSE_UP):
        return Frame(size, "insert", why, thing=thing, ordered=True)
    if size == Size.INSERT:
        return Frame(size, "insert", why, thing=facts.props[0] if facts.props else "detail", ordered=True)
    faces = facts.people
    if size == Size.TWO_SHOT and len(faces) < 2:
        faces = tuple(dict.fromkeys((*faces, *facts.present)))[:2]
    elif size == Size.OVER_SHOULDER:
        faces = faces[:1] or facts.present[:1]
        partner = scene.blocking.partner_of(faces[0], facts.present) if faces else ""
        return Frame(size, _purpose(facts), why, faces, (partner,) if partner else (), ordered=True)
    purpose = "establish" if size in GEOGRAPHY and not facts.has_speech else _purpose(facts)
    return Frame(size, purpose, why, faces, ordered=True)


def _purpose(facts: ShotFacts) -> str:
    if facts.has_speech:
        return "dialogue"
    return "reaction" if facts.deeds & (REACT | LOOK) and not facts.deeds & MOVE else "action"


# What a scene needs


def title(facts: ShotFacts, scene: SetState) -> Frame | None:
    """Text on the screen and nothing else."""
    if not facts.overlay or facts.action or facts.has_speech:
        return None
    if facts.index == 0:
        return Frame(_opening_size(facts, scene), "establish", "The title stands over the place it names")
    return Frame(
        Size.WIDE, "title", "The text stands alone, so the picture behind it keeps still", movement=Move.STATIC
    )


def montage_line(facts: ShotFacts, scene: SetState) -> Frame | None:
    """One shot per line, each a new set-up."""
    if not facts.montage or not facts.timed:
        return None
    size = _MONTAGE_SIZES[scene.montage % len(_MONTAGE_SIZES)]
    scene.montage += 1
    thing = ""
    if facts.props and not facts.people:
        size, thing = Size.INSERT, facts.props[0]
    elif len(facts.timed) > 2:
        size = Size.MEDIUM_WIDE
    elif facts.speakers and size in (Size.WIDE, Size.FULL):
        size = Size.MEDIUM
    why = "One shot for one line of the montage, in another size than its neighbours"
    return Frame(size, "montage", why, facts.people, thing=thing)


def opening(facts: ShotFacts, scene: SetState) -> Frame | None:
    """The first shot shows where we are."""
    if facts.index:
        return None
    size = _opening_size(facts, scene)
    faces = () if facts.describes else facts.people
    if facts.speakers and not scene.intercut:
        partner = scene.blocking.partner_of(facts.speakers[0], tuple(scene.blocking.sides))
        faces = tuple(dict.fromkeys((*faces, *((partner,) if partner else ()))))
    if size == Size.TWO_SHOT and len(faces) < 2:
        size = Size.MEDIUM
    where = name_of(scene.context.location) or "the place"
    if scene.cramped:
        why = f"{where} has no room for a wide shot, so the scene opens at arm's length"
    elif size == Size.MEDIUM_WIDE:
        why = f"We were in {where} a moment ago, so a medium wide shot is enough to find our bearings"
    else:
        why = f"The scene opens wide on {where} so that we know where everything is"
    return Frame(size, "establish", why, faces)


def _opening_size(facts: ShotFacts, scene: SetState) -> str:
    if scene.cramped:
        return Size.TWO_SHOT if len(scene.blocking.sides) > 1 and not scene.intercut else Size.MEDIUM
    before = scene.context.previous
    if before is not None and before.location and location_key(before.location) == location_key(scene.context.location):
        return Size.MEDIUM_WIDE
    return Size.EXTREME_WIDE if scene.context.int_ext == "EXT" and not facts.people else Size.WIDE


def empty(facts: ShotFacts, scene: SetState) -> Frame | None:
    """Nothing is said and nothing happens."""
    if facts.timed:
        return None
    return Frame(Size.WIDE, "establish", "Nothing is said or done here, so the place is held for a moment")


# Who speaks


def several_speakers(facts: ShotFacts, scene: SetState) -> Frame | None:
    """Short lines of several people share a frame that holds them all."""
    speakers = facts.speakers
    if len(speakers) < 2:
        return None
    if len(speakers) == 2:
        return _two_speakers(facts, scene)
    size = Size.MEDIUM_WIDE if len(speakers) == 3 else Size.WIDE
    return Frame(size, "dialogue", f"{names_of(speakers)} speak in turn, so the master holds the group", speakers)


def _two_speakers(facts: ShotFacts, scene: SetState) -> Frame:
    one, other = facts.speakers
    if any(beat.dual_group for beat in facts.beats):
        why = f"{names_of(facts.speakers)} speak at the same time, so one frame holds both"
        return Frame(Size.TWO_SHOT, "dialogue", why, facts.speakers)
    if len(facts.present) > 2 and _is_due(scene) and not scene.intercut:
        return _master(facts, scene, one, other)
    others = tuple(name for name in facts.seen if name not in facts.speakers)
    before = scene.before
    shown = before is not None and (before.size == Size.TWO_SHOT or set(before.faces) == {one, other})
    if shown and not others and not scene.intercut:
        why = f"{name_of(one)} speaks, {name_of(other)} answers, and the answer is what we look at"
        return Frame(Size.OVER_SHOULDER, "dialogue", why, (other,), (one,))
    why = f"{names_of(facts.speakers)} answer each other too quickly for singles, so one frame holds both"
    return Frame(Size.MEDIUM_WIDE if others else Size.TWO_SHOT, "dialogue", why, (*facts.speakers, *others))


def _is_due(scene: SetState) -> bool:
    return scene.since_geography >= REESTABLISH_AFTER[scene.settings.pacing]


def _master(facts: ShotFacts, scene: SetState, *speakers: str) -> Frame:
    """Everybody where they stand: a two shot, or the whole group."""
    why = f"After {scene.since_geography} closer shots we need to see again who stands where"
    faces = tuple(dict.fromkeys((*speakers, *facts.seen, *facts.present)))[:_GROUP]
    if len(faces) < 3:
        return Frame(Size.TWO_SHOT, "re-establish", why, faces)
    return Frame(Size.MEDIUM if scene.cramped else Size.WIDE, "re-establish", why, faces)


def listener(facts: ShotFacts, scene: SetState) -> Frame | None:
    """In a long speech, the middle belongs to the one who has to hear it."""
    middle = facts.parts >= 3 and facts.part % 3 == 1 and facts.part < facts.parts - 1
    if len(facts.speakers) != 1 or not middle or facts.action or scene.intercut:
        return None
    speaker = facts.speakers[0]
    hearer = scene.blocking.partner_of(speaker, facts.present)
    if not hearer:
        return None
    why = f"{name_of(speaker)} speaks for long, so we see what it does to {name_of(hearer)} while the voice runs on"
    return Frame(SINGLES[max(1, min(2, scene.tightness))], "reaction", why, (hearer,))


def single(facts: ShotFacts, scene: SetState) -> Frame | None:
    """One person speaks: matching singles, tighter with the tension, and the geography again now and then."""
    if len(facts.speakers) != 1:
        return None
    speaker = facts.speakers[0]
    partner = "" if scene.intercut else scene.blocking.partner_of(speaker, facts.present)
    before = scene.before
    if facts.goes_on and before is not None and before.faces == (speaker,) and before.purpose != "reaction":
        return _going_on(facts, scene, speaker, partner)
    moving = _speaks_moving(facts, scene)
    if moving is not None:
        return moving
    if (
        partner
        and _is_due(scene)
        and facts.index != scene.peak
        and not facts.goes_on
        and not facts.words & (REACT | BODY)
    ):
        return _master(facts, scene, speaker, partner)
    others = tuple(name for name in facts.seen if name != speaker)
    tightness = tightness_of(facts, scene, speaker)
    if facts.action and not facts.seen and facts.index != scene.peak:
        why = f"What happens and what {name_of(speaker)} says to it share one frame"
        return Frame(Size.MEDIUM_WIDE, "dialogue", why, (speaker,))
    if others and facts.index != scene.peak and not scene.intercut:
        size = Size.TWO_SHOT if len(others) == 1 else Size.MEDIUM_WIDE
        verb = "is" if len(others) == 1 else "are"
        why = f"{name_of(speaker)} speaks and {names_of(others)} {verb} busy, so the frame holds them together"
        return Frame(size, "dialogue", why, (speaker, *others))
    size = (SINGLES if partner else SINGLES_ALONE)[tightness]
    backs = (partner,) if size == Size.OVER_SHOULDER else ()
    return Frame(size, "dialogue", _why_single(facts, scene, size, partner), (speaker,), backs)


def _speaks_moving(facts: ShotFacts, scene: SetState) -> Frame | None:
    speaker = facts.speakers[0]
    if facts.deeds & ENTER and speaker in facts.seen:
        why = f"{name_of(speaker)} comes in and speaks, so the frame leaves room for the way in"
        return Frame(Size.MEDIUM_WIDE, "entrance", why, facts.people)
    if facts.leaving == speaker:
        why = f"{name_of(speaker)} speaks and goes, so the frame leaves room for the way out"
        return Frame(Size.MEDIUM_WIDE, "exit", why, facts.people)
    place = set(lower_words(f"{scene.context.location} {scene.context.sub_location} {facts.place}"))
    if facts.deeds & MOVE and (place & LONG_WAYS or scene.context.int_ext == "EXT"):
        verb = "moves" if len(facts.people) == 1 else "move"
        why = f"{names_of(facts.people)} {verb} while there is talk, so the camera goes along"
        return Frame(Size.MEDIUM_WIDE, "dialogue", why, facts.people, movement=Move.STEADICAM)
    return None


def _going_on(facts: ShotFacts, scene: SetState, speaker: str, partner: str) -> Frame:
    """A later part of a speech: nearer, from where the last shot ended; after a close-up, away from the face."""
    before = scene.frames[-1]
    if before.size in GEOGRAPHY:
        return Frame(Size.MEDIUM_CLOSE_UP, "dialogue", f"{name_of(speaker)} still speaks: back to the face", (speaker,))
    if rung(before.size) < rung(Size.CLOSE_UP):
        size = stepped(before.size, 1)
        why = f"{name_of(speaker)} goes on, so the camera moves in from where the last shot ended"
        return Frame(size, "dialogue", why, (speaker,), movement=Move.PUSH_IN, linked=True)
    if partner:
        why = f"{name_of(speaker)} still speaks, and after the close-up we see to whom"
        return Frame(Size.TWO_SHOT, "re-establish", why, (speaker, partner))
    away = scene.breaths % 3
    scene.breaths += 1
    if away == 1:
        why = f"{name_of(speaker)} still speaks, so the picture rests on the hands while the voice runs on"
        return Frame(Size.INSERT, "detail", why, thing=f"{name_of(speaker)}'s hands")
    size = Size.MEDIUM if away or scene.cramped else Size.WIDE
    why = f"{name_of(speaker)} still speaks, and after the close-up the room around the voice gives it air"
    return Frame(size, "dialogue", why, (speaker,))


def _why_single(facts: ShotFacts, scene: SetState, size: str, partner: str) -> str:
    speaker = name_of(facts.speakers[0])
    if facts.index == scene.peak:
        return f"The strongest line of the scene gets {speaker}'s face alone"
    if size == Size.OVER_SHOULDER:
        return f"{speaker} over {name_of(partner)}'s shoulder keeps both in the exchange"
    if facts.goes_on:
        return f"Back to {speaker}, who still speaks"
    if scene.intercut:
        return f"{speaker} at one end of the line; both ends keep matching sizes"
    if not partner:
        return f"{speaker} has nobody in the picture to talk to, so a {words_of(size)} stays with the face"
    last = next(
        (frame for frame in reversed(scene.frames) if frame.purpose == "dialogue" and len(frame.faces) == 1), None
    )
    if last is not None and last.size == size and last.faces != facts.speakers:
        return f"The {words_of(size)} of {speaker} answers the matching one of {names_of(last.faces)}"
    if last is not None and rung(last.size) < rung(size):
        return f"The exchange tightens, so the frame goes in to a {words_of(size)} of {speaker}"
    return f"A {words_of(size)} of {speaker} for the line"


def voice_over(facts: ShotFacts, scene: SetState) -> Frame | None:
    """Somebody is heard and not seen, and nothing else happens: the picture is whoever listens, or the place."""
    if not facts.heard or facts.action:
        return None
    voice = names_of(facts.heard)
    listeners = [name for name in facts.present if name not in facts.heard]
    if listeners:
        held = scene.before.faces if scene.before else ()
        hearer = next((name for name in held if name in listeners), listeners[-1])
        size = SINGLES_ALONE[max(1, min(2, scene.tightness + facts.part % 2))]
        return Frame(
            size, "reaction", f"{voice} is only heard, so the picture is {name_of(hearer)} listening", (hearer,)
        )
    size = (Size.WIDE, Size.MEDIUM_WIDE, Size.EXTREME_WIDE)[facts.part % 3]
    return Frame(size, "voice over", f"{voice} is only heard and nobody listens, so the place carries the words")


def silence(facts: ShotFacts, scene: SetState) -> Frame | None:
    """A pause is a face."""
    if not facts.timed or any(beat.kind is not BeatKind.PAUSE for beat in facts.timed):
        return None
    speaker = next((beat.speaker for beat in facts.timed if beat.speaker and not beat.off_camera), "")
    faces = (speaker,) if speaker in facts.present else facts.present[-1:]
    if not faces:
        return None
    return Frame(Size.CLOSE_UP, "reaction", f"Nobody speaks, so we read {names_of(faces)}'s face", faces)


# What happens


def sight(facts: ShotFacts, scene: SetState) -> Frame | None:
    """What somebody has just looked at is seen through their eyes."""
    before = scene.before
    if before is None or len(before.faces) != 1 or facts.people or facts.has_speech or not facts.action:
        return None
    if before.size == Size.POINT_OF_VIEW or not looks_off(scene.facts[-1].action):
        return None
    watcher = before.faces[0]
    why = f"{name_of(watcher)} has just looked, so we see it with {name_of(watcher)}'s eyes"
    return Frame(Size.POINT_OF_VIEW, "point of view", why, watcher=watcher)


def insert(facts: ShotFacts, scene: SetState) -> Frame | None:
    """A thing that matters fills the frame, once."""
    if not facts.props or facts.has_speech:
        return None
    thing = facts.props[0]
    again = thing in scene.inserted or (scene.before is not None and scene.before.size == Size.INSERT)
    if not facts.seen:
        if again and not facts.words & DISTURB:
            return None
        return Frame(Size.INSERT, "insert", f"The {thing} is what this is about, so it fills the frame", thing=thing)
    known = {prop.lower() for prop in scene.context.props}
    returns = scene.mentions[thing] > 1
    matters = returns or thing in known or thing in READABLE or thing.upper() in facts.action
    busy = facts.deeds & (MOVE | ENTER | EXIT) or facts.rough or len(facts.timed) > 2
    if again or not matters or busy or len(facts.seen) > 1 or not facts.deeds & HANDLE:
        return None
    why = f"The {thing} comes back in this scene, so we see it once in {name_of(facts.seen[0])}'s hands"
    if not returns:
        why = f"What {name_of(facts.seen[0])} does with the {thing} is the point, so the frame goes to the hands"
    return Frame(Size.INSERT, "insert", why, thing=thing)


def deed(facts: ShotFacts, scene: SetState) -> Frame | None:
    """Somebody does something."""
    people = facts.seen
    if not people:
        return None
    names = names_of(people)
    if facts.deeds & ENTER and not facts.rough:
        size = Size.FULL if len(people) == 1 else Size.WIDE
        return Frame(size, "entrance", f"An entrance: a frame wide enough for {names} and the way in", people)
    if facts.leaving:
        left = tuple(name for name in people if name != facts.leaving)
        if left and len(facts.timed) > 1 and facts.stays:
            why = f"{name_of(facts.leaving)} is gone, and the frame stays with {names_of(left)}"
            return Frame(Size.MEDIUM, "reaction", why, left)
        return Frame(Size.WIDE, "exit", f"{name_of(facts.leaving)} leaves, and the wide frame keeps the room", people)
    if facts.rough:
        size = _ROUGH_SIZES[scene.deeds % len(_ROUGH_SIZES)]
        scene.deeds += 1
        return Frame(size, "action", f"It gets rough, so the camera is on its feet with {names}", people)
    if facts.deeds & MOVE:
        size = Size.FULL if len(people) < 3 else Size.WIDE
        verb = "is" if len(people) == 1 else "are"
        return Frame(size, "action", f"{names} {verb} on the move, so the frame holds the body and the way", people)
    return _doing(facts, scene, people)


def _doing(facts: ShotFacts, scene: SetState, people: tuple[str, ...]) -> Frame:
    names = names_of(people)
    if len(people) > 2:
        return Frame(Size.MEDIUM_WIDE, "action", f"{names} act together, so one frame holds the group", people)
    if len(people) == 2:
        return Frame(Size.TWO_SHOT, "action", f"It happens between {names}, so both are in the frame", people)
    if facts.deeds & (REACT | LOOK) and not facts.deeds & HANDLE:
        size = Size.CLOSE_UP if scene.tightness > 1 or facts.energy > 1 else Size.MEDIUM_CLOSE_UP
        return Frame(size, "reaction", f"What happens here happens in {names}'s face", people)
    size = _DEED_SIZES[scene.deeds % len(_DEED_SIZES)]
    scene.deeds += 1
    if not facts.deeds & HANDLE:
        return Frame(size, "action", f"A {words_of(size)} keeps {names} in the middle of what happens", people)
    return Frame(size, "action", f"{names} is busy, and a {words_of(size)} shows the hands and the doing", people)


def place_or_detail(facts: ShotFacts, scene: SetState) -> Frame | None:
    """Nobody is named: what the place does."""
    before = scene.before
    if before is not None and not before.faces and before.size in GEOGRAPHY:
        size = stepped(before.size, 2)
        return Frame(size, "detail", "After the wide view, nearer to what the script describes")
    if before is not None and len(before.faces) == 1 and scene.facts[-1].deeds & (HANDLE | LOOK):
        why = f"What {names_of(before.faces)} is at, seen from near"
        return Frame(Size.INSERT, "detail", why, thing=facts.props[0] if facts.props else "")
    return Frame(Size.WIDE, "action", "Nobody in particular is meant, so the event is seen as a whole")


RULES: tuple[Rule, ...] = (
    as_ordered,
    title,
    montage_line,
    opening,
    empty,
    several_speakers,
    listener,
    single,
    voice_over,
    silence,
    sight,
    insert,
    deed,
    place_or_detail,
)
