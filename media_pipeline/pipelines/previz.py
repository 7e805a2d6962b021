"""One small cheap frame of every shot, before money is spent on production frames."""

from __future__ import annotations

from typing import Any

from media_pipeline.agreement import agreed
from media_pipeline.estimates import Estimate
from media_pipeline.previz import TIER, estimate_previz, previz_request, record_previz, shots_without_frame
from media_pipeline.providers.base import ImageRequest
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline
from media_pipeline.shot_request import scenes_in_film, shots_of
from projects.models import Project
from scenes.models import Scene, Shot

from .plan_shots import plan_scenes


@pipeline("previz")
def previz(run: RunContext) -> dict[str, Any]:
    """Settings: `chapter` (number), `scenes` (numbers as in the script, empty for all), `tier` (of planning)."""
    project = Project.objects.get(pk=run.run.project_id)
    chapter, numbers = run.settings["chapter"], run.settings.get("scenes") or []
    scene_ids = run.freeze(lambda: [scene.pk for scene in scenes_in_film(project.pk, chapter, numbers)])
    plan_scenes(run, scene_ids, progress=(1, 10))
    shots = run.record("shots", lambda: [shot.pk for shot in shots_without_frame(project, _in_order(scene_ids))])
    agreed(run, lambda: _asked(project, scene_ids, shots))
    if shots:
        run.children(
            {f"shot/{pk}": ("previz_shot", f"shot:{pk}") for pk in shots},
            progress=(10, 99),
            words="{done} of {total} shots drawn",
        )
    return {"frames": len(shots)}


@pipeline("previz_shot")
def previz_shot(run: RunContext) -> dict[str, Any]:
    """The frame of one shot; returns its attempt and picture."""
    shot_id = int(run.run.subject.removeprefix("shot:"))
    request = ImageRequest.model_validate(run.freeze(lambda: _request(shot_id).model_dump(mode="json")))
    still = run.call("frame", request, tier=TIER)
    attempt = run.record(
        "attempt",
        lambda: record_previz(
            shot_id, request, picture_id=still.asset_ids[0], run_id=run.run.pk, seed=request.seed
        ).pk,
    )  # fmt: skip
    return {"attempt": attempt, "picture": still.asset_ids[0]}


def _asked(project: Project, scene_ids: list[int], shots: list[int]) -> tuple[Estimate, Any, str]:
    estimate = estimate_previz(project, _in_order(scene_ids))
    return estimate, shots, f"Previz of {estimate.sentence}."


def _request(shot_id: int) -> ImageRequest:
    shot = Shot.objects.select_related("scene__chapter__project").get(pk=shot_id)
    (found,) = (one for one in shots_of([shot.scene]) if one.pk == shot_id)
    return previz_request(found, shot.scene.chapter.project)


def _in_order(scene_ids: list[int]) -> list[Scene]:
    found = Scene.objects.select_related("state", "chapter").in_bulk(scene_ids)
    return [found[pk] for pk in scene_ids]
