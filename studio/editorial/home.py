"""The front page of the admin: what waits for me, what is at work, what went wrong, what it costs, how far we are.

Every part is read in a fixed number of queries, however many productions there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets import viewsets
from wagtail.models import TaskState, WorkflowState

from media_pipeline.models import Approval, Run, Step
from media_pipeline.runs.models import OPEN_RUNS, StepState
from projects.access import Person, visible_projects
from projects.models import Alert, BudgetAccount, Project
from scenes.choices import ShotStatus
from scenes.models import Shot
from studio.review.cards import RUN_TITLES
from studio.review.queries import Counts, counts_of, worst_first
from studio.scope import projects_where, visible

from .facts import Share, tone_of
from .models import ProductionApproval
from .permissions import holds

PRODUCTIONS_SHOWN, RUNS_SHOWN, ALERTS_SHOWN, WAITING_SHOWN = 12, 8, 8, 20


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the person: what, of which production, where it is decided."""

    what: str
    title: str
    project: str
    url: str


@dataclass(frozen=True)
class Budget:
    """What a production may spend and has spent; `percent` is of the limit, None where there is none."""

    account: BudgetAccount
    spent_percent: int | None
    reserved_percent: int
    is_close: bool

    @property
    def url(self) -> str:
        """Where its limits are set."""
        return reverse("budgetaccount:edit", args=[self.account.pk])

    @property
    def left(self) -> Decimal | None:
        """What can still be promised."""
        account = self.account
        return None if account.limit is None else account.limit - account.spent - account.reserved


@dataclass(frozen=True)
class Card:
    """One production."""

    project: Project
    url: str
    counts: Counts
    shares: list[Share]


@dataclass(frozen=True)
class Working:
    """One run at work."""

    run: Run
    tone: str
    url: str

    @property
    def title(self) -> str:
        """What it does, as people call it."""
        return RUN_TITLES.get(self.run.pipeline, self.run.pipeline.replace("_", " ").capitalize())


class FrontPage(Component):
    """All of the front page; one component, since its parts are read together."""

    name = "front"
    template_name = "wagtailadmin/home/front.html"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """What the person sees."""
        person = parent_context["request"].user
        own = visible(Project.objects.all(), person)
        return {
            "waiting": waiting_for(person),
            "runs": runs_at_work(person),
            "alerts": worst_first(_open_alerts(person))[:ALERTS_SHOWN],
            "budgets": budgets_of(person),
            "cards": cards_of(person),
            "how_many": own.count(),
            "all_url": reverse("wagtailsnippets_projects_project:list"),
            "add_url": reverse("wagtailsnippets_projects_project:add") if holds(person, "add", Project) else "",
        }


def waiting_for(person: Any) -> list[Waiting]:
    """Drafts to approve, money to say yes to, lost calls, drafts sent back and shots to review."""
    found = [*_drafts_to_approve(person), *_drafts_sent_back(person)]
    spenders = _ids(person, "spend")
    asked = Approval.objects.filter(state=Approval.State.PENDING, project_id__in=spenders).select_related("project")
    for approval in asked.order_by("pk")[:WAITING_SHOWN]:
        found.append(Waiting("Money to approve", approval.words, approval.project.title, _page(approval.project)))
    lost = Step.objects.filter(state=StepState.UNKNOWN, run__project_id__in=spenders).select_related("run__project")
    for step in lost.order_by("pk")[:WAITING_SHOWN]:
        url = reverse("lost-call", args=[step.run.project.slug, step.pk])
        found.append(Waiting("A lost answer", f"{step.provider}: {step.key}", step.run.project.title, url))
    return [*found, *_shots_to_review(person)][:WAITING_SHOWN]


def _drafts_to_approve(person: Any) -> list[Waiting]:
    found = []
    for task in ProductionApproval.objects.filter(active=True, content_type=ProductionApproval.kind()):
        states = task.get_task_states_user_can_moderate(person).select_related("revision__base_content_type")
        for state in states.order_by("started_at")[:WAITING_SHOWN]:
            found.append(_of_revision("A draft to approve", state.revision))
    return found


def _drafts_sent_back(person: Any) -> list[Waiting]:
    states = TaskState.objects.filter(
        status=TaskState.STATUS_REJECTED,
        workflow_state__requested_by=person,
        workflow_state__status=WorkflowState.STATUS_NEEDS_CHANGES,
        workflow_state__current_task_state__isnull=False,
    )
    rows = states.select_related("revision__base_content_type").order_by("-finished_at")[:WAITING_SHOWN]
    return [_of_revision("Sent back to you", state.revision, state.comment) for state in rows]


def _of_revision(what: str, revision: Any, comment: str = "") -> Waiting:
    model = revision.base_content_type.model_class()
    viewset = next(v for v in viewsets.viewsets if getattr(v, "model", None) is model and hasattr(v, "edit_view_class"))
    url = reverse(viewset.get_url_name("edit"), args=[revision.object_id])
    return Waiting(what, revision.object_str, comment or str(model._meta.verbose_name).capitalize(), url)


def _shots_to_review(person: Person) -> list[Waiting]:
    counted = (
        Shot.objects.filter(
            state__status=ShotStatus.AWAITING_REVIEW, scene__chapter__project_id__in=_ids(person, "review")
        )
        .order_by()
        .values_list("scene__chapter__project__title", "scene__chapter__project__slug")
        .annotate(Count("pk"))
        .order_by("scene__chapter__project__title")
    )
    return [
        Waiting("Shots to review", f"{number} shot{'' if number == 1 else 's'}", title, reverse("project", args=[slug]))
        for title, slug, number in counted[:WAITING_SHOWN]
    ]


def runs_at_work(person: Person) -> list[Working]:
    """Runs that are queued, at work or waiting, the newest first; those that others started are theirs."""
    rows = visible(Run.objects.filter(state__in=OPEN_RUNS, parent=None), person).select_related("project")
    return [Working(run, tone_of(run.state), _page(run.project)) for run in rows.order_by("-pk")[:RUNS_SHOWN]]


def _open_alerts(person: Person) -> list[Alert]:
    rows = visible(Alert.objects.filter(dismissed_at=None), person).select_related("project")
    return list(rows.order_by("-raised_at")[:100])


def budgets_of(person: Person) -> list[Budget]:
    """Money of the productions in which the person may spend; those with the least left in their limit first."""
    rows = BudgetAccount.objects.filter(project_id__in=_ids(person, "spend")).select_related("project")
    found = [_budget(account) for account in rows]
    return sorted(found, key=lambda one: -((one.spent_percent or 0) + one.reserved_percent))[:PRODUCTIONS_SHOWN]


def _budget(account: BudgetAccount) -> Budget:
    if not account.limit:
        return Budget(account, None, 0, is_close=False)
    spent = min(100, int(100 * account.spent / account.limit))
    reserved = min(100 - spent, int(100 * account.reserved / account.limit))
    promised = 100 * (account.spent + account.reserved)
    return Budget(account, spent, reserved, is_close=promised >= account.warning_percent * account.limit)


def cards_of(person: Person) -> list[Card]:
    """The person's productions, the latest changed first, with how far their shots are."""
    rows = visible_projects(person).select_related("state").order_by("-updated_at")[:PRODUCTIONS_SHOWN]
    projects = list(rows)
    counts = counts_of(project.pk for project in projects)
    return [
        Card(
            project, reverse(_address(person, project), args=[project.pk]), counts[project.pk], _shares(counts, project)
        )
        for project in projects
    ]


def _shares(counts: Mapping[int, Counts], project: Project) -> list[Share]:
    held = counts[project.pk]
    parts = (Share("rendered", held.rendered, "good"), Share("to render", held.shots - held.rendered, "plain"))
    return [part for part in parts if part.count]


def _ids(person: Person, right: str) -> list[int]:
    if getattr(person, "is_superuser", False):
        return list(Project.objects.values_list("pk", flat=True))
    return projects_where(person, right)


def _page(project: Project) -> str:
    return reverse("project", args=[project.slug])


def _address(person: Any, project: Project) -> str:
    page = "edit" if holds(person, "change", Project, project) else "inspect"
    return f"wagtailsnippets_projects_project:{page}"
