"""A browser that looks at the review room."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=30_000)  # a test machine may be busy with other things


@pytest.fixture(autouse=True)
def _no_tries_of_other_tests():
    """Tries at guest links are counted in the cache."""
    cache.clear()


@pytest.fixture(scope="module")
def browser():
    """One browser for a module; every page has a profile of its own."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in this thread
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(live_server, owner, browser):
    """Opens an address in a window of this size, as the owner where nobody else is named. Errors of scripts fail."""
    errors, opened = [], []

    def open_page(address, person=owner, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(context)
        context.set_default_timeout(60_000)
        log_in(context, live_server, person)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert errors == []


def log_in(context, live_server, person):
    """Make the browser the person's; nobody's where there is none."""
    context.clear_cookies(name="sessionid")
    if person is not None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
