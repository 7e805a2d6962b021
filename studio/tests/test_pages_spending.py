"""What a film is expected to cost, and deciding about requests whose answer was lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from media_pipeline.runs.models import Run, Step, StepState
from projects.actions import raise_alert, write_chapter
from projects.models import BudgetAccount
from prompts.models import ModelProfile
from scenes.actions import add_scene


@pytest.fixture
def site(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def lost(project):
    """A paid request that may have been accepted: 0.50 USD are promised for it."""
    run = Run.objects.create(pipeline="render_shot", subject="shot:1", project=project, state="waiting")
    step = Step.objects.create(
        run=run, key="keyframe", kind="provider", state=StepState.UNKNOWN, provider="fal", endpoint="fal-ai/some-model",
        input={"prompt": "A lighthouse at dusk"}, error_message="The connection was lost.", reserved=Decimal("0.5"),
        price=Decimal("0.5"), units=1,
    )  # fmt: skip
    BudgetAccount.objects.filter(project=project).update(reserved=Decimal("0.5"))
    Run.objects.filter(pk=run.pk).update(committed=Decimal("0.5"))
    raise_alert(project.pk, title="A paid request may be lost", message="Decide.", source=f"step:{step.pk}")
    return step


def page(answer):
    return BeautifulSoup(answer.content, "html.parser")


def address(project, step):
    return reverse("lost-call", args=[project.slug, step.pk])


def test_the_alert_about_a_lost_request_leads_to_the_page_that_decides_about_it(site, project, lost):
    link = page(site.get(reverse("project", args=[project.slug]))).select_one("#alerts a")
    shown = page(site.get(link["href"])).get_text(" ", strip=True)
    for words in ("Was this request accepted?", "fal fal-ai/some-model", "A lighthouse at dusk", "0.50 USD"):
        assert words in shown


def test_a_lost_request_that_is_found_is_awaited_again(site, project, lost):
    answer = site.post(address(project, lost), {"found": "", "request_id": " 7f3a "}, follow=True)
    lost.refresh_from_db()
    assert (lost.state, lost.request_id) == (StepState.SUBMITTED, "7f3a")
    assert "Its answer is awaited now." in answer.content.decode()
    assert not page(answer).select("#alerts .alert")


def test_a_request_that_is_written_off_counts_as_spent(site, project, lost):
    site.post(address(project, lost), {"write_off": ""})
    lost.refresh_from_db()
    account = BudgetAccount.objects.get(project=project)
    assert (lost.state, account.reserved, account.spent) == (StepState.CREATED, Decimal(0), Decimal("0.5"))


def test_without_a_request_id_nothing_is_done_and_the_page_says_what_is_missing(site, project, lost):
    answer = site.post(address(project, lost), {"found": "", "request_id": " "})
    assert answer.status_code == 422
    assert "Give the request id" in page(answer).select_one("[role=alert]").get_text()
    assert Step.objects.get().state == StepState.UNKNOWN


def test_an_id_that_is_another_steps_is_refused_and_stays_in_the_field(site, project, lost):
    Step.objects.create(run=lost.run, key="motion", kind="provider", provider="fal", request_id="taken")
    answer = site.post(address(project, lost), {"found": "", "request_id": "taken"})
    assert answer.status_code == 422
    assert page(answer).select_one("#request_id")["value"] == "taken"
    lost.refresh_from_db()
    assert lost.state == StepState.UNKNOWN


def test_deciding_twice_is_told_and_changes_nothing(site, project, lost):
    site.post(address(project, lost), {"write_off": ""})
    answer = site.post(address(project, lost), {"write_off": ""})
    assert "nothing to decide" in answer.content.decode()
    assert BudgetAccount.objects.get(project=project).spent == Decimal("0.5")


def test_a_reviewer_sees_a_lost_request_and_may_not_decide_and_a_stranger_sees_nothing(
    client, member, stranger, project, lost
):
    client.force_login(member)
    shown = page(client.get(address(project, lost)))
    assert "Somebody who may spend" in shown.get_text()
    assert not shown.select("form.decision")
    assert client.post(address(project, lost), {"write_off": ""}).status_code == 403
    client.force_login(stranger)
    assert client.get(address(project, lost)).status_code == 404
    assert client.post(address(project, lost), {"write_off": ""}).status_code == 404
    assert Step.objects.get().state == StepState.UNKNOWN


@pytest.fixture
def chapter(project):
    made = write_chapter(project, 1)
    add_scene(made.pk, project.pk, number="1", sequence=1, heading="INT. LAMP ROOM - NIGHT", length_eighths=16)
    return made


def test_an_estimate_names_each_kind_of_call_and_the_whole(site, project, chapter):
    """Two pages are two minutes, so 24 shots of five seconds: by hand 24 x 0.04 + 24 x 5 x 0.10 = 12.96."""
    ModelProfile.objects.exclude(provider="animatic").delete()
    ModelProfile.objects.filter(capability="image").update(price="0.04", price_unit="image", expected_attempts=1)
    ModelProfile.objects.filter(capability="video").update(price="0.10", price_unit="second", expected_attempts=1)
    shown = page(site.get(reverse("estimate", args=[project.slug])))
    assert shown.select_one(".sum").get_text(strip=True) == "12.96 USD"
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in shown.select("tbody tr")]
    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("Keyframes", "24", "0.96 USD"),
        ("Motion", "24", "12.00 USD"),
    ]


def test_a_price_that_is_not_known_is_said_to_be_unknown(site, project, chapter):
    ModelProfile.objects.exclude(provider="animatic").delete()
    ModelProfile.objects.filter(capability="video").update(price=None)
    shown = page(site.get(reverse("estimate", args=[project.slug])))
    assert "unknown" in shown.select_one(".sum").get_text()
    assert "unknown" in shown.select("tbody tr")[1].get_text()


def test_producing_from_the_estimate_takes_the_quality_that_was_estimated(site, project, chapter):
    shown = page(site.get(reverse("estimate", args=[project.slug]), {"tier": "draft"}))
    form = shown.select_one(f"form[action='{reverse('produce', args=[project.slug])}']")
    site.post(form["action"], {field["name"]: field["value"] for field in form.select("input[type=hidden]")})
    assert Run.objects.get().settings == {"chapter": 1, "scenes": [], "tier": "draft"}


def test_a_stranger_sees_no_estimate(client, stranger, project, chapter):
    client.force_login(stranger)
    assert client.get(reverse("estimate", args=[project.slug])).status_code == 404
