"""The run that qualifies a production's material, department by department, as the gather room shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from media_pipeline.departments.registry import Department, departments
from media_pipeline.estimates import Estimate
from media_pipeline.judging import PIPELINE, estimate_judging, unanswered
from media_pipeline.providers.llm.answers import model_configured
from media_pipeline.qualification import last_qualification
from media_pipeline.runs.models import Run, RunState
from projects.models import Project, ProjectState

from .cards import RunBar, run_bar
from .gather_cards import PHASES, wrote_words

STATES = {
    "": ("planned", "Not begun"),
    RunState.QUEUED: ("ready", "Waits for a worker"),
    RunState.RUNNING: ("working", "At work"),
    RunState.WAITING: ("working", "Waits for an answer"),
    RunState.SUCCEEDED: ("approved", "Done"),
    RunState.FAILED: ("failed", "Failed"),
    RunState.CANCELLED: ("omitted", "Stopped"),
}
"""State of a department's run -> its icon and its words."""


@dataclass(frozen=True)
class Work:
    """One department's part of a qualification."""

    department: Department
    run: Run | None

    @property
    def state(self) -> str:
        """Of its run; empty where it has not begun."""
        return str(self.run.state) if self.run else ""

    @property
    def icon(self) -> str:
        """Stands beside the words."""
        return STATES[self.state][0]

    @property
    def words(self) -> str:
        """Where it stands."""
        return STATES[self.state][1]

    @property
    def told(self) -> str:
        """What it is doing, what it wrote, or what went wrong."""
        if self.run is None:
            return ""
        if self.run.state == RunState.SUCCEEDED:
            return wrote_words(self.run.output)
        return self.run.error if self.run.state == RunState.FAILED else self.run.progress_words


@dataclass(frozen=True)
class Qualification:
    """The newest qualification of a production, None where there was none."""

    run: Run | None
    phases: list[tuple[str, list[Work]]]

    @property
    def has_ended_well(self) -> bool:
        """Whether everything is qualified."""
        return self.run is not None and self.run.state == RunState.SUCCEEDED

    @property
    def is_under_way(self) -> bool:
        """Whether it works, or stands where a person may resume it."""
        return self.run is not None and not self.has_ended_well


def qualification_of(project_id: int) -> Qualification:
    """The newest run and its departments, in two queries."""
    run = last_qualification(project_id)
    found = Run.objects.filter(parent=run, pipeline="qualify_department").order_by("pk") if run else []
    by_key = {child.subject.rpartition("/")[2]: child for child in found}
    phases = [
        (words, [Work(one, by_key.get(one.key)) for one in departments() if one.phase == phase])
        for phase, words in PHASES.items()
    ]
    return Qualification(run, [(words, works) for words, works in phases if works])


def qualification_context(project: Project) -> dict[str, Any]:
    """What the fragment "qualification" shows."""
    return {"qualification": qualification_of(project.pk), "project": project}


@dataclass(frozen=True)
class SecondOpinion:
    """The language model's judging: what asking is expected to cost, and how the newest asking went."""

    estimate: Estimate
    run: Run | None

    @property
    def unanswered(self) -> Sequence[tuple[str, str]]:
        """Departments for which there was no valid answer, each with why."""
        return unanswered(self.run.output) if self.run is not None and not self.run.is_open else []


def second_opinion(project: Project) -> SecondOpinion | None:
    """None where no model is set up."""
    if not model_configured(project.quality_tier):
        return None
    run = Run.objects.filter(project=project, pipeline=PIPELINE).order_by("-pk").first()
    return SecondOpinion(estimate_judging(project), run)


def judging_context(project: Project) -> dict[str, Any]:
    """What the fragment "judging" shows."""
    return {"opinion": second_opinion(project), "project": project}


def lock_context(project: Project) -> dict[str, Any]:
    """What the fragment "gather_lock" shows."""
    state = ProjectState.objects.select_related("gather_locked_by").get(project=project)
    return {"lock": state, "project": project}


def bar_of(qualification: Qualification, slug: str) -> RunBar:
    """The progress of the run while it works or where it stopped; an empty one else."""
    return run_bar(qualification.run if qualification.is_under_way else None, slug)
