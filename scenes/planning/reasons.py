"""Why a shot begins where it begins: the first half of the reason a person reads beside it."""

from __future__ import annotations

from fractions import Fraction

from .duals import packed_seconds
from .facts import ShotFacts
from .frames import Frame, name_of
from .model import Beat, BeatKind, PlanSettings


def reason_of(facts: ShotFacts, frame: Frame, before: ShotFacts | None, settings: PlanSettings) -> str:
    """One to three sentences: why the cut, why the frame, why held."""
    sentences = [_why_cut(facts, before, settings), f"{frame.why}."]
    raw = sum(packed_seconds(facts.beats), Fraction(0))
    if raw < settings.min_seconds and facts.timed:
        sentences.append(f"Held to {settings.min_seconds} s, the shortest a shot may be.")
    return " ".join(sentence for sentence in sentences if sentence)


def _why_cut(facts: ShotFacts, before: ShotFacts | None, settings: PlanSettings) -> str:
    if before is None or not facts.timed or not before.timed:
        return ""
    first, last = facts.timed[0], before.timed[-1]
    order = next((beat for beat in before.beats if beat.transition), None)
    if order is not None:
        return f"New shot after “{(order.direction or order.text).rstrip(':. ')}”."
    if any(beat.opens and beat.camera is not None for beat in facts.beats) or first.montage:
        return ""
    if first.continues:
        return f"The sentence is longer than {settings.max_seconds} s and goes on from a clause mark."
    return _why_turn(first, last)


def _why_turn(first: Beat, last: Beat) -> str:
    if first.kind is BeatKind.PAUSE and first.speaker:
        return f"The pause before {name_of(first.speaker)} speaks belongs to the answer."
    if first.speech and first.speech == last.speech:
        return "The speech goes on; the cut falls between two sentences."
    speaks, spoke = first.kind is BeatKind.DIALOGUE, last.kind is BeatKind.DIALOGUE
    if speaks and spoke:
        return f"Cut on the change of speaker to {name_of(first.speaker) or 'the voice'}."
    if speaks:
        return f"Cut from the action to {name_of(first.speaker) or 'the voice'} speaking."
    if spoke:
        return "Cut from the words to what happens."
    if first.paragraph != last.paragraph:
        return "A new paragraph of action is a new picture."
    return "The paragraph holds more than one shot; the cut falls between two sentences."
