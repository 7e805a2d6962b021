"""How a record is written: validated as a whole, and never pointing into another production."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, JSONField, Model, QuerySet
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


def write(record: Any, fields: Mapping[str, Any], project_id: int | None) -> None:
    """Set fields that people write, validate the whole record and save it; raises ValidationError by field.

    Of a record that stands only these fields are saved, so that two people who change different ones keep both.
    Nothing may point into another production than `project_id`; None for records of the whole site.
    """
    many = {field.name for field in record._meta.many_to_many}
    known = {field.name for field in record._meta.concrete_fields if field.editable} | decided_beside(record) | many
    for name, value in fields.items():
        if name not in known:
            raise ValidationError(f"A {record._meta.verbose_name} has no field {name!r} that a person may write.")
        if name not in many:
            setattr(record, name, _or_default(record, name, value))
    refuse_foreign(record, project_id, fields)
    for relation in pending_lists(record):
        for child in getattr(record, relation).all():
            refuse_foreign_row(child, relation, project_id)
    _clean(record)
    _save(record, {*(fields.keys() - many), *pending_lists(record)})
    _save_many(record, {name: fields[name] for name in many & fields.keys()})


def decided_beside(record: Any) -> frozenset[str]:
    """Fields that no form shows and verbs write all the same, as the model says."""
    return getattr(type(record), "WRITTEN_BESIDE", frozenset())


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


def refuse_foreign(record: Any, project_id: int | None, fields: Mapping[str, Any]) -> None:
    """Records of one production never point into another; ValidationError names the field."""
    for name, value in fields.items():
        for related in value if isinstance(value, (list, tuple, QuerySet)) else [value]:
            of = getattr(related, "character", related)  # a look belongs to the production of its character
            owner = getattr(of, "project_id", None) if isinstance(related, Model) else None
            if owner is not None and owner != project_id:
                raise ValidationError({name: f"{related} belongs to another production."})


def refuse_foreign_row(child: Any, where: str, project_id: int | None) -> None:
    """The same for a row of a list; the sentence begins with `where`."""
    related = {
        field.name: getattr(child, field.name)
        for field in child._meta.concrete_fields
        if field.is_relation and not isinstance(field, ParentalKey) and getattr(child, field.attname) is not None
    }
    try:
        refuse_foreign(child, project_id, related)
    except ValidationError as problem:
        raise ValidationError(f"{where}: {' '.join(problem.messages)}") from problem


def _clean(record: Any) -> None:
    """Validate everything, in the fewest queries.

    Django asks the database about each check constraint with a query over all of the record's fields. Where a model
    says that its checks repeat validators of single fields (CHECKS_REPEAT_VALIDATORS), they are left to those: for a
    scene's or a shot's hundred fields that was most of what planning a film took.
    """
    if not getattr(type(record), "CHECKS_REPEAT_VALIDATORS", False):
        record.full_clean()
        return
    record.full_clean(validate_constraints=False)
    problems: dict[str, list[ValidationError]] = {}
    for constraint in record._meta.constraints:
        if isinstance(constraint, CheckConstraint):
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
        stamped = [field.name for field in record._meta.concrete_fields if getattr(field, "auto_now", False)]
        record.save(update_fields=[*names, *stamped])


def _save_many(record: Any, relations: Mapping[str, Any]) -> None:
    for name, value in relations.items():
        getattr(record, name).set(value)
    if relations and isinstance(record, ClusterableModel):  # keeps them in memory until it is saved
        record.save(update_fields=list(relations))


def _or_default(record: Any, name: str, value: Any) -> Any:
    """An emptied list or mapping is an empty one, not nothing."""
    field = record._meta.get_field(name) if name in {f.name for f in record._meta.concrete_fields} else None
    if value is None and isinstance(field, JSONField) and not field.null:
        return field.get_default()
    return value
