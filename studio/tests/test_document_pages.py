"""What the departments wrote, found and read on pages: tables and sentences, never JSON."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from media_pipeline.departments.script import keep_documents
from projects.actions import create_project, write_document
from projects.models import QualifiedDocument

ROOM = {
    "description": "Glass on all sides.",
    "hero": False,
    "palette": ["#10202A", "#E0A458"],
    "rules": "",
    "running time": {"expected": "36 s", "scenes": 2},
    "scenes": [
        {"scene": "1", "heading": "INT. LAMP ROOM - NIGHT", "shots": 3, "beat": ""},
        {"scene": "10", "heading": "<b>INT.</b> LAMP ROOM - DAWN", "shots": 0, "beat": ""},
    ],
    "not told": ["A picture of it.", "How it is dressed."],
    "pictures": [],
}


@pytest.fixture
def site(client, member):
    client.force_login(member)
    return client


def read(site, url):
    answer = site.get(url)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").article


def test_a_document_is_read_as_headed_tables_and_lists(site, project):
    keep_documents(project, "locations", {"Lamp room": ROOM}, by="rules")
    page = read(site, reverse("document", args=[project.slug, QualifiedDocument.objects.get().pk]))
    assert page.h1.get_text() == "Lamp room"
    assert [one.get_text() for one in page.select("h2")] == ["Running time", "Scenes", "Not told"]
    facts = {one.dt.get_text(): one.dd.get_text(strip=True) for one in page.select("dl.told > div")}
    assert facts == {
        "Description": "Glass on all sides.",
        "Palette": "#10202A, #E0A458",
        "Expected": "36 s",
        "Scenes": "2",
    }
    assert [cell.get_text() for cell in page.select("thead th")] == ["Scene", "Heading", "Shots"]
    assert [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")] == [
        ["1", "INT. LAMP ROOM - NIGHT", "3"], ["10", "<b>INT.</b> LAMP ROOM - DAWN", "0"],
    ]  # fmt: skip
    assert len(page.select(".swatch")) == 2
    assert "Nothing under: Hero, Rules, Pictures." in page.get_text()
    assert not {"{", "}", "[", "]"} & set(page.get_text())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("only words", "only words"),
        ([1, True, None], "1 Yes"),
        ({"a_b": {"c": {"d": [{"e": {"f": [1, {"g": "deep"}]}}]}}}, "A b C D E F: 1, G: deep"),
        ({"order": ["kept"]}, "Order kept"),
        ({"a": ""}, "Nothing is written here. Nothing under: A."),
    ],
)  # fmt: skip
def test_whatever_the_data_is_it_is_said_in_words(site, project, data, words):
    document = write_document(project, "notes", "one", data)
    page = read(site, reverse("document", args=[project.slug, document.pk]))
    page.header.decompose()
    assert " ".join(page.get_text(" ").split()) == words


def test_documents_are_found_by_collection_and_words_in_the_order_people_count(site, project):
    for collection, key in [("sound", "10"), ("sound", "2"), ("sound", "12A"), ("props", "Brass lantern")]:
        write_document(project, collection, key, {"a": "b"})
    url = reverse("documents", args=[project.slug])
    assert [one.get_text() for one in read(site, url).select(".paper a")] == ["Brass lantern", "2", "10", "12A"]
    assert [one.get_text() for one in read(site, f"{url}?collection=sound").select("h2")] == ["Sound"]
    assert [one.get_text() for one in read(site, f"{url}?q=lantern+PROPS").select(".paper a")] == ["Brass lantern"]
    assert "No document has these words" in read(site, f"{url}?q=%00sextant").get_text()
    page = read(site, reverse("document", args=[project.slug, QualifiedDocument.objects.get(key="10").pk]))
    assert [one.get_text(strip=True) for one in page.select(".pages a")] == ["2", "12A"]


def test_the_list_is_paged_and_takes_the_same_queries_for_many(site, project):
    url = reverse("documents", args=[project.slug])

    def queries():
        with CaptureQueriesContext(connection) as counted:
            site.get(url)
        return len(counted)

    write_document(project, "props", "0", {"a": "b"})
    before = queries()
    for number in range(1, 62):
        write_document(project, "props", str(number), {"a": "b"})
    assert queries() == before
    page = read(site, f"{url}?q=&page=2")
    assert [one.get_text() for one in page.select(".paper a")] == ["60", "61"]
    assert page.select_one("a[rel=prev]")["href"] == "?q=&page=1"


def test_a_document_of_another_production_is_not_there(site, project, stranger):
    other = create_project(title="Gravel", code="GRVL", owner=stranger)
    document = write_document(other, "props", "Oar", {"a": "b"})
    assert site.get(reverse("document", args=[project.slug, document.pk])).status_code == 404
    assert site.get(reverse("documents", args=[other.slug])).status_code == 404


def test_names_are_read_in_the_order_they_were_written_whatever_a_database_makes_of_it(site, project):
    keep_documents(project, "locations", {"Lamp room": ROOM}, by="rules")
    document = QualifiedDocument.objects.get()
    shuffled = {name: document.data[name] for name in sorted(document.data, key=len)}
    shuffled["scenes"] = [dict(sorted(row.items())) for row in shuffled["scenes"]]
    document = write_document(project, "locations", "Lamp room", shuffled)
    page = read(site, reverse("document", args=[project.slug, document.pk]))
    assert [one.get_text() for one in page.select("h2")] == ["Running time", "Scenes", "Not told"]
    assert [cell.get_text() for cell in page.select("thead th")] == ["Scene", "Heading", "Shots"]


def test_pictures_are_shown_and_digests_are_left_to_machines(site, project):
    digest = "0a" * 32
    people = [{"name": "Mara", "asset": 8, "media": digest}, {"name": "Ilse", "asset": 9, "media": digest}]
    document = write_document(
        project, "line-up", "cast", {"asset": 7, "sha256": digest, "width": 640, "people": people}
    )
    keep_documents(project, "locations", {"Quay": {"pictures": [{"media": 5, "shows": "By night"}]}}, by="rules")
    page = read(site, reverse("document", args=[project.slug, document.pk]))
    assert [one["src"] for one in page.select("img")] == [f"/media/{number}/" for number in (7, 8, 9)]
    assert digest not in page.get_text()
    quay = QualifiedDocument.objects.get(key="Quay")
    picture = read(site, reverse("document", args=[project.slug, quay.pk])).figure
    assert (picture.img["src"], picture.img["alt"]) == ("/media/5/", "By night")
