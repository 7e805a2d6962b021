"""What is done to several rows of a list at once: each through its verb, all or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from wagtail.actions import action_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from characters.models import Character
from projects.models import Chapter, Project
from scenes import actions as scenes
from scenes.choices import SceneStatus
from scenes.models import Scene, Shot
from studio.rights import right_for
from studio.scope import PATHS, visible
from studio.verbs import verbs_of

from .permissions import holds

DIRECTED_TOGETHER = (
    *("shot_size", "camera_angle", "camera_movement", "movement_speed", "lighting_type", "lighting_mood"),
    *("colour_temperature", "contrast", "colour_grade", "atmosphere", "weather", "time_of_day", "season"),
)
"""Fields of direction that make sense for several scenes or shots at once."""


class OwnRows:
    """Rows are looked for within one's own productions; Wagtail's own fetch from the whole table."""

    request: Any
    next_url: str

    def get_queryset(self, model: type[Model], object_ids: list[Any]) -> list[Model]:
        """The rows asked for that exist for this person, with the way to their production; none is a 404."""
        numbers = [pk for pk in object_ids if str(pk).isdecimal()]
        found = visible(model._default_manager.filter(pk__in=numbers), self.request.user, right_for(model, "view"))
        *way, _ = PATHS[model].split("__")
        rows = list(found.select_related("__".join(way)) if way else found)
        if not rows:
            raise Http404(f"There is no such {model._meta.verbose_name}.")
        return rows

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """Nothing: "all" would mean every production at once, whatever the list was filtered by."""
        return []

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or go back with the reason."""
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as problem:
            messages.error(self.request, " ".join(problem.messages))
            return redirect(self.next_url)


class DeleteRecords(OwnRows, DeleteBulkAction):
    """Wagtail's bulk delete, within one's own productions and through the verbs."""

    models = [Project, Chapter, Character, Scene, Shot]

    @classmethod
    def execute_action(cls, objects: list[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        """Remove each with its verb, all or none."""
        person = kwargs["self"].request.user
        with transaction.atomic():
            for record in objects:
                action = action_registry.get_action_class(type(record), "delete")
                action(record, user=person).execute()
        return len(objects), 0


class VerbOnRows(OwnRows, SnippetBulkAction):
    """One verb on every chosen row, after a page that says what will happen to which."""

    template_name = "wagtailadmin/records/bulk.html"
    deed = "change"
    """What has to be allowed, row by row."""
    question: ClassVar[str]
    """What the page asks; the verb of the sentence stands on the button."""
    done: ClassVar[str]
    """What was done, after a number of rows."""

    def check_perm(self, record: Model) -> bool:
        """Whether the person may do it to this row."""
        return holds(self.request.user, self.deed, type(record), record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page says."""
        return super().get_context_data(**kwargs) | {"question": self.question, "button": self.display_name}

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        """The verb on each; how many it changed."""
        action = kwargs["self"]
        changed = [record for record in objects if action.apply(record, action.request.user) is not False]
        return len(changed), 0

    def apply(self, record: Any, person: Any) -> Any:
        """Call the verb; False when there was nothing to do."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """How many rows were changed."""
        meta = self.model._meta
        name = meta.verbose_name if num_parent_objects == 1 else meta.verbose_name_plural
        return f"{num_parent_objects} {name} {self.done}."


class OmitRows(VerbOnRows):
    """Take scenes or shots out of the film; their numbers stay."""

    display_name, action_type, aria_label = "Omit", "omit", "Take the selected out of the film"
    action_priority = 20
    models = [Scene, Shot]
    question = "Take these out of the film? Their numbers stay, their takes are kept, and they can be restored."
    done = "omitted"

    def apply(self, record: Any, person: Any) -> Any:
        """Scenes take their shots with them."""
        verb: Callable[..., bool] = scenes.omit_scene if isinstance(record, Scene) else scenes.omit_shot
        return verb(record, by=person)


class RestoreRows(VerbOnRows):
    """Bring omitted scenes or shots back."""

    display_name, action_type, aria_label = "Restore", "restore", "Bring the selected back into the film"
    action_priority = 21
    models = [Scene, Shot]
    question = "Bring these back into the film? Those that are not omitted stay as they are."
    done = "restored"

    def apply(self, record: Any, person: Any) -> Any:
        """With the shots that went out with the scene."""
        verb: Callable[..., bool] = scenes.restore_scene if isinstance(record, Scene) else scenes.restore_shot
        return verb(record, by=person)


class ReadyRows(VerbOnRows):
    """Say that scenes can be generated."""

    display_name, action_type, aria_label = "Ready", "ready", "Mark the selected ready for generation"
    action_priority = 10
    models = [Scene]
    question = "Mark these scenes ready for generation? Omitted ones stay omitted."
    done = "marked ready"

    def apply(self, record: Any, person: Any) -> Any:
        """Drafts alone: what is being made or has been made stays as it is."""
        if record.state.status != SceneStatus.DRAFT:
            return False
        scenes.set_scene_status(record.pk, record.chapter.project_id, SceneStatus.READY_FOR_GENERATION)
        return True


class DirectionForm(forms.Form):
    """Values of direction for several rows; an empty one changes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DIRECTED_TOGETHER:
            field: Any = Shot._meta.get_field(name)
            self.fields[name] = field.formfield(required=False)

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if not values and not self.errors:
            raise ValidationError("Choose at least one value; the empty ones stay as they are on every row.")
        return values


class DirectRows(VerbOnRows):
    """Give several scenes or shots the same direction."""

    display_name, action_type, aria_label = "Direct", "direct", "Give the selected the same direction"
    action_priority = 5
    models = [Scene, Shot]
    form_class = DirectionForm
    question = "What you fill in is written to every one of these; what you leave empty stays as it is."
    done = "directed"

    def apply(self, record: Any, person: Any) -> Any:
        """The person's change, as on the form."""
        return verbs_of(type(record)).change(person, record, dict(self.cleaned_form.cleaned_data))


ACTIONS = (OmitRows, RestoreRows, ReadyRows, DirectRows)
"""What lists offer besides deleting."""
