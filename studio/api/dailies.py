"""The review room for scripts: decisions, notes, playlists, guest links and sessions, through the room's own verbs."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dailies import actions as dailies
from dailies import queries
from dailies.actions.sessions import where
from dailies.choices import Decision, Reason
from dailies.models import Annotation, GuestLink, Playlist, Review, ReviewSession
from dailies.voices import Voice
from media_pipeline.assets import MediaAsset
from projects.models import Project
from scenes.actions import dismiss_continuity, set_review_state
from scenes.choices import ReviewState
from scenes.models import ContinuityCheck, Take
from studio.dailies.retakes import start_retakes

from .access import project_of
from .actions import ANYTHING, KEYED, NOTHING, Action, production_of, row_for
from .fields import MOST_FRAMES, Id
from .idempotency import once

MOST_AT_ONCE = 500
DECISION_OF = {
    ReviewState.APPROVED: Decision.APPROVE,
    ReviewState.RETAKE: Decision.RETAKE,
    ReviewState.NEEDS_REVIEW: Decision.NEEDS_REVIEW,
}
"""State a take is to have -> the decision that gives it."""


class NoteSent(serializers.Serializer):
    """A note on the whole take, on a frame or a range of frames (from 0), with a drawing."""

    text = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    first_frame = serializers.IntegerField(min_value=0, max_value=MOST_FRAMES, allow_null=True, default=None)
    last_frame = serializers.IntegerField(min_value=0, max_value=MOST_FRAMES, allow_null=True, default=None)
    drawing = serializers.ListField(child=serializers.JSONField(), default=list, max_length=200)
    reply_to = Id(allow_null=True, default=None)
    attachment = Id(allow_null=True, default=None)
    key = serializers.UUIDField(required=False, help_text="Yours; what is sent again with it is the same note.")


class DecisionSent(serializers.Serializer):
    """What is said of a take; with `start` the retake is started with its reasons at once."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=Reason.choices), default=list, max_length=50)
    text = serializers.CharField(allow_blank=True, default="", max_length=2_000)
    frame = serializers.IntegerField(min_value=0, max_value=MOST_FRAMES, allow_null=True, default=None)
    note = NoteSent(required=False)
    start = serializers.BooleanField(default=False)
    key = serializers.UUIDField(required=False, help_text="Yours; what is sent again with it counts once.")


class DecisionOnTake(DecisionSent):
    """A decision that names its take."""

    take = Id()


class Decisions(serializers.Serializer):
    """Decisions about several takes of a production: all are taken or none."""

    items = DecisionOnTake(many=True, min_length=1, max_length=MOST_AT_ONCE)


class DecideTake(Action):
    """Decide about a take."""

    @extend_schema(request=DecisionSent, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """As in the review room: it stands in the history under your name, with a note where one is sent."""
        take = row_for(request, Take, pk, "review")
        return Response(_decided(request, take, self.sent(request, DecisionSent)), status=201)


class DecideTakes(Action):
    """Decide about many takes at once."""

    @extend_schema(request=Decisions, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """All are taken or none."""
        project = project_of(request, slug, "review")
        said = []
        for row in self.sent(request, Decisions)["items"]:
            take = Take.objects.filter(shot__scene__chapter__project=project, pk=row["take"]).first()
            if take is None:
                raise ValidationError({"items": f"There is no take {row['take']} in this production."})
            said.append(_decided(request, take, row))
        return Response({"decisions": said}, status=201)


def _decided(request: Request, take: Take, sent: dict[str, Any]) -> dict[str, Any]:
    project = production_of(take)
    voice = Voice(request.user)
    review, new = dailies.decide(
        project, take, sent["decision"], voice=voice, key=sent.get("key") or uuid.uuid4(), reasons=sent["reasons"],
        text=sent["text"], frame=sent["frame"],
    )  # fmt: skip
    if sent.get("note"):
        _written(request, take, sent["note"], review)
    run = None
    if sent["start"]:
        row_for(request, Take, take.pk, "generate")
        run = start_retakes(project, [take.shot], request.user)[0].pk if new else None
    take.refresh_from_db(fields=["review_state"])
    return {"review": review.pk, "take": take.pk, "state": take.review_state, "new": new, "run": run}


class StateSent(serializers.Serializer):
    """Where a take is to stand."""

    state = serializers.ChoiceField(choices=ReviewState.choices)


class ReviewTake(Action):
    """Approve a take, or send it back, in a word."""

    @extend_schema(request=StateSent, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The decision that gives the take this state; `decide` takes reasons and notes too."""
        take = row_for(request, Take, pk, "review")
        state = ReviewState(self.sent(request, StateSent)["state"])
        if state == ReviewState.PENDING:
            return Response({"take": take.pk, "changed": set_review_state(take, state, by=request.user)})
        changed = take.review_state != state
        if changed:
            dailies.decide(production_of(take), take, DECISION_OF[state], voice=Voice(request.user), key=uuid.uuid4())
        return Response({"take": take.pk, "changed": changed})


class UndoReview(Action):
    """Take a decision back."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """One's own: the take is again what the decisions that remain make it."""
        review = row_for(request, Review, pk, "review")
        return Response({"undone": dailies.undo_decision(review, voice=Voice(request.user))})


class WriteNote(Action):
    """Write a note on a take, or an answer to one."""

    @extend_schema(request=NoteSent, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """People named with @ are told."""
        take = row_for(request, Take, pk, "comment")
        note, new = _written(request, take, self.sent(request, NoteSent), None)
        return Response({"note": note.pk, "new": new}, status=201)


def _written(request: Request, take: Take, sent: dict[str, Any], review: Review | None) -> tuple[Annotation, bool]:
    project = production_of(take)
    parent = None
    if sent["reply_to"]:
        parent = Annotation.objects.filter(project=project, pk=sent["reply_to"], withdrawn_at=None).first()
        if parent is None:
            raise ValidationError({"reply_to": "There is no such note in this production."})
    attachment = None
    if sent["attachment"]:
        attachment = MediaAsset.objects.filter(project=project, pk=sent["attachment"]).first()
        if attachment is None:
            raise ValidationError({"attachment": "There is no such file in this production: upload it first."})
    return dailies.write_note(
        project, take, voice=Voice(request.user), key=sent.get("key") or uuid.uuid4(), text=sent["text"],
        first_frame=sent["first_frame"], last_frame=sent["last_frame"], drawing=sent["drawing"], reply_to=parent,
        review=review, attachment=attachment,
    )  # fmt: skip


class ResolveNote(Action):
    """Say that a note is dealt with."""

    verb = staticmethod(dailies.resolve_note)

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """`changed` is false where it was so already."""
        note = row_for(request, Annotation, pk, "comment")
        return Response({"note": note.pk, "changed": type(self).verb(note, voice=Voice(request.user))})


class ReopenNote(ResolveNote):
    """Say that a note is not dealt with after all."""

    verb = staticmethod(dailies.reopen_note)


class WithdrawNote(ResolveNote):
    """Take back one's own note."""

    verb = staticmethod(dailies.withdraw_note)


class PlaylistSent(serializers.Serializer):
    """A playlist of takes, or of the takes that the film uses of shots, in this order."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    takes = serializers.ListField(child=Id(), default=list, max_length=2_000)
    shots = serializers.ListField(child=Id(), default=list, max_length=2_000)


class MakePlaylist(Action):
    """Make a playlist."""

    @extend_schema(request=PlaylistSent, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Names are unique in a production."""
        project = project_of(request, slug, "comment")
        sent = self.sent(request, PlaylistSent)
        made = dailies.create_playlist(
            project, sent["name"], [*sent["takes"], *_takes_of(sent["shots"])], by=request.user,
            description=sent["description"],
        )  # fmt: skip
        return Response(_playlist(made), status=201)


def _takes_of(shots: list[int]) -> list[int]:
    in_film = queries.takes_in_film(shots)
    return [in_film[pk].pk for pk in shots if pk in in_film]


class TakesSent(serializers.Serializer):
    """Takes, in order."""

    takes = serializers.ListField(child=Id(), max_length=2_000)


class OrderPlaylist(Action):
    """Put a playlist into an order."""

    @extend_schema(request=TakesSent, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Each of its takes exactly once."""
        playlist = row_for(request, Playlist, pk, "comment")
        self.apply(playlist, self.sent(request, TakesSent)["takes"])
        return Response(_playlist(playlist))

    def apply(self, playlist: Playlist, takes: list[int]) -> None:
        """What becomes of the takes."""
        dailies.order_playlist(playlist, takes)


class AddToPlaylist(OrderPlaylist):
    """Put takes at the end of a playlist."""

    def apply(self, playlist: Playlist, takes: list[int]) -> None:
        """Those that are in it stay where they are."""
        dailies.add_to_playlist(playlist, takes)


class RemoveFromPlaylist(OrderPlaylist):
    """Take takes out of a playlist."""

    def apply(self, playlist: Playlist, takes: list[int]) -> None:
        """What was said of them stays."""
        dailies.remove_from_playlist(playlist, takes)


class NameSent(serializers.Serializer):
    """What a playlist is called; what is left out stays."""

    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(allow_blank=True, required=False, max_length=10_000)


class ChangePlaylist(Action):
    """Rename or describe a playlist."""

    @extend_schema(request=NameSent, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """What is left out stays."""
        playlist = row_for(request, Playlist, pk, "comment")
        sent = {"name": playlist.name, "description": playlist.description} | self.sent(request, NameSent)
        return Response(_playlist(dailies.change_playlist(playlist, **sent)))


class RemovePlaylist(Action):
    """Remove a playlist."""

    @extend_schema(request=NOTHING, responses={204: None}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """With its links; what was said of its takes stays."""
        dailies.remove_playlist(row_for(request, Playlist, pk, "comment"))
        return Response(status=204)


def _playlist(playlist: Playlist) -> dict[str, Any]:
    takes = list(playlist.entries.order_by("position", "pk").values_list("take_id", flat=True))
    return {"playlist": playlist.pk, "name": playlist.name, "description": playlist.description, "takes": takes}


class LinkSent(serializers.Serializer):
    """For whom a playlist is opened, until when, and what they may do."""

    label = serializers.CharField(allow_blank=True, default="", max_length=120)
    expires_at = serializers.DateTimeField()
    password = serializers.CharField(allow_blank=True, default="", max_length=128, trim_whitespace=False)
    may_comment = serializers.BooleanField(default=True)
    may_decide = serializers.BooleanField(default=False)


class GuestLinks(Action):
    """The guest links of a playlist."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request, pk: int) -> Response:
        """All of them, without their secrets."""
        playlist = row_for(request, Playlist, pk, "manage")
        return Response({"links": [_link(link) for link in playlist.links.all()]})

    @extend_schema(request=LinkSent, responses={201: ANYTHING})
    def post(self, request: Request, pk: int) -> Response:
        """Its address is told this once: it is kept nowhere."""
        playlist = row_for(request, Playlist, pk, "manage")
        sent = self.sent(request, LinkSent)
        link, token = dailies.make_guest_link(playlist, by=request.user, **sent)
        return Response(_link(link) | {"address": request.build_absolute_uri(f"/guest/{token}/")}, status=201)


class RevokeGuestLink(Action):
    """Shut a guest link."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Everybody who came through it is out at once."""
        link = GuestLink.objects.filter(pk=pk).select_related("playlist").first()
        if link is None:
            raise Http404("There is no such guest link.")
        row_for(request, Playlist, link.playlist_id, "manage")
        return Response({"link": link.pk, "revoked": dailies.revoke_guest_link(link)})


def _link(link: GuestLink) -> dict[str, Any]:
    return {
        "link": link.pk, "label": link.label, "expires_at": link.expires_at, "revoked_at": link.revoked_at,
        "may_comment": link.may_comment, "may_decide": link.may_decide, "password": bool(link.password),
    }  # fmt: skip


class StartSession(Action):
    """Present a playlist."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The session that is going on already is the answer."""
        playlist = row_for(request, Playlist, pk, "comment")
        path = f"/projects/{playlist.project.slug}/dailies/playlists/{playlist.pk}/"
        return Response(_session(dailies.start_session(playlist, by=request.user, path=path)))


class MoveSent(serializers.Serializer):
    """Where the presenter is. Frames count from 0, `speed` is per cent; a move with a smaller serial came too late."""

    take = Id()
    frame = serializers.IntegerField(min_value=0, max_value=MOST_FRAMES)
    playing = serializers.BooleanField(default=False)
    speed = serializers.IntegerField(min_value=-800, max_value=800, default=100)
    serial = serializers.IntegerField(min_value=1, max_value=2**62)


class MoveSession(Action):
    """Say where the presenter is."""

    @extend_schema(request=MoveSent, responses=ANYTHING)
    def post(self, request: Request, pk: int) -> Response:
        """Everybody who follows goes there. Only the presenter's word counts."""
        session = row_for(request, ReviewSession, pk, "comment")
        sent = self.sent(request, MoveSent)
        take = Take.objects.filter(pk=sent["take"], shot__scene__chapter__project=_project_of(session)).first()
        if take is None:
            raise ValidationError({"take": "There is no such take in this production."})
        moved = dailies.present(
            session, by=request.user, take=take, frame=sent["frame"], playing=sent["playing"],
            speed_percent=sent["speed"], serial=sent["serial"],
        )  # fmt: skip
        return Response({"moved": moved})


class TakeOverSession(Action):
    """Become the presenter of a session."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """`changed` is false where one is the presenter, or the session has ended."""
        session = row_for(request, ReviewSession, pk, "comment")
        changed = dailies.take_over(session, by=request.user)
        return Response(_session(session) | {"changed": changed})


class EndSession(Action):
    """End a session."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """With what came of it: decisions, notes, what goes back."""
        session = row_for(request, ReviewSession, pk, "comment")
        changed = dailies.end_session(session, by=request.user)
        session.refresh_from_db()
        return Response(_session(session) | {"changed": changed})


def _project_of(session: ReviewSession) -> Project:
    return session.playlist.project


def _session(session: ReviewSession) -> dict[str, Any]:
    return {
        "session": session.pk, "playlist": session.playlist_id, "presenter": session.presenter_id,
        "ended_at": session.ended_at, "summary": session.summary, **where(session),
    }  # fmt: skip


class ReasonSent(serializers.Serializer):
    """Why it does not matter."""

    reason = serializers.CharField(max_length=2_000)


class DismissContinuity(Action):
    """Dismiss a break of continuity."""

    @extend_schema(request=ReasonSent, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """With a reason, which is kept."""
        check = row_for(request, ContinuityCheck, pk, "review")
        reason = self.sent(request, ReasonSent)["reason"]
        return Response({"changed": dismiss_continuity(check, reason, by=request.user)})


class ReadSent(serializers.Serializer):
    """Notices that were read; all where none are named."""

    notices = serializers.ListField(child=Id(), required=False, max_length=5_000)


class MyNotices(Action):
    """What one was told."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request) -> Response:
        """What is unread, newest first, 100 at most."""
        unread = queries.unread_notices(request.user)
        rows = [
            {"notice": row.pk, "kind": row.kind, "text": row.text, "path": row.path, "at": row.created_at,
             "project": row.project.slug}
            for row in unread[:100]
        ]  # fmt: skip
        return Response({"unread": unread.count(), "notices": rows})

    @extend_schema(request=ReadSent, responses=ANYTHING)
    def post(self, request: Request) -> Response:
        """Mark them as read."""
        with transaction.atomic():
            read = dailies.read_notices(request.user, self.sent(request, ReadSent).get("notices"))
        return Response({"read": read})
