"""The only writers of prompt templates and model profiles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projects.actions.writing import write
from projects.events import emit
from projects.models import Project
from projects.revisions import follow

from .models import ModelProfile, PromptTemplate, PromptTemplateVersion, TemplateVariable
from .rendering import PromptProblem, find_variables


@transaction.atomic
def create_template(
    project: Project | None, *, by: Any = None, variables: Iterable[Mapping[str, Any]] = (), **fields: Any
) -> PromptTemplate:
    """Add a template for a production, or for all without one. Raises ValidationError by field.

    A production's template with the key of a general one takes its place there.
    """
    template = PromptTemplate(project=project, created_by=by)
    write(template, fields, template.project_id)
    _write_variables(template, list(variables))
    keep_version(template, by=by)
    _tell(template, "template.created", {"key": template.key, "by": str(by or "")})
    return template


@transaction.atomic
def change_template(
    template: PromptTemplate, /, *, by: Any = None, variables: Iterable[Mapping[str, Any]] | None = None, **fields: Any
) -> PromptTemplate:
    """Change a template; a change of its text or variables adds a version. Raises ValidationError by field."""
    if fields.get("key", template.key) != PromptTemplate.objects.values_list("key", flat=True).get(pk=template.pk):
        raise ValidationError({"key": "The key of a template is what machines ask for it by; it never changes."})
    if "project" in fields:
        raise ValidationError({"project": "A template stays where it was made: make one of this key there."})
    write(template, fields, template.project_id)
    if variables is not None:
        _write_variables(template, list(variables))
    number = keep_version(template, by=by).number
    follow(template, fields, lists=() if variables is None else ("variables",), by=by)
    changed = sorted([*fields, *(["variables"] if variables is not None else [])])
    _tell(template, "template.changed", {"fields": changed, "version": number, "by": str(by or "")})
    return template


@transaction.atomic
def override_template(template: PromptTemplate, project: Project, *, by: Any = None) -> PromptTemplate:
    """A production's own copy of a general template, to be changed there; the one it has where it has one."""
    own = PromptTemplate.objects.filter(project=project, key=template.key).first()
    if own is not None:
        return own
    if template.project_id is not None:
        raise ValidationError(f"{template} belongs to a production already; only a general template is overridden.")
    names = ("key", "name", "description", "category", "template", "model_hints", "active")
    return create_template(
        project, by=by, variables=[_row(variable) for variable in template.variables.all()],
        **{name: getattr(template, name) for name in names},
    )  # fmt: skip


@transaction.atomic
def restore_version(template: PromptTemplate, number: int, *, by: Any = None) -> PromptTemplate:
    """Make an earlier version the text again; that is a new version, and nothing of the history is lost."""
    version = PromptTemplateVersion.objects.filter(template=template, number=number).first()
    if version is None:
        raise ValidationError(f"{template} has no version {number}.")
    return change_template(template, by=by, template=version.text, variables=version.variables)


@transaction.atomic
def remove_template(template: PromptTemplate, *, by: Any = None) -> None:
    """Delete a production's own template, so that the general one holds again.

    General ones are switched off instead: machines ask for them by their key.
    """
    if template.project_id is None:
        raise ValidationError(f"{template} serves all productions: make it inactive instead of deleting it.")
    project_id, pk = template.project_id, template.pk
    template.delete()
    emit(project_id, "template.removed", f"template:{pk}", {"key": template.key, "by": str(by or "")})


def keep_version(template: PromptTemplate, *, by: Any = None) -> PromptTemplateVersion:
    """The version that holds the template as it stands, added where the last one differs."""
    variables = [_row(variable) for variable in TemplateVariable.objects.filter(template=template)]
    digest = hashlib.sha256(json.dumps([template.template, variables], sort_keys=True).encode()).hexdigest()
    last = template.versions.order_by("-number").first()
    if last is not None and last.digest == digest:
        return last
    number = (template.versions.aggregate(number=Max("number"))["number"] or 0) + 1
    return PromptTemplateVersion.objects.create(
        template=template, number=number, text=template.template, variables=variables, digest=digest, by=by
    )


@transaction.atomic
def change_profile(profile: ModelProfile, **fields: Any) -> ModelProfile:
    """Change a model profile; raises ValidationError by field. A price says where and when it was read."""
    if fields.get("price") is not None and not fields.get("price_source", profile.price_source):
        raise ValidationError({"price_source": "Say where the price was read: money is promised by it."})
    write(profile, fields, None)
    return profile


def _write_variables(template: PromptTemplate, rows: list[Mapping[str, Any]]) -> None:
    """Make the declared variables these, in order; every variable of the text has to be among them."""
    names = [str(row.get("name", "")) for row in rows]
    try:
        used = find_variables(template.template)
    except PromptProblem as problem:
        raise ValidationError({"template": problem.sentences}) from problem
    if missing := [name for name in used if name not in names]:
        listed = ", ".join(f"[{name}]" for name in missing)
        raise ValidationError({"variables": f"Describe {listed}, which the text uses."})
    if unused := [name for name in names if name not in used]:
        listed = ", ".join(f"[{name}]" for name in unused)
        raise ValidationError({"variables": f"The text does not use {listed}."})
    TemplateVariable.objects.filter(template=template).delete()
    for place, row in enumerate(rows, start=1):
        variable = TemplateVariable(template=template, sort_order=place, **row)
        variable.full_clean()
        variable.save()
    template.__dict__.get("_cluster_related_objects", {}).pop("variables", None)


def _row(variable: TemplateVariable) -> dict[str, Any]:
    return {
        "name": variable.name, "description": variable.description, "required": variable.required,
        "default": variable.default, "example": variable.example,
    }  # fmt: skip


def _tell(template: PromptTemplate, event: str, payload: dict[str, Any]) -> None:
    """General templates belong to no production, so there is nobody's page to tell."""
    if template.project_id is not None:
        emit(template.project_id, event, f"template:{template.pk}", payload)
