"""The player: a shot in its film, or a playlist; and what stands beside a take."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from dailies import queries
from dailies.actions.sessions import where
from dailies.choices import Decision, Reason
from dailies.models import Annotation, Playlist
from dailies.models.notes import COLOURS
from media_pipeline.assets import MediaAsset
from media_pipeline.runs.models import OPEN_RUNS, Run
from media_pipeline.takes.staleness import changes_since
from prompts.rendering import PromptProblem
from scenes.models import Take
from scenes.queries import qc_of_takes
from studio.documents import pdf_that_leaves
from studio.live.feed import latest_event_id
from studio.review.cards import model_words

from .boards import room_context
from .pdf import frames_words, notes_pdf
from .reels import item, reel_of
from .viewers import Viewer

PATHS = {
    "decide": "decide", "undo": "undo", "choose": "choose", "notes": "write-note", "attach": "attach",
}  # fmt: skip
"""What the scripts send to -> the name of its address."""

OF_GUESTS = frozenset({"decide", "undo", "notes", "attach"})


@require_safe
def shot_room(request: HttpRequest, viewer: Viewer, shot_id: int) -> HttpResponse:
    """A shot, with the shots around it as the film has them; `?take=` is the number of another take."""
    shot = viewer.shot(shot_id)
    context = room_context(request, viewer)
    ids = queries.shots_around(viewer.project.pk, shot)
    in_film = queries.takes_in_film(ids)
    asked = request.GET.get("take", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 9:
        wanted = queries.takes_for_reel().filter(shot=shot, number=int(asked)).first()
        if wanted:
            in_film[shot.pk] = wanted
    reel = reel_of([in_film[pk] for pk in ids if pk in in_film], viewer)
    start = next((place for place, row in enumerate(reel) if row["shot"] == shot.pk), None)
    context |= {
        "title": f"Shot {shot.scene.number}/{shot.label}",
        "shot": shot,
        "config": _config(viewer, reel, start or 0, context["since"], None),
        "has_take": start is not None,
    }
    return render(request, "dailies/room.html", context)


@require_safe
def playlist_room(request: HttpRequest, viewer: Viewer, playlist_id: int) -> HttpResponse:
    """A playlist, from its first take or `?take=<id>`; with the session that is going on over it."""
    playlist = viewer.playlist_of(playlist_id)
    since = latest_event_id()  # before anything that is shown
    reel = reel_of(queries.entries_of(playlist), viewer)
    asked = request.GET.get("take", "")
    start = next((place for place, row in enumerate(reel) if str(row["take"]) == asked), 0)
    config = _config(viewer, reel, start, since, playlist)
    context: dict[str, Any] = {
        "title": playlist.name, "playlist": playlist, "has_take": bool(reel), "config": config, "viewer": viewer,
        "decisions": Decision.choices, "reasons": Reason.choices, "project": viewer.project, "since": since,
        "rights": sorted(viewer.rights),
    }  # fmt: skip
    if not viewer.is_guest:
        context = room_context(request, viewer) | context
    else:
        width, height = viewer.project.frame_size
        context |= {"aspect": f"{width} / {height}", "tall": height > width, "guest": viewer.voice.guest}
    return render(request, "dailies/room.html", context)


def _config(
    viewer: Viewer, reel: list[dict[str, Any]], start: int, since: int, playlist: Playlist | None
) -> dict[str, Any]:
    """What the player's scripts need to know."""
    session = queries.open_session(playlist) if playlist else None
    paths = {key: viewer.url(name) for key, name in PATHS.items() if not viewer.is_guest or key in OF_GUESTS}
    config: dict[str, Any] = {
        "reel": reel,
        "start": start,
        "since": since,
        "firstFrame": queries.room_of(viewer.project.pk).first_frame,
        "rights": sorted(viewer.rights),
        "me": viewer.voice.name,
        "person": viewer.voice.person.pk if viewer.voice.person else None,
        "outbox": viewer.outbox,
        "urls": paths | {"take": viewer.url("take", 0)},
        "colours": COLOURS,
        "guest": viewer.is_guest,
        "playlist": playlist.pk if playlist else None,
        "session": {"id": session.pk, "presenter": session.presenter_id, **where(session)} if session else None,
    }
    if not viewer.is_guest:
        config["urls"] |= {
            "estimate": viewer.url("estimate", 0), "dismiss": viewer.url("dismiss", 0), "shot": viewer.url("shot", 0),
        }  # fmt: skip
    if playlist:
        config["urls"]["session"] = viewer.url("session", playlist.pk)
    return config


@require_safe
def take_beside(request: HttpRequest, viewer: Viewer, take_id: int) -> HttpResponse:
    """What stands beside a take, as HTML, with its notes and the takes of its shot as JSON."""
    take = viewer.take(take_id)
    shot = take.shot
    takes = queries.takes_of_shot(shot.pk)
    if viewer.is_guest:
        mine = set(viewer.takes().filter(shot=shot).values_list("pk", flat=True))
        takes = [row for row in takes if row.pk in mine]
    notes = queries.notes_on(take)
    if viewer.is_guest:
        notes = [note for note in notes if note.take_id in mine]
    decisions = [row for row in queries.decisions_of_shot(shot.pk) if not viewer.is_guest or row.take_id == take.pk]
    first_frame = queries.room_of(viewer.project.pk).first_frame
    context = {
        "viewer": viewer, "take": take, "shot": shot,
        "notes": [_note_card(note, viewer, take, first_frame) for note in notes],
        "reviews": [{"review": row, "mine": viewer.voice.said(row)} for row in decisions],
        "retakes": sum(1 for row in decisions if row.decision == Decision.RETAKE and row.undone_at is None),
        "model": model_words(take), "first_frame": first_frame,
    }  # fmt: skip
    if not viewer.is_guest:
        context |= _made_of(take, viewer)
    return JsonResponse(
        {
            "item": item(take, viewer),
            "takes": reel_of(takes, viewer),
            "notes": [_note_json(note, take) for note in notes],
            "html": render_to_string("dailies/beside.html", context, request),
        }
    )


def _made_of(take: Take, viewer: Viewer) -> dict[str, Any]:
    """What only members see: how the take was made, what was measured, what is wrong with its neighbours."""
    shot = take.shot
    qc = qc_of_takes([take.pk])
    room = queries.room_of(viewer.project.pk)
    summary = qc.get(take.pk)
    continuity = queries.continuity_of(shot.pk)
    run = Run.objects.filter(
        project=viewer.project, pipeline="render_shot", subject=f"shot:{shot.pk}", state__in=OPEN_RUNS
    ).first()
    return {
        "checks": take.checks.all(),
        "qc": summary,
        "qc_low": bool(summary and summary.score is not None and summary.score < room.qc_threshold),
        "verifications": queries.verifications_of(take),
        "continuity": continuity,
        **_changes(take, viewer),
        "references": [_reference(row, viewer) for row in take.references if isinstance(row, dict)],
        "run": run,
        "selected": shot.state.selected_take_id == take.pk,
    }


def _changes(take: Take, viewer: Viewer) -> dict[str, Any]:
    """What has changed since the take was made, or why that cannot be told: a take is judged either way."""
    try:
        return {"changes": changes_since(take, take.shot, viewer.project), "problem": ""}
    except PromptProblem as problem:
        return {"changes": [], "problem": str(problem)}


def _reference(row: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """A reference as it was sent, with its picture where it is an asset of the production."""
    asset = row.get("asset")
    known = isinstance(asset, int) and MediaAsset.objects.filter(project=viewer.project, pk=asset).exists()
    return {"words": row.get("name") or row.get("description") or row.get("kind", ""), "kind": row.get("kind", ""),
            "picture": viewer.media(asset) if known else ""}  # fmt: skip


def _note_card(note: Annotation, viewer: Viewer, take: Take, first_frame: int) -> dict[str, Any]:
    return {
        "note": note,
        "frames": frames_words(note, first_frame).removeprefix(", "),
        "carried": note.take if note.take_id != take.pk else None,
        "mine": viewer.voice.said(note),
        "attachment": viewer.media(note.attachment_id),
        "answers": [
            {"note": row, "attachment": viewer.media(row.attachment_id), "mine": viewer.voice.said(row)}
            for row in getattr(note, "answers", [])
        ],
    }


def _note_json(note: Annotation, take: Take) -> dict[str, Any]:
    return {
        "id": note.pk, "first": note.first_frame, "last": note.last_frame, "drawing": note.drawing,
        "text": note.text, "by": note.signature, "resolved": note.resolved_at is not None,
        "carried": note.take_id != take.pk,
    }  # fmt: skip


@require_safe
def notes_file(request: HttpRequest, viewer: Viewer, form: str) -> HttpResponseBase:
    """Every note of the production, of `?playlist=` or of `?shot=`, as csv or pdf."""
    takes, title = viewer.takes(), "Notes"
    for name in ("playlist", "shot"):
        asked = request.GET.get(name, "")
        if asked.isascii() and asked.isdecimal() and len(asked) < 19:
            if name == "playlist":
                playlist = viewer.playlist_of(int(asked))
                takes, title = takes.filter(pk__in=playlist.entries.values("take")), f"Notes on {playlist.name}"
            else:
                shot = viewer.shot(int(asked))
                takes, title = takes.filter(shot=shot), f"Notes on shot {shot.scene.number}/{shot.label}"
        elif asked:
            raise Http404("There is no such thing.")
    notes = queries.notes_of_takes(viewer.project.pk, takes)
    first_frame = queries.room_of(viewer.project.pk).first_frame
    name = f"{viewer.project.code}_notes.{form}"
    if form == "pdf":
        shown = {note.take_id: (note.take.asset_name, note.take.thumbnail) for note in notes}
        return pdf_that_leaves(notes_pdf(viewer.project, title, notes, first_frame), name, list(shown.values()))
    answer = HttpResponse(_csv(notes, first_frame), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(notes: Any, first_frame: int) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        ["take", "shot", "first frame", "last frame", "note", "by", "when", "answer to", "resolved", "drawing"]
    )
    for note in notes:
        shot = note.take.shot
        first = "" if note.first_frame is None else note.first_frame + first_frame
        last = "" if note.last_frame is None else note.last_frame + first_frame
        writer.writerow(
            [
                note.take.asset_name, f"{shot.scene.number}/{shot.label}", first, last, _harmless(note.text),
                _harmless(note.signature), note.created_at.isoformat(timespec="seconds"), note.reply_to_id or "",
                "yes" if note.resolved_at else "no", "yes" if note.drawing else "no",
            ]
        )  # fmt: skip
    return out.getvalue()


def _harmless(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
