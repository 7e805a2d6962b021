"""Deleting several rows of a list at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from wagtail.actions import action_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from characters.models import Character
from projects.models import Chapter, Project
from scenes.models import Scene, Shot
from studio.scope import visible


class DeleteRecords(DeleteBulkAction):
    """Wagtail's bulk delete, within one's own productions and through the verbs.

    Wagtail's own fetches rows from the whole table and lists the titles of those one may not delete.
    """

    models = [Project, Chapter, Character, Scene, Shot]

    def get_queryset(self, model: type[Model], object_ids: list[Any]) -> list[Model]:
        """The rows asked for that exist for this person; none is a 404."""
        numbers = [pk for pk in object_ids if str(pk).isdecimal()]
        rows = list(visible(model._default_manager.filter(pk__in=numbers), self.request.user))
        if not rows:
            raise Http404(f"There is no such {model._meta.verbose_name}.")
        return rows

    @classmethod
    def execute_action(cls, objects: list[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        """Remove each with its verb, all or none."""
        person = kwargs["self"].request.user
        with transaction.atomic():
            for record in objects:
                action = action_registry.get_action_class(type(record), "delete")
                action(record, user=person).execute()
        return len(objects), 0

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove, or go back with the reason."""
        try:
            return super().form_valid(form)
        except ValidationError as problem:
            messages.error(self.request, " ".join(problem.messages))
            return redirect(self.next_url)
