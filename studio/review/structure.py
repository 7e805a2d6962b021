"""Pages where the order of a film is worked on: scenes of a chapter, shots of a scene. Every button is a verb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects.access import project_for
from projects.models import Chapter
from projects.screenplay.fountain import read_scene
from projects.screenplay.model import ElementType
from scenes import actions
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Scene, Shot
from scenes.script_fields import fields_of_text

from . import queries
from .cards import SHOT_ICONS, media_url, scene_card, shot_url
from .views import UNREADABLE, page_context

SCENES_PER_PAGE = 50

Sent = Any
Deed = Callable[[Any, Sent, Any], tuple[str, Any]]
"""(record or None, what was sent, person) -> the sentence of what was done, the record to look at."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scenes_page(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The scenes of a chapter, the first one where none is named: move, put in, join, copy, omit, bring back."""
    project = project_for(request.user, slug, may="write")
    chapters = Chapter.objects.filter(project=project)
    chapter = (chapters if number is None else chapters.filter(number=number)).order_by("number").first()
    if chapter is None and number is None:
        messages.info(request, "There are no scenes to put in order yet: import a screenplay first.")
        return redirect("project", slug)
    if chapter is None:
        raise Http404("There is no such chapter in this production.")
    typed: dict[str, Any] = {}
    if request.method == "POST":
        scene = _row(chapter.scenes, request.POST.get("scene"))
        typed, found = _do(request, SCENE_DEEDS, scene, chapter)
        if not typed:
            there = _page_of(chapter, found.pk if found else None)
            return redirect(
                f"{reverse('structure', args=[slug, chapter.number])}?page={there}#scene-{found.pk if found else ''}"
            )
    rows = queries.scenes_with_shots(project.pk).filter(chapter=chapter)
    asked = request.GET.get("page") or (_page_of(chapter, typed.get("pk")) if typed else 1)
    page = Paginator(rows, SCENES_PER_PAGE).get_page(asked)
    label = project.get_chapter_label_display()
    cards = [scene_card(scene, slug, label) for scene in page.object_list]
    beside = _beside(chapter)
    first = (page.number - 1) * SCENES_PER_PAGE + 1
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "chapter": chapter, "chapters": list(project.chapters.order_by("number")), "page": page, "typed": typed,
        "rows": [
            {"card": card, "place": place, "edge": _edge(place, page.paginator.count), "beside": beside[card.pk]}
            for place, card in enumerate(cards, start=first)
        ],
    }  # fmt: skip
    return render(request, "review/structure.html", context, status=UNREADABLE if typed else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shots_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The shots of a scene, and its text with the places where it can be parted."""
    project = project_for(request.user, slug, may="write")
    scene = Scene.objects.filter(pk=pk, chapter__project=project).select_related("chapter", "state").first()
    if scene is None:
        raise Http404("There is no such scene in this production.")
    typed: dict[str, Any] = {}
    if request.method == "POST" and request.POST.get("do") == "split-scene":
        typed, found = _do(request, {"split-scene": _split_scene}, scene, scene.chapter)
        if not typed:
            return redirect("scene-structure", slug=slug, pk=found.pk)
    elif request.method == "POST":
        shot = _row(scene.shots, request.POST.get("shot"))
        typed, found = _do(request, SHOT_DEEDS, shot, scene)
        if not typed:
            return redirect(f"{reverse('scene-structure', args=[slug, pk])}#shot-{found.pk if found else ''}")
    shots = list(scene.shots.select_related("state__selected_take").order_by("sequence", "pk"))
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "scene": scene, "typed": typed, "paragraphs": _paragraphs(scene),
        "rows": [_shot_row(shot, scene, slug, place, len(shots)) for place, shot in enumerate(shots, start=1)],
    }  # fmt: skip
    return render(request, "review/scene_structure.html", context, status=UNREADABLE if typed else 200)


def _do(request: HttpRequest, deeds: dict[str, Deed], record: Any, whole: Any) -> tuple[dict[str, Any], Any]:
    """Carry out what a form asks for: (what was typed, with the error, where it was refused; the record to look at)."""
    name = request.POST.get("do", "")
    if name not in deeds:
        raise Http404("There is nothing of this name that could be done.")
    try:
        words, found = deeds[name](record if record is not None else whole, request.POST, request.user)
    except ValidationError as problem:
        typed = dict(request.POST.items()) | {"pk": record.pk if record else None, "error": " ".join(problem.messages)}
        return typed, record
    messages.success(request, words)
    return {}, found


def _row(rows: Any, text: str | None) -> Any:
    if not text:
        return None
    record = rows.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 19 else None
    if record is None:
        raise Http404("There is no such row here.")
    return record


def _page_of(chapter: Chapter, pk: int | None) -> int:
    """The page of the list that a scene is on."""
    ids = list(chapter.scenes.order_by("sequence", "pk").values_list("pk", flat=True))
    return ids.index(pk) // SCENES_PER_PAGE + 1 if pk in ids else 1


def _edge(place: int, count: int) -> str:
    return "only" if count == 1 else "first" if place == 1 else "last" if place == count else ""


def _beside(chapter: Chapter) -> dict[int, list[tuple[int, str, str]]]:
    """Scene -> the scenes before and behind it that it can be joined with."""
    filmed = list(
        chapter.scenes.exclude(state__status=SceneStatus.OMITTED)
        .order_by("sequence", "pk").values_list("pk", "number", "heading")
    )  # fmt: skip
    return defaultdict(
        list,
        {row[0]: filmed[max(place - 1, 0) : place] + filmed[place + 1 : place + 2] for place, row in enumerate(filmed)},
    )


def _moved(ids: list[int], pk: int, sent: Sent) -> list[int]:
    """The ids with one of them one place up or down, or at the place that was named."""
    place = ids.index(pk)
    wanted = {"up": place - 1, "down": place + 1}.get(sent["do"])
    if wanted is None:
        text = sent.get("place", "").strip()
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= len(ids)):
            raise ValidationError(f"Write a place from 1 to {len(ids)}.")
        wanted = int(text) - 1
    rest = [other for other in ids if other != pk]
    rest.insert(max(wanted, 0), pk)
    return rest


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("sequence", "pk").values_list("pk", flat=True))


def _move_scene(scene: Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    actions.reorder_scenes(scene.chapter, _moved(_ids(scene.chapter.scenes), scene.pk, sent), by=person)
    return f"Scene {scene.number} was moved; its number stays.", scene


def _insert_scene(after: Scene | Chapter, sent: Sent, person: Any) -> tuple[str, Model]:
    text = sent.get("text", "").strip()
    if not text:
        raise ValidationError("Write the scene's heading, such as INT. LAMP ROOM - NIGHT.")
    chapter = after if isinstance(after, Chapter) else after.chapter
    fields = fields_of_text(text)
    if not fields["heading"]:
        raise ValidationError("The first line has to be a heading, such as INT. LAMP ROOM - NIGHT.")
    scene = actions.insert_scene(chapter, after=None if after is chapter else after, by=person, **fields)
    return f"Scene {scene.number} was put in.", scene


def _merge_scene(scene: Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    other = _chosen(scene.chapter.scenes, sent.get("other"), "Choose the scene that is joined to this one.")
    actions.merge_scenes(scene, other, by=person)
    return f"Scene {other.number} is part of scene {scene.number} now and stands as OMITTED.", scene


def _duplicate_scene(scene: Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    new = actions.duplicate_scene(scene, by=person)
    return f"Scene {new.number} is a copy of scene {scene.number}.", new


def _omit_scene(scene: Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    actions.omit_scene(scene, by=person)
    return f"Scene {scene.number} is omitted; its number stays.", scene


def _restore_scene(scene: Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    actions.restore_scene(scene, by=person)
    return f"Scene {scene.number} is back.", scene


def _split_scene(scene: Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    at = sent.get("at", "")
    if not at.isdecimal() or len(at) > 6:
        raise ValidationError("Choose the paragraph with which the second scene begins.")
    new = actions.split_scene(scene, int(at), by=person)
    return f"Scene {new.number} begins there now.", new


def _move_shot(shot: Shot, sent: Sent, person: Any) -> tuple[str, Model]:
    actions.reorder_shots(shot.scene, _moved(_ids(shot.scene.shots), shot.pk, sent), by=person)
    return f"Shot {shot.label} was moved; its number stays.", shot


def _insert_shot(after: Shot | Scene, sent: Sent, person: Any) -> tuple[str, Model]:
    text = sent.get("text", "").strip()
    if not text:
        raise ValidationError("Write what happens in the shot.")
    scene = after if isinstance(after, Scene) else after.scene
    behind = None if isinstance(after, Scene) else after
    shot = actions.insert_shot(scene, after=behind, by=person, business=text)
    return f"Shot {shot.label} was put in.", shot


def _split_shot(shot: Shot, sent: Sent, person: Any) -> tuple[str, Model]:
    try:
        seconds = Decimal(sent.get("seconds", "").strip().replace(",", "."))
    except InvalidOperation:
        raise ValidationError("Write after how many seconds the second shot begins, such as 2.5.") from None
    if not seconds.is_finite():
        raise ValidationError("Write after how many seconds the second shot begins, such as 2.5.")
    new = actions.split_shot(shot, seconds, business=sent.get("text", "").strip(), by=person)
    return f"Shot {new.label} begins after {seconds} s.", new


def _merge_shot(shot: Shot, sent: Sent, person: Any) -> tuple[str, Model]:
    other = _chosen(shot.scene.shots, sent.get("other"), "Choose the shot that is joined to this one.")
    actions.merge_shots(shot, other, by=person)
    return f"Shot {other.label} is part of shot {shot.label} now and is omitted.", shot


def _omit_shot(shot: Shot, sent: Sent, person: Any) -> tuple[str, Model]:
    actions.omit_shot(shot, by=person)
    return f"Shot {shot.label} is omitted; its number stays.", shot


def _restore_shot(shot: Shot, sent: Sent, person: Any) -> tuple[str, Model]:
    actions.restore_shot(shot, by=person)
    return f"Shot {shot.label} is back.", shot


def _needs_row(deed: Deed) -> Deed:
    def with_row(record: Any, sent: Sent, person: Any) -> tuple[str, Any]:
        if not sent.get("scene") and not sent.get("shot"):
            raise Http404("There is no such row here.")
        return deed(record, sent, person)

    return with_row


SCENE_DEEDS: dict[str, Deed] = {"insert": _insert_scene} | {
    name: _needs_row(deed) for name, deed in {
        "up": _move_scene, "down": _move_scene, "move": _move_scene, "merge": _merge_scene,
        "duplicate": _duplicate_scene, "omit": _omit_scene, "restore": _restore_scene,
    }.items()
}  # fmt: skip
SHOT_DEEDS: dict[str, Deed] = {"insert": _insert_shot} | {
    name: _needs_row(deed) for name, deed in {
        "up": _move_shot, "down": _move_shot, "move": _move_shot, "merge": _merge_shot, "split": _split_shot,
        "omit": _omit_shot, "restore": _restore_shot,
    }.items()
}  # fmt: skip


def _chosen(rows: Any, text: str | None, sentence: str) -> Any:
    if not text:
        raise ValidationError(sentence)
    return _row(rows, text)


def _shot_row(shot: Shot, scene: Scene, slug: str, place: int, count: int) -> dict[str, Any]:
    status = ShotStatus(shot.state.status)
    take = shot.state.selected_take
    return {
        "shot": shot, "place": place, "edge": _edge(place, count), "url": shot_url(slug, shot.pk),
        "picture": media_url(take.thumbnail_id) if take else "", "icon": SHOT_ICONS[status],
        "status": status.label, "omitted": status == ShotStatus.OMITTED, "name": f"{scene.number}/{shot.label}",
    }  # fmt: skip


def _paragraphs(scene: Scene) -> list[dict[str, Any]]:
    """The paragraphs of a scene's text, and whether a second scene can begin with them."""
    elements = read_scene(scene.screenplay_text).elements
    body = [place for place, element in enumerate(elements) if element.type is not ElementType.SCENE_HEADING]
    return [
        {"at": place, "type": element.type.value, "text": element.text or element.character,
         "may_begin": bool(body) and place > body[0]}
        for place, element in enumerate(elements)
    ]  # fmt: skip
