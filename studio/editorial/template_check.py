"""A prompt template while it is written: its [variables], what is wrong with it, and how it reads for a real scene."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from prompts.models import PromptTemplate
from prompts.queries import preview
from prompts.rendering import LONGEST_TEMPLATE, NAME, Variable
from scenes.models import Scene, Shot
from scenes.prompt_values import NAMES, scene_values, shot_values
from studio.scope import visible, within

SCENES_OFFERED = 60
"""Scenes to read a template with; the first of the production are enough to see how it reads."""

LARGEST_REQUEST = 8 * LONGEST_TEMPLATE
"""Bytes."""


def scenes_to_read_with(person: Any, project_id: int | None) -> list[Scene]:
    """Scenes of the template's production, or of all one's own for a general one, in film order."""
    rows = within(visible(Scene.objects.select_related("chapter__project"), person), project_id)
    order = ("chapter__project__title", "chapter__number", "sequence")
    return list(rows.order_by(*order)[:SCENES_OFFERED])


def shown_for(template: PromptTemplate, person: Any) -> dict[str, Any]:
    """What the panel below the text needs."""
    scenes = scenes_to_read_with(person, template.project_id)
    return {"scenes": scenes, "known": NAMES, "pattern": NAME}


@require_POST
def check_template(request: HttpRequest) -> JsonResponse:
    """Check a text that is being typed; writes nothing. The record named has to be one the person may see."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_REQUEST:
        return JsonResponse({"problems": ["That is more than a template can hold."], "variables": [], "text": ""})
    try:
        asked: Any = json.loads(request.body)
        text = str(asked.get("text", ""))
        rows = [row for row in asked.get("variables", []) if isinstance(row, dict) and row.get("name")]
    except (ValueError, AttributeError, TypeError):
        return JsonResponse({"problems": ["This could not be read."], "variables": [], "text": ""}, status=400)
    variables = [_variable(row) for row in rows]
    found = preview(text, variables, _values(request.user, str(asked.get("record", ""))))
    declared = {variable.name for variable in variables}
    return JsonResponse(
        {
            "problems": list(dict.fromkeys(found.problems)),
            "text": found.text,
            "variables": [
                {
                    "name": name,
                    "is_described": name in declared,
                    "stands_for": NAMES.get(name, ""),
                    "value": found.values.get(name, ""),
                }
                for name in found.used
            ],
        }
    )


def _variable(row: dict[str, Any]) -> Variable:
    words = {name: str(row.get(name) or "") for name in ("name", "description", "default", "example")}
    return Variable(**words, required=bool(row.get("required")))


def _values(person: Any, record: str) -> dict[str, str]:
    kind, _, number = record.partition(":")
    if not number.isdecimal():
        return {}
    model: Any = Shot if kind == "shot" else Scene
    found = visible(model.objects.all(), person).filter(pk=number).first()
    if found is None:
        raise Http404("There is no such scene.")
    return shot_values(found) if isinstance(found, Shot) else scene_values(found)
