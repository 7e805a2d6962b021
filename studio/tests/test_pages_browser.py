"""The pages in a real browser: keys, dialogs and narrow screens. What is live is in test_live_browser.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from media_pipeline.runs.models import Run, RunState
from projects.actions import raise_alert
from studio.tests.filming import scene, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def production(project):
    """Two scenes with three shots each, two of them rendered, a run under way and an alert with a long word."""
    for number in ("1", "2"):
        shots = scene(project, number, shots=3, synopsis="S" * 200).made_shots
        take(project, shots[0])
    Run.objects.create(
        pipeline="produce_film", subject=f"project:{project.pk}", project=project, state=RunState.WAITING,
        progress=40, progress_words="2 of 6 shots rendered",
    )  # fmt: skip
    raise_alert(project.pk, title="W" * 90, message="https://example.com/" + "x" * 200, source="run:1")
    return project


def comes_up(page, heading):
    """Wait for the page of this heading, scripts and all."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.wait_for_load_state()


def test_nothing_is_wider_than_a_phone(production, open_page):
    page = open_page(f"/projects/{production.slug}/", width=390, height=844)
    shot = page.locator("li.shot a").first.get_attribute("href")
    for address in (page.url, shot, "/", "/new-production/", "/account/"):
        page.goto(address if address.startswith("http") else page.url.split("/projects")[0].rstrip("/") + address)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, address


def test_the_first_tab_leads_past_the_header_to_the_content(production, open_page):
    page = open_page(f"/projects/{production.slug}/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Dismiss")).to_be_focused()


def test_stopping_asks_first_and_escape_changes_nothing(production, open_page):
    page = open_page(f"/projects/{production.slug}/")
    page.locator("#stop-run").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#stop-run")).to_be_focused()
    assert Run.objects.get().cancel_requested_at is None
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop the run").click()
    expect(page.get_by_text("Stopping after the step under way")).to_be_visible()
    assert Run.objects.get().cancel_requested_at is not None


def test_without_scripts_stopping_asks_on_a_page_of_its_own(production, open_page):
    page = open_page(f"/projects/{production.slug}/", java_script_enabled=False)
    page.locator("#stop-run").click()
    page.get_by_role("button", name="Stop the run").click()
    expect(page.get_by_text("Stopping after the step under way")).to_be_visible()


def test_left_and_right_go_from_shot_to_shot_but_not_out_of_a_player(production, open_page):
    page = open_page(f"/projects/{production.slug}/")
    page.locator("li.shot a").first.click()
    comes_up(page, "Shot 1/1")
    page.keyboard.press("ArrowRight")
    comes_up(page, "Shot 1/2")
    page.keyboard.press("ArrowLeft")
    comes_up(page, "Shot 1/1")
    page.locator("video").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Shot 1/1")).to_be_visible()


def test_the_form_of_a_new_production_opens_over_the_page_and_closes_with_escape(production, open_page):
    page = open_page("/")
    link = page.get_by_role("link", name="New production")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#new-production [name=title]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    expect(page.locator("#new-production")).to_be_hidden()


def test_a_reviewer_is_shown_no_button_that_is_not_theirs(production, open_page, member):
    page = open_page(f"/projects/{production.slug}/", member)
    expect(page.get_by_role("heading", name="Salt and Lantern")).to_be_visible()
    expect(page.locator("#stop-run")).to_be_hidden()
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)


def test_nothing_moves_for_people_who_asked_for_that(production, open_page):
    page = open_page(f"/projects/{production.slug}/", reduced_motion="reduce")
    page.locator("li.shot a").first.focus()
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0
