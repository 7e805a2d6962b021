"""Durable runs as rows: what is asked for, how far it is, and every move it made.

`Run.state` and `Step.state` are written in moves.py only.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.fields import MoneyField
from projects.models import Project


class RunState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waiting"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


OPEN_RUNS = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
"""States from which a run may still move by itself."""


class StepState(models.TextChoices):
    """Where a step stands."""

    CREATED = "created", "Created"
    SUBMITTING = "submitting", "Submitting"
    SUBMITTED = "submitted", "Submitted"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    UNKNOWN = "unknown", "Unknown"


class Run(models.Model):
    """One durable execution of a pipeline."""

    pipeline = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, help_text='The record it works on, such as "shot:7".')
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=12, choices=RunState, default=RunState.QUEUED)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.SmallIntegerField(default=0, help_text="Higher goes first.")
    settings: models.JSONField[Any, Any] = models.JSONField(default=dict)
    output: models.JSONField[Any, Any] = models.JSONField(null=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="0 to 100.")
    progress_words = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)

    lease_owner = models.CharField(max_length=160, blank=True)
    lease_until = models.DateTimeField(null=True)
    wakeups = models.PositiveIntegerField(default=0, help_text="Counts every reason to move; compared at release.")
    handled_wakeups = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, help_text="When a worker was last told to advance it.")

    root = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")  # null: it is its own
    estimate = MoneyField(null=True, help_text="Empty where the price is not known.")
    committed = MoneyField(default=0, help_text="Reserved and spent by it and all its children.")

    children_total = models.PositiveIntegerField(default=0)
    children_done = models.PositiveIntegerField(default=0)
    children_from = models.PositiveSmallIntegerField(default=0, help_text="Progress when no child is done.")
    children_to = models.PositiveSmallIntegerField(default=0, help_text="Progress when all children are done.")
    children_words = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "subject"],
                condition=Q(state__in=["queued", "running", "waiting"]),
                name="one_open_run_per_pipeline_and_subject",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="run_progress_is_a_percentage"),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["project", "pipeline", "-id"]),
            models.Index(fields=["subject", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline} {self.subject} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it may still move by itself."""
        return self.state in OPEN_RUNS


def new_token() -> str:
    """The step's own secret, carried by webhook addresses."""
    return secrets.token_urlsafe(24)


class Step(models.Model):
    """One remembered unit of work inside a run."""

    class Kind(models.TextChoices):
        """Who does the work."""

        LOCAL = "local", "Done here"
        PROVIDER = "provider", "Provider call"
        CHILD = "child", "Other run"
        APPROVAL = "approval", "Waits for a person"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=12, choices=StepState, default=StepState.CREATED)
    input: models.JSONField[Any, Any] = models.JSONField(null=True)
    output: models.JSONField[Any, Any] = models.JSONField(null=True)
    child = models.OneToOneField(Run, null=True, on_delete=models.CASCADE, related_name="parent_step")
    provider = models.CharField(max_length=40, blank=True)
    endpoint = models.CharField(max_length=160, blank=True)
    profile: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="The model profile as it was when the step was made."
    )
    request_id = models.CharField(max_length=120, blank=True)
    provider_data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    token = models.CharField(max_length=40, default=new_token)
    attempt = models.PositiveSmallIntegerField(default=1)
    price = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, help_text="Per unit, as the profile had it; empty: not known."
    )
    units = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    reserved = MoneyField(default=0)
    settled = MoneyField(null=True)
    error_class = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(null=True)
    polls = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="step_key_is_unique_in_run"),
            models.UniqueConstraint(
                fields=["provider", "request_id"], condition=~Q(request_id=""), name="a_provider_job_is_one_step"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_poll_at"])]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class Approval(models.Model):
    """A person's yes to spending, asked for by a run: bound to the digest of the exact request, and used once."""

    class State(models.TextChoices):
        """Where the question stands."""

        PENDING = "pending", "Waits for a decision"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="approval")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="approvals")
    digest = models.CharField(max_length=64, help_text="Of everything that the money would be spent on.")
    words = models.CharField(max_length=400)
    amount = MoneyField(null=True, help_text="Empty: not known.")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.words} ({self.state})"


class Transition(models.Model):
    """One move of a run or of one of its steps; append-only."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="transitions")
    step = models.ForeignKey(Step, null=True, on_delete=models.CASCADE, related_name="transitions")
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only."""
        if self.pk is not None:
            raise TypeError("Transitions are append-only.")
        super().save(*args, **kwargs)


class WorkerBeat(models.Model):
    """Proof that a worker cluster still takes work; an old one makes the watchdog restart it."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%H:%M:%S}"
