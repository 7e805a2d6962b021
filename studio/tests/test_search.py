"""Search across the productions of a person, as a page and in the admin."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from characters.actions import create_character
from projects.actions import add_member, create_project, write_bible
from projects.choices import Role
from scenes.actions import change_scene
from studio.search.finding import KINDS, MOST, search
from studio.tests.filming import scene, take

pytestmark = pytest.mark.django_db


def found(person, text, project=None):
    return {group.kind.label: [find.title for find in group.finds] for group in search(person, text, project)}


@pytest.fixture
def harbour(project):
    """A scene at the harbour with a line, a shot with a take, and a keeper."""
    made = scene(project, "1", shots=2, heading="EXT. HARBOUR - DAWN", synopsis="The lantern goes out.")
    change_scene(made, dialogue=[{"speaker": "ADA", "line": "The lantern was never lit."}])
    take(project, made.made_shots[0])
    create_character(project, name="Ada", description="Keeps the lantern.")
    return made


def test_one_word_is_found_in_every_kind_of_record(harbour, owner):
    finds = found(owner, "lantern")
    assert set(finds) >= {"Productions", "Scenes", "Dialogue", "Characters"}
    assert finds["Dialogue"] == ["ADA in 1 EXT. HARBOUR - DAWN"]


def test_every_word_has_to_stand_in_the_record(harbour, owner):
    assert found(owner, "lantern keeps") == {"Characters": ["Ada"]}
    assert found(owner, "lantern submarine") == {}
    assert found(owner, "   ") == {}


def test_case_does_not_matter_and_signs_are_signs(harbour, owner):
    assert "Scenes" in found(owner, "hArBoUr")
    for signs in ("%", "100%", "h_rbour", "'; drop", "\\\\", "[lantern]"):
        assert found(owner, signs) == {}


def test_a_find_shows_the_words_around_it(harbour, owner):
    (group,) = [group for group in search(owner, "never") if group.kind.label == "Dialogue"]
    assert group.finds[0].excerpt == ("The lantern was ", "never", " lit.")


def test_strangers_find_nothing_and_members_their_own(harbour, owner, stranger, member):
    assert found(stranger, "lantern") == {}
    assert "Scenes" in found(member, "lantern")
    other = create_project(title="Second lantern", code="SECO", owner=stranger)
    again = type(stranger).objects.get(pk=stranger.pk)  # who a person is in which production is asked once per request
    assert found(again, "lantern") == {"Productions": ["Second lantern"]}
    assert found(owner, "lantern", other) == {}


def test_one_production_can_be_looked_through_alone(harbour, owner, project):
    create_project(title="Second lantern", code="SECO", owner=owner)
    assert sorted(found(owner, "lantern")["Productions"]) == ["Salt and Lantern", "Second lantern"]
    assert found(owner, "lantern", project)["Productions"] == ["Salt and Lantern"]


def test_a_bible_is_found_once_by_what_stands_in_its_lists(project, owner):
    rules = [{"category": "physics", "description": f"The tide rule {number}."} for number in range(3)]
    write_bible(project, title="Tides", parts={"world_rules": rules})
    assert found(owner, "tide")["Story bibles"] == ["Tides"]


def test_many_finds_are_cut_and_said_to_be_more(project, owner):
    for number in range(MOST + 1):
        create_character(project, name=f"Sailor {number}")
    (group,) = search(owner, "sailor")
    assert (len(group.finds), group.is_more) == (MOST, True)


def test_the_number_of_queries_does_not_grow_with_what_is_found(harbour, owner, project):
    list(search(owner, "lantern"))
    with CaptureQueriesContext(connection) as few:
        search(owner, "a")
    for number in range(20):
        create_character(project, name=f"Sailor {number}")
        scene(project, str(number + 10), shots=1, heading="EXT. HARBOUR - DAY")
    with CaptureQueriesContext(connection) as many:
        search(owner, "a")
    assert len(many) == len(few)
    assert len(few) <= len(KINDS) + 1


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_page_leads_to_where_a_find_is_seen(harbour, owner, project):
    html = signed_in(owner).get(reverse("search"), {"q": "lantern"}).content.decode()
    assert f"?scene={harbour.pk}#scene-{harbour.pk}" in html
    assert "<mark>lantern</mark>" in html


def test_the_page_says_when_nothing_was_found_and_escapes_what_was_typed(owner, project):
    html = signed_in(owner).get(reverse("search"), {"q": "<script>"}).content.decode()
    assert "Nothing was found" in html
    assert "<script>" not in html.partition("</header>")[2]


def test_another_production_cannot_be_named(harbour, stranger, project):
    assert signed_in(stranger).get(reverse("search"), {"q": "x", "production": project.slug}).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get(reverse("search")).status_code == 302


def test_the_admin_leads_to_where_a_find_is_edited_or_read(harbour, owner, project, stranger):
    url = reverse("editorial_search")
    html = signed_in(owner).get(url, {"q": "harbour"}).content.decode()
    assert reverse("wagtailsnippets_scenes_scene:edit", args=[harbour.pk]) in html
    add_member(project, stranger, Role.VIEWER)
    create_project(title="Mine", code="MINE", owner=stranger)
    html = signed_in(stranger).get(url, {"q": "harbour"}).content.decode()
    assert reverse("wagtailsnippets_scenes_scene:inspect", args=[harbour.pk]) in html
    assert reverse("wagtailsnippets_scenes_scene:edit", args=[harbour.pk]) not in html
