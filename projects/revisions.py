"""How verbs and the editorial admin's revisions live together.

Wagtail edits a record as its latest revision shows it. A verb writes the row. Where a record has revisions, a verb
leaves one too, or the next person to open the form would see, and save again, what stood there before. A draft that
was not published yet gets the same fields written into it and stays a draft. Records that were never edited in the
admin have no revisions, and machines that write them by the thousand leave none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail.models import DraftStateMixin, RevisionMixin

_left_out: ContextVar[bool] = ContextVar("revision_is_left_by_the_caller", default=False)


@contextmanager
def left_by_the_caller() -> Iterator[None]:
    """Within this, verbs leave no revisions: the editorial admin saves its own, with who and why."""
    token = _left_out.set(True)
    try:
        yield
    finally:
        _left_out.reset(token)


def follow(record: Any, fields: Mapping[str, Any], *, lists: Iterable[str] = (), by: Any = None) -> None:
    """Let a record's revisions follow a change of its row; inside the transaction of the change.

    `lists` are relations whose rows were written as well: a draft that kept the old ones would take them back when it
    is published.
    """
    if not isinstance(record, RevisionMixin) or record.latest_revision_id is None or _left_out.get():
        return
    if isinstance(record, DraftStateMixin) and record.has_unpublished_changes:
        draft: Any = record.get_latest_revision_as_object()
        for name, value in fields.items():
            setattr(draft, name, value)
        for name in lists:
            setattr(draft, name, list(getattr(record, name).all()))
        draft.save_revision(user=by)
        return
    revision = record.save_revision(user=by)
    if isinstance(record, DraftStateMixin):
        type(record).objects.filter(pk=record.pk).update(live_revision=revision, has_unpublished_changes=False)
        record.refresh_from_db(fields=["live_revision", "has_unpublished_changes"])
