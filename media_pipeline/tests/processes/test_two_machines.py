"""Two worker machines over PostgreSQL and an object store: the work is shared, and one of them may vanish.

Each machine has its own processes, its own folders for work and caches, and a name that the other cannot look behind.
Files go through django-storages to an S3 server on this machine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import boto3
import pytest
from moto.server import ThreadedMotoServer

from media_pipeline.providers.fal.sandbox.testing import running_sandbox

from .house import House
from .machine import MACHINE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="two machines share a PostgreSQL server"),
]

RUNS = 24
PATIENCE = 240
BUCKET, KEY = "rushes", "testing"


class Machine:
    """The processes of one machine, in a process group each."""

    def __init__(self, house: House, name: str, environment: dict[str, str]) -> None:
        self.folder = house.folder / name
        self.folder.mkdir()
        self.environment = house.environment | environment | {MACHINE: name, "DATA_DIR": str(self.folder)}
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> None:
        """One command of the site on this machine."""
        command = [sys.executable, "-m", "media_pipeline.tests.processes.machine", *words]
        with (self.folder / "log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    command, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            )

    def vanish(self) -> None:
        """Power off: every process is killed at once, and none comes back."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.processes:
            process.wait()

    @property
    def taken(self) -> set[int]:
        """The runs it has worked on."""
        file = self.folder / "taken"
        return {int(line) for line in file.read_text().split()} if file.exists() else set()

    def said(self) -> str:
        """The end of what its processes wrote."""
        return (self.folder / "log").read_text()[-3000:]


@pytest.fixture
def bucket():
    """An S3 server with an empty bucket: its client and the settings that lead there."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
    yield client, {
        "MEDIA_BUCKET": BUCKET, "MEDIA_ENDPOINT_URL": address, "MEDIA_ACCESS_KEY": KEY, "MEDIA_SECRET_KEY": KEY,
        "AWS_DEFAULT_REGION": "us-east-1", "RUN_LEASE_SECONDS": "5",
    }  # fmt: skip
    server.stop()


@pytest.fixture
def house(tmp_path, bucket):
    with running_sandbox(tmp_path, plain_media=True, concurrency=50, seconds=0.5) as sandbox:
        (tmp_path / "house").mkdir()
        house = House(tmp_path / "house", tmp_path / "none", sandbox)
        house.environment |= bucket[1]
        yield house
        house.remove()


def wait_until(true, said):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, said()
        time.sleep(0.2)


def done(house):
    return house.rows("SELECT count(*) FROM media_pipeline_run WHERE state = 'succeeded'")[0][0]


def test_work_is_shared_nothing_is_done_twice_and_a_machine_that_vanishes_leaves_no_run_behind(house, bucket):
    client, settings = bucket
    first, second = Machine(house, "first", settings), Machine(house, "second", settings)
    try:
        for machine in (first, second):
            machine.start("worker", "--cluster")
            machine.start("poller")
        asked = house.ask(*({"prompt": f"machine case {number:03d}", "video": True} for number in range(RUNS)))
        wait_until(
            lambda: done(house) >= RUNS // 4 and first.taken and second.taken, lambda: first.said() + second.said()
        )
        first.vanish()
        wait_until(lambda: done(house) == RUNS, second.said)
    finally:
        first.vanish()
        second.vanish()
    assert first.taken
    assert second.taken
    for number, one in enumerate(asked):
        house.assert_one_job_for_each_call(f"machine case {number:03d}", one["run"])
    stored = {entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET)["Contents"]}
    named = {row[0] for row in house.rows("SELECT file FROM media_pipeline_mediaasset")}
    assert named <= stored
    assert not list(first.folder.glob("media/**/*.png")), "what is made stays on no machine's own disk"
    assert house.sandbox.ledger()["accepted"] == 2 * RUNS
