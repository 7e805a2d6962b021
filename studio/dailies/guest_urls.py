"""Addresses for guests of one playlist: the same views, for a viewer to whom nothing else exists."""

from __future__ import annotations

from functools import partial

from django.urls import path

from . import rooms, saying, sittings, visitors
from .viewers import guest

app_name = "guest"
view, comment, review = partial(guest, "view"), partial(guest, "comment"), partial(guest, "review")

urlpatterns = [
    path("rooms/<int:link_id>/", view(visitors.room), name="room"),
    path("rooms/<int:link_id>/media/<int:asset_id>/", view(visitors.media), name="media"),
    path("rooms/<int:link_id>/playlists/<int:playlist_id>/", view(rooms.playlist_room), name="playlist"),
    path("rooms/<int:link_id>/playlists/<int:playlist_id>/session/", view(sittings.session), name="session"),
    path("rooms/<int:link_id>/playlists/<int:playlist_id>/session/now/", view(sittings.state_of), name="session-now"),
    path("rooms/<int:link_id>/takes/<int:take_id>/", view(rooms.take_beside), name="take"),
    path("rooms/<int:link_id>/decide/", review(saying.decide), name="decide"),
    path("rooms/<int:link_id>/undo/", review(saying.undo), name="undo"),
    path("rooms/<int:link_id>/notes/", comment(saying.write_note), name="write-note"),
    path("rooms/<int:link_id>/notes/<int:note_id>/", comment(saying.change_note), name="change-note"),
    path("rooms/<int:link_id>/attachments/", comment(saying.attach), name="attach"),
    path("<str:token>/", visitors.come_in, name="door"),
    path("<str:token>/logo/", visitors.logo, name="logo"),
]
