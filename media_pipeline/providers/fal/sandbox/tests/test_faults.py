"""What a script makes go wrong: at the submit, in the job, while polling, in the files."""

from __future__ import annotations

import io
import json
import time

import fal_client
import httpx
import pytest
from PIL import Image

from media_pipeline.providers.fal.sandbox.faults import BadRule, FaultScript, rates_from, rule_from
from media_pipeline.providers.fal.sandbox.outcome import INFRASTRUCTURE_ERRORS, MODEL_ERRORS

from .conftest import answer

IMAGE = "fal-ai/nano-banana"
CLIP = "fal-ai/wan/v2.2-a14b/image-to-video"
BODY = {"prompt": "a quay at night"}


@pytest.fixture
def submit(http):
    return lambda body=BODY, endpoint=IMAGE: http.post(f"/queue/{endpoint}", json=body)


def test_only_the_third_submit_of_that_model_loses_its_reply(http, submit, sandbox):
    sandbox.script("lose_reply", endpoint=CLIP, nth=3)
    lost = 0
    for _ in range(4):
        submit()
        try:
            submit(endpoint=CLIP)
        except httpx.RemoteProtocolError:
            lost += 1
            assert sandbox.ledger()["calls"][CLIP]["submit"] == 3
    assert (lost, len(sandbox.jobs(CLIP)), len(sandbox.jobs(IMAGE))) == (1, 4, 4)


def test_words_in_the_body_choose_the_submit(submit, sandbox):
    sandbox.script("submit_error", contains="seagull", status=503)
    assert submit().status_code == 200
    assert submit({"prompt": "a seagull"}).status_code == 503


def test_a_dropped_submit_is_not_accepted(submit, sandbox):
    sandbox.script("drop_before")
    with pytest.raises(httpx.RemoteProtocolError):
        submit()
    assert sandbox.ledger()["accepted"] == 0


def test_a_late_reply_is_accepted_before_the_caller_gives_up(http, sandbox):
    sandbox.script("late_reply", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        http.post(f"/queue/{IMAGE}", json=BODY, timeout=0.2)
    sandbox.wait_until(lambda: sandbox.ledger()["accepted"] == 1)


def test_429_twice_is_retried_by_the_client_and_accepted_once(fal, sandbox):
    sandbox.script("rate_limited", times=2)
    fal.submit(IMAGE, BODY)
    ledger = sandbox.ledger()
    assert (ledger["accepted"], ledger["calls"][IMAGE]["submit"], ledger["calls"][IMAGE]["refused"]) == (1, 3, 2)


def test_an_nginx_page_is_retried_by_the_client_and_a_json_error_is_not(fal, sandbox):
    sandbox.script("submit_error", status=502, shape="nginx", times=1)
    fal.submit(IMAGE, BODY)
    assert sandbox.ledger()["calls"][IMAGE]["submit"] == 2
    sandbox.script("submit_error", status=503)
    with pytest.raises(fal_client.client.FalClientHTTPError) as caught:
        fal.submit(IMAGE, BODY)
    assert caught.value.status_code == 503
    assert sandbox.ledger()["calls"][IMAGE]["submit"] == 3


def test_an_error_may_hide_an_accepted_job(submit, sandbox):
    sandbox.script("submit_error", status=502, shape="nginx", accepted=True)
    reply = submit()
    assert (reply.status_code, "nginx" in reply.text, "x-fal-request-id" in reply.headers) == (502, True, False)
    assert sandbox.ledger()["accepted"] == 1


@pytest.mark.parametrize("how", ["truncated", "html", "empty"])
def test_a_garbled_reply_is_200_and_no_json(submit, sandbox, how):
    sandbox.script("garbled_reply", how=how)
    reply = submit()
    assert reply.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        reply.json()
    assert sandbox.ledger()["accepted"] == 1


def test_a_reply_may_lack_its_request_id(submit, sandbox):
    sandbox.script("garbled_reply", how="no_id")
    assert "request_id" not in submit().json()


def test_each_of_fals_errors_can_be_had_in_its_own_shape(submit, sandbox, http):
    for kind in (*MODEL_ERRORS, *INFRASTRUCTURE_ERRORS):
        sandbox.script("fail", type=kind, message="these words", contains=f"fails with {kind}.")
        accepted = submit({"prompt": f"fails with {kind}."}).json()
        sandbox.wait_for(accepted["request_id"])
        reply, status = http.get(accepted["response_url"]), http.get(accepted["status_url"])
        assert (status.status_code, status.json()["status"]) == (200, "COMPLETED")
        assert status.json()["error"] == f"Invalid status code: {reply.status_code}"
        assert "X-Fal-Billable-Units" not in reply.headers
        if kind in INFRASTRUCTURE_ERRORS:
            assert reply.json() == {"detail": "these words", "error_type": kind}
            assert reply.headers["X-Fal-Error-Type"] == status.json()["error_type"] == kind
        else:
            code, _, retryable = MODEL_ERRORS[kind]
            (error,) = reply.json()["detail"]
            assert (error["type"], error["msg"], reply.status_code) == (kind, "these words", code)
            assert "error_type" not in status.json()
            told = reply.headers.get("X-Fal-Retryable")
            assert told == {True: "true", False: "false", None: None}[retryable]


def test_a_refusal_can_cost_money(submit, sandbox):
    sandbox.script("fail", type="content_policy_violation", billed=2)
    sandbox.wait_for(submit().json()["request_id"])
    assert sandbox.ledger()["billed_units"] == {IMAGE: "2"}


def test_a_stuck_job_never_starts_and_lets_others_pass(submit, sandbox):
    sandbox.script("stuck", nth=1)
    stuck, other = (submit().json()["request_id"] for _ in range(2))
    sandbox.wait_for(other)
    assert sandbox.job(stuck)["state"] == "IN_QUEUE"


def test_an_empty_result_has_none_of_its_keys(fal, sandbox):
    sandbox.script("empty_result")
    assert answer(fal, IMAGE, BODY) == {}


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_polls_are_refused_as_often_as_scripted_while_the_job_goes_on(submit, sandbox, http, status):
    sandbox.script("status_error", status=status, count=2)
    accepted = submit().json()
    sandbox.wait_for(accepted["request_id"])
    assert [http.get(accepted["status_url"]).status_code for _ in range(3)] == [status, status, 200]


def test_a_poll_may_be_garbled_or_slow_and_a_result_refused(submit, sandbox, http):
    sandbox.script("garbled_status", how="html")
    sandbox.script("slow_status", seconds=0.2)
    sandbox.script("result_error", status=502, shape="nginx")
    sandbox.script("garbled_result")
    sandbox.script("cancel_error", status=500)
    accepted = submit().json()
    sandbox.wait_for(accepted["request_id"])
    start = time.monotonic()
    assert http.get(accepted["status_url"]).text.startswith("<!doctype html>")
    assert time.monotonic() - start > 0.2
    assert http.get(accepted["status_url"]).json()["status"] == "COMPLETED"
    assert http.get(accepted["response_url"]).status_code == 502
    with pytest.raises(json.JSONDecodeError):
        http.get(accepted["response_url"]).json()
    assert http.get(accepted["response_url"]).json()["images"]
    assert [http.put(accepted["cancel_url"]).status_code for _ in range(2)] == [500, 400]


@pytest.fixture
def broken(fal, sandbox):
    """The address of a picture that is broken in a way."""

    def made(how, **more):
        sandbox.script("broken_file", how=how, **more)
        return answer(fal, IMAGE, BODY)["images"][0]

    return made


def test_a_file_may_be_cut_short_or_empty_or_missing(broken):
    image = broken("truncated")
    assert 0 < len(httpx.get(image["url"]).content) < image["file_size"]


def test_a_file_may_be_empty(broken):
    assert httpx.get(broken("empty")["url"]).content == b""


def test_a_file_may_be_gone(broken):
    assert httpx.get(broken("missing")["url"]).status_code == 404


def test_a_file_may_be_a_web_page_that_calls_itself_a_picture(broken):
    reply = httpx.get(broken("html")["url"])
    assert (reply.headers["content-type"], reply.text[:9]) == ("image/png", "<!doctype")


def test_a_file_may_be_of_another_kind(broken):
    assert httpx.get(broken("wrong_type")["url"]).content.startswith(b"RIFF")


def test_a_file_may_promise_ten_gigabytes(broken):
    with httpx.stream("GET", broken("huge")["url"]) as reply:
        assert reply.headers["content-length"] == "10737418240"
        assert next(reply.iter_raw())[:10] == bytes(10)


def test_a_file_may_lead_to_a_private_address(broken):
    reply = httpx.get(broken("redirect")["url"])
    assert (reply.status_code, reply.headers["location"]) == (302, "http://10.0.0.1/metadata")


def test_a_file_may_be_a_small_picture_of_400_million_pixels(broken):
    data = httpx.get(broken("bomb")["url"]).content
    assert len(data) < 100_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(data))


def test_a_file_may_drip(broken):
    image = broken("slow", seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(image["url"], timeout=0.2)


def test_chances_are_the_same_for_the_same_seed():
    def taken(seed):
        script = FaultScript(seed, rates_from("lose_reply=0.2"))
        return [bool(script.for_submit(IMAGE, "{}")) for _ in range(500)]

    assert taken(1) == taken(1) != taken(2)
    assert 60 < sum(taken(1)) < 140


def test_rates_are_read_with_their_parameters():
    assert rates_from("lose_reply=0.05,slow=0.1:seconds=5,broken_file=1:how=html") == [
        {"fault": "lose_reply", "rate": 0.05},
        {"fault": "slow", "rate": 0.1, "seconds": 5.0},
        {"fault": "broken_file", "rate": 1.0, "how": "html"},
    ]


@pytest.mark.parametrize("rule", [{"fault": "loose_reply"}, {}])
def test_an_unknown_fault_is_refused_by_name(sandbox, rule):
    with pytest.raises(BadRule, match="There is no fault"):
        rule_from(rule)
    reply = httpx.post(f"{sandbox.url}/sandbox/script", json=rule)
    assert (reply.status_code, "lose_reply" in reply.json()["detail"]) == (400, True)


def test_rates_that_are_no_numbers_are_refused():
    with pytest.raises(BadRule, match="not fault=chance"):
        rates_from("lose_reply=often")
