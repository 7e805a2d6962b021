"""Uploads by fal's client in each of its three ways, and the platform's history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import fal_client
import fal_client.client
import httpx
import pytest

from .conftest import png

IMAGE = "fal-ai/nano-banana"


def test_an_upload_is_kept_with_its_name_and_type_and_can_be_read(fal, sandbox):
    url = fal.upload(b"words", "text/plain", "note.txt")
    reply = httpx.get(url)
    assert (reply.content, reply.headers["content-type"], url.rsplit("/", 1)[1]) == (b"words", "text/plain", "note.txt")
    (upload,) = sandbox.ledger()["uploads"]
    assert (upload["name"], upload["type"], upload["size"]) == ("note.txt", "text/plain", 5)


def test_a_large_upload_is_joined_in_the_order_of_its_parts(fal, tmp_path, monkeypatch):
    data = bytes(range(256)) * 1024 * 4
    path = tmp_path / "weights.safetensors"
    path.write_bytes(data)
    monkeypatch.setattr(fal_client.client, "MULTIPART_THRESHOLD", 1000)
    monkeypatch.setattr(fal_client.client, "MULTIPART_CHUNK_SIZE", 100_000)
    url = fal.upload_file(path)
    assert httpx.get(url).content == data


def test_the_fallback_upload_goes_by_initiate_and_put(fal):
    url = fal.upload(b"words", "text/plain", "note.txt", repository="fal", fallback_repository="fal")
    assert httpx.get(url).content == b"words"


def test_an_uploads_lifetime_is_kept(fal, sandbox):
    url = fal.upload(b"x", "text/plain", lifecycle=fal_client.StorageSettings(expires_in="1h"))
    sandbox.advance(3590)
    assert httpx.get(url).status_code == 200
    sandbox.advance(20)
    assert httpx.get(url).status_code == 404


def test_an_upload_without_a_token_is_refused(sandbox):
    assert httpx.post(f"{sandbox.url}/cdn/files/upload", content=b"x").status_code == 401


def test_an_upload_can_be_scripted_to_fail(fal, sandbox):
    sandbox.script("upload_error", contains="frame", status=400)
    fal.upload(png(), "image/png", "other.png")
    with pytest.raises(fal_client.client.FalClientHTTPError):
        fal.upload(png(), "image/png", "frame.png", fallback_repository="fal_v3")


def history(http, **query):
    reply = http.get("/v1/models/requests/by-endpoint", params={"endpoint_id": IMAGE, **query})
    assert reply.status_code == 200
    return reply.json()


def test_a_finished_job_whose_id_was_lost_is_found_by_its_input(http, sandbox):
    sandbox.script("lose_reply", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post(f"/queue/{IMAGE}", json={"prompt": "lost", "seed": 991})
    (job,) = sandbox.jobs()
    sandbox.wait_for(job["request_id"])
    (item,) = history(http, expand="payloads")["items"]
    assert (item["request_id"], item["json_input"]["seed"], item["status_code"]) == (job["request_id"], 991, 200)
    assert item["json_output"]["images"]
    assert datetime.fromisoformat(item["ended_at"]).tzinfo is not None


def test_running_jobs_and_other_models_are_not_in_the_history(http, sandbox):
    sandbox.script("never", contains="run")
    http.post(f"/queue/{IMAGE}", json={"prompt": "running"})
    other = http.post("/queue/fal-ai/z-image/turbo", json={"prompt": "abc"}).json()
    sandbox.wait_for(other["request_id"])
    assert history(http)["items"] == []


def test_the_history_is_paged_newest_first_and_filtered(http, sandbox):
    ids = []
    for number in range(5):
        ids.append(http.post(f"/queue/{IMAGE}", json={"prompt": "abc" if number else ""}).json()["request_id"])
        sandbox.wait_for(ids[-1])
    first = history(http, limit=3)
    rest = history(http, limit=3, cursor=first["next_cursor"])
    assert [item["request_id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert (first["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)
    assert [item["request_id"] for item in history(http, status="user_error")["items"]] == [ids[0]]
    assert len(history(http, request_id=ids[2])["items"]) == 1
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert history(http, start=later, end=later)["items"] == []


def test_payloads_that_are_not_stored_are_empty_in_the_history(http, sandbox):
    request_id = http.post(
        f"/queue/{IMAGE}", json={"prompt": "secret"}, headers={"X-Fal-Store-IO": "0"}
    ).json()["request_id"]  # fmt: skip
    sandbox.wait_for(request_id)
    (item,) = history(http, expand="payloads")["items"]
    assert (item["json_input"], item["json_output"]) == (None, None)


def test_the_history_needs_an_endpoint_and_sane_numbers(http):
    assert http.get("/v1/models/requests/by-endpoint").status_code == 422
    for wrong in ({"limit": "101"}, {"limit": "many"}, {"cursor": "%%"}, {"start": "yesterday"}):
        assert http.get("/v1/models/requests/by-endpoint", params={"endpoint_id": IMAGE, **wrong}).status_code == 422


def test_prices_have_their_unit(http):
    (price,) = http.get("/v1/models/pricing", params={"endpoint_id": IMAGE}).json()["prices"]
    assert price == {"endpoint_id": IMAGE, "unit_price": 0.039, "unit": "image", "currency": "USD"}
