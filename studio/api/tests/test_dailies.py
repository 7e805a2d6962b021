"""What people do in the review room, scripts do too: by the same verbs, once, under the person's own name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dailies.models import Annotation, GuestLink, Playlist, Review, ReviewSession
from media_pipeline.runs.models import Run
from scenes.actions import record_continuity
from studio.api.models import issue_token
from studio.tests.filming import scene, take


@pytest.fixture
def shots(project):
    return scene(project, shots=2).made_shots


@pytest.fixture
def takes(project, shots):
    return [take(project, shot) for shot in shots]


@pytest.fixture
def script(owner):
    _, secret = issue_token(owner, "script", ["view", "comment", "review", "generate", "manage"])

    def post(url, data=None, **headers):
        sent = {"Authorization": f"Bearer {secret}"} | headers
        return Client().post(f"/api/v1/{url}", data or {}, content_type="application/json", headers=sent)

    return post


def test_a_decision_stands_in_the_history_once_with_its_note_and_its_retake(script, shots, takes):
    body = {
        "decision": "retake", "reasons": ["light"], "text": "Darker", "frame": 4, "start": True,
        "note": {"text": "Her lamp", "first_frame": 4, "last_frame": 9},
    }  # fmt: skip
    first = script(f"takes/{takes[0].pk}/decide/", body, **{"Idempotency-Key": "one"})
    again = script(f"takes/{takes[0].pk}/decide/", body, **{"Idempotency-Key": "one"})
    assert (first.status_code, first.json()["state"]) == (201, "retake"), first.content
    assert again.json() == first.json()
    review = Review.objects.get()
    assert (review.signature, review.reasons, review.frame) == ("owner", ["light"], 4)
    assert review.annotations.get().last_frame == 9
    assert Run.objects.get().subject == f"shot:{shots[0].pk}"


def test_a_key_of_ones_own_counts_once_without_the_header(script, takes):
    body = {"decision": "approve", "key": "5e6dd0c3-2a67-4b6b-9b2f-0a8f3cf0e0c1", "start": False}
    assert [script(f"takes/{takes[0].pk}/decide/", body).json()["new"] for _ in range(2)] == [True, False]


def test_the_state_of_a_take_is_given_by_a_decision_and_taken_back(script, takes):
    assert script(f"takes/{takes[0].pk}/review/", {"state": "approved"}).json()["changed"] is True
    assert script(f"takes/{takes[0].pk}/review/", {"state": "approved"}).json()["changed"] is False
    review = Review.objects.get()
    assert review.decision == "approve"
    assert script(f"reviews/{review.pk}/undo/").json() == {"undone": True}
    takes[0].refresh_from_db()
    assert takes[0].review_state == "pending"


def test_of_many_decisions_all_are_taken_or_none(script, project, takes, stranger):
    items = [{"take": one.pk, "decision": "approve"} for one in takes]
    broken = script(f"projects/{project.slug}/decisions/", {"items": [*items, {"take": 10**6, "decision": "approve"}]})
    assert (broken.status_code, Review.objects.count()) == (400, 0)
    assert "no take 1000000" in str(broken.json())
    assert len(script(f"projects/{project.slug}/decisions/", {"items": items}).json()["decisions"]) == 2


def test_a_note_is_written_answered_resolved_and_withdrawn(script, takes):
    note = script(f"takes/{takes[0].pk}/notes/", {"text": "Her hand", "first_frame": 2}).json()["note"]
    answer = script(f"takes/{takes[0].pk}/notes/", {"text": "Fixed", "reply_to": note}).json()["note"]
    assert Annotation.objects.get(pk=answer).reply_to_id == note
    for deed in ("resolve", "reopen", "withdraw"):
        assert [script(f"notes/{note}/{deed}/").json()["changed"] for _ in range(2)] == [True, False], deed
    lost = script(f"takes/{takes[0].pk}/notes/", {"text": "x", "reply_to": 10**6})
    assert (lost.status_code, "no such note" in str(lost.json())) == (400, True)


def test_a_playlist_is_made_ordered_and_shown_to_guests_until_it_is_revoked(script, project, shots, takes):
    one, two = (row.pk for row in takes)
    made = script(f"projects/{project.slug}/playlists/", {"name": "Monday", "shots": [shots[1].pk]}).json()
    assert made["takes"] == [two]
    url = f"playlists/{made['playlist']}"
    assert script(f"{url}/add/", {"takes": [one]}).json()["takes"] == [two, one]
    assert script(f"{url}/order/", {"takes": [one, two]}).json()["takes"] == [one, two]
    assert script(f"{url}/order/", {"takes": [one]}).status_code == 400
    assert script(f"{url}/change/", {"description": "For Ada"}).json()["name"] == "Monday"
    ends = (timezone.now() + timedelta(days=1)).isoformat()
    link = script(f"{url}/links/", {"expires_at": ends, "password": "lighthouse", "may_decide": True}).json()
    door = link["address"].removeprefix("http://testserver")
    guest = Client()
    assert guest.post(door, {"name": "Ada", "password": "lighthouse"}).status_code == 302
    assert script(f"guest-links/{link['link']}/revoke/").json()["revoked"] is True
    assert guest.get(reverse("guest:playlist", args=[link["link"], made["playlist"]])).status_code == 404
    assert script(f"{url}/take-out/", {"takes": [one]}).json()["takes"] == [two]
    assert script(f"{url}/remove/").status_code == 204
    assert (Playlist.objects.count(), GuestLink.objects.count()) == (0, 0)


def test_a_session_is_presented_and_ended_with_its_summary(script, project, takes):
    made = script(f"projects/{project.slug}/playlists/", {"name": "Monday", "takes": [one.pk for one in takes]}).json()
    session = script(f"playlists/{made['playlist']}/session/").json()["session"]
    move = {"take": takes[1].pk, "frame": 7, "serial": 2}
    assert script(f"review-sessions/{session}/move/", move).json() == {"moved": True}
    assert script(f"review-sessions/{session}/move/", move | {"serial": 1}).json() == {"moved": False}
    assert ReviewSession.objects.get().frame == 7
    script(f"takes/{takes[0].pk}/decide/", {"decision": "approve"})
    assert script(f"review-sessions/{session}/end/").json()["summary"]["words"] == "1 decision, 0 notes, 0 retakes"


def test_a_break_is_dismissed_with_a_reason(script, shots):
    check = record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False)
    assert script(f"continuity/{check.pk}/dismiss/", {}).status_code == 400
    assert script(f"continuity/{check.pk}/dismiss/", {"reason": "A lamp goes out."}).json() == {"changed": True}


def test_one_reads_what_one_was_told(script, takes, member):
    script(f"takes/{takes[0].pk}/notes/", {"text": "See this, @member"})
    client = Client()
    client.force_login(member)
    told = client.get("/api/v1/me/notices/").json()
    assert (told["unread"], told["notices"][0]["kind"]) == (1, "mention")
    assert client.post("/api/v1/me/notices/", {}, content_type="application/json").json() == {"read": 1}
    assert client.get("/api/v1/me/notices/").json()["unread"] == 0
