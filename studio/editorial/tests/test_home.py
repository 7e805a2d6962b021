"""The front page: what waits for whom, what is at work, what it costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from media_pipeline.models import Run
from projects.actions import add_member, create_project, raise_alert
from projects.choices import Role
from projects.models import BudgetAccount
from scenes.actions import add_shot
from scenes.models import Scene
from studio.editorial.home import budgets_of, cards_of, runs_at_work, waiting_for

from .posting import address, post_change

pytestmark = pytest.mark.django_db

FRONT = "wagtailadmin_home"


def titles(found):
    return [(one.what, one.title) for one in found]


def test_a_draft_waits_for_those_who_may_approve_it(as_role, ours):
    scene = ours.of(Scene)
    writer, director = as_role(Role.WRITER), as_role(Role.DIRECTOR)
    post_change(writer, scene, heading="EXT. DAWN", **{"action-submit": "yes"})
    assert ("A draft to approve", "1 EXT. DAWN") in titles(waiting_for(director.person))
    assert "A draft to approve" not in [one.what for one in waiting_for(writer.person)]
    html = director.get(reverse(FRONT)).content.decode()
    assert address(Scene, "edit", scene.pk) in html


def test_a_draft_that_was_sent_back_waits_for_who_wrote_it(as_role, ours):
    scene = ours.of(Scene)
    writer, director = as_role(Role.WRITER), as_role(Role.DIRECTOR)
    post_change(writer, scene, heading="EXT. DAWN", **{"action-submit": "yes"})
    scene.refresh_from_db()
    state = scene.current_workflow_task_state
    director.post(address(Scene, "workflow_action", scene.pk, "reject", state.pk), {"comment": "Tide."})
    assert ("Sent back to you", "1 EXT. DAWN") in titles(waiting_for(writer.person))


def test_shots_wait_for_those_who_review(as_role, ours):
    assert ("Shots to review", "1 shot") in titles(waiting_for(as_role(Role.DIRECTOR).person))
    assert waiting_for(as_role(Role.WRITER).person) == []


def test_money_is_shown_to_those_who_may_spend_and_as_it_stands(as_role, ours, theirs):
    BudgetAccount.objects.update_or_create(
        project=ours.project,
        defaults={"limit": Decimal(200), "spent": Decimal(150), "reserved": Decimal(20), "warning_percent": 80},
    )
    (budget,) = budgets_of(as_role(Role.PRODUCER).person)
    assert (budget.spent_percent, budget.reserved_percent, budget.is_close, budget.left) == (75, 10, True, 30)
    assert budgets_of(as_role(Role.WRITER).person) == []


def test_only_ones_own_runs_alerts_and_productions_are_shown(as_role, ours, theirs):
    client = as_role(Role.DIRECTOR)
    Run.objects.create(pipeline="produce_film", subject="project:1", project=theirs.project, state="running")
    raise_alert(theirs.project.pk, title="Quicksilver alarm", message="")
    html = client.get(reverse(FRONT)).content.decode()
    assert theirs.mark not in html
    assert "Lanternfish alert" in html
    assert [one.run.project for one in runs_at_work(client.person)] == [ours.project]
    assert [card.project for card in cards_of(client.person)] == [ours.project]


def test_the_front_page_takes_as_many_queries_for_many_productions(as_role, ours):
    client = as_role(Role.OWNER)

    def queries():
        client.get(reverse(FRONT))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(FRONT)).status_code == 200
        return len(seen)

    before = queries()
    for number in range(5):
        project = create_project(title=f"Film {number}", code=f"F{'ABCDE'[number]}", owner=client.person)
        add_member(project, ours.project.memberships.first().person, Role.WRITER)
        raise_alert(project.pk, title=f"Alert {number}", message="")
        Run.objects.create(pipeline=f"p{number}", subject=f"project:{project.pk}", project=project)
        add_shot(ours.of(Scene), ours.project.pk, number=number + 20, sequence=number + 20)
    assert queries() == before
