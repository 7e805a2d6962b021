"""Changes over many records that can be taken back: what stood there before is kept beside what was done."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from projects.events import emit
from projects.models import Correction
from projects.revisions import follow

OF_REVISIONS = frozenset({"latest_revision", "live_revision"})
"""Columns that point at what goes with a record that is removed."""


class Correcting:
    """Collects one correction while it is made; `keep` at the end writes it down. Used inside a transaction."""

    def __init__(self, project_id: int, kind: str, *, by: Any = None) -> None:
        self.project_id, self.kind, self.by = project_id, kind, by
        self.changes: list[dict[str, Any]] = []

    def change(self, record: Model, **values: Any) -> None:
        """Write columns of a row (foreign keys by their `_id`), where they are other ones than the row's."""
        values = {name: value for name, value in values.items() if getattr(record, name) != value}
        if not values:
            return
        before = {name: getattr(record, name) for name in values}
        self.changes.append(
            {"record": record._meta.label_lower, "id": record.pk, "before": before, "after": dict(values)}
        )
        for name, value in values.items():
            setattr(record, name, value)
        _write(type(record), record.pk, values)

    def remove(self, record: Model) -> None:
        """Delete a row; what points at it has been moved before."""
        row = json.loads(json.dumps(serializers.serialize("python", [record])[0], default=str))
        row["fields"] |= dict.fromkeys(OF_REVISIONS & row["fields"].keys())
        self.changes.append({"record": record._meta.label_lower, "id": record.pk, "removed": row})
        record.delete()

    def keep(self, words: str) -> Correction:
        """Write down what was done."""
        return Correction.objects.create(
            project_id=self.project_id, kind=self.kind, words=words[:300], changes=self.changes, by=self.by
        )


@transaction.atomic
def undo_correction(correction: Correction, *, by: Any = None) -> Correction:
    """Put back what a correction changed, all of it or nothing.

    Raises ValidationError that names the first record which was changed again since, or is gone.
    """
    correction = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if correction.undone_at is not None:
        raise ValidationError("This has been taken back already.")
    _refuse_what_changed_since(correction)
    try:
        with transaction.atomic():
            for change in reversed(correction.changes):
                _put_back(change)
    except (IntegrityError, DeserializationError):
        raise ValidationError(
            "This cannot be taken back: a name or a place that was free then is taken by another record now."
        ) from None
    for change in correction.changes:
        _follow(change, by)
    correction.undone_at, correction.undone_by = timezone.now(), by
    correction.save(update_fields=["undone_at", "undone_by"])
    emit(
        correction.project_id, "correction.undone", f"correction:{correction.pk}",
        {"kind": correction.kind, "words": correction.words, "by": str(by or "")},
    )  # fmt: skip
    return correction


def _put_back(change: dict[str, Any]) -> None:
    if "removed" not in change:
        _write(apps.get_model(change["record"]), change["id"], change["before"])
        return
    for row in serializers.deserialize("json", json.dumps([change["removed"]])):
        row.save()


def _refuse_what_changed_since(correction: Correction) -> None:
    gone = {(change["record"], change["id"]) for change in correction.changes if "removed" in change}
    last: dict[tuple[str, int], dict[str, Any]] = {}
    for change in correction.changes:
        if (change["record"], change["id"]) not in gone:
            last.setdefault((change["record"], change["id"]), {}).update(change["after"])
    for (label, pk), after in last.items():
        model = apps.get_model(label)
        record = model._default_manager.filter(pk=pk).first()
        if record is None:
            raise ValidationError(f"This cannot be taken back: a {model._meta.verbose_name} of it is gone.")
        changed = next((name for name, value in after.items() if getattr(record, name) != value), None)
        if changed is not None:
            column = model._meta.get_field(changed).verbose_name
            raise ValidationError(
                f"This cannot be taken back: the {column} of {model._meta.verbose_name} {record} was changed since. "
                "Change it by hand."
            )


def _write(model: type[Model], pk: Any, values: dict[str, Any]) -> None:
    stamped = {"updated_at": timezone.now()} if any(f.name == "updated_at" for f in model._meta.fields) else {}
    model._default_manager.filter(pk=pk).update(**values, **stamped)


def _follow(change: dict[str, Any], by: Any) -> None:
    record = apps.get_model(change["record"])._default_manager.filter(pk=change["id"]).first()
    if record is not None and "removed" not in change:
        follow(record, change["before"], by=by)
