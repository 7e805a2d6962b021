"""A run that would spend more than the threshold waits for a yes, and spends only what was agreed to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from characters.actions import create_character
from media_pipeline.casting.orders import order_pictures
from media_pipeline.models import Approval
from media_pipeline.qualification import start_qualification
from media_pipeline.retakes import start_retake
from media_pipeline.runs import executor, transport
from media_pipeline.runs.actions import decide_approval, start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.models import Run, RunState, Step
from projects.actions import add_gather_item, set_budget, write_chapter
from projects.models import BudgetLedgerEntry, ProjectState
from prompts.models import ModelProfile
from scenes.actions import add_scene, change_shot
from scenes.models import Take
from scenes.shot_plans import plan_scene


@pytest.fixture
def shot(project):
    """A planned shot whose picture costs 2 and which may cost 1 without asking."""
    scene = add_scene(
        write_chapter(project, 1).pk, project.pk, number="1", sequence=1, heading="EXT. QUAY - DAY", int_ext="EXT",
        location_text="QUAY", screenplay_text="EXT. QUAY - DAY\n\nAda waits.\n",
    )  # fmt: skip
    plan_scene(scene)
    ModelProfile.objects.filter(capability="image").update(price=Decimal(2), price_unit="image", expected_attempts=1)
    set_budget(project, limit=Decimal(100), approval_threshold=Decimal(1))
    return scene.shots.select_related("state").first()


def work(run):
    """Advance everything that can move, as workers do."""
    with transport.in_process():
        for due in iter(lambda: due_runs().first(), None):
            executor.advance(due.pk)
    run.refresh_from_db()
    return run


def previz(project):
    wanted = {"chapter": 1, "scenes": [], "tier": "draft"}
    return work(start_run("previz", f"project:{project.pk}", project, settings=wanted))


def decide(yes, by):
    question = Approval.objects.get(state=Approval.State.PENDING)
    decide_approval(question, digest=question.digest, yes=yes, by=by)


def test_a_previz_over_the_threshold_waits_and_asks_nothing_of_anybody(project, shot):
    run = previz(project)
    assert run.state == RunState.WAITING
    assert (Approval.objects.get().amount, run.estimate) == (Decimal(2), Decimal(2))
    assert not Step.objects.filter(kind=Step.Kind.PROVIDER).exists()
    assert not BudgetLedgerEntry.objects.exists()


def test_after_a_yes_it_spends_what_was_agreed_to(project, shot, owner):
    run = previz(project)
    decide(True, owner)
    assert work(run).state == RunState.SUCCEEDED, run.error
    project.budget.refresh_from_db()
    assert project.budget.spent == Decimal(2)


def test_below_the_threshold_nobody_is_asked(project, shot):
    set_budget(project, approval_threshold=Decimal(2))
    assert previz(project).state == RunState.SUCCEEDED
    assert not Approval.objects.exists()


def test_a_price_that_is_not_known_is_asked_about_where_anything_is(project, shot):
    ModelProfile.objects.filter(capability="image").update(price=None)
    assert previz(project).state == RunState.WAITING
    assert Approval.objects.get().amount is None


def test_a_retake_that_was_not_approved_spends_nothing(project, shot, owner):
    run = work(start_retake(shot, project, by=owner))
    assert (run.state, Approval.objects.get().words) == (RunState.WAITING, f"A take of shot {shot}.")
    decide(False, owner)
    assert work(run).state == RunState.FAILED
    assert "did not approve" in run.error
    assert not BudgetLedgerEntry.objects.exists()


def test_a_shot_that_was_changed_after_the_yes_is_not_made(project, shot, owner):
    run = work(start_retake(shot, project, by=owner))
    change_shot(shot, text_prompt="Something far more expensive.")
    decide(True, owner)
    assert work(run).state == RunState.FAILED
    assert "changed after its cost was approved" in run.error
    assert not Take.objects.exists()
    assert not Step.objects.filter(kind=Step.Kind.PROVIDER).exists()


def test_material_is_not_locked_before_its_cost_is_approved(project, shot, owner):
    add_gather_item(project, "character", title="Ada", body="She waits.")
    ModelProfile.objects.filter(capability="image_edit").update(price=Decimal(2), price_unit="image")
    run = work(start_qualification(project, although_not_ready=True, by=owner))
    assert run.state == RunState.WAITING
    assert ProjectState.objects.get(project=project).gather_locked_at is None
    decide(False, owner)
    assert work(run).state == RunState.FAILED
    assert ProjectState.objects.get(project=project).gather_locked_at is None
    assert Run.objects.filter(pipeline="qualify_department").count() == 0


def test_pictures_of_one_character_wait_too(project, shot, owner):
    ada = create_character(project, name="Ada", description="Waits.")
    ModelProfile.objects.filter(capability="image_edit").update(price=Decimal(2), price_unit="image")
    run = work(order_pictures(ada, by=owner))
    assert (run.state, Approval.objects.get().words) == (RunState.WAITING, "Pictures of Ada.")
    assert not BudgetLedgerEntry.objects.exists()
