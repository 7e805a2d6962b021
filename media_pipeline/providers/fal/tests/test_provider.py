"""One accepted job per step, whatever goes wrong, and the bill is right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.providers.base import (
    ImageEditRequest,
    ImageRequest,
    MusicRequest,
    Reference,
    SpeechRequest,
    VideoRequest,
    VisionRequest,
)
from media_pipeline.providers.fal.provider import FalProvider
from media_pipeline.runs import calls, lost, moves, transport
from media_pipeline.runs.actions import resolve_unknown
from media_pipeline.runs.models import RunState, Step, StepState
from projects.actions import set_budget
from projects.models import Alert, BudgetAccount, BudgetLedgerEntry

PICTURE = ImageRequest(prompt="a lighthouse at dusk", width=1280, height=720, seed=7)


@pytest.fixture
def still(project, tmp_path):
    path = tmp_path / "still.png"
    Image.new("RGB", (320, 180), (30, 90, 160)).save(path)
    return storage.add_asset(project.pk, path, source="uploaded").sha256


def accepted(sandbox) -> int:
    return len(sandbox.jobs())


def account(project):
    found = BudgetAccount.objects.get(project=project)
    return found.reserved, found.spent


def test_a_picture_is_asked_for_once_brought_home_and_paid(sandbox, ask, work, project):
    run = work(ask(PICTURE))
    assert (run.state, run.error) == (RunState.SUCCEEDED, "")
    asset = MediaAsset.objects.get(sha256=run.output["files"][0])
    assert (asset.kind, asset.source) == ("image", "provider")
    assert asset.provenance["model"] == "fal-ai/nano-banana"
    (job,) = sandbox.jobs()
    body = sandbox.job(job["request_id"])["body"]
    assert body["prompt"] == "a lighthouse at dusk"
    assert body["aspect_ratio"] == "16:9"
    assert account(project) == (Decimal(0), Decimal("0.039"))


def test_a_reference_is_sent_to_fals_own_store(sandbox, ask, work, still):
    request = ImageEditRequest(
        prompt="at night", width=1280, height=720, references=[Reference(media=still), Reference(media=still)]
    )
    run = work(ask(request))
    assert run.state == RunState.SUCCEEDED, run.error
    body = sandbox.job(sandbox.jobs()[0]["request_id"])["body"]
    assert len(body["image_urls"]) == 2
    assert body["image_urls"][0].startswith(f"{sandbox.url}/cdn/")


def test_a_shot_is_ordered_at_the_models_rate_and_long_enough(sandbox, ask, work, still):
    request = VideoRequest(
        prompt="the light turns", start_image=still, width=1280, height=720, frames=96, rate=24, seed=3
    )
    run = work(ask(request))
    assert run.state == RunState.SUCCEEDED, run.error
    body = sandbox.job(sandbox.jobs()[0]["request_id"])["body"]
    assert (body["num_frames"], body["frames_per_second"], body["resolution"]) == (64, 16, "720p")
    asset = MediaAsset.objects.get(sha256=run.output["files"][0])
    assert (asset.kind, asset.frame_count) == ("video", 64)


def test_an_answer_in_words_needs_no_file(sandbox, ask, work, project, still):
    set_budget(project, limit=None)  # its price is not known
    sandbox.answer("yes, and a gull")
    run = work(ask(VisionRequest(question="Is there a lighthouse?", image=still)))
    assert run.output["text"] == "yes, and a gull"


@pytest.mark.parametrize(
    "request_",
    [SpeechRequest(text="Hold the light steady.", voice="Rachel"), MusicRequest(prompt="slow strings", seconds=5)],
    ids=["speech", "music"],
)
def test_sound_comes_home_as_sound(sandbox, ask, work, request_):
    run = work(ask(request_))
    assert run.state == RunState.SUCCEEDED, run.error
    assert MediaAsset.objects.get(sha256=run.output["files"][0]).has_audio


@pytest.mark.parametrize("fault", [{"fault": "lose_reply"}, {"fault": "garbled_reply", "how": "truncated"},
                                   {"fault": "submit_error", "status": 502, "shape": "nginx", "accepted": True},
                                   {"fault": "submit_error", "status": 500, "shape": "json", "accepted": True}],
                         ids=["lost", "garbled", "gateway", "server"])  # fmt: skip
def test_a_job_whose_acceptance_was_lost_is_found_and_never_made_twice(sandbox, ask, work, project, fault):
    sandbox.script(**fault)
    run = work(ask(PICTURE))
    assert run.state == RunState.SUCCEEDED, run.error
    assert accepted(sandbox) == 1
    assert account(project) == (Decimal(0), Decimal("0.039"))
    assert not Alert.objects.exists(), "what resolves itself is nobody's question"


def test_two_lost_requests_that_are_alike_find_a_job_each(sandbox, ask, work, project):
    sandbox.script("lose_reply", times=2)
    first, second = ask(PICTURE), ask(PICTURE, "thing:2")
    assert work(first).state == work(second).state == RunState.SUCCEEDED
    jobs = {job["request_id"] for job in sandbox.jobs()}
    assert set(Step.objects.values_list("request_id", flat=True)) == jobs
    assert (len(jobs), account(project)) == (2, (Decimal(0), Decimal("0.078")))


@pytest.fixture
def nowhere_to_be_found(sandbox, ask, work, monkeypatch):
    """A run whose request was accepted and lost, and that no history knows: a person has to decide."""
    sandbox.script("lose_reply", times=1)
    run = ask(PICTURE)
    with monkeypatch.context() as patch:
        patch.setattr(FalProvider, "find_lost", lambda *call, **since: [])
        patch.setattr(lost, "GRACE", timedelta(0))
        return work(run, rounds=3)


def test_what_is_found_nowhere_is_unknown_and_stays_promised(nowhere_to_be_found, project):
    step = Step.objects.get()
    assert step.state == StepState.UNKNOWN
    assert account(project) == (Decimal("0.039"), Decimal(0))
    assert Alert.objects.filter(source=f"step:{step.pk}", dismissed_at=None).exists()
    assert nowhere_to_be_found.is_open


def test_the_search_goes_on_while_a_person_is_asked(nowhere_to_be_found, sandbox, work, project):
    run = work(nowhere_to_be_found)
    assert run.state == RunState.SUCCEEDED
    assert (accepted(sandbox), account(project)) == (1, (Decimal(0), Decimal("0.039")))
    assert not Alert.objects.filter(dismissed_at=None).exists()


def test_a_lost_job_that_a_person_finds_is_brought_home(nowhere_to_be_found, sandbox, work, project, owner):
    job = sandbox.jobs()[0]["request_id"]
    sandbox.wait_for(job)
    with transport.in_process():
        resolve_unknown(Step.objects.get(), request_id=job, by=owner)
    run = work(nowhere_to_be_found)
    assert run.state == RunState.SUCCEEDED
    assert (accepted(sandbox), account(project)) == (1, (Decimal(0), Decimal("0.039")))
    assert not Alert.objects.filter(dismissed_at=None).exists()


def test_a_lost_job_that_is_written_off_counts_as_spent_and_is_made_again(
    nowhere_to_be_found, sandbox, work, project, owner
):
    with transport.in_process():
        resolve_unknown(Step.objects.get(), by=owner)
    run = work(nowhere_to_be_found)
    assert run.state == RunState.SUCCEEDED
    assert (accepted(sandbox), account(project)) == (2, (Decimal(0), Decimal("0.078")))


def test_who_may_not_spend_decides_nothing_about_a_lost_request(nowhere_to_be_found, project, member):
    with pytest.raises(PermissionDenied):
        resolve_unknown(Step.objects.get(), by=member)
    assert Step.objects.get().state == StepState.UNKNOWN
    assert account(project) == (Decimal("0.039"), Decimal(0))


def test_a_request_id_that_is_another_steps_is_not_taken(nowhere_to_be_found, sandbox, ask, work, owner):
    other = work(ask(PICTURE.model_copy(update={"seed": 8}), "thing:2")).steps.get()
    with pytest.raises(ValidationError, match="belongs to another step"):
        resolve_unknown(nowhere_to_be_found.steps.get(), request_id=other.request_id, by=owner)
    assert nowhere_to_be_found.steps.get().request_id != other.request_id


def test_an_interrupted_step_that_had_sent_nothing_yet_is_simply_sent(sandbox, ask, work):
    """The worker died between the move to submitting and the moment at which the request is remembered."""
    run = ask(PICTURE)
    with transport.in_process():
        calls.prepare(run, "ask", PICTURE, "standard")
        moves.move_step(Step.objects.get(), StepState.SUBMITTING)
    assert work(run).state == RunState.SUCCEEDED
    assert accepted(sandbox) == 1


def test_a_job_that_failed_by_a_passing_fault_is_made_again_and_paid_once(sandbox, ask, work, project):
    sandbox.script("fail", type="internal_server_error", times=1)
    run = work(ask(PICTURE))
    assert run.state == RunState.SUCCEEDED, run.error
    assert (accepted(sandbox), Step.objects.get().attempt) == (2, 2)
    assert account(project) == (Decimal(0), Decimal("0.039"))


def test_a_job_that_keeps_failing_ends_after_its_attempts(sandbox, ask, work, project):
    sandbox.script("fail", type="internal_server_error", message="The model crashed.", times=9)
    run = work(ask(PICTURE))
    assert run.state == RunState.FAILED
    assert "The model crashed." in run.error
    assert (accepted(sandbox), account(project)) == (4, (Decimal(0), Decimal(0)))


def test_a_failure_that_is_billed_is_paid_and_not_made_again(sandbox, ask, work, project):
    sandbox.script("fail", type="content_policy_violation", message="No.", billed=True)
    run = work(ask(PICTURE))
    assert run.state == RunState.FAILED
    assert (accepted(sandbox), account(project)) == (1, (Decimal(0), Decimal("0.039")))
    assert Decimal(sandbox.ledger()["billed_dollars"]) == Decimal("0.039")


@pytest.mark.parametrize("fault", [{"fault": "drop_before"}, {"fault": "rate_limited"}], ids=["dropped", "429"])
def test_what_was_not_accepted_ends_without_a_second_job(sandbox, ask, work, fault):
    sandbox.script(**fault, times=1)
    run = work(ask(PICTURE), rounds=6)
    step = Step.objects.get()
    # A connection that ended without an answer cannot be told from a lost one: looked for, or tried again after a 429.
    assert (run.state, step.state) in [
        (RunState.SUCCEEDED, StepState.SUCCEEDED), (RunState.WAITING, StepState.SUBMITTING),
    ]  # fmt: skip
    assert accepted(sandbox) <= 1


def test_completed_is_not_success_and_the_providers_words_are_shown(sandbox, ask, work, project):
    sandbox.script("fail", type="content_policy_violation", message="We do not draw lighthouses.")
    run = work(ask(PICTURE))
    assert run.state == RunState.FAILED
    assert "We do not draw lighthouses." in run.error
    assert account(project) == (Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("how", "tries"),
    [("truncated", 2), ("empty", 2), ("html", 2), ("wrong_type", 2), ("bomb", 2), ("missing", 2), ("huge", 1),
     ("redirect", 1)],
)  # fmt: skip
def test_a_result_that_is_always_broken_is_a_named_failure_and_every_one_is_paid(
    sandbox, ask, work, project, how, tries
):
    sandbox.script("broken_file", how=how)
    run = work(ask(PICTURE), rounds=8)
    step = Step.objects.get()
    assert step.state in (StepState.FAILED, StepState.SUBMITTED), step.state
    assert not MediaAsset.objects.exists()
    if step.state == StepState.FAILED:
        assert step.error_message
        assert run.state == RunState.FAILED
        assert accepted(sandbox) == tries
        assert account(project) == (Decimal(0), tries * Decimal("0.039")), "what was delivered is billed"


def test_what_was_delivered_broken_is_asked_for_once_more_and_both_are_paid(sandbox, ask, work, project):
    sandbox.script("broken_file", how="truncated", times=1)
    run = work(ask(PICTURE))
    assert run.state == RunState.SUCCEEDED, run.error
    assert accepted(sandbox) == 2
    assert account(project) == (Decimal(0), Decimal("0.078"))
    assert MediaAsset.objects.count() == 1


def test_an_answer_with_nothing_in_it_is_asked_for_once_more(sandbox, ask, work, project):
    sandbox.script("empty_result", times=1)
    run = work(ask(PICTURE))
    assert run.state == RunState.SUCCEEDED, run.error
    assert accepted(sandbox) == 2


def test_once_more_is_not_asked_past_the_limit_of_the_production(sandbox, ask, work, project):
    set_budget(project, limit=Decimal("0.05"))
    sandbox.script("broken_file", how="truncated", times=1)
    run = work(ask(PICTURE))
    assert run.state == RunState.FAILED
    assert "limit of 0.05 USD" in run.error
    assert accepted(sandbox) == 1
    assert account(project) == (Decimal(0), Decimal("0.039"))


def test_limits_are_checked_before_money_is_promised(sandbox, ask, work, project, still):
    request = ImageEditRequest(prompt="x", width=64, height=64, references=[Reference(media=still)] * 4)
    run = work(ask(request))
    assert run.error == "Nano Banana Edit takes at most 3 reference images; 4 were given."
    assert accepted(sandbox) == 0
    assert not BudgetLedgerEntry.objects.exists()


def test_a_limit_refuses_before_anything_is_sent(sandbox, ask, work, project):
    set_budget(project, limit=Decimal("0.01"))
    run = work(ask(PICTURE))
    assert run.state == RunState.FAILED
    assert "limit of 0.01 USD" in run.error
    assert accepted(sandbox) == 0


def test_trouble_while_asking_says_nothing_about_the_job(sandbox, ask, work):
    for status in (401, 403, 404, 429, 503):
        sandbox.script("status_error", status=status, count=1)
    run = work(ask(PICTURE))
    assert run.state == RunState.SUCCEEDED, run.error
    assert accepted(sandbox) == 1


def test_without_a_key_the_animatic_is_chosen(sandbox, settings, db):
    from media_pipeline.providers.choice import profile_for

    settings.FAL_KEY = ""
    assert profile_for("image", "standard").provider == "animatic"
    settings.FAL_KEY = "some:key"
    assert profile_for("image", "standard").provider == "fal"
    assert profile_for("image", "draft").endpoint == "fal-ai/z-image/turbo"


def test_the_key_appears_in_no_record(sandbox, ask, work, settings):
    settings.FAL_KEY = "secret-id:secret-word"
    sandbox.script("fail", type="internal_server_error")
    run = work(ask(PICTURE), rounds=3)
    step = Step.objects.get()
    told = [run.error, step.error_message, str(step.provider_data), str(step.input), str(step.output)]
    assert not any("secret" in words for words in told)


def test_a_job_that_can_still_be_dropped_is_dropped_and_costs_nothing(sandbox, ask, work, project):
    sandbox.script("stuck")
    run = work(ask(PICTURE), rounds=1)
    assert Step.objects.get().state == StepState.SUBMITTED
    from media_pipeline.runs.actions import cancel_run

    with transport.in_process():
        cancel_run(run)
        moves.wake(run.pk)
    run = work(run)
    assert run.state == RunState.CANCELLED
    assert (Step.objects.get().state, account(project)) == (StepState.CANCELLED, (Decimal(0), Decimal(0)))
