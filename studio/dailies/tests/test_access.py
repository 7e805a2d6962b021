"""Who may open what in the review room: every address, walked from the URL patterns themselves."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from dailies import actions
from dailies.models import Annotation, Guest, GuestLink, Playlist, Review
from dailies.voices import Voice
from media_pipeline import storage
from projects.actions import add_member
from projects.choices import Role
from projects.models import Project
from scenes.actions import record_continuity
from studio.dailies import guest_urls, urls
from studio.tests.filming import scene, take

RIGHTS = {
    "board": "view", "film": "view", "contact-sheet": "view", "contact-sheet-pdf": "view", "card": "view",
    "shot": "view", "estimate": "view", "take": "view", "notes-file": "view", "playlists": "view", "playlist": "view",
    "session": "view", "session-now": "view", "session-summary": "view",
    "decide": "review", "undo": "review", "choose": "review", "dismiss": "review",
    "write-note": "comment", "change-note": "comment", "attach": "comment", "make-playlist": "comment",
    "playlist-edit": "comment", "playlist-change": "comment",
    "retake": "generate", "settle-room": "manage", "make-link": "manage", "revoke-link": "manage",
}  # fmt: skip
"""Address -> the right it takes."""

CHANGING = {
    "decide", "undo", "choose", "dismiss", "write-note", "change-note", "attach", "make-playlist", "playlist-change",
    "retake", "settle-room", "make-link", "revoke-link", "session",
}  # fmt: skip


class Stage:
    def __init__(self, project, owner):
        self.project = project
        first, second = scene(project, shots=2).made_shots
        self.shot, self.take, self.other = first, take(project, first), take(project, second)
        self.review, _ = actions.decide(project, self.take, "retake", voice=Voice(owner), key=uuid.uuid4())
        self.note, _ = actions.write_note(project, self.take, voice=Voice(owner), key=uuid.uuid4(), text="Secret")
        self.playlist = actions.create_playlist(project, "For the client", [self.take.pk], by=owner)
        self.session = actions.start_session(self.playlist, by=owner)
        self.link, self.token = actions.make_guest_link(
            self.playlist, by=owner, expires_at=timezone.now() + timedelta(days=1), may_comment=True, may_decide=True
        )
        self.check = record_continuity(first, second, kind="lighting_jump", passed=False)

    def arguments(self, name):
        return {
            "card": [self.shot.pk], "shot": [self.shot.pk], "estimate": [self.shot.pk], "take": [self.take.pk],
            "notes-file": ["csv"], "playlist": [self.playlist.pk], "session": [self.playlist.pk],
            "session-now": [self.playlist.pk], "session-summary": [self.session.pk], "dismiss": [self.check.pk],
            "change-note": [self.note.pk], "playlist-edit": [self.playlist.pk], "playlist-change": [self.playlist.pk],
            "make-link": [self.playlist.pk], "revoke-link": [self.link.pk],
        }.get(name, [])  # fmt: skip

    def address(self, name, slug=None):
        return reverse(f"dailies:{name}", args=[slug or self.project.slug, *self.arguments(name)])

    def body(self, name):
        return {
            "decide": {"key": str(uuid.uuid4()), "take": self.take.pk, "decision": "approve"},
            "undo": {"review": self.review.pk}, "choose": {"take": self.take.pk}, "dismiss": {"reason": "Meant."},
            "write-note": {"key": str(uuid.uuid4()), "take": self.take.pk, "text": "A"},
            "change-note": {"deed": "resolve"}, "make-playlist": {"name": "Another", "takes": [self.take.pk]},
            "playlist-change": {"deed": "rename", "name": "Other"}, "retake": {"shots": [self.shot.pk]},
            "settle-room": {"first_frame": 1}, "make-link": {"days": 3}, "session": {"deed": "join"},
        }.get(name, {})  # fmt: skip

    def ask(self, client, name, slug=None):
        address = self.address(name, slug)
        if name in CHANGING:
            return client.post(
                address, self.body(name), content_type="application/json", HTTP_ACCEPT="application/json"
            )
        return client.get(address)

    @staticmethod
    def facts():
        return [
            list(Review.objects.values_list("pk", "undone_at")),
            list(Annotation.objects.values_list("pk", "resolved_at")),
            list(Playlist.objects.values_list("pk", "name")), list(GuestLink.objects.values_list("pk", "revoked_at")),
        ]  # fmt: skip


@pytest.fixture
def stage(project, owner):
    return Stage(project, owner)


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_every_address_has_its_right_written_down_here():
    assert {pattern.name for pattern in urls.urlpatterns} == set(RIGHTS)


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_to_a_stranger_no_address_exists(stage, stranger, name):
    before = stage.facts()
    answer = stage.ask(logged_in(stranger), name)
    assert answer.status_code == 404
    assert stage.ask(logged_in(stranger), name, slug="never-was").status_code == 404
    assert stage.facts() == before


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_people_who_are_not_logged_in_see_nothing(stage, name):
    before = stage.facts()
    answer = stage.ask(Client(), name)
    assert answer.status_code == (401 if name in CHANGING else 302)
    assert stage.facts() == before


@pytest.mark.parametrize("name", sorted(name for name, right in RIGHTS.items() if right != "view"))
def test_a_viewer_is_refused_what_takes_more_than_looking(stage, stranger, owner, name):
    add_member(stage.project, stranger, Role.VIEWER, by=owner)
    before = stage.facts()
    assert stage.ask(logged_in(stranger), name).status_code == 403
    assert stage.facts() == before


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_the_owner_is_answered(stage, owner, name):
    answer = stage.ask(logged_in(owner), name)
    assert answer.status_code in ((200, 202, 302) if name != "attach" else (422,)), answer.content[:300]


def in_room(stage, **changes):
    """A browser in which a guest came through the link."""
    GuestLink.objects.filter(pk=stage.link.pk).update(**changes)
    client = Client()
    answer = client.post(reverse("guest:door", args=[stage.token]), {"name": "Ada"})
    assert answer.status_code == 302
    return client


def guest_address(stage, name):
    arguments = {"media": [stage.take.thumbnail_id]}.get(name, stage.arguments(name))
    return reverse(f"guest:{name}", args=[stage.link.pk, *arguments])


OF_GUESTS = {pattern.name for pattern in guest_urls.urlpatterns} - {"door", "logo"}


def ask_as_guest(client, stage, name):
    if name in CHANGING:
        body = stage.body(name)
        return client.post(
            guest_address(stage, name), body, content_type="application/json", HTTP_ACCEPT="application/json"
        )
    return client.get(guest_address(stage, name))


@pytest.mark.parametrize("name", sorted(OF_GUESTS - {"media"}))
def test_a_revoked_link_shuts_its_guests_out_of_every_address_at_once(stage, name):
    client = in_room(stage)
    actions.revoke_guest_link(stage.link)
    before = stage.facts()
    assert ask_as_guest(client, stage, name).status_code == 404
    assert client.get(guest_address(stage, "media")).status_code == 404
    assert stage.facts() == before


@pytest.mark.parametrize("name", sorted(OF_GUESTS))
def test_without_coming_through_the_door_there_is_nothing(stage, name):
    assert ask_as_guest(Client(), stage, name).status_code == 404


def test_an_expired_link_is_shut(stage):
    client = in_room(stage)
    GuestLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(guest_address(stage, "playlist")).status_code == 404
    assert Client().get(reverse("guest:door", args=[stage.token])).status_code == 404


def test_a_guest_sees_the_takes_of_the_playlist_and_no_other(stage):
    client = in_room(stage)
    assert client.get(guest_address(stage, "playlist")).status_code == 200
    assert client.get(guest_address(stage, "take")).status_code == 200
    assert client.get(reverse("guest:take", args=[stage.link.pk, stage.other.pk])).status_code == 404
    assert client.get(reverse("guest:media", args=[stage.link.pk, stage.other.thumbnail_id])).status_code == 404
    assert client.get(reverse("guest:playlist", args=[stage.link.pk, stage.playlist.pk + 1])).status_code == 404
    for name in ("board", "shot", "take", "decide"):
        assert stage.ask(client, name).status_code in (302, 401)


def test_what_a_guest_says_stands_under_the_name_they_gave(stage):
    client = in_room(stage)
    assert ask_as_guest(client, stage, "decide").status_code == 200
    review = Review.objects.latest("pk")
    assert (review.signature, review.person_id, review.guest) == ("Ada (guest)", None, Guest.objects.get())
    stage.take.refresh_from_db()
    assert stage.take.review_state == "approved"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [({"may_decide": False}, {"decide", "undo"}), ({"may_comment": False}, {"write-note", "change-note", "attach"})],
)
def test_a_link_allows_what_it_says(stage, changes, refused):
    client = in_room(stage, **changes)
    before = stage.facts()
    for name in refused:
        assert ask_as_guest(client, stage, name).status_code == 403
    assert stage.facts() == before


def test_the_productions_logo_is_at_the_door_and_in_the_room_until_the_link_is_shut(stage, client, tmp_path):
    Image.new("RGB", (64, 36), "orange").save(tmp_path / "logo.png")
    logo = storage.add_asset(stage.project.pk, tmp_path / "logo.png", source="uploaded")
    door, at_door = (reverse(f"guest:{name}", args=[stage.token]) for name in ("door", "logo"))
    assert client.get(at_door).status_code == 404
    Project.objects.filter(pk=stage.project.pk).update(brand_logo=logo)
    assert 'src="logo/"' in client.get(door).content.decode()
    assert client.get(at_door).status_code == 200
    guest = in_room(stage)
    address = reverse("guest:media", args=[stage.link.pk, logo.pk])
    assert address in guest.get(guest_address(stage, "playlist")).content.decode()
    assert guest.get(address).status_code == 200
    actions.revoke_guest_link(stage.link)
    assert [one.get(url).status_code for one, url in ((client, at_door), (guest, address))] == [404, 404]


def test_a_password_is_asked_for_and_cannot_be_found_by_trying(stage, owner):
    link, token = actions.make_guest_link(
        stage.playlist, by=owner, expires_at=timezone.now() + timedelta(days=1), password="lighthouse"
    )
    door = reverse("guest:door", args=[token])
    assert link.password != "lighthouse"
    client = Client()
    assert client.post(door, {"name": "Ada", "password": "wrong"}).status_code == 422
    assert client.post(door, {"name": "Ada", "password": "lighthouse"}).status_code == 302
    answers = [Client().post(door, {"name": "Eve", "password": str(n)}) for n in range(12)]
    assert "Too many tries" in answers[-1].content.decode()


def test_the_secret_of_a_link_is_kept_nowhere(stage):
    assert stage.token not in str(GuestLink.objects.values_list())
