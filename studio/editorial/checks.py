"""System checks of the admin."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

# https://html.spec.whatwg.org/multipage/forms.html#the-form-element: a control named like one of these takes its
# place on the form object, and scripts that read it (Wagtail's autosave does fetch(form.action)) get the control.
OF_THE_FORM = {
    *("action", "method", "target", "elements", "length", "submit", "reset", "enctype", "encoding", "autocomplete"),
    *("acceptcharset", "novalidate", "requestsubmit", "checkvalidity", "reportvalidity"),
}
# What scripts ask of any element and a form is asked for as well; single words only, field names have underscores.
OF_EVERY_ELEMENT = {
    *("attributes", "children", "dataset", "closest", "contains", "matches", "remove", "append", "prepend", "after"),
    *("before", "focus", "blur", "click", "normalize"),
}
FORBIDDEN = frozenset(OF_THE_FORM | OF_EVERY_ELEMENT)


def shadowing_fields(model: type[Model]) -> list[str]:
    """The model's editable fields whose names take the place of a form's own attributes."""
    return [
        field.name
        for field in model._meta.get_fields()
        if getattr(field, "editable", False) and field.name in FORBIDDEN
    ]


@register("models")
def no_field_shadows_the_form(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse field names that break the scripts of the form they stand in."""
    from studio.verbs import VERBS

    return [
        Error(
            f"The field {name!r} takes the place of the HTML form's own {name!r}; autosave and validation break.",
            hint="Give the field another name, such as shot_action for action.",
            obj=model,
            id="editorial.E001",
        )
        for model in VERBS
        if app_configs is None or model._meta.app_config in app_configs
        for name in shadowing_fields(model)
    ]
