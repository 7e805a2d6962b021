"""How a record of this package is written: validated as a whole, and never pointing into another production."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import JSONField, Model, QuerySet


def write(record: Any, project_id: int, fields: dict[str, Any]) -> None:
    """Set fields that people write, validate the whole record and save it; raises ValidationError by field."""
    many = {field.name for field in record._meta.many_to_many}
    for name, value in fields.items():
        if not hasattr(record, name):
            raise ValidationError(f"A {record._meta.verbose_name} has no field {name!r}.")
        if name not in many:
            setattr(record, name, _or_default(record, name, value))
    _refuse_foreign(record, project_id, fields)
    record.full_clean()
    record.save()
    for name in many & fields.keys():
        getattr(record, name).set(fields[name])
        record.save()


def _or_default(record: Any, name: str, value: Any) -> Any:
    """An emptied list or mapping is an empty one, not nothing."""
    field = record._meta.get_field(name) if name in {f.name for f in record._meta.concrete_fields} else None
    if value is None and isinstance(field, JSONField) and not field.null:
        return field.get_default()
    return value


def _refuse_foreign(record: Any, project_id: int, fields: dict[str, Any]) -> None:
    """Records of one production never point into another."""
    for name, value in fields.items():
        for related in value if isinstance(value, (list, tuple, QuerySet)) else [value]:
            owner = getattr(related, "project_id", None) if isinstance(related, Model) else None
            if owner is not None and owner != project_id:
                raise ValidationError({name: f"{related} belongs to another production."})
