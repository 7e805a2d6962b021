"""Wagtail's create, edit and delete actions of our records, made to call the verbs.

Every view of the admin that writes (add, copy, edit, delete, bulk delete) asks Wagtail's action registry for the
action of the model, so this is the one place where a save can be turned into a verb.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from modelcluster.forms import ClusterForm
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.actions import CreateAction, DeleteAction, EditAction
from wagtail.actions.registry import ActionRegistry
from wagtail.log_actions import log
from wagtail.signals import published

from projects.events import emit
from projects.revisions import left_by_the_caller
from studio.scope import PATHS, project_id_of
from studio.verbs import VERBS, verbs_of


class CreateRecord(CreateAction):
    """Create a record with its verb."""

    instance: Any

    def _save_instance(self) -> None:
        form = _form_of(self)
        values = {name: form.cleaned_data[name] for name in form.fields if name in form.cleaned_data}
        typed, verbs = form.save(commit=False), verbs_of(type(self.instance))
        values |= {name: rows_of(form, name) for name in verbs.rows}
        self.instance = form.instance = verbs.create(self.user, values)
        lists = {name: rows for name, rows in lists_of(typed).items() if rows and name not in verbs.rows}
        if lists:
            take_over(self.instance, lists)
            self.instance = form.instance = verbs_of(type(self.instance)).change(self.user, self.instance, {})


class EditRecord(EditAction):
    """Change a record with its verb; a form that changes nothing writes and tells nothing.

    What is drafted is kept as a revision alone; publishing writes it and tells of it.
    """

    instance: Any

    def _save_instance(self) -> None:
        form = _form_of(self)
        if self.draftstate_enabled and self.instance.live:
            self.instance = form.save(commit=False)
            return
        values = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        if isinstance(form, ClusterForm):
            form.save(commit=False)  # puts the ordered children on the instance: its save writes them
        if values or form.has_changed():
            with left_by_the_caller():
                verbs = verbs_of(type(self.instance))
                values |= {name: rows_of(form, name) for name in verbs.rows}
                self.instance = form.instance = verbs.change(self.user, self.instance, values)


class DeleteRecord(DeleteAction):
    """Remove a record with its verb."""

    def _delete(self) -> None:
        with transaction.atomic():
            log(instance=self.instance, action="wagtail.delete", user=self.user, deleted=True)
            verbs_of(type(self.instance)).remove(self.user, self.instance)


def _form_of(action: Any) -> Any:
    if action.form is None:
        raise TypeError(f"{type(action).__name__} takes what people wrote in a form; call the verb itself instead.")
    return action.form


def lists_of(record: Any) -> dict[str, list[Any]]:
    """The ordered lists that a form or a revision has put on a record: relation -> rows."""
    if not isinstance(record, ClusterableModel):
        return {}
    return {
        relation.get_accessor_name(): list(getattr(record, relation.get_accessor_name()).all())
        for relation in get_all_child_relations(type(record))
        if relation.get_accessor_name() in record.__dict__.get("_cluster_related_objects", {})
    }


def rows_of(form: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a list as they were filled in, in order, without those that were taken out."""
    formset = form.formsets[name]
    own = {"id", "ORDER", "DELETE"}
    kept = [part.cleaned_data for part in formset.ordered_forms if part not in formset.deleted_forms]
    return [{key: value for key, value in row.items() if key not in own} for row in kept]


def take_over(record: Any, lists: dict[str, list[Any]]) -> None:
    """Put lists on a record, to be written with its next save."""
    for name, rows in lists.items():
        setattr(record, name, rows)


def register_actions(registry: ActionRegistry) -> None:
    """Put the verbs behind Wagtail's actions."""
    for model in VERBS:
        for action in (CreateRecord, EditRecord, DeleteRecord):
            registry.register(model, action)


@receiver(published)
def tell_of_what_was_published(sender: type, instance: Any, revision: Any, **_: Any) -> None:
    """A published draft is a change that the pages of its production show."""
    if sender in VERBS and sender in PATHS:
        kind = str(sender._meta.model_name)
        name = {"storybible": "bible"}.get(kind, kind)
        project_id = project_id_of(instance)
        if project_id is not None:
            with transaction.atomic():
                emit(project_id, f"{name}.changed", f"{name}:{instance.pk}", {"published": revision.pk})
        verbs_of(sender).published(instance)
