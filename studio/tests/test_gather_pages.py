"""The gather room: what is dropped in and found again, how ready it is, and what starts from there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from media_pipeline.assets import MediaAsset
from media_pipeline.departments.registry import departments
from media_pipeline.runs.models import Run, RunState
from projects.actions import add_gather_item, add_member, lock_gather
from projects.choices import Role
from projects.models import Chapter, DepartmentReadiness, Event, GatherItem
from studio.review.fragments import fragments_for

SCRIPT = Path("examples/the_salt_clock.fountain")


def picture(name="flats.png", colour="#336699"):
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/png")


@pytest.fixture
def writer(project, django_user_model):
    """A writer of the production: may write material, may not start anything."""
    person = django_user_model.objects.create_user("writer", "writer@example.com", "take-one-please")
    add_member(project, person, Role.WRITER)
    return person


@pytest.fixture
def room(client, writer, project):
    """The room's address, with the writer signed in."""
    client.force_login(writer)
    return f"/projects/{project.slug}/gather/"


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def cards(answer):
    return [" ".join(card.text.split()) for card in soup(answer).select("li.material")]


def test_an_empty_room_says_what_to_do_and_how_ready_it_is(client, room):
    page = soup(client.get(room))
    assert "Nothing is here yet" in page.text
    assert len(page.select(".department")) == len(departments())
    assert "World, 0 of 75" in " ".join(soup(client.get(room)).text.split()) or "Not ready: " in page.text


def test_what_is_written_becomes_an_item_with_its_names_and_values_and_readiness_is_kept(client, room, project, writer):
    answer = client.post(room, {
        "kind": "world_rule", "title": "The tide", "body": "It comes twice a night.", "department": "world",
        "fact_name": ["category", "", "since"], "fact_value": ["physics", "", "always"],
    })  # fmt: skip
    assert answer.status_code == 302
    item = GatherItem.objects.get()
    assert (item.kind, item.title, item.department, item.created_by) == ("world_rule", "The tide", "world", writer)
    assert item.structured == {"category": "physics", "since": "always"}
    kept = DepartmentReadiness.objects.get(project=project, department="world")
    assert kept.score == 13, "one of three rules, of 40 points"


def test_words_without_a_kind_are_a_note(client, room):
    client.post(room, {"body": "The sea left because nobody told it what time it was."})
    assert GatherItem.objects.get().kind == "note"


def test_each_of_several_files_becomes_an_item_of_what_it_is(client, room, project):
    text = SimpleUploadedFile("the_tide.md", b"# The tide\n\nIt comes twice.")
    answer = client.post(room, {"attached": [picture(), picture("quay.png", "#996633"), text]})
    assert answer.status_code == 302
    found = {item.title: item for item in GatherItem.objects.all()}
    assert {title: item.kind for title, item in found.items()} == {
        "flats": "visual_reference", "quay": "visual_reference", "the tide": "document"
    }  # fmt: skip
    assert found["the tide"].body == "# The tide\n\nIt comes twice."
    assert found["flats"].attachment.derivatives.get().role == "thumbnail"
    page = soup(client.get(room))
    assert len(page.select(".material .picture img")) == 2
    document = page.select_one(".material .file a")
    assert document.text.strip() == "the_tide.md"
    sent = client.get(document["href"])
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Type"].startswith("text/markdown")


def test_of_several_files_those_that_cannot_be_kept_are_named_and_what_was_typed_stays(client, room):
    noise = SimpleUploadedFile("odd.bin", b"\x00\x01 nothing known")
    answer = client.post(room, {"attached": [picture(), noise], "body": "About the flats", "fact_name": "lens",
                                "fact_value": "35"})  # fmt: skip
    page = soup(answer)
    assert answer.status_code == 422
    assert "odd.bin:" in page.select_one("#new-attached_error").text
    assert page.select_one("#new-body").text.strip() == "About the flats"
    assert page.select_one("#add [name=fact_value]")["value"] == "35"
    assert [item.title for item in GatherItem.objects.all()] == ["flats"]


@pytest.mark.parametrize(("sent", "words"), [
    ({}, "Write a title or a text, or choose a file."),
    ({"title": "x", "fact_name": "", "fact_value": "7"}, "“7” has no name"),
    ({"title": "x", "fact_name": ["a", "a"], "fact_value": ["1", "2"]}, "“a” stands there twice"),
    ({"title": "x" * 201}, "at most 200"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence(client, room, sent, words):
    answer = client.post(room, sent)
    assert answer.status_code == 422
    assert words in soup(answer).text
    assert not GatherItem.objects.exists()


def test_a_screenplay_is_offered_for_import_and_becomes_no_item(client, room, project):
    answer = client.post(room, {"attached": SimpleUploadedFile(SCRIPT.name, SCRIPT.read_bytes())}, follow=True)
    assert not GatherItem.objects.exists()
    offer = soup(answer).select_one(".offer")
    assert f"{SCRIPT.name} is a screenplay" in offer.text
    held = offer.select_one("[name=held]")["value"]
    preview = client.post(offer.form["action"], {"held": held, "chapter": "1"})
    assert f"What {SCRIPT.name} changes" in soup(preview).text
    kept = client.post(offer.select_one("[formaction]")["formaction"], {"held": held}, follow=True)
    assert GatherItem.objects.get().kind == "document"
    assert GatherItem.objects.get().body.startswith("Title:")
    assert not soup(kept).select(".offer")
    assert not Chapter.objects.exists()


def test_an_item_is_edited_in_its_place_and_only_what_changed_is_written(client, room, project):
    item = add_gather_item(project, "note", title="Old", body="Words", structured={"height": 1.82})
    form = soup(client.get(f"{room}?edit={item.pk}")).select_one(f"#gather-{item.pk} form")
    assert form.select_one("[name=fact_value]")["value"] == "1.82"
    sent = {"kind": "note", "title": "New", "body": "Words", "fact_name": "height", "fact_value": "1.82"}
    assert client.post(form["action"], sent).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.structured) == ("New", {"height": 1.82}), "a value that was not touched keeps its type"
    assert Event.objects.filter(type="gather.changed").latest("pk").payload == {"fields": ["title"]}
    refused = client.post(form["action"], sent | {"kind": "dream"})
    assert refused.status_code == 422
    assert soup(refused).select_one(f"#gather-{item.pk} [name=title]")["value"] == "New"


def test_taking_out_asks_first(client, room, project):
    item = add_gather_item(project, "note", title="Old")
    assert "Take out “Old”?" in soup(client.post(f"{room}{item.pk}/remove/")).text
    assert GatherItem.objects.count() == 1
    client.post(f"{room}{item.pk}/remove/", {"confirmed": "yes"})
    assert not GatherItem.objects.exists()


def test_material_is_found_by_kind_source_department_and_words(client, room, project):
    add_gather_item(project, "note", title="The lamp", body="It burns whale oil.")
    add_gather_item(project, "note", title="The tide", source="api", department="world")
    add_gather_item(project, "prop", title="The red rope")
    assert len(cards(client.get(room))) == 3
    for query, title in (("kind=prop", "The red rope"), ("source=api", "The tide"), ("department=world", "The tide"),
                         ("q=oil+lamp", "The lamp")):  # fmt: skip
        assert [title in card for card in cards(client.get(f"{room}?{query}"))] == [True], query
    assert cards(client.get(f"{room}?q=nothing+like+it")) == []


def test_a_room_takes_as_many_queries_for_many_items_as_for_few(client, room, project, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.post(room, {"attached": picture()})
    client.get(room)
    with CaptureQueriesContext(connection) as few:
        client.get(room)
    client.post(room, {"attached": [picture(f"{number}.png", f"#0000{number:02d}") for number in range(10, 16)]})
    for number in range(30):
        add_gather_item(project, "note", title=f"Note {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(cards(client.get(room))) == 24
    assert len(many) == len(few)
    assert len(cards(client.get(f"{room}?page=2"))) == 13


def test_locked_material_is_read_only_and_says_since_when_and_by_whom(client, room, project, owner):
    item = add_gather_item(project, "note", title="Kept")
    lock_gather(project, by=owner)
    page = soup(client.get(f"{room}?edit={item.pk}"))
    assert "by owner" in page.select_one("#gather-lock").text
    assert not page.select("#add, .is-edited")
    assert "locked" in soup(client.post(room, {"title": "Too late"})).text
    changed = client.post(f"{room}{item.pk}/", {"kind": "note", "title": "Too late"})
    assert changed.status_code == 422
    client.post(f"{room}{item.pk}/remove/", {"confirmed": "yes"})
    assert [item.title for item in GatherItem.objects.all()] == ["Kept"]


def test_an_imported_screenplay_can_be_taken_away_by_who_may_view(client, project, owner, member, stranger):
    client.force_login(owner)
    sent = {"screenplay": SimpleUploadedFile(SCRIPT.name, SCRIPT.read_bytes())}
    client.post(f"/projects/{project.slug}/screenplay/", sent)
    client.force_login(member)
    for page in ("", "gather/"):
        link = soup(client.get(f"/projects/{project.slug}/{page}")).select_one(".scripts a")
        assert link.text.strip() == SCRIPT.name
    taken = client.get(link["href"])
    assert taken["Content-Disposition"] == f'attachment; filename="{SCRIPT.name}"'
    assert b"".join(taken) == SCRIPT.read_bytes()
    client.force_login(stranger)
    assert client.get(link["href"]).status_code == 404


# -- starting


def test_what_is_not_ready_starts_only_when_a_person_says_so(client, project, owner):
    client.force_login(owner)
    url = f"/projects/{project.slug}/gather/qualify/"
    page = soup(client.get(url))
    assert page.select_one("[name=although_not_ready]")
    assert not soup(client.get(f"{url}?part=dialog")).select("[data-countdown]")
    refused = client.post(url)
    assert refused.status_code == 422
    assert "Not ready" in soup(refused).text
    assert not Run.objects.exists()
    assert client.post(url, {"although_not_ready": "yes"}).status_code == 302
    assert Run.objects.get().pipeline == "qualify"


def test_who_writes_may_not_start_it(client, room, project):
    assert client.post(f"{room}qualify/", {"although_not_ready": "yes"}).status_code == 403
    assert not Run.objects.exists()


def test_the_run_shows_each_department_what_it_wrote_and_where_to_go_on(client, room, project):
    whole = Run.objects.create(
        pipeline="qualify", subject=f"project:{project.pk}", project=project, state=RunState.FAILED, progress=40,
        error="department/world: the model is away.",
    )  # fmt: skip
    Run.objects.create(
        pipeline="qualify_department", subject=f"department:{project.pk}/world", project=project, parent=whole,
        state=RunState.SUCCEEDED, output={"wrote": {"world_rules": 3, "tone": 1}, "by": "rules"},
    )  # fmt: skip
    page = soup(client.get(room))
    world = page.select_one(".work-approved")
    assert "3 world rules, 1 tone (by rules)" in world.text
    assert page.select_one("#resume-run")
    assert not page.select("#qualify-link")


# -- live


def test_open_rooms_follow_material_readiness_and_the_run(project, owner):
    item = add_gather_item(project, "note", title="The lamp")
    lock_gather(project, by=owner)
    run = Run.objects.create(pipeline="qualify", subject=f"project:{project.pk}", project=project, state="running")
    told = [Event(type="run.progress", subject=f"run:{run.pk}",
                  payload={"pipeline": "qualify", "subject": f"project:{project.pk}"})]  # fmt: skip
    changed = Event(type="gather.changed", subject=f"gather:{item.pk}", payload={})
    html = fragments_for(project.pk, [*Event.objects.filter(project=project), changed, *told])
    assert {"readiness", "gather-news", "gather-lock", "qualification", "run-progress", f"gather-{item.pk}"} <= set(
        html
    )
    assert "by owner" in html["gather-lock"]


def test_a_thumbnail_is_no_file_of_its_own_for_people(client, room, project):
    client.post(room, {"attached": picture()})
    asset = GatherItem.objects.get().attachment
    assert asset.provenance["file_name"] == "flats.png"
    assert MediaAsset.objects.filter(derived_from=asset, role="thumbnail").count() == 1
