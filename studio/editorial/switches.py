"""The coherence settings as switches: what each does, needs, excludes and costs, as projects.coherence has it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from projects.coherence import SETTINGS, Need, Setting, effective, factors

DRAWN = "drawn"
"""Stands in what is posted when the switches were on the page: all off is something else than not asked."""


class Switches(forms.Widget):
    """A switch for each setting."""

    template_name = "wagtailadmin/records/switches.html"
    there: frozenset[Need] = frozenset()

    @property
    def media(self) -> forms.Media:
        """What adds up the effect while one switches."""
        return forms.Media(js=[static("js/switches.js")])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The switches as they hold now, with the effect of all of them together."""
        context = super().get_context(name, value, attrs)
        chosen = value if isinstance(value, dict) else {}
        held = {key: chosen.get(key, setting.default) for key, setting in SETTINGS.items()}
        cost, time = factors(held)
        rows = [self._row(name, setting, held[key]) for key, setting in SETTINGS.items()]
        more = {"rows": rows, "drawn": f"{name}-{DRAWN}", "cost": _words(cost), "time": _words(time)}
        context["widget"] |= more
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """With the site's templates: the renderer of forms knows only those of Django."""
        return render_to_string(template_name, context)

    def _row(self, name: str, setting: Setting, is_on: bool) -> dict[str, Any]:
        return {
            "setting": setting,
            "name": f"{name}-{setting.key}",
            "is_on": is_on,
            "needs": [{"words": str(need), "is_there": need in self.there} for need in setting.needs],
            "excludes": [SETTINGS[other].label for other in setting.excludes],
            "cost": "" if setting.cost == 1 else _words(setting.cost),
            "time": "" if setting.time == 1 else _words(setting.time),
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, bool] | None:
        """Only what differs from the defaults; None where the switches were not on the page."""
        if f"{name}-{DRAWN}" not in data:
            return None
        held = {key: f"{name}-{key}" in data for key in SETTINGS}
        return {key: is_on for key, is_on in held.items() if is_on != SETTINGS[key].default}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the switches were not on the page."""
        return f"{name}-{DRAWN}" not in data

    def id_for_label(self, id_: str | None) -> str:
        """The label names the group, not one switch."""
        return ""


register(WidgetAdapter(), Switches)


class SwitchesField(forms.Field):
    """Which settings differ from the defaults."""

    widget = Switches

    def to_python(self, value: Any) -> dict[str, bool]:
        """Checked against the one table; ValidationError says which exclude each other."""
        chosen: dict[str, bool] = value or {}
        effective(chosen)
        return chosen

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another set of switches differs from the defaults now."""
        if data is None:
            return False
        try:
            return dict(initial or {}) != self.to_python(data)
        except ValidationError:
            return True


def _words(factor: Decimal) -> str:
    return f"{factor.normalize():f}"
