"""When each line is spoken inside its shot, and who is in the picture while it is."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from .blocking import EVERYBODY, Blocking
from .facts import ShotFacts
from .frames import Frame
from .model import Beat, BeatKind, PlannedCharacter, PlannedLine
from .sentences import join


def lines_of(facts: ShotFacts, frame: Frame) -> tuple[PlannedLine, ...]:
    """The lines of a shot in the order of the script, one after the other; of two who speak at once, together.

    Each speech begins with its breath. What one person says without a break and in one manner is one line.
    """
    lines: list[PlannedLine] = []
    clock = Fraction(0)
    for group, members in groupby(facts.beats, key=lambda beat: beat.dual_group):
        run = list(members)
        if group:
            left, end_left = _spoken([beat for beat in run if beat.dual == "left"], clock, frame)
            right, end_right = _spoken([beat for beat in run if beat.dual == "right"], clock, frame)
            lines += [*left, *right]
            clock = max(end_left, end_right)
        else:
            spoken, clock = _spoken(run, clock, frame)
            lines += spoken
    return tuple(lines)


def _spoken(beats: list[Beat], clock: Fraction, frame: Frame) -> tuple[list[PlannedLine], Fraction]:
    lines: list[PlannedLine] = []
    last: Beat | None = None
    for beat in beats:
        if beat.kind is BeatKind.DIALOGUE:
            start, end = clock + beat.lead, clock + beat.seconds
            same = last is not None and last.speech == beat.speech and last.parenthetical == beat.parenthetical
            if same and lines:
                first = lines.pop()
                lines.append(_line(beat, join(first.text, beat.text), first.start, end, frame))
            else:
                lines.append(_line(beat, beat.text, start, end, frame))
        if beat.seconds:
            last = beat if beat.kind is BeatKind.DIALOGUE else None
        clock += beat.seconds
    return lines, clock


def _line(beat: Beat, text: str, start: Fraction, end: Fraction, frame: Frame) -> PlannedLine:
    hidden = not beat.off_camera and bool(beat.speaker) and not _shows_any(beat.speaker, frame)
    off_screen = (beat.off_camera and not beat.voice_over) or hidden
    return PlannedLine(beat.speaker, text, beat.parenthetical, start, end, beat.voice_over, off_screen)


def _shows_any(speaker: str, frame: Frame) -> bool:
    """Whether somebody behind the cue is in the picture (ANNA AND BEN are two, ALL are many)."""
    shown = (*frame.faces, *frame.backs)
    return any(name in speaker for name in shown) or (bool(shown) and speaker.upper() in EVERYBODY)


def cast_of(facts: ShotFacts, frame: Frame, blocking: Blocking, tone: str) -> tuple[PlannedCharacter, ...]:
    """Everybody in the shot: seen from the front, from behind, or only concerned by it (not on camera)."""
    emotions = dict(facts.emotions)
    shown = (*frame.faces, *frame.backs)
    sides = _sides_in_frame(shown, blocking)
    cast = [
        PlannedCharacter(
            name, sides[name], True, _facing(name, facts, frame, blocking),
            emotions.get(name, "") or tone or "neutral",
        )
        for name in shown
    ]  # fmt: skip
    for name in dict.fromkeys((*facts.speakers, *facts.heard, *facts.seen)):
        if name not in shown:
            side = blocking.sides.get(name, "centre")
            emotion = emotions.get(name, "") or tone or "neutral"
            cast.append(PlannedCharacter(name, side, False, _towards_middle(side), emotion))
    return tuple(cast)


def _sides_in_frame(shown: tuple[str, ...], blocking: Blocking) -> dict[str, str]:
    """The scene's sides; where all stand on one side, the others move to the middle, which crosses no line."""
    sides = {name: blocking.sides.get(name, "centre") for name in shown}
    if len(shown) > 1 and len(set(sides.values())) == 1 and sides[shown[0]] != "centre":
        sides = {name: sides[name] if name == shown[0] else "centre" for name in shown}
    return sides


def _facing(name: str, facts: ShotFacts, frame: Frame, blocking: Blocking) -> str:
    if name in frame.backs or name == facts.leaving:
        return "away"
    side = blocking.sides.get(name, "centre")
    if side != "centre":
        return _towards_middle(side)
    others = [blocking.sides.get(other, "centre") for other in (*frame.faces, *frame.backs) if other != name]
    partner = blocking.partners.get(name, "")
    if not others and partner:
        others = [blocking.sides.get(partner, "centre")]
    return next((other for other in others if other != "centre"), "camera")


def _towards_middle(side: str) -> str:
    return {"left": "right", "right": "left"}.get(side, "camera")
