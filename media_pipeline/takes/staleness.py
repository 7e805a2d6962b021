"""Whether a take is still what its records ask for, and what has changed since it was made.

Nothing is made again because of it: a person, or a run that a person starts, decides.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from media_pipeline.asked import profiles_of
from media_pipeline.providers.errors import Refused
from media_pipeline.shot_request import ShotRequest, shot_request
from projects.models import Project
from prompts.queries import NoTemplate
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

SENDS = ("endpoint", "parameters", "parameter_map", "limits")
"""What of a model profile reaches the model; its price changes no picture."""

LONGEST = 400
"""Letters of what is shown of one side of a change."""


class Change(NamedTuple):
    """One thing that is not as it was: in words, and how it was and is, where that can be told."""

    words: str
    before: str = ""
    after: str = ""


def is_stale(take: Take, shot: Shot, project: Project) -> bool:
    """Whether the records ask for another picture now than when the take was made."""
    request = _request_now(take, shot, project)
    return request is not None and is_other(take, request, project)


def is_other(take: Take, request: ShotRequest, project: Project) -> bool:
    """Whether a request asks for another picture than the take's did, the settings of its models counted."""
    return take.request_digest != request.digest or bool(_changed_profiles(take, request, project))


def changes_since(take: Take, shot: Shot, project: Project) -> list[Change]:
    """What has changed since, each in words; empty for a take that is what the records ask for."""
    request = _request_now(take, shot, project)
    if request is None or not is_other(take, request, project):
        return []
    then, now = _kept(take.parameters), request.model_dump(mode="json")
    changed = [
        Change(words, *_sides(name, then.get(name), now.get(name)))
        for name, words in WORDS.items()
        if _seen(then).get(name) != _seen(now).get(name)
    ]
    changed += _of_direction(then.get("direction"), now["direction"])
    changed += _changed_profiles(take, request, project)
    known = {change.words: change for change in reversed(changed)}
    return list(reversed(known.values())) or [Change("how requests are compiled")]


def request_held_against(
    take: Take, shot: Shot, project: Project, tier: str, coherence: Mapping[str, bool] | None = None
) -> ShotRequest:
    """What would be asked for today, with the settings and the reason that the take's own run had.

    `coherence` is what a run asks for instead. So a take that was made with other settings than the production's is
    not made again because of them.
    """
    own = _kept(take.parameters)
    return shot_request(
        shot, project, tier, coherence=coherence or own.get("coherence") or {}, reason=own.get("reason", "")
    )


def _request_now(take: Take, shot: Shot, project: Project) -> ShotRequest | None:
    """At the take's tier; None where no model or template serves it any more."""
    tier = _kept(take.parameters).get("tier") or project.quality_tier
    try:
        return request_held_against(take, shot, project, tier)
    except (Refused, NoTemplate):
        return None


def _kept(parameters: Any) -> dict[str, Any]:
    return parameters if isinstance(parameters, dict) else {}


def _changed_profiles(take: Take, request: ShotRequest, project: Project) -> list[Change]:
    """The profiles that are asked now as then, and would be sent other parameters."""
    then = {profile["name"]: profile for profile in _kept(take.parameters).get("profiles", [])}
    if not then:
        return []
    changed = []
    try:
        now = profiles_of(request, project)
    except Refused:  # nobody serves a part of it any more: that it cannot be made is told when somebody asks for it
        return []
    for profile in now:
        before = then.get(profile["name"])
        if before is not None and any(before.get(part) != profile.get(part) for part in SENDS):
            sides = ("; ".join(_parameters(one)) for one in (before, profile))
            changed.append(Change(f"the settings of the model profile {profile['name']}", *sides))
    return changed


def _parameters(profile: Mapping[str, Any]) -> list[str]:
    parts = {**(profile.get("parameters") or {}), **(profile.get("limits") or {})}
    return [f"{name} {value}" for name, value in sorted(parts.items())]


def _of_direction(then: Mapping[str, Sequence[str]] | None, now: Mapping[str, Sequence[str]]) -> list[Change]:
    """The fields of direction that are others now; takes of old have none to compare."""
    if then is None:
        return []
    return [
        Change(f"the direction: {name}", *((side.get(name) or ("nothing",))[0] for side in (then, now)))
        for name in dict.fromkeys([*then, *now])
        if (then.get(name) or [""])[0] != (now.get(name) or [""])[0]
    ]


def _sides(name: str, before: Any, after: Any) -> tuple[str, str]:
    """How a part was and is, in short; of a prompt only the sentences that differ."""
    if name.endswith("prompt") or name == "corrections":
        return _different(str(before or ""), str(after or ""))
    if name == "references":
        return _shown(before), _shown(after)
    if name == "layers":
        return _different(*("\n".join(layer["prompt"] for layer in layers or []) for layers in (before, after)))
    if isinstance(before, str | int) and isinstance(after, str | int) and name != "start_from":
        return str(before), str(after)
    return "", ""


def _shown(references: Any) -> str:
    return ", ".join(str(row.get("reason") or row.get("name")) for row in references or []) or "none"


def _different(before: str, after: str) -> tuple[str, str]:
    """The sentences that only one of two texts has."""
    then, now = (re.split(r"(?<=[.!?])\s+|\n", text.strip()) for text in (before, after))
    gone, new = [], []
    for line in difflib.ndiff(then, now):
        if line.startswith("- "):
            gone.append(line[2:])
        elif line.startswith("+ "):
            new.append(line[2:])
    return " ".join(gone)[:LONGEST], " ".join(new)[:LONGEST]


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
