"""The step of Wagtail's workflow that asks the people of a production; it has no table of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from wagtail.models import Task, TaskState

from studio.rights import RIGHTS, right_for
from studio.scope import visible

from .permissions import holds

APPROVED = "approve"
"""The deed, as studio.rights knows it, of saying yes to a draft."""


class ProductionApproval(Task):
    """Somebody who may approve in the record's production says yes or sends it back.

    Wagtail's own tasks ask groups of the whole site; here the membership decides, record by record.
    """

    class Meta:
        proxy = True
        verbose_name = "approval by the production"
        verbose_name_plural = "approvals by productions"

    admin_form_fields: ClassVar[list[str]] = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.id:
            self.content_type = self.kind()

    @classmethod
    def kind(cls) -> ContentType:
        """What tells tasks of this kind from others: they share a table."""
        return ContentType.objects.get_for_model(cls, for_concrete_model=False)

    def user_can_access_editor(self, obj: Model, user: Any) -> bool:
        """The editor is open to those who may change the record, and to nobody through a task."""
        return False

    def locked_for_user(self, obj: Model, user: Any) -> bool:
        """While a draft waits, only those who decide about it change it."""
        return not holds(user, APPROVED, type(obj), obj)

    def user_can_lock(self, obj: Model, user: Any) -> bool:
        """Those who decide may keep others out meanwhile."""
        return holds(user, APPROVED, type(obj), obj)

    def get_actions(self, obj: Model, user: Any) -> list[tuple[str, str, bool]]:
        """What the person may answer: (name, words, whether a comment is asked for)."""
        if not holds(user, APPROVED, type(obj), obj):
            return []
        return [
            ("reject", "Send back", True),
            ("approve", "Approve", False),
            ("approve", "Approve with a comment", True),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        """What waits for the person, in all their productions, in a few queries."""
        waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task_id=self.pk)
        theirs = Q(pk__in=[])
        for model, rights in RIGHTS.items():
            if APPROVED in rights and holds(user, APPROVED, model):
                rows = visible(model._default_manager.all(), user, right_for(model, APPROVED))
                kind = ContentType.objects.get_for_model(model)
                numbers = [
                    pk
                    for pk in waiting.filter(workflow_state__base_content_type=kind).values_list(
                        "workflow_state__object_id", flat=True
                    )
                    if pk.isdecimal()
                ]
                found = [str(pk) for pk in rows.filter(pk__in=numbers).values_list("pk", flat=True)]
                theirs |= Q(workflow_state__base_content_type=kind, workflow_state__object_id__in=found)
        return waiting.filter(theirs)

    @classmethod
    def get_description(cls) -> str:
        """For administrators who make workflows."""
        return "People who may approve in the record's production decide: studio/rights.py says who they are."
