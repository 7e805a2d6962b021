"""Several people at once, against the real web processes: decisions, sessions, guests, takes that arrive."""

from __future__ import annotations

import socket

import pytest
from playwright.sync_api import expect

from studio.tests.real_site import free_port, real_site, wait_until

pytestmark = pytest.mark.browser

SEED = """
import json
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from dailies import actions
from projects.actions import add_member
from projects.models import Project
from studio.dailies.tests.filming import real_take
from studio.tests.filming import scene
project = Project.objects.get(pk={project})
owner = get_user_model().objects.get(username="owner")
mira = get_user_model().objects.create_user("mira", "mira@example.com", "take-one-please")
add_member(project, mira, "reviewer", by=owner)
shots = scene(project, shots=3).made_shots
takes = [real_take(project, shot, frames=48, start=100 * place) for place, shot in enumerate(shots)]
playlist = actions.create_playlist(project, "Everything", [take.pk for take in takes], by=owner)
link, token = actions.make_guest_link(
    playlist, by=owner, expires_at=timezone.now() + timedelta(days=1), may_decide=True, label="Client")
client = Client()
client.force_login(mira)
print("SEEDED", json.dumps({{"shots": [shot.pk for shot in shots], "takes": [take.pk for take in takes],
    "playlist": playlist.pk, "token": token, "link": link.pk, "cookie": client.cookies["sessionid"].value}}))
"""

ANOTHER_TAKE = """
import json
from projects.models import Project
from scenes.models import Shot
from studio.dailies.tests.filming import real_take
project, shot = Project.objects.get(pk={project}), Shot.objects.get(pk={shot})
take = real_take(project, shot, frames=30, start=500)
print("MADE", json.dumps({{"take": take.pk}}))
"""

REVOKE = """
import json
from dailies.actions import revoke_guest_link
from dailies.models import GuestLink
revoke_guest_link(GuestLink.objects.get(pk={link}))
print("DONE", json.dumps({{}}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, pytestconfig):
    site = real_site(tmp_path_factory.mktemp("site"), pytestconfig)
    site.made = site.python(SEED.format(project=site.seed["project"]), "SEEDED")
    yield site
    site.remove()


@pytest.fixture
def people(site, new_page):
    """Opens a page as somebody in a browser of their own."""

    def open_page(path, cookie="", address=None):
        page = new_page(site.address, cookie)
        page.goto((address or site.address) + path)
        return page

    return open_page


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def room(site, what):
    return f"/projects/{site.seed['slug']}/dailies/{what}"


def connected(page):
    expect(page.locator("body")).to_have_attribute("data-live-state", "connected")


def at(page, frame, take=None):
    page.wait_for_function(
        """([frame, take]) => {
          const screen = document.getElementById("screen"), video = document.querySelector("#videos video.on");
          return video && !video.seeking && screen.dataset.frame === String(frame)
            && (!take || screen.dataset.take === String(take));
        }""",
        arg=[frame, take],
    )


def test_a_decision_is_seen_in_every_open_window_and_both_of_two_count(site, people):
    path = room(site, f"shots/{site.made['shots'][0]}/")
    with site.web():
        owner, mira = people(path, site.seed["cookie"]), people(path, site.made["cookie"])
        board = people(room(site, ""), site.made["cookie"])
        for page in (owner, mira, board):
            connected(page)
        at(owner, 0)
        at(mira, 0)
        owner.keyboard.press("a")
        expect(mira.locator("#state")).to_contain_text("Approved")
        expect(mira.locator("#beside")).to_contain_text("owner")
        expect(board.locator(f"#card-{site.made['shots'][0]}")).to_contain_text("Approved")
        mira.keyboard.press("n")
        expect(owner.locator("#beside .said-needs_review")).to_contain_text("mira")
        expect(owner.locator("#beside .said-approve")).to_contain_text("owner")
        for page, key in ((owner, "n"), (mira, "a")):  # neither waits for the other
            page.keyboard.press(key)
        for page in (owner, mira):
            expect(page.locator("#beside .said-approve")).to_have_count(2)
            expect(page.locator("#beside .said-needs_review")).to_have_count(2)
        mira.keyboard.press("w")
        mira.keyboard.type("Look at the hand, @owner")
        mira.keyboard.press("Control+Enter")
        expect(owner.locator("#beside .notes")).to_contain_text("Look at the hand")
        expect(owner.locator("#toast")).to_contain_text("mira mentioned you")
        expect(owner.locator(".unread")).to_have_text("1")


def test_a_new_take_arrives_in_the_open_page_by_itself(site, people):
    shot = site.made["shots"][1]
    with site.web():
        page = people(room(site, f"shots/{shot}/"), site.seed["cookie"])
        connected(page)
        at(page, 0)
        page.evaluate("window.loadedOnce = true")
        made = site.python(ANOTHER_TAKE.format(project=site.seed["project"], shot=shot), "MADE")
        at(page, 0, made["take"])
        expect(page.locator("#takes li")).to_have_count(2)
        assert page.evaluate("window.loadedOnce") is True


def test_followers_are_on_the_presenters_frame_across_two_web_processes(site, people):
    """The presenter is connected to one process, a follower and a guest to another."""
    path = room(site, f"playlists/{site.made['playlist']}/")
    takes = site.made["takes"]
    port = free_port()
    second = f"http://127.0.0.1:{port}"
    with site.web(), site.running("web", "--port", str(port), log="second"):
        wait_until(lambda: listens(port), lambda: site.said("second"))
        owner = people(path, site.seed["cookie"])
        mira = people(path, site.made["cookie"], second)
        guest = people(f"/guest/{site.made['token']}/", address=second)
        guest.get_by_label("Your name").fill("Ada")
        guest.get_by_role("button", name="Come in").click()
        for page in (owner, mira, guest):
            connected(page)
            at(page, 0, takes[0])
        owner.get_by_role("button", name="Present").click()
        for page in (mira, guest):
            expect(page.locator("body")).to_have_attribute("data-session", "following")
        owner.keyboard.press("ArrowRight")
        at(owner, 0, takes[1])
        for _ in range(7):
            owner.keyboard.press(".")
        at(owner, 7, takes[1])
        for page in (mira, guest):
            at(page, 7, takes[1])
        late = people(path, site.made["cookie"], second)
        at(late, 7, takes[1])  # a newcomer is in sync at once
        owner.keyboard.press("End")
        for page in (mira, guest, late):
            at(page, 47, takes[1])
        mira.keyboard.press("ArrowLeft")  # somebody who moves by themselves looks on their own
        expect(mira.locator("body")).to_have_attribute("data-session", "open")
        owner.keyboard.press("Home")
        at(guest, 0, takes[1])
        mira.get_by_role("button", name="Follow the presenter").click()
        at(mira, 0, takes[1])
        expect(owner.locator("#seats")).to_contain_text("Ada (guest)")
        guest.keyboard.press("a")
        expect(owner.locator("#beside")).to_contain_text("Ada (guest)")
        owner.get_by_role("button", name="End session").click()
        expect(guest.locator("#toast")).to_contain_text("1 decision, 0 notes, 0 retakes")
        site.python(REVOKE.format(link=site.made["link"]), "DONE")
        expect(guest.locator("h1")).to_contain_text("no longer open")  # the open page, by itself
        expect(guest.locator("video")).to_have_count(0)


def test_what_is_said_while_the_server_is_away_reaches_everybody_once_it_is_back(site, people):
    path = room(site, f"shots/{site.made['shots'][2]}/")
    with site.web() as web:
        owner, mira = people(path, site.seed["cookie"]), people(path, site.made["cookie"])
        connected(owner)
        connected(mira)
        at(owner, 0)
        web.kill()
        web.wait()
        owner.keyboard.press("a")
        expect(owner.locator("#outbox")).to_contain_text("1 kept here")
    with site.web():
        expect(mira.locator("#state")).to_contain_text("Approved")
        expect(owner.locator("#outbox")).to_be_hidden(timeout=60_000)
        take = site.made["takes"][2]
        assert site.rows(f"SELECT COUNT(*) FROM dailies_review WHERE take_id = {take}") == [(1,)]
