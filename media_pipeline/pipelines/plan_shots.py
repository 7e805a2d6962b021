"""From scenes to shots: a language model where one is set up, rules where none is or where it is of no use."""

from __future__ import annotations

from typing import Any

from media_pipeline.planning_by_model import ask_for_plan, stage_of
from media_pipeline.providers.llm.answers import model_configured
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline
from media_pipeline.shot_request import scenes_in_film
from projects.coherence import effective
from scenes.continuity import check_scenes
from scenes.models import Scene
from scenes.planning.model import ScenePlan
from scenes.shot_plans import plan_scene, planning_inputs, write_plan


@pipeline("plan_shots")
def plan_shots(run: RunContext) -> dict[str, Any]:
    """Settings: `chapter` (number), `scenes` (numbers as in the script, empty for all), `tier` (quality), `coherence`
    (without enhanced planning rules plan even where a model is set up)."""
    chapter, numbers = run.settings["chapter"], run.settings.get("scenes") or []
    scene_ids = run.freeze(lambda: [scene.pk for scene in scenes_in_film(run.run.project_id, chapter, numbers)])
    return {"planned": plan_scenes(run, scene_ids, progress=(1, 99)), "scenes": len(scene_ids)}


def plan_scenes(run: RunContext, scene_ids: list[int], *, progress: tuple[int, int]) -> int:
    """Plan what is unplanned or has changed, each scene after the one before it; returns how many were planned.

    Then the cuts are checked by the records, before any money is spent on them.
    """
    first, last = progress
    planned = 0
    for place, scene_id in enumerate(scene_ids):
        percent = first + (last - first) * place // len(scene_ids)
        run.progress(percent, f"Planning shots, scene {place + 1} of {len(scene_ids)}")
        planned += _plan(run, scene_id, scene_ids[place - 1] if place else None)
    run.record("continuity", lambda: check_scenes(run.run.project_id, scene_ids))
    return planned


def _plan(run: RunContext, scene_id: int, previous_id: int | None) -> bool:
    key = f"plan/{scene_id}"
    if run.remembers(key):  # nothing is read again
        return bool(run.record(key, lambda: False))
    scene = Scene.objects.select_related("chapter__project", "state").get(pk=scene_id)
    previous = Scene.objects.select_related("state").get(pk=previous_id) if previous_id else None
    tier = run.settings["tier"]
    by_model = effective(scene.chapter.project.coherence, run.settings.get("coherence") or {})["enhanced_planning"]
    if not by_model or not model_configured(tier):
        return run.record(key, lambda: plan_scene(scene, previous=previous))
    inputs = planning_inputs(scene, previous)
    if scene.state.plan_digest == inputs.digest:
        return run.record(key, lambda: False)
    # An edit made while the model thinks asks anew: its answer speaks of the beats it was shown.
    stage = stage_of(inputs.page, inputs.context, inputs.settings)
    plan = ask_for_plan(run, f"shots/{scene_id}/{inputs.digest[:12]}", stage, tier=tier)
    return run.record(key, lambda: _written(scene, plan, inputs.digest))


def _written(scene: Scene, plan: ScenePlan, digest: str) -> bool:
    write_plan(scene, plan, digest)
    return True
