"""Events told to another system: signed, once, again after a failure, never into the own network."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from media_pipeline import webhooks
from media_pipeline.providers import webhook_out
from media_pipeline.providers.errors import Refused
from media_pipeline.webhooks import WebhookSender, deliver
from projects.actions import (
    change_webhook,
    create_webhook,
    dismiss_alert,
    raise_alert,
    remove_webhook,
    renew_webhook_secret,
    send_again,
    try_webhook,
)
from projects.actions.webhooks import (
    WAITS,
    claim_deliveries,
    prune_deliveries,
    queue_deliveries,
    record_answer,
    secret_of,
)
from projects.events import emit
from projects.models import Alert, OutgoingWebhook, WebhookDelivery
from projects.sealing import Unsealable
from projects.webhook_addresses import address_problem


class Receiver:
    """A system on this machine that takes events, or does not."""

    def __init__(self):
        self.taken, self.status, self.hold = [], 204, threading.Event()
        self.hold.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append((dict(self.headers), body))
                receiver.hold.wait(60)
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/rushes"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver(settings):
    receiver = Receiver()
    settings.OUTGOING_WEBHOOK_HOSTS = [receiver.host]
    yield receiver
    receiver.close()


@pytest.fixture
def webhook(project, receiver, owner):
    made, made.plain = create_webhook(project, name="Tracker", url=receiver.url, by=owner)
    return made


def tell(project, *types):
    from django.db import transaction

    for kind in types:
        with transaction.atomic():
            emit(project.pk, kind, "shot:1", {"said": "é"})


def deliver_all(later=timedelta(0)):
    """Every delivery that is due, made here and now; returns how many."""
    now = timezone.now() + later
    queue_deliveries(now)
    made = 0
    while claimed := claim_deliveries(10, now, now + timedelta(seconds=60)):
        for delivery in claimed:
            deliver(delivery)
            made += 1
    return made


def test_an_event_arrives_signed_once(project, webhook, receiver):
    tell(project, "shot.status")
    assert deliver_all() == 1
    assert deliver_all() == 0
    headers, body = receiver.taken[0]
    told = json.loads(body)
    assert (told["type"], told["project"], told["payload"]) == ("shot.status", project.slug, {"said": "é"})
    moment, given = (part.split("=", 1)[1] for part in headers["Rushes-Signature"].split(","))
    expected = hmac.new(webhook.plain.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert given == expected
    delivery = WebhookDelivery.objects.get()
    assert headers["Rushes-Delivery"] == str(delivery.key) == told["delivery"]
    assert (delivery.status, delivery.answer, delivery.attempts) == ("delivered", 204, 1)
    webhook.state.refresh_from_db()
    assert webhook.state.delivered_at is not None


def test_what_happened_before_is_not_told(project, receiver, owner):
    tell(project, "shot.status")
    create_webhook(project, name="Late", url=receiver.url)
    tell(project, "take.created")
    deliver_all()
    assert {json.loads(body)["type"] for _, body in receiver.taken} == {"take.created"}


def test_only_wanted_events_are_told(project, webhook, receiver):
    change_webhook(webhook, events=["take.*", "film.finished"])
    tell(project, "shot.status", "take.created", "take.review", "film.finished", "filming")
    deliver_all()
    assert [json.loads(body)["type"] for _, body in receiver.taken] == ["take.created", "take.review", "film.finished"]


def test_events_of_another_production_are_not_told(project, webhook, receiver, owner):
    from projects.actions import create_project

    create_project(title="Other", code="OTH", owner=owner)
    assert deliver_all() == 0


def test_a_failure_is_tried_again_later_and_settled(project, webhook, receiver):
    receiver.status = 500
    tell(project, "shot.status")
    deliver_all()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.answer, delivery.error) == ("waiting", 500, "It answered 500.")
    assert deliver_all() == 0
    receiver.status = 200
    assert deliver_all(WAITS[0] + timedelta(seconds=1)) == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.error) == ("delivered", 2, "")
    assert receiver.taken[0][0]["Rushes-Delivery"] == receiver.taken[1][0]["Rushes-Delivery"]


def test_after_a_day_it_is_given_up_and_said(project, webhook, receiver):
    receiver.status = 503
    tell(project, "shot.status")
    for attempt in range(len(WAITS) + 1):
        assert deliver_all(sum(WAITS[:attempt], timedelta(seconds=attempt))) == 1
    delivery = WebhookDelivery.objects.get(event_type="shot.status")
    assert (delivery.status, delivery.next_at, delivery.attempts) == ("failed", None, 10)
    assert Alert.objects.get().title == "Tracker does not take events"
    receiver.status = 200
    send_again(delivery)
    with pytest.raises(ValidationError, match="waiting"):
        send_again(delivery)
    deliver_all(timedelta(days=2))
    assert Alert.objects.filter(dismissed_at=None).count() == 0


def test_a_system_that_is_gone_is_told_nothing_more(project, webhook, receiver):
    receiver.status = 410
    tell(project, "shot.status")
    deliver_all()
    webhook.refresh_from_db()
    assert webhook.active is False
    assert "switched off" in Alert.objects.get().message
    tell(project, "shot.status")
    assert deliver_all(timedelta(days=2)) == 0


def test_a_redirect_is_not_followed(project, webhook, receiver):
    receiver.status = 302
    tell(project, "shot.status")
    deliver_all()
    assert [headers["Rushes-Event"] for headers, _ in receiver.taken] == ["shot.status"]
    assert WebhookDelivery.objects.get().error == "It answered 302."


def test_a_system_that_is_not_there_is_a_failure(project, webhook, receiver):
    receiver.server.shutdown()
    receiver.server.server_close()
    tell(project, "shot.status")
    deliver_all()
    assert "could not be reached" in WebhookDelivery.objects.get().error


def test_a_test_is_a_delivery_like_any_other(project, webhook, receiver, owner):
    delivery = try_webhook(webhook, by=owner)
    deliver_all()
    delivery.refresh_from_db()
    assert (delivery.status, json.loads(receiver.taken[0][1])["type"]) == ("delivered", "webhook.test")


def test_two_senders_never_take_the_same_delivery(project, webhook):
    try_webhook(webhook)
    now = timezone.now()
    first, second = (claim_deliveries(5, now, now + timedelta(seconds=60)) for _ in range(2))
    assert (len(first), len(second)) == (1, 0)
    late = claim_deliveries(5, now + timedelta(seconds=61), now + timedelta(seconds=121))
    record_answer(late[0], status=200, error="", now=now)
    record_answer(first[0], status=500, error="It answered 500.", now=now)
    assert WebhookDelivery.objects.get().status == "delivered"


def test_a_slow_system_gets_one_thing_at_a_time_and_holds_nobody_up(project, webhook, receiver, monkeypatch):
    asked = []
    monkeypatch.setattr(
        webhooks.ThreadPoolExecutor, "submit", lambda pool, work, delivery: asked.append(delivery) or Under()
    )
    for _ in range(3):
        try_webhook(webhook)
    sender = WebhookSender()
    assert [sender.turn(timezone.now()) for _ in range(3)] == [1, 0, 0]
    sender.stop()


class Under:
    """Work that does not end."""

    def done(self):
        return False


def test_what_waits_for_a_system_is_told_in_one_go(project, webhook, receiver, monkeypatch):
    monkeypatch.setattr(webhooks.ThreadPoolExecutor, "submit", lambda pool, work, delivery: work(delivery) or Under())
    monkeypatch.setattr(webhooks, "close_old_connections", lambda: None)  # this thread's own is the test's
    tell(project, "shot.status", "take.created", "take.review")
    sender = WebhookSender()
    assert sender.turn(timezone.now()) == 1
    assert [headers["Rushes-Event"] for headers, _ in receiver.taken] == ["shot.status", "take.created", "take.review"]
    assert not WebhookDelivery.objects.exclude(status="delivered").exists()
    sender.stop()


def test_after_a_failure_it_is_others_turn(project, webhook, receiver, monkeypatch):
    monkeypatch.setattr(webhooks.ThreadPoolExecutor, "submit", lambda pool, work, delivery: work(delivery) or Under())
    monkeypatch.setattr(webhooks, "close_old_connections", lambda: None)  # this thread's own is the test's
    receiver.status = 500
    tell(project, "shot.status", "take.created")
    sender = WebhookSender()
    sender.turn(timezone.now())
    assert len(receiver.taken) == 1
    sender.stop()


def test_the_secret_is_sealed_and_can_be_renewed(webhook, settings):
    assert webhook.plain.startswith("whsec_")
    assert webhook.plain not in webhook.sealed_secret
    assert secret_of(webhook) == webhook.plain
    fresh = renew_webhook_secret(webhook)
    assert secret_of(OutgoingWebhook.objects.get()) == fresh != webhook.plain
    settings.SECRET_KEY = "another"
    with pytest.raises(Unsealable, match="SECRET_KEY has changed"):
        secret_of(webhook)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://hooks.example.com/a", ""),
        ("https://a.studio.example.org/x?y=1", ""),
        ("http://127.0.0.1:9000/x", ""),
        ("http://hooks.example.com/a", "https only"),
        ("https://hooks.example.com:8443/a", "not among the hosts"),
        ("https://evil.com/hooks.example.com", "not among the hosts"),
        ("https://hooks.example.com.evil.com/", "not among the hosts"),
        ("https://hooks.example.com@evil.com/", "no name, password"),
        ("https://hooks.example.com/#x", "no name, password"),
        ("http://127.0.0.1:9001/x", "address in figures"),
        ("http://127.0.0.1/x", "address in figures"),
        ("http://[::1]:9000/x", "address in figures"),
        ("https://169.254.169.254/latest", "address in figures"),
        ("ftp://hooks.example.com/", "no address"),
        ("https://", "no address"),
        ("https://hooks.example.com:x/", "no address"),
        ("https://hooks.example.com/a b", "no address"),
        ("javascript:alert(1)", "no address"),
    ],
)
def test_only_hosts_of_the_list_are_addresses(settings, url, sentence):
    settings.OUTGOING_WEBHOOK_HOSTS = ["hooks.example.com", "*.studio.example.org", "127.0.0.1:9000"]
    said = address_problem(url)
    assert (sentence in said) if sentence else (said == "")


def test_without_a_list_nothing_is_sent_anywhere(settings, project):
    settings.OUTGOING_WEBHOOK_HOSTS = []
    with pytest.raises(ValidationError, match="OUTGOING_WEBHOOK_HOSTS"):
        create_webhook(project, name="X", url="https://hooks.example.com/")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "0.0.0.0", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_refused(settings, monkeypatch, address):
    settings.OUTGOING_WEBHOOK_HOSTS = ["hooks.example.com"]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    both = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (family, 1, 6, "", (address, 443))]
    monkeypatch.setattr(webhook_out.socket, "getaddrinfo", lambda *args, **options: both)
    with pytest.raises(Refused, match="private network"):
        webhook_out.send("https://hooks.example.com/x", "{}", secret="s", event="e", delivery="d")


def test_the_connection_goes_to_the_address_that_was_looked_at(settings, monkeypatch):
    settings.OUTGOING_WEBHOOK_HOSTS = ["hooks.example.com"]
    found = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(webhook_out.socket, "getaddrinfo", lambda *args, **options: found)
    assert webhook_out._resolved("https://hooks.example.com/x?y=1") == (
        "https://93.184.216.34:443/x?y=1", "hooks.example.com",
    )  # fmt: skip


def test_old_deliveries_are_forgotten(webhook, receiver):
    try_webhook(webhook)
    deliver_all()
    assert prune_deliveries() == 0
    assert prune_deliveries(timezone.now() + timedelta(days=31)) == 1


def test_a_removed_webhook_leaves_no_alert(project, webhook):
    raise_alert(project.pk, title="x", message="", source=f"webhook:{webhook.pk}")
    remove_webhook(webhook)
    assert not Alert.objects.filter(dismissed_at=None).exists()
    assert not OutgoingWebhook.objects.exists()
    assert dismiss_alert(Alert.objects.get()) is False
