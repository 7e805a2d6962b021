"""The story bible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.events import emit
from projects.models import Project, StoryBible
from projects.revisions import follow

from .writing import write

PARTS = ("world_rules", "relationships", "timeline", "consistency_rules", "locations", "glossary")
"""Names of the ordered lists of a bible."""


@transaction.atomic
def write_bible(
    project: Project, *, by: Any = None, parts: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **fields: Any
) -> StoryBible:
    """Create the production's bible or change it. `parts` replaces whole lists: name of PARTS -> rows in order.

    Raises ValidationError with a sentence per field, or naming the row that is wrong; nothing is written then.
    """
    bible = StoryBible.objects.filter(project=project).first()
    created = bible is None
    bible = bible or StoryBible(project=project, title=f"{project.title}: story bible", created_by=by)
    write(bible, fields, project.pk)
    for name, rows in (parts or {}).items():
        _write_part(bible, name, rows)
    bible.save()
    follow(bible, fields, lists=parts or (), by=by)
    event = "bible.created" if created else "bible.changed"
    emit(project.pk, event, f"bible:{bible.pk}", {"fields": sorted([*fields, *(parts or {})])})
    return bible


def _write_part(bible: StoryBible, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if name not in PARTS:
        raise ValidationError(f"A story bible has no {name!r}; it has {', '.join(PARTS)}.")
    model = getattr(StoryBible, name).rel.related_model
    made = []
    for order, values in enumerate(rows):
        try:
            row = model(bible=bible, sort_order=order, **values)
            row.full_clean()
        except (TypeError, ValidationError) as problem:
            words = "; ".join(getattr(problem, "messages", [str(problem)]))
            raise ValidationError({"parts": f"{name}, row {order + 1}: {words}"}) from None
        made.append(row)
    setattr(bible, name, made)
