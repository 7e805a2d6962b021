"""When a worker cluster counts as dead, and when it is only busy."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from django_q.models import OrmQ

from media_pipeline.runs import tasks
from media_pipeline.runs.models import WorkerBeat
from studio.processes.watchdog import ASK_AFTER, ASK_EVERY, STALE, Watchdog


class Cluster:
    """A cluster that runs, or ended in some way."""

    def __init__(self, exit_code=None):
        self.exit_code = exit_code

    def how_it_ended(self):
        return f"ended with exit code {self.exit_code}"


@pytest.fixture
def watchdog(db, monkeypatch):
    """One that started its cluster long ago and has asked for no beat yet."""
    monkeypatch.setattr("studio.processes.watchdog.close_old_connections", lambda: None)  # it is the test's own
    watchdog = Watchdog()
    watchdog._began = time.monotonic() - 10_000
    watchdog._asked = time.monotonic() - 10_000
    return watchdog


def beat(name, seconds_ago):
    WorkerBeat.objects.update_or_create(name=name, defaults={"at": timezone.now() - timedelta(seconds=seconds_ago)})


def questions():
    return OrmQ.objects.count()


def test_a_cluster_that_beat_lately_is_neither_asked_nor_restarted(watchdog):
    beat(watchdog.name, ASK_AFTER - 5)
    assert watchdog._trouble(Cluster()) == ""
    assert questions() == 0


def test_a_quiet_cluster_is_asked_for_a_beat_now_and_then(watchdog):
    beat(watchdog.name, ASK_AFTER + 5)
    assert watchdog._trouble(Cluster()) == ""
    assert watchdog._trouble(Cluster()) == ""
    assert questions() == 1
    watchdog._asked -= ASK_EVERY + 1
    watchdog._trouble(Cluster())
    assert questions() == 2


def test_each_of_several_clusters_gets_its_turn_to_answer(watchdog):
    beat(watchdog.name, ASK_AFTER + 5)
    beat("elsewhere/1", 1)
    beat("elsewhere/2", 1)
    beat("long gone/3", STALE + 100)
    watchdog._trouble(Cluster())
    assert questions() == 3


def test_a_cluster_without_a_beat_for_long_takes_no_work(watchdog):
    beat(watchdog.name, STALE + 5)
    assert watchdog._trouble(Cluster()) == f"The worker cluster has taken no work for {STALE + 5:.0f} seconds."


def test_a_cluster_gets_time_to_start(watchdog):
    watchdog._began = time.monotonic() - STALE / 2
    assert watchdog._trouble(Cluster()) == ""


def test_a_cluster_that_ended_is_started_again_at_once(watchdog):
    assert watchdog._trouble(Cluster(exit_code=1)) == "The worker cluster ended with exit code 1."


def test_a_lost_database_is_no_reason_to_kill_a_cluster(watchdog, monkeypatch):
    beat(watchdog.name, STALE + 5)

    def lost(*args):
        raise DatabaseError("the server closed the connection")

    monkeypatch.setattr("studio.processes.watchdog.connection.close", lambda: None)
    with monkeypatch.context() as outage:
        outage.setattr(watchdog, "_silence", lost)
        assert watchdog._trouble(Cluster()) == ""
    assert watchdog._trouble(Cluster()) == ""  # and it gets the time to beat again


# -- the beats themselves


def test_a_cluster_beats_under_the_name_its_watchdog_gave_it(db, monkeypatch):
    tasks.beat()
    assert not WorkerBeat.objects.exists()
    monkeypatch.setenv(tasks.NAME_VARIABLE, "here/42")
    tasks.beat()
    tasks.beat()
    assert [row.name for row in WorkerBeat.objects.all()] == ["here/42"]


@pytest.fixture
def beats(monkeypatch):
    """Counts beats instead of writing them."""
    counted = threading.Semaphore(0)
    monkeypatch.setattr(tasks, "beat", counted.release)
    monkeypatch.setattr(tasks.connection, "close", lambda: None)
    return counted


def test_a_worker_busy_with_one_long_task_goes_on_beating(beats, monkeypatch):
    monkeypatch.setattr(tasks, "PULSE", 0.001)
    pulse = tasks.Pulse()
    pulse.begin()
    for _ in range(5):
        assert beats.acquire(timeout=60)
    pulse.end()
    assert pulse._stop.is_set()


def test_many_short_tasks_do_not_write_a_beat_each(beats):
    pulse = tasks.Pulse()
    for _ in range(20):
        pulse.begin()
        pulse.end()
    assert beats.acquire(timeout=0)
    assert not beats.acquire(timeout=0)


def test_a_beat_that_cannot_be_written_does_not_fail_the_task(monkeypatch, caplog):
    def lost():
        raise DatabaseError("the server closed the connection")

    monkeypatch.setattr(tasks, "beat", lost)
    pulse = tasks.Pulse()
    pulse.begin()
    pulse.end()
    assert "could not leave its beat: the server closed the connection" in caplog.text
