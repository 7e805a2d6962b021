"""Material through the API: items and files, how ready they make a production, and the start of qualification."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from media_pipeline.departments.registry import departments
from media_pipeline.runs.models import Run
from projects.actions import add_member, lock_gather, record_readiness
from projects.choices import Role
from projects.models import DepartmentReadiness, GatherItem


@pytest.fixture
def api(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def writer(project, django_user_model, client):
    person = django_user_model.objects.create_user("writer", "writer@example.com", "take-one-please")
    add_member(project, person, Role.WRITER)
    client.force_login(person)
    return client


def post(client, url, data, **headers):
    return client.post(f"/api/v1/{url}", data, content_type="application/json", headers=headers)


def item(client, project, **fields):
    return post(client, "gather-items/", {"project": project.slug, "kind": "note", **fields})


def test_an_item_says_that_it_came_through_the_api_and_moves_readiness(api, project):
    made = item(api, project, kind="world_rule", body="The tide comes twice.")
    assert (made.status_code, made.json()["source"]) == (201, "api")
    assert DepartmentReadiness.objects.get(department="world", evaluated_by="rules").score == 13
    url = f"/api/v1/gather-items/{made.json()['id']}/"
    changed = api.patch(url, {"kind": "note"}, content_type="application/json", headers={"If-Match": made["ETag"]})
    assert changed.status_code == 200, changed.content
    assert DepartmentReadiness.objects.get(department="world", evaluated_by="rules").score < 13
    assert api.delete(url, headers={"If-Match": "*"}).status_code == 204
    assert not GatherItem.objects.exists()


def test_a_writer_brings_a_file_whose_words_become_the_body(writer, project):
    url = f"/api/v1/projects/{project.slug}/gather-files/"
    sent = {"file": SimpleUploadedFile("the_tide.txt", b"It comes twice a night."), "department": "world"}
    made = writer.post(url, sent)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["kind"], told["title"], told["body"]) == ("document", "the tide", "It comes twice a night.")
    assert (told["source"], told["department"]) == ("api", "world")
    assert writer.get(f"/api/v1/gather-items/?project={project.slug}&kind=document").json()["count"] == 1
    refused = writer.post(url, {"file": SimpleUploadedFile("odd.bin", b"\x00\x01\x02")})
    assert refused.status_code == 400
    assert "can be kept" in refused.json()["errors"]["file"][0]


def test_locked_material_is_refused_with_its_reason(api, project):
    made = item(api, project, title="The lamp").json()
    lock_gather(project)
    for answer in (
        item(api, project, title="Too late"),
        api.patch(f"/api/v1/gather-items/{made['id']}/", {"title": "x"}, content_type="application/json",
                  headers={"If-Match": "*"}),
        api.delete(f"/api/v1/gather-items/{made['id']}/", headers={"If-Match": "*"}),
    ):  # fmt: skip
        assert answer.status_code == 400
        assert "locked" in answer.json()["detail"]
    assert GatherItem.objects.get().title == "The lamp"


def test_readiness_tells_both_judges_and_the_whole(api, project):
    record_readiness(project, "world", 55, ["How long the water takes."], by="model")
    told = api.get(f"/api/v1/projects/{project.slug}/readiness/").json()
    world = next(one for one in told["departments"] if one["key"] == "world")
    assert [one["key"] for one in told["departments"]] == [one.key for one in departments()]
    assert (told["ready"], world["score"], world["threshold"], world["required"]) == (False, 0, 75, True)
    assert any("world rules" in words for words in world["missing"])
    assert (world["model"]["score"], world["model"]["missing"]) == (55, ["How long the water takes."])


def test_what_is_not_ready_is_a_conflict_unless_it_shall_start_anyway(api, project):
    url = f"projects/{project.slug}/qualify/"
    refused = post(api, url, {})
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert "World (0 of 75)" in refused.json()["detail"]
    assert not Run.objects.exists()
    first, again = (post(api, url, {"although_not_ready": True}, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    assert (first.json()["pipeline"], Run.objects.count()) == ("qualify", 1)
