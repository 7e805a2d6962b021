"""From a chapter's scenes to its film: plan what is unplanned, render what is missing or stale, assemble."""

from __future__ import annotations

from typing import Any

from media_pipeline.agreement import agreed
from media_pipeline.estimates import Estimate, estimate_production, request_if_missing
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.errors import ChildrenFailed
from media_pipeline.runs.models import Run, RunState
from media_pipeline.runs.registry import pipeline
from media_pipeline.shot_request import scenes_in_film, shot_request, shots_of
from projects.actions import raise_alert, set_project_status
from projects.choices import ProjectStatus
from projects.coherence import effective
from projects.models import Project
from scenes.models import Scene

from .plan_shots import plan_scenes


class NothingToProduce(ValueError):
    """There is no scene to make a film of; the message says what to do."""


def ending(run: Run) -> None:
    """A failed production is a problem that people must see on every page."""
    if run.state == RunState.FAILED:
        raise_alert(
            run.project_id,
            title="The film could not be produced",
            message=f"{run.error} What is done is kept: resume the run to go on from there.",
            source=f"run:{run.pk}",
        )
    if run.state == RunState.CANCELLED:
        set_project_status(run.project_id, ProjectStatus.PRE_PRODUCTION)


@pipeline("produce_film", ending=ending)
def produce_film(run: RunContext) -> dict[str, Any]:
    """Settings: `chapter` (number), `scenes` (numbers as in the script, empty for all), `tier` (quality), `coherence`
    (switches over the production's)."""
    project = Project.objects.get(pk=run.run.project_id)
    scene_ids = run.freeze(lambda: _scenes_asked_for(project, run.settings))
    plan_scenes(run, scene_ids, progress=(1, 8))
    shots = run.record("shots", lambda: _shots_to_render(project, scene_ids, run.settings))
    approved = agreed(run, lambda: _asked(run.run, project, scene_ids, shots))
    if shots:
        _render(run, project, shots, approved=approved)
    run.progress(85, "Assembling the film")
    return run.child("assemble", "assemble_film", f"project:{project.pk}", {**run.settings, "scene_ids": scene_ids})


def _render(run: RunContext, project: Project, shots: list[Chain], *, approved: bool) -> None:
    """Every shot and chain of shots: all at once or, without parallel clips, one after the other."""
    settings: dict[str, Any] = {name: run.settings[name] for name in ("tier", "coherence") if name in run.settings}
    wanted = {f"shot/{chain[0][0]}": _child(chain, approved=approved) for chain in shots}
    if effective(project.coherence, run.settings.get("coherence") or {})["parallel_clips"]:
        run.children(
            wanted, settings=settings, progress=(8, 85),
            words="{done} of {total} shots rendered"
            if all(len(chain) == 1 for chain in shots)
            else "{done} of {total} shots and chains of shots rendered",
        )  # fmt: skip
        return
    broken: list[ChildrenFailed] = []
    for place, (key, child) in enumerate(wanted.items()):
        run.progress(8 + 77 * place // len(wanted), f"{place} of {len(wanted)} shots rendered, one after the other")
        try:
            run.children({key: child}, settings=settings)
        except ChildrenFailed as failed:
            broken.append(failed)
    if broken:
        raise broken[0]


def _scenes_asked_for(project: Project, settings: dict[str, Any]) -> list[int]:
    wanted = settings.get("scenes") or []
    scenes = scenes_in_film(project.pk, settings["chapter"], wanted)
    unknown = set(wanted) - {scene.number for scene in scenes}
    if unknown:
        raise NothingToProduce(f"There is no scene {', '.join(sorted(unknown))} in this chapter.")
    if not scenes:
        raise NothingToProduce("This chapter has no scenes: import a screenplay first.")
    set_project_status(project.pk, ProjectStatus.PRE_PRODUCTION)
    return [scene.pk for scene in scenes]


Chain = list[tuple[int, str]]
"""Shots that go on from one another, in order, each with what it asks for; a shot on its own is a chain of one."""


def _child(chain: Chain, *, approved: bool) -> tuple[str, str, dict[str, Any]]:
    """The run that renders a chain: of one shot the shot's own run."""
    if len(chain) == 1:
        (pk, asked) = chain[0]
        return "render_shot", f"shot:{pk}", {"expects": asked} if approved else {}
    return "render_chain", f"shot:{chain[0][0]}", {"shots": chain, "approved": approved}


def _shots_to_render(project: Project, scene_ids: list[int], settings: dict[str, Any]) -> list[Chain]:
    """Shots without a take, or whose selected take is not what their records ask for now, as chains.

    A shot that goes on from one that is made anew is made anew too: its first frame will be another.
    """
    set_project_status(project.pk, ProjectStatus.GENERATING)
    tier, coherence = settings["tier"], settings.get("coherence")
    chains: list[Chain] = []
    before: int | None = None  # the shot before in the same scene, where it is made anew
    for shot in shots_of(_in_order(scene_ids)):
        request = request_if_missing(shot, project, tier, coherence)
        linked = False
        if shot.continues_previous and before is not None:
            again = request or shot_request(shot, project, tier, coherence=coherence)
            linked = not again.is_drawn
            request = again if linked else request
        if request is None:
            before = None
            continue
        if linked and chains[-1][-1][0] == before:
            chains[-1].append((shot.pk, request.asked))
        else:
            chains.append([(shot.pk, request.asked)])
        before = shot.pk
    return chains


def _asked(run: Run, project: Project, scene_ids: list[int], shots: list[Chain]) -> tuple[Estimate, Any, str]:
    """What the shots are expected to cost, what they ask for, and the question in words."""
    estimate = estimate_production(project, _in_order(scene_ids), run.settings["tier"], run.settings.get("coherence"))
    return estimate, shots, f"Rendering {estimate.sentence}."


def _in_order(scene_ids: list[int]) -> list[Scene]:
    found = Scene.objects.select_related("state", "chapter").in_bulk(scene_ids)
    return [found[pk] for pk in scene_ids]
