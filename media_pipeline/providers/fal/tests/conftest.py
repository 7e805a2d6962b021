"""A production whose pictures come from fal: the real client, the real poller, and a sandbox."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from media_pipeline.providers.fal.hosts import hosts
from media_pipeline.providers.fal.sandbox.testing import running_sandbox
from media_pipeline.runs import executor, poller, registry, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.models import Step, StepState
from projects.actions import set_budget


@pytest.fixture
def sandbox(tmp_path, settings):
    with running_sandbox(tmp_path) as found:
        for name, value in found.environment.items():
            setattr(settings, name, value)
        hosts.cache_clear()
        yield found
    hosts.cache_clear()


@pytest.fixture
def ask(project, owner, monkeypatch):
    """Ask one thing of a provider, as a run on a subject: `ask(request)` starts it and gives the run."""
    monkeypatch.setattr(registry, "_pipelines", {})
    monkeypatch.setattr(registry, "_load", lambda: None)
    set_budget(project, limit=Decimal(10))
    wanted = {}

    @registry.pipeline("ask")
    def pipeline(run):
        answer = run.call("ask", wanted[run.run.subject])
        return {"files": list(answer.files), "text": answer.text}

    def ask(request, subject="thing:1"):
        wanted[subject] = request
        with transport.in_process():
            return start_run("ask", subject, project, by=owner)

    return ask


@pytest.fixture
def work(sandbox):
    """Advance and poll until the run has ended or nothing can move; every wait of the product is skipped."""

    def work(run, rounds=40):
        with transport.in_process():
            for _ in range(rounds):
                if not advanced(run).is_open:
                    return run
                waiting = Step.objects.filter(state__in=[*poller.ASKED, StepState.CREATED])
                waiting.filter(next_poll_at__isnull=False).update(next_poll_at=timezone.now())
                poller.wake_retries()
                for step in poller.claim_steps(10):
                    sandbox.wait_until(lambda step=step: not _queued(sandbox, step))
                    poller.attend(step)
            return advanced(run)

    def advanced(run):
        while (due := due_runs().first()) is not None:
            executor.advance(due.pk)
        run.refresh_from_db()
        return run

    return work


def _queued(sandbox, step):
    jobs = {job["request_id"]: job for job in sandbox.jobs()}
    state = jobs.get(step.request_id, {}).get("state", "")
    return state in ("IN_QUEUE", "IN_PROGRESS") and not jobs[step.request_id].get("faults")
