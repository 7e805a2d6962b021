"""Reads of prompts and model profiles that several floors share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from projects.models import Project

from .models import ModelProfile, PromptTemplate
from .rendering import PromptProblem, Variable, find_variables, only_known, problems_of, render


class NoTemplate(LookupError):
    """No active template has the key; the message says what to do."""


@dataclass(frozen=True)
class Preview:
    """A template filled in, and what keeps it from being sent."""

    text: str
    problems: list[str]
    used: list[str]
    values: dict[str, str]


def profiles_for(capability: str, tier: str) -> list[ModelProfile]:
    """The active profiles for a capability at a quality tier, the preferred one first."""
    found = ModelProfile.objects.filter(capability=capability, active=True)
    return [profile for profile in found if profile.serves(tier)]


def templates_for(project: Project) -> QuerySet[PromptTemplate]:
    """The templates that hold in a production: its own, and the general ones it has none of its own for."""
    own = PromptTemplate.objects.filter(project=project).values("key")
    return (
        PromptTemplate.objects.filter(Q(project=project) | Q(project=None) & ~Q(key__in=own))
        .annotate(version=Max("versions__number"), uses=Count("scenes", distinct=True))
        .prefetch_related("variables")
        .order_by("category", "name")
    )


def template_for(key: str, project: Project | None) -> PromptTemplate:
    """The active template of this key, a production's own one before the general one; raises NoTemplate."""
    found = (
        PromptTemplate.objects.filter(Q(project=project) | Q(project=None), key=key, active=True)
        .order_by(F("project").asc(nulls_last=True))
        .first()
    )
    if found is None:
        raise NoTemplate(f"There is no active prompt template {key!r}: add one, or make the one there is active again.")
    return found


def variables_of(template: PromptTemplate) -> list[Variable]:
    """The template's variables as the renderer takes them."""
    return [
        Variable(variable.name, variable.description, variable.required, variable.default, variable.example)
        for variable in template.variables.all()
    ]


def rendered(template: PromptTemplate, values: Mapping[str, Any]) -> str:
    """The template filled in with those of the values it has variables for; raises PromptProblem before anything
    is sent."""
    return render(template.template, variables_of(template), only_known(template.template, values))


def preview(text: str, variables: list[Variable], values: Mapping[str, Any]) -> Preview:
    """How a template would read with these values, for somebody who is writing it: never raises.

    What no value is known for is shown by its example, else its name in brackets.
    """
    problems = problems_of(text, variables)
    try:
        used = find_variables(text)
    except PromptProblem:
        return Preview("", problems, [], {})
    known = only_known(text, values)
    try:
        return Preview(render(text, variables, known), problems, used, _words(known))
    except PromptProblem as problem:
        problems += problem.sentences
    declared = {variable.name: variable for variable in variables}
    shown = {
        name: known.get(name) or (declared[name].example if name in declared else "") or f"[{name}]" for name in used
    }
    return Preview(render(text, variables, shown), problems, used, _words(known))


def _words(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
