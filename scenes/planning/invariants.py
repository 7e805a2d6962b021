"""What every plan of a scene must hold, whoever made it: rules are tested with it, models are checked with it."""

from __future__ import annotations

from fractions import Fraction

from projects.screenplay.emphasis import plain_text
from projects.screenplay.model import ElementType, Scene
from scenes.choices import CameraAngle, CameraMovement, GenerationApproach, ShotSize, Transition

from .beats import FILMED_OTHERS
from .model import GRID, PlannedShot, PlanSettings, ScenePlan

_CHOICES = (
    ("shot_size", ShotSize),
    ("camera_angle", CameraAngle),
    ("camera_movement", CameraMovement),
    ("transition_out", Transition),
    ("approach", GenerationApproach),
)


def script_words(scene: Scene) -> list[str]:
    """The words of action and dialogue of a scene, in order, as they are read aloud."""
    words: list[str] = []
    for element in scene.elements:
        other = element.type is ElementType.OTHER and element.kind.lower() in FILMED_OTHERS
        if other or element.type in (ElementType.ACTION, ElementType.DIALOGUE, ElementType.LYRIC):
            words += plain_text(element).split()
    return words


def violations(plan: ScenePlan, scene: Scene, settings: PlanSettings) -> list[str]:
    """What is wrong with a plan, one sentence each; empty where it may be used."""
    found = _text_violations(plan, scene)
    if not plan.shots:
        found.append("The plan has no shot; a scene has at least one.")
    if plan.seconds != sum((shot.seconds for shot in plan.shots), Fraction(0)):
        found.append("The length of the scene is not the sum of its shots.")
    if [shot.number for shot in plan.shots] != list(range(1, len(plan.shots) + 1)):
        found.append("The shots are not numbered 1, 2, 3 and so on.")
    beats = [beat for shot in plan.shots for beat in shot.beats]
    if beats != [beat.id for beat in plan.beats]:
        found.append("Not every beat is in exactly one shot, in order.")
    for shot in plan.shots:
        found += _shot_violations(shot, settings)
    return found


def _text_violations(plan: ScenePlan, scene: Scene) -> list[str]:
    # without spaces: Chinese sentences have none between them, and their cuts add none
    planned = "".join("".join(shot.text.split()) for shot in plan.shots)
    written = "".join(script_words(scene))
    if planned == written:
        return []
    place = next((n for n, (a, b) in enumerate(zip(planned, written, strict=False)) if a != b), 0)
    return [f"The words of the shots are not those of the script; they part at “{written[place : place + 40]}”."]


def _shot_violations(shot: PlannedShot, settings: PlanSettings) -> list[str]:
    name = f"Shot {shot.number}"
    found = []
    if not settings.min_seconds <= shot.seconds <= settings.max_seconds:
        found.append(f"{name} runs {shot.seconds} s; allowed are {settings.min_seconds} to {settings.max_seconds} s.")
    if shot.seconds % GRID:
        found.append(f"{name} runs {shot.seconds} s, which is no whole number of quarter seconds.")
    for field, choices in _CHOICES:
        if getattr(shot, field) not in choices.values:
            found.append(f"{name}: {getattr(shot, field)!r} is no {field.replace('_', ' ')}.")
    for line in shot.lines:
        if not 0 <= line.start < line.end <= shot.seconds:
            found.append(f"{name}: a line of {line.speaker or 'a voice'} is not within the shot.")
    visible = {person.name for person in shot.cast if person.on_camera}
    for line in shot.lines:
        if line.off_screen and line.speaker in visible:
            found.append(f"{name}: {line.speaker} is heard off screen and yet in the picture.")
    return found
