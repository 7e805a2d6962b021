"""The words that a picture and its movement are asked for with, composed from what was decided.

Dialogue is never quoted and titles are never spelled out: an image model would paint the letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from scenes.choices import CameraMovement as Move
from scenes.choices import ShotSize as Size
from scenes.choices import TimeOfDay as Time

from .facts import ShotFacts
from .frames import Frame, name_of, names_of, words_of
from .model import Beat, BeatKind, PlannedCharacter, PlannedLine, SceneContext

LIGHT_OUTSIDE: dict[str, str] = {
    Time.DAWN: "first cold light of dawn",
    Time.MORNING: "low, clear morning sun",
    Time.DAY: "daylight",
    Time.NOON: "hard sun from above",
    Time.AFTERNOON: "warm afternoon sun from the side",
    Time.GOLDEN_HOUR: "low golden sun, long shadows",
    Time.EVENING: "fading evening light",
    Time.DUSK: "blue dusk, first lamps lit",
    Time.TWILIGHT: "deep blue twilight",
    Time.NIGHT: "night, pools of street light, deep shadows",
}
LIGHT_INSIDE: dict[str, str] = {
    Time.DAWN: "pale dawn light through the windows",
    Time.MORNING: "morning sun through the windows",
    Time.DAY: "soft daylight from the windows",
    Time.NOON: "bright daylight from the windows",
    Time.AFTERNOON: "warm afternoon light slanting in",
    Time.GOLDEN_HOUR: "golden low sun through the windows",
    Time.EVENING: "lamps lit, last daylight outside",
    Time.DUSK: "lamps lit, blue windows",
    Time.TWILIGHT: "lamps lit, dark blue windows",
    Time.NIGHT: "night, lit by lamps, dark windows",
}
_SIZES: dict[str, str] = {
    Size.EXTREME_WIDE: "Extreme wide shot",
    Size.WIDE: "Wide shot",
    Size.FULL: "Full shot, head to toe",
    Size.MEDIUM_WIDE: "Medium wide shot, knees up",
    Size.MEDIUM: "Medium shot, waist up",
    Size.MEDIUM_CLOSE_UP: "Medium close-up, chest up",
    Size.CLOSE_UP: "Close-up",
    Size.EXTREME_CLOSE_UP: "Extreme close-up",
    Size.OVER_SHOULDER: "Over-the-shoulder shot",
    Size.TWO_SHOT: "Two shot",
    Size.INSERT: "Insert, close on the detail",
    Size.POINT_OF_VIEW: "Point-of-view shot",
}
_MOVES: dict[str, str] = {
    Move.STATIC: "The camera does not move",
    Move.PAN: "The camera pans with the movement",
    Move.TILT: "The camera tilts up slowly",
    Move.ZOOM: "The camera zooms slowly",
    Move.DOLLY: "The camera glides slowly forward",
    Move.TRACKING: "The camera tracks alongside",
    Move.TRUCK: "The camera trucks sideways",
    Move.PEDESTAL: "The camera rises straight up",
    Move.CRANE: "The camera cranes down from above",
    Move.HANDHELD: "Handheld camera, restless",
    Move.STEADICAM: "The camera floats back before them",
    Move.ORBIT: "The camera circles",
    Move.PUSH_IN: "The camera pushes in slowly",
    Move.PULL_OUT: "The camera pulls back slowly",
    Move.WHIP_PAN: "The camera whips round",
}
_SHALLOW = frozenset({Size.MEDIUM_CLOSE_UP, Size.CLOSE_UP, Size.EXTREME_CLOSE_UP, Size.OVER_SHOULDER, Size.INSERT})
_WITH_SETTING = frozenset(
    {Size.EXTREME_WIDE, Size.WIDE, Size.FULL, Size.MEDIUM_WIDE, Size.TWO_SHOT, Size.POINT_OF_VIEW}
)
SETTING_WORDS = 40
"""How many words of the script's description go into the prompt of a wide frame."""


def light_of(context: SceneContext) -> str:
    """The light of the scene in a few words, from time and place; "" where the heading names no time."""
    table = LIGHT_OUTSIDE if context.int_ext == "EXT" else LIGHT_INSIDE
    return table.get(context.time_of_day, "")


def image_prompt(
    facts: ShotFacts, frame: Frame, cast: Sequence[PlannedCharacter], context: SceneContext, lens_mm: int, setting: str
) -> str:
    """What the first frame of a shot shows."""
    size = _SIZES[frame.size] if frame.faces else _SIZES[frame.size].split(",")[0]
    parts = [f"{size}{_subject(frame, cast)}", _seen_doing(facts, frame), _place(facts, context)]
    if setting and frame.size in _WITH_SETTING and setting not in facts.action:
        parts.append(" ".join(setting.split()[:SETTING_WORDS]))
    light = ", ".join(part for part in (light_of(context), _weather(context)) if part)
    parts.append(light)
    depth = "shallow depth of field" if frame.size in _SHALLOW else "deep focus"
    parts.append(f"{words_of(frame.angle)}, {lens_mm} mm lens, {depth}")
    if context.tone:
        parts.append(f"{context.tone} mood")
    if frame.purpose == "title" or (facts.overlay and not facts.has_speech):
        parts.append("calm area without text, room for a title")
    return ". ".join(_sentence(part) for part in parts if part.strip()) + "."


def motion_prompt(
    facts: ShotFacts, frame: Frame, cast: Sequence[PlannedCharacter], lines: Sequence[PlannedLine]
) -> str:
    """What moves in a shot: the camera, the people, the lips."""
    parts = []
    if frame.linked:
        parts.append("Goes on from the last frame of the shot before")
    parts.append(_MOVES[frame.movement])
    if facts.action:
        parts.append(facts.action)
    parts += _talk(frame, cast, lines)
    if any(beat.kind is BeatKind.PAUSE for beat in facts.beats):
        parts.append("A moment of stillness")
    return ". ".join(_sentence(part) for part in parts if part.strip()) + "."


def business_of(facts: ShotFacts, frame: Frame) -> str:
    """What is done in a shot: the script's words of action and of parentheticals, else who speaks to whom."""
    done = [facts.action] if facts.action else []
    done += [f"{name_of(b.speaker)}: ({b.parenthetical})" for b in _first_with_manner(facts)]
    if done:
        return " ".join(done)
    if frame.purpose == "reaction" and facts.speakers and facts.speakers[0] not in frame.faces:
        return f"{names_of(frame.faces)} listens to {names_of(facts.speakers)}."
    if frame.purpose == "reaction" and facts.heard:
        return f"{names_of(frame.faces)} listens to the voice of {names_of(facts.heard)}."
    if facts.speakers:
        partner = f" to {names_of(frame.backs)}" if frame.backs else ""
        verb = "speaks" if len(facts.speakers) == 1 else "speak"
        return f"{names_of(facts.speakers)} {verb}{partner}."
    if facts.heard:
        return f"The voice of {names_of(facts.heard)} over the picture."
    if frame.thing:
        return f"{frame.thing.capitalize()}."
    return f"{names_of(frame.faces)} is still." if frame.faces else ""


def _first_with_manner(facts: ShotFacts) -> list[Beat]:
    seen: set[tuple[int, str]] = set()
    first: list[Beat] = []
    for beat in facts.beats:
        key = (beat.speech, beat.parenthetical)
        if beat.parenthetical and beat.speaker and key not in seen:
            seen.add(key)
            first.append(beat)
    return first


def _subject(frame: Frame, cast: Sequence[PlannedCharacter]) -> str:
    if frame.watcher:
        what = f", what {name_of(frame.watcher)} sees"
        return what + (f": {names_of(frame.faces)}" if frame.faces else "")
    if frame.thing:
        return f": {frame.thing.lower()}"
    shown = [person for person in cast if person.on_camera]
    if not shown:
        return ""
    return " of " + "; ".join(_person(person, frame) for person in shown)


def _person(person: PlannedCharacter, frame: Frame) -> str:
    if person.name in frame.backs:
        return f"{name_of(person.name)}'s shoulder and back of the head in the foreground, frame {person.side}"
    where = "in the centre of the frame" if person.side == "centre" else f"frame {person.side}"
    looks = {"camera": "towards us", "away": "away from us"}.get(person.facing, person.facing)
    mood = f", {person.emotion}" if person.emotion != "neutral" else ""
    return f"{name_of(person.name)}, {where}, facing {looks}{mood}"


def _seen_doing(facts: ShotFacts, frame: Frame) -> str:
    if facts.action:
        return facts.action
    speaking = [name for name in facts.speakers if name in frame.faces]
    if speaking:
        return f"{names_of(speaking)} speaking"
    return f"{names_of(frame.faces)} listening" if frame.faces and facts.has_speech else ""


def _place(facts: ShotFacts, context: SceneContext) -> str:
    where = {"INT": "Interior", "EXT": "Exterior", "INT/EXT": "Interior and exterior"}.get(context.int_ext, "")
    places = [name_of(part) for part in (context.location, context.sub_location, facts.place) if part]
    return ", ".join(part for part in (where, *dict.fromkeys(places)) if part)


def _weather(context: SceneContext) -> str:
    return "" if context.weather in ("", "clear") or context.int_ext == "INT" else f"{context.weather} weather"


def _talk(frame: Frame, cast: Sequence[PlannedCharacter], lines: Sequence[PlannedLine]) -> list[str]:
    parts = []
    speaking = list(dict.fromkeys(line.speaker for line in lines if not (line.voice_over or line.off_screen)))
    for name in speaking:
        manner = next((line.parenthetical for line in lines if line.speaker == name and line.parenthetical), "")
        parts.append(f"{name_of(name)} speaks{f', {manner}' if manner else ''}")
    silent = [p.name for p in cast if p.on_camera and p.name not in speaking and p.name not in frame.backs]
    if lines and silent:
        parts.append(f"{names_of(silent)} {'listens' if len(silent) == 1 else 'listen'}, lips closed")
    return parts


def _sentence(part: str) -> str:
    part = part.strip().rstrip(".")
    return part[:1].upper() + part[1:]
