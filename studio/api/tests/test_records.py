"""Records through the API: what exists for whom, what a change takes, and what goes wrong in one shape."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver
from rest_framework.exceptions import ValidationError

from projects.access import MAY
from projects.actions import add_member
from projects.choices import Role
from projects.models import Chapter, Event, Membership
from scenes.actions import add_scene, add_shot
from scenes.models import Scene, Shot
from studio.api.problems import _as_api_error
from studio.api.urls import RECORDS
from studio.editorial.tests.conftest import build_world, person
from studio.rights import right_for
from studio.scope import PATHS


@pytest.fixture
def ours(db):
    return build_world("Lanternfish", "LANT", person("lanternfish-owner"))


@pytest.fixture
def theirs(db):
    return build_world("Anglerfish", "ANGL", person("anglerfish-owner"))


@pytest.fixture
def as_role(ours):
    """A client of a member with this role: `as_role("writer")`."""

    def as_role(role):
        who = person(f"the-{role}")
        add_member(ours.project, who, role)
        client = Client()
        client.force_login(who)
        return client

    return as_role


def member_of(world, username):
    return Membership.objects.get(project=world.project, person__username=username).person


def address(model, pk=None):
    name = next(name for name, (known, _) in RECORDS.items() if known is model)
    return f"/api/v1/{name}/" + (f"{pk}/" if pk else "")


def change(client, record, data, etag=None):
    url = address(type(record), record.pk)
    tag = etag or client.get(url)["ETag"]
    return client.patch(url, data, content_type="application/json", headers={"If-Match": tag})


ALL = sorted(RECORDS)


@pytest.mark.parametrize("name", ALL)
def test_to_a_stranger_no_record_exists(ours, theirs, name):
    client = Client()
    client.force_login(Membership.objects.get(project=theirs.project).person)
    model = RECORDS[name][0]
    listed = client.get(f"/api/v1/{name}/").json()["results"]
    assert "Lanternfish" not in str(listed)
    if model in PATHS:
        record = ours.of(model)
        for answer in (
            client.get(f"/api/v1/{name}/{record.pk}/"),
            client.patch(f"/api/v1/{name}/{record.pk}/", {}, content_type="application/json"),
            client.delete(f"/api/v1/{name}/{record.pk}/", headers={"If-Match": "*"}),
        ):
            assert answer.status_code in (404, 405), answer.content
            assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("name", ALL)
def test_a_viewer_reads_what_the_table_allows_and_changes_nothing(ours, as_role, name):
    model = RECORDS[name][0]
    if model not in PATHS:
        return
    client, record = as_role(Role.VIEWER), ours.of(model)
    answer = client.get(f"/api/v1/{name}/{record.pk}/")
    sees = Role.VIEWER in MAY[right_for(model, "view")]
    assert answer.status_code == (200 if sees else 403), answer.content
    listed = {row["id"] for row in client.get(f"/api/v1/{name}/").json()["results"] if "id" in row}
    assert sees or not listed
    for sent in (
        client.patch(f"/api/v1/{name}/{record.pk}/", {}, content_type="application/json", headers={"If-Match": "*"}),
        client.delete(f"/api/v1/{name}/{record.pk}/", headers={"If-Match": "*"}),
    ):
        assert sent.status_code in (403, 405), sent.content


@pytest.mark.parametrize("name", ALL)
def test_an_owner_reads_every_record_whole(ours, as_role, name):
    model = RECORDS[name][0]
    client = as_role(Role.OWNER)
    rows = client.get(f"/api/v1/{name}/").json()
    assert rows["count"] >= 1
    if model in PATHS:
        assert client.get(f"/api/v1/{name}/{ours.of(model).pk}/").status_code == 200


def test_without_a_login_nothing_is_told(db):
    for name in ALL:
        answer = Client().get(f"/api/v1/{name}/")
        assert (answer.status_code, answer.json()["status"]) == (401, 401)


def test_no_answer_holds_what_belongs_to_the_engine_or_is_a_secret(ours, as_role):
    client = as_role(Role.OWNER)
    for name in [*ALL, "runs"]:
        for row in client.get(f"/api/v1/{name}/").json()["results"]:
            assert not {"token", "provider_data", "lease_owner", "password", "digest"} & row.keys(), name


# -- lists


@pytest.mark.parametrize("name", ALL)
def test_a_list_takes_few_queries_of_any_record(ours, theirs, as_role, name, django_assert_max_num_queries):
    client = as_role(Role.OWNER)
    add_member(theirs.project, member_of(ours, "the-owner"), Role.OWNER)
    with django_assert_max_num_queries(6):
        assert client.get(f"/api/v1/{name}/").status_code == 200


def test_fifty_shots_cost_no_more_queries_than_one(ours, as_role, django_assert_num_queries):
    client, scene = as_role(Role.OWNER), ours.of(Scene)
    url = "/api/v1/shots/?expand=scene"
    client.get(url)
    for number in range(20, 70):
        add_shot(scene, ours.project.pk, number=number, sequence=number)
    with django_assert_num_queries(5):  # session, person, memberships, count, page
        assert len(client.get(url).json()["results"]) == 50


def test_a_list_is_filtered_searched_ordered_and_paged_in_the_database(ours, as_role):
    client, chapter = as_role(Role.OWNER), ours.of(Chapter)
    for number in range(2, 8):
        add_scene(chapter.pk, ours.project.pk, number=str(number), sequence=number, heading=f"EXT. PIER {number} - DAY")
    found = client.get(f"/api/v1/scenes/?project={ours.project.slug}&search=pier&ordering=-sequence&page_size=2").json()
    assert (found["count"], [row["number"] for row in found["results"]]) == (6, ["7", "6"])
    assert client.get("/api/v1/scenes/?sequence__gte=7").json()["count"] == 1
    assert client.get("/api/v1/scenes/?project=never-was").json()["count"] == 0
    assert client.get("/api/v1/scenes/?page=99").status_code == 404


def test_sparse_fields_and_expansion_give_what_was_asked_for(ours, as_role):
    client, scene = as_role(Role.OWNER), ours.of(Scene)
    row = client.get(f"/api/v1/scenes/{scene.pk}/?fields=number,cast&expand=cast").json()
    assert row == {"id": scene.pk, "number": "1", "cast": []}
    wrong = client.get(f"/api/v1/scenes/{scene.pk}/?expand=secrets")
    assert wrong.status_code == 400
    assert "There is no 'secrets' here" in wrong.json()["detail"]


# -- writing


def test_a_record_is_made_by_its_verb_with_its_lists(ours, as_role):
    client, chapter = as_role(Role.WRITER), ours.of(Chapter)
    character = client.post(
        "/api/v1/characters/", {"project": ours.project.slug, "name": "Mara", "aliases": ["KEEPER"]},
        content_type="application/json",
    ).json()  # fmt: skip
    answer = client.post(
        "/api/v1/scenes/",
        {"chapter": chapter.pk, "number": "9A", "sequence": 9, "heading": "INT. LAMP ROOM - NIGHT",
         "cast": [{"character_id": character["id"], "business": "Lights the lamp."}],
         "dialogue": [{"speaker": "MARA", "line": "It will hold."}]},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    scene = Scene.objects.get(number="9A")
    assert [person.character.name for person in scene.cast.all()] == ["Mara"]
    assert [line.line for line in scene.dialogue.all()] == ["It will hold."]
    assert answer["ETag"]
    assert Event.objects.filter(type="scene.created", subject=f"scene:{scene.pk}").exists()


def test_what_a_verb_refuses_is_told_field_by_field_and_nothing_is_written(ours, as_role):
    client = as_role(Role.WRITER)
    answer = client.post(
        "/api/v1/characters/", {"project": ours.project.slug, "name": "Lanternfish person"},
        content_type="application/json",
    )  # fmt: skip
    body = answer.json()
    assert (answer.status_code, body["title"]) == (400, "Bad request")
    assert "merge the two" in body["errors"]["name"][0]


def test_a_foreign_production_cannot_be_written_into(ours, theirs, as_role):
    client = as_role(Role.OWNER)
    for data, url in (
        ({"project": theirs.project.slug, "name": "Spy"}, "/api/v1/characters/"),
        ({"chapter": theirs.of(Chapter).pk, "number": "7", "sequence": 7}, "/api/v1/scenes/"),
    ):
        answer = client.post(url, data, content_type="application/json")
        assert answer.status_code == 400, answer.content
    assert not Scene.objects.filter(number="7").exists()


def test_two_editors_never_overwrite_each_other(ours, as_role):
    one, other, shot = as_role(Role.DIRECTOR), as_role(Role.WRITER), ours.of(Shot)
    seen = other.get(address(Shot, shot.pk))["ETag"]
    assert change(one, shot, {"lens_mm": 35}).status_code == 200
    late = change(other, shot, {"lens_mm": 85}, etag=seen)
    assert (late.status_code, late.json()["title"]) == (412, "Changed meanwhile")
    without = other.patch(address(Shot, shot.pk), {"lens_mm": 85}, content_type="application/json")
    assert without.status_code == 428
    shot.refresh_from_db()
    assert shot.lens_mm == 35


def test_a_record_stays_in_its_production(ours, theirs, as_role):
    client, shot = as_role(Role.OWNER), ours.of(Shot)
    add_member(
        theirs.project, Membership.objects.get(project=ours.project, person__username="the-owner").person, "owner"
    )
    answer = change(client, shot, {"scene": theirs.of(Scene).pk})
    assert answer.status_code == 400
    shot.refresh_from_db()
    assert shot.scene == ours.of(Scene)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_changes_exactly_what_the_table_allows(ours, as_role, role):
    client, shot = as_role(role), ours.of(Shot)
    answer = change(client, shot, {"lens_mm": 50})
    assert answer.status_code == (200 if role in MAY["write"] else 403), answer.content


def test_a_chapter_keeps_its_number(ours, as_role):
    client, chapter = as_role(Role.WRITER), ours.of(Chapter)
    assert change(client, chapter, {"number": 1, "title": "The lamp"}).status_code == 200
    refused = change(client, chapter, {"number": 2})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["number"])


def test_every_error_is_a_problem_with_a_sentence(ours, as_role):
    client = as_role(Role.OWNER)
    answers = {
        404: client.get("/api/v1/nothing/here/"),
        405: client.put("/api/v1/me/", {}, content_type="application/json"),
        415: client.post("/api/v1/characters/", "x", content_type="text/plain"),
        400: client.post("/api/v1/characters/", "{", content_type="application/json"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"].startswith("application/problem+json")
        assert answer.json()["detail"].endswith((".", "}")) or len(answer.json()["detail"]) > 10


def test_what_no_database_holds_and_no_address_is_are_problems_too(ours, as_role):
    client = as_role(Role.OWNER)
    strict = Client(enforce_csrf_checks=True)  # as a script without a cookie's token
    answers = {
        404: strict.delete("/api/v1/characters/D%12/"),
        400: client.get("/api/v1/scenes/?" + "&".join(f"x{number}=1" for number in range(1100))),
    }
    for status, answer in answers.items():
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    huge = client.post(f"/api/v1/shots/{ours.of(Shot).pk}/merge/", {"other": 2**70}, content_type="application/json")
    assert huge.status_code == 400
    assert isinstance(_as_api_error(OverflowError("too large")), ValidationError)


def test_every_address_of_the_api_is_under_its_version():
    patterns = {str(entry.pattern) for entry in get_resolver().url_patterns}
    assert "api/v1/" in patterns


def test_why_a_shot_was_decided_otherwise_is_kept_with_the_decision(ours, as_role):
    client, shot = as_role(Role.DIRECTOR), ours.of(Shot)
    url = f"/api/v1/shots/{shot.pk}/"
    change = {"shot_size": "insert", "because": "The hands tell it."}
    answer = client.patch(url, change, "application/json", headers={"If-Match": client.get(url).headers["ETag"]})
    assert (answer.status_code, answer.json()["shot_size"]) == (200, "insert")
    assert "because" not in answer.json()
    shot.state.refresh_from_db()
    assert shot.state.decided["shot_size"]["reason"] == "The hands tell it."
