"""Coherence settings as switches, and prompt templates that are checked while they are typed."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from projects.choices import Role
from projects.coherence import SETTINGS
from projects.models import Project
from prompts.models import PromptTemplate
from scenes.actions import change_scene
from scenes.models import Scene, Shot

from .posting import address, post_change, post_new

pytestmark = pytest.mark.django_db

DEFAULTS_ON = {f"coherence-{key}": "on" for key, setting in SETTINGS.items() if setting.default}


def switched(**changes):
    posted = {"coherence-drawn": "1"} | DEFAULTS_ON
    posted |= {f"coherence-{key}": "on" for key, is_on in changes.items() if is_on}
    return {
        name: value
        for name, value in posted.items()
        if name.removeprefix("coherence-") not in changes or changes[name.removeprefix("coherence-")]
    }


def coherence_of(project):
    return Project.objects.values_list("coherence", flat=True).get(pk=project.pk)


def test_only_what_differs_from_the_defaults_is_kept(as_role, ours):
    client = as_role(Role.OWNER)
    response = post_change(client, ours.project, **switched(lora=True, qc_scoring=False))
    assert response.status_code == 302
    assert coherence_of(ours.project) == {"lora": True, "qc_scoring": False}
    post_change(client, ours.project, **switched())
    assert coherence_of(ours.project) == {}


def test_a_form_without_the_switches_leaves_them_as_they_are(as_role, ours):
    Project.objects.filter(pk=ours.project.pk).update(coherence={"lora": True})
    ours.project.save_revision()
    assert post_change(as_role(Role.OWNER), ours.project, title="Salt").status_code == 302
    assert coherence_of(ours.project) == {"lora": True}


def test_a_switch_says_what_it_needs_whether_that_is_there_and_what_it_costs(as_role, ours):
    html = as_role(Role.OWNER).get(address(Project, "edit", ours.project.pk)).content.decode()
    assert "Needs trained identity: none here yet" in html
    assert '<span class="is-there">Needs characters</span>' in html
    assert "Cost ×1.1" in html
    assert html.count('role="switch"') == len(SETTINGS)


def test_the_effect_of_all_switches_is_said_together(as_role, ours):
    """By hand: 1.05 for QC, 1.1 for post-processing, 0.4 for parallel clips are on by default: 0.462."""
    html = as_role(Role.OWNER).get(address(Project, "edit", ours.project.pk)).content.decode()
    assert '<output data-sum="time">0.462</output>' in html
    assert '<output data-sum="cost">1</output>' in html


def check(client, text, variables=(), record=""):
    body = json.dumps({"text": text, "variables": list(variables), "record": record})
    return client.post(reverse("check_template"), body, content_type="application/json")


def test_variables_are_found_while_one_types(as_role, ours):
    answer = check(as_role(Role.WRITER), "A [mood] view of [location].", [{"name": "mood"}]).json()
    assert [(one["name"], one["is_described"]) for one in answer["variables"]] == [("mood", True), ("location", False)]
    assert "[location] is used in the text and not described." in answer["problems"]


def test_a_stray_bracket_is_named_with_its_line(as_role, ours):
    (problem,) = check(as_role(Role.WRITER), "One\ntwo [Three").json()["problems"]
    assert problem.startswith("Line 2: the bracket at '[Three'")


def test_it_reads_as_it_would_for_a_real_scene_and_shot(as_role, ours):
    client, scene = as_role(Role.WRITER), ours.of(Scene)
    change_scene(scene, emotional_tone="wary hope", weather="stormy")
    text, rows = "[mood], [weather].", [{"name": "mood"}, {"name": "weather"}]
    assert check(client, text, rows, f"scene:{scene.pk}").json()["text"] == "wary hope, stormy."
    answer = check(client, "[business] in [weather]", [], f"shot:{ours.of(Shot).pk}").json()
    assert answer["text"] == "Lanternfish waits in stormy"


def test_another_productions_scene_cannot_be_read_through_a_template(as_role, ours, theirs):
    client = as_role(Role.WRITER)
    assert check(client, "[heading]", [], f"scene:{theirs.of(Scene).pk}").status_code == 404
    assert check(client, "[heading]", [], f"shot:{theirs.of(Shot).pk}").status_code == 404
    page = client.get(address(PromptTemplate, "edit", ours.of(PromptTemplate).pk)).content.decode()
    assert theirs.mark not in page


@pytest.mark.parametrize("body", ["", "[]", "{", '{"text": 7, "variables": 3}', '{"variables": ["x"]}'])
def test_what_cannot_be_read_is_refused_without_an_error(as_role, ours, body):
    response = as_role(Role.WRITER).post(reverse("check_template"), body, content_type="application/json")
    assert response.status_code in {200, 400}


def test_who_does_not_enter_the_admin_checks_nothing(as_role, ours):
    assert check(as_role(Role.REVIEWER), "[mood]").status_code == 403


def test_a_template_is_refused_with_what_was_typed_still_there(as_role, ours):
    client, template = as_role(Role.DIRECTOR), ours.of(PromptTemplate)
    response = post_change(client, template, template="[hour] and [tide]", **{"action-publish": "yes"})
    html = response.content.decode()
    assert "Say below what [tide] stands for" in html
    assert "[hour] and [tide]" in html


def test_the_check_stands_on_the_form_of_a_new_template(as_role, ours):
    client = as_role(Role.WRITER)
    assert "data-template-check" in client.get(address(PromptTemplate, "add")).content.decode()


def test_a_new_template_is_made_with_its_variables_in_order(as_role, ours):
    client = as_role(Role.WRITER)
    rows = {"variables-TOTAL_FORMS": "2", "variables-0-name": "hour", "variables-1-name": "tide"}
    rows |= {"variables-0-ORDER": "2", "variables-1-ORDER": "1"}
    response = post_new(
        client, PromptTemplate, project=ours.project.pk, name="Ebb", key="scene.ebb", category="scene",
        template="[tide] at [hour]", **rows,
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    made = PromptTemplate.objects.get(key="scene.ebb")
    assert [variable.name for variable in made.variables.all()] == ["tide", "hour"]
