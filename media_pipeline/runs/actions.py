"""Starting, stopping and resuming runs: what people and commands ask of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects import access
from projects.actions import raise_alert, settle_alerts
from projects.choices import Severity
from projects.events import emit
from projects.models import BudgetAccount, Project

from . import lost, moves
from .models import OPEN_RUNS, Approval, Run, RunState, Step, StepState
from .registry import pipeline_named


@transaction.atomic
def start_run(
    pipeline: str, subject: str, project: Project, *, settings: Mapping[str, Any] | None = None, by: Any = None
) -> Run:
    """Start a pipeline on a subject such as "shot:7", or return the run of it that is already open."""
    pipeline_named(pipeline)
    open_run = Run.objects.filter(pipeline=pipeline, subject=subject, state__in=OPEN_RUNS).first()
    if open_run:
        return open_run
    run = Run.objects.create(
        pipeline=pipeline, subject=subject, project=project, settings=dict(settings or {}), requested_by=by
    )
    moves.emit_progress(run)
    moves.wake(run.pk)
    return run


def start_child(parent: Run, pipeline: str, subject: str, settings: Mapping[str, Any]) -> Run:
    """Start a run that `parent` awaits, in the caller's transaction."""
    pipeline_named(pipeline)
    child = Run.objects.create(
        pipeline=pipeline, subject=subject, project_id=parent.project_id, parent=parent,
        root_id=parent.root_id or parent.pk,
        settings=dict(settings), requested_by_id=parent.requested_by_id, priority=parent.priority,
    )  # fmt: skip
    moves.wake(child.pk)
    return child


@transaction.atomic
def cancel_run(run: Run) -> int:
    """Ask a run and everything it waits for to stop; returns how many runs were asked."""
    asked, family = 0, [run.pk]
    while family:
        asked += Run.objects.filter(pk__in=family, state__in=OPEN_RUNS, cancel_requested_at=None).update(
            cancel_requested_at=timezone.now()
        )
        for pk in family:
            moves.wake(pk)
        family = list(Run.objects.filter(parent_id__in=family, state__in=OPEN_RUNS).values_list("pk", flat=True))
    return asked


@transaction.atomic
def resolve_unknown(step: Step, *, by: Any, request_id: str = "") -> Step:
    """Decide about a request that may have been accepted, or that timed out and may still be charged.

    With `request_id` that job is the step's, and its answer is awaited. Without, the request is written off: what it
    may have cost counts as spent, and it is made anew. Raises PermissionDenied for people who may not spend, and
    ValidationError when there is nothing to decide any more or the job is another step's.
    """
    moves.hold(step.run)
    step = Step.objects.select_for_update(of=("self",)).select_related("run__project").get(pk=step.pk)
    if not access.may(by, step.run.project, "spend"):
        raise PermissionDenied("Only people who may spend in this production can decide this.")
    request_id = request_id.strip()
    if request_id and Step.objects.filter(provider=step.provider, request_id=request_id).exclude(pk=step.pk).exists():
        raise ValidationError(f"The request {request_id} belongs to another step.")
    decided = lost.found(step, request_id, note=f"found by {by}") if request_id else lost.write_off(step, by=by)
    if not decided:
        raise ValidationError(f"There is nothing to decide about {step.key} any more: it is {step.state}.")
    return step


@transaction.atomic
def resume_run(run: Run) -> bool:
    """Go on with a failed or cancelled run: what succeeded is kept, what failed is tried again."""
    moves.hold(run)
    run.refresh_from_db()
    if run.state not in (RunState.FAILED, RunState.CANCELLED):
        return False
    settle_alerts(run.project_id, f"run:{run.pk}")
    return moves.reopen_run(run)


def ask_for_approval(step: Step, *, digest: str, amount: Decimal | None, words: str) -> Approval:
    """Put the question whether money may be spent to the people of the production; in the caller's transaction."""
    project_id = step.run.project_id
    currency = BudgetAccount.objects.values_list("currency", flat=True).get(project_id=project_id)
    approval = Approval.objects.create(
        step=step, project_id=project_id, digest=digest, words=words[:400], amount=amount, currency=currency
    )
    price = "an amount that is not known" if amount is None else f"{amount.normalize():f} {currency}"
    raise_alert(
        project_id,
        severity=Severity.WARNING,
        title="A run waits for approval",
        message=f"{words} It would spend {price}.",
        source=f"approval:{approval.pk}",
    )
    emit(project_id, "approval.asked", f"approval:{approval.pk}", {"run": step.run_id, "words": words})
    return approval


@transaction.atomic
def decide_approval(approval: Approval, *, digest: str, yes: bool, by: Any) -> Approval:
    """Say yes or no to exactly the request with this digest, once.

    Raises PermissionDenied for people who may not spend, ValidationError when it was decided already or when the
    digest is not that of the question (the page that was looked at is out of date).
    """
    moves.hold(approval.step.run)
    approval = (
        Approval.objects.select_for_update(of=("self",)).select_related("step__run", "project").get(pk=approval.pk)
    )
    if not access.may(by, approval.project, "spend"):
        raise PermissionDenied("Only people who may spend in this production can decide this.")
    if approval.state != Approval.State.PENDING:
        raise ValidationError(f"This was already {approval.get_state_display().lower()}.")
    if approval.digest != digest:
        raise ValidationError("The request has changed since you looked at it: look again before deciding.")
    approval.state = Approval.State.APPROVED if yes else Approval.State.REFUSED
    approval.decided_by, approval.decided_at = by, timezone.now()
    approval.save()
    if yes:
        moves.move_step(approval.step, StepState.SUCCEEDED, note=f"approved by {by}")
    else:
        words = f"{by} did not approve the spending."
        moves.move_step(approval.step, StepState.FAILED, note=words, error_class="Refused", error_message=words)
    settle_alerts(approval.project_id, f"approval:{approval.pk}")
    emit(approval.project_id, "approval.decided", f"approval:{approval.pk}", {"yes": yes, "by": str(by)})
    moves.wake(approval.step.run_id)
    return approval
