"""Every list, board and page takes as many queries for a large production as for a small one.

One walk over all of them, found from the site's own tables of addresses: what is added later is walked as well.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from media_pipeline.models import Run, Step
from prompts.models import ModelProfile
from scenes.models import Scene, Shot
from studio.api.serializers import expandable
from studio.api.urls import RECORDS
from studio.editorial.tests.conftest import build_world, fill_production, person
from studio.editorial.tests.posting import address, viewset_of
from studio.live.feed import latest_event_id
from studio.rights import RIGHTS

from .test_who_may_go_where import ACTIONS, PAGES, named_addresses, url_of

MORE = ("Pollack", "Gurnard", "Halibut", "Turbot")
"""Marks of what is added: four more records of every kind, and of each list that stands in one."""

NO_LISTS = {"media-file", "export-table", "export", "previz-sheet", "contact-sheet-pdf", "notes-file"}
"""Files, which are read row by row."""


@pytest.fixture
def ours(db):
    """A small production: two of everything, so that what is asked for the first of a kind is no growth."""
    world = build_world("Lanternfish", "LANT", person("lanternfish-owner"))
    world.records.append(Step.objects.create(run=world.of(Run), key="ask", kind="provider", state="unknown"))
    fill_production("Sprat", world.project, world.owner, 9)
    return world


@pytest.fixture
def client(ours):
    client = Client()
    client.force_login(ours.owner)
    return client


def grow(ours):
    """Four more of everything in the production, in four more chapters and in the first scene itself."""
    for number, mark in enumerate(MORE, start=2):
        fill_production(mark, ours.project, ours.owner, number)
    build_world("Megrim", "MEGR", ours.owner)
    for number in range(4):
        ModelProfile.objects.create(name=f"Stills {number}", capability="image", provider="animatic")


def admin_lists():
    for model in RIGHTS:
        names = {pattern.name for pattern in viewset_of(model).get_urlpatterns()}
        yield address(model, "list" if "list" in names else "index")


def api_lists(ours):
    for name, (model, _) in RECORDS.items():
        yield f"/api/v1/{name}/"
        if expandable(model):
            yield f"/api/v1/{name}/?expand={','.join(expandable(model))}"
    yield "/api/v1/runs/"
    for full_name, pattern in named_addresses("studio.api.urls"):
        name = (full_name or "").removeprefix("api-")
        if ACTIONS.get(name, ("",))[0] == "get" and name not in NO_LISTS:
            yield url_of(ours, name, pattern, "api-")


def pages(ours):
    slug = ours.project.slug
    for name, pattern in named_addresses("studio.review.urls"):
        if PAGES.get(name, ("",))[0] == "get" and name not in NO_LISTS:
            yield url_of(ours, name, pattern, "")
    yield from ("/", "/account/", "/my-reviews/", "/admin/", "/search/?q=pier", "/search/?q=Lanternfish")
    yield from (f"/projects/{slug}/dailies/", f"/projects/{slug}/dailies/film/", f"/projects/{slug}/dailies/playlists/")
    yield f"/projects/{slug}/dailies/contact-sheet/"
    yield f"/projects/{slug}/dailies/shots/{ours.of(Shot).pk}/"
    for model in (Scene, Shot):
        yield address(model, "edit", ours.of(model).pk)
    yield reverse("api-events", args=[slug]) + f"?after={latest_event_id()}"


def counted(client, urls):
    found = {}
    for url in urls:
        answer = client.get(url)  # once before, so that nothing is counted that is only made the first time
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(url)
            assert answer.status_code == 200, (url, answer.status_code)
        found[url] = len(seen)
    return found


@pytest.mark.parametrize("face", ["admin", "api", "pages"])
def test_a_large_production_takes_as_many_queries_as_a_small_one(ours, client, face):
    urls = list({"admin": admin_lists, "api": lambda: api_lists(ours), "pages": lambda: pages(ours)}[face]())
    before = counted(client, urls)
    grow(ours)
    after = counted(client, urls)
    more = {url: (before[url], after[url]) for url in urls if after[url] > before[url]}
    assert not more, "\n".join(f"{url}: {few} queries, then {many}" for url, (few, many) in more.items())
