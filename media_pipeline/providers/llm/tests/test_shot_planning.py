"""A pipeline plans a scene with a model over HTTP, and by rules where the model is no use."""

from __future__ import annotations

import pytest

from media_pipeline.planning_by_model import RULES_INSTEAD, ask_for_plan, stage_of
from media_pipeline.runs import registry, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance
from media_pipeline.tests.test_planning_by_model import SETTINGS, answer_like, kitchen
from prompts.models import ModelProfile
from scenes.planning.tests import pages

from .chat_server import says


@pytest.fixture
def planned(monkeypatch, project, db):
    """Plan a scene as a run does; returns the plan."""
    ModelProfile.objects.filter(capability="text").update(price=0)
    monkeypatch.setattr(registry, "_pipelines", {})
    monkeypatch.setattr(registry, "_load", lambda: None)

    def plan(stage):
        plans = []
        registry.pipeline("plans")(lambda run: plans.append(ask_for_plan(run, "shots", stage, tier="standard")))
        with transport.in_process():
            start_run("plans", "scene:1", project)
            while due := due_runs().first():
                advance(due.pk)
        return plans[-1]

    return plan


def test_a_wrong_plan_is_repaired_by_the_model_with_what_is_wrong(chat, planned):
    stage = kitchen()
    right = answer_like(stage.rules)
    wrong = {"shots": right["shots"][:-1]}
    chat.replies = [says(wrong), says(right)]
    plan = planned(stage)
    assert (plan.planner, len(plan.shots)) == ("model", len(stage.rules.shots))
    assert "No shot holds the beats" in chat.asked[1]["messages"][1]["content"]
    assert chat.asked[0]["response_format"]["type"] == "json_schema"


def test_a_plan_that_stays_wrong_leaves_it_to_the_rules(chat, planned):
    stage = kitchen()
    chat.replies = [says({"shots": []}), says("I would rather not.")]
    plan = planned(stage)
    assert (plan.planner, plan.shots) == (RULES_INSTEAD, stage.rules.shots)
    assert "not JSON" in plan.warnings[-1]


def test_a_scene_without_a_beat_and_a_site_without_a_model_are_planned_by_rules(chat, planned, settings):
    empty = pages.scene()
    stage = stage_of(empty, pages.context(empty), SETTINGS)
    assert planned(stage) == stage.rules
    settings.LLM_BASE_URL = ""
    assert planned(kitchen()) == kitchen().rules
    assert chat.asked == []
