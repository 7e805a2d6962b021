"""From raw material to records: how ready it is, what qualifying it would ask of providers, and how it is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from media_pipeline.departments.material import material_of
from media_pipeline.departments.registry import Department, Readiness, departments
from media_pipeline.estimates import Estimate, estimate_calls
from media_pipeline.runs.actions import resume_run, start_run
from media_pipeline.runs.models import Run, RunState
from projects.actions import record_readiness
from projects.choices import Evaluator
from projects.models import DepartmentReadiness, Project
from projects.models.gathering import READY_SCORE


@dataclass(frozen=True)
class Judged:
    """One department's material as the rules judge it now."""

    department: Department
    readiness: Readiness
    threshold: int = READY_SCORE

    @property
    def ready(self) -> bool:
        """Whether the score is at or above the department's threshold."""
        return self.readiness.score >= self.threshold


def judge(project: Project) -> list[Judged]:
    """Every department's judgement of its own material, by rules, as it is now; writes nothing."""
    thresholds = dict(
        DepartmentReadiness.objects.filter(project=project, evaluated_by=Evaluator.RULES).values_list(
            "department", "threshold"
        )
    )
    material = material_of(project)
    return [
        Judged(department, department.readiness(material), thresholds.get(department.key, READY_SCORE))
        for department in departments()
    ]


@transaction.atomic
def keep_readiness(project: Project) -> list[Judged]:
    """Judge, and write what differs from what was judged before."""
    before = {
        one.department: (one.score, one.missing)
        for one in DepartmentReadiness.objects.filter(project=project, evaluated_by=Evaluator.RULES)
    }
    judged = judge(project)
    for one in judged:
        now = (one.readiness.score, list(one.readiness.missing))
        if before.get(one.department.key) != now:
            record_readiness(project, one.department.key, *now, by=Evaluator.RULES)
    return judged


def not_ready(judged: Sequence[Judged]) -> list[Judged]:
    """The required departments below their threshold; a production is ready when there are none."""
    return [one for one in judged if one.department.required and not one.ready]


def estimate_qualification(project: Project) -> Estimate:
    """What the departments are expected to ask of providers at the production's quality tier."""
    asked = {department.label: department.asks(project) for department in departments()}
    calls = {
        f"{label}: {what}": [(request, "") for name, request in found if name == what]
        for label, found in asked.items()
        for what in dict.fromkeys(name for name, _ in found)
    }
    return estimate_calls(project, calls, project.quality_tier)


def start_qualification(project: Project, *, although_not_ready: bool = False, by: Any = None) -> Run:
    """Start turning the production's material into records, or give the run of it that is open.

    Raises ValidationError naming the departments that are not ready, unless the person says that it may start anyway.
    """
    missing = not_ready(keep_readiness(project))
    if missing and not although_not_ready:
        named = ", ".join(f"{one.department.label} ({one.readiness.score} of {one.threshold})" for one in missing)
        raise ValidationError(f"Not ready: {named}. Add what is missing, or start anyway.")
    settings = {"tier": project.quality_tier}
    return start_run("qualify", f"project:{project.pk}", project, settings=settings, by=by)


def go_on_qualifying(project: Project, *, although_not_ready: bool = False, by: Any = None) -> Run:
    """Resume the qualification that has stopped; where none has, start one as start_qualification does."""
    last = last_qualification(project.pk)
    if last and last.state in (RunState.FAILED, RunState.CANCELLED) and resume_run(last):
        return last
    return start_qualification(project, although_not_ready=although_not_ready, by=by)


def last_qualification(project_id: int) -> Run | None:
    """The newest qualification of a production, however it stands."""
    return Run.objects.filter(pipeline="qualify", subject=f"project:{project_id}").order_by("-pk").first()
