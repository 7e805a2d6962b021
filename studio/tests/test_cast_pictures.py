"""The cast page's pictures: what is there, what is missing and what it would cost, and making it from page and API."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from characters.actions import add_reference, change_character, create_character
from media_pipeline.casting.tests.conftest import lacking, small, uploaded  # noqa: F401
from media_pipeline.runs.models import Run
from projects.actions import add_member
from projects.models import Event
from prompts.models import ModelProfile
from studio.review.fragments import fragments_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


def cast_of(site, project):
    return BeautifulSoup(site.get(reverse("cast", args=[project.slug])).content, "html.parser")


def test_a_character_is_shown_from_every_side_with_what_is_missing_and_its_price(site, project, lacking):  # noqa: F811
    ModelProfile.objects.filter(provider="animatic").update(price=Decimal("0.25"), expected_attempts=1)
    mara = lacking("Mara", "back", "left_side")
    view = mara.references.get(angle="front")
    view.description = "A woman in a yellow coat."
    view.save()
    row = cast_of(site, project).find(id=f"cast-{mara.pk}")
    labels = [label.get_text(" ", strip=True) for label in row.select(".side-label")]
    assert labels == [
        "Master uploaded", "Front uploaded", "Three-quarter left uploaded", "Left side not made yet",
        "Back not made yet", "Right side uploaded", "Three-quarter right uploaded",
    ]  # fmt: skip
    assert "A woman in a yellow coat." in row.get_text()
    assert "2 pictures: about 0.50 USD" in " ".join(row.get_text().split())
    assert row.find("button", id=f"picture-{mara.pk}")["formaction"] == reverse(
        "make-pictures", args=[project.slug, mara.pk]
    )


def test_views_of_another_master_are_marked(site, project, lacking, uploaded):  # noqa: F811
    mara = lacking("Mara")
    assert "from another master" not in cast_of(site, project).get_text()
    add_reference(mara, uploaded("new master").pk, "master")
    text = " ".join(cast_of(site, project).find(id=f"cast-{mara.pk}").get_text().split())
    assert text.count("from another master") == 6
    assert "6 pictures, 6 of them again from the new master" in text


def test_making_the_pictures_starts_one_run_and_says_how_far_it_is(site, project, lacking):  # noqa: F811
    mara = lacking("Mara", "back")
    url = reverse("make-pictures", args=[project.slug, mara.pk])
    assert site.post(url).status_code == 302
    site.post(url)
    run = Run.objects.get(pipeline="picture_character", subject=f"character:{mara.pk}")
    assert run.settings == {"tier": "standard", "again": False}
    row = cast_of(site, project).find(id=f"cast-{mara.pk}")
    assert "Waiting for a worker (0%)" in row.get_text()
    assert row.find("button") is None
    news = fragments_for(project.pk, Event.objects.filter(type="run.progress"))
    assert "Waiting for a worker" in news[f"cast-{mara.pk}"]


def test_somebody_who_may_only_look_can_order_nothing(client, project, member, lacking):  # noqa: F811
    mara = lacking("Mara", "back")
    add_member(project, member, "viewer")
    client.force_login(member)
    assert client.post(reverse("make-pictures", args=[project.slug, mara.pk])).status_code == 403
    assert not Run.objects.exists()


def test_the_api_orders_pictures_and_refuses_where_nothing_is_missing(site, lacking):  # noqa: F811
    mara, ilse = lacking("Mara", "back"), lacking("Ilse")
    answer = site.post(f"/api/v1/characters/{mara.pk}/picture/", content_type="application/json")
    assert (answer.status_code, answer.json()["pipeline"]) == (202, "picture_character")
    answer = site.post(f"/api/v1/characters/{ilse.pk}/picture/", content_type="application/json")
    assert answer.status_code == 400
    assert "nothing is missing" in answer.content.decode()


def test_the_line_up_says_when_somebody_has_grown(site, project, lacking):  # noqa: F811
    mara = lacking("Mara")
    page = cast_of(site, project)
    assert page.find(id="draw-line-up").get_text() == "Line them up"
    site.post(reverse("line-up", args=[project.slug]))
    assert Run.objects.get().pipeline == "line_up"
    change_character(mara, scale_height="1.2")
    assert cast_of(site, project).find(id="draw-line-up")


def test_an_extra_is_left_out_by_qualifying_and_can_be_pictured_all_the_same(site, project):
    extra = create_character(project, name="Fisherman", role="extra")
    text = cast_of(site, project).find(id=f"cast-{extra.pk}").get_text()
    assert "Qualifying leaves out extra parts" in text
    assert cast_of(site, project).find(id=f"picture-{extra.pk}")
