"""What people say to each other about a record: entries of its log, so that they stay with its history for good.

Wagtail's own comments belong to pages. A log entry already says who, when, about which record, and is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry

from projects.events import emit
from studio.scope import project_id_of

from .activity import subject_of

SAID, SETTLED = "editorial.comment", "editorial.comment_settled"
LONGEST = 4000
"""Letters of a comment."""


@dataclass
class Comment:
    """One comment, with who settled it and when."""

    pk: int
    at: datetime
    who: str
    words: str
    settled_by: str = ""
    answers: list[Comment] = field(default_factory=list)


def comments_on(record: Model) -> list[Comment]:
    """Comments on a record, the oldest first, answers below what they answer; one query."""
    found: dict[int, Comment] = {}
    top: list[Comment] = []
    entries = ModelLogEntry.objects.for_instance(record).filter(action__in=(SAID, SETTLED)).select_related("user")
    for entry in entries.order_by("timestamp", "pk"):
        above = found.get(entry.data.get("to", 0))
        if entry.action == SETTLED:
            if above is not None:
                above.settled_by = str(entry.user_display_name)
            continue
        said = Comment(entry.pk, entry.timestamp, str(entry.user_display_name), entry.data.get("words", ""))
        found[entry.pk] = said
        (top if above is None else above.answers).append(said)
    return top


@transaction.atomic
def comment(record: Model, words: str, *, by: Any, to: int | None = None) -> None:
    """Say something about a record, or answer a comment on it; ValidationError when it says nothing or too much."""
    words = words.strip()
    if not words:
        raise ValidationError("Write something first.")
    if len(words) > LONGEST:
        raise ValidationError(f"A comment has at most {LONGEST:,} letters; this one has {len(words):,}.")
    _refuse_foreign(record, to)
    log(instance=record, action=SAID, user=by, data={"words": words} | ({"to": to} if to else {}))
    _tell(record, "comment.added", by)


@transaction.atomic
def settle(record: Model, number: int, *, by: Any) -> None:
    """Say that a comment is dealt with; it stays to be read."""
    _refuse_foreign(record, number)
    log(instance=record, action=SETTLED, user=by, data={"to": number})
    _tell(record, "comment.settled", by)


def _refuse_foreign(record: Model, number: int | None) -> None:
    if number and not ModelLogEntry.objects.for_instance(record).filter(pk=number, action=SAID).exists():
        raise ValidationError("There is no such comment here.")


def _tell(record: Model, kind: str, by: Any) -> None:
    project_id = project_id_of(record)
    if project_id is not None:
        emit(project_id, kind, subject_of(record), {"by": str(by)})


def register_log_actions(actions: LogActionRegistry) -> None:
    """Teach the log our two actions."""

    class SaidFormatter(LogFormatter):
        label = "Comment"

        def format_message(self, log_entry: Any) -> str:
            return "Commented"

        def format_comment(self, log_entry: Any) -> str:
            return str(log_entry.data.get("words", ""))

    class SettledFormatter(LogFormatter):
        label = "Settle comment"

        def format_message(self, log_entry: Any) -> str:
            return "Settled a comment"

    actions.register_action(SAID)(SaidFormatter)
    actions.register_action(SETTLED)(SettledFormatter)


class CommentsView(BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """The comments on one record, and a field to add one."""

    template_name = "wagtailadmin/records/comments.html"
    header_icon = "comment"
    index_url_name = edit_url_name = ""
    model: Any = None

    def get_page_title(self) -> str:
        """What is talked about."""
        return f"Comments: {self.object}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way back to the record."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural.capitalize()},
            {"url": reverse(self.edit_url_name, args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": "Comments"},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read them."""
        return self.render_to_response(self.get_context_data(words=""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add one, answer one, or settle one."""
        number = request.POST.get("to", "")
        to = int(number) if number.isdecimal() else None
        try:
            if "settle" in request.POST and to:
                settle(self.object, to, by=request.user)
            else:
                comment(self.object, request.POST.get("words", ""), by=request.user, to=to)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return self.render_to_response(self.get_context_data(words=request.POST.get("words", "")))
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The comments and the form."""
        more = {"comments": comments_on(self.object), "most": LONGEST, "media": forms.Media()}
        return super().get_context_data(**more, **kwargs)
