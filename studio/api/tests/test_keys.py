"""Idempotency keys: every action that does something takes one, and does it once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver

from scenes.models import Scene, Shot, Take
from studio.api import urls
from studio.api.models import IdempotentAnswer
from studio.editorial.tests.conftest import build_world, person

WITHOUT = {
    "api-register", "api-login", "api-refresh", "api-logout",  # there is no person yet, or nothing to repeat
    "api-tokens", "api-webhooks", "api-renew-webhook-secret", "api-guest-links",  # answers with a secret are not kept
    "api-my-notices", "api-move-session",  # the same sent again says the same; moves carry a serial
    "api-preview-script", "api-preview-rename", "api-preview-character-merge", "api-preview-location-merge",
}  # fmt: skip
"""Addresses whose POST takes no key, and why."""


@pytest.fixture
def ours(db):
    return build_world("Lanternfish", "LANT", person("lanternfish-owner"))


@pytest.fixture
def api(ours):
    client = Client()
    client.force_login(ours.owner)
    return client


def posts():
    """(name, view class) of every address of the API that takes a POST."""
    for pattern in get_resolver(urls.__name__).url_patterns:
        view = getattr(getattr(pattern, "callback", None), "view_class", None)
        if view is not None and hasattr(view, "post"):
            yield pattern.name, view


@pytest.mark.parametrize(("name", "view"), [post for post in posts() if post[0] not in WITHOUT])
def test_every_action_is_carried_out_once_under_its_key(name, view):
    assert getattr(view.post, "carried_out_once", False), f"{name} takes no Idempotency-Key."


def test_a_record_is_made_once_under_its_key(api, ours):
    scene, key = ours.of(Scene), str(uuid4())
    body = {"chapter": scene.chapter_id, "number": "7", "sequence": 7}
    first, again = (
        api.post("/api/v1/scenes/", body, content_type="application/json", headers={"Idempotency-Key": key})
        for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert again["Idempotent-Replay"] == "true"
    assert Scene.objects.filter(number="7").count() == 1


def test_a_retake_is_decided_once_with_its_reason_and_started_once(api, ours):
    shot, take = ours.of(Shot), ours.of(Take)
    url, sent = f"/api/v1/takes/{take.pk}/decide/", {"decision": "retake", "text": "Her coat is dry.", "start": True}
    answers = [
        api.post(url, sent, content_type="application/json", headers={"Idempotency-Key": "again"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].content
    assert answers[0].json() == answers[1].json()
    assert take.reviews.filter(decision="retake").count() == 1
    assert "Her coat is dry." in shot.retake_notes.words
    assert IdempotentAnswer.objects.count() == 1
