"""The pages and requests of the review room, without a browser."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdfium2 import PdfDocument

from dailies import actions
from dailies.models import Annotation, Notice, Playlist, Review
from dailies.voices import Voice
from media_pipeline.assets import MediaAsset
from media_pipeline.provenance.checking import Standing, said_by
from media_pipeline.runs.models import Run
from projects.models import Event
from prompts.models import PromptTemplate
from scenes.actions import record_continuity, record_take_checks, record_verification
from studio.tests.filming import scene, take


@pytest.fixture
def shots(project):
    return scene(project, shots=3).made_shots


@pytest.fixture
def takes(project, shots):
    return [take(project, shot) for shot in shots]


@pytest.fixture
def person(owner):
    client = Client()
    client.force_login(owner)
    return client


def address(project, name, *args):
    return reverse(f"dailies:{name}", args=[project.slug, *args])


def send(client, where, body):
    return client.post(where, body, content_type="application/json", headers={"Accept": "application/json"})


def text_of(pdf):
    return "\n".join(page.get_textpage().get_text_bounded() for page in PdfDocument(pdf))


def test_many_are_decided_at_once_or_none(project, takes, person):
    items = [{"key": str(uuid.uuid4()), "take": one.pk, "decision": "approve"} for one in takes]
    assert send(person, address(project, "decide"), {"items": items}).status_code == 200
    assert send(person, address(project, "decide"), {"items": items}).json()["decisions"][0]["new"] is False
    assert Review.objects.count() == 3
    broken = [{"key": str(uuid.uuid4()), "take": takes[0].pk, "decision": "retake"}, {"key": "x", "take": takes[1].pk}]
    answer = send(person, address(project, "decide"), {"items": broken})
    assert answer.status_code == 422
    assert "Send a key" in answer.json()["error"]
    assert Review.objects.count() == 3


def test_a_take_of_another_production_is_not_decided_about(project, takes, person, stranger):
    from projects.actions import create_project

    other = create_project(title="Other", code="OTHR", owner=stranger)
    foreign = take(other, scene(other, shots=1).made_shots[0])
    body = {"key": str(uuid.uuid4()), "take": foreign.pk, "decision": "approve"}
    assert send(person, address(project, "decide"), body).status_code == 404
    note = {"key": str(uuid.uuid4()), "take": foreign.pk, "text": "Hello"}
    assert send(person, address(project, "write-note"), note).status_code == 404
    made = send(person, address(project, "make-playlist"), {"name": "Mixed", "takes": [foreign.pk]})
    assert made.status_code == 422
    assert [model.objects.count() for model in (Review, Annotation, Playlist)] == [0, 0, 0]


@pytest.mark.parametrize("body", ["[]", "{", '{"take": "1e9"}', '{"take": true, "key": 7}', '{"items": [1]}'])
def test_what_is_no_decision_is_a_sentence_and_no_error(project, takes, person, body):
    answer = person.post(address(project, "decide"), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_what_stands_beside_a_take(project, shots, takes, person, owner):
    record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False, notes="The key light moves")
    record_take_checks(takes[0], [{"kind": "motion", "name": "jitter", "score": 41, "threshold": 70, "passed": False}])
    record_verification(
        shots[0], kind="vision_model", query="Is there a lamp?", answer="No", passed=False, take=takes[0]
    )
    found = person.get(address(project, "take", takes[0].pk)).json()
    for words in ("The key light moves", "Critical", "jitter", "below 70", "Is there a lamp?", "421337", "0.00 USD",
                  "A wide room at night.", "asks for another picture"):  # fmt: skip
        assert words in found["html"], words
    assert found["item"]["rate"] == [24, 1]
    assert [row["take"] for row in found["takes"]] == [takes[0].pk]


def test_a_take_can_be_judged_where_no_template_is_active(project, shots, takes, person):
    PromptTemplate.objects.update(active=False)
    assert person.get(address(project, "take", takes[0].pk)).status_code == 200
    told = person.get(address(project, "estimate", shots[0].pk), headers={"Accept": "application/json"})
    assert (told.status_code, "no active prompt template" in told.json()["error"]) == (422, True)


def test_a_guest_sees_neither_prompt_nor_cost(project, takes, owner):
    from datetime import timedelta

    from django.utils import timezone

    playlist = actions.create_playlist(project, "Client", [takes[0].pk], by=owner)
    link, token = actions.make_guest_link(playlist, by=owner, expires_at=timezone.now() + timedelta(days=1))
    client = Client()
    client.post(reverse("guest:door", args=[token]), {"name": "Ada"})
    html = client.get(reverse("guest:take", args=[link.pk, takes[0].pk])).json()["html"]
    for words in ("A wide room at night.", "USD", "421337"):
        assert words not in html


def test_the_contact_sheet_is_a_page_and_a_pdf(project, takes, person):
    assert "Contact sheet" in person.get(address(project, "contact-sheet")).content.decode()
    answer = person.get(address(project, "contact-sheet-pdf"))
    assert answer["Content-Type"] == "application/pdf"
    words = text_of(answer.content)
    for shown in ("Salt and Lantern", "1/1", "1/3", "take 1, pending", "page 1 of 1"):
        assert shown in words


def test_notes_are_exported_with_the_productions_own_frame_numbers(project, takes, person, owner):
    stroke = {"tool": "ellipse", "colour": "#f26d5b", "width": 40, "points": [[100, 100], [900, 900]]}
    actions.write_note(
        project, takes[0], voice=Voice(owner), key=uuid.uuid4(), text="Её рука, 手", first_frame=3, last_frame=9,
        drawing=[stroke],
    )  # fmt: skip
    actions.write_note(project, takes[1], voice=Voice(owner), key=uuid.uuid4(), text="=1+1")
    rows = list(csv.reader(io.StringIO(person.get(address(project, "notes-file", "csv")).content.decode("utf-8-sig"))))
    assert rows[1][:5] == ["SALT_CH001_S01_SH01_T01", "1/1", "1004", "1010", "Её рука, 手"]
    assert rows[2][4] == "'=1+1"
    words = text_of(person.get(address(project, "notes-file", "pdf")).content)
    assert "frames 1004-1010" in words
    assert "Её рука" in words
    only = person.get(address(project, "notes-file", "csv") + f"?shot={takes[1].shot_id}").content.decode("utf-8-sig")
    assert "1004" not in only


def test_what_the_room_prints_leaves_signed_for_its_pictures(project, takes, person, owner, tmp_path):
    trained = {"digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}
    MediaAsset.objects.update(provenance=trained)
    actions.write_note(project, takes[1], voice=Voice(owner), key=uuid.uuid4(), text="Softer.")
    for name, parts in (("contact-sheet-pdf", len(takes)), ("notes-file", 1)):
        answer = person.get(address(project, name, *(["pdf"] if name == "notes-file" else [])))
        (tmp_path / "sheet.pdf").write_bytes(answer.content)
        said = said_by(tmp_path / "sheet.pdf")
        assert (said.standing, said.parts) == (Standing.WHOLE, parts), name


def picture(name="sketch.png"):
    out = io.BytesIO()
    Image.new("RGB", (64, 36), "orange").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def test_an_attachment_is_what_its_content_says(project, takes, person):
    answer = person.post(address(project, "attach"), {"file": picture()}, headers={"Accept": "application/json"})
    asset = MediaAsset.objects.get(pk=answer.json()["attachment"])
    assert (asset.kind, asset.role, asset.project_id) == ("image", "attachment", project.pk)
    body = {"key": str(uuid.uuid4()), "take": takes[0].pk, "attachment": asset.pk}
    assert send(person, address(project, "write-note"), body).status_code == 200
    assert Annotation.objects.get().attachment_id == asset.pk
    lie = SimpleUploadedFile("photo.png", b"<script>alert(1)</script>")
    refused = person.post(address(project, "attach"), {"file": lie}, headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert "photo.png cannot be attached" in refused.json()["error"]
    body = {"key": str(uuid.uuid4()), "take": takes[0].pk, "attachment": takes[0].media_id}
    assert send(person, address(project, "write-note"), body).status_code == 422


def test_a_retake_starts_its_run_once_and_its_cost_is_told_before(project, shots, takes, person):
    told = person.get(address(project, "estimate", shots[0].pk)).json()
    assert told["total"] == "0.00 USD"
    first = send(person, address(project, "retake"), {"shots": [shots[0].pk]})
    again = send(person, address(project, "retake"), {"shots": [shots[0].pk]})
    assert (first.status_code, first.json()) == (202, again.json())


def test_a_retake_that_is_sent_again_with_its_decision_is_not_started_again(project, shots, takes, person):
    body = {"key": str(uuid.uuid4()), "take": takes[0].pk, "decision": "retake", "start": True}
    run = send(person, address(project, "decide"), body).json()["decisions"][0]["run"]
    Run.objects.filter(pk=run).update(state="succeeded")  # it was done before the answer was asked for again
    assert send(person, address(project, "decide"), body).json()["decisions"][0]["run"] is None
    assert Run.objects.count() == 1


def test_a_reviewer_who_may_not_spend_sends_back_without_starting(project, takes, member):
    client = Client()
    client.force_login(member)
    body = {"key": str(uuid.uuid4()), "take": takes[0].pk, "decision": "retake", "start": True}
    assert send(client, address(project, "decide"), body).status_code == 200
    assert (Review.objects.count(), Run.objects.count()) == (1, 0)


def test_the_strip_is_the_whole_film_or_a_chapter_of_it(project, takes, person):
    second = scene(project, "9", shots=2, chapter=2).chapter
    counts = [person.get(address(project, "film"), {"chapter": pk}).context["count"] for pk in ("", second.pk)]
    assert counts == [5, 2]


def test_a_playlist_is_made_of_a_selection_or_of_what_a_filter_finds(project, shots, takes, person, owner):
    send(person, address(project, "make-playlist"), {"name": "Chosen", "shots": [shots[2].pk, shots[0].pk]})
    chosen = Playlist.objects.get(name="Chosen")
    assert list(chosen.entries.values_list("take", flat=True)) == [takes[2].pk, takes[0].pk]
    actions.decide(project, takes[1], "approve", voice=Voice(owner), key=uuid.uuid4())
    send(person, address(project, "make-playlist") + "?review=approved", {"name": "Good", "filtered": True})
    assert list(Playlist.objects.get(name="Good").entries.values_list("take", flat=True)) == [takes[1].pk]


def test_the_first_frame_has_the_number_the_production_gives_it(project, takes, person):
    person.post(address(project, "settle-room"), {"first_frame": "86400", "qc_threshold": "60"})
    page = person.get(address(project, "shot", takes[0].shot_id)).content.decode()
    assert '"firstFrame": 86400' in page
    assert Event.objects.filter(type="dailies.room").count() == 1


def test_my_reviews_shows_what_waits_and_what_was_told(project, takes, member, owner):
    actions.write_note(project, takes[0], voice=Voice(owner), key=uuid.uuid4(), text="See this, @member")
    client = Client()
    client.force_login(member)
    page = client.get(reverse("my-reviews")).content.decode()
    assert "3 takes" in page
    assert "owner mentioned you: See this, @member" in page
    assert client.get(reverse("unread-notices")).json()["unread"] == 1
    client.post(reverse("read-notices"))
    assert not Notice.objects.filter(read_at=None).exists()


def test_settings_are_kept_and_nonsense_is_named(member):
    client = Client()
    client.force_login(member)
    sent = {"quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Europe/Vienna", "wanted": ["mention"]}
    assert client.post(reverse("review-preferences"), sent).status_code == 302
    member.refresh_from_db()
    assert "mention" not in member.review_preference.muted
    assert "reply" in member.review_preference.muted
    bad = client.post(reverse("review-preferences"), sent | {"time_zone": "Mars/Olympus"})
    assert bad.status_code == 422


def test_the_pages_take_a_fixed_number_of_queries(project, takes, person, owner, django_assert_max_num_queries):
    playlist = actions.create_playlist(project, "All", [one.pk for one in takes], by=owner)
    scene(project, "2", shots=40)
    for name, args, most in (("board", [], 26), ("film", [], 24), ("playlist", [playlist.pk], 22),
                             ("shot", [takes[0].shot_id], 24), ("take", [takes[0].pk], 42)):  # fmt: skip
        person.get(address(project, name, *args))
        with django_assert_max_num_queries(most):
            assert person.get(address(project, name, *args)).status_code == 200
