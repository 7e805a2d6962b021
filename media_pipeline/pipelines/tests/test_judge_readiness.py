"""The model's judgement of the material: beside the rules', once per department, and only where it is valid."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from media_pipeline import judging
from media_pipeline.departments import registry
from media_pipeline.departments.registry import Department, Phase, Readiness
from media_pipeline.judging import start_judging
from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from media_pipeline.qualification import keep_readiness
from media_pipeline.runs import transport
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance
from media_pipeline.runs.models import Run, RunState
from projects.actions import add_gather_item
from projects.models import DepartmentReadiness
from prompts.models import ModelProfile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_departments(monkeypatch):
    """Two departments whose rules say 40."""
    found = tuple(
        Department(
            key=key, label=key.title(), phase=Phase.A, does="Works.", kinds=frozenset({"note"}),
            qualify=lambda run, project: {}, readiness=lambda _: Readiness(40, ("More.",)),
        )
        for key in ("cast", "camera")
    )  # fmt: skip
    for module in (registry, judging):
        monkeypatch.setattr(module, "departments", lambda: found)
    monkeypatch.setattr("media_pipeline.qualification.departments", lambda: found)


def finished(run):
    with transport.in_process():
        while due := due_runs().first():
            advance(due.pk)
    run.refresh_from_db()
    return run


def told(project):
    return sorted(project.readiness.values_list("department", "evaluated_by", "score"))


def test_without_a_model_nobody_is_asked(project):
    ModelProfile.objects.filter(capability="text").update(active=False)
    with pytest.raises(ValidationError, match="No language model"):
        start_judging(project)
    assert not Run.objects.exists()


def test_each_department_is_asked_once_and_the_answer_stands_beside_the_rules(project, chat):  # noqa: F811
    add_gather_item(project, "note", title="The lamp", body="It burns whale oil.")
    keep_readiness(project)
    chat.replies += [
        says('{"score": 80, "missing": []}'), says('{"score": 30, "missing": ["The lens is not named: add it."]}')
    ]  # fmt: skip
    run = finished(start_judging(project))
    assert run.state == RunState.SUCCEEDED, run.error
    assert told(project) == [
        ("camera", "model", 30), ("camera", "rules", 40), ("cast", "model", 80), ("cast", "rules", 40)
    ]  # fmt: skip
    assert "whale oil" in str(chat.asked[0])
    assert DepartmentReadiness.objects.get(department="camera", evaluated_by="model").missing == [
        "The lens is not named: add it."
    ]


def test_an_answer_that_is_not_valid_twice_is_recorded_nowhere_and_named(project, chat):  # noqa: F811
    bad = says('{"score": 20, "missing": []}')
    chat.replies += [bad, bad, says('{"score": 90, "missing": []}')]
    run = finished(start_judging(project))
    assert told(project) == [("camera", "model", 90)]
    ((label, why),) = judging.unanswered(run.output)
    assert label == "Cast"
    assert "has to say what is missing" in why
