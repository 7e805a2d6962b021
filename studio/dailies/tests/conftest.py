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


@pytest.fixture
def open_page(live_server, owner, monkeypatch):
    """Opens an address in a window of this size, as the owner where nobody else is named. Errors of scripts fail."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in this thread
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

        def open_page(address, person=owner, width=1280, height=900, **options):
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            if person is not None:
                client = Client()
                client.force_login(person)
                cookie = client.cookies["sessionid"].value
                context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(live_server.url + address)
            return page

        yield open_page
        browser.close()
    assert errors == []
