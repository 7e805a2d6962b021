"""What is said reaches the server once, through lost connections, lost answers and closed windows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dailies.models import Annotation, Review
from studio.dailies.tests.screening import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
