"""What scripts do: start and stop runs once, decide, read events and files, with a token of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from media_pipeline.runs.models import Run, RunState, Step, StepState
from media_pipeline.runs.pruning import prune
from projects.actions import add_member
from projects.events import emit
from projects.models import Alert
from scenes.actions import add_shot
from scenes.models import Scene
from studio.api.models import ApiToken, IdempotentAnswer, issue_token, prune_answers

SCRIPT = b"INT. LAMP ROOM - NIGHT\n\nMara lights the lamp.\n\nEXT. SANDBANK - DAWN\n\nThe tide comes.\n"


@pytest.fixture
def api(owner):
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def imported(api, project):
    answer = api.post(
        f"/api/v1/projects/{project.slug}/screenplay/",
        {"screenplay": SimpleUploadedFile("lamp.fountain", SCRIPT), "chapter": "1"},
    )
    assert answer.status_code == 201, answer.content
    return project


def post(client, url, data=None, **headers):
    return client.post(f"/api/v1/{url}", data or {}, content_type="application/json", headers=headers)


def bearer(person, *scopes, **options):
    _, secret = issue_token(person, "script", list(scopes), **options)
    return {"Authorization": f"Bearer {secret}"}


# -- production


def test_a_screenplay_becomes_scenes(imported):
    assert list(Scene.objects.values_list("heading", flat=True)) == ["INT. LAMP ROOM - NIGHT", "EXT. SANDBANK - DAWN"]


def test_a_file_that_is_no_screenplay_is_refused(api, project):
    answer = api.post(
        f"/api/v1/projects/{project.slug}/screenplay/", {"screenplay": SimpleUploadedFile("x.zip", b"PK\x03\x04")}
    )
    assert answer.status_code == 400
    assert "not a kind of screenplay" in answer.json()["detail"]


def test_an_estimate_comes_before_the_money(api, imported):
    body = api.get(f"/api/v1/projects/{imported.slug}/estimate/?tier=draft").json()
    assert (body["currency"], body["planned"], body["shots"] > 0) == ("USD", False, True)
    assert not Run.objects.exists()


def test_a_film_is_produced_once_however_often_the_request_is_sent(api, imported):
    url = f"projects/{imported.slug}/produce/"
    first = post(api, url, {"chapter": 1}, **{"Idempotency-Key": "film-1"})
    assert first.status_code == 202, first.content
    Run.objects.update(state=RunState.SUCCEEDED)
    again = post(api, url, {"chapter": 1}, **{"Idempotency-Key": "film-1"})
    assert (again.status_code, again.json(), again["Idempotent-Replay"]) == (202, first.json(), "true")
    assert Run.objects.count() == 1
    other = post(api, url, {"chapter": 1, "tier": "draft"}, **{"Idempotency-Key": "film-1"})
    assert (other.status_code, Run.objects.count()) == (409, 1)


def test_a_request_that_failed_leaves_its_key_free(api, imported):
    url = f"projects/{imported.slug}/produce/"
    assert post(api, url, {"chapter": 9}, **{"Idempotency-Key": "k"}).status_code == 400
    assert not IdempotentAnswer.objects.exists()
    assert post(api, url, {"chapter": 1}, **{"Idempotency-Key": "k"}).status_code == 202


def test_keys_of_different_people_are_different_keys(api, imported, member):
    add_member(imported, member, "producer")
    other = Client()
    other.force_login(member)
    url = f"projects/{imported.slug}/plan/"
    post(api, url, {"chapter": 1}, **{"Idempotency-Key": "k"})
    Run.objects.update(state=RunState.SUCCEEDED)
    assert "Idempotent-Replay" not in post(other, url, {"chapter": 1}, **{"Idempotency-Key": "k"})


def test_old_answers_are_forgotten(api, imported):
    post(api, f"projects/{imported.slug}/plan/", {"chapter": 1}, **{"Idempotency-Key": "k"})
    assert prune_answers() == 0
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert prune_answers() == 1


def test_the_poller_forgets_them_in_its_round(api, imported):
    post(api, f"projects/{imported.slug}/plan/", {"chapter": 1}, **{"Idempotency-Key": "k"})
    prune()
    assert IdempotentAnswer.objects.count() == 1
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    prune()
    assert IdempotentAnswer.objects.count() == 0


def test_a_run_is_stopped_resumed_and_explained(api, imported):
    run_id = post(api, f"projects/{imported.slug}/plan/", {"chapter": 1}).json()["id"]
    assert post(api, f"runs/{run_id}/cancel/").status_code == 202
    assert post(api, f"runs/{run_id}/cancel/").status_code == 409
    Run.objects.update(state=RunState.CANCELLED)
    assert post(api, f"runs/{run_id}/resume/").json()["state"] == "queued"
    Step.objects.create(run_id=run_id, key="keyframe", kind="provider", provider="fal", error_message="Too dark.")
    explained = api.get(f"/api/v1/runs/{run_id}/explained/").json()
    assert [(step["key"], step["error_message"]) for step in explained["steps"]] == [("keyframe", "Too dark.")]
    assert "token" not in explained["steps"][0]


def test_a_lost_request_is_resolved_by_who_may_spend(api, project, member):
    run = Run.objects.create(pipeline="render_shot", subject="shot:1", project=project, state=RunState.WAITING)
    step = Step.objects.create(run=run, key="motion", kind="provider", state=StepState.UNKNOWN, provider="fal")
    other = Client()
    other.force_login(member)
    assert post(other, f"steps/{step.pk}/resolve/", {"request_id": "abc"}).status_code == 403
    assert post(api, f"steps/{step.pk}/resolve/", {"request_id": "abc"}).json()["state"] == "submitted"
    assert post(api, f"steps/{step.pk}/resolve/", {}).status_code == 400


def test_events_are_read_from_a_cursor_and_nothing_is_told_twice(api, imported):
    url = f"/api/v1/projects/{imported.slug}/events/"
    first = api.get(f"{url}?limit=3").json()
    rest = api.get(f"{url}?after={first['next']}").json()
    seen = [event["id"] for event in first["events"] + rest["events"]]
    assert (len(first["events"]), first["more"], seen == sorted(set(seen))) == (3, True, True)
    assert api.get(f"{url}?after={rest['next']}").json()["events"] == []
    assert api.get(f"{url}?after=yesterday").status_code == 400


def test_movements_of_money_are_told_to_those_who_may_spend_only(api, imported, member, owner):
    with transaction.atomic():
        emit(imported.pk, "budget.moved", f"project:{imported.pk}", {"amount": "1"})
    url = f"/api/v1/projects/{imported.slug}/events/?limit=500"
    other = Client()
    other.force_login(member)

    def types(answer):
        return {event["type"] for event in answer.json()["events"]}

    assert "budget.moved" in types(api.get(url))
    assert "budget.moved" not in types(other.get(url))
    assert "budget.moved" not in types(Client().get(url, headers=bearer(owner, "view")))


def test_a_stranger_finds_no_action(stranger, imported):
    client = Client()
    client.force_login(stranger)
    run = Run.objects.create(pipeline="produce_film", subject="x", project=imported)
    alert = Alert.objects.create(project=imported, title="A problem")
    for url in (
        f"projects/{imported.slug}/produce/", f"projects/{imported.slug}/plan/", f"runs/{run.pk}/cancel/",
        f"alerts/{alert.pk}/dismiss/", f"scenes/{Scene.objects.first().pk}/omit/",
        f"scenes/{Scene.objects.first().pk}/continuity/", f"projects/{imported.slug}/previz/",
    ):  # fmt: skip
        assert post(client, url).status_code == 404, url
    for url in (
        f"projects/{imported.slug}/events/",
        f"projects/{imported.slug}/estimate/",
        f"runs/{run.pk}/explained/",
    ):
        assert client.get(f"/api/v1/{url}").status_code == 404, url


def test_a_scene_is_left_out_and_brought_back(api, imported):
    scene = Scene.objects.first()
    assert post(api, f"scenes/{scene.pk}/omit/").json()["changed"] is True
    assert Scene.objects.get(pk=scene.pk).state.status == "omitted"
    assert post(api, f"scenes/{scene.pk}/restore/").json()["changed"] is True
    copy = post(api, f"scenes/{scene.pk}/duplicate/").json()["scene"]
    assert Scene.objects.get(pk=copy).number not in {"", scene.number}


def test_the_cuts_of_a_scene_are_checked_by_its_records(api, imported):
    scene = Scene.objects.first()
    for number, hour in ((91, "day"), (92, "night")):
        add_shot(scene, imported.pk, number=number, sequence=number, business="Rain.", time_of_day=hour)
    assert post(api, f"scenes/{scene.pk}/continuity/").json() == {"scene": scene.pk, "open": 1}


# -- tokens and accounts


def test_a_token_is_shown_once_and_kept_as_a_digest(api, owner):
    body = post(api, "me/tokens/", {"name": "nightly", "scopes": ["view"]}).json()
    assert body["token"].startswith("rushes_")
    kept = ApiToken.objects.get()
    assert body["token"] not in (kept.digest, kept.name)
    assert "token" not in api.get("/api/v1/me/tokens/").json()[0]


def test_a_scope_narrows_what_a_person_may_and_widens_nothing(owner, member, imported):
    client = Client()
    reading = bearer(owner, "view")
    assert client.get(f"/api/v1/projects/{imported.slug}/events/", headers=reading).status_code == 200
    refused = post(client, f"projects/{imported.slug}/produce/", {"chapter": 1}, **reading)
    assert (refused.status_code, Run.objects.count()) == (403, 0)
    assert 'not made for "generate"' in refused.json()["detail"]
    everything = bearer(member, "view", "generate")  # a reviewer does not become more by a token
    assert post(client, f"projects/{imported.slug}/produce/", {"chapter": 1}, **everything).status_code == 403


@pytest.mark.parametrize("how", ["revoked", "expired", "wrong", "inactive"])
def test_a_token_that_does_not_hold_opens_nothing(api, owner, how):
    token, secret = issue_token(owner, "script", ["view"])
    if how == "revoked":
        assert api.delete(f"/api/v1/me/tokens/{token.pk}/").status_code == 204
    if how == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "inactive":
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    sent = secret[:-1] + ("x" if secret[-1] != "x" else "y") if how == "wrong" else secret
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {sent}"}).status_code == 401


def test_a_token_makes_no_tokens(owner):
    answer = post(Client(), "me/tokens/", {"name": "more", "scopes": ["view"]}, **bearer(owner, "view", "manage"))
    assert answer.status_code == 403


def test_people_log_in_go_on_and_log_out(owner):
    owner.set_password("take-one-please")
    owner.save()
    client = Client()
    pair = post(client, "auth/login/", {"username": owner.username, "password": "take-one-please"}).json()
    me = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {pair['access']}"})
    assert me.json()["username"] == owner.username
    fresh = post(client, "auth/refresh/", {"refresh": pair["refresh"]}).json()
    assert post(client, "auth/refresh/", {"refresh": pair["refresh"]}).status_code == 401  # it was used
    signed_in = {"Authorization": f"Bearer {fresh['access']}"}
    assert post(client, "auth/logout/", {"refresh": fresh["refresh"]}, **signed_in).status_code == 204
    assert post(client, "auth/refresh/", {"refresh": fresh["refresh"]}).status_code == 401
    assert post(client, "auth/login/", {"username": owner.username, "password": "wrong"}).status_code == 401


def test_accounts_are_made_only_where_the_site_lets_people(db, settings, django_user_model):
    data = {"username": "newcomer", "email": "new@example.com", "password": "take-two-please"}
    settings.ALLOW_REGISTRATION = False
    assert post(Client(), "auth/register/", data).status_code == 403
    settings.ALLOW_REGISTRATION = True
    assert post(Client(), "auth/register/", data | {"password": "123"}).status_code == 400
    assert post(Client(), "auth/register/", data).status_code == 201
    assert post(Client(), "auth/register/", data | {"username": "Newcomer"}).status_code == 400
    assert django_user_model.objects.get(username="newcomer").check_password("take-two-please")
