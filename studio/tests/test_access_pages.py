"""What the pages of a production do for each role, and that a refused press changes nothing in the database.

Who may go where at all is walked in tests/test_who_may_go_where.py, whose table stands here too.
"""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from media_pipeline.runs.actions import ask_for_approval
from media_pipeline.runs.models import Approval, Run, RunState, Step, StepState
from projects.access import MAY
from projects.actions import add_member, create_project, raise_alert
from projects.choices import Role
from projects.models import Alert, Project
from scenes.models import Scene
from studio.tests.filming import asset, scene, take
from tests.test_who_may_go_where import PAGES

SCRIPT = b"INT. LAMP ROOM - NIGHT\n\nMARA lights the lamp.\n"

PERSONAL = {"home", "new-production", "logout", "profile", "password", "search"}
"""Addresses for everybody with an account; what they show is the person's own."""

CHANGING = {"import-screenplay", "produce", "stop-run", "resume-run", "dismiss-alert", "decide-approval", "lost-call"}
"""Addresses whose change is looked for in the database."""

OF_A_PROJECT = {name: PAGES[name][1] for name in {"project", "shot", "estimate", *CHANGING}} | {"media-file": "view"}
"""Address -> the right it takes."""


class Stage:
    """A production with one of everything that a page can change."""

    def __init__(self, project):
        self.project = project
        self.scene = scene(project, shots=1)
        self.shot = self.scene.made_shots[0]
        self.take = take(project, self.shot)
        self.alert = raise_alert(project.pk, title="A problem", message="", source="run:1")
        subject = f"project:{project.pk}"
        self.run = Run.objects.create(pipeline="produce_film", subject=subject, project=project, state=RunState.WAITING)
        self.failed = Run.objects.create(
            pipeline="assemble_film", subject=subject, project=project, state=RunState.FAILED
        )
        step = Step.objects.create(run=self.run, key="spend", kind=Step.Kind.APPROVAL)
        self.lost = Step.objects.create(
            run=self.run, key="keyframe", kind=Step.Kind.PROVIDER, state=StepState.UNKNOWN, provider="fal"
        )
        self.approval = ask_for_approval(step, digest="d" * 64, amount=None, words="Rendering 1 shot.")

    def address(self, name, slug=None):
        slug = slug or self.project.slug
        rest = {
            "shot": [self.shot.pk], "stop-run": [self.run.pk], "resume-run": [self.failed.pk],
            "dismiss-alert": [self.alert.pk], "decide-approval": [self.approval.pk],
            "lost-call": [self.lost.pk],
        }  # fmt: skip
        if name == "media-file":
            return reverse(name, args=[self.take.thumbnail_id])
        return reverse(name, args=[slug, *rest.get(name, [])])

    @staticmethod
    def data(name):
        return {
            "stop-run": {"confirmed": "yes"},
            "decide-approval": {"approve": "d" * 64},
            "lost-call": {"write_off": ""},
            "import-screenplay": {"screenplay": SimpleUploadedFile("lamp.fountain", SCRIPT), "chapter": "2"},
        }.get(name, {})

    def facts(self):
        """Everything that the changing addresses could change."""
        return {
            "alerts": list(Alert.objects.order_by("pk").values_list("pk", "dismissed_at")),
            "runs": list(Run.objects.order_by("pk").values_list("pk", "state", "cancel_requested_at")),
            "scenes": list(Scene.objects.order_by("pk").values_list("pk", "heading")),
            "approvals": list(Approval.objects.values_list("pk", "state")),
            "steps": list(Step.objects.order_by("pk").values_list("pk", "state")),
        }


@pytest.fixture
def stage(project):
    return Stage(project)


def without_token(answer):
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def logged_in(person, **options):
    client = Client(**options)
    client.force_login(person)
    return client


@pytest.mark.parametrize("name", sorted(OF_A_PROJECT))
def test_to_a_stranger_no_address_of_a_production_exists(stage, stranger, name):
    before = stage.facts()
    client = logged_in(stranger)
    answer = client.post(stage.address(name), stage.data(name)) if name in CHANGING else client.get(stage.address(name))
    assert answer.status_code == 404
    assert stage.project.title not in answer.content.decode()
    assert stage.facts() == before


@pytest.mark.parametrize("name", sorted(set(OF_A_PROJECT) - {"media-file"}))
def test_a_stranger_cannot_tell_a_production_from_one_that_never_was(stage, stranger, name):
    client = logged_in(stranger)
    ask = client.post if name in CHANGING else client.get
    there, nowhere = ask(stage.address(name)), ask(stage.address(name, slug="never-was"))
    assert there.status_code == nowhere.status_code == 404
    assert without_token(there) == without_token(nowhere)


@pytest.mark.parametrize("name", sorted(set(OF_A_PROJECT) - {"media-file"}))
def test_people_who_are_not_logged_in_are_sent_to_the_login(stage, client, name):
    before = stage.facts()
    address = stage.address(name)
    answer = client.post(address, stage.data(name)) if name in CHANGING else client.get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('login')}?next={address}"
    assert stage.facts() == before


@pytest.mark.parametrize("name", sorted(PERSONAL - {"logout"}))
def test_personal_pages_need_a_login_too(client, db, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("login"))


def test_media_is_not_served_to_people_who_are_not_logged_in(stage, client):
    assert client.get(stage.address("media-file")).status_code in (302, 404)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", sorted(CHANGING))
def test_a_member_may_change_exactly_what_the_role_allows(stage, stranger, name, role):
    add_member(stage.project, stranger, role)
    before = stage.facts()
    answer = logged_in(stranger).post(stage.address(name), stage.data(name))
    if role in MAY[OF_A_PROJECT[name]]:
        assert answer.status_code == 302
        if name != "produce":  # it is being produced already, and nothing more is started
            assert stage.facts() != before
    else:
        assert answer.status_code == 403
        assert f"({Role(role).label}) does not allow this" in answer.content.decode()
        assert stage.facts() == before


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", ["project", "shot"])
def test_every_member_may_look(stage, stranger, name, role):
    add_member(stage.project, stranger, role)
    assert logged_in(stranger).get(stage.address(name)).status_code == 200


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_nothing_is_changed_by_a_link_or_without_the_token_of_the_page(stage, owner, name):
    before = stage.facts()
    shown = 200 if name == "lost-call" else 405  # the page with the question stands at the same address
    assert logged_in(owner).get(stage.address(name)).status_code == shown
    answer = logged_in(owner, enforce_csrf_checks=True).post(stage.address(name), stage.data(name))
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    assert stage.facts() == before


def test_new_productions_need_the_token_of_the_page(owner):
    client = logged_in(owner, enforce_csrf_checks=True)
    assert client.post(reverse("new-production"), {"title": "Forged"}).status_code == 403
    assert not Project.objects.filter(title="Forged").exists()


def test_records_of_another_production_are_not_reached_through_ones_own(stage, stranger):
    mine = create_project(title="Mine", owner=stranger)
    before = stage.facts()
    client = logged_in(stranger)
    for name in ("shot", "stop-run", "resume-run", "dismiss-alert", "decide-approval"):
        address = stage.address(name, slug=mine.slug)
        answer = client.post(address, stage.data(name)) if name in CHANGING else client.get(address)
        assert answer.status_code == 404, name
    assert stage.facts() == before


def test_a_person_who_was_taken_out_sees_nothing_any_more(stage, member):
    client = logged_in(member)
    assert client.get(stage.address("project")).status_code == 200
    stage.project.memberships.filter(person=member).delete()
    assert client.get(stage.address("project")).status_code == 404


def test_what_may_be_pressed_follows_the_role(stage, owner, member):
    page = logged_in(owner).get(stage.address("project")).content.decode()
    assert 'data-may="comment cut delete generate manage review spend view write"' in page
    page = logged_in(member).get(stage.address("project")).content.decode()
    assert 'data-may="comment review view"' in page
    assert "Import a new draft" not in page


def test_only_people_who_may_spend_see_what_was_spent(stage, owner, member):
    assert "USD spent" in logged_in(owner).get(stage.address("project")).content.decode()
    assert "USD spent" not in logged_in(member).get(stage.address("project")).content.decode()


def test_the_way_back_never_leads_to_another_site(stage, owner):
    for target in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        alert = raise_alert(stage.project.pk, title=f"About {target}", message="", source=target)
        address = reverse("dismiss-alert", args=[stage.project.slug, alert.pk])
        assert logged_in(owner).post(address, {"next": target})["Location"] == stage.address("project")


def test_what_people_write_is_never_taken_for_html(stage, owner):
    evil = "<script>alert(1)</script>"
    stage.scene.heading = stage.scene.synopsis = evil
    stage.scene.save()
    stage.shot.business = evil
    stage.shot.save()
    Project.objects.filter(pk=stage.project.pk).update(title=evil, logline=evil)
    raise_alert(stage.project.pk, title=evil, message=evil, source="evil")
    asset(stage.project, evil)
    client = logged_in(owner)
    for address in (stage.address("project"), stage.address("shot"), "/"):
        assert evil not in client.get(address).content.decode()
