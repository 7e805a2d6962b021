"""The gather room: everything that is brought for a production, and how ready it is."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from media_pipeline.gathering import take_in
from projects.access import project_for
from projects.choices import GatherKind
from projects.models import GatherItem, Project
from scenes.importing import is_screenplay
from studio import held_uploads
from studio.verbs import verbs_of

from . import queries
from .forms import LARGEST_SCREENPLAY, SCREENPLAY_SUFFIXES
from .gather_cards import ItemCard, item_card, readiness_board
from .gather_forms import MaterialForm, SearchForm
from .qualification_cards import bar_of, judging_context, lock_context, qualification_of
from .views import UNREADABLE, page_context

PER_PAGE = 24


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gather_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What was brought, filtered and page by page; posting brings more."""
    posted = request.method == "POST"
    project = project_for(request.user, slug, may="write" if posted else "view")
    if not posted:
        return room(request, project, MaterialForm(kind=request.GET.get("new", "")))
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return room(request, project, form)
    scripts = [one for one in form.cleaned_data["attached"] if _is_script(one)]
    words = [_offer(request, project, one) for one in scripts]
    files = [one for one in form.cleaned_data["attached"] if one not in scripts]
    added = _bring(request, project, form, files, offered=bool(words))
    if added:
        messages.success(request, _added_words(added))
    if form.errors:
        return room(request, project, form)
    return redirect(f"{reverse('gather', args=[slug])}{'?' if words else ''}{urlencode({'offer': words}, doseq=True)}")


def _bring(
    request: HttpRequest, project: Project, form: MaterialForm, files: list[UploadedFile], *, offered: bool
) -> list[GatherItem]:
    """Make an item of each file, or one of what was written; what was refused stands in the form."""
    create = verbs_of(GatherItem).create
    added: list[GatherItem] = []
    given = form.values | {"project": project}
    if not files:
        if not (offered and not given["title"] and not given["body"]):
            try:
                added.append(create(request.user, given | {"kind": given["kind"] or GatherKind.NOTE}))  # type: ignore[arg-type]
            except ValidationError as problem:
                form.take_errors(problem)
        return added
    for upload in files:
        name = upload.name or "The file"
        try:
            brought = take_in(project, upload.chunks(), name, by=request.user)
            fields = brought.filled(given)
            if given["title"] and len(files) > 1:
                fields["title"] = f"{given['title']}: {brought.title}"[:200]
            added.append(create(request.user, fields))  # type: ignore[arg-type]
        except ValidationError as problem:
            form.take_errors(problem, name)
    return added


def _offer(request: HttpRequest, project: Project, upload: UploadedFile) -> str:
    """Hold a screenplay until the person has said whether it is imported; returns the word it is asked for by."""
    upload.seek(0)
    return held_uploads.hold(request, project.pk, upload.name or "screenplay", upload.read())


def _is_script(upload: UploadedFile) -> bool:
    """Whether it is a screenplay; what by name or size can be none is not even read."""
    name = upload.name or ""
    if PurePath(name).suffix.lower() not in SCREENPLAY_SUFFIXES or (upload.size or 0) > LARGEST_SCREENPLAY:
        return False
    return is_screenplay(name, upload.read())


def _added_words(added: list[GatherItem]) -> str:
    return f"“{added[0]}” is added." if len(added) == 1 else f"{len(added)} items are added."


@login_required
@require_POST
def keep_screenplay(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a screenplay that was dropped in as a document, without importing it."""
    project = project_for(request.user, slug, may="write")
    word = request.POST.get("held", "")
    kept = held_uploads.held(request, project.pk, word)
    if kept is None:
        messages.error(request, "The file is not here any more: drop it in again.")
        return redirect("gather", slug=slug)
    form = MaterialForm({})
    try:
        brought = take_in(project, [kept[1]], kept[0], by=request.user)
        item = verbs_of(GatherItem).create(request.user, brought.filled({"project": project}))
    except ValidationError as problem:
        form.take_errors(problem, kept[0])
        return room(request, project, form)
    held_uploads.release(request, word)
    messages.success(request, _added_words([item]))  # type: ignore[list-item]
    return redirect("gather", slug=slug)


@login_required
@require_POST
def change_item(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Write into a piece of material."""
    project = project_for(request.user, slug, may="write")
    item = _item_of(project, item_id)
    form = MaterialForm(request.POST, request.FILES, item=item)
    if form.is_valid() and _changed(request, project, item, form):
        messages.success(request, f"“{item}” is changed.")
        return redirect(back_to_room(request, project, item_id))
    return room(request, project, MaterialForm(), editing=form)


def _changed(request: HttpRequest, project: Project, item: GatherItem, form: MaterialForm) -> bool:
    files = form.cleaned_data["attached"]
    try:
        fields = {name: value for name, value in form.values.items() if getattr(item, name) != value}
        if files:
            brought = take_in(project, files[0].chunks(), files[0].name or "", by=request.user)
            fields["attachment"] = brought.asset
            if not (item.body or fields.get("body")):
                fields["body"] = brought.text
        elif form.cleaned_data.get("without_file"):
            fields["attachment"] = None
        if fields:
            verbs_of(GatherItem).change(request.user, item, fields)
    except ValidationError as problem:
        form.take_errors(problem)
        return False
    return True


@login_required
@require_POST
def remove_item(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Take a piece of material out, once the person has confirmed it."""
    project = project_for(request.user, slug, may="write")
    item = _item_of(project, item_id)
    if "confirmed" not in request.POST:
        return render(request, "review/confirm_remove_item.html", {"project": project, "item": item})
    words = f"“{item}” is taken out."
    try:
        verbs_of(GatherItem).remove(request.user, item)
        messages.success(request, words)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(back_to_room(request, project))


def back_to_room(request: HttpRequest, project: Project, item_id: int | None = None) -> str:
    """The room's address with the filter that was on, at the item where there is one."""
    kept = {name: request.POST[f"show_{name}"] for name in ("q", "kind", "source", "department", "page")
            if request.POST.get(f"show_{name}")}  # fmt: skip
    at = f"#gather-{item_id}" if item_id else ""
    return f"{reverse('gather', args=[project.slug])}{'?' if kept else ''}{urlencode(kept)}{at}"


def _item_of(project: Project, item_id: int) -> GatherItem:
    item = GatherItem.objects.filter(project=project, pk=item_id).select_related("attachment", "project").first()
    if item is None:
        raise Http404("There is no such material in this production.")
    return item


def found(project_id: int, asked: dict[str, str]) -> QuerySet[GatherItem]:
    """The material that fits what was asked for."""
    items = queries.material(project_id).filter(**{name: value for name, value in asked.items() if name != "q"})
    for word in asked.get("q", "").split()[:8]:
        items = items.filter(Q(title__icontains=word) | Q(body__icontains=word))
    return items


def room(
    request: HttpRequest, project: Project, form: MaterialForm, *, editing: MaterialForm | None = None
) -> HttpResponse:
    """The page, with the form for something new and, where one is edited, the form of an item."""
    since = queries.last_event_id(project.pk)
    search = SearchForm(request.GET)
    asked = search.asked
    page: Page[GatherItem] = Paginator(found(project.pk, asked), PER_PAGE).get_page(request.GET.get("page"))
    common = page_context(request, project, since)
    lock = lock_context(project)
    is_open = lock["lock"].gather_locked_at is None and "write" in common["rights"]
    if editing is None and is_open and request.GET.get("edit", "").isdecimal():
        item = next((one for one in page.object_list if str(one.pk) == request.GET["edit"]), None)
        editing = MaterialForm(item=item) if item else None
    qualification = qualification_of(project.pk)
    kinds = GatherItem.objects.filter(project=project.pk).order_by().values_list("kind").annotate(Count("pk"))
    counts = dict(kinds)
    context: dict[str, Any] = common | lock | judging_context(project) | {
        "form": form, "editing": editing, "search": search, "asked": asked, "page": page, "is_open": is_open,
        "walls": _walls([item_card(item) for item in page.object_list]),
        "orphan": editing is not None and all(editing.item != item for item in page.object_list),
        "kinds": [(value, label, counts[value]) for value, label in GatherKind.choices if value in counts],
        "in_all": sum(counts.values()),
        "kept_query": f"{urlencode(asked)}&" if asked else "",
        "scripts": queries.scripts_of(project.pk), "offers": _offers(request, project),
        "board": readiness_board(project),
        "qualification": qualification, "bar": bar_of(qualification, project.slug),
        "countdown": settings.QUALIFY_COUNTDOWN, "most_files": settings.GATHER_FILES,
    }  # fmt: skip
    refused = bool(form.errors or (editing and editing.errors))
    return render(request, "review/gather.html", context, status=UNREADABLE if refused else 200)


def _walls(cards: list[ItemCard]) -> list[tuple[str, list[ItemCard]]]:
    """Pictures as a wall of their own, everything else as papers; a wall that would be empty is none."""
    walls = [
        ("wall", [card for card in cards if card.picture]),
        ("notes-wall", [card for card in cards if not card.picture]),
    ]
    return [(name, shown) for name, shown in walls if shown]


def _offers(request: HttpRequest, project: Project) -> list[tuple[str, str, str]]:
    """Word, name and suffix of the screenplays this person has dropped in and not decided about."""
    waiting = request.session.get(held_uploads.FOLDER, {})
    words = request.GET.getlist("offer")[: settings.GATHER_FILES]
    return [
        (word, waiting[word][1], PurePath(waiting[word][1]).suffix)
        for word in words
        if word in waiting and waiting[word][0] == project.pk
    ]
