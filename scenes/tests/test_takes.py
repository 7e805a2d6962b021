"""Takes: never changed, at most one of each flag, and what a person decided stays."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from scenes import actions
from scenes.models import CompositeIteration, ShotReference, ShotState, Take

pytestmark = pytest.mark.django_db


@pytest.fixture
def shot(ten):
    return ten.shots.get(number=1)


def selected(shot):
    return ShotState.objects.get(shot=shot).selected_take


@pytest.mark.parametrize("field", ["prompt", "seed", "frames", "asset_name", "parameters", "cost", "number"])
def test_the_database_refuses_to_change_a_take(shot, film, field):
    take = film(shot)
    value = {"parameters": {"x": 1}, "prompt": "Another.", "asset_name": "Y"}.get(field, 7)
    with pytest.raises(IntegrityError), transaction.atomic():
        Take.objects.filter(pk=take.pk).update(**{field: value})
    with pytest.raises(TypeError, match="never changed"):
        take.save()


def test_a_take_outlives_its_run_and_the_person_who_asked_for_it(shot, film, owner, project):
    from media_pipeline.models import Run

    run = Run.objects.create(pipeline="render_shot", subject=f"shot:{shot.pk}", project=project)
    take = film(shot, run=run, created_by=owner)
    run.delete()
    owner.delete()
    take.refresh_from_db()
    assert (take.run_id, take.created_by_id) == (None, None)


def test_a_shot_cannot_select_a_take_of_another_shot(ten, shot, film):
    other = film(ten.shots.get(number=2))
    with pytest.raises(ValidationError, match="another shot"):
        actions.select_take(shot, other)
    film(shot)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShotState.objects.filter(shot=shot).update(selected_take=other)


def test_a_new_take_is_selected_until_a_person_has_chosen(shot, film, owner):
    first, second = film(shot), film(shot)
    assert selected(shot) == second
    assert actions.select_take(shot, first, owner) is True
    third = film(shot)
    assert selected(shot) == first
    assert actions.select_take(shot, third) is False
    assert selected(shot) == first
    assert actions.select_take(shot, third, owner) is True


def test_an_approved_take_becomes_the_selected_one_and_its_shot_is_approved(shot, film, owner):
    first, _ = film(shot), film(shot)
    assert actions.set_review_state(first, "approved", by=owner) is True
    assert selected(shot) == first
    assert ShotState.objects.get(shot=shot).status == "approved"
    film(shot)
    assert selected(shot) == first
    actions.set_review_state(first, "retake", by=owner)
    assert ShotState.objects.get(shot=shot).status == "retake"
    assert actions.set_review_state(first, "retake", by=owner) is False
    with pytest.raises(ValidationError, match="not a review state"):
        actions.set_review_state(first, "lovely")


def test_one_take_of_a_shot_carries_each_flag(shot, film, owner):
    first, second = film(shot), film(shot)
    actions.flag_take(first, "system_best")
    actions.flag_take(first, "final", owner)
    assert actions.flag_take(second, "final", owner) is True
    first.refresh_from_db()
    assert (first.is_system_best, first.is_final) == (True, False)
    assert actions.flag_take(second, "final", owner) is False
    with pytest.raises(ValidationError, match="Only a person"):
        actions.flag_take(first, "person_best")
    with pytest.raises(IntegrityError), transaction.atomic():
        Take.objects.filter(shot=shot).update(is_final=True)
    assert actions.flag_take(second, "final", owner, raised=False) is True


def test_a_shot_takes_three_references_and_no_more(shot, asset, owner):
    rows = [{"kind": "character", "picture": asset(str(place))} for place in range(4)]
    with pytest.raises(ValidationError, match="at most 3"):
        actions.choose_references(shot, rows, by=owner)
    actions.choose_references(shot, rows[:2])
    actions.choose_references(shot, rows[:3], by=owner)
    actions.choose_references(shot, rows[:1])  # a machine leaves what a person chose
    assert shot.references.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        ShotReference.objects.create(shot=shot, position=4, picture=rows[3]["picture"])


def test_the_database_holds_the_limits_of_a_composite(shot, asset):
    iteration = actions.record_iteration(
        shot, 1, run_id=None, layer="location", prompt="A room.", attempts=2,
        references=[{"kind": "location", "picture": asset("ref")}],
    )  # fmt: skip
    assert iteration.references.count() == 1
    for change in ({"number": 21}, {"number": 0}, {"attempts": 6}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CompositeIteration.objects.filter(pk=iteration.pk).update(**change)
    with pytest.raises(ValidationError, match="at most 3"):
        actions.record_iteration(shot, 2, run_id=None, layer="props", prompt="x", references=[{}] * 4)


def test_a_break_of_continuity_is_dismissed_with_a_reason(ten, film, owner):
    one, two = ten.shots.order_by("number")
    takes = {"from_take": film(one), "to_take": film(two)}
    check = actions.record_continuity(one, two, kind="lighting_jump", passed=False, notes="Two stops.", **takes)
    assert check.severity == "critical"
    with pytest.raises(ValidationError, match="Say why"):
        actions.dismiss_continuity(check, " ", by=owner)
    assert actions.dismiss_continuity(check, "The lamp goes out.", by=owner) is True
    again = actions.record_continuity(one, two, kind="lighting_jump", passed=False, **takes)
    assert again.pk == check.pk
    assert again.dismissal_reason == "The lamp goes out."


def test_attempts_come_in_rounds_and_one_of_them_is_final(project, shot, owner):
    group = actions.start_attempts(project, kind="hero_frame", shot=shot, by=owner)
    first = actions.add_round(group, [{"prompt": "A lamp.", "seed": seed} for seed in (1, 2)])
    second = actions.add_round(group, [{"prompt": "A lamp, low.", "changed": "lower angle"}])
    assert [(a.round, a.number) for a in [*first, *second]] == [(1, 1), (1, 2), (2, 3)]
    actions.record_attempt(first[0], score="81.5")
    actions.choose_attempt(first[0], "system_best", reason="Sharpest face.")
    actions.choose_attempt(first[1], "final", by=owner)
    actions.choose_attempt(second[0], "final", by=owner)
    assert list(group.attempts.filter(is_final=True)) == second
    assert group.attempts.get(is_system_best=True).system_reason == "Sharpest face."
    with pytest.raises(ValidationError, match="never changes"):
        actions.record_attempt(first[0], prompt="Another.")
    with pytest.raises(ValidationError):
        actions.start_attempts(project, kind="video", by=owner)


def test_measurements_stand_beside_the_take_and_are_replaced_by_name(shot, film):
    take = film(shot)
    actions.record_take_checks(take, [{"kind": "artifacts", "name": "flicker", "score": "90", "passed": True}])
    actions.record_take_checks(take, [{"kind": "artifacts", "name": "flicker", "score": "40", "passed": False}])
    check = take.checks.get()
    assert (check.score, check.passed) == (40, False)
    with pytest.raises(ValidationError):
        actions.record_take_checks(take, [{"kind": "artifacts", "name": "noise", "score": "101"}])


def test_a_line_has_one_selected_reading(ten, asset, owner):
    actions.change_scene(ten, dialogue=[{"speaker": "ADA", "line": "Hold."}])
    line = ten.dialogue.get()
    first = actions.record_line_audio(line, sound=asset("a"), spoken="Hold.")
    second = actions.record_line_audio(line, sound=asset("b"), spoken="Hold!")
    assert [(a.number, a.is_selected) for a in line.audio_takes.all()] == [(1, True), (2, False)]
    assert actions.select_line_audio(second, by=owner) is True
    assert actions.select_line_audio(second, by=owner) is False
    first.refresh_from_db()
    assert first.is_selected is False
