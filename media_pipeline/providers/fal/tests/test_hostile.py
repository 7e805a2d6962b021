"""Whatever a provider answers, the call ends with a reason, and neither memory, disk nor time are used up."""

from __future__ import annotations

import time
import tracemalloc
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from media_pipeline.assets import MediaAsset
from media_pipeline.providers import downloads
from media_pipeline.providers.base import ImageRequest
from media_pipeline.providers.fal import wire
from media_pipeline.providers.fal.hosts import hosts
from media_pipeline.runs import calls, executor, poller, transport
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.models import Step, StepState
from projects.models import Alert, BudgetAccount

from .hostile import hostile_provider

PICTURE = ImageRequest(prompt="a lighthouse at dusk", width=1280, height=720)
MEMORY = 160 * 1024 * 1024
"""Bytes: an answer of 16 MiB is held a few times over while it is read; a bomb is 2 GiB."""

DISK = 70 * 1024 * 1024
"""Bytes: the most that a picture may be, and what is in the sockets."""

LONGEST = 120
"""Seconds that a busy machine may take; without limits of ours it would be minutes more, or for ever."""

ANSWERS = ["web page", "web page as json", "list", "null", "number", "deep", "gzip bomb", "endless", "drip"]


@pytest.fixture
def hostile(settings, monkeypatch):
    monkeypatch.setattr(wire, "READ", 1.0)
    monkeypatch.setattr(wire, "LONGEST_SECONDS", 1.0)
    monkeypatch.setattr(downloads, "LONGEST_SECONDS", 1.0)
    monkeypatch.setattr(calls, "TRIES_FOR_USE", 1)
    with hostile_provider() as server:
        for name in ("run", "queue", "rest", "cdn", "api"):
            setattr(settings, f"FAL_{name.upper()}_URL", f"{server.url}/{name}")
        settings.FAL_KEY = "hostile:key"
        hosts.cache_clear()
        yield server
    hosts.cache_clear()


@pytest.fixture
def run_within_limits(ask, settings):
    """Ask for a picture and attend to it: three questions, then time is over. Gives the step."""

    def run_within_limits():
        ask(PICTURE)
        tracemalloc.start()
        started = time.monotonic()
        with transport.in_process():
            for over in (False, False, True):
                while (due := due_runs().first()) is not None:
                    executor.advance(due.pk)
                sent = timezone.now() - (timedelta(days=2) if over else timedelta(0))
                Step.objects.exclude(state=StepState.SUCCEEDED).update(submitted_at=sent)
                Step.objects.filter(next_poll_at__isnull=False).update(next_poll_at=timezone.now())
                for step in poller.claim_steps(10):
                    poller.attend(step)
            while (due := due_runs().first()) is not None:
                executor.advance(due.pk)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < MEMORY, f"{most:,} bytes"
        assert time.monotonic() - started < LONGEST
        assert not list(Path(settings.WORK_DIR).glob("*")), "nothing is left in the work folder"
        return Step.objects.get()

    return run_within_limits


def assert_failed_with_a_reason(step):
    assert step.state == StepState.FAILED
    assert step.error_class
    assert len(step.error_message) > 20, step.error_message
    step.run.refresh_from_db()
    assert step.run.state == "failed"
    assert step.error_message[:50] in step.run.error
    assert not MediaAsset.objects.exists()


@pytest.mark.parametrize("trick", [*ANSWERS, "redirect", "long id", "number for id"])
def test_a_submit_that_is_answered_strangely_is_never_sent_twice(hostile, run_within_limits, project, trick):
    hostile.where, hostile.trick = "submit", trick
    step = run_within_limits()
    assert hostile.asked["submit"] == 1
    assert hostile.sent < DISK
    assert step.error_message
    if step.state == StepState.UNKNOWN:
        assert Alert.objects.filter(source=f"step:{step.pk}", dismissed_at=None).exists()
        assert BudgetAccount.objects.get(project=project).reserved == Decimal("0.039")
    else:
        assert_failed_with_a_reason(step)


@pytest.mark.parametrize("trick", [*ANSWERS, "redirect", "strange states"])
@pytest.mark.parametrize("where", ["status", "result"])
def test_a_strange_answer_about_a_job_fails_it_at_the_latest_when_its_time_is_over(
    hostile, run_within_limits, where, trick
):
    hostile.where, hostile.trick = where, trick
    step = run_within_limits()
    assert_failed_with_a_reason(step)
    assert hostile.asked["submit"] == 1
    assert hostile.asked["file"] == 0


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        ("private address", "10.0.0.1, which is not among the hosts"),
        ("metadata service", "169.254.169.254, which is not among the hosts"),
        ("file address", "not among the hosts"),
        ("other port", "not among the hosts"),
        ("name before host", "not among the hosts"),
        ("no address", "not among the hosts"),
        ("nothing", "holds no result"),
    ],
)
def test_a_result_is_fetched_from_the_providers_own_hosts_only(hostile, run_within_limits, trick, words):
    hostile.where, hostile.trick = "result", trick
    step = run_within_limits()
    assert_failed_with_a_reason(step)
    assert words in step.error_message
    assert hostile.asked["file"] == 0


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        ("web page", "An image was promised, but the server sent text/html"),
        ("web page as png", "not a picture, clip or sound"),
        ("redirect", "redirects are not followed"),
        ("empty", "empty file"),
        ("script", "not a picture, clip or sound"),
        ("svg", "not a picture, clip or sound"),
        ("cut short", ""),
        ("ten gigabytes", "10,737,418,240 bytes"),
        ("endless", "larger than 67,108,864 bytes"),
        ("drip", ""),
        ("pixel bomb", "pixels"),
        ("gzip bomb", "sent compressed"),
        ("coded", "sent compressed"),
    ],
)
def test_a_file_that_is_none_is_a_failure_with_its_reason(hostile, run_within_limits, trick, words):
    hostile.where, hostile.trick = "file", f"file: {trick}"
    step = run_within_limits()
    assert_failed_with_a_reason(step)
    assert words in step.error_message
    assert hostile.sent < DISK * hostile.asked["file"]
