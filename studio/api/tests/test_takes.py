"""What scripts do with the takes of a shot: ask for another with a reason, accept, give back, see what has changed."""

from __future__ import annotations

import pytest
from django.test import Client

from media_pipeline.runs.models import Run, RunState
from projects.actions import add_member
from projects.models import Project
from scenes.actions import change_shot, record_iteration, record_plan, record_verification
from studio.api.models import issue_token
from studio.tests.filming import asset, scene, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def shot(project):
    return scene(project, shots=1).made_shots[0]


@pytest.fixture
def api(owner):
    client = Client()
    client.force_login(owner)
    return client


def post(client, url, data=None, **headers):
    return client.post(f"/api/v1/{url}", data or {}, content_type="application/json", headers=headers)


def test_a_retake_carries_its_reasons_into_the_next_prompt(api, project, shot):
    made = take(project, shot)
    answer = post(api, f"shots/{shot.pk}/retake/", {"reasons": ["light", "text"], "reason": "The lamp is lit."})
    assert answer.status_code == 202, answer.content
    assert answer.json()["settings"] == {"retake": True, "tier": project.quality_tier}
    assert shot.retake_notes.words == "Light must match the scene. No stray writing in the picture. The lamp is lit."
    made.refresh_from_db()
    assert made.review_state == "retake"


def test_who_may_not_review_tells_the_run_alone(project, shot, member):
    made = take(project, shot)
    add_member(project, member, "artist")
    client = Client()
    client.force_login(member)
    answer = post(client, f"shots/{shot.pk}/retake/", {"reasons": ["light"], "reason": "Warmer."})
    assert answer.status_code == 202, answer.content
    assert answer.json()["settings"]["reason"] == "Light must match the scene. Warmer."
    made.refresh_from_db()
    assert made.review_state == "pending"


def test_a_token_for_generating_alone_decides_nothing(project, shot, owner):
    made = take(project, shot)
    _, secret = issue_token(owner, "farm", ["generate", "view"])
    bearer = {"Authorization": f"Bearer {secret}"}
    assert post(Client(), f"shots/{shot.pk}/retake/", {"reason": "Warmer."}, **bearer).status_code == 202
    made.refresh_from_db()
    assert made.review_state == "pending"


def test_settings_hold_for_one_run_and_what_cannot_be_is_refused_in_a_sentence(api, project, shot):
    answer = post(api, f"shots/{shot.pk}/retake/", {"coherence": {"qc_scoring": False, "seed_control": True}})
    assert answer.json()["settings"]["coherence"] == {"qc_scoring": False}, "what is as usual is not kept"
    assert Project.objects.get(pk=project.pk).coherence == {}
    for chosen, words in (({"lora": True}, "needs a trained identity"), ({"magic": True}, "no coherence setting")):
        refused = post(api, f"shots/{shot.pk}/retake/", {"coherence": chosen})
        assert refused.status_code == 400
        assert words in refused.content.decode()
    assert Run.objects.count() == 1


def test_a_shot_that_is_being_rendered_otherwise_is_a_conflict_and_decides_nothing(api, project, shot):
    made = take(project, shot)
    first = post(api, f"shots/{shot.pk}/retake/")
    assert post(api, f"shots/{shot.pk}/retake/").json()["id"] == first.json()["id"], "the same is the same run"
    answer = post(api, f"shots/{shot.pk}/retake/", {"tier": "draft", "reason": "Warmer."})
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.review_state == "pending"


def test_an_estimate_of_one_shot_says_what_its_settings_do(api, project, shot):
    found = api.get(f"/api/v1/shots/{shot.pk}/estimate/?tier=draft&off=qc_scoring").json()
    assert found["shots"] == 1
    settings = {row["key"]: row for row in found["settings"]}
    assert (settings["qc_scoring"]["on"], settings["lora"]["cost"]) == (False, "1.1")
    assert api.get(f"/api/v1/shots/{shot.pk}/estimate/?tier=best").status_code == 400
    assert not Run.objects.exists()


def test_a_film_is_produced_and_estimated_with_settings_of_its_own_run(api, project, shot):
    answer = post(api, f"projects/{project.slug}/produce/", {"coherence": {"parallel_clips": False}})
    assert answer.json()["settings"]["coherence"] == {"parallel_clips": False}
    found = api.get(f"/api/v1/projects/{project.slug}/estimate/?off=parallel_clips,qc_scoring").json()
    assert [row["key"] for row in found["settings"] if row["key"].startswith(("para", "qc")) and not row["on"]] == [
        "qc_scoring", "parallel_clips",
    ]  # fmt: skip


def test_a_failed_picture_is_accepted_with_a_reason_and_its_run_goes_on(api, project, shot):
    run = Run.objects.create(
        pipeline="render_shot", subject=f"shot:{shot.pk}", project=project, state=RunState.FAILED, settings={}
    )
    picture = asset(project, "layer")
    iteration = record_iteration(
        shot, 1, run_id=run.pk, layer="location", prompt="A room.", picture=picture, attempts=5, references=[]
    )
    record_verification(
        shot, kind="vision_model", query="?", passed=False, answer="No.", iteration=iteration, picture=picture, run=run
    )
    url = f"shots/{shot.pk}/accept-picture/"
    assert post(api, url, {"picture": picture.pk, "reason": " "}).status_code == 400
    assert post(api, url, {"picture": picture.pk, "reason": "Dark is meant."}).json() == {
        "overruled": 1, "resumed": run.pk,
    }  # fmt: skip
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    assert post(api, url, {"picture": picture.pk, "reason": "Again."}).json() == {"overruled": 0, "resumed": None}


def test_what_a_person_decided_is_given_back(api, shot, owner):
    record_plan(shot, {"lens_mm": 35})
    change_shot(shot, by=owner, lens_mm=85)
    assert post(api, f"shots/{shot.pk}/give-back/", {"names": ["lens_mm"]}).json()["overrides"] == []
    shot.refresh_from_db()
    assert shot.lens_mm == 35
    assert post(api, f"shots/{shot.pk}/give-back/", {"names": ["seed"]}).status_code == 400


def test_a_take_says_what_has_changed_since(api, project, shot):
    made = take(project, shot)
    found = api.get(f"/api/v1/takes/{made.pk}/changes/").json()
    assert found["stale"] is True
    assert all({"what", "before", "after"} == row.keys() for row in found["changes"])
