"""Where the camera stands: size, angle, movement and lens of every shot of a scene.

Two rules hold for all patterns: everybody keeps a side of the frame (180 degrees, see `blocking`), and two shots
of the same subject in a row differ in size or angle (30 degrees, here).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenes.choices import CameraAngle as Angle
from scenes.choices import CameraMovement as Move
from scenes.choices import ShotSize as Size

from .blocking import Blocking
from .facts import ShotFacts
from .frames import GEOGRAPHY, LADDER, Frame, SetState, rung, stepped
from .lexicon import DIZZY, ENTER, HIGH_STATUS, LOW_STATUS, MOVE, READABLE, UPWARD, word_set
from .model import PlanSettings, SceneContext
from .patterns import RULES
from .people import Names, lower_words

_FEET = word_set("feet foot boots shoes footsteps heels paws")
_LYING = word_set("lies lying asleep sleeps sprawled unconscious")
_FAST_LOOK = word_set("suddenly whirls spins snaps")
_RIDES = word_set("car truck taxi van bus train motorbike motorcycle horse drives driving races speeds")


def cover(
    all_facts: Sequence[ShotFacts],
    blocking: Blocking,
    names: Names,
    context: SceneContext,
    settings: PlanSettings,
    *,
    intercut: bool,
) -> list[Frame]:
    """A frame for every shot. Each rule of the patterns may answer; the first that does decides."""
    scene = SetState(
        context, blocking, names, settings, intercut, sum(bool(f.speakers) for f in all_facts), _mentions(all_facts)
    )
    scene.peak = _peak(all_facts)
    for facts in all_facts:
        frame = next(found for rule in RULES if (found := rule(facts, scene)) is not None)
        frame = _without_the_absent(frame, facts)
        frame = _with_angle(frame, facts, scene)
        frame = _thirty_degrees(frame, facts, scene)
        frame = _with_movement(frame, facts, scene, last=facts.index == len(all_facts) - 1)
        scene.remember(frame, facts)
    return scene.frames


def _mentions(all_facts: Sequence[ShotFacts]) -> dict[str, int]:
    mentions: dict[str, int] = {}
    for facts in all_facts:
        for prop in facts.props:
            mentions[prop] = mentions.get(prop, 0) + 1
    return mentions


def _peak(all_facts: Sequence[ShotFacts]) -> int:
    """The shot with the strongest single line of the second half, -1 where no line stands out."""
    talking = [facts for facts in all_facts if facts.speakers]
    late = [f for f in talking[len(talking) // 2 :] if f.energy > 1 and len(f.speakers) == 1 and f.index > 0]
    return max(late, key=lambda facts: (facts.energy, facts.index)).index if len(talking) > 3 and late else -1


def _without_the_absent(frame: Frame, facts: ShotFacts) -> Frame:
    """Nobody is in a shot in which the script has them speak off screen."""
    absent = {beat.speaker for beat in facts.beats if beat.off_camera and not beat.voice_over}
    if not absent & {*frame.faces, *frame.backs}:
        return frame
    faces = tuple(name for name in frame.faces if name not in absent)
    backs = tuple(name for name in frame.backs if name not in absent)
    size = frame.size
    if size == Size.TWO_SHOT and len(faces) < 2:
        size = Size.MEDIUM
    if size == Size.OVER_SHOULDER and not backs:
        size = Size.MEDIUM_CLOSE_UP
    return replace(frame, faces=faces, backs=backs, size=size)


def _with_angle(frame: Frame, facts: ShotFacts, scene: SetState) -> Frame:
    if facts.cue is not None and facts.cue.angle:
        return replace(frame, angle=facts.cue.angle)
    return replace(frame, angle=frame.angle or str(_angle(frame, facts)))


def _angle(frame: Frame, facts: ShotFacts) -> Angle:
    words = facts.words
    if frame.size == Size.OVER_SHOULDER:
        return Angle.SHOULDER_LEVEL
    if frame.size == Size.INSERT:
        return Angle.GROUND_LEVEL if words & _FEET else (Angle.HIGH_ANGLE if _is_read(frame) else Angle.EYE_LEVEL)
    if words & DIZZY:
        return Angle.DUTCH_ANGLE
    if len(frame.faces) == 1 and frame.purpose == "dialogue" and facts.energy > 1 and not words & LOW_STATUS:
        return Angle.LOW_ANGLE
    if words & _LYING and frame.faces and frame.size in GEOGRAPHY | {Size.MEDIUM}:
        return Angle.OVERHEAD
    if len(frame.faces) == 1 and words & LOW_STATUS:
        return Angle.HIGH_ANGLE
    if (len(frame.faces) == 1 and words & HIGH_STATUS) or (not frame.faces and words & UPWARD):
        return Angle.LOW_ANGLE
    if frame.size == Size.EXTREME_WIDE and not words & UPWARD:
        return Angle.HIGH_ANGLE
    return Angle.EYE_LEVEL


def _is_read(frame: Frame) -> bool:
    return bool(set(lower_words(frame.thing)) & READABLE)


def _thirty_degrees(frame: Frame, facts: ShotFacts, scene: SetState) -> Frame:
    """A cut between two like shots of one subject jumps: change the size by a step, or the angle where it is set."""
    before = scene.before
    if before is None:
        previous = scene.context.previous
        same = previous is not None and bool(frame.faces) and set(previous.cast) == {*frame.faces, *frame.backs}
        if previous is None or not same or (previous.shot_size, previous.camera_angle) != (frame.size, frame.angle):
            return frame
    elif before.subject != frame.subject or (before.size, before.angle) != (frame.size, frame.angle):
        return frame
    if frame.ordered or frame.size in (Size.POINT_OF_VIEW, Size.INSERT):
        angle = Angle.HIGH_ANGLE if frame.angle != Angle.HIGH_ANGLE else Angle.LOW_ANGLE
        return replace(
            frame, angle=str(angle), why=f"{frame.why}; seen from another angle so that the cut does not jump"
        )
    closer = facts.has_speech or facts.energy > 0 or rung(frame.size) <= 1
    step = 1 if closer and rung(frame.size) < len(LADDER) - 2 else -1
    size = stepped(frame.size, step)
    word = "nearer" if step > 0 else "further back"
    return replace(frame, size=size, backs=(), why=f"{frame.why}; a step {word} so that the cut does not jump")


def _with_movement(frame: Frame, facts: ShotFacts, scene: SetState, *, last: bool) -> Frame:
    if facts.cue is not None and facts.cue.movement:
        return replace(frame, movement=facts.cue.movement)
    if frame.movement:
        return frame
    return replace(frame, movement=str(_movement(frame, facts, scene, last=last)))


def _movement(frame: Frame, facts: ShotFacts, scene: SetState, *, last: bool) -> Move:
    words = facts.words
    if facts.rough and frame.size != Size.INSERT and frame.faces:
        return Move.HANDHELD
    if words & _FAST_LOOK and not facts.has_speech and frame.faces:
        return Move.WHIP_PAN
    if frame.purpose in ("establish", "re-establish", "voice over"):
        return _establishing_movement(frame, scene)
    if facts.deeds & MOVE and frame.faces and frame.size in GEOGRAPHY | {Size.MEDIUM}:
        return Move.TRACKING
    if words & _RIDES and not (facts.has_speech or frame.faces) and frame.size != Size.INSERT:
        return Move.TRACKING
    if facts.deeds & ENTER and frame.faces:
        return Move.PAN
    if words & UPWARD and frame.size != Size.INSERT:
        return Move.TILT
    if facts.leaving:
        return Move.PULL_OUT if last else Move.STATIC
    if facts.index == scene.peak:
        return Move.PUSH_IN
    if frame.purpose == "reaction" and facts.seconds >= 5:
        return Move.PUSH_IN
    if frame.purpose == "point of view":
        return Move.HANDHELD
    if frame.purpose == "insert" and facts.seconds >= 5:
        return Move.PUSH_IN
    if last and len(scene.frames) >= 8 and frame.faces and not facts.has_speech:
        return Move.PULL_OUT
    return Move.DOLLY if frame.purpose == "detail" else Move.STATIC


def _establishing_movement(frame: Frame, scene: SetState) -> Move:
    """A place without people may be moved through; with people in it the frame stands and lets them act."""
    if frame.purpose == "re-establish" or scene.settings.pacing == "fast":
        return Move.STATIC
    if frame.faces:
        return Move.DOLLY if scene.settings.pacing == "slow" else Move.STATIC
    if frame.size == Size.EXTREME_WIDE:
        return Move.CRANE
    return Move.PAN if scene.context.int_ext == "EXT" else Move.DOLLY
