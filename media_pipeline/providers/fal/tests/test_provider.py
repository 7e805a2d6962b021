"""One accepted job per step, whatever goes wrong, and the bill is right."""

from __future__ import annotations

from decimal import Decimal

import pytest
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
from media_pipeline.runs import calls, moves, transport
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
def test_a_submit_whose_answer_is_lost_is_never_made_twice(sandbox, ask, work, project, fault):
    sandbox.script(**fault)
    run = work(ask(PICTURE), rounds=5)
    assert accepted(sandbox) == 1
    step = Step.objects.get()
    assert step.state == StepState.UNKNOWN
    assert account(project) == (Decimal("0.039"), Decimal(0)), "what may have been spent stays promised"
    assert Alert.objects.filter(source=f"step:{step.pk}", dismissed_at=None).exists()
    assert run.is_open


def test_a_lost_job_that_a_person_finds_is_brought_home(sandbox, ask, work, project):
    sandbox.script("lose_reply")
    run = work(ask(PICTURE), rounds=3)
    job = sandbox.jobs()[0]["request_id"]
    sandbox.wait_for(job)
    with transport.in_process():
        assert calls.found(Step.objects.get(), job, note="found by hand") is True
    run = work(run)
    assert run.state == RunState.SUCCEEDED
    assert (accepted(sandbox), account(project)) == (1, (Decimal(0), Decimal("0.039")))
    assert not Alert.objects.filter(dismissed_at=None).exists()


def test_a_lost_job_is_found_in_fals_history_by_its_arguments(sandbox, ask, work):
    from media_pipeline.providers.registry import provider_named

    sandbox.script("lose_reply")
    work(ask(PICTURE.model_copy(update={"prompt": "one of a kind"})), rounds=3)
    step = Step.objects.get()
    job = sandbox.jobs()[0]["request_id"]
    sandbox.wait_for(job)
    assert provider_named("fal").find_lost(step.provider_data, step.endpoint) == job


def test_a_lost_job_that_is_written_off_counts_as_spent_and_is_made_again(sandbox, ask, work, project, owner):
    sandbox.script("lose_reply", times=1)
    run = work(ask(PICTURE), rounds=3)
    with transport.in_process():
        assert calls.write_off(Step.objects.get(), by=owner) is True
    run = work(run)
    assert run.state == RunState.SUCCEEDED
    assert (accepted(sandbox), account(project)) == (2, (Decimal(0), Decimal("0.078")))


@pytest.mark.parametrize("fault", [{"fault": "drop_before"}, {"fault": "rate_limited"}], ids=["dropped", "429"])
def test_what_was_not_accepted_ends_without_a_second_job(sandbox, ask, work, fault):
    sandbox.script(**fault, times=1)
    run = work(ask(PICTURE))
    step = Step.objects.get()
    # A connection that ended without an answer cannot be told from a lost one: unknown, or tried again after a 429.
    assert (run.state, step.state) in [(RunState.SUCCEEDED, StepState.SUCCEEDED), (RunState.WAITING, StepState.UNKNOWN)]
    assert accepted(sandbox) <= 1


def test_completed_is_not_success_and_the_providers_words_are_shown(sandbox, ask, work, project):
    sandbox.script("fail", type="content_policy_violation", message="We do not draw lighthouses.")
    run = work(ask(PICTURE))
    assert run.state == RunState.FAILED
    assert "We do not draw lighthouses." in run.error
    assert account(project) == (Decimal(0), Decimal(0))


@pytest.mark.parametrize("how", ["truncated", "empty", "html", "wrong_type", "bomb", "huge", "redirect", "missing"])
def test_a_broken_or_hostile_result_is_a_named_failure(sandbox, ask, work, how):
    sandbox.script("broken_file", how=how)
    run = work(ask(PICTURE), rounds=6)
    step = Step.objects.get()
    assert step.state in (StepState.FAILED, StepState.SUBMITTED), step.state
    assert not MediaAsset.objects.exists()
    if step.state == StepState.FAILED:
        assert step.error_message
        assert run.state == RunState.FAILED


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
