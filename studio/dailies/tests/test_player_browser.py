"""Playing, stepping, comparing: every key of the player, in a real browser over real media."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dailies.actions import create_playlist, decide
from dailies.voices import Voice
from studio.dailies.tests.filming import READ_NUMBER
from studio.dailies.tests.screening import FRAMES, arrived, pixels, takes_by_shot, wait_playing
from studio.tests.filming import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def frame_of(page):
    return int(page.locator("#screen").get_attribute("data-frame"))


def test_keys_go_by_frame_to_the_ends_and_to_a_number(room):
    for key, frame in ((".", 1), (".", 2), (",", 1), (">", 11), ("<", 1), ("End", FRAMES - 1), ("Home", 0)):
        room.keyboard.press(key)
        arrived(room, frame)
        assert pixels(room) == 200 + frame, key
    room.keyboard.press("g")
    room.keyboard.type("1018")
    room.keyboard.press("Enter")
    arrived(room, 17)
    assert room.locator("#timecode").text_content() == "00:00:00:17"


def test_space_j_k_l_play_both_ways_and_faster(room):
    room.locator("#screen").focus()
    room.keyboard.press("Space")
    wait_playing(room, "100")
    room.keyboard.press("Space")
    wait_playing(room, "")
    room.keyboard.press("End")
    arrived(room, FRAMES - 1)
    room.keyboard.press("b")  # a loop, so that no end stops what is looked at
    room.keyboard.press("j")
    wait_playing(room, "-100")
    room.keyboard.press("j")
    wait_playing(room, "-200")
    room.wait_for_function(f"Number(document.getElementById('screen').dataset.frame) < {FRAMES - 4}")
    room.keyboard.press("k")
    wait_playing(room, "")
    for speed in ("100", "200", "400"):
        room.keyboard.press("l")
        wait_playing(room, speed)
    room.keyboard.press("[")
    wait_playing(room, "200")
    room.keyboard.press("]")
    wait_playing(room, "400")
    room.keyboard.press("k")
    wait_playing(room, "")
    room.wait_for_function("!document.querySelector('#videos video.on').seeking")


def test_in_and_out_hold_the_loop_between_them(room):
    for frame, key in ((10, "i"), (20, "o")):
        room.keyboard.press("g")
        room.keyboard.type(str(1001 + frame))
        room.keyboard.press("Enter")
        arrived(room, frame)
        room.keyboard.press(key)
    room.evaluate("""() => {
      window.shown = [];
      room.deck.addEventListener("frame", (event) => room.deck.running && window.shown.push(event.detail));
    }""")
    room.keyboard.press("b")
    room.keyboard.press("l")
    room.wait_for_function("window.shown.length > 25")  # more than once round
    room.keyboard.press("k")
    shown = room.evaluate("window.shown")
    assert min(shown) >= 10
    assert max(shown) <= 22  # a frame or two may come up before the browser says so
    room.keyboard.press("Home")
    arrived(room, 10)
    room.keyboard.press("x")
    room.keyboard.press("Home")
    arrived(room, 0)


def test_arrows_go_to_neighbours_and_to_other_takes_of_the_shot(room, shots):
    takes = takes_by_shot(shots)
    room.keyboard.press("ArrowRight")
    arrived(room, 0, takes[shots[2].pk][0].pk)
    assert pixels(room) == 300
    room.keyboard.press("ArrowLeft")
    room.keyboard.press("ArrowLeft")
    arrived(room, 0, takes[shots[0].pk][0].pk)
    assert pixels(room) == 0
    room.keyboard.press("ArrowRight")
    arrived(room, 0, takes[shots[1].pk][1].pk)
    expect(room.locator("#takes li")).to_have_count(2)
    room.keyboard.press("ArrowUp")
    arrived(room, 0, takes[shots[1].pk][0].pk)
    assert pixels(room) == 100
    room.keyboard.press("ArrowDown")
    arrived(room, 0, takes[shots[1].pk][1].pk)
    assert room.url.endswith("?take=2")


def test_the_neighbours_are_loaded_before_anybody_asks(room, shots):
    after = shots[2].takes.get().pk
    room.wait_for_function(
        "(take) => document.querySelector(`#videos video[data-take='${take}']`)?.readyState >= 2", arg=after
    )
    room.evaluate("(take) => { document.querySelector(`#videos video[data-take='${take}']`).early = true; }", after)
    room.keyboard.press("ArrowRight")
    arrived(room, 0, after)
    assert room.evaluate("document.querySelector('#videos video.on').early") is True
    assert pixels(room) == 300


def test_playing_on_goes_through_the_whole_sequence(room, shots):
    room.keyboard.press("s")
    room.wait_for_function("(take) => document.getElementById('screen').dataset.take === take",
                           arg=str(shots[2].takes.get().pk))  # fmt: skip
    wait_playing(room, "")
    arrived(room, FRAMES - 1)


def test_playing_around_shows_the_cuts_and_comes_back(room, shots):
    room.evaluate("""() => {
      window.seen = [];
      room.deck.addEventListener("item", () => window.seen.push(room.deck.item.take));
    }""")
    room.keyboard.press("v")
    takes = takes_by_shot(shots)
    first, middle, last = takes[shots[0].pk][0].pk, takes[shots[1].pk][1].pk, takes[shots[2].pk][0].pk
    room.wait_for_function("window.seen.length === 4")
    assert room.evaluate("window.seen") == [first, middle, last, middle]
    arrived(room, 0, middle)


def test_zoom_pan_sound_and_speed(room):
    screen = room.locator("#screen")
    room.keyboard.press("+")
    expect(screen).to_have_attribute("data-zoom", "1.50")
    box = screen.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = room.evaluate("room.zoom.x")
    room.mouse.move(x, y)
    room.mouse.down()
    room.mouse.move(x + 60, y, steps=4)
    room.mouse.up()
    assert room.evaluate("room.zoom.x") > before
    room.mouse.wheel(0, -200)
    room.wait_for_function("room.zoom.scale > 1.6")
    room.keyboard.press("-")
    room.keyboard.press("0")
    expect(screen).to_have_attribute("data-zoom", "1.00")
    room.keyboard.press("m")
    expect(room.locator("[data-does=mute]")).to_have_attribute("aria-pressed", "true")
    room.locator("#volume").fill("30")
    assert room.evaluate("document.querySelector('#videos video.on').volume") == pytest.approx(0.3)
    room.select_option("#speed", "50")
    assert room.evaluate("room.deck.speed") == 50


def test_the_picture_fills_the_screen_and_gives_it_back(room):
    for key, full in (("f", "screen"), ("f", "")):
        room.keyboard.press(key)
        room.wait_for_function("(id) => (document.fullscreenElement?.id ?? '') === id", arg=full)


def test_the_sound_is_drawn(room):
    expect(room.locator("#waveform")).to_be_visible()
    painted = room.evaluate("""() => {
      const canvas = document.getElementById("waveform");
      return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
    }""")
    assert painted


def place_on(page, part):
    """Where that part of the picture's width is, on the screen."""
    box = page.locator("#picture").bounding_box()
    return box["x"] + part * box["width"], box["y"] + box["height"] / 2


def greys_of(page):
    """The grey of the comparison at a quarter and at three quarters of its width, in the lower half."""
    script = """() => {
      const canvas = document.getElementById("compare"), pen = canvas.getContext("2d"), row = 0.8 * canvas.height;
      return [0.25, 0.75].map((part) => pen.getImageData(part * canvas.width, row, 1, 1).data[0]);
    }"""
    return tuple(page.evaluate(script))


def test_two_takes_are_compared_on_the_same_frame_in_four_ways(room):
    expect(room.locator("#takes li")).to_have_count(2)
    room.keyboard.press("c")
    for frame in (0, 7, 23):
        room.keyboard.press("g")
        room.keyboard.type(str(1001 + frame))
        room.keyboard.press("Enter")
        arrived(room, frame)
        room.wait_for_function(
            "(frame) => document.getElementById('compare').dataset.frame === String(frame)", arg=frame
        )
        halves = room.evaluate(
            """(read) => ["left", "right"].map((half) => {
              const from = document.getElementById("compare"), canvas = document.createElement("canvas");
              canvas.width = from.width / 2; canvas.height = from.height;
              canvas.getContext("2d").drawImage(from, half === "left" ? 0 : -canvas.width, 0);
              return eval(read)(canvas);
            })""",
            READ_NUMBER.strip(),
        )
        assert halves == [200 + frame, 100 + frame]
    # The grey below the numbers differs from take to take: 60 in the first, 80 in the second.
    for key, mode, greys in (("2", "overlay", (70, 70)), ("3", "wipe", (80, 60)), ("4", "difference", (20, 20))):
        room.keyboard.press(key)
        expect(room.locator("#compare")).to_have_attribute("data-mode", mode)
        assert greys_of(room) == pytest.approx(greys, abs=4), mode
    room.keyboard.press("3")
    room.mouse.move(*place_on(room, 0.5))
    room.mouse.down()
    room.mouse.move(*place_on(room, 0.1), steps=4)
    room.mouse.up()
    assert room.evaluate("room.compare.mix") == pytest.approx(0.1, abs=0.02)
    assert greys_of(room) == pytest.approx((60, 60), abs=4)  # the line was drawn to the left of both
    room.keyboard.press("4")
    # Where a bit is the same in both numbers the difference is black, elsewhere white: it reads as their XOR.
    assert pixels(room, "#compare") == (200 + 23) ^ (100 + 23)
    room.keyboard.press("l")
    room.wait_for_function("Number(document.getElementById('compare').dataset.frame) > 26")
    room.keyboard.press("k")
    room.wait_for_function("""() => {
      const told = document.getElementById("compare").dataset.frame;
      return told === document.getElementById("screen").dataset.frame && !document.body.dataset.playing;
    }""")
    frame = frame_of(room)
    room.wait_for_function(
        "([read, wanted]) => eval(read)(document.getElementById('compare')) === wanted",
        arg=[READ_NUMBER.strip(), (200 + frame) ^ (100 + frame)],
    )
    room.keyboard.press("Escape")
    expect(room.locator("#compare")).to_be_hidden()


def test_the_sheet_of_keys_names_every_key(room):
    room.keyboard.press("?")
    dialog = room.locator("#help")
    expect(dialog).to_be_visible()
    for words in ("Play and pause", "Approve", "Difference".lower(), "Out point", "Full screen"):
        expect(dialog).to_contain_text(words)
    room.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_playlist_of_two_hundred_takes_opens_at_once(project, owner, shots, open_page):
    from studio.tests.filming import take as quick_take

    takes = [shot.takes.order_by("number").last().pk for shot in shots]
    many = scene(project, "2", shots=197).made_shots
    takes += [quick_take(project, shot).pk for shot in many]
    playlist = create_playlist(project, "Everything", takes, by=owner)
    decide(project, shots[0].takes.get(), "approve", voice=Voice(owner), key=uuid.uuid4())
    page = open_page(reverse("dailies:playlist", args=[project.slug, playlist.pk]))
    arrived(page, 0)
    expect(page.locator("#reel li")).to_have_count(200)
    page.keyboard.press("ArrowRight")
    arrived(page, 0, takes[1])
