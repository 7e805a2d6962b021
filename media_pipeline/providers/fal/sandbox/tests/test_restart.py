"""What outlives the sandbox, what it costs to call, and the command that runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
from django.core.management import CommandError, call_command

from media_pipeline.providers.fal.sandbox.testing import Sandbox, running_sandbox

from .conftest import answer, pointed_client

IMAGE = "fal-ai/nano-banana"


def test_jobs_media_calls_and_keys_outlive_a_restart(tmp_path, monkeypatch):
    with running_sandbox(tmp_path) as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
        fal = pointed_client(sandbox.url, monkeypatch)
        sandbox.script("never", contains="unfinished")
        done = fal.submit(IMAGE, {"prompt": "finished"})
        made = done.get(interval=0.01)
        open_job = fal.submit(IMAGE, {"prompt": "unfinished"})
        jwks = httpx.get(f"{sandbox.url}/.well-known/jwks.json").json()
        sandbox.advance(5000)
    with running_sandbox(tmp_path, port=port) as sandbox:
        assert fal.result(IMAGE, done.request_id) == made
        assert httpx.get(made["images"][0]["url"]).content.startswith(b"\x89PNG")
        assert [job["request_id"] for job in sandbox.jobs()] == [done.request_id, open_job.request_id]
        assert sandbox.job(open_job.request_id)["state"] == "IN_PROGRESS"
        assert sandbox.ledger()["calls"][IMAGE]["submit"] == 2
        assert httpx.get(f"{sandbox.url}/.well-known/jwks.json").json() == jwks


def test_a_waiting_job_is_run_and_a_waiting_webhook_delivered_after_a_restart(tmp_path, monkeypatch, receiver):
    with running_sandbox(tmp_path, concurrency=0) as sandbox:
        fal = pointed_client(sandbox.url, monkeypatch)
        handle = fal.submit(IMAGE, {"prompt": "later"}, webhook_url=receiver.url)
    with running_sandbox(tmp_path) as sandbox:
        sandbox.wait_for_webhooks()
    assert [told["request_id"] for told in receiver.bodies()] == [handle.request_id]


def test_the_ledger_counts_jobs_by_webhook_and_finds_words_in_bodies(sandbox, fal):
    for prompt, hook in (("one", "a"), ("two", "a"), ("three", "b")):
        fal.submit(IMAGE, {"prompt": prompt}, webhook_url=f"http://127.0.0.1:9/{hook}")
    ledger = sandbox.ledger()
    assert ledger["accepted_by_webhook"] == {"http://127.0.0.1:9/a": 2, "http://127.0.0.1:9/b": 1}
    assert ledger["duplicates"] == []
    assert [sandbox.ledger(contains=words)["accepted"] for words in ("three", "127.0.0.1:9/a", "none")] == [1, 2, 0]


def test_the_ledger_adds_up_units_and_dollars(sandbox, fal):
    for count in (1, 3):
        answer(fal, IMAGE, {"prompt": "abc", "num_images": count})
    ledger = sandbox.ledger()
    assert (ledger["billed_units"], ledger["billed_dollars"]) == ({IMAGE: "4"}, "0.156")


def test_a_reset_forgets_jobs_and_faults_and_keeps_the_keys(sandbox, fal):
    sandbox.script("never")
    fal.submit(IMAGE, {"prompt": "abc"})
    keys = httpx.get(f"{sandbox.url}/.well-known/jwks.json").json()
    sandbox.reset()
    ledger = sandbox.ledger()
    assert (ledger["accepted"], ledger["calls"], ledger["running"]) == (0, {}, 0)
    assert answer(fal, IMAGE, {"prompt": "abc"})["images"]
    assert httpx.get(f"{sandbox.url}/.well-known/jwks.json").json() == keys


def test_two_sandboxes_with_the_same_seed_make_the_same_things(tmp_path, monkeypatch):
    files = []
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        with running_sandbox(tmp_path / folder, seed=seed) as sandbox:
            made = answer(pointed_client(sandbox.url, monkeypatch), "fal-ai/z-image/turbo", {"prompt": "abc"})
            files.append((made["seed"], httpx.get(made["images"][0]["url"]).content))
    assert files[0] == files[1] != files[2]


def test_hundreds_of_submits_at_once_are_all_accepted_and_all_different(sandbox):
    """Speed is measured in docs/fal-sandbox.md; here only that nothing is lost."""
    sandbox.change(concurrency=0)
    ids = []

    def send(count):
        with httpx.Client(headers={"Authorization": "Key a:b"}, trust_env=False) as client:
            for _ in range(count):
                ids.append(client.post(f"{sandbox.url}/queue/{IMAGE}", json={"prompt": "abc"}).json()["request_id"])

    threads = [threading.Thread(target=send, args=(50,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == sandbox.ledger()["accepted"] == 200


@pytest.mark.parametrize("faults", ["lose_reply=often", "no_such_fault=0.1", "/no/such/file.json"])
def test_the_command_says_what_is_wrong_with_its_faults(faults, tmp_path):
    with pytest.raises(CommandError, match=r"fault|cannot be read"):
        call_command("fal_sandbox", faults=faults, data=tmp_path)


@pytest.mark.slow
def test_a_killed_sandbox_has_lost_nothing_that_it_accepted(tmp_path, monkeypatch):
    rules = tmp_path / "faults.json"
    rules.write_text(json.dumps([{"fault": "never", "contains": "unfinished"}]))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "manage.py", "fal_sandbox", "--port", str(port), "--data", str(tmp_path / "data"),
        "--faults", str(rules), "--seconds", "0",
    ]  # fmt: skip
    sandbox = Sandbox(f"http://127.0.0.1:{port}")
    fal = pointed_client(sandbox.url, monkeypatch)
    process = _started(command, sandbox)
    done = fal.submit(IMAGE, {"prompt": "finished"})
    made = done.get(interval=0.01)
    waiting = [fal.submit(IMAGE, {"prompt": f"unfinished {number}"}).request_id for number in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process = _started(command, sandbox)
    try:
        assert [job["request_id"] for job in sandbox.jobs()] == [done.request_id, *waiting]
        assert fal.result(IMAGE, done.request_id) == made
    finally:
        process.terminate()
        process.wait()


def _started(command, sandbox):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            sandbox.client.get("health")
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    raise AssertionError("The command did not start the sandbox.")
