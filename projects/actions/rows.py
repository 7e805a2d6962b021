"""Lists inside a record, written as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from .writing import refuse_foreign_row


def replace_children(record: Any, relation: str, rows: Iterable[Any], project_id: int | None) -> None:
    """Make a list of a record (cast, dialogue, references) exactly these rows, in this order.

    A row is a mapping of its fields; one with the `id` of a row that stands keeps that row. Raises ValidationError
    that names the row when one cannot be kept.
    """
    manager = getattr(record, relation)
    model = manager.model
    parent = (
        manager.field.name if hasattr(manager, "field") else model._meta.get_field(type(record)._meta.model_name).name
    )
    standing = {child.pk: child for child in model._default_manager.filter(**{parent: record})}
    kept: list[Any] = []
    for place, row in enumerate(rows, start=1):
        values = dict(row)
        pk = values.pop("id", None)
        child = standing.get(pk) if pk else model(**{parent: record})
        if child is None:
            raise ValidationError({relation: f"Row {place}: there is no row {pk} here."})
        if hasattr(child, "sort_order"):
            values["sort_order"] = place
        _fill(child, relation, place, values, project_id)
        kept.append(child)
    for pk in standing.keys() - {child.pk for child in kept}:
        standing[pk].delete()
    for place, child in enumerate(kept, start=1):
        _check(child, relation, place)
        child.save()
    record.__dict__.get("_cluster_related_objects", {}).pop(relation, None)


def _fill(child: Any, relation: str, place: int, values: Mapping[str, Any], project_id: int | None) -> None:
    names = {field.name for field in child._meta.concrete_fields} | {
        field.attname for field in child._meta.concrete_fields
    }
    for name, value in values.items():
        if name not in names:
            raise ValidationError({relation: f"Row {place}: a {child._meta.verbose_name} has no field {name!r}."})
        setattr(child, name, value)
    refuse_foreign_row(child, f"{relation}: row {place}", project_id)


def _check(child: Any, relation: str, place: int) -> None:
    try:
        child.full_clean()
    except ValidationError as problem:
        sentences = " ".join(problem.messages)
        raise ValidationError({relation: f"Row {place}: {sentences}"}) from problem
