"""The gather room in a real browser: files dropped in, the question before qualification, and its countdown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from media_pipeline.departments import registry
from media_pipeline.departments.registry import Department, Phase, Readiness
from media_pipeline.runs.models import Run
from projects.models import GatherItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT = "2026-11-21T12:00:00Z"


@pytest.fixture
def ready(monkeypatch):
    """One required department that has all it needs, or as much as the test says."""
    score = [100]
    department = Department(
        key="world", label="World", phase=Phase.A, does="Writes the story bible.", kinds=frozenset({"world_rule"}),
        readiness=lambda _: Readiness(score[0], () if score[0] == 100 else ("Say what holds: add rules.",)),
        qualify=lambda run, project: {}, required=True,
    )  # fmt: skip
    names = ("media_pipeline.qualification", "studio.review.gather_cards", "studio.review.qualification_cards",
             "studio.review.gather_forms", "media_pipeline.judging")  # fmt: skip
    for name in names:
        monkeypatch.setattr(f"{name}.departments", lambda: (department,))
    monkeypatch.setattr(registry, "departments", lambda: (department,))
    return score


@pytest.fixture
def room(ready, project, open_page):
    """The room with its clock standing still, moved on by the test alone."""

    def room(*, opened=True, **options):
        page = open_page(f"/projects/{project.slug}/gather/", **options)
        page.clock.install(time=AT)
        page.reload()
        page.clock.pause_at("2026-11-21T12:01:00Z")
        if opened:
            page.locator("#qualify-link").focus()
            page.keyboard.press("Enter")
            expect(page.locator("#qualify-dialog")).to_be_visible()
        return page

    return room


def test_the_end_of_the_countdown_starts_it_by_itself(room):
    page = room()
    expect(page.locator("[data-seconds]")).to_have_text("10")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    page.clock.run_for(9_500)
    expect(page.locator("[data-seconds]")).to_have_text("1")
    assert not Run.objects.exists()
    with page.expect_navigation():
        page.clock.run_for(600)
    expect(page.locator("#qualification")).to_be_visible()
    assert Run.objects.get().pipeline == "qualify"


def test_edit_and_escape_stop_it_and_the_keyboard_is_where_it_was(room):
    page = room()
    page.keyboard.press("Enter")  # Edit has the keyboard
    expect(page.locator("#qualify-dialog")).to_be_hidden()
    expect(page.locator("#qualify-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#qualify-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#qualify-dialog")).to_be_hidden()
    page.clock.run_for(60_000)
    expect(page.locator("#announcer")).to_have_text("Stopped. Nothing was started.")
    assert not Run.objects.exists()


def test_continue_starts_at_once(room):
    page = room()
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    expect(page.locator("#qualification")).to_be_visible()
    assert Run.objects.count() == 1


def test_what_is_not_ready_counts_nothing_down_and_needs_a_word(room, ready):
    ready[0] = 40
    page = room()
    expect(page.get_by_text("World, 40 of 75")).to_be_visible()
    expect(page.locator("[data-seconds]")).to_have_count(0)
    page.clock.run_for(60_000)
    page.get_by_role("button", name="Start").click()
    assert not Run.objects.exists(), "the box has to be ticked first"
    page.get_by_label("Start anyway").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Start").click()
    assert Run.objects.count() == 1


def test_without_scripts_a_page_asks_the_same(ready, project, open_page):
    page = open_page(f"/projects/{project.slug}/gather/", java_script_enabled=False)
    page.get_by_role("link", name="Generate qualified data").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#qualification")).to_be_visible()
    assert Run.objects.count() == 1


def test_what_is_missing_leads_to_the_form_with_its_kind_chosen(room, ready):
    ready[0] = 40
    page = room(opened=False)
    page.get_by_role("link", name="Say what holds").click()
    expect(page.locator("#new-title")).to_be_focused()
    expect(page.locator("#new-kind")).to_have_value("world_rule")


def test_files_that_are_dropped_on_the_form_are_chosen(room, project):
    page = room(opened=False, width=390, height=844)
    drop = """form => {
        const data = new DataTransfer();
        data.items.add(new File(["It comes twice."], "tide.md", { type: "text/markdown" }));
        data.items.add(new File(["They do not marry."], "keepers.md", { type: "text/markdown" }));
        form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.locator("[data-drop]").evaluate(drop)
    expect(page.locator(".chosen-files")).to_have_text("2 files: tide.md, keepers.md")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    with page.expect_navigation():
        page.get_by_role("button", name="Add it").click()
    expect(page.locator("li.material")).to_have_count(2)
    assert sorted(GatherItem.objects.values_list("title", flat=True)) == ["keepers", "tide"]
