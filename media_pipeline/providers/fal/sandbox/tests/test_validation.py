"""Bodies are judged when the job starts, in the shapes fal uses, and inputs are really fetched."""

from __future__ import annotations

import json

import fal_client
import pytest

from media_pipeline.providers.fal.sandbox.inputs import is_loopback
from media_pipeline.providers.fal.sandbox.media_surface import bomb_png

from .conftest import answer, png, training_zip

EDIT = "fal-ai/nano-banana/edit"


@pytest.fixture
def refused(http, sandbox):
    """Submit, see it accepted, and return status and first error of the result."""

    def ask(endpoint, **body):
        accepted = http.post(f"/queue/{endpoint}", json=body)
        assert accepted.status_code == 200
        job = sandbox.wait_for(accepted.json()["request_id"])
        reply = http.get(accepted.json()["response_url"])
        assert (reply.status_code, reply.json()) == (job["status_code"], job["reply"])
        assert job["units"] is None
        return reply.status_code, reply.json()["detail"][0]

    return ask


@pytest.mark.parametrize(
    ("endpoint", "body", "loc", "kind"),
    [
        ("fal-ai/nano-banana", {}, ["body", "prompt"], "missing"),
        ("fal-ai/nano-banana", {"prompt": "ab"}, ["body", "prompt"], "string_too_short"),
        ("fal-ai/nano-banana", {"prompt": "abc", "num_images": 5}, ["body", "num_images"], "less_than_equal"),
        (EDIT, {"prompt": "abc", "image_urls": "http://one"}, ["body", "image_urls"], "list_type"),
        (EDIT, {"prompt": "abc", "image_url": "http://one"}, ["body", "image_urls"], "missing"),
        ("fal-ai/flux-lora", {"prompt": "abc", "output_format": "jpg"}, ["body", "output_format"], "literal_error"),
        ("fal-ai/flux-2-trainer", {"image_data_url": "x", "steps": 150}, ["body", "steps"], "multiple_of"),
        ("fal-ai/wan-22-image-trainer", {"training_data_url": "x"}, ["body", "trigger_phrase"], "missing"),
        (
            "fal-ai/wan/v2.2-a14b/text-to-video", {"prompt": "abc", "num_frames": 16}, ["body", "num_frames"],
            "greater_than_equal",
        ),
        ("fal-ai/moondream2/visual-query", {"image_url": "x", "query": "red?"}, ["body", "prompt"], "missing"),
        ("fal-ai/elevenlabs/music", {}, ["body"], "value_error"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_accepted_and_fails_with_its_place_and_type(refused, endpoint, body, loc, kind):
    status, error = refused(endpoint, **body)
    assert (status, error["loc"], error["type"]) == (422, loc, kind)
    assert error["url"] == f"https://docs.fal.ai/errors/#{kind}"


def test_an_unknown_field_is_ignored(fal):
    assert answer(fal, "fal-ai/nano-banana", {"prompt": "abc", "no_such_field": 1})["images"]


def test_a_completed_failure_is_told_by_the_status_too(fal, sandbox):
    handle = fal.submit(EDIT, {"prompt": "abc"})
    sandbox.wait_for(handle.request_id)
    status = handle.status()
    assert isinstance(status, fal_client.Completed)
    assert status.error == "Invalid status code: 422"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("http://127.0.0.1:9/nothing-listens.png", "file_download_error"),
        ("http://example.com/elsewhere.png", "file_download_error"),
        ("file:///etc/passwd", "file_download_error"),
        ("data:image/png;base64,####", "file_download_error"),
        ("data:image/png;base64,", "file_download_error"),
        (fal_client.encode(b"this is no picture", "image/png"), "image_load_error"),
        (fal_client.encode(png()[:60], "image/png"), "image_load_error"),
    ],
)
def test_an_address_that_gives_no_picture_fails_the_job(refused, address, kind):
    status, error = refused(EDIT, prompt="abc", image_urls=[fal_client.encode(png(), "image/png"), address])
    assert (status, error["type"], error["loc"]) == (422, kind, ["body", "image_urls", 1])


def test_other_machines_are_not_even_asked(refused):
    for address in ("http://example.com/a.png", "http://169.254.169.254/a.png", "ftp://127.0.0.1/a.png"):
        _, error = refused(EDIT, prompt="abc", image_urls=[address])
        assert "loopback only" in error["msg"]


def test_an_address_of_the_sandbox_that_is_not_there_fails(refused, sandbox):
    status, error = refused(EDIT, prompt="abc", image_urls=[f"{sandbox.url}/cdn/files/b/0/gone.png"])
    assert (status, error["type"]) == (422, "file_download_error")


def test_a_picture_that_would_fill_the_memory_is_not_loaded(refused):
    status, error = refused(EDIT, prompt="abc", image_urls=[fal_client.encode(bomb_png(), "image/png")])
    assert (status, error["type"]) == (422, "image_load_error")


def test_a_video_is_not_taken_for_a_picture_nor_a_picture_for_a_video(refused):
    picture = fal_client.encode(b"RIFF0000WAVE", "video/mp4")
    status, error = refused("fal-ai/seedvr/upscale/video", video_url=picture)
    assert (status, error["type"]) == (422, "unsupported_video_format")


def test_moondream_refuses_what_is_larger_than_it_reads(refused):
    wide = fal_client.encode(png(7001, 1), "image/png")
    status, error = refused("fal-ai/moondream3-preview/query", image_url=wide, prompt="is it red?")
    assert (status, error["type"], error["ctx"]) == (422, "image_too_large", {"max_width": 7000, "max_height": 7000})


def test_a_training_picture_needs_its_caption(refused, fal):
    archive = fal_client.encode(training_zip(captions=False), "application/zip")
    status, error = refused("fal-ai/z-image-trainer", image_data_url=archive)
    assert (status, error["msg"]) == (422, "0.png has no caption and there is no default_caption")
    assert answer(fal, "fal-ai/z-image-trainer", {"image_data_url": archive, "default_caption": "a person"})


@pytest.mark.parametrize("data", [b"no zip", training_zip(pictures=0)])
def test_an_archive_without_pictures_fails_the_training(refused, data):
    status, _ = refused("fal-ai/flux-lora-fast-training", images_data_url=fal_client.encode(data, "application/zip"))
    assert status == 422


def test_an_invalid_body_is_billed_only_when_the_sandbox_is_told_so(http, sandbox):
    sandbox.change(bill_invalid=True)
    accepted = http.post(f"/queue/{EDIT}", json={"prompt": "abc"}).json()
    assert sandbox.wait_for(accepted["request_id"])["units"] == "1"


def test_a_body_that_is_no_object_is_not_accepted(http, sandbox):
    for content in (b"[1, 2]", b"{broken", json.dumps("text").encode()):
        assert http.post("/queue/fal-ai/nano-banana", content=content).status_code == 422
    assert sandbox.ledger()["accepted"] == 0


def test_only_this_machine_is_loopback():
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "10.0.0.1", "169.254.169.254", "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
