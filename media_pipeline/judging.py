"""A language model's judgement of the material, beside the rules' and never instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from pydantic import BaseModel, Field

from media_pipeline.departments.asking import MOST_LETTERS, in_words
from media_pipeline.departments.material import Material, material_of
from media_pipeline.departments.registry import Department, departments
from media_pipeline.estimates import Estimate, estimate_calls
from media_pipeline.providers.base import TextRequest
from media_pipeline.providers.llm.answers import NOT_SET_UP, model_configured
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.models import Run
from projects.models import Project

PIPELINE = "judge_readiness"
MOST_MISSING = 8
"""Sentences about what is missing: more is nothing that anybody works off."""

MOST_TOKENS = 600
COOL = Decimal("0.2")

QUESTION = (
    "Do not write records yet. Judge whether the material is enough for your department's work: {does} Answer with "
    "score (0 to 100: 0 is nothing to work with, 75 is enough to begin, 100 is all that could be wished for) and "
    "missing: at most {most} sentences that each name one thing that is missing or contradicts something else, and "
    "say what to add. Where nothing is missing, leave the list empty."
)


class Judgement(BaseModel):
    """How ready the material is for one department, and what is missing."""

    score: int = Field(ge=0, le=100)
    missing: list[str] = Field(default=[], max_length=MOST_MISSING)


def faults_of(judgement: Judgement) -> list[str]:
    """What is wrong with an answer besides its shape."""
    empty = [place for place, words in enumerate(judgement.missing, start=1) if not words.strip()]
    found = [f"missing: sentence {place} is empty." for place in empty]
    if judgement.score < 75 and not judgement.missing:
        found.append("missing: a score under 75 has to say what is missing.")
    return found


def question_of(department: Department) -> str:
    """What the model is asked for a department."""
    return QUESTION.format(does=department.does, most=MOST_MISSING)


def questions_now(project: Project) -> dict[str, dict[str, str]]:
    """Question and material by department, as the material is now."""
    material = material_of(project)
    return {
        one.key: {"label": one.label, "question": question_of(one), "material": words_for(one, material)[:MOST_LETTERS]}
        for one in departments()
    }


def words_for(department: Department, material: Material) -> str:
    """What a department's judge reads: the production, its own kinds of material, and the records there are."""
    project = material.project
    records = {
        "Scenes in the script": [scene.heading or scene.location_text for scene in material.scenes],
        "Characters": [person.name for person in material.characters],
        "Characters with pictures": [one.name for one in material.characters if one.pk in material.pictured],
        "Locations": [place.name for place in material.locations],
        "Props": [prop.name for prop in material.props],
        "Styles": [style.name for style in material.styles],
    }
    listed = [f"{name}: {', '.join(filter(None, names))}" for name, names in records.items() if names]
    about = [words for words in (project.title, project.logline, project.synopsis) if words]
    return "\n\n".join([*about, in_words(material.of(*department.kinds)), *listed]).strip() or "Nothing yet."


def estimate_judging(project: Project) -> Estimate:
    """What asking once per department is expected to cost."""
    asked = [
        (TextRequest(prompt=f"{one['question']}\n\n{one['material']}", max_tokens=MOST_TOKENS, temperature=COOL), "")
        for one in questions_now(project).values()
    ]
    return estimate_calls(project, {"Judging the material": list(asked)}, project.quality_tier)


def start_judging(project: Project, *, by: Any = None) -> Run:
    """Ask the model for its judgement, or give the run of it that is open; ValidationError where none is set up."""
    if not model_configured(project.quality_tier):
        raise ValidationError(NOT_SET_UP)
    return start_run(PIPELINE, f"readiness:{project.pk}", project, settings={"tier": project.quality_tier}, by=by)


def unanswered(output: Any) -> Sequence[tuple[str, str]]:
    """Of a finished run's output: the departments without a valid answer, by name, each with why."""
    return [(str(label), str(why)) for label, why in (output or {}).get("unanswered", {}).items()]
