"""The commands `dev` and `worker` as they are used: real processes, killed in earnest."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
from pathlib import Path

import pytest

from studio.tests.real_site import PATIENCE, RealSite, real_site, wait_until

pytestmark = pytest.mark.slow

SHORT_WATCHDOG = """
import logging
from studio.processes.supervisor import stopped_by_signals
from studio.processes.watchdog import Watchdog
with stopped_by_signals() as stop:
    Watchdog(stale=25, ask_after=1, grace=10).run(stop)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, pytestconfig):
    site = real_site(tmp_path_factory.mktemp("site"), pytestconfig)
    yield site
    site.remove()


def group_of(pid):
    """Processes whose group leader is this one."""
    return [entry for entry, fields in _stats() if fields[2] == str(pid)]


def children_of(pid):
    """Processes started by this one."""
    return [entry for entry, fields in _stats() if fields[1] == str(pid)]


def family_of(pid):
    """This process and all that came of it."""
    family = [pid]
    for member in family:
        family += children_of(member)
    return family


def _stats():
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()
            except FileNotFoundError:
                continue


def is_running(pid):
    return any(entry == pid and fields[0] != "Z" for entry, fields in _stats())


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except FileNotFoundError:
        return ""


def child_named(parent, words):
    return next((pid for pid in children_of(parent) if words in command_of(pid)), None)


def last_beat(site):
    """When a cluster last showed that it takes work; "" when none has."""
    return max((str(row[0]) for row in site.rows("SELECT at FROM media_pipeline_workerbeat")), default="")


def cluster_of(watchdog):
    """The leader of the cluster that the watchdog runs now."""
    return next(iter(children_of(watchdog.pid)), None)


def wait_for_a_beat(site, after, log):
    """The time of the next beat after this one."""
    wait_until(lambda: last_beat(site) > after, lambda: site.said(log))
    return last_beat(site)


def test_one_command_runs_everything_and_ends_without_a_trace(site):
    with site.running("dev", "--port", str(site.port), log="dev") as dev:
        wait_until(lambda: "Rushes is at" in site.said("dev") or dev.poll() is not None, lambda: site.said("dev"))
        wait_until(lambda: "worker | The worker is ready." in site.said("dev"), lambda: site.said("dev"))
        wait_until(lambda: "poller | The poller is ready." in site.said("dev"), lambda: site.said("dev"))
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        family = family_of(dev.pid)
        assert len(family) >= 4
        dev.send_signal(signal.SIGTERM)
        assert dev.wait(PATIENCE) == 0, site.said("dev")
    wait_until(lambda: not any(is_running(pid) for pid in family))
    assert "Traceback" not in site.said("dev")


def test_when_one_process_dies_all_end_and_the_command_says_which(site):
    with site.running("dev", "--port", str(site.port), log="died") as dev:
        wait_until(lambda: "Rushes is at" in site.said("died") or dev.poll() is not None, lambda: site.said("died"))
        family = family_of(dev.pid)
        os.kill(child_named(dev.pid, "poller"), signal.SIGKILL)
        assert dev.wait(PATIENCE) == 1
    wait_until(lambda: not any(is_running(pid) for pid in family))
    assert "The process 'poller' was ended by SIGKILL" in site.said("died")


def test_nothing_goes_on_when_the_command_itself_is_killed(site):
    with site.running("dev", "--port", str(site.port), log="killed") as dev:
        wait_until(lambda: "The worker is ready." in site.said("killed"), lambda: site.said("killed"))
        wait_until(lambda: child_named(child_named(dev.pid, "worker"), "--cluster"))
        family = family_of(dev.pid)
        dev.kill()
    wait_until(lambda: not any(is_running(pid) for pid in family))


def test_a_cluster_that_hangs_or_dies_is_replaced_and_takes_work_again(site):
    with site.running("shell", "--verbosity=0", "-c", SHORT_WATCHDOG, log="watchdog") as watchdog:
        beat = wait_for_a_beat(site, "", "watchdog")
        first = cluster_of(watchdog)
        for pid in group_of(first):  # as when an idle worker was killed with the lock of the queue in its hands
            os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: "has taken no work for" in site.said("watchdog"), lambda: site.said("watchdog"))
        wait_until(lambda: cluster_of(watchdog) not in (first, None))
        assert group_of(first) == []
        beat = wait_for_a_beat(site, beat, "watchdog")

        second = cluster_of(watchdog)
        os.kill(second, signal.SIGKILL)
        wait_until(lambda: "The worker cluster was ended by SIGKILL" in site.said("watchdog"))
        wait_until(lambda: cluster_of(watchdog) not in (second, None))
        assert group_of(second) == []
        wait_for_a_beat(site, beat, "watchdog")

        third = cluster_of(watchdog)
        watchdog.send_signal(signal.SIGTERM)
        assert watchdog.wait(PATIENCE) == 0
        assert group_of(third) == []
    assert last_beat(site) == ""


def test_a_run_whose_messages_were_all_lost_is_brought_to_its_end(site):
    site.python(
        "import json\nfrom media_pipeline.runs.models import Run\n"
        f"Run.objects.create(pipeline='produce_film', subject='project:{site.seed['project']}', "
        f"project_id={site.seed['project']}, settings={{'chapter': 1}})\nprint('MADE', json.dumps({{}}))",
        "MADE",
    )
    with site.running("worker", log="worker"), site.running("poller", log="poller"):
        wait_until(
            lambda: site.rows("SELECT state FROM media_pipeline_run") == [("failed",)],
            lambda: site.said("worker") + site.said("poller"),
        )
    assert "has no scenes" in site.rows("SELECT error FROM media_pipeline_run")[0][0]


def test_a_worker_that_is_started_before_the_database_is_migrated_waits(tmp_path):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    command = RealSite.command(None, "worker")
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: "Waiting. The database lacks" in (tmp_path / "log").read_text())
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    finally:
        worker.kill()
        worker.wait()
