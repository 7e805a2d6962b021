"""Renaming and merging from the browser, and from a script."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from characters.actions import create_character
from characters.models import Character
from projects.actions import add_member, create_project
from projects.models import Correction
from scenes.actions import create_location
from scenes.importing import import_screenplay_file
from scenes.models import DialogueLine, Location

SCRIPT = b"INT. LAMP ROOM - NIGHT\n\nMara lights the lamp.\n\nMARA\nIt burns.\n\nTOM\nMara, run.\n"


@pytest.fixture
def mara(project):
    import_screenplay_file(project, SCRIPT, "lamp.fountain", chapter_number=1)
    return Character.objects.get(project=project, name="MARA")


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


def api(client, url, data):
    return client.post(f"/api/v1/{url}", data, content_type="application/json")


def page_of(answer):
    return BeautifulSoup(answer.content, "html.parser")


def test_the_page_shows_first_what_a_new_name_changes(site, project, mara):
    url = reverse("rename-character", args=[project.slug, mara.pk])
    assert page_of(site.get(url)).select_one("[name=name]")["value"] == "MARA"
    answer = site.post(url, {"name": "Vera"})
    page = page_of(answer)
    assert answer.status_code == 200
    assert "Mara, run." in page.get_text()
    assert len(page.select("[name=change][checked]")) == len(page.select("[name=shown]")) > 0
    assert not Correction.objects.exists()

    shown = [box["value"] for box in page.select("[name=shown]")]
    chosen = [key for key in shown if "dialogueline" not in key]
    site.post(url, {"name": "Vera", "confirmed": "yes", "shown": shown, "change": chosen})
    mara.refresh_from_db()
    assert (mara.name, mara.aliases) == ("Vera", ["MARA"])
    assert DialogueLine.objects.get(speaker="TOM").line == "Mara, run."


def test_a_name_that_is_taken_is_said_beside_the_field_and_kept(site, project, mara):
    answer = site.post(reverse("rename-character", args=[project.slug, mara.pk]), {"name": "tom"})
    assert answer.status_code == 422
    assert "is TOM already" in page_of(answer).select_one(".error").get_text()
    assert page_of(answer).select_one("[name=name]")["value"] == "tom"


def test_two_characters_are_merged_and_parted_again(site, project, mara):
    tom = Character.objects.get(name="TOM")
    url = reverse("merge-records", args=[project.slug, "characters", mara.pk])
    told = page_of(site.post(url, {"gone": tom.pk})).get_text()
    assert "To MARA go 1 scenes" in told
    site.post(url, {"gone": tom.pk, "confirmed": "yes"})
    assert list(Character.objects.values_list("name", flat=True)) == ["MARA"]
    correction = Correction.objects.get()
    page = site.get(reverse("cast", args=[project.slug]))
    assert "Merged TOM into MARA" in page.content.decode()
    site.post(reverse("undo-correction", args=[project.slug, correction.pk]))
    assert set(Character.objects.values_list("name", flat=True)) == {"MARA", "TOM"}


def test_two_locations_are_merged(site, project, mara):
    place, other = Location.objects.get(), create_location(project, name="LANTERN ROOM")
    url = reverse("merge-records", args=[project.slug, "locations", place.pk])
    site.post(url, {"gone": other.pk, "confirmed": "yes"})
    place.refresh_from_db()
    assert place.aliases == ["LANTERN ROOM"]


def test_a_record_of_another_production_cannot_be_chosen(site, project, mara, owner):
    foreign = create_character(create_project(title="Other", code="OTH", owner=owner), name="MARA")
    url = reverse("merge-records", args=[project.slug, "characters", mara.pk])
    assert site.post(url, {"gone": foreign.pk, "confirmed": "yes"}).status_code == 422
    assert site.get(reverse("rename-character", args=[project.slug, foreign.pk])).status_code == 404


def test_who_only_reviews_may_look_and_change_nothing(client, member, project, mara):
    client.force_login(member)
    assert client.get(reverse("cast", args=[project.slug])).status_code == 200
    assert client.get(reverse("rename-character", args=[project.slug, mara.pk])).status_code == 403
    assert api(client, f"characters/{mara.pk}/rename/", {"name": "Vera"}).status_code == 403


def test_the_list_asks_a_fixed_number_of_questions(site, project, mara, django_assert_max_num_queries):
    url = reverse("cast", args=[project.slug])
    with django_assert_max_num_queries(20) as few:
        site.get(url)
    for number in range(8):
        create_character(project, name=f"SAILOR {number}")
        create_location(project, name=f"DECK {number}")
    with django_assert_max_num_queries(len(few)):
        site.get(url)


def test_a_script_renames_once_and_takes_back(site, project, mara):
    told = api(site, f"characters/{mara.pk}/rename/preview/", {"name": "Vera"}).json()
    assert told["problems"] == []
    assert any(mention["excerpt"] == "Mara, run." for mention in told["mentions"])
    done = api(site, f"characters/{mara.pk}/rename/", {"name": "Vera"})
    assert done.json()["name"] == "Vera"
    undone = api(site, f"corrections/{done.json()['correction']}/undo/", {})
    assert undone.json()["undone_at"]
    assert Character.objects.filter(name="MARA").exists()
    assert api(site, f"corrections/{done.json()['correction']}/undo/", {}).status_code == 400
    assert site.get("/api/v1/corrections/").json()["count"] == 1


def test_a_script_merges_only_what_exists_for_it(site, client, project, mara, owner, stranger):
    other = create_project(title="Other", code="OTH", owner=stranger)
    foreign = create_character(other, name="X")
    refused = api(site, f"characters/{mara.pk}/merge/", {"gone": foreign.pk})
    assert (refused.status_code, refused.json()["errors"]) == (400, {"gone": ["There is no such character."]})
    add_member(other, owner, "writer", by=stranger)
    assert "different productions" in api(site, f"characters/{mara.pk}/merge/", {"gone": foreign.pk}).json()["detail"]
    tom = Character.objects.get(name="TOM")
    assert api(site, f"characters/{mara.pk}/merge/preview/", {"gone": tom.pk}).json()["moved"]["scenes"] == 1
    assert api(site, f"characters/{mara.pk}/merge/", {"gone": tom.pk}).json()["name"] == "MARA"
