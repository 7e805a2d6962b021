"""From gathered material to records: the lock, the phases, a department that fails, and going on from there."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from media_pipeline.departments import registry
from media_pipeline.departments.registry import Department, Phase, Readiness, departments
from media_pipeline.departments.tests.conftest import material, qualify  # noqa: F401
from media_pipeline.knowledge_intake import AT_ONCE, _in_lots
from media_pipeline.pipelines import qualify as pipeline
from media_pipeline.providers.knowledge.model import Passage
from media_pipeline.qualification import estimate_qualification, judge, keep_readiness, start_qualification
from media_pipeline.runs.actions import resume_run
from media_pipeline.runs.models import Run, RunState, Step
from projects.choices import Evaluator
from projects.models import Alert, DepartmentReadiness, Event, ProjectState

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(monkeypatch):
    """Four departments, two of them in phase A, that note when they work; `broken` ones fail."""
    noted, broken = [], set()

    def department(key, phase):
        def work(run, project):
            if key in broken:
                raise ValueError(f"The {key} is on strike.")
            noted.append(key)
            return {"wrote": {key: 1}}

        return Department(
            key=key, label=key.title(), phase=phase, does="Works.", kinds=frozenset(), qualify=work,
            readiness=lambda _: Readiness(100), required=True,
        )  # fmt: skip

    found = (department("cast", Phase.A), department("camera", Phase.A), department("story", Phase.B),
             department("sound", Phase.C))  # fmt: skip
    for module in (registry, pipeline):
        monkeypatch.setattr(module, "departments", lambda: found)
    return noted, broken


def test_every_department_of_the_flow_is_registered_in_its_phase():
    phases = {one.key: one.phase for one in departments()}
    assert phases.items() >= {"world": Phase.A, "visual": Phase.A, "story": Phase.B}.items()
    assert [one.phase for one in departments()] == sorted(one.phase for one in departments())


def test_an_unknown_department_is_named_with_those_there_are():
    with pytest.raises(KeyError, match=r"no department 'catering'; there are .*story"):
        registry.department_named("catering")


def test_material_that_is_not_ready_starts_only_when_a_person_says_so(project, owner):
    with pytest.raises(ValidationError, match=r"World \(0 of 75\)"):
        start_qualification(project, by=owner)
    assert not Run.objects.exists()
    assert start_qualification(project, although_not_ready=True, by=owner).state == RunState.QUEUED


def test_pressing_twice_starts_one_run(project, owner):
    first = start_qualification(project, although_not_ready=True, by=owner)
    assert start_qualification(project, although_not_ready=True, by=owner) == first


def test_a_threshold_that_a_person_moved_holds(material):  # noqa: F811
    keep_readiness(material)
    DepartmentReadiness.objects.filter(department="world").update(threshold=100)
    judged = {one.department.key: one for one in judge(material)}
    assert (judged["world"].threshold, judged["world"].ready) == (100, True)
    assert DepartmentReadiness.objects.filter(evaluated_by=Evaluator.RULES).count() == len(departments())


def test_judging_again_writes_only_what_has_changed(material):  # noqa: F811
    keep_readiness(material)
    before = Event.objects.count()
    keep_readiness(material)
    assert Event.objects.count() == before


def test_qualifying_locks_the_material_and_ends_in_pre_production(material, qualify, owner):  # noqa: F811
    run = qualify(by=owner)
    assert run.state == RunState.SUCCEEDED, run.error
    state = ProjectState.objects.get(project=material)
    assert (state.status, state.gather_locked_by, state.gather_locked_at is not None) == ("pre_production", owner, True)
    assert run.output["departments"]["world"]["wrote"]["world_rules"] == 3
    assert run.output["passages"] >= 4  # the production, its two scenes, and what is done in their shots


def test_each_phase_begins_when_the_one_before_has_ended(project, qualify, worked):  # noqa: F811
    assert qualify().state == RunState.SUCCEEDED
    noted, _ = worked
    assert sorted(noted[:2]) == ["camera", "cast"]
    assert noted[2:] == ["story", "sound"]


def test_a_department_that_fails_stops_the_run_at_its_phases_end_and_says_so_on_every_page(project, qualify, worked):  # noqa: F811
    noted, broken = worked
    broken.add("camera")
    run = qualify()
    assert (run.state, noted) == (RunState.FAILED, ["cast"])
    alert = Alert.objects.get(source=f"run:{run.pk}", dismissed_at=None)
    assert "The camera is on strike." in alert.message
    assert ProjectState.objects.get(project=project).status == "qualifying"


def test_resumed_only_what_had_failed_works_again(project, qualify, worked):  # noqa: F811
    noted, broken = worked
    broken.add("camera")
    run = qualify()
    broken.clear()
    assert resume_run(run)
    assert qualify(run).state == RunState.SUCCEEDED
    assert noted == ["cast", "camera", "story", "sound"]
    assert not Alert.objects.filter(source=f"run:{run.pk}", dismissed_at=None).exists()
    assert Step.objects.filter(run=run, key="lock").count() == 1


def test_without_a_language_model_the_word_departments_cost_nothing(material):  # noqa: F811
    what = [line.what for line in estimate_qualification(material).lines]
    assert not [line for line in what if line.startswith(("World", "Look", "Story"))]


def test_what_one_record_says_goes_to_the_knowledge_base_together():
    passages = [Passage(source=f"scene:{n // 7}", title="x", text=str(n)) for n in range(250)]
    lots = list(_in_lots(passages))
    assert [one for lot in lots for one in lot] == passages
    assert all(AT_ONCE <= len(lot) < AT_ONCE + 7 for lot in lots[:-1])
    for one, other in pairwise(lots):
        assert one[-1].source != other[0].source
