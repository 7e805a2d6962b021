"""Pages of what the departments wrote beside the records: found by collection and words, read as tables and lists."""

from __future__ import annotations

import re
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.access import project_for
from projects.models import QualifiedDocument

from . import queries
from .document_parts import parts_of, silent_parts
from .views import page_context

DOCUMENTS_PER_PAGE = 60
LONGEST_SEARCH = 200


@login_required
@require_safe
def documents_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The production's documents by collection, those with every word of the search in their name."""
    project = project_for(request.user, slug)
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    chosen = request.GET.get("collection", "").replace("\x00", "")[:60]
    rows = QualifiedDocument.objects.filter(project=project)
    collections = list(rows.order_by("collection").values("collection").annotate(count=Count("pk")))
    if chosen:
        rows = rows.filter(collection=chosen)
    for word in text.split():
        rows = rows.filter(Q(key__icontains=word) | Q(collection__icontains=word))
    order = sorted(rows.values_list("collection", "key", "pk"), key=lambda row: (row[0], _counted(row[1])))
    page = Paginator([pk for _, _, pk in order], DOCUMENTS_PER_PAGE).get_page(request.GET.get("page"))
    shown = (
        QualifiedDocument.objects.defer("data").annotate(heading=KT("data__heading")).in_bulk(list(page.object_list))
    )
    found = [shown[pk] for pk in page.object_list if pk in shown]
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "text": text, "chosen": chosen, "collections": collections, "page": page,
        "groups": [(name, list(some)) for name, some in groupby(found, key=lambda one: one.collection)],
    }  # fmt: skip
    return render(request, "review/documents.html", context)


@login_required
@require_safe
def document_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One document, readable and printable; the ones before and after it in its collection."""
    project = project_for(request.user, slug)
    rows = QualifiedDocument.objects.filter(project=project)
    document = rows.filter(pk=pk).first()
    if document is None:
        raise Http404("There is no such document in this production.")
    keys = rows.filter(collection=document.collection).values_list("key", "pk")
    order = sorted(keys, key=lambda row: _counted(row[0]))
    place = next((place for place, row in enumerate(order) if row[1] == document.pk), 0)
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "document": document, "parts": parts_of(document.data), "silent": silent_parts(document.data),
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }  # fmt: skip
    return render(request, "review/document.html", context)


def _counted(key: str) -> list[tuple[str, int]]:
    """A key as people order keys: 2 before 10, and 12 before 12A."""
    return [(words.casefold(), int(number or 0)) for words, number in re.findall(r"(\D*)(\d*)", key)]
