"""Media services on their own: from an upload to what is made of it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media.probe import probe
from media_pipeline.runs import executor, transport
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.models import Run
from media_pipeline.tests.machine_made import made_by_ffmpeg
from projects.actions import change_project

SECOND = ("-f", "lavfi", "-i", "testsrc=size=160x90:rate=24:duration=1", "-f", "lavfi", "-i", "sine=440:duration=1")


@pytest.fixture(autouse=True)
def _small(project):
    change_project(project, resolution="720p", frame_rate="24")


@pytest.fixture
def api(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def clip(tmp_path):
    return made_by_ffmpeg(tmp_path / "clip.mp4", *SECOND, "-pix_fmt", "yuv420p", "-shortest").read_bytes()


@pytest.fixture
def music(tmp_path):
    return made_by_ffmpeg(tmp_path / "music.wav", "-f", "lavfi", "-i", "sine=220:duration=0.4").read_bytes()


@pytest.fixture
def send(api, project):
    def send(data, name):
        url = f"/api/v1/projects/{project.slug}/media/"
        return api.post(url, {"file": SimpleUploadedFile(name, data)})

    return send


def ask(api, project, service, data, **headers):
    url = f"/api/v1/projects/{project.slug}/media/{service}/"
    return api.post(url, data, content_type="application/json", headers=headers)


def finish():
    with transport.in_process():
        while run := due_runs().first():
            executor.advance(run.pk)


def made_by(answer):
    assert answer.status_code == 202, answer.content
    finish()
    run = Run.objects.get(pk=answer.json()["id"])
    assert run.state == "succeeded", run.error
    return run.output, MediaAsset.objects.get(pk=run.output["asset"])


def test_an_upload_is_known_by_its_content(api, send, clip, owner):
    told = send(clip, "clip.mov").json()
    assert (told["kind"], told["frames"], told["width"]) == ("video", 24, 160)
    assert send(clip, "again.mp4").json()["asset"] == told["asset"]
    assert MediaAsset.objects.get().created_by == owner
    refused = send(b"#!/bin/sh\necho no\n", "clip.mp4")
    assert refused.status_code == 400
    assert "file" in refused.json()["errors"]
    length = api.get(f"/api/v1/media/{told['asset']}/length/").json()
    assert (Fraction(length["seconds"]), length["frames"], length["frame_rate"]) == (1, 24, "24")


@pytest.mark.slow
def test_every_service_makes_what_it_says(api, project, send, clip, music):
    video, sound = send(clip, "a.mp4").json()["asset"], send(music, "m.wav").json()["asset"]

    _, still = made_by(ask(api, project, "last-frame", {"asset": video}))
    assert (still.kind, still.width, still.height) == ("image", 160, 90)

    output, film = made_by(ask(api, project, "stitch", {"assets": [video, video]}))
    assert (output["frames"], film.frame_count, film.has_audio) == (48, 48, True)
    assert (film.width, film.height) == project.frame_size

    output, heard = made_by(ask(api, project, "audio-stitch", {"assets": [sound, sound], "gap_ms": 200}))
    assert (heard.kind, Fraction(output["seconds"])) == ("audio", Fraction(1))
    assert abs(probe(storage.local_path(project.pk, heard.sha256)).duration - 1) < Fraction(1, 1000)

    output, scored = made_by(ask(api, project, "music-track", {"asset": video, "music": sound, "ducking_db": 6}))
    assert (output["frames"], scored.has_audio, scored.derived_from_id) == (24, True, video)


def test_a_keyed_request_starts_one_run_and_so_does_the_same_one(api, project, send, clip):
    video = send(clip, "a.mp4").json()["asset"]
    first = ask(api, project, "last-frame", {"asset": video}, **{"Idempotency-Key": "k"})
    assert first.status_code == 202
    assert ask(api, project, "last-frame", {"asset": video}, **{"Idempotency-Key": "k"}).json() == first.json()
    assert ask(api, project, "last-frame", {"asset": video}).json()["id"] == first.json()["id"]
    assert api.get(f"/api/v1/runs/{first.json()['id']}/").json()["state"] == "queued"


def test_what_cannot_be_done_is_said_before_anything_starts(api, project, send, clip, music):
    video, sound = send(clip, "a.mp4").json()["asset"], send(music, "m.wav").json()["asset"]
    assert "is audio; this takes video" in ask(api, project, "stitch", {"assets": [sound]}).json()["detail"]
    assert "no file 999" in ask(api, project, "last-frame", {"asset": 999}).json()["detail"]
    assert ask(api, project, "stitch", {"assets": []}).status_code == 400
    assert "takes audio" in ask(api, project, "music-track", {"asset": video, "music": video}).json()["detail"]
    assert not Run.objects.exists()


def test_files_of_others_do_not_exist(api, client, project, send, clip, stranger, member):
    video = send(clip, "a.mp4").json()["asset"]
    client.force_login(stranger)
    assert client.get(f"/api/v1/media/{video}/length/").status_code == 404
    assert ask(client, project, "last-frame", {"asset": video}).status_code == 404
    client.force_login(member)
    assert client.get(f"/api/v1/media/{video}/length/").status_code == 200
    assert ask(client, project, "last-frame", {"asset": video}).status_code == 403
