"""Raw material, how ready it is, the lock, and what qualification makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.choices import Evaluator, GatherSource
from projects.events import emit
from projects.models import DepartmentReadiness, GatherItem, Project, ProjectState, QualifiedDocument

from .writing import write

LOCKED = "The material of this production is locked, because qualification has started: it can only be read."


@transaction.atomic
def add_gather_item(project: Project, kind: str, *, by: Any = None, **fields: Any) -> GatherItem:
    """Drop in one piece of raw material; raises ValidationError once the production's gather tier is locked."""
    _unless_locked(project.pk)
    item = GatherItem(project=project, created_by=by, source=fields.pop("source", GatherSource.PERSON))
    write(item, {"kind": kind, **fields}, project.pk)
    emit(project.pk, "gather.added", f"gather:{item.pk}", {"kind": item.kind, "title": str(item)[:80]})
    return item


@transaction.atomic
def change_gather_item(item: GatherItem, **fields: Any) -> GatherItem:
    """Change a piece of material that is not locked yet."""
    _unless_locked(item.project_id)
    write(item, fields, item.project_id)
    emit(item.project_id, "gather.changed", f"gather:{item.pk}", {"fields": sorted(fields)})
    return item


@transaction.atomic
def remove_gather_item(item: GatherItem) -> None:
    """Take a piece of material out that is not locked yet."""
    _unless_locked(item.project_id)
    pk = item.pk
    item.delete()
    emit(item.project_id, "gather.removed", f"gather:{pk}")


@transaction.atomic
def lock_gather(project: Project, *, by: Any = None) -> bool:
    """Make the gather tier read-only; False when it was already. The first moment and person stay."""
    now = timezone.now()
    locked = ProjectState.objects.filter(project=project, gather_locked_at=None)
    if not locked.update(gather_locked_at=now, gather_locked_by=by):
        return False
    emit(project.pk, "gather.locked", f"project:{project.pk}", {"by": str(by or "")})
    return True


@transaction.atomic
def record_readiness(
    project: Project, department: str, score: int, missing: Sequence[str], *, by: str = Evaluator.RULES
) -> DepartmentReadiness:
    """Keep how ready a department's material is, 0 to 100; a model judges beside the rules, never instead of them."""
    readiness = DepartmentReadiness.objects.filter(project=project, department=department, evaluated_by=by).first()
    readiness = readiness or DepartmentReadiness(project=project, department=department, evaluated_by=by)
    write(readiness, {"score": score, "missing": list(missing)}, project.pk)
    subject = f"project:{project.pk}"
    emit(project.pk, "readiness.changed", subject, {"department": department, "score": score, "ready": readiness.ready})
    return readiness


@transaction.atomic
def write_document(project: Project, collection: str, key: str, data: Any, **fields: Any) -> QualifiedDocument:
    """Keep a department's output under its collection and key, in place of what stood there."""
    document = QualifiedDocument.objects.filter(project=project, collection=collection, key=key).first()
    document = document or QualifiedDocument(project=project, collection=collection, key=key)
    write(document, {"data": data, **fields}, project.pk)
    emit(project.pk, "document.written", f"document:{document.pk}", {"collection": collection, "key": key})
    return document


@transaction.atomic
def remove_document(document: QualifiedDocument) -> None:
    """Take a department's output out of the production."""
    pk = document.pk
    document.delete()
    emit(document.project_id, "document.removed", f"document:{pk}", {"key": document.key})


def _unless_locked(project_id: int) -> None:
    if ProjectState.objects.filter(project_id=project_id, gather_locked_at__isnull=False).exists():
        raise ValidationError(LOCKED)
