"""Whether a take is still what its records ask for, and what has changed since it was made.

Nothing is made again because of it: a person, or a run that a person starts, decides.
"""

from __future__ import annotations

from typing import Any

from media_pipeline.providers.choice import NoModel
from media_pipeline.shot_request import ShotRequest, shot_request
from projects.models import Project
from scenes.models import Shot, Take

WORDS = {
    "prompt": "the prompt", "negative_prompt": "the negative prompt", "motion_prompt": "the motion prompt",
    "width": "the picture's size", "height": "the picture's size", "frames": "the length", "rate": "the frame rate",
    "image_model": "the image model", "video_model": "the video model", "approach": "the generation approach",
    "layers": "the composite", "references": "the references", "kept": "the identities",
    "start_from": "the last frame of the shot before", "first_frame_prompt": "the first frame's prompt",
    "last_frame_prompt": "the last frame's prompt", "triptych_prompt": "the triptych's prompt",
    "corrections": "what reviewers asked for", "models": "the chosen models", "seed": "the seed",
    "brief": "what the storyboard shows",
}  # fmt: skip
"""Part of a request -> in words; what is not here changes no picture."""


def is_stale(take: Take, shot: Shot, project: Project) -> bool:
    """Whether the records ask for another picture now than when the take was made."""
    request = _request_now(take, shot, project)
    return request is not None and take.request_digest != request.digest


def changes_since(take: Take, shot: Shot, project: Project) -> list[str]:
    """What has changed since, in words; empty for a take that is what the records ask for."""
    request = _request_now(take, shot, project)
    if request is None or take.request_digest == request.digest:
        return []
    then = _seen(take.parameters)
    now = _seen(request.model_dump(mode="json"))
    changed = [words for name, words in WORDS.items() if then.get(name) != now.get(name)]
    return list(dict.fromkeys(changed)) or ["how requests are compiled"]


def _request_now(take: Take, shot: Shot, project: Project) -> ShotRequest | None:
    """What would be asked for today at the take's tier; None where no model serves it any more."""
    tier = take.parameters.get("tier") if isinstance(take.parameters, dict) else None
    try:
        return shot_request(shot, project, tier or project.quality_tier)
    except NoModel:
        return None


def _seen(parameters: dict[str, Any]) -> dict[str, Any]:
    """A request as kept with a take, reduced to what can be compared."""
    found = dict(parameters)
    found["layers"] = [[layer["layer"], layer["prompt"], [picture["media"] for picture in layer["references"]]]
                       for layer in parameters.get("layers", [])]  # fmt: skip
    found["references"] = [picture["media"] for picture in parameters.get("references", [])]
    found["kept"] = {name: parameters.get("kept", {}).get(name) for name in ("image", "video")}
    brief = dict(parameters.get("brief") or {})
    found["brief"] = {name: value for name, value in brief.items() if name not in ("asset_name", "take_number")}
    drawn = any(str(parameters.get(name, "")).startswith("animatic:") for name in ("image_model", "video_model"))
    if not drawn:
        found["brief"] = None
    if not parameters.get("seed_decided", True):
        found["seed"] = None
    return found
