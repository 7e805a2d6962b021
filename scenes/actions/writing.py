"""How a record of this package is written: validated as a whole, and never pointing into another production."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, JSONField, Model, QuerySet
from modelcluster.fields import ParentalKey

from scenes.models import Scene, Shot


def write(record: Any, project_id: int, fields: Mapping[str, Any]) -> None:
    """Set fields that people write, validate the whole record and save it; raises ValidationError by field.

    Of a record that stands only these fields are saved, so that two people who change different ones keep both.
    """
    many = {field.name for field in record._meta.many_to_many}
    for name, value in fields.items():
        if not hasattr(record, name):
            raise ValidationError(f"A {record._meta.verbose_name} has no field {name!r}.")
        if name not in many:
            setattr(record, name, _or_default(record, name, value))
    refuse_foreign(record, project_id, fields)
    for relation in pending_lists(record):
        for child in getattr(record, relation).all():
            _refuse_foreign_child(child, relation, project_id)
    _clean(record)
    _save(record, {*(fields.keys() - many), *pending_lists(record)})
    for name in many & fields.keys():
        getattr(record, name).set(fields[name])
        record.save()


def pending_lists(record: Any) -> list[str]:
    """Lists of a record that a form has set and nobody has saved yet."""
    return list(record.__dict__.get("_cluster_related_objects", {}))


def changed_fields(record: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the fields whose values are other ones than the database's (a form has set the record's already)."""
    columns = {field.name for field in record._meta.concrete_fields}
    stored = type(record)._default_manager.filter(pk=record.pk).values(*(columns & fields.keys())).first() or {}
    return {
        name: value
        for name, value in fields.items()
        if name not in stored or stored[name] != (value.pk if isinstance(value, Model) else value)
    }


def copy_of(record: Any, without: Collection[str] = ()) -> dict[str, Any]:
    """What a record says, as fields for another one: no key, no times, none of `without`."""
    own = {"id", "created_at", "updated_at", "latest_revision", *without}
    return {
        field.name: getattr(record, field.name)
        for field in record._meta.concrete_fields
        if field.name not in own and not isinstance(field, ParentalKey)
    }


def replace_children(record: Any, relation: str, rows: Iterable[Any], project_id: int) -> None:
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


def refuse_foreign(record: Any, project_id: int, fields: Mapping[str, Any]) -> None:
    """Records of one production never point into another; ValidationError names the field."""
    for name, value in fields.items():
        for related in value if isinstance(value, (list, tuple, QuerySet)) else [value]:
            of = getattr(related, "character", related)  # a look belongs to the production of its character
            owner = getattr(of, "project_id", None) if isinstance(related, Model) else None
            if owner is not None and owner != project_id:
                raise ValidationError({name: f"{related} belongs to another production."})


def _fill(child: Any, relation: str, place: int, values: Mapping[str, Any], project_id: int) -> None:
    names = {field.name for field in child._meta.concrete_fields} | {
        field.attname for field in child._meta.concrete_fields
    }
    for name, value in values.items():
        if name not in names:
            raise ValidationError({relation: f"Row {place}: a {child._meta.verbose_name} has no field {name!r}."})
        setattr(child, name, value)
    _refuse_foreign_child(child, f"{relation}: row {place}", project_id)


def _refuse_foreign_child(child: Any, where: str, project_id: int) -> None:
    related = {
        field.name: getattr(child, field.name)
        for field in child._meta.concrete_fields
        if field.is_relation and not isinstance(field, ParentalKey) and getattr(child, field.attname) is not None
    }
    try:
        refuse_foreign(child, project_id, related)
    except ValidationError as problem:
        raise ValidationError(f"{where}: {' '.join(problem.messages)}") from problem


def _check(child: Any, relation: str, place: int) -> None:
    try:
        child.full_clean()
    except ValidationError as problem:
        sentences = " ".join(problem.messages)
        raise ValidationError({relation: f"Row {place}: {sentences}"}) from problem


def _clean(record: Any) -> None:
    """Validate everything, in the fewest queries.

    The check constraints of scenes and shots repeat validators of single fields: Django asks the database about each
    of them with a query over all of the record's hundred fields, which is most of what planning a film took.
    """
    record.full_clean(validate_constraints=False)
    problems: dict[str, list[ValidationError]] = {}
    for constraint in record._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(record, (Scene, Shot)):
            continue
        try:
            constraint.validate(type(record), record)
        except ValidationError as problem:
            problem.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


def _save(record: Any, names: Iterable[str]) -> None:
    if record._state.adding:
        record.save()
    elif names:
        stamped = ["updated_at"] if hasattr(record, "updated_at") else []
        record.save(update_fields=[*names, *stamped])


def _or_default(record: Any, name: str, value: Any) -> Any:
    """An emptied list or mapping is an empty one, not nothing."""
    field = record._meta.get_field(name) if name in {f.name for f in record._meta.concrete_fields} else None
    if value is None and isinstance(field, JSONField) and not field.null:
        return field.get_default()
    return value
