"""A template to read: general ones become a production's own, and earlier versions the text again."""

from __future__ import annotations

import pytest

from projects.choices import Role
from prompts.actions import change_template, create_template
from prompts.models import PromptTemplate

from .posting import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def general(db):
    return create_template(
        None, name="Establishing", key="scene.test", category="scene", template="Wide on [place]",
        variables=[{"name": "place"}],
    )  # fmt: skip


def test_who_may_not_change_a_general_template_reads_it(as_role, general):
    client = as_role(Role.WRITER)
    answer = client.get(address(PromptTemplate, "edit", general.pk), follow=True)
    assert answer.redirect_chain == [(address(PromptTemplate, "wording", general.pk), 302)]
    assert ">Wide on [place]</pre>" in answer.content.decode()
    assert "<code>scene.test</code>" in answer.content.decode()
    assert "Make one for Lanternfish Production" in answer.content.decode()
    listed = client.get(address(PromptTemplate, "list")).content.decode()
    assert f'href="{address(PromptTemplate, "wording", general.pk)}"' in listed


def test_a_production_gets_its_own_once(as_role, general, ours, theirs):
    client = as_role(Role.WRITER)
    url = address(PromptTemplate, "wording", general.pk)
    for _ in range(2):
        answer = client.post(url, {"production": ours.project.pk})
        own = PromptTemplate.objects.get(project=ours.project, key="scene.test")
        assert answer["Location"] == address(PromptTemplate, "edit", own.pk)
    assert own.template == "Wide on [place]"
    assert "has its own" in client.get(url).content.decode()
    assert client.post(url, {"production": theirs.project.pk}).status_code == 404
    assert not PromptTemplate.objects.filter(project=theirs.project, key="scene.test").exists()


def test_an_earlier_version_is_the_text_again(as_role, ours):
    own = ours.of(PromptTemplate)
    before = own.template
    change_template(own, template="Close on [hour]")
    url = address(PromptTemplate, "wording", own.pk)
    as_role(Role.VIEWER).post(url, {"version": "1"})
    assert PromptTemplate.objects.get(pk=own.pk).template == "Close on [hour]"
    as_role(Role.WRITER).post(url, {"version": "1"})
    assert PromptTemplate.objects.get(pk=own.pk).template == before
    assert own.versions.count() == 3


def test_a_script_does_the_same(as_role, general, ours):
    client = as_role(Role.WRITER)
    answer = client.post(
        f"/api/v1/templates/{general.pk}/override/", {"project": ours.project.slug}, content_type="application/json"
    )
    assert answer.status_code == 201, answer.content
    own = PromptTemplate.objects.get(pk=answer.json()["template"])
    change_template(own, template="Close on [place]")
    again = client.post(f"/api/v1/templates/{own.pk}/restore/", {"version": 1}, content_type="application/json")
    assert (again.status_code, again.json()["version"]) == (200, 3)
    refused = client.post(f"/api/v1/templates/{general.pk}/restore/", {"version": 1}, content_type="application/json")
    assert refused.status_code == 403
