"""From a screenplay to a film that plays, in a real browser, with the processes of a real site."""

from __future__ import annotations

from fractions import Fraction

import pytest
from playwright.sync_api import Page, expect

from studio.tests.real_site import real_site

pytestmark = pytest.mark.browser

SCRIPT = """Title: Low Water

INT. LAMP ROOM - NIGHT #1#

Ada trims the wick.

ADA
Hold the light steady.

EXT. HARBOUR - DAWN #2#

The boat is gone.
"""
LONG = 240_000
"""Milliseconds that a film of two shots may take on a busy machine."""


@pytest.fixture(scope="module")
def site(tmp_path_factory, pytestconfig):
    site = real_site(tmp_path_factory.mktemp("film-site"), pytestconfig)
    with site.web(), site.running("worker", log="worker"), site.running("poller", log="poller"):
        yield site
    site.remove()


@pytest.fixture
def page(site, new_page):
    return new_page(site.address, viewport={"width": 1280, "height": 800})


def log_in(page: Page, site) -> None:
    page.goto(site.address)
    page.get_by_label("User name").or_(page.get_by_label("Username")).fill("owner")
    page.get_by_label("Password").fill("take-one-please")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Productions")).to_be_visible()


def start_production(page: Page) -> None:
    page.get_by_role("link", name="New production").click()
    form = page.locator("#new-production")
    form.get_by_label("Title").fill("Low Water")
    form.locator("input[type=file]").set_input_files(
        {"name": "low-water.fountain", "mimeType": "text/plain", "buffer": SCRIPT.encode()}
    )
    form.locator("select[name=resolution]").select_option("720p")
    form.get_by_role("button", name="Create the production").click()
    expect(page.get_by_role("heading", name="Low Water")).to_be_visible()


def test_a_screenplay_becomes_a_film_that_plays_while_one_watches(page, site):
    log_in(page, site)
    start_production(page)
    expect(page.get_by_text("INT. LAMP ROOM - NIGHT")).to_be_visible()

    page.get_by_role("button", name="Produce").click()
    expect(page.get_by_role("progressbar").first).to_be_visible()
    marked = page.evaluate("window.notReloaded = true")
    expect(page.locator("#film video")).to_be_visible(timeout=LONG)
    assert page.evaluate("window.notReloaded") is marked is True, "the page was loaded again to show the film"
    expect(page.locator("[id^=shot-] img").first).to_be_visible()

    video = page.locator("#film video")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("document.querySelector('#film video').currentTime > 1")
    frames, rate = site.rows(
        "SELECT a.frame_count, a.frame_rate FROM media_pipeline_mediaasset a"
        " JOIN projects_projectstate s ON s.final_film_id = a.id"
    )[0]
    assert video.evaluate("video => video.duration") == pytest.approx(float(frames / Fraction(rate)), abs=0.05)
    assert video.evaluate("video => [video.videoWidth, video.videoHeight]") == [1280, 720]

    # A seek to the end needs byte ranges.
    video.evaluate("video => { video.currentTime = video.duration - 0.5; }")
    page.wait_for_function("(v => v.currentTime > v.duration - 1 && !v.seeking)(document.querySelector('#film video'))")


def test_a_shot_page_plays_its_take_and_says_what_it_is(page, site):
    log_in(page, site)
    page.get_by_role("link", name="Low Water", exact=True).first.click()
    page.locator("[id^=shot-] a").first.click()
    expect(page.get_by_text("animatic", exact=False).first).to_be_visible()
    page.locator("video").first.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("document.querySelector('video').currentTime > 0.5")
