"""Lists: pictures, states, filters, order, search, export and what is done to several rows at once."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from characters.actions import create_character
from projects.choices import Role
from projects.models import BudgetLedgerEntry, Membership
from scenes.actions import add_scene, add_shot, change_scene, omit_scene, omit_shot
from scenes.choices import SceneStatus, ShotStatus
from scenes.models import Scene, Shot, Take
from studio.rights import RIGHTS

from .posting import address, viewset_of

IN_REVIEW = SceneStatus.IN_REVIEW
"""Where the first scene of a world stands: it has a take."""

pytestmark = pytest.mark.django_db


def listed(client, model, **query):
    response = client.get(address(model, "list" if hasattr(model, "snippet_viewset") else "index"), query)
    assert response.status_code == 200
    return list(response.context["object_list"])


def rows_of(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def bulk(client, model, action, records, **posted):
    url = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, action])
    return client.post(f"{url}?{'&'.join(f'id={record.pk}' for record in records)}", posted)


@pytest.fixture
def three_scenes(ours):
    """Scenes 1, 2 and 3 of the production, the third omitted."""
    chapter = ours.of(Scene).chapter
    more = [add_scene(chapter.pk, ours.project.pk, number=n, sequence=int(n), heading=f"EXT. {n}") for n in ("2", "3")]
    omit_scene(more[1])
    return [ours.of(Scene), *more]


def test_every_list_takes_as_many_queries_for_many_rows_as_for_one(as_role, ours, theirs):
    client, counts = as_role(Role.OWNER), {}

    def count():
        found = {}
        for model in RIGHTS:
            url = address(model, "list" if "list" in names_of(model) else "index")
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            found[model.__name__] = len(seen)
        return found

    counts = count()
    chapter = ours.of(Scene).chapter
    for number in range(20, 26):
        scene = add_scene(chapter.pk, ours.project.pk, number=str(number), sequence=number, heading="EXT. SEA")
        scene.save_revision()
        for place in range(1, 4):
            add_shot(scene, ours.project.pk, number=place, sequence=place)
        create_character(ours.project, name=f"Sailor {number}").save_revision()
    assert count() == counts


def names_of(model):
    return {pattern.name for pattern in viewset_of(model).get_urlpatterns()}


def test_a_scene_is_known_by_the_picture_of_its_first_shot(as_role, ours):
    shot, take = ours.of(Shot), ours.of(Take)
    shot.state.refresh_from_db()
    assert shot.state.selected_take == take
    html = as_role(Role.WRITER).get(address(Scene, "list")).content.decode()
    assert f'src="/media/{take.thumbnail_id}/"' in html
    omit_shot(shot)
    shot.state.selected_take = None
    shot.state.save()
    html = as_role(Role.WRITER, "again").get(address(Scene, "list")).content.decode()
    assert "/media/" not in html


def test_scenes_stand_in_the_order_of_the_film_and_can_be_sorted(as_role, three_scenes):
    client = as_role(Role.WRITER)
    assert listed(client, Scene) == three_scenes
    assert listed(client, Scene, ordering="-how_many_shots")[0] == three_scenes[0]
    assert listed(client, Scene, ordering="evil; drop") == three_scenes


def test_filters_find_a_state(as_role, three_scenes):
    client = as_role(Role.WRITER)
    assert listed(client, Scene, status=SceneStatus.OMITTED) == [three_scenes[2]]
    assert listed(client, Scene, status=[SceneStatus.OMITTED, SceneStatus.DRAFT]) == three_scenes[1:]
    assert listed(client, Scene, draft="false") == three_scenes[1:]
    assert listed(client, Scene, chapter=three_scenes[0].chapter_id, q="HARBOUR") == [three_scenes[0]]


def test_search_stays_within_the_production_chosen(as_role, ours, theirs):
    client = as_role(Role.WRITER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.WRITER)
    assert set(listed(client, Scene, q="HARBOUR")) == {ours.of(Scene), theirs.of(Scene)}
    assert listed(client, Scene, q="HARBOUR", production=ours.project.pk) == [ours.of(Scene)]


def test_what_is_listed_is_what_is_exported(as_role, three_scenes, theirs):
    client = as_role(Role.WRITER)
    change_scene(three_scenes[0], synopsis="=HYPERLINK(1)", palette=["#102030", "#405060"])
    head, *rows = rows_of(
        client.get(address(Scene, "list"), {"export": "csv", "status": [SceneStatus.DRAFT, IN_REVIEW]})
    )
    cells = dict(zip(head, rows[0], strict=True))
    assert [row[head.index("Number")] for row in rows] == ["1", "2"]
    assert cells["Status"] == "In review"
    assert cells["Palette"] == "#102030; #405060"
    assert cells["Synopsis"] == "'=HYPERLINK(1)", "a spreadsheet shows it and does not run it"
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(address(Scene, "list"), {"export": "xlsx"}).streaming_content))
    )
    assert book.active.max_row == 4
    assert book.active.cell(2, head.index("Synopsis") + 1).data_type == "s"


def test_every_list_can_be_exported_in_few_queries(as_role, ours):
    client = as_role(Role.OWNER)
    for model in RIGHTS:
        url = address(model, "list" if "list" in names_of(model) else "index")
        with CaptureQueriesContext(connection) as seen:
            rows = rows_of(client.get(url, {"export": "csv"}))
        assert len(rows[0]) > 1, model
        assert len(seen) < 12, model


def test_the_ledger_is_listed_for_those_who_may_spend_there(as_role, ours, theirs):
    client = as_role(Role.WRITER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.OWNER)
    assert listed(client, BudgetLedgerEntry) == [theirs.of(BudgetLedgerEntry)]


def test_several_scenes_are_omitted_and_restored_at_once(as_role, three_scenes):
    client = as_role(Role.DIRECTOR)
    response = bulk(client, Scene, "omit", three_scenes)
    assert [str(message).strip() for message in get_messages(response.wsgi_request)] == ["2 scenes omitted."]
    assert not Scene.objects.exclude(state__status=SceneStatus.OMITTED).exists()
    bulk(client, Scene, "restore", three_scenes)
    assert not Scene.objects.filter(state__status=SceneStatus.OMITTED).exists()


def test_only_drafts_are_marked_ready(as_role, three_scenes, ours):
    bulk(as_role(Role.DIRECTOR), Scene, "ready", three_scenes)
    states = list(Scene.objects.order_by("pk").values_list("state__status", flat=True))
    assert states == [IN_REVIEW, SceneStatus.READY_FOR_GENERATION, SceneStatus.OMITTED]


def test_several_shots_get_the_same_light_and_keep_the_rest(as_role, ours):
    shots = list(Shot.objects.filter(scene=ours.of(Scene)))
    client = as_role(Role.DIRECTOR)
    page = bulk(client, Shot, "direct", shots)
    assert "Choose at least one value" in page.content.decode()
    bulk(client, Shot, "direct", shots, lighting_type="candle", colour_temperature="1900")
    assert set(Shot.objects.values_list("lighting_type", "colour_temperature")) == {("candle", 1900)}
    assert Shot.objects.get(pk=shots[0].pk).business == "Lanternfish waits"


@pytest.mark.parametrize("action", ["omit", "restore", "ready", "direct", "delete"])
def test_no_foreign_row_is_changed_in_bulk(as_role, ours, theirs, action):
    client = as_role(Role.OWNER)
    response = bulk(client, Scene, action, [theirs.of(Scene)], lighting_type="candle")
    assert response.status_code == 404
    assert not Scene.objects.filter(lighting_type="candle").exists()
    url = reverse("wagtail_bulk_action", args=["scenes", "scene", action])
    assert client.post(f"{url}?id=all").status_code == 404
    assert not Scene.objects.filter(state__status=SceneStatus.OMITTED).exists()


def test_who_only_looks_changes_nothing_in_bulk(as_role, ours, theirs):
    client = as_role(Role.VIEWER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.OWNER)
    response = bulk(client, Shot, "omit", [ours.of(Shot), theirs.of(Shot)])
    assert response.status_code == 302
    states = dict(Shot.objects.values_list("pk", "state__status"))
    assert (states[ours.of(Shot).pk], states[theirs.of(Shot).pk]) == (ShotStatus.AWAITING_REVIEW, ShotStatus.OMITTED)
