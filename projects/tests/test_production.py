"""Productions, their people and their alerts."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from projects import access
from projects.actions import (
    add_member,
    create_project,
    dismiss_alert,
    raise_alert,
    set_project_status,
    settle_alerts,
    write_chapter,
)
from projects.choices import Role
from projects.events import emit
from projects.models import Alert, Event, Membership, Project


@pytest.mark.parametrize(
    ("aspect", "resolution", "size"),
    [
        ("16:9", "1080p", (1920, 1080)),
        ("16:9", "720p", (1280, 720)),
        ("16:9", "2160p", (3840, 2160)),
        ("9:16", "1080p", (1080, 1920)),
        ("1:1", "1080p", (1080, 1080)),
        ("4:5", "1080p", (1080, 1350)),
        ("2.39:1", "1080p", (1920, 804)),
        ("1.85:1", "1080p", (1920, 1038)),
    ],
)
def test_the_picture_has_the_size_that_delivery_asks_for(aspect, resolution, size):
    assert Project(aspect_ratio=aspect, resolution=resolution).frame_size == size


def test_a_new_production_has_a_code_a_slug_an_owner_and_a_first_event(owner):
    project = create_project(title="The Salt Road", owner=owner)
    assert (project.slug, project.code) == ("the-salt-road", "SALT")
    assert access.role_in(owner, project) == Role.OWNER
    assert project.state.status == "gathering"
    assert Event.objects.get(project=project).type == "project.created"


def test_two_productions_of_one_title_get_different_codes_and_slugs(db):
    first, second, third = (create_project(title="Tide") for _ in range(3))
    assert len({first.slug, second.slug, third.slug}) == 3
    assert len({first.code, second.code, third.code}) == 3


@pytest.mark.parametrize("code", ["salt", "S", "SALTY", "SA1T", "SÄLT"])
def test_a_code_is_two_to_four_capital_letters(db, code):
    with pytest.raises(ValidationError) as refused:
        create_project(title="Tide", code=code)
    assert "code" in refused.value.message_dict
    assert not Project.objects.exists()


def test_the_database_itself_refuses_a_bad_code(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(code="x1")


def test_a_title_without_letters_still_gets_a_code(db):
    assert create_project(title="1917").code == "FILM"


def test_a_chapter_number_is_unique_in_its_production(project):
    write_chapter(project, 1, title="Low water")
    write_chapter(project, 1, title="High water")
    assert [(c.number, c.title) for c in project.chapters.all()] == [(1, "High water")]
    with pytest.raises(ValidationError):
        write_chapter(project, 0)


def test_strangers_get_the_same_answer_as_for_a_production_that_never_was(project, stranger):
    with pytest.raises(Http404) as real:
        access.project_for(stranger, project.slug)
    with pytest.raises(Http404) as imaginary:
        access.project_for(stranger, "no-such-thing")
    assert str(real.value) == str(imaginary.value)


def test_a_member_without_the_right_is_told_which_role_they_have(project, member):
    assert access.project_for(member, project.slug, may="review") == project
    with pytest.raises(PermissionDenied, match="Reviewer"):
        access.project_for(member, project.slug, may="generate")


def test_every_role_sees_and_only_the_owner_deletes():
    assert access.MAY["view"] == set(Role.values)
    assert access.MAY["delete"] == {Role.OWNER}
    assert all(roles <= set(Role.values) for roles in access.MAY.values())


def test_people_see_their_own_productions_only(project, owner, member, stranger, django_user_model):
    create_project(title="Another house's film")
    assert list(access.visible_projects(owner)) == [project]
    assert list(access.visible_projects(member)) == [project]
    assert list(access.visible_projects(stranger)) == []
    assert access.visible_projects(django_user_model.objects.create_superuser("root")).count() == 2


def test_a_deactivated_member_sees_nothing(project, member):
    member.is_active = False
    assert access.role_in(member, project) is None
    assert not access.visible_projects(member).exists()


def test_a_person_has_one_role_in_a_production(project, member):
    add_member(project, member, Role.DIRECTOR)
    assert Membership.objects.get(project=project, person=member).role == Role.DIRECTOR
    with pytest.raises(ValidationError, match="is not a role"):
        add_member(project, member, "king")


def test_an_open_alert_is_raised_once_and_stays_until_it_is_dismissed(project, owner):
    first = raise_alert(project.pk, title="A run failed", message="No paint.", source="run:1")
    again = raise_alert(project.pk, title="A run failed", message="No canvas either.", source="run:1")
    assert again.pk == first.pk
    assert Alert.objects.get().message == "No canvas either."
    assert dismiss_alert(first, by=owner) is True
    assert dismiss_alert(first, by=owner) is False
    raise_alert(project.pk, title="A run failed", message="Again.", source="run:1")
    assert Alert.objects.count() == 2


def test_alerts_go_when_their_cause_does(project):
    raise_alert(project.pk, title="A run failed", message="", source="run:1")
    raise_alert(project.pk, title="Another failed", message="", source="run:2")
    settle_alerts(project.pk, "run:1")
    assert [alert.source for alert in Alert.objects.filter(dismissed_at=None)] == ["run:2"]


def test_an_event_tells_of_a_change_and_nothing_else(project):
    before = Event.objects.count()
    set_project_status(project.pk, "generating")
    set_project_status(project.pk, "generating")
    assert Event.objects.count() == before + 1


def test_an_event_goes_with_the_change_it_tells_of(project):
    before = Event.objects.count()
    with transaction.atomic():
        emit(project.pk, "project.changed", f"project:{project.pk}")
        transaction.set_rollback(True)
    assert Event.objects.count() == before
