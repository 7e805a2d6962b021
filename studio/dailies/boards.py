"""The board, the film as one strip, the contact sheet."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dailies import board, queries
from dailies.choices import Decision, Reason
from dailies.models import Playlist
from scenes.choices import ReviewState, ShotStatus
from studio.documents import pdf_that_leaves
from studio.review import queries as pages
from studio.review.cards import FIGURES, SHOT_ICONS, frames_in_strip
from studio.review.views import page_context

from .pdf import contact_sheet_pdf
from .viewers import Viewer

MOST_ON_SHEET = 1_000
"""Pictures on a contact sheet: about 40 pages."""

LONGEST_STRIP = 1_500
"""Shots on one strip; of a longer film the strip shows a chapter at a time."""

REVIEW_ICONS = {
    ReviewState.PENDING: "look",
    ReviewState.NEEDS_REVIEW: "look",
    ReviewState.APPROVED: "approved",
    ReviewState.RETAKE: "retake",
}


def room_context(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """What every page of the review room has for members."""
    since = pages.last_event_id(viewer.project.pk)
    return page_context(request, pages.with_pictures(viewer.project.pk), since) | {
        "viewer": viewer,
        "decisions": Decision.choices,
        "reasons": Reason.choices,
        "room": queries.room_of(viewer.project.pk),
    }


@require_safe
def board_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The board; `?page=`, the filters of board.Wanted; `?cards=1` gives the cards alone, for scrolling on."""
    wanted = board.Wanted.read(request.GET)
    room = queries.room_of(viewer.project.pk)
    page = board.board_page(viewer.project.pk, wanted, room.qc_threshold, request.GET.get("page"))
    groups = grouped(list(page.object_list), viewer)
    query = urlencode({**wanted.filters, **({"group": wanted.group} if wanted.group else {})})
    context: dict[str, Any] = {"groups": groups, "page": page, "viewer": viewer, "query": query}
    if request.GET.get("cards"):
        return render(request, "dailies/cards.html", context)
    label = str(viewer.project.get_chapter_label_display())
    context |= room_context(request, viewer) | {
        "wanted": wanted,
        "choices": board.choices_of(viewer.project.pk, label, wanted.chapter),
        "chapter_label": label,
        "statuses": [row for row in ShotStatus.choices if row[0] != ShotStatus.OMITTED],
        "states": ReviewState.choices,
        "groupings": list(board.GROUP_WORDS.items()),
        "playlists": Playlist.objects.filter(project=viewer.project).values_list("pk", "name")[:100],
    }
    return render(request, "dailies/board.html", context)


@require_safe
def one_card(request: HttpRequest, viewer: Viewer, shot_id: int) -> HttpResponse:
    """The card of one shot as it is now: the board asks for it when it hears of a change."""
    room = queries.room_of(viewer.project.pk)
    shots = board.shots_wanted(viewer.project.pk, board.Wanted(), room.qc_threshold)
    found = board.cards_of(list(shots.filter(pk=shot_id).select_related("scene__chapter", "state")), room.qc_threshold)
    if not found:
        raise Http404("There is no such shot.")
    return render(request, "dailies/card.html", {"card": card(found[0], viewer), "viewer": viewer})


@require_safe
def film_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The film as one strip: every shot with its newest picture and where it stands."""
    wanted = board.Wanted.read(request.GET)
    room = queries.room_of(viewer.project.pk)
    label = str(viewer.project.get_chapter_label_display())
    choices = board.choices_of(viewer.project.pk, label)
    rows = board.shots_wanted(viewer.project.pk, board.Wanted(chapter=wanted.chapter), room.qc_threshold)
    long = not wanted.chapter and bool(choices.chapters) and rows.count() > LONGEST_STRIP
    if long:
        wanted = board.Wanted.read({"chapter": choices.chapters[0][0]})
        rows = rows.filter(scene__chapter_id=choices.chapters[0][0])
    shots = list(rows.select_related("scene__chapter", "state"))
    cards = board.cards_of(shots, room.qc_threshold, "scene")
    total = sum(row.shot.expected_seconds for row in cards)
    context = room_context(request, viewer) | {
        "groups": grouped(cards, viewer), "choices": choices, "wanted": wanted, "chapter_label": label,
        "count": len(cards), "seconds": total, "long": long,
    }  # fmt: skip
    return render(request, "dailies/film.html", context)


@require_safe
def contact_sheet(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The shots of a filter as a sheet of pictures, for paper or the wall."""
    context = room_context(request, viewer) | _sheet(request, viewer)
    return render(request, "dailies/contact_sheet.html", context)


@require_safe
def contact_sheet_file(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The same sheet as PDF."""
    sheet = _sheet(request, viewer)
    name = f"{viewer.project.code}_contact_sheet.pdf"
    shown = [(row.take.asset_name, row.take.thumbnail) for row in sheet["found"] if row.take]
    return pdf_that_leaves(contact_sheet_pdf(viewer.project, sheet["found"]), name, shown)


def _sheet(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    wanted = board.Wanted.read(request.GET)
    room = queries.room_of(viewer.project.pk)
    rows = board.shots_wanted(viewer.project.pk, wanted, room.qc_threshold).select_related("scene__chapter", "state")
    chosen = [int(part) for part in request.GET.get("shots", "").split(",") if part.isascii() and part.isdecimal()]
    if chosen:
        rows = rows.filter(pk__in=chosen[:MOST_ON_SHEET])
    found = board.cards_of(list(rows[:MOST_ON_SHEET]), room.qc_threshold, wanted.group)
    return {
        "found": found, "groups": grouped(found, viewer), "query": request.GET.urlencode(),
        "cut_off": rows.count() > MOST_ON_SHEET,
    }  # fmt: skip


def grouped(cards: list[board.BoardShot], viewer: Viewer) -> list[tuple[str, list[dict[str, Any]]]]:
    """Heading and cards, in order."""
    return [
        (heading, [card(row, viewer) for row in rows]) for heading, rows in groupby(cards, key=lambda row: row.group)
    ]


def card(row: board.BoardShot, viewer: Viewer) -> dict[str, Any]:
    """A card as the template places it."""
    shot, take = row.shot, row.take
    status = ShotStatus(shot.state.status)
    icon = REVIEW_ICONS[ReviewState(take.review_state)] if take else SHOT_ICONS[status]
    figure = FIGURES.get(shot.shot_size, "figure-none") if shot.shot_size else "figure-none"  # type: ignore[call-overload]
    return {
        "row": row,
        "shot": shot,
        "take": take,
        "label": f"{shot.scene.number}/{shot.label}",
        "url": viewer.url("shot", shot.pk),
        "status": status,
        "status_words": str(status.label),
        "icon": icon if take and status not in (ShotStatus.FAILED,) else SHOT_ICONS[status],
        "figure": figure,
        "picture": viewer.media(take.thumbnail_id) if take else "",
        "strip": viewer.media(take.filmstrip_id) if take else "",
        "frames": frames_in_strip(take) if take else 0,
    }
