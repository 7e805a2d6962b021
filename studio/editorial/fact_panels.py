"""Tabs of a form that only show: what machines made of the record, what was said of it, who changed it when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse
from wagtail.admin.panels import Panel
from wagtail.admin.viewsets import viewsets
from wagtail.models import RevisionMixin

from .activity import story_of
from .template_check import shown_for


class ShownFacts(Panel):
    """A template filled with what a function reads of the record; nothing in it is a field of the form."""

    class BoundPanel(Panel.BoundPanel):
        """The facts on one record's form."""

        panel: ShownFacts

        @property
        def template_name(self) -> str:
            """The panel's own template."""
            return self.panel.shown_with

        def is_shown(self) -> bool:
            """A record that is not made yet has no facts."""
            return self.instance is not None and (self.panel.when_new or self.instance.pk is not None)

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            """The facts, beside the record and the person who looks."""
            context = super().get_context_data(parent_context)
            person = {"person": self.request.user} if self.panel.when_new else {}
            facts = self.panel.facts(self.instance, **person)
            return context | {"record": self.instance, "request": self.request} | facts

    def __init__(
        self, shown_with: str, facts: Callable[..., dict[str, Any]], *args: Any, when_new: bool = False, **kwargs: Any
    ) -> None:
        """`when_new`: it stands on the form of a new record as well, and its facts are told the person."""
        super().__init__(*args, **kwargs)
        self.shown_with, self.facts, self.when_new = shown_with, facts, when_new

    def clone_kwargs(self) -> dict[str, Any]:
        """For binding to a model."""
        return super().clone_kwargs() | {
            "shown_with": self.shown_with,
            "facts": self.facts,
            "when_new": self.when_new,
        }


def made(facts: Callable[[Any], Any]) -> ShownFacts:
    """The Generation tab."""
    return ShownFacts("wagtailadmin/records/making.html", lambda record: {"making": facts(record)})


def checked_while_typed() -> ShownFacts:
    """Below a prompt template: its variables, what is wrong, and how it reads."""
    return ShownFacts("wagtailadmin/records/template_check.html", shown_for, when_new=True)


def judged(facts: Callable[[Any], Any]) -> ShownFacts:
    """The Review tab."""

    def shown(record: Any) -> dict[str, Any]:
        scene = getattr(record, "scene", record)
        return {"judgement": facts(record), "project_slug": scene.chapter.project.slug}

    return ShownFacts("wagtailadmin/records/judgement.html", shown)


def history() -> ShownFacts:
    """The History tab."""
    return ShownFacts("wagtailadmin/records/history.html", _history)


def _history(record: Model) -> dict[str, Any]:
    has_revisions = isinstance(record, RevisionMixin)
    lines = [
        {"line": line, "compare": _address(record, "revisions_compare", line.revision, "latest")}
        if has_revisions and line.revision
        else {"line": line, "compare": ""}
        for line in story_of(record)
    ]
    return {
        "lines": lines,
        "all_url": _address(record, "history") if has_revisions else "",
        "comments_url": _address(record, "comments") if hasattr(record, "snippet_viewset") else "",
    }


def _address(record: Model, page: str, *more: Any) -> str:
    viewset: Any = next(v for v in viewsets.viewsets if getattr(v, "model", None) is type(record))
    return reverse(viewset.get_url_name(page), args=[record.pk, *more])
