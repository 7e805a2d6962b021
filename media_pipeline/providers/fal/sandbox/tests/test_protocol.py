"""The queue, spoken to by fal's unmodified client and by plain HTTP."""

from __future__ import annotations

import asyncio
import json

import fal_client
import httpx
import pytest
from PIL import Image

from .conftest import answer, png, pointed_client

IMAGE = "fal-ai/nano-banana"
CLIP = "fal-ai/wan/v2.2-a14b/image-to-video"


def test_the_client_submits_waits_and_reads_the_result(fal):
    handle = fal.submit(IMAGE, {"prompt": "a cat in a boat"})
    made = handle.get(interval=0.01)
    assert [image["content_type"] for image in made["images"]] == ["image/png"]
    picture = Image.open(httpx.get(made["images"][0]["url"]).raise_for_status())
    assert (picture.size, picture.format) == ((1024, 1024), "PNG")
    assert isinstance(handle.status(with_logs=True), fal_client.Completed)


def test_subscribe_tells_the_request_id_before_the_result(fal, sandbox):
    seen = []
    fal.subscribe(IMAGE, {"prompt": "a cat in a boat"}, on_enqueue=seen.append)
    assert seen == [job["request_id"] for job in sandbox.jobs()]


def test_the_async_client_works_as_well(sandbox, monkeypatch):
    pointed_client(sandbox.url, monkeypatch)
    made = asyncio.run(fal_client.AsyncClient(key="a:b").subscribe(IMAGE, {"prompt": "a cat"}))
    assert len(made["images"]) == 1


def test_a_submit_names_addresses_without_the_sub_path(http, sandbox):
    reply = http.post(f"/queue/{CLIP}", json={"prompt": "wind"})
    accepted = reply.json()
    base = f"{sandbox.url}/queue/fal-ai/wan/requests/{accepted['request_id']}"
    assert reply.headers["x-fal-request-id"] == accepted["request_id"] == accepted["gateway_request_id"]
    assert accepted["response_url"] == base
    assert accepted["status_url"] == f"{base}/status"
    assert accepted["cancel_url"] == f"{base}/cancel"
    assert (accepted["status"], accepted["queue_position"], accepted["logs"]) == ("IN_QUEUE", 0, None)


def test_a_job_is_also_found_by_its_full_endpoint_and_by_response(http, sandbox):
    request_id = http.post(f"/queue/{IMAGE}/edit", json={"prompt": "wind"}).json()["request_id"]
    sandbox.wait_for(request_id)
    assert http.get(f"/queue/{IMAGE}/requests/{request_id}/response").status_code == 422
    assert http.get(f"/queue/fal-ai/trellis/requests/{request_id}/status").status_code == 404


def test_without_a_key_nothing_is_told_and_a_locked_account_is_403(sandbox, http):
    assert httpx.post(f"{sandbox.url}/queue/{IMAGE}", json={}).status_code == 401
    assert (
        httpx.post(f"{sandbox.url}/queue/{IMAGE}", json={}, headers={"Authorization": "Bearer key"}).status_code == 401
    )
    sandbox.lock()
    reply = http.post(f"/queue/{IMAGE}", json={"prompt": "abc"})
    assert reply.status_code == 403
    assert reply.json()["detail"].startswith("User is locked")
    assert sandbox.ledger()["accepted"] == 0


def test_an_unknown_application_and_an_unknown_job_are_404(http):
    assert http.post("/queue/fal-ai/no-such-model", json={}).status_code == 404
    reply = http.get(f"/queue/{IMAGE}/requests/6a1bb0d4-0000-4000-8000-000000000000/status")
    assert (reply.status_code, reply.json()) == (404, {"status": "NOT_FOUND"})


def test_equal_bodies_and_an_idempotency_key_still_make_two_jobs(http, sandbox):
    ids = {
        http.post(f"/queue/{IMAGE}", json={"prompt": "twice"}, headers={"Idempotency-Key": "one"}).json()["request_id"]
        for _ in range(2)
    }
    assert len(ids) == 2
    assert [set(pair) for pair in sandbox.ledger()["duplicates"]] == [ids]


def test_waiting_and_running_are_202_and_completed_is_200(http, sandbox):
    sandbox.change(concurrency=1)
    sandbox.script("never", nth=1)
    first, second, third = (http.post(f"/queue/{IMAGE}", json={"prompt": f"number {n}"}).json() for n in range(3))
    running = http.get(first["status_url"])
    assert (running.status_code, running.json()["status"]) == (202, "IN_PROGRESS")
    assert "logs" in running.json()
    assert "queue_position" not in running.json()
    assert http.get(first["status_url"], params={"logs": "1"}).json()["logs"][0]["message"] == "Runner is ready"
    waiting = [http.get(each["status_url"]).json() for each in (second, third)]
    assert [(each["status"], each["queue_position"]) for each in waiting] == [("IN_QUEUE", 0), ("IN_QUEUE", 1)]
    assert http.put(first["cancel_url"]).status_code == 202
    sandbox.wait_for(third["request_id"])
    done = http.get(third["status_url"])
    assert (done.status_code, done.json()["status"]) == (200, "COMPLETED")
    assert done.json()["metrics"]["inference_time"] >= 0


def test_no_more_jobs_run_at_once_than_the_account_may(http, sandbox):
    sandbox.script("never")
    for number in range(5):
        http.post(f"/queue/{IMAGE}", json={"prompt": f"number {number}"})
    assert sandbox.ledger()["running"] == 2


def test_low_priority_waits_behind_normal_requests(http, sandbox):
    sandbox.change(concurrency=0)
    low = http.post(f"/queue/{IMAGE}", json={"prompt": "low"}, headers={"X-Fal-Queue-Priority": "low"}).json()
    normal = http.post(f"/queue/{IMAGE}", json={"prompt": "normal"}).json()
    positions = [http.get(each["status_url"]).json()["queue_position"] for each in (normal, low)]
    assert positions == [0, 1]


def test_a_result_is_not_read_before_the_end(http, sandbox):
    sandbox.script("never")
    accepted = http.post(f"/queue/{IMAGE}", json={"prompt": "wait"}).json()
    reply = http.get(accepted["response_url"])
    assert (reply.status_code, reply.json()) == (400, {"detail": "Request is still in progress"})


def test_the_result_says_what_was_billed(fal, http):
    handle = fal.submit(IMAGE, {"prompt": "three of them", "num_images": 3})
    handle.get(interval=0.01)
    assert http.get(handle.response_url).headers["X-Fal-Billable-Units"] == "3"


def test_a_waiting_job_that_is_cancelled_never_runs_and_costs_nothing(http, sandbox):
    sandbox.change(concurrency=0)
    accepted = http.post(f"/queue/{IMAGE}", json={"prompt": "stop"}).json()
    reply = http.put(accepted["cancel_url"])
    assert (reply.status_code, reply.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    sandbox.change(concurrency=2)
    job = sandbox.job(accepted["request_id"])
    assert (job["state"], job["error_type"], job["units"], job["started_at"]) == (
        "COMPLETED", "client_cancelled", None, None,
    )  # fmt: skip
    again = http.put(accepted["cancel_url"])
    assert (again.status_code, again.json()) == (400, {"status": "ALREADY_COMPLETED"})


def test_a_running_job_that_is_cancelled_finishes_and_is_billed(http, sandbox):
    sandbox.script("slow", seconds=1000)
    accepted = http.post(f"/queue/{IMAGE}", json={"prompt": "too late"}).json()
    assert http.put(accepted["cancel_url"]).status_code == 202
    sandbox.advance(1001)
    sandbox.wait_for(accepted["request_id"])
    job = sandbox.job(accepted["request_id"])
    assert (job["cancel_requested"], job["cancelled"], job["status_code"], job["units"]) == (True, False, 200, "1")


def test_a_running_job_can_be_scripted_to_stop_when_it_is_cancelled(http, sandbox):
    sandbox.script("slow", seconds=1000)
    sandbox.script("stop_on_cancel")
    accepted = http.post(f"/queue/{IMAGE}", json={"prompt": "in time"}).json()
    http.put(accepted["cancel_url"])
    sandbox.wait_for(accepted["request_id"])
    assert sandbox.ledger()["billed_units"] == {}
    assert sandbox.job(accepted["request_id"])["error_type"] == "client_cancelled"


def test_a_job_that_does_not_start_in_time_ends_with_504(http, sandbox):
    sandbox.change(concurrency=0)
    accepted = http.post(f"/queue/{IMAGE}", json={"prompt": "late"}, headers={"X-Fal-Request-Timeout": "30.0"}).json()
    sandbox.advance(31)
    sandbox.wait_for(accepted["request_id"])
    reply = http.get(accepted["response_url"])
    assert (reply.status_code, reply.json()["error_type"]) == (504, "request_timeout")
    assert reply.headers["X-Fal-Request-Timeout-Type"] == "user"


def test_a_queue_longer_than_the_caller_wants_is_429(http, sandbox):
    sandbox.change(concurrency=0)
    http.post(f"/queue/{IMAGE}", json={"prompt": "one"})
    assert http.post(f"/queue/{IMAGE}?fal_max_queue_length=0", json={"prompt": "two"}).status_code == 429
    assert sandbox.ledger()["accepted"] == 1


def test_results_expire_where_payloads_are_not_stored(http, sandbox):
    headers = {"X-Fal-Store-IO": "0"}
    kept, gone = (http.post(f"/queue/{IMAGE}", json={"prompt": "abc"}, headers=h).json() for h in ({}, headers))
    for each in (kept, gone):
        sandbox.wait_for(each["request_id"])
    sandbox.advance(3590)
    assert http.get(gone["response_url"]).status_code == 200
    sandbox.advance(20)
    assert [http.get(each["response_url"]).status_code for each in (kept, gone)] == [200, 404]


def test_media_are_read_without_a_key_and_until_their_lifetime_ends(fal, sandbox):
    lifecycle = {"X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": 60})}
    made = fal.submit(IMAGE, {"prompt": "short lived"}, headers=lifecycle).get(interval=0.01)
    url = made["images"][0]["url"]
    assert httpx.get(url).status_code == 200
    assert httpx.get(url, headers={"Range": "bytes=1-3"}).content == b"PNG"
    sandbox.advance(61)
    assert httpx.get(url).status_code == 404


def test_sync_mode_answers_with_the_picture_itself(fal):
    made = answer(fal, IMAGE, {"prompt": "inline", "sync_mode": True})
    assert made["images"][0]["url"].startswith("data:image/png;base64,iVBOR")


def test_the_status_stream_ends_with_completed(http, sandbox):
    accepted = http.post(f"/queue/{IMAGE}", json={"prompt": "abc"}).json()
    with http.stream("GET", f"{accepted['status_url']}/stream") as stream:
        events = [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line]
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert events[-1]["status"] == "COMPLETED"


def test_a_direct_run_answers_at_once_and_not_above_the_limit(fal, http, sandbox):
    assert len(fal.run(IMAGE, {"prompt": "now"})["images"]) == 1
    sandbox.change(concurrency=0)
    reply = http.post(f"/run/{IMAGE}", json={"prompt": "now"})
    assert (reply.status_code, reply.json()["detail"][0]["type"]) == (429, "concurrent_requests_limit")


def test_headers_and_query_are_recorded(fal, sandbox):
    fal.submit(
        IMAGE, {"prompt": "abc"}, hint="same", priority="low", start_timeout=90,
        webhook_url="http://127.0.0.1:9/hook?token=é", headers={"X-Fal-Tags": "step=7"},
    )  # fmt: skip
    (job,) = sandbox.jobs()
    assert job["webhook"] == "http://127.0.0.1:9/hook?token=é"
    assert {name: job["headers"][name] for name in ("x-fal-runner-hint", "x-fal-request-timeout", "x-fal-tags")} == {
        "x-fal-runner-hint": "same", "x-fal-request-timeout": "90.0", "x-fal-tags": "step=7",
    }  # fmt: skip


def test_equal_requests_with_equal_seeds_give_equal_bytes(fal):
    files = [httpx.get(answer(fal, IMAGE, {"prompt": "cat", "seed": s})["images"][0]["url"]).content for s in (5, 5, 6)]
    assert files[0] == files[1] != files[2]


@pytest.mark.parametrize("times", [1, 3])
def test_a_lost_reply_makes_the_client_submit_again(fal, sandbox, times):
    sandbox.script("lose_reply", times=times)
    fal.submit(IMAGE, {"prompt": "paid twice"})
    ledger = sandbox.ledger()
    assert ledger["accepted"] == times + 1
    assert [len(ids) for ids in ledger["duplicates"]] == [times + 1]


def test_the_client_fails_with_the_models_own_error(fal):
    with pytest.raises(fal_client.client.FalClientHTTPError) as caught:
        answer(fal, f"{IMAGE}/edit", {"prompt": "no picture"})
    assert caught.value.status_code == 422
    assert caught.value.message[0]["loc"] == ["body", "image_urls"]
    assert caught.value.message[0]["type"] == "missing"


def test_inputs_of_the_sandbox_itself_and_data_uris_are_taken(fal):
    address = fal.upload(png(), "image/png", "red.png")
    for given in (address, fal_client.encode(png(), "image/png")):
        made = answer(fal, f"{IMAGE}/edit", {"prompt": "make it blue", "image_urls": [given]})
        assert len(made["images"]) == 1
