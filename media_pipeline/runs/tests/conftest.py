"""Small pipelines and a provider that answers when told to, for tests of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from media_pipeline.media.errors import MediaError
from media_pipeline.providers import choice
from media_pipeline.providers.base import Accepted, Capability, Pending, Result
from media_pipeline.providers.errors import Refused
from media_pipeline.runs import calls, executor, lost, registry, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.models import Run
from projects.actions import create_project
from prompts.models import ModelProfile


@dataclass
class Patient:
    """A provider that takes a job and answers when the test lets it."""

    name: str = "patient"
    local: bool = False
    capabilities: frozenset[Capability] = frozenset({Capability.IMAGE})
    submitted: list[Any] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    answers: dict[str, Result] = field(default_factory=dict)
    fault: Exception | None = None
    at_once: bool = False
    limit: int = 0
    drops: bool = True
    keeps_history: bool = False
    history: list[str] = field(default_factory=list)

    def available(self):
        return True

    def check(self, request, profile):
        if self.limit and len(request.prompt) > self.limit:
            raise Refused(f"At most {self.limit} letters, please.")

    def submit(self, request, endpoint, context):
        self.submitted.append(request)
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        if self.at_once:
            return Result(text=request.prompt)
        return Accepted(request_id=f"job-{len(self.submitted)}")

    def poll(self, request_id, endpoint, data):
        return None if request_id in self.answers else Pending()

    def fetch(self, request_id, endpoint, data, context):
        return self.answers[request_id]

    def cancel(self, request_id, endpoint, data):
        self.cancelled.append(request_id)
        return self.drops

    def find_lost(self, data, endpoint, *, since):
        return self.history


@pytest.fixture
def provider(monkeypatch, db):
    patient = Patient()
    ModelProfile.objects.create(name="Patient", capability="image", provider="patient", preference=1, price=0)
    monkeypatch.setattr(calls, "provider_named", lambda name: patient)
    monkeypatch.setattr(choice, "provider_named", lambda name: patient)
    monkeypatch.setattr(choice, "is_known", lambda name: True)
    monkeypatch.setattr(lost, "provider_named", lambda name: patient)
    return patient


@pytest.fixture
def production(db):
    return create_project(title="The Engine", code="ENGN")


@pytest.fixture
def pipelines(monkeypatch):
    """A registry of the test's own: `@pipelines("name")` registers a pipeline for this test."""
    known: dict[str, registry.Pipeline] = {}
    monkeypatch.setattr(registry, "_pipelines", known)
    monkeypatch.setattr(registry, "_load", lambda: None)
    return registry.pipeline


@pytest.fixture
def start(production):
    def start(name: str, subject: str = "thing:1", **settings: Any) -> Run:
        with transport.in_process():
            return start_run(name, subject, production, settings=settings)

    return start


@pytest.fixture
def work():
    """Advance everything that is due, in order, until nothing is; returns how many advances it took."""

    def work(limit: int = 50) -> int:
        with transport.in_process():
            for count in range(limit):
                run = due_runs().first()
                if run is None:
                    return count
                executor.advance(run.pk)
        raise AssertionError(f"Something was still due after {limit} advances.")

    return work


class Broken(MediaError):
    """A fault a pipeline's own work may have."""
