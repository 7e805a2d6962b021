"""From a scene's text to its shots, whoever plans them."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from characters.models import Character
from projects.events import emit
from projects.screenplay.fountain import read_scene
from projects.screenplay.model import Scene as ScenePage

from . import actions
from .actions.shots import OMISSION, planned_fields
from .choices import GenerationApproach as Approach
from .choices import SceneStatus, ShotStatus
from .models import Scene, SceneState, Shot, ShotCast, ShotLine, ShotState
from .planning.model import PlannedShot, PlanSettings, PreviousShot, SceneContext, ScenePlan
from .planning.rules import VERSION, RulesPlanner


def plan_digest(scene: Scene, numbers: PlanSettings) -> str:
    """Digest of everything the shots of a scene are planned from."""
    inputs = [VERSION, scene.screenplay_text, asdict(numbers), _context_values(scene)]
    return hashlib.sha256(json.dumps(inputs, default=str).encode()).hexdigest()


def plan_settings(scene: Scene) -> PlanSettings:
    """The numbers a scene is planned with: its pacing, and how long a shot may be (SHOT_SECONDS)."""
    shortest, longest = settings.SHOT_SECONDS
    return PlanSettings(pacing=scene.pacing, min_seconds=shortest, max_seconds=longest)


@dataclass(frozen=True)
class PlanInputs:
    """Everything the shots of a scene are planned from, and its digest."""

    page: ScenePage
    context: SceneContext
    settings: PlanSettings
    digest: str


def planning_inputs(scene: Scene, previous: Scene | None = None) -> PlanInputs:
    """What a scene's shots are planned from; `previous` is the scene that is seen before it."""
    numbers = plan_settings(scene)
    page = read_scene(scene.screenplay_text)
    return PlanInputs(page, _context(scene, previous), numbers, plan_digest(scene, numbers))


def plan_scene(scene: Scene, *, previous: Scene | None = None) -> bool:
    """Plan the shots of a scene by rules; False when its shots are up to date already."""
    if scene.state.plan_digest == plan_digest(scene, plan_settings(scene)):
        return False
    inputs = planning_inputs(scene, previous)
    write_plan(scene, RulesPlanner().plan(inputs.page, inputs.context, inputs.settings), inputs.digest)
    return True


@transaction.atomic
def write_plan(scene: Scene, plan: ScenePlan, digest: str) -> None:
    """Write planned shots as records.

    Shots that did not change are kept with their takes and hand edits; one that became another version of itself
    keeps its record too, with what a person decided about it; what is left over goes.
    """
    project_id, by = scene.chapter.project_id, f"{plan.planner} {plan.version}"
    standing = list(scene.shots.select_related("state").prefetch_related("lines", "takes").order_by("sequence"))
    pairs = _pairs(standing, plan.shots)
    people = {c.name.upper(): c for c in Character.objects.filter(project_id=project_id)}
    next_number = max((shot.number for shot in standing), default=0) + 1
    for sequence, (planned, shot, is_same) in enumerate(pairs, start=1):
        if shot is None:
            _add(scene, planned, next_number, sequence, people, by)
            next_number += 1
            continue
        if shot.state.status == ShotStatus.OMITTED and OMISSION not in shot.overrides:
            actions.restore_shot(shot)
        if is_same and shot.sequence != sequence:
            actions.plan_shot(shot, sequence=sequence)
        elif not is_same:
            _replan(shot, planned, sequence, people, by)
    kept = {shot.pk for _, shot, _ in pairs if shot}
    actions.remove_shots([shot for shot in standing if shot.pk not in kept], project_id)
    _write_scene(scene, plan, digest, project_id)


def _pairs(standing: list[Shot], planned: Sequence[PlannedShot]) -> list[tuple[PlannedShot, Shot | None, bool]]:
    """Each planned shot with the record that is it, and whether nothing it shows or says has changed."""
    known: dict[str, list[Shot]] = defaultdict(list)
    for shot in standing:
        known[_fingerprint(shot.business, [(line.speaker, line.text) for line in shot.lines.all()])].append(shot)
    found: list[tuple[PlannedShot, Shot | None, bool]] = []
    for new in planned:
        same = known.get(_fingerprint(new.business, [(line.speaker, line.text) for line in new.lines]))
        found.append((new, same.pop(0), True) if same else (new, None, False))
    left = [shot for shots in known.values() for shot in shots if shot.overrides]
    for place, (new, record, _) in enumerate(found):
        if record is None and left:
            words = _words(new.business, [line.text for line in new.lines])
            likeness = [(_likeness(words, _words_of(candidate)), candidate) for candidate in left]
            best, candidate = max(likeness, key=lambda pair: pair[0])
            if best >= ALIKE:
                found[place] = (new, candidate, False)
                left.remove(candidate)
    return found


ALIKE = 0.5
"""Share of words from which on a planned shot is a new version of one that a person worked on."""


def _words(business: str, lines: list[str]) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", " ".join([business, *lines]).lower()))


def _words_of(shot: Shot) -> frozenset[str]:
    return _words(shot.business, [line.text for line in shot.lines.all()])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _write_scene(scene: Scene, plan: ScenePlan, digest: str, project_id: int) -> None:
    SceneState.objects.filter(scene=scene).update(
        plan_digest=digest, planned_by=f"{plan.planner} {plan.version}", plan_warnings=list(plan.warnings),
        status=SceneStatus.READY_FOR_GENERATION,
        plan_sides=[list(side) for side in plan.sides],
    )  # fmt: skip
    scene.state.refresh_from_db()
    changes = {}
    if plan.shots and plan.shots[-1].transition_out:
        changes["transition_out"] = plan.shots[-1].transition_out
    if plan.transition_in:
        changes["transition_in"] = plan.transition_in
    if changes:
        actions.change_scene(scene, **changes)
    emit(project_id, "scene.planned", f"scene:{scene.pk}", {"shots": len(plan.shots), "by": plan.planner})


def _planned_fields(planned: PlannedShot) -> dict[str, Any]:
    return {
        "business": planned.business, "description": planned.text, "purpose": planned.purpose[:120],
        "expected_seconds": _seconds(planned.seconds), "shot_size": planned.shot_size,
        "camera_angle": planned.camera_angle, "camera_movement": planned.camera_movement, "lens_mm": planned.lens_mm,
        "approach": planned.approach, "text_prompt": planned.prompt, "motion_prompt": planned.motion_prompt,
        "continues_previous": planned.continuity_link, "props_seen": list(planned.props),
        "overlay_text": [planned.overlay_text] if planned.overlay_text else [],
        "transition_out": planned.transition_out or "cut",
    }  # fmt: skip


def _add(scene: Scene, planned: PlannedShot, number: int, sequence: int, people: dict[str, Character], by: str) -> None:
    fields = _planned_fields(planned)
    shot = actions.add_shot(scene, scene.chapter.project_id, number=number, sequence=sequence, **fields)
    _write_people(shot, planned, people, by)
    ShotState.objects.filter(shot=shot).update(planned=planned_fields(fields))


def _replan(shot: Shot, planned: PlannedShot, sequence: int, people: dict[str, Character], by: str) -> None:
    """Give a shot its new plan, but for what a person decided."""
    actions.plan_shot(shot, sequence=sequence, **_planned_fields(planned))
    shot.cast.all().delete()
    shot.lines.all().delete()
    _write_people(shot, planned, people, by)


WHY_THIS_APPROACH = {
    Approach.HELD_FRAME_STATIC: "A title is read: nothing may move.",
    Approach.HELD_FRAME_PUSH: "There is writing in the picture, which a video model would make crawl.",
    Approach.TEXT_TO_VIDEO: "Nobody is seen and the place has no name: words alone say enough.",
    Approach.IMAGE_TO_VIDEO: "One picture says it all, or the shot goes on from the one before.",
    Approach.FIRST_LAST_FRAME: "Somebody comes or goes: where it begins and where it ends are both fixed.",
    Approach.TRIPTYCH_SPLIT_FIRST_LAST: "Several deeds without a word: first, hero and last frame hold them together.",
    Approach.COMPOSITE_IMAGE_TO_VIDEO: "People are seen in a place: the place first, then they are put into it.",
}
"""Approach that the rules choose -> why."""


def decisions_of(planned: PlannedShot, by: str) -> list[dict[str, str]]:
    """What was decided for a shot, each with its reason and who decided; a person may override any of them."""
    camera = ", ".join(
        word.replace("_", " ") for word in (planned.shot_size, planned.camera_angle, planned.camera_movement) if word
    )
    seen = [person.name for person in planned.cast if person.on_camera]
    layers = ["location", *(["characters"] if seen else []), *(["props"] if planned.props else [])]
    rows = [
        ("camera", camera, planned.reason),
        ("approach", planned.approach, WHY_THIS_APPROACH.get(Approach(planned.approach), "")),
        ("duration", f"{float(planned.seconds):g} s", "What is said and done in it takes that long."),
        ("continuity", "goes on from the shot before" if planned.continuity_link else "begins anew",
         "The same moment from the same side." if planned.continuity_link else "The camera stands elsewhere."),
    ]  # fmt: skip
    if planned.approach == Approach.COMPOSITE_IMAGE_TO_VIDEO:
        whom = f" with {', '.join(seen)}" if seen else ""
        rows.append(("composite", f"{', '.join(layers)}{whom}", "Each layer is made on top of the one before."))
    return [{"field": field, "value": value, "reason": reason, "by": by} for field, value, reason in rows]


def _write_people(shot: Shot, planned: PlannedShot, people: dict[str, Character], by: str) -> None:
    ShotState.objects.filter(shot=shot).update(plan_reason=planned.reason, decisions=decisions_of(planned, by))
    ShotCast.objects.bulk_create(
        ShotCast(
            shot=shot, character=people.get(person.name.upper()), name=person.name[:120], order=order,
            side=person.side, facing=person.facing, on_camera=person.on_camera, emotion=person.emotion[:80],
        )
        for order, person in enumerate(planned.cast)
    )  # fmt: skip
    ShotLine.objects.bulk_create(
        ShotLine(
            shot=shot, order=order, speaker=line.speaker[:120], text=line.text,
            parenthetical=line.parenthetical[:200], starts=_seconds(line.start), ends=_seconds(line.end),
            voice_over=line.voice_over, off_screen=line.off_screen,
        )
        for order, line in enumerate(planned.lines)
    )  # fmt: skip


def _seconds(value: Any) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.001"))


def _fingerprint(business: str, lines: list[tuple[str, str]]) -> str:
    return json.dumps([business, lines])


def _context(scene: Scene, previous: Scene | None) -> SceneContext:
    return SceneContext(**_context_values(scene), previous=_last_shot(previous) if previous else None)


def _context_values(scene: Scene) -> dict[str, Any]:
    people = Character.objects.filter(project_id=scene.chapter.project_id).order_by("name")
    names = [name.upper() for person in people for name in [person.name, *person.aliases]]
    return {
        "int_ext": scene.int_ext,
        "location": scene.location_text,
        "sub_location": scene.sub_location,
        "time_of_day": scene.time_of_day,
        "continuous": "CONTINUOUS" in scene.heading.upper(),
        "tone": scene.emotional_tone,
        "weather": scene.weather,
        "cast": tuple(names),
    }


def _last_shot(scene: Scene) -> PreviousShot | None:
    shot = scene.shots.exclude(state__status=ShotStatus.OMITTED).prefetch_related("cast").order_by("sequence").last()
    if shot is None:
        return None
    seen = tuple(person.name for person in shot.cast.all() if person.on_camera)
    return PreviousShot(
        location=scene.location_text, time_of_day=scene.time_of_day, shot_size=shot.shot_size,
        camera_angle=shot.camera_angle, cast=seen,
        sides=tuple((name, side) for name, side in scene.state.plan_sides),
    )  # fmt: skip
