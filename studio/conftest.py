"""A browser that looks at the site's pages."""

from __future__ import annotations

import threading
from urllib.request import urlopen

import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

PATIENCE = 60
"""Seconds that a page or the server may take on a machine that is busy with other things."""

expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="module")
def browser():
    """One browser for a module; every page has a profile of its own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in this thread
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser):
    """Opens an empty page in a profile of its own, with this session cookie; errors of its scripts fail the test."""
    errors, opened = [], []

    def new_page(address, cookie="", **options):
        context = browser.new_context(**options)
        opened.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield new_page
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture
def open_page(quiet_server, owner, new_page):
    """Opens an address in a window of this size, as the owner where nobody else is named, scripts and all."""

    def open_page(address="/", person=owner, width=1280, height=900, **options):
        viewport = {"width": width, "height": height}
        page = new_page(quiet_server.url, cookie_of(person) if person else "", viewport=viewport, **options)
        page.goto(quiet_server.url + address)
        return page

    return open_page


@pytest.fixture
def quiet_server(live_server):
    """The server of the test, which at the end has answered everything that its closed pages had asked.

    A late request would write into the database of the next test.
    """
    yield live_server
    # Whatever asked before this has been let in when this is answered, and has a thread until it is through.
    with urlopen(f"{live_server.url}/static/icon.svg", timeout=PATIENCE) as answer:
        answer.read()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the server still answers a page of this test"


def cookie_of(person):
    """The cookie of a new session of this person."""
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def log_in(context, live_server, person):
    """Make the browser the person's; nobody's where there is none."""
    context.clear_cookies(name="sessionid")
    if person is not None:
        context.add_cookies([{"name": "sessionid", "value": cookie_of(person), "url": live_server.url}])
