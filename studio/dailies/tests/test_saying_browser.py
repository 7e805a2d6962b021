"""What is said in the room: notes with frames, files and drawings, breaks that are dismissed, and that none is lost."""

from __future__ import annotations

import io
import uuid

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from dailies.actions import write_note
from dailies.models import Annotation, Review
from dailies.models.notes import COLOURS
from dailies.voices import Voice
from scenes.actions import record_continuity
from studio.conftest import log_in
from studio.dailies.tests.filming import real_take
from studio.dailies.tests.screening import arrived, draw, wait_for
from studio.tests.filming import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shots(project):
    """Two shots, the first with a take."""
    made = scene(project, shots=2).made_shots
    real_take(project, made[0], frames=40, start=0)
    return made


@pytest.fixture
def room(project, shots, open_page):
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[0].pk]))
    arrived(page, 0)
    return page


def go_to(page, frame):
    page.keyboard.press("g")
    page.keyboard.type(str(1001 + frame))
    page.keyboard.press("Enter")
    arrived(page, frame)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (64, 36), "orange").save(out, "PNG")
    return {"name": "sketch.png", "mimeType": "image/png", "buffer": out.getvalue()}


def test_a_picture_a_note_and_a_status_are_one_gesture(room):
    room.locator("#note-file").set_input_files(picture())
    room.locator("#note-text").fill("Like this")
    room.locator("#screen").focus()
    room.keyboard.press("n")
    wait_for(room, Annotation.objects.exists)
    note = Annotation.objects.get()
    assert (note.review.decision, note.text, note.attachment.kind) == ("needs_review", "Like this", "image")
    expect(room.locator("#beside img.attached")).to_be_visible()
    expect(room.locator("#composer")).not_to_have_class("composer needs-comment has-file")


def test_a_file_alone_is_a_note_and_one_that_is_no_picture_is_refused(room):
    room.locator("#note-file").set_input_files(
        {"name": "sketch.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    room.get_by_role("button", name="Note", exact=True).click()
    expect(room.locator("#toast")).to_contain_text("cannot be attached")
    room.locator("#note-file").set_input_files(picture())
    room.get_by_role("button", name="Note", exact=True).click()
    wait_for(room, lambda: Annotation.objects.filter(attachment__isnull=False, text="").exists())


def test_a_note_between_in_and_out_is_of_that_range_and_leads_there(room):
    for frame, key in ((8, "i"), (21, "o")):
        go_to(room, frame)
        room.keyboard.press(key)
    room.keyboard.press("w")
    room.keyboard.type("Slower here")
    room.keyboard.press("Control+Enter")
    wait_for(room, Annotation.objects.exists)
    note = Annotation.objects.get()
    assert (note.first_frame, note.last_frame) == (8, 21)
    room.get_by_role("button", name="frames 1009-1022").click()
    arrived(room, 8)
    expect(room.locator("#marks .mark")).to_have_count(1)


def test_every_colour_draws_and_strokes_are_undone_and_cleared(room):
    room.keyboard.press("d")
    for place, name in enumerate(("Amber", "Red", "Green", "Blue", "White", "Black")):
        room.get_by_role("button", name=name, exact=True).click()
        draw(room, [(0.1, 0.1 + place / 10), (0.8, 0.1 + place / 10)])
    strokes = room.evaluate("room.drawing.strokes.map((stroke) => stroke.colour)")
    assert strokes == list(COLOURS)
    tools = room.locator("#draw-tools")
    tools.get_by_role("button", name="Undo").click()
    expect(room.locator("#drawing")).to_have_attribute("data-strokes", "5")
    tools.get_by_role("button", name="Clear").click()
    expect(room.locator("#drawing")).to_have_attribute("data-strokes", "0")


def test_a_drawing_is_made_without_a_mouse_and_stands_at_the_same_place_on_any_size(room, project, shots, open_page):
    room.keyboard.press("d")
    room.get_by_role("button", name="Rectangle", exact=True).press("Enter")
    room.locator("#drawing").focus()
    room.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        room.keyboard.press(key)
    room.keyboard.press("Enter")
    expect(room.locator("#drawing")).to_have_attribute("data-strokes", "1")
    room.keyboard.press("w")
    room.keyboard.press("Control+Enter")
    wait_for(room, Annotation.objects.exists)
    (stroke,) = Annotation.objects.get().drawing
    assert (stroke["tool"], stroke["points"]) == ("rectangle", [[5000, 5000], [5800, 5400]])
    small = open_page(reverse("dailies:shot", args=[project.slug, shots[0].pk]), width=390, height=844)
    arrived(small, 0)
    expect(small.locator("#drawing")).to_have_attribute("data-kept", "1")
    for page in (room, small):
        left, width = page.evaluate("""() => {
          const box = document.querySelector("#drawing rect").getBBox();
          const view = document.getElementById("drawing").viewBox.baseVal;
          return [box.x / view.width, box.width / view.width];
        }""")
        assert (left, width) == pytest.approx((0.5, 0.08))


def test_a_note_is_opened_again_and_withdrawn_by_its_writer(project, owner, shots, open_page):
    note, _ = write_note(project, shots[0].takes.get(), voice=Voice(owner), key=uuid.uuid4(), text="Her hand")
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[0].pk]))
    page.get_by_role("button", name="Resolved").click()
    page.get_by_role("button", name="Open again").click()
    wait_for(page, lambda: Annotation.objects.get(pk=note.pk).resolved_at is None)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("#beside")).to_contain_text("No notes yet")


def test_a_break_of_continuity_is_dismissed_with_a_reason(project, shots, open_page):
    check = record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False, notes="The key light moves")
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[0].pk]))
    expect(page.locator("#beside .badge.critical")).to_have_text("Critical")
    page.get_by_role("button", name="Dismiss …").click()
    page.get_by_label("Why it does not matter").fill("A lamp goes out between them")
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.locator("#beside")).to_contain_text("Dismissed by owner: A lamp goes out between them")
    check.refresh_from_db()
    assert check.dismissal_reason == "A lamp goes out between them"


def test_what_is_being_written_outlives_the_page(room):
    room.keyboard.press("w")
    room.keyboard.type("Half a sent")
    room.reload()
    expect(room.locator("#note-text")).to_have_value("Half a sent")
    room.locator("#note-text").press("Control+Enter")
    wait_for(room, lambda: Annotation.objects.filter(text="Half a sent").exists())
    room.wait_for_function("localStorage.length === 0")


def test_what_was_said_while_logged_out_is_sent_once_after_logging_in(room, live_server, owner):
    log_in(room.context, live_server, None)
    room.keyboard.press("a")
    expect(room.locator("#outbox")).to_contain_text("you are logged out")
    assert Review.objects.count() == 0
    log_in(room.context, live_server, owner)
    room.context.clear_cookies(name="csrftoken")  # a log-in makes the form token of the open page worthless
    room.evaluate("room.outbox.flush()")
    wait_for(room, lambda: Review.objects.count() == 1)
    expect(room.locator("#outbox")).to_be_hidden()


def test_what_one_person_said_is_never_sent_in_the_name_of_another(room, live_server, owner, member):
    room.context.set_offline(True)
    room.keyboard.press("a")
    expect(room.locator("#outbox")).to_contain_text("1 kept here")
    address, context = room.url, room.context
    room.close()
    log_in(context, live_server, member)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    arrived(page, 0)
    page.keyboard.press("n")
    wait_for(page, lambda: Review.objects.filter(person=member).exists())
    log_in(context, live_server, owner)
    page.goto(address)
    wait_for(page, lambda: Review.objects.filter(person=owner).exists())
    said = Review.objects.order_by("pk").values_list("decision", "person")
    assert list(said) == [("needs_review", member.pk), ("approve", owner.pk)]
