"""The editorial admin in a real browser: its main paths with a mouse, and without one."""

from __future__ import annotations

import re
from functools import partial

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from media_pipeline.models import MediaAsset
from prompts.actions import create_template
from scenes.actions import change_scene
from scenes.models import Scene
from studio.editorial.approvals import ensure_workflow
from studio.tests.filming import scene, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(open_page):
    """A window wide enough for a form and what stands beside it."""
    ensure_workflow()
    return partial(open_page, width=1440, height=1000)


@pytest.fixture
def harbour(project):
    """Scene 1 with two shots, one of them filmed."""
    made = scene(project, "1", shots=2, heading="EXT. HARBOUR - DAWN")
    take(project, made.made_shots[0])
    return made


def edit(record, tab=""):
    return reverse(f"wagtailsnippets_{record._meta.label_lower.replace('.', '_')}:edit", args=[record.pk]) + tab


def test_a_scene_is_rewritten_saved_as_a_draft_and_published(harbour, open_page):
    page = open_page(edit(harbour))
    page.get_by_label("Heading").fill("EXT. HARBOUR - LAST LIGHT")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="LAST LIGHT")).to_be_visible()
    assert Scene.objects.get(pk=harbour.pk).heading == "EXT. HARBOUR - DAWN"
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/scene/$"))
    assert Scene.objects.get(pk=harbour.pk).heading == "EXT. HARBOUR - LAST LIGHT"


def test_tabs_and_folded_groups_work_without_a_mouse(harbour, open_page):
    page = open_page(edit(harbour))
    page.get_by_role("tab", name="Story", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Direction")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Toggle section").locator("visible=true").first.focus()
    expect(page.get_by_label("Shot size")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Shot size")).to_be_visible()


def test_what_was_typed_stays_when_the_form_is_refused(harbour, open_page):
    page = open_page(edit(harbour, "#tab-direction"))
    page.get_by_role("heading", name="Lens").click()
    page.get_by_label("Aperture (f)").fill("900")
    page.get_by_label("Lens (mm)").fill("35")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    page.get_by_role("tab", name="Direction").click()
    expect(page.get_by_label("Lens (mm)")).to_have_value("35")
    expect(page.get_by_text("less than or equal to 64")).to_be_visible()


def test_an_empty_field_of_a_shot_says_what_holds(harbour, open_page):
    change_scene(harbour, lens_mm=85)
    page = open_page(edit(harbour.made_shots[1], "#tab-direction"))
    page.get_by_role("heading", name="Lens – inherited: 85 mm").click()
    expect(page.get_by_label("Lens (mm)")).to_have_attribute("placeholder", "85 mm (from the scene)")


def test_a_picture_is_chosen_by_looking_at_it(harbour, open_page):
    page = open_page(edit(harbour, "#tab-props_and_set"))
    page.get_by_role("button", name="Add Reference").click()
    page.get_by_role("button", name="Choose a picture").last.click()
    page.locator(".media-choices a").first.click()
    chosen = page.locator(".media-chosen").last
    expect(chosen).to_be_visible()
    expect(chosen).to_have_attribute("src", re.compile(r"/media/\d+/$"))
    assert MediaAsset.objects.filter(pk=chosen.get_attribute("src").split("/")[-2]).exists()


def test_a_scene_is_read_as_a_page_beside_its_form(harbour, open_page):
    change_scene(harbour, screenplay_text="EXT. HARBOUR - DAWN\n\nWaves.\n\nADA\nThe sea is back.")
    page = open_page(edit(harbour))
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("#w-preview-iframe")
    expect(frame.get_by_text("The sea is back.")).to_be_visible()


def test_a_template_says_what_it_misses_while_it_is_typed(harbour, project, open_page):
    template = create_template(
        project, name="Ebb", key="scene.ebb", category="scene", template="[hour]", variables=[{"name": "hour"}]
    )
    page = open_page(edit(template))
    page.get_by_role("textbox", name="Template").fill("[heading] at [hour]")
    page.get_by_role("button", name="Describe [heading]").click()
    expect(page.get_by_text("[heading] is used in the text and not described.")).to_be_hidden()
    expect(page.locator("[data-text]")).to_contain_text("EXT. HARBOUR - DAWN at")


def test_several_shots_are_omitted_from_their_list(harbour, open_page):
    page = open_page(reverse("wagtailsnippets_scenes_shot:list"))
    for box in page.locator("[data-bulk-action-checkbox]").all():
        box.check()
    page.get_by_role("link", name="Take the selected out of the film").click()
    page.get_by_role("button", name="Omit").click()
    expect(page.get_by_text("2 shots omitted.")).to_be_visible()


@pytest.mark.parametrize("address", ["/admin/", "/admin/search/?q=harbour", "/search/?q=harbour"])
def test_nothing_is_wider_than_a_phone(harbour, open_page, address):
    page = open_page(address, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_list_on_a_phone_shows_pictures_names_and_states(harbour, open_page):
    page = open_page(reverse("wagtailsnippets_scenes_scene:list"), width=390, height=844)
    expect(page.get_by_role("link", name="1 EXT. HARBOUR - DAWN")).to_be_in_viewport()
    expect(page.locator(".picture-cell img").first).to_be_in_viewport()
    expect(page.locator(".tone").first).to_be_in_viewport()
