"""Approval of scenes and story bibles: Wagtail's workflow decides, the records' own verb writes what was decided.

A scene's approval is a state beside the record, so that no draft holds it. A bible has no such state: what is
approved there is what is published.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.dispatch import receiver
from wagtail.models import Workflow, WorkflowContentType, WorkflowState, WorkflowTask
from wagtail.signals import workflow_approved, workflow_cancelled, workflow_rejected, workflow_submitted

from projects.models import StoryBible
from scenes.actions import set_scene_approval
from scenes.choices import ApprovalState
from scenes.models import Scene

APPROVED_RECORDS = (Scene, StoryBible)
"""What is approved by a workflow."""

NAME = "approval"


def ensure_workflow(using: str = "default", **_: Any) -> None:
    """Make the workflow once. What an administrator changes about it later, or switches off, stays."""
    from .models import ProductionApproval

    if WorkflowContentType._meta.db_table not in connections[using].introspection.table_names():
        return
    ContentType.objects.clear_cache()  # the tables may have been emptied since it was filled
    if ProductionApproval.objects.using(using).filter(content_type=ProductionApproval.kind()).exists():
        return
    with transaction.atomic(using=using):
        task = ProductionApproval.objects.create(name="the production's approval")
        workflow = Workflow.objects.create(name=NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        for model in APPROVED_RECORDS:
            WorkflowContentType.objects.get_or_create(
                content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
            )


def _write(state: WorkflowState, approval: str, person: Any) -> None:
    scene = state.content_object
    if isinstance(scene, Scene):
        set_scene_approval(scene, approval, by=person)


@receiver(workflow_submitted)
def wait_for_approval(instance: WorkflowState, user: Any = None, **_: Any) -> None:
    """The draft waits for those who decide."""
    _write(instance, ApprovalState.WAITING, user)


@receiver(workflow_approved)
def approve(instance: WorkflowState, user: Any = None, **_: Any) -> None:
    """Wagtail has published the draft before, which took back the approval of what stood there."""
    _write(instance, ApprovalState.APPROVED, user)


@receiver(workflow_rejected)
def send_back(instance: WorkflowState, user: Any = None, **_: Any) -> None:
    """The draft goes back to those who wrote it."""
    _write(instance, ApprovalState.SENT_BACK, user)


@receiver(workflow_cancelled)
def withdraw(instance: WorkflowState, user: Any = None, **_: Any) -> None:
    """Nobody is asked any more."""
    _write(instance, ApprovalState.OPEN, user)
