"""Addresses of the review room below a production."""

from __future__ import annotations

from functools import partial

from django.urls import path

from . import boards, inbox, lists, rooms, saying, sittings
from .viewers import member

app_name = "dailies"
view, comment, review = partial(member, "view"), partial(member, "comment"), partial(member, "review")

urlpatterns = [
    path("", view(boards.board_page), name="board"),
    path("film/", view(boards.film_page), name="film"),
    path("contact-sheet/", view(boards.contact_sheet), name="contact-sheet"),
    path("contact-sheet.pdf", view(boards.contact_sheet_file), name="contact-sheet-pdf"),
    path("cards/<int:shot_id>/", view(boards.one_card), name="card"),
    path("shots/<int:shot_id>/", view(rooms.shot_room), name="shot"),
    path("shots/<int:shot_id>/estimate/", view(saying.estimate), name="estimate"),
    path("takes/<int:take_id>/", view(rooms.take_beside), name="take"),
    path("notes.<str:form>", view(rooms.notes_file), name="notes-file"),
    path("decide/", review(saying.decide), name="decide"),
    path("undo/", review(saying.undo), name="undo"),
    path("choose/", review(saying.choose), name="choose"),
    path("notes/", comment(saying.write_note), name="write-note"),
    path("notes/<int:note_id>/", comment(saying.change_note), name="change-note"),
    path("attachments/", comment(saying.attach), name="attach"),
    path("retake/", member("generate", saying.retake), name="retake"),
    path("continuity/<int:check_id>/dismiss/", review(saying.dismiss), name="dismiss"),
    path("settings/", member("manage", inbox.settle_room), name="settle-room"),
    path("playlists/", view(lists.playlists), name="playlists"),
    path("playlists/new/", comment(lists.make), name="make-playlist"),
    path("playlists/<int:playlist_id>/", view(rooms.playlist_room), name="playlist"),
    path("playlists/<int:playlist_id>/edit/", comment(lists.edit), name="playlist-edit"),
    path("playlists/<int:playlist_id>/change/", comment(lists.change), name="playlist-change"),
    path("playlists/<int:playlist_id>/links/", member("manage", lists.make_link), name="make-link"),
    path("links/<int:link_id>/revoke/", member("manage", lists.revoke_link), name="revoke-link"),
    path("playlists/<int:playlist_id>/session/", view(sittings.session), name="session"),
    path("playlists/<int:playlist_id>/session/now/", view(sittings.state_of), name="session-now"),
    path("sessions/<int:session_id>/", view(sittings.summary), name="session-summary"),
]
