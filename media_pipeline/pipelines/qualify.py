"""From gathered material to validated records, department by department (docs/qualification.md)."""

from __future__ import annotations

from typing import Any

from media_pipeline.agreement import agreed
from media_pipeline.departments.registry import Department, Phase, department_named, departments
from media_pipeline.estimates import Estimate
from media_pipeline.knowledge_intake import take_in
from media_pipeline.qualification import estimate_qualification
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.models import Run, RunState
from media_pipeline.runs.registry import pipeline
from projects.actions import lock_gather, raise_alert, set_project_status
from projects.choices import ProjectStatus, Severity
from projects.models import Project

WORDS = {
    Phase.A: "Characters, world and look: {done} of {total} departments done",
    Phase.B: "Screenplay, scenes and shots: {done} of {total} departments done",
    Phase.C: "The other departments: {done} of {total} done",
}
SPAN = {Phase.A: (2, 45), Phase.B: (45, 70), Phase.C: (70, 94)}
"""Share of the run's progress, in percent, by phase."""


class ChangedSince(ValueError):
    """The material is no longer what was estimated and approved."""


def _ended(run: Run) -> None:
    """What is qualified goes into pre-production; a run that failed leaves the production qualifying, to be resumed."""
    if run.state == RunState.SUCCEEDED:
        set_project_status(run.project_id, ProjectStatus.PRE_PRODUCTION)
    elif run.state == RunState.FAILED:
        message = f"{run.error} Mend what it names and resume: what is done is neither repeated nor paid again."
        raise_alert(
            run.project_id, severity=Severity.ERROR, title="Qualification has stopped", message=message,
            source=f"run:{run.pk}",
        )  # fmt: skip


@pipeline("qualify", ending=_ended)
def qualify(run: RunContext) -> dict[str, Any]:
    """Settings: `tier` (quality). A failing department ends the run with its phase; resumed, only that one works."""
    project = Project.objects.get(pk=run.run.project_id)
    asked = run.record("asked", lambda: _calls(estimate_qualification(project)))
    approved = agreed(run, lambda: _question(project, asked))
    if not run.remembers("lock"):
        run.progress(1, "Locking the material")
    run.record("lock", lambda: _lock(project, run.run, asked if approved else None))
    made: dict[str, Any] = {}
    for phase in Phase:
        working = [department for department in departments() if department.phase == phase]
        made |= run.children(
            {_key(one): ("qualify_department", f"department:{project.pk}/{one.key}") for one in working},
            settings=run.settings,
            progress=SPAN[phase],
            words=WORDS[phase],
        )
    run.progress(95, "Taking what is qualified into the knowledge base")
    knowledge = run.local("knowledge", lambda work: take_in(project.pk))
    return {"departments": {key.removeprefix("department/"): wrote for key, wrote in made.items()}} | knowledge


@pipeline("qualify_department")
def qualify_department(run: RunContext) -> dict[str, Any]:
    """One department's work; its settings are those of the whole."""
    department = department_named(run.run.subject.rpartition("/")[2])
    run.progress(1, f"{department.label} department at work")
    return department.qualify(run, Project.objects.get(pk=run.run.project_id))


def _key(department: Department) -> str:
    return f"department/{department.key}"


def _calls(estimate: Estimate) -> list[list[Any]]:
    return [[line.what, line.model, line.calls] for line in estimate.lines]


def _question(project: Project, asked: list[list[Any]]) -> tuple[Estimate, Any, str]:
    estimate = estimate_qualification(project)
    return estimate, asked, f"Qualifying {project.title}: {estimate.amount_in_words}."


def _lock(project: Project, run: Run, approved: list[list[Any]] | None) -> bool:
    """Make the material read-only, unless it now asks for other calls than a person has approved."""
    locked = lock_gather(project, by=run.requested_by)
    if approved is not None and _calls(estimate_qualification(project)) != approved:
        raise ChangedSince("The material was changed after its cost was approved: start again to qualify it as it is.")
    set_project_status(project.pk, ProjectStatus.QUALIFYING)
    return locked
