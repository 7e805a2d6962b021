"""Reads of the review room, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from projects.access import MAY, visible_projects
from projects.models import Membership, Project
from scenes.choices import ReviewState, ShotStatus
from scenes.models import ContinuityCheck, Shot, Take, VerificationResult
from scenes.queries import active_shots

from .choices import Decision
from .models import Annotation, Notice, Playlist, Review, ReviewPreference, ReviewSession, RoomSettings

FILM_ORDER = ("scene__chapter__number", "scene__sequence", "scene_id", "sequence", "pk")
"""The order of shots in the film."""

REEL_REACH = 200
"""Shots before and after the one that is looked at: more than anybody plays around a shot in one go."""

SEAT_SECONDS = 60
"""After which somebody whose page has said nothing is no longer shown in a session."""

TAKES_SHOWN = 50
"""Of one shot, the newest."""


def room_of(project_id: int) -> RoomSettings:
    """How the production numbers its frames; the usual where nobody has said."""
    return RoomSettings.objects.filter(project_id=project_id).first() or RoomSettings(project_id=project_id)


def preference_of(person: Any) -> ReviewPreference:
    """How a person wants to be told; the usual where they have not said."""
    return ReviewPreference.objects.filter(person=person).first() or ReviewPreference(person=person)


def takes_for_reel() -> QuerySet[Take]:
    """Takes with what a player needs to know of them."""
    return Take.objects.select_related("shot__scene__chapter", "shot__state", "filmstrip", "thumbnail").defer(
        "prompt", "negative_prompt", "parameters", "provenance", "identities", "references", "note"
    )


def shots_around(project_id: int, shot: Shot, reach: int = REEL_REACH) -> list[int]:
    """Ids of the filmed shots of the shot's chapter in film order, at most `reach` on either side of it."""
    ids = list(
        active_shots().filter(scene__chapter_id=shot.scene.chapter_id, scene__chapter__project_id=project_id)
        .order_by(*FILM_ORDER).values_list("pk", flat=True)
    )  # fmt: skip
    place = ids.index(shot.pk) if shot.pk in ids else 0
    return ids[max(0, place - reach) : place + reach + 1] if shot.pk in ids else [shot.pk]


def takes_in_film(shot_ids: list[int]) -> dict[int, Take]:
    """By shot the take the film uses, else its newest; shots without any are left out. Two queries."""
    takes = takes_for_reel()
    found = {take.shot_id: take for take in takes.filter(shot__in=shot_ids, selected_by__shot__in=shot_ids)}
    rest = [pk for pk in shot_ids if pk not in found]
    newest = takes.filter(shot__in=rest, number=F("shot__state__last_take_number"))
    return found | {take.shot_id: take for take in newest}


def takes_of_shot(shot_id: int) -> list[Take]:
    """The newest takes of a shot, oldest of them first."""
    return list(takes_for_reel().filter(shot=shot_id).order_by("-number")[:TAKES_SHOWN])[::-1]


def entries_of(playlist: Playlist) -> list[Take]:
    """The takes of a playlist in its order, in one query."""
    order = dict(playlist.entries.values_list("take_id", "position"))
    takes = takes_for_reel().filter(pk__in=order)
    return sorted(takes, key=lambda take: order[take.pk])


def decisions_of_shot(shot_id: int) -> list[Review]:
    """Every decision about any take of the shot, newest first, those that were undone too."""
    return list(Review.objects.filter(take__shot=shot_id).select_related("take").order_by("-pk"))


def retakes_of_shots(shot_ids: list[int]) -> dict[int, int]:
    """How often shots were sent back."""
    sent_back = Review.objects.filter(take__shot__in=shot_ids, decision=Decision.RETAKE, undone_at=None)
    return dict(sent_back.order_by().values_list("take__shot").annotate(Count("pk")))


def notes_on(take: Take) -> list[Annotation]:
    """The notes of a take with their answers in `answers`, and those of earlier takes that are still open.

    A note that nobody has resolved is carried to every later take of its shot: it is the same note, with its answers.
    """
    answers = Annotation.objects.filter(withdrawn_at=None).select_related("take", "attachment")
    notes = (
        Annotation.objects.filter(take__shot=take.shot_id, reply_to=None, withdrawn_at=None)
        .filter(Q(take=take) | Q(take__number__lt=take.number, resolved_at=None))
        .select_related("take", "attachment", "resolved_by")
        .prefetch_related(Prefetch("replies", queryset=answers, to_attr="answers"))
        .order_by("first_frame", "pk")
    )
    return list(notes)


def notes_of_takes(project_id: int, takes: QuerySet[Take] | None = None) -> QuerySet[Annotation]:
    """Every note of the production, or of these takes, in film order and then by frame."""
    notes = Annotation.objects.filter(project_id=project_id, withdrawn_at=None)
    if takes is not None:
        notes = notes.filter(take__in=takes)
    return notes.select_related("take__shot__scene__chapter", "take__thumbnail", "reply_to", "resolved_by").order_by(
        *(f"take__shot__{field}" for field in FILM_ORDER), "take__number", "first_frame", "pk"
    )


def continuity_of(shot_id: int) -> list[ContinuityCheck]:
    """Breaks of continuity on either side of a shot, open ones first, between the takes the film uses."""
    checks = (
        ContinuityCheck.objects.filter(Q(from_shot=shot_id) | Q(to_shot=shot_id), passed=False)
        .filter(Q(to_take=None) | Q(to_shot__state__selected_take=F("to_take")))
        .select_related("from_shot__scene", "to_shot__scene", "dismissed_by")
    )
    order = ["critical", "warning", "info"]
    return sorted(checks, key=lambda check: (check.dismissed_at is not None, order.index(check.severity), check.pk))


def verifications_of(take: Take) -> list[VerificationResult]:
    """What was asked of a take and of its run's pictures, and the answers."""
    of_run = Q(run_id=take.run_id) if take.run_id else Q(pk__in=[])
    return list(VerificationResult.objects.filter(Q(take=take) | of_run, shot=take.shot_id))


def seats_of(session: ReviewSession) -> list[str]:
    """Names of those who are in a session now: pages say so every 20 s, and who has not for a minute has gone."""
    lately = timezone.now() - timedelta(seconds=SEAT_SECONDS)
    return list(session.seats.filter(left_at=None, seen_at__gte=lately).values_list("name", flat=True))


def open_session(playlist: Playlist) -> ReviewSession | None:
    """The session that is going on over a playlist."""
    return playlist.sessions.filter(ended_at=None).select_related("presenter").first()


@dataclass(frozen=True)
class Waiting:
    """What waits for a person in one production."""

    project: Project
    takes: list[Take]
    total: int


def reviewed_by(person: Any) -> QuerySet[Project]:
    """The productions in which a person decides about takes."""
    projects = visible_projects(person)
    if person.is_superuser:
        return projects
    reviewed = Membership.objects.filter(person=person, role__in=MAY["review"]).values_list("project", flat=True)
    return projects.filter(pk__in=list(reviewed))


def takes_waiting(person: Any, projects: QuerySet[Project]) -> QuerySet[Take]:
    """Takes to be looked at: newest of their shot, undecided, and not yet judged by this person."""
    newest = Take.objects.filter(
        number=F("shot__state__last_take_number"), shot__scene__chapter__project__in=projects,
        review_state__in=[ReviewState.PENDING, ReviewState.NEEDS_REVIEW],
    ).exclude(shot__state__status=ShotStatus.OMITTED)  # fmt: skip
    judged = Review.objects.filter(person=person, undone_at=None).values("take")
    return newest.exclude(review_state=ReviewState.PENDING, pk__in=judged)


def waiting_for(person: Any, projects: QuerySet[Project], shown: int = 12) -> list[Waiting]:
    """`takes_waiting` by production, in three queries however many productions there are."""
    newest = takes_waiting(person, projects)
    counts = (
        newest.order_by().values("shot__scene__chapter__project").annotate(total=Count("pk"), latest=Max("pk"))
        .order_by("-latest").values_list("shot__scene__chapter__project", "total")
    )  # fmt: skip
    rows: dict[int, int] = dict(counts)
    by_id = Project.objects.select_related("state__cover").in_bulk(list(rows))
    order = [f"shot__{field}" for field in FILM_ORDER]
    place = Window(RowNumber(), partition_by="shot__scene__chapter__project", order_by=order)
    first = newest.annotate(place=place).filter(place__lte=shown)
    takes: dict[int, list[Take]] = defaultdict(list)
    for take in takes_for_reel().filter(pk__in=first.values("pk")).order_by(*order):
        takes[take.shot.scene.chapter.project_id].append(take)
    return [Waiting(by_id[pk], takes[pk], total) for pk, total in rows.items()]


def unread_notices(person: Any) -> QuerySet[Notice]:
    """What a person has not read, newest first."""
    return Notice.objects.filter(person=person, read_at=None).select_related("project")
