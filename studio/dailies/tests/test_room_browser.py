"""Every key and gesture of the player, in a real browser over real media."""

from __future__ import annotations

import json
import time
import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dailies.actions import create_playlist, decide, write_note
from dailies.models import Annotation, Review
from dailies.voices import Voice
from media_pipeline.runs.models import Run
from scenes.models import ShotState
from studio.dailies.tests.filming import READ_NUMBER, real_take
from studio.tests.filming import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRAMES = 40


@pytest.fixture
def shots(project):
    """Three shots; the second has two takes. The numbers in the pixels begin at 0, 100, 200 and 300."""
    made = scene(project, shots=3).made_shots
    real_take(project, made[0], frames=FRAMES, start=0)
    real_take(project, made[1], frames=FRAMES, start=100)
    real_take(project, made[1], frames=FRAMES, start=200)
    real_take(project, made[2], frames=FRAMES, start=300)
    return made


@pytest.fixture
def room(project, shots, open_page):
    """The room at the middle shot, which shows its second take since nobody chose."""
    page = open_page(reverse("dailies:shot", args=[project.slug, shots[1].pk]))
    arrived(page, 0)
    return page


def frame_of(page):
    return int(page.locator("#screen").get_attribute("data-frame"))


def arrived(page, frame, take=None):
    """Wait until the player shows this frame (of this take)."""
    page.wait_for_function(
        """([frame, take]) => {
          const screen = document.getElementById("screen"), video = document.querySelector("#videos video.on");
          return video && !video.seeking && video.readyState >= 2 && screen.dataset.frame === String(frame)
            && (!take || screen.dataset.take === String(take));
        }""",
        arg=[frame, take],
    )


def pixels(page, selector="#videos video.on"):
    return page.evaluate(f"({READ_NUMBER})(document.querySelector({json.dumps(selector)}))")


def playing(page):
    return page.evaluate("document.body.dataset.playing")


def wait_playing(page, speed):
    page.wait_for_function("(speed) => document.body.dataset.playing === speed", arg=speed)


def takes_by_shot(shots):
    return {shot.pk: list(shot.takes.order_by("number")) for shot in shots}


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


def wait_for(page, true):
    """Wait for the database to say so, letting the page go on."""
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()


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


def draw(page, fractions):
    box = page.locator("#drawing").bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()


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


def test_the_sheet_of_keys_names_every_key(room):
    room.keyboard.press("?")
    dialog = room.locator("#help")
    expect(dialog).to_be_visible()
    for words in ("Play and pause", "Approve", "Difference".lower(), "Out point", "Full screen"):
        expect(dialog).to_contain_text(words)
    room.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


class Finger:
    """Touches as the browser itself makes them, over the protocol."""

    def __init__(self, page):
        self.page = page
        self.wire = page.context.new_cdp_session(page)
        box = page.locator("#screen").bounding_box()
        self.at = lambda x, y: {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        self.clock = time.time()

    def send(self, kind, *points, after=0.02):
        """One event, so many seconds after the one before by the clock of the events, however busy the machine is."""
        self.clock += 1 if kind == "touchStart" else after  # a second tap soon after the first is a double tap
        rows = [{**self.at(*point), "id": number} for number, point in enumerate(points)]
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": rows, "timestamp": self.clock})

    def move(self, *points):
        self.send("touchStart", points[0])
        for point in points[1:]:
            self.send("touchMove", point)
        self.send("touchEnd")


@pytest.fixture
def phone(project, shots, open_page):
    page = open_page(
        reverse("dailies:shot", args=[project.slug, shots[1].pk]), width=390, height=844, has_touch=True, is_mobile=True
    )
    arrived(page, 0)
    return page


def test_a_tap_plays_a_swipe_moves_and_two_fingers_come_closer(phone, shots):
    finger = Finger(phone)
    finger.move((0.5, 0.5))
    wait_playing(phone, "100")
    finger.move((0.5, 0.5))
    wait_playing(phone, "")
    finger.move((0.8, 0.5), (0.6, 0.5), (0.3, 0.5))
    arrived(phone, 0, shots[2].takes.get().pk)
    finger.move((0.2, 0.5), (0.4, 0.5), (0.8, 0.5))
    arrived(phone, 0, shots[1].takes.get(number=2).pk)
    expect(phone.locator("#takes li")).to_have_count(2)
    finger.move((0.5, 0.1), (0.5, 0.5), (0.5, 0.95))
    arrived(phone, 0, shots[1].takes.get(number=1).pk)
    finger.send("touchStart", (0.4, 0.5), (0.6, 0.5))
    finger.send("touchMove", (0.3, 0.5), (0.7, 0.5))
    finger.send("touchMove", (0.1, 0.5), (0.9, 0.5))
    finger.send("touchEnd")
    phone.wait_for_function("room.zoom.scale > 2")


def test_a_tap_is_a_tap_where_the_page_was_too_busy_to_hear_of_its_end(phone):
    finger = Finger(phone)
    finger.send("touchStart", (0.3, 0.3))
    phone.wait_for_function("room.drawing.on")  # the hold has begun
    finger.send("touchEnd", after=0.1)  # and the finger was gone by then
    wait_playing(phone, "100")
    assert phone.evaluate("[room.drawing.on, room.drawing.strokes.length]") == [False, 0]


def test_holding_a_finger_draws(phone):
    finger = Finger(phone)
    finger.send("touchStart", (0.3, 0.3))
    phone.wait_for_function("room.drawing.on")
    for place in (0.4, 0.5, 0.6):
        finger.send("touchMove", (place, place), after=0.5)
    finger.send("touchEnd")
    expect(phone.locator("#drawing")).to_have_attribute("data-strokes", "1")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_said_without_a_connection_is_sent_once_when_it_is_back(room, shots):
    room.context.set_offline(True)
    room.keyboard.press("a")
    room.keyboard.press("w")
    room.keyboard.type("Said in a tunnel")
    room.keyboard.press("Control+Enter")
    expect(room.locator("#outbox")).to_contain_text("2 kept here")
    assert Review.objects.count() == 0
    room.context.set_offline(False)
    wait_for(room, lambda: Review.objects.count() == 1 and Annotation.objects.count() == 1)
    expect(room.locator("#outbox")).to_be_hidden()
    room.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('rushes-outbox'))")


def test_an_answer_that_is_lost_on_its_way_does_not_count_twice(room):
    """The server takes the decision, the connection breaks before the page hears of it."""
    lost = []

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    room.route("**/dailies/decide/", lose)
    room.keyboard.press("a")
    wait_for(room, lambda: room.evaluate("localStorage.length") == 0 and bool(lost))
    assert lost == [200]
    assert Review.objects.count() == 1


def test_what_was_kept_is_sent_by_the_page_that_is_opened_next(room, project, shots):
    room.context.set_offline(True)
    room.keyboard.press("a")
    expect(room.locator("#outbox")).to_contain_text("1 kept here")
    address = room.url
    context = room.context
    room.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    wait_for(page, lambda: Review.objects.count() == 1)


def test_what_is_refused_is_said_and_not_sent_for_ever(room, shots):
    room.evaluate("room.outbox.send(room.config.urls.decide, { key: 'no key' }).catch(() => {})")
    expect(room.locator("#toast")).to_be_visible()
    room.wait_for_function("localStorage.length === 0")
    assert Review.objects.count() == 0


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
