"""The board in a browser: filmstrips under the pointer, choosing, deciding about many, scrolling on."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dailies.actions import create_playlist
from dailies.models import Annotation, Playlist, Review
from studio.dailies.tests.filming import real_take
from studio.dailies.tests.screening import wait_for
from studio.tests.filming import scene, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shots(project):
    made = scene(project, shots=6).made_shots
    for shot in made:
        take(project, shot)
    return made


@pytest.fixture
def board(project, shots, open_page):
    return open_page(reverse("dailies:board", args=[project.slug]))


def test_a_picture_plays_its_filmstrip_under_the_pointer(project, open_page):
    shot = scene(project, shots=1).made_shots[0]
    real_take(project, shot, frames=40)
    page = open_page(reverse("dailies:board", args=[project.slug]))
    frame = page.locator(".card .frame")
    expect(frame).to_have_attribute("data-frames", "10")
    box = frame.bounding_box()
    for part, shown in ((0.05, "0"), (0.55, "5"), (0.97, "9")):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
        expect(frame).to_have_attribute("data-shown", shown)
    page.mouse.move(5, 5)
    expect(page.locator(".scrub")).to_have_count(0)


def test_keys_move_choose_and_decide_about_many_and_undo(board):
    board.keyboard.press("ArrowRight")
    board.keyboard.press("x")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("x")
    expect(board.locator("#bulk-count")).to_have_text("2 shots chosen")
    board.keyboard.press("a")
    wait_for(board, lambda: Review.objects.filter(decision="approve", undone_at=None).count() == 2)
    board.get_by_role("button", name="Undo").click()
    wait_for(board, lambda: Review.objects.filter(undone_at=None).count() == 0)


def test_a_row_is_chosen_with_shift_and_sent_back_with_one_reason(board):
    boxes = board.locator(".pick input")
    boxes.nth(0).check(force=True)
    boxes.nth(3).click(modifiers=["Shift"], force=True)
    expect(board.locator("#bulk-count")).to_have_text("4 shots chosen")
    board.locator("#bulk").get_by_role("button", name="Retake").click()
    board.get_by_label("Movement must be natural").check()
    board.get_by_role("button", name="Send back", exact=True).click()
    wait_for(board, lambda: Review.objects.filter(decision="retake", reasons=["motion"]).count() == 4)


def test_a_playlist_is_made_of_what_is_chosen(board, shots):
    board.locator(".pick input").nth(1).check(force=True)
    board.get_by_role("button", name="Playlist …").click()
    board.get_by_label("A new one called").fill("Monday")
    board.get_by_role("button", name="Make it").click()
    expect(board.locator("h1")).to_have_text("Monday")
    assert Playlist.objects.get().entries.get().take.shot_id == shots[1].pk


def test_scrolling_brings_the_next_shots_by_itself(project, shots, open_page):
    scene(project, "2", shots=80)
    page = open_page(reverse("dailies:board", args=[project.slug]) + "?group=scene")
    for _ in range(40):
        if page.locator(".card").count() == 86:
            break
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(100)
    expect(page.locator(".card")).to_have_count(86)
    expect(page.locator(".board-group")).to_have_count(2)


def test_from_the_board_to_a_decision_and_a_note_with_the_keyboard_alone(board, shots):
    board.keyboard.press("?")
    expect(board.locator("#help")).to_contain_text("From card to card")
    board.keyboard.press("Escape")
    expect(board.locator("#help")).to_be_hidden()
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowRight", "Enter"):  # the first key takes the first card
        board.keyboard.press(key)
    expect(board.locator("h1")).to_have_text("Shot 1/2")
    expect(board.locator("#state")).to_contain_text("Pending")
    board.wait_for_load_state()
    board.keyboard.press("n")
    wait_for(board, lambda: Review.objects.filter(take__shot=shots[1], decision="needs_review").exists())
    board.keyboard.press("w")
    board.keyboard.type("Not a mouse in the house")
    board.keyboard.press("Tab")
    board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    wait_for(board, Annotation.objects.exists)
    seen = board.evaluate("""() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    }""")
    assert seen, "what has the keyboard is marked"


def test_the_filters_and_groups_of_the_board_are_at_hand(board, project, owner, shots):
    board.get_by_label("Group by").select_option("continuity")
    expect(board.locator(".board-group h2")).to_have_text(["No open issue"])
    board.wait_for_load_state()  # the script that hears of the next change came with this page
    board.locator(".filters select[name=review]").select_option("approved")
    expect(board.locator(".empty")).to_contain_text("No shot is like this")


def test_a_playlist_is_put_into_order_by_dragging_and_with_its_arrows(project, owner, shots, open_page):
    takes = [shot.takes.get().pk for shot in shots[:3]]
    playlist = create_playlist(project, "Monday", takes, by=owner)

    def in_order():
        return list(playlist.entries.order_by("position").values_list("take_id", flat=True))

    page = open_page(reverse("dailies:playlist-edit", args=[project.slug, playlist.pk]))
    rows = page.locator("#order li")
    rows.nth(2).drag_to(rows.nth(0), target_position={"x": 20, "y": 2})
    wait_for(page, lambda: in_order() == [takes[2], takes[0], takes[1]])
    page.locator(f"#order li[data-take='{takes[2]}']").get_by_role("button", name="down").focus()
    page.keyboard.press("Enter")
    wait_for(page, lambda: in_order() == [takes[0], takes[2], takes[1]])


def test_nothing_is_wider_than_a_phone(project, shots, open_page):
    for name in ("board", "film", "contact-sheet", "playlists"):
        page = open_page(reverse(f"dailies:{name}", args=[project.slug]), width=390, height=844)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, name
