"""The deterministic planner: same scene, same settings, same shots; no network, no model, no chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from projects.screenplay.cues import parse_cue
from projects.screenplay.emphasis import plain_text
from projects.screenplay.model import ElementType, Scene
from scenes.choices import GenerationApproach as Approach
from scenes.choices import ShotSize as Size
from scenes.choices import Transition

from .beats import BeatSheet, beats_of
from .blocking import Blocking, block, names_of, on_the_phone
from .coverage import cover
from .facts import ShotFacts, facts_of
from .frames import Frame, lens_of
from .lexicon import READABLE
from .model import Beat, BeatKind, PlannedShot, PlanSettings, SceneContext, ScenePlan
from .packing import HOUSE_RULES, INTERCUT_RULES, pack
from .people import lower_words
from .prompts import business_of, image_prompt, motion_prompt
from .reasons import reason_of
from .sentences import join
from .speech import cast_of, lines_of

PLANNER = "rules"
VERSION = "1"
"""Goes up whenever the same scene would get other shots."""

_INTERCUT_WARNING = (
    "The scene cuts between two ends of a call. Every shot is described in the place of its heading: "
    "give those of the other end their own location."
)


class RulesPlanner:
    """Plans by the rules of `packing` and `patterns`. Implements `ShotPlanner`."""

    def plan(self, scene: Scene, context: SceneContext, settings: PlanSettings) -> ScenePlan:
        """The shots of `scene`, in screen order; at least one, since a scene without text is still seen."""
        names = names_of(context, _cues(scene), _actions(scene))
        sheet = beats_of(scene, names, settings)
        beats = sheet.beats
        blocking = block(beats, names, context)
        intercut = sheet.intercut or on_the_phone(beats, blocking)
        if intercut:
            sheet.warnings.append(_INTERCUT_WARNING)
        people = [frozenset(seen) for seen in blocking.seen]
        ranges = pack(beats, people, settings, INTERCUT_RULES if intercut else HOUSE_RULES) or [(0, 0)]
        facts = facts_of(beats, ranges, blocking, context, settings)
        frames = cover(facts, blocking, names, context, settings, intercut=intercut)
        setting = " ".join(beat.text for beat in beats if beat.static)
        shots = drawn_shots(facts, frames, blocking, context, settings, setting)
        transition_in = with_transitions(shots, facts, sheet)
        return ScenePlan(
            shots=tuple(shots),
            seconds=sum((shot.seconds for shot in shots), Fraction(0)),
            planner=PLANNER,
            version=VERSION,
            warnings=tuple(sheet.warnings),
            transition_in=transition_in,
            setting=setting,
            sides=tuple(blocking.sides.items()),
            beats=tuple(beats),
        )


def _cues(scene: Scene) -> list[str]:
    cues = [e.character or parse_cue(e.text).name for e in scene.elements if e.type is ElementType.CHARACTER]
    spoken = [element.character for element in scene.elements if element.type is ElementType.DIALOGUE]
    return [name for name in (*cues, *spoken) if name]


def _actions(scene: Scene) -> list[str]:
    return [plain_text(element) for element in scene.elements if element.type is ElementType.ACTION]


def drawn_shots(
    all_facts: Sequence[ShotFacts],
    frames: Sequence[Frame],
    blocking: Blocking,
    context: SceneContext,
    settings: PlanSettings,
    setting: str,
) -> list[PlannedShot]:
    shots = []
    before: ShotFacts | None = None
    for facts, frame in zip(all_facts, frames, strict=True):
        lines = lines_of(facts, frame)
        cast = cast_of(facts, frame, blocking, context.tone)
        shots.append(
            PlannedShot(
                number=facts.index + 1,
                beats=tuple(beat.id for beat in facts.beats),
                text=text_of(facts.beats),
                business=business_of(facts, frame),
                lines=lines,
                cast=cast,
                props=facts.props,
                seconds=facts.seconds,
                shot_size=str(frame.size),
                camera_angle=str(frame.angle),
                camera_movement=str(frame.movement),
                lens_mm=lens_of(frame),
                purpose=frame.purpose,
                prompt=image_prompt(facts, frame, cast, context, lens_of(frame), setting),
                motion_prompt=motion_prompt(facts, frame, cast, lines),
                continuity_link=frame.linked,
                overlay_text=facts.overlay,
                transition_out=str(Transition.CUT),
                approach=str(_approach(facts, frame, context)),
                reason=reason_of(facts, frame, before, settings),
            )
        )
        before = facts
    return shots


def text_of(beats: Sequence[Beat]) -> str:
    """The script's words of these beats, one line for each paragraph and each speech."""
    text = ""
    last: Beat | None = None
    for beat in beats:
        if beat.text:
            new_line = last is not None and (last.paragraph, last.speech) != (beat.paragraph, beat.speech)
            text = join(text, beat.text, "\n" if new_line else " ")
            last = beat
    return text


def with_transitions(shots: list[PlannedShot], all_facts: Sequence[ShotFacts], sheet: BeatSheet) -> str:
    """Write transitions into the shots they close; returns the one that opens the scene."""
    first = sheet.beats[0] if sheet.beats else None
    opens = sheet.transition_in
    if first is not None and len(sheet.beats) == 1 and opens != Transition.FADE_IN:
        opens = ""  # a scene that is nothing but FADE OUT ends with it
    for index, facts in enumerate(all_facts):
        closing = [beat for beat in facts.beats if beat.transition and not (opens and beat is first)]
        orders = [
            beat.transition for beat in closing if beat.kind is BeatKind.TRANSITION and beat.transition != "fade_in"
        ]
        if orders:
            shots[index] = replace(shots[index], transition_out=orders[-1])
    return opens


def _approach(facts: ShotFacts, frame: Frame, context: SceneContext) -> Approach:
    """How the picture is best made."""
    if frame.purpose == "title":
        return Approach.HELD_FRAME_STATIC
    if frame.linked:
        return Approach.IMAGE_TO_VIDEO
    if set(lower_words(frame.thing)) & READABLE:
        return Approach.HELD_FRAME_PUSH  # writing in the picture must not crawl
    if not frame.faces and not frame.backs:
        return Approach.IMAGE_TO_VIDEO if context.location else Approach.TEXT_TO_VIDEO
    if frame.purpose in ("entrance", "exit"):
        return Approach.FIRST_LAST_FRAME
    deeds = [beat for beat in facts.timed if beat.kind is BeatKind.ACTION and not beat.static]
    staged = frame.purpose != "establish" and frame.size != Size.INSERT
    if len(deeds) > 2 and staged and not facts.has_speech:
        return Approach.TRIPTYCH_SPLIT_FIRST_LAST
    return Approach.COMPOSITE_IMAGE_TO_VIDEO
