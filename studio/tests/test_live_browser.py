"""live.js in a real browser, against the real web process."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio.tests.real_site import real_site

pytestmark = pytest.mark.browser

ALERT = """
import json
from projects.actions import raise_alert, settle_alerts
{verb}
print("DONE", json.dumps({{}}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, pytestconfig):
    site = real_site(tmp_path_factory.mktemp("site"), pytestconfig)
    yield site
    site.remove()


@pytest.fixture
def open_page(new_page, site):
    """Opens the page of the production and waits until it is connected."""

    def open_page():
        page = new_page(site.address, site.seed["cookie"])
        page.goto(f"{site.address}/projects/{site.seed['slug']}/")
        expect(page.locator("body")).to_have_attribute("data-live-state", "connected")
        return page

    return open_page


def raise_alert(site, title):
    verb = f"raise_alert({site.seed['project']}, title={title!r}, message='The words of it.', source={title!r})"
    site.python(ALERT.format(verb=verb), "DONE")


def test_news_arrives_without_loading_again_also_after_a_restart_of_the_server(site, open_page):
    with site.web() as web:
        page = open_page()
        page.evaluate("window.loadedOnce = true; window.seen = []")
        page.evaluate("document.addEventListener('rushes:event', (event) => window.seen.push(event.detail.type))")
        raise_alert(site, "A lamp went out")
        expect(page.locator("#alerts")).to_contain_text("A lamp went out")
        web.kill()
        expect(page.locator("#live-state")).to_contain_text("Reconnecting")
    raise_alert(site, "Rain on the set")
    with site.web():
        expect(page.locator("#alerts")).to_contain_text("Rain on the set")
        expect(page.locator("#live-state")).to_be_empty()
        assert page.evaluate("window.seen") == ["alert.raised", "alert.raised"]
        assert page.evaluate("window.loadedOnce") is True


PUT = """([html]) => {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  document.querySelector("main").append(holder.firstElementChild);
}"""


@pytest.fixture
def shown(site, open_page):
    """A connected page in which the test itself plays the server's part: `shown(page, id, html)`."""
    with site.web():
        page = open_page()
        page.route("**/film.mp4", lambda route: route.fulfill(status=404))
        page.evaluate(
            """async () => {
              const { LiveElements } = await import("/static/live.js");
              window.elements = new LiveElements();
            }"""
        )

        def show(element, html):
            page.evaluate("([id, html]) => window.elements.show({ [id]: html })", [element, html])

        yield page, show


def test_what_somebody_writes_in_is_replaced_only_when_they_are_done(shown):
    page, show = shown
    page.evaluate(PUT, ['<section id="note"><p>old</p><input id="words"></section>'])
    page.fill("#words", "half a sent")
    show("note", '<section id="note"><p>new</p><input id="words"></section>')
    show("note", '<section id="note"><p>newest</p><input id="words"></section>')
    assert page.locator("#note p").text_content() == "old"
    assert page.input_value("#words") == "half a sent"
    page.locator("#words").blur()
    expect(page.locator("#note p")).to_have_text("newest")


def test_an_element_that_is_to_be_kept_is_kept_until_it_is_let_go(shown):
    page, show = shown
    page.evaluate(PUT, ['<section id="strip" data-live-keep><p>old</p></section>'])
    show("strip", '<section id="strip"><p>new</p></section>')
    assert page.locator("#strip p").text_content() == "old"
    page.evaluate("document.getElementById('strip').removeAttribute('data-live-keep'); window.elements.retry()")
    expect(page.locator("#strip p")).to_have_text("new")


def test_a_player_that_plays_is_left_alone_and_one_that_is_paused_keeps_its_place(shown):
    page, show = shown
    page.evaluate(PUT, ['<figure id="reel"><video src="/film.mp4"></video><p>old</p></figure>'])
    page.evaluate(
        """() => {
          const player = document.querySelector("#reel video");
          player.sameOne = true;
          window.playing = true;
          Object.defineProperty(player, "paused", { get: () => !window.playing });
        }"""
    )
    fresh = '<figure id="reel"><video src="/film.mp4"></video><p>new</p></figure>'
    show("reel", fresh)
    assert page.locator("#reel p").text_content() == "old"
    page.evaluate("window.playing = false; document.querySelector('#reel video').dispatchEvent(new Event('pause'))")
    expect(page.locator("#reel p")).to_have_text("new")
    assert page.evaluate("document.querySelector('#reel video').sameOne") is True
    show("reel", '<figure id="reel"><video src="/another.mp4"></video><p>newer</p></figure>')
    assert page.evaluate("document.querySelector('#reel video').sameOne") is None


def test_the_keyboard_and_the_scrolling_stay_where_they_were(shown):
    page, show = shown
    rows = "".join(
        f'<li><a id="row-{n}" href="#r{n}" style="display:block;height:40px">{n}</a></li>' for n in range(50)
    )
    before = f'<div id="list" style="height:100px;overflow:auto"><ul>{rows}</ul></div>'
    page.evaluate(PUT, [before])
    page.evaluate("document.getElementById('row-20').focus()")
    top = page.evaluate("document.getElementById('list').scrollTop")
    assert top > 0
    show("list", before.replace("<ul>", "<ul class='fresh'>"))
    assert page.evaluate("document.querySelector('#list ul').className") == "fresh"
    assert page.evaluate("document.activeElement.id") == "row-20"
    assert page.evaluate("document.getElementById('list').scrollTop") == top


def test_an_element_inside_one_that_came_anew_is_not_overwritten_by_older_news(shown):
    page, show = shown
    page.evaluate(PUT, ['<section id="scene"><p id="shot" data-live-keep>first</p></section>'])
    show("shot", '<p id="shot">second</p>')
    page.evaluate("document.getElementById('shot').removeAttribute('data-live-keep')")
    page.evaluate("window.elements.replace('scene', '<section id=\"scene\"><p id=\"shot\">third</p></section>')")
    page.evaluate("window.elements.retry()")
    assert page.locator("#shot").text_content() == "third"
