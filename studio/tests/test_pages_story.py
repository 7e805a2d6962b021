"""The page of a shot tells how it came about, and takes a person's word on what machines doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from media_pipeline.runs.models import Run, RunState
from projects.coherence import effective
from scenes.actions import record_continuity, record_decisions, record_iteration, record_plan, record_verification
from scenes.models import ContinuityCheck, VerificationResult

from .filming import asset, scene, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def shots(project):
    return scene(project, shots=2).made_shots


@pytest.fixture
def doubted(project, shots):
    """A picture of the second shot that did not pass, and the run that stopped at it."""
    shot = shots[1]
    run = Run.objects.create(
        pipeline="render_shot", subject=f"shot:{shot.pk}", project=project, state=RunState.FAILED,
        settings={"tier": "draft"},
    )  # fmt: skip
    picture = asset(project, "layer")
    iteration = record_iteration(
        shot, 1, run_id=run.pk, layer="location", prompt="An empty room.", picture=picture, attempts=5,
        references=[{"kind": "location", "picture": asset(project, "place"), "description": "The lamp room at night."}],
    )  # fmt: skip
    record_verification(
        shot, kind="vision_model", query="?", passed=False, answer="No, the lamp is out.", iteration=iteration,
        picture=picture, run=run,
    )  # fmt: skip
    return shot, picture, run


def page_of(client, project, shot):
    return client.get(reverse("shot", args=[project.slug, shot.pk])).content.decode()


def test_iterations_stand_with_their_prompt_references_and_verdict(client, owner, project, doubted):
    client.force_login(owner)
    page = page_of(client, project, doubted[0])
    for words in (
        "1. Location",
        "attempt 5",
        "An empty room.",
        "The lamp room at night.",
        "not passed",
        "the lamp is out",
    ):
        assert words in page


def test_who_may_generate_accepts_a_picture_and_its_run_goes_on(client, owner, project, doubted):
    shot, picture, run = doubted
    client.force_login(owner)
    address = reverse("accept-picture", args=[project.slug, shot.pk, picture.pk])
    client.post(address, {"reason": " "})
    assert not VerificationResult.objects.exclude(accepted_at=None).exists(), "a reason is needed"
    client.post(address, {"reason": "It is meant to be dark."})
    kept = VerificationResult.objects.get()
    assert (kept.accepted_by, kept.acceptance_reason) == (owner, "It is meant to be dark.")
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    assert "It is meant to be dark." in page_of(client, project, shot)


def test_a_stranger_accepts_and_dismisses_nothing(client, stranger, project, doubted, shots):
    shot, picture, _ = doubted
    check = record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False, notes="Brighter.")
    client.force_login(stranger)
    for name, number in (("accept-picture", picture.pk), ("dismiss-break", check.pk)):
        answer = client.post(reverse(name, args=[project.slug, shot.pk, number]), {"reason": "Because."})
        assert answer.status_code == 404
    assert VerificationResult.objects.get().accepted_at is None
    assert ContinuityCheck.objects.get().dismissed_at is None


def test_a_break_of_continuity_is_dismissed_with_a_reason(client, owner, project, shots):
    check = record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False, notes="18 % brighter.")
    client.force_login(owner)
    page = page_of(client, project, shots[0])
    assert "Critical: lighting jump" in page
    assert "18 % brighter." in page
    client.post(reverse("dismiss-break", args=[project.slug, shots[0].pk, check.pk]), {"reason": "Lightning."})
    assert "Lightning." in page_of(client, project, shots[1])


def test_the_page_asks_the_database_as_often_however_much_there_is_to_tell(
    client, owner, project, shots, doubted, django_assert_max_num_queries
):
    client.force_login(owner)
    shot, picture, run = doubted
    take(project, shot)
    page_of(client, project, shot)
    for number in range(2, 12):
        record_iteration(shot, number, run_id=run.pk, layer="props", prompt="More.", picture=picture, attempts=1)
    with django_assert_max_num_queries(48):
        page_of(client, project, shot)


# -- what was decided, and another take


@pytest.fixture
def planned(shots):
    """The first shot, as a planner left it."""
    shot = shots[0]
    record_plan(shot, {"approach": "image_to_video", "expected_seconds": Decimal("4.500")})
    record_decisions(
        shot,
        [{"field": "approach", "value": "image_to_video", "reason": "One picture says it all.", "by": "rules 1"},
         {"field": "duration", "value": "4.5 s", "reason": "It takes that long.", "by": "rules 1"}],
    )  # fmt: skip
    return shot


def test_each_decision_stands_with_its_reason_and_takes_a_persons_word(client, owner, project, planned):
    client.force_login(owner)
    assert "One picture says it all. (rules 1)" in page_of(client, project, planned)
    address = reverse("decide-shot", args=[project.slug, planned.pk, "approach"])
    client.post(address, {"approach": "held_frame_static", "because": "It is a painting."})
    page = page_of(client, project, planned)
    for words in ("Held frame", "decided by owner", "It is a painting.", "The planner had: Image-to-video"):
        assert words in page, words
    client.post(address, {"give-back": "1"})
    planned.refresh_from_db()
    assert (planned.approach, planned.overrides) == ("image_to_video", [])


def test_what_cannot_be_decided_so_is_said_and_changes_nothing(client, owner, project, planned):
    client.force_login(owner)
    client.post(reverse("decide-shot", args=[project.slug, planned.pk, "duration"]), {"expected_seconds": "0"})
    planned.refresh_from_db()
    assert planned.expected_seconds == Decimal("4.5")
    assert client.post(reverse("decide-shot", args=[project.slug, planned.pk, "ending"])).status_code == 404


def test_another_take_is_asked_for_with_a_reason_and_settings_after_its_estimate(client, owner, project, shots):
    shot = shots[0]
    made = take(project, shot)
    client.force_login(owner)
    address = reverse("retake-shot", args=[project.slug, shot.pk])
    page = client.get(address).content.decode()
    for words in ("What it is expected to cost", "Hands, faces and bodies must be right", "1.05 times the time",
                  "Needs references and structure model, which are not here yet"):  # fmt: skip
        assert words in page, words
    sent = {"reasons": ["anatomy"], "text": "The lamp is lit.", "tier": "standard", "settings": "1"}
    sent |= {f"setting-{key}": "on" for key, is_on in effective(project.coherence).items() if is_on}
    del sent["setting-qc_scoring"]
    assert client.post(address, sent | {"estimate": "1"}).status_code == 200
    assert not Run.objects.exists(), "an estimate starts nothing"
    assert client.post(address, sent).status_code == 302
    run = Run.objects.get()
    assert run.settings == {"retake": True, "tier": "standard", "coherence": {"qc_scoring": False}}
    shot.refresh_from_db()
    assert shot.retake_notes.words == "Hands, faces and bodies must be right. The lamp is lit."
    made.refresh_from_db()
    assert made.review_state == "retake"


def test_a_setting_that_can_do_nothing_here_starts_nothing_and_says_why(client, owner, project, shots):
    client.force_login(owner)
    sent = {"settings": "1", "setting-lora": "on", "text": "Closer."}
    answer = client.post(reverse("retake-shot", args=[project.slug, shots[0].pk]), sent)
    assert answer.status_code == 422
    assert "needs a trained identity" in answer.content.decode()
    assert "Closer." in answer.content.decode(), "what was written is still there"
    assert not Run.objects.exists()


def test_a_film_is_produced_with_settings_of_its_own_run(client, owner, project, shots):
    client.force_login(owner)
    sent = {"chapter": "1", "tier": "draft", "settings": "1"}
    sent |= {f"setting-{key}": "on" for key, is_on in effective(project.coherence).items() if is_on}
    del sent["setting-post_processing"]
    client.post(reverse("produce", args=[project.slug]), sent)
    assert Run.objects.get().settings["coherence"] == {"post_processing": False}
