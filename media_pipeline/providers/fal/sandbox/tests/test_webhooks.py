"""Deliveries: their three shapes, their signature, retries, and everything that can be wrong with them."""

from __future__ import annotations

import base64
import json

import httpx
import pytest

from .receiver import is_genuine

IMAGE = "fal-ai/nano-banana"


@pytest.fixture
def submit(fal, receiver):
    """Submit a small job that reports to the receiver."""

    def asked(prompt="a cat", endpoint=IMAGE, **body):
        return fal.submit(endpoint, {"prompt": prompt, **body}, webhook_url=receiver.url)

    return asked


@pytest.fixture
def jwks(sandbox):
    return lambda: httpx.get(f"{sandbox.url}/rest/.well-known/jwks.json").json()


def test_a_success_carries_the_result_and_a_signature_that_verifies(submit, sandbox, receiver, jwks):
    handle = submit()
    sandbox.wait_for_webhooks()
    ((path, headers, body),) = receiver.deliveries
    assert path == "/hook?step=1"
    assert is_genuine(headers, body, jwks())
    told = json.loads(body)
    assert (told["status"], told["request_id"], told["gateway_request_id"]) == ("OK", *[handle.request_id] * 2)
    assert told["payload"] == handle.get(interval=0.01)


def test_a_changed_body_or_an_unknown_key_does_not_verify(submit, sandbox, receiver, jwks):
    submit()
    sandbox.wait_for_webhooks()
    ((_, headers, body),) = receiver.deliveries
    assert not is_genuine(headers, body + b" ", jwks())
    assert not is_genuine(headers, body, {"keys": []})


def test_a_failure_carries_the_models_error(submit, sandbox, receiver):
    submit(endpoint=f"{IMAGE}/edit")
    sandbox.wait_for_webhooks()
    (told,) = receiver.bodies()
    assert (told["status"], told["error"]) == ("ERROR", "Invalid status code: 422")
    assert told["payload"]["detail"][0]["type"] == "missing"


def test_an_output_that_cannot_be_sent_is_named_and_read_from_the_queue(submit, sandbox, receiver):
    sandbox.script("webhook", how="payload_error")
    handle = submit()
    sandbox.wait_for_webhooks()
    (told,) = receiver.bodies()
    assert (told["status"], told["payload"], bool(told["payload_error"])) == ("OK", None, True)
    assert handle.get(interval=0.01)["images"]


def test_the_published_key_is_base64url_without_padding(jwks):
    (key,) = jwks()["keys"]
    assert (len(key["x"]), key["kty"], key["crv"]) == (43, "OKP", "Ed25519")
    assert len(base64.urlsafe_b64decode(key["x"] + "=")) == 32


def test_after_a_rotation_both_keys_are_published_until_the_old_one_is_withdrawn(submit, sandbox, receiver, jwks):
    old = jwks()
    sandbox.rotate_keys()
    assert len(jwks()["keys"]) == 2
    submit()
    sandbox.wait_for_webhooks()
    ((_, headers, body),) = receiver.deliveries
    assert not is_genuine(headers, body, old)
    assert is_genuine(headers, body, jwks())
    sandbox.rotate_keys()
    assert len(jwks()["keys"]) == 2
    sandbox.rotate_keys(withdraw=True)
    assert len(jwks()["keys"]) == 1
    assert not is_genuine(headers, body, jwks())


def test_a_refused_delivery_is_tried_again_with_a_fresh_timestamp(submit, sandbox, receiver, jwks):
    receiver.replies += [500, 503]
    submit()
    (job,) = sandbox.wait_for_webhooks()
    assert [attempt["status"] for attempt in job["deliveries"]] == [500, 503, 200]
    assert all(is_genuine(headers, body, jwks()) for _, headers, body in receiver.deliveries)


def test_a_redirect_ends_the_delivery_for_good(submit, sandbox, receiver):
    receiver.replies += [302]
    submit()
    (job,) = sandbox.wait_for_webhooks()
    assert [attempt["status"] for attempt in job["deliveries"]] == [302]


def test_after_ten_retries_the_sandbox_gives_up(fal, sandbox):
    sandbox.change(webhook_backoff=1.0)
    fal.submit(IMAGE, {"prompt": "nobody there"}, webhook_url="http://127.0.0.1:9/hook")
    sandbox.wait_until(lambda: sandbox.advance(600) or sandbox.jobs()[0]["webhook_settled"])
    (job,) = sandbox.jobs()
    assert [attempt["status"] for attempt in job["deliveries"]] == [None] * 11


def test_a_waiting_retry_comes_when_the_clock_is_moved(submit, sandbox, receiver):
    sandbox.change(webhook_backoff=1000.0)
    receiver.replies += [500]
    submit()
    sandbox.wait_until(lambda: receiver.deliveries)
    assert not sandbox.jobs()[0]["webhook_settled"]
    sandbox.wait_until(lambda: sandbox.advance(1000) or len(receiver.deliveries) == 2)


def test_a_duplicate_is_delivered_twice_and_both_are_genuine(submit, sandbox, receiver, jwks):
    sandbox.script("webhook", how="duplicate")
    submit()
    sandbox.wait_for_webhooks()
    first, second = receiver.bodies()
    assert first == second
    assert all(is_genuine(headers, body, jwks()) for _, headers, body in receiver.deliveries)


def test_an_early_delivery_comes_before_the_reply_of_the_submit(submit, sandbox, receiver):
    sandbox.script("webhook", how="early")
    handle = submit()
    assert [told["request_id"] for told in receiver.bodies()] == [handle.request_id]


def test_a_late_delivery_comes_after_the_result_was_read(submit, sandbox, receiver):
    sandbox.script("webhook", how="late", seconds=1000)
    handle = submit()
    sandbox.wait_for(handle.request_id)
    assert receiver.deliveries == []
    handle.get(interval=0.01)
    sandbox.wait_for_webhooks()
    assert len(receiver.deliveries) == 1


def test_a_lost_delivery_never_comes_and_the_queue_still_answers(submit, sandbox, receiver):
    sandbox.script("webhook", how="lost")
    handle = submit()
    sandbox.wait_for_webhooks()
    assert (receiver.deliveries, len(handle.get(interval=0.01)["images"])) == ([], 1)


@pytest.mark.parametrize("how", ["forged", "stale", "altered"])
def test_a_false_delivery_does_not_verify_and_the_genuine_one_may_follow(submit, sandbox, receiver, jwks, how):
    sandbox.script("webhook", how=how, genuine=True)
    submit()
    sandbox.wait_for_webhooks()
    verdicts = [is_genuine(headers, body, jwks()) for _, headers, body in receiver.deliveries]
    assert verdicts == [False, True]


def test_a_stale_delivery_is_wrong_by_its_age_alone(submit, sandbox, receiver, jwks, monkeypatch):
    sandbox.script("webhook", how="stale")
    submit()
    sandbox.wait_for_webhooks()
    ((_, headers, body),) = receiver.deliveries
    stamp = int(headers["X-Fal-Webhook-Timestamp"])
    monkeypatch.setattr("media_pipeline.providers.fal.sandbox.tests.receiver.time.time", lambda: stamp)
    assert is_genuine(headers, body, jwks())


def test_an_unknown_request_id_is_signed_and_known_to_nobody(submit, sandbox, receiver, jwks):
    sandbox.script("webhook", how="unknown_id")
    handle = submit()
    sandbox.wait_for_webhooks()
    ((_, headers, body),) = receiver.deliveries
    assert is_genuine(headers, body, jwks())
    assert json.loads(body)["request_id"] != handle.request_id


def test_swapped_deliveries_come_in_the_other_order(submit, sandbox, receiver):
    sandbox.script("webhook", how="swapped", nth=1, seconds=1000)
    first, second = submit("one two three"), submit("four five six")
    sandbox.wait_for_webhooks(2)
    assert [told["request_id"] for told in receiver.bodies()] == [second.request_id, first.request_id]
