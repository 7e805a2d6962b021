"""A production's scenes become shots by the model that is set up, or by rules, and the records say which."""

from __future__ import annotations

import pytest

from media_pipeline.providers.llm.tests.chat_server import says
from media_pipeline.providers.llm.tests.conftest import chat  # noqa: F401
from media_pipeline.runs import transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance
from media_pipeline.runs.models import RunState, Step
from prompts.models import ModelProfile
from scenes.actions import change_scene
from scenes.importing import import_screenplay_file
from scenes.models import Scene, Shot

SCRIPT = b"""INT. LAMP ROOM - NIGHT

Mara climbs the iron stair and lights the lamp.

MARA
It will hold until the morning, if the oil does.

Tom closes the shutter against the wind.
"""

GROUPED = {
    "shots": [
        {"beats": [1, 2], "duration": 6.5, "purpose": "arrival", "size": "WS", "angle": "high", "movement": "crane",
         "subject": ["MARA"], "on_camera_speaker": "MARA", "image_prompt": "Mara on an iron stair, seen from above"},
        {"beats": [3], "duration": 3, "purpose": "shelter", "size": "medium", "angle": "low angle",
         "movement": "static", "subject": []},
    ]
}  # fmt: skip


@pytest.fixture
def plan(project):
    """Plan the chapter as a run does; gives the run. What the script asks for is imported before."""
    ModelProfile.objects.filter(capability="text").update(price=0)
    import_screenplay_file(project, SCRIPT, "lamp.fountain", chapter_number=1)

    def plan(**settings):
        settings = {"chapter": 1, "tier": "standard"} | settings
        with transport.in_process():
            run = start_run("plan_shots", f"project:{project.pk}", project, settings=settings)
            while due := due_runs().first():
                advance(due.pk)
        run.refresh_from_db()
        assert run.state == RunState.SUCCEEDED, run.error
        return run

    return plan


def sizes():
    return list(Shot.objects.exclude(state__status="omitted").order_by("sequence").values_list("shot_size", flat=True))


def test_the_models_shots_become_records_that_say_who_planned_them(chat, plan):  # noqa: F811
    chat.replies = [says(GROUPED)]
    assert plan().output == {"planned": 1, "scenes": 1}
    assert sizes() == ["wide", "medium"]
    assert Scene.objects.get().state.planned_by.startswith("model ")
    assert Shot.objects.order_by("sequence").first().text_prompt == "Mara on an iron stair, seen from above"
    assert "The model: arrival" in Shot.objects.order_by("sequence").first().state.plan_reason


def test_what_is_planned_is_not_asked_about_again(chat, plan):  # noqa: F811
    chat.replies = [says(GROUPED)]
    plan()
    assert plan().output == {"planned": 0, "scenes": 1}
    assert len(chat.asked) == 1


def test_a_changed_scene_is_planned_again_and_its_unchanged_shots_stay(chat, plan):  # noqa: F811
    chat.replies = [says(GROUPED), says(GROUPED)]
    plan()
    before = list(Shot.objects.order_by("sequence").values_list("pk", flat=True))
    scene = Scene.objects.get()
    change_scene(scene, screenplay_text=scene.screenplay_text.replace("against the wind", "for good"))
    plan()
    kept = list(Shot.objects.exclude(state__status="omitted").order_by("sequence").values_list("pk", flat=True))
    assert (kept[0], len(kept)) == (before[0], 2)
    assert kept[1] not in before


def test_answers_that_stay_wrong_leave_the_scene_to_the_rules_which_say_so(chat, plan):  # noqa: F811
    chat.replies = [says({"shots": []}), says("No.")]
    plan()
    state = Scene.objects.get().state
    assert state.planned_by.startswith("rules (model answer invalid)")
    assert "invalid twice" in state.plan_warnings[-1]
    assert sizes()


def test_without_a_model_the_rules_plan_and_nothing_is_asked(plan, settings):
    settings.LLM_BASE_URL = ""
    plan()
    assert Scene.objects.get().state.planned_by.startswith("rules ")
    assert not Step.objects.filter(kind=Step.Kind.PROVIDER).exists()


def test_a_run_without_enhanced_planning_asks_no_model(chat, plan):  # noqa: F811
    plan(coherence={"enhanced_planning": False})
    assert Scene.objects.get().state.planned_by.startswith("rules ")
    assert not Step.objects.filter(kind=Step.Kind.PROVIDER).exists()
