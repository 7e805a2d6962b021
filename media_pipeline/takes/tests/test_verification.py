"""Looking at pictures: what fails is told to the next attempt, five times at most; then a person decides."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from media_pipeline.runs import transport
from media_pipeline.runs.actions import resume_run
from media_pipeline.runs.calls import CallResult
from media_pipeline.takes.composite import Composite
from media_pipeline.takes.limits import TakeLimits
from media_pipeline.takes.verification import Questions, Verdict, _of_knowledge, both, read_vision
from projects.actions import set_budget
from projects.models import Alert
from prompts.models import ModelProfile
from scenes.actions import accept_picture
from scenes.choices import GenerationApproach as Approach
from scenes.models import CompositeIteration, VerificationResult

pytestmark = pytest.mark.django_db

ASPECTS = ("location", "characters", "props", "lighting", "camera")
FINE = json.dumps({aspect: {"passed": True} for aspect in ASPECTS})
NO_LAMP = json.dumps({aspect: {"passed": aspect != "props", "problem": "No lamp."} for aspect in ASPECTS})


@pytest.fixture
def judged(production):
    """A judge whose price is known, so that a production with a limit may ask it."""
    ModelProfile.objects.filter(name="Moondream Query").update(price=Decimal("0.001"))


def iterations(run):
    return list(CompositeIteration.objects.filter(run=run).values_list("layer", "attempts", "passed"))


def test_every_answer_is_kept_with_the_picture_it_is_about(render, shot, judged, sandbox):
    sandbox.answer(FINE)
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "succeeded", run.error
    assert iterations(run) == [("location", 1, True), ("characters", 1, None)], "nobody was there for the second half"
    kept = list(VerificationResult.objects.filter(run=run).values_list("kind", "passed"))
    assert kept == [("vision_model", True), ("vision_model", True), ("knowledge_query", None)]
    assert VerificationResult.objects.filter(run=run, picture=None).count() == 0


def test_without_a_judge_nothing_passes_and_nothing_fails(render, shot, sandbox):
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "succeeded", run.error
    assert [passed for _, _, passed in iterations(run)] == [None, None]
    assert "no price" in VerificationResult.objects.filter(run=run).first().answer
    assert not [job for job in sandbox.jobs() if "moondream" in job["endpoint"]]


def test_what_failed_goes_into_the_next_attempt(render, shot, judged, sandbox, sent, monkeypatch):
    sandbox.answer(NO_LAMP)
    correction = Composite._correction

    def with_a_lamp(self, problems):
        sandbox.answer(FINE)
        return correction(self, problems)

    monkeypatch.setattr(Composite, "_correction", with_a_lamp)
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "succeeded", run.error
    made = [("location", 1, True), ("characters", 1, False), ("correction", 2, None)]
    assert iterations(run) == made, "an empty room is not asked for its props"
    asked = sent("nano-banana/edit")[-1]
    assert "No lamp." in asked["prompt"]


def test_a_layer_is_tried_five_times_then_a_person_is_asked(render, shot, judged, sandbox, work, owner, production):
    sandbox.answer("no, the room is empty of light")
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "failed"
    assert "did not pass verification after 5 iterations" in run.error
    assert iterations(run) == [("location", attempt, False) for attempt in range(1, 6)]
    prompts = CompositeIteration.objects.filter(run=run).values_list("prompt", flat=True)
    assert "the room is empty of light" not in prompts[0]
    assert all("the room is empty of light" in prompt for prompt in prompts[1:])
    alert = Alert.objects.get(source=f"shot:{shot.pk}:verification", dismissed_at=None)
    assert "Accept it with a reason" in alert.message

    last = CompositeIteration.objects.filter(run=run).last()
    sandbox.answer(FINE)
    with pytest.raises(ValidationError, match="Say why"):
        accept_picture(shot, last.picture_id, "  ", by=owner)
    failed = VerificationResult.objects.filter(picture=last.picture_id, passed=False).count()
    assert accept_picture(shot, last.picture_id, "Dark is what we want.", by=owner) == failed > 0
    with transport.in_process():
        resume_run(run)
    work(run)
    assert run.state == "succeeded", run.error
    assert run.takes.count() == 1
    assert not Alert.objects.filter(source=f"shot:{shot.pk}:verification", dismissed_at=None).exists()


def test_the_numbers_are_settings(render, shot, judged, sandbox, settings):
    settings.TAKE_LIMITS = TakeLimits(layer_attempts=2)
    sandbox.answer("no")
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert len(iterations(run)) == 2


def test_a_composite_ends_at_its_twentieth_iteration(render, shot, judged, sandbox, settings):
    settings.TAKE_LIMITS = TakeLimits(iterations=3)
    sandbox.answer("no")
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert len(iterations(run)) == 3
    assert TakeLimits().iterations == 20, "by default"


@pytest.mark.parametrize(("confidence", "passes"), [(0.80, False), (0.81, True), (0.2, False), (None, None)])
def test_a_knowledge_query_passes_above_eight_tenths(confidence, passes):
    answer = CallResult((), (), "Ada keeps the lamp.", {"confidence": confidence}, None, {}, "knowledge", "")
    assert _of_knowledge(answer, Questions(knowledge="?")).passed is passes
    assert _of_knowledge(replace(answer, data={}), Questions(knowledge="?")).passed is None


@pytest.mark.parametrize(
    ("answer", "aspects", "passed", "problems"),
    [
        (FINE, ASPECTS, True, ()),
        (NO_LAMP, ASPECTS, False, ("No lamp.",)),
        (NO_LAMP, ("location", "lighting"), True, ()),
        ('{"location": true}', ("location", "lighting"), None, ()),
        ('{"location": {"passed": "maybe"}}', ("location",), None, ()),
        ("Yes, all of it.", ASPECTS, True, ()),
        ("No, Tom is missing.", ASPECTS, False, ("No, Tom is missing.",)),
        ("A fine picture of a lighthouse.", ASPECTS, None, ()),
        ("", ASPECTS, None, ()),
        ("[1, 2]", ASPECTS, None, ()),
    ],
)
def test_what_a_judge_says_is_read_or_counts_as_not_measured(answer, aspects, passed, problems):
    verdict = read_vision(answer, aspects)
    assert (verdict.passed, verdict.problems) == (passed, problems)


def test_both_must_pass():
    yes, no, unknown = Verdict(passed=True), Verdict(passed=False, problems=("No.",)), Verdict(passed=None)
    assert both([yes, yes]).passed is True
    assert both([yes, no]).passed is False
    assert both([yes, unknown]).passed is None, "a yes is never invented"
    assert both([unknown, no]).passed is False
    assert both([]).passed is None


def test_a_judge_that_fails_leaves_the_picture_as_it_is(render, shot, judged, sandbox):
    sandbox.answer(FINE)
    sandbox.script("fail", endpoint="*moondream*", type="downstream_service_error")
    run = render(shot, Approach.IMAGE_TO_VIDEO)
    assert run.state == "succeeded", run.error
    answer = VerificationResult.objects.get(kind="vision_model")
    assert answer.passed is None
    assert "not measured: " in answer.answer
    assert "downstream_service_error" in answer.answer


def test_a_limit_on_money_holds_for_the_judge_as_well(render, shot, judged, production, sandbox):
    set_budget(production, limit=Decimal("0.0395"))
    run = render(shot, Approach.COMPOSITE_IMAGE_TO_VIDEO)
    assert run.state == "failed"
    assert "limit" in run.error
    assert len(sandbox.jobs()) == 1
