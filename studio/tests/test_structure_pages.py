"""The order of a film from the browser: move, put in, part, join, copy, omit, bring back; a draft is seen first."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scenes.importing import import_screenplay_file
from scenes.models import Scene, Shot
from scenes.shot_plans import plan_scene

SCRIPT = b"""INT. LAMP ROOM - NIGHT #1#

Mara lights the lamp.

The wick catches.

EXT. SANDBANK - DAWN #2#

The tide comes.

EXT. QUAY - DAY #3#

The boat is gone.
"""
DRAFT = SCRIPT.replace(b"The tide comes.", b"The tide stays away.").replace(
    b"EXT. QUAY - DAY #3#\n\nThe boat is gone.\n", b"INT. CELLAR - DAY #4#\n\nWater.\n"
)


@pytest.fixture
def film(project):
    import_screenplay_file(project, SCRIPT, "lamp.fountain", chapter_number=1)
    for scene in Scene.objects.select_related("state", "chapter"):
        plan_scene(scene)
    return project


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def page(film):
    return reverse("structure", args=[film.slug, 1])


def scene(number):
    return Scene.objects.get(number=number)


def numbers():
    rows = Scene.objects.select_related("state").order_by("sequence", "pk")
    return [row.number + ("x" if row.state.status == "omitted" else "") for row in rows]


def shots(of):
    rows = of.shots.select_related("state").order_by("sequence", "pk")
    return [row.label + ("x" if row.state.status == "omitted" else "") for row in rows]


def shown(answer):
    return BeautifulSoup(answer.content, "html.parser")


def test_scenes_are_moved_by_buttons_and_to_a_place(site, page):
    answer = site.post(page, {"do": "down", "scene": scene("1").pk})
    assert answer["Location"].endswith(f"#scene-{scene('1').pk}")
    assert numbers() == ["2", "1", "3"]
    site.post(page, {"do": "move", "scene": scene("3").pk, "place": "1"})
    assert numbers() == ["3", "2", "1"]
    site.post(page, {"do": "up", "scene": scene("3").pk})
    assert numbers() == ["3", "2", "1"]


def test_a_scene_is_put_in_with_a_number_between(site, page):
    site.post(page, {"do": "insert", "scene": scene("1").pk, "text": "EXT. CLIFF - NIGHT\n\nWind."})
    new = scene("1A")
    assert (numbers(), new.int_ext, new.location_text, new.time_of_day) == (
        ["1", "1A", "2", "3"],
        "EXT",
        "CLIFF",
        "night",
    )
    site.post(page, {"do": "insert", "text": "INT. BOAT - DAY"})
    assert numbers()[0] == "A1"


def test_what_is_refused_keeps_what_was_typed(site, page):
    answer = site.post(page, {"do": "insert", "scene": scene("1").pk, "text": "Wind howls."})
    assert answer.status_code == 422
    row = shown(answer).select_one(f"#scene-{scene('1').pk}")
    assert "has to be a heading" in row.select_one("[role=alert]").get_text()
    assert row.select_one("textarea").get_text().strip() == "Wind howls."
    assert row.select_one("details").has_attr("open")
    answer = site.post(page, {"do": "move", "scene": scene("1").pk, "place": "99"})
    assert shown(answer).select_one(f"#place-{scene('1').pk}")["value"] == "99"
    assert "from 1 to 3" in shown(answer).get_text()


def test_scenes_are_copied_omitted_brought_back_and_joined(site, page):
    site.post(page, {"do": "duplicate", "scene": scene("2").pk})
    assert numbers() == ["1", "2", "2A", "3"]
    site.post(page, {"do": "omit", "scene": scene("2").pk})
    assert numbers() == ["1", "2x", "2A", "3"]
    site.post(page, {"do": "restore", "scene": scene("2").pk})
    assert numbers() == ["1", "2", "2A", "3"]
    site.post(page, {"do": "merge", "scene": scene("1").pk, "other": scene("2").pk})
    assert numbers() == ["1", "2x", "2A", "3"]
    assert "The tide comes." in scene("1").screenplay_text
    assert site.post(page, {"do": "merge", "scene": scene("1").pk, "other": ""}).status_code == 422


def test_a_scene_is_parted_where_its_text_says(site, film):
    url = reverse("scene-structure", args=[film.slug, scene("1").pk])
    choices = shown(site.get(url)).select("[name=at]")
    assert [choice.parent.get_text().strip() for choice in choices] == ["The wick catches."]
    answer = site.post(url, {"do": "split-scene", "at": choices[0]["value"]})
    assert answer["Location"] == reverse("scene-structure", args=[film.slug, scene("1A").pk])
    assert "The wick catches." in scene("1A").screenplay_text
    assert site.post(url, {"do": "split-scene"}).status_code == 422


def test_shots_are_put_in_moved_parted_joined_omitted_and_brought_back(site, film):
    one = scene("1")
    url = reverse("scene-structure", args=[film.slug, one.pk])
    Shot.objects.filter(scene=one).delete()
    for words in ("Last.", "First."):
        site.post(url, {"do": "insert", "text": words})
    assert list(one.shots.order_by("sequence").values_list("business", flat=True)) == ["First.", "Last."]
    first, last = one.shots.order_by("sequence")
    site.post(url, {"do": "down", "shot": first.pk})
    assert list(one.shots.order_by("sequence")) == [last, first]
    Shot.objects.filter(pk=first.pk).update(expected_seconds=4)
    assert site.post(url, {"do": "split", "shot": first.pk, "seconds": "9", "text": "Then."}).status_code == 422
    site.post(url, {"do": "split", "shot": first.pk, "seconds": "2,5", "text": "Then."})
    assert one.shots.count() == 3
    assert Shot.objects.get(business="Then.").expected_seconds == 1.5
    site.post(url, {"do": "omit", "shot": last.pk})
    assert f"{last.label}x" in shots(one)
    site.post(url, {"do": "restore", "shot": last.pk})
    assert f"{last.label}x" not in shots(one)
    site.post(url, {"do": "merge", "shot": last.pk, "other": first.pk})
    last.refresh_from_db()
    assert last.business == "Last.\n\nFirst."


def test_odd_requests_are_no_errors_of_the_server(site, page, film, stranger, member):
    assert site.post(page, {"do": "burn", "scene": scene("1").pk}).status_code == 404
    assert site.post(page, {"do": "up"}).status_code == 404
    assert site.post(page, {"do": "up", "scene": "x"}).status_code == 404
    assert site.get(reverse("structure", args=[film.slug, 9])).status_code == 404
    shot = scene("2").shots.first()
    assert (
        site.post(
            reverse("scene-structure", args=[film.slug, scene("1").pk]), {"do": "omit", "shot": shot.pk}
        ).status_code
        == 404
    )
    site.force_login(member)
    assert site.get(page).status_code == 403
    site.force_login(stranger)
    assert site.get(page).status_code == 404


def test_a_new_draft_is_looked_at_before_it_is_imported(site, film):
    url = reverse("preview-screenplay", args=[film.slug])
    assert site.get(url).status_code == 200
    answer = site.post(url, {"screenplay": SimpleUploadedFile("two.fountain", DRAFT), "chapter": "1"})
    told = shown(answer)
    assert "Scenes: 1 new, 1 changed, 1 unchanged, 1 gone." in told.get_text()
    assert "INT. CELLAR - DAY" in told.get_text()
    assert "New locations: CELLAR." in told.get_text()
    assert numbers() == ["1", "2", "3"]
    word = told.select_one("[name=held]")["value"]
    assert site.post(url, {"held": word, "chapter": "1", "confirmed": "yes"}).status_code == 302
    assert numbers() == ["1", "2", "3x", "4"]
    assert "stays away" in scene("2").screenplay_text


def test_a_file_that_is_none_is_said_beside_the_field(site, film):
    url = reverse("preview-screenplay", args=[film.slug])
    answer = site.post(url, {"screenplay": SimpleUploadedFile("x.zip", b"PK"), "chapter": "1"})
    assert answer.status_code == 422
    assert "not a kind of screenplay" in shown(answer).select_one(".error").get_text()
    assert site.post(url, {"held": "nothing", "chapter": "1"}).status_code == 422


def test_the_list_asks_a_fixed_number_of_questions(site, page, film, django_assert_max_num_queries):
    with django_assert_max_num_queries(24) as few:
        site.get(page)
    asked = len(few)
    for _ in range(6):
        site.post(page, {"do": "duplicate", "scene": scene("1").pk})
    with django_assert_max_num_queries(asked):
        site.get(page)
