"""Webhooks from the browser and from scripts: made, tried, looked after; the secret is shown once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from projects.actions import create_webhook
from projects.models import OutgoingWebhook, WebhookDelivery

URL = "https://hooks.example.com/rushes"


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.OUTGOING_WEBHOOK_HOSTS = ["hooks.example.com"]


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def page(project):
    return reverse("webhooks", args=[project.slug])


def shown(answer):
    return BeautifulSoup(answer.content, "html.parser")


def api(client, method, url, data=None, **headers):
    return getattr(client, method)(f"/api/v1/{url}", data, content_type="application/json", headers=headers)


def test_a_webhook_is_made_and_its_secret_shown_once(site, page):
    answer = site.post(page, {"do": "create", "name": "Tracker", "url": URL, "events": "take.*\nfilm.finished\n"})
    secret = shown(answer).select_one("code").get_text()
    assert secret.startswith("whsec_")
    assert "no-store" in answer["Cache-Control"]
    webhook = OutgoingWebhook.objects.get()
    assert webhook.events == ["take.*", "film.finished"]
    assert secret not in site.get(page).content.decode()


def test_what_is_refused_keeps_what_was_typed(site, page):
    answer = site.post(page, {"do": "create", "name": "Tracker", "url": "https://10.0.0.1/", "events": "take.*"})
    assert answer.status_code == 422
    assert "address in figures" in shown(answer).select_one(".error").get_text()
    assert shown(answer).select_one("[name=name]")["value"] == "Tracker"


def test_buttons_try_switch_renew_and_remove(site, page, project):
    webhook, secret = create_webhook(project, name="Tracker", url=URL)
    site.post(page, {"do": "test", "webhook": webhook.pk})
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(next_at=None, status="failed", error="It answered 500.", answer=500)
    assert "It answered 500." in shown(site.get(page)).get_text()
    site.post(page, {"do": "again", "webhook": webhook.pk, "delivery": delivery.pk})
    delivery.refresh_from_db()
    assert delivery.status == "waiting"
    site.post(page, {"do": "off", "webhook": webhook.pk})
    webhook.refresh_from_db()
    assert webhook.active is False
    renewed = shown(site.post(page, {"do": "secret", "webhook": webhook.pk})).select_one("code").get_text()
    assert renewed not in (secret, "")
    site.post(page, {"do": "remove", "webhook": webhook.pk})
    assert not OutgoingWebhook.objects.exists()
    assert site.post(page, {"do": "test", "webhook": webhook.pk}).status_code == 404


def test_only_who_manages_sees_them(client, member, stranger, page, project):
    create_webhook(project, name="Tracker", url=URL)
    for person, status in ((member, 403), (stranger, 404)):
        client.force_login(person)
        assert client.get(page).status_code == status
        assert api(client, "get", f"projects/{project.slug}/webhooks/").status_code == status
        assert api(client, "get", f"webhooks/{OutgoingWebhook.objects.get().pk}/").status_code == status


def test_a_script_makes_changes_tries_and_removes(site, project):
    made = api(site, "post", f"projects/{project.slug}/webhooks/", {"name": "CI", "url": URL, "events": ["run.*"]})
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    pk, etag = made.json()["id"], made["ETag"]
    assert "secret" not in api(site, "get", f"webhooks/{pk}/").json()
    assert api(site, "patch", f"webhooks/{pk}/", {"active": False}).status_code == 428
    changed = api(site, "patch", f"webhooks/{pk}/", {"active": False}, **{"If-Match": etag})
    assert changed.json()["active"] is False
    assert api(site, "patch", f"webhooks/{pk}/", {"active": True}, **{"If-Match": etag}).status_code == 412
    refused = api(site, "patch", f"webhooks/{pk}/", {"url": "https://evil.com/"}, **{"If-Match": changed["ETag"]})
    assert "not among the hosts" in refused.json()["errors"]["url"][0]
    for _ in range(2):
        tried = api(site, "post", f"webhooks/{pk}/test/", {}, **{"Idempotency-Key": "t"})
        assert tried.status_code == 202
    assert [row["event_type"] for row in api(site, "get", f"webhooks/{pk}/deliveries/").json()] == ["webhook.test"]
    assert api(site, "post", f"deliveries/{tried.json()['id']}/again/", {}).status_code == 400
    assert api(site, "delete", f"webhooks/{pk}/", **{"If-Match": "*"}).status_code == 204
    twice = [api(site, "post", f"projects/{project.slug}/webhooks/", {"name": "CI", "url": URL}) for _ in range(2)]
    assert [answer.status_code for answer in twice] == [201, 400]
