"""The page of a shot tells how it came about, and takes a person's word on what machines doubt."""

from __future__ import annotations

import pytest
from django.urls import reverse

from media_pipeline.runs.models import Run, RunState
from scenes.actions import record_continuity, record_iteration, record_verification
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
