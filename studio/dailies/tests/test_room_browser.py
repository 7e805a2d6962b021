"""Deciding, drawing and answering in the room, in a real browser over real media."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dailies.actions import write_note
from dailies.models import Annotation, Review
from dailies.voices import Voice
from media_pipeline.runs.models import Run
from scenes.models import ShotState
from studio.dailies.tests.screening import arrived, draw, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_n_and_undo_decide(room, shots):
    take = shots[1].takes.get(number=2)
    room.keyboard.press("a")
    wait_for(room, lambda: Review.objects.filter(decision="approve").exists())
    expect(room.locator("#beside")).to_contain_text("Approve")
    take.refresh_from_db()
    assert take.review_state == "approved"
    assert ShotState.objects.get(shot=shots[1]).selected_take_id == take.pk
    room.keyboard.press("n")
    wait_for(room, lambda: Review.objects.filter(decision="needs_review").exists())
    room.keyboard.press("Control+z")
    wait_for(room, lambda: Review.objects.filter(undone_at__isnull=False).count() == 1)
    take.refresh_from_db()
    assert take.review_state == "approved"
    expect(room.locator("#beside .undone")).to_contain_text("taken back")


def test_r_sends_back_with_reasons_an_estimate_and_a_run(models, room, shots):
    room.keyboard.press("r")
    dialog = room.locator("#retake-dialog")
    expect(dialog.locator(".estimate-words")).to_contain_text("expected to cost")
    dialog.get_by_label("Light must match the scene").check()
    dialog.locator("textarea").fill("The lamp is lit before she turns")
    dialog.get_by_role("button", name="Send back and start the retake").click()
    wait_for(room, lambda: Run.objects.filter(subject=f"shot:{shots[1].pk}").exists())
    review = Review.objects.get()
    assert (review.decision, review.reasons, review.frame) == ("retake", ["light"], 0)
    shots[1].refresh_from_db()
    assert shots[1].retake_notes.words == "Light must match the scene. The lamp is lit before she turns."


def test_e_chooses_the_take_of_the_film(room, shots):
    expect(room.locator("#takes li")).to_have_count(2)
    room.keyboard.press("ArrowUp")
    arrived(room, 0, shots[1].takes.get(number=1).pk)
    room.keyboard.press("e")
    wait_for(room, lambda: ShotState.objects.filter(shot=shots[1], selected_take__number=1).exists())
    expect(room.locator("#state")).to_contain_text("in the film")


def test_drawings_are_vectors_on_their_frame_and_shown_again_there(room, project, shots):
    room.keyboard.press(">")
    arrived(room, 10)
    room.keyboard.press("d")
    for tool in ("Pen", "Line", "Arrow", "Rectangle", "Ellipse"):
        room.get_by_role("button", name=tool, exact=True).click()
        draw(room, [(0.25, 0.5), (0.5, 0.75)])
    room.get_by_role("button", name="Red").click()
    room.get_by_role("button", name="Text", exact=True).click()
    box = room.locator("#drawing").bounding_box()
    room.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    room.keyboard.type("Here")
    room.keyboard.press("Enter")
    expect(room.locator("#drawing")).to_have_attribute("data-strokes", "6")
    draw_count = room.locator("#drawing").get_attribute("data-strokes")
    room.get_by_role("button", name="Line", exact=True).click()
    draw(room, [(0.1, 0.1), (0.9, 0.1)])
    room.keyboard.press("Control+z")
    expect(room.locator("#drawing")).to_have_attribute("data-strokes", draw_count)
    room.keyboard.press("w")
    room.keyboard.type("Too close to the edge")
    room.keyboard.press("Control+Enter")
    wait_for(room, Annotation.objects.exists)
    note = Annotation.objects.get()
    assert (note.first_frame, note.last_frame, note.text) == (10, 10, "Too close to the edge")
    assert [stroke["tool"] for stroke in note.drawing] == ["pen", "line", "arrow", "rectangle", "ellipse", "text"]
    assert note.drawing[5]["colour"] == "#f26d5b"
    for x, y in (note.drawing[1]["points"][0], note.drawing[3]["points"][0]):
        assert abs(x - 2500) < 60
        assert abs(y - 5000) < 60
    expect(room.locator("#beside")).to_contain_text("Too close to the edge")
    expect(room.locator("#drawing")).to_have_attribute("data-kept", "6")
    room.keyboard.press(".")
    arrived(room, 11)
    expect(room.locator("#drawing")).to_have_attribute("data-kept", "0")
    room.get_by_role("button", name="frame 1011").click()
    arrived(room, 10)
    expect(room.locator("#drawing")).to_have_attribute("data-kept", "6")


def test_a_note_a_status_and_a_drawing_are_one_gesture(room):
    room.keyboard.press("d")
    draw(room, [(0.2, 0.2), (0.6, 0.6)])
    room.locator("#note-text").fill("Hold this")
    room.locator("#screen").focus()
    room.keyboard.press("n")
    wait_for(room, Annotation.objects.exists)
    note = Annotation.objects.get()
    assert (note.review.decision, note.text, len(note.drawing)) == ("needs_review", "Hold this", 1)


def test_answers_and_resolving(project, owner, member, shots, open_page):
    take = shots[0].takes.get()
    note, _ = write_note(project, take, voice=Voice(member), key=uuid.uuid4(), text="Is this right?", first_frame=3)
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[0].pk]))
    page.get_by_role("button", name="Answer").click()
    page.get_by_label("Answer").last.fill("It is.")
    page.locator(".answer-form button").click()
    wait_for(page, lambda: note.replies.count() == 1)
    expect(page.locator(".answers")).to_contain_text("It is.")
    page.get_by_role("button", name="Resolved").click()
    wait_for(page, lambda: Annotation.objects.get(pk=note.pk).resolved_at is not None)
    assert member.notices.get().kind == "reply"


def test_open_notes_are_carried_to_the_next_take(project, owner, shots, open_page):
    first = shots[1].takes.get(number=1)
    write_note(project, first, voice=Voice(owner), key=uuid.uuid4(), text="Her hand", first_frame=3)
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[1].pk]))
    expect(page.locator(".note")).to_contain_text("from take 1")
