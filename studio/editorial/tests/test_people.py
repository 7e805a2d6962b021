"""Who may enter, and who may give whom which role."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from projects.access import MAY
from projects.actions import add_member
from projects.choices import Role
from projects.models import Membership
from scenes.models import Scene, Shot
from studio.editorial.permissions import MembershipPolicy
from studio.rights import RIGHTS

from .conftest import person
from .posting import address, post_change, post_new

pytestmark = pytest.mark.django_db


def role_of(project, name):
    return Membership.objects.filter(project=project, person__username=name).values_list("role", flat=True).first()


def fresh(who):
    """The person as a new request sees them."""
    return get_user_model().objects.get(pk=who.pk)


@pytest.mark.parametrize("role", Role.values)
def test_the_admin_is_open_to_roles_that_write_or_manage(as_role, role):
    status = as_role(role).get(reverse("wagtailadmin_home")).status_code
    assert status == (200 if role in MAY["write"] | MAY["manage"] else 403)


def test_a_permission_in_djangos_tables_opens_nothing(ours):
    who = person("granted-everything")
    who.user_permissions.set(Permission.objects.all())
    who = fresh(who)
    assert not who.has_perm("wagtailadmin.access_admin")
    assert not who.has_perm("scenes.change_shot")
    assert who.has_perm("wagtailimages.add_image")  # not ours to judge


def test_rights_follow_the_membership_and_end_with_it(ours):
    who = person("the-writer")
    membership = add_member(ours.project, who, Role.WRITER)
    writer = fresh(who)
    assert writer.has_perm("wagtailadmin.access_admin")
    assert writer.has_perm("scenes.change_shot")
    assert writer.has_perm("scenes.change_shot", ours.of(Shot))
    assert not writer.has_perm("scenes.delete_shot")
    assert not writer.has_perm("projects.change_membership")
    assert writer.has_module_perms("scenes")
    membership.delete()
    assert not fresh(who).has_perm("wagtailadmin.access_admin")
    assert not fresh(who).has_module_perms("scenes")


def test_the_inactive_and_the_anonymous_hold_nothing(ours):
    who = ours.of(Membership).person
    who.is_active = False
    who.save()
    policy = MembershipPolicy(Shot)
    for nobody in (fresh(who), AnonymousUser()):
        assert not nobody.has_perm("wagtailadmin.access_admin")
        assert not policy.user_has_permission(nobody, "view")
        assert not policy.user_has_permission_for_instance(nobody, "view", ours.of(Shot))


def test_a_policy_names_the_people_and_the_records(ours, theirs):
    who = person("the-writer")
    add_member(ours.project, who, Role.WRITER)
    policy = MembershipPolicy(Scene)
    assert list(policy.instances_user_has_any_permission_for(fresh(who), ["change"])) == [ours.of(Scene)]
    assert not policy.instances_user_has_any_permission_for(fresh(who), ["delete"])
    names = policy.users_with_any_permission_for_instance(["change"], ours.of(Scene)).values_list("username", flat=True)
    assert set(names) == {"the-writer", "lanternfish-owner"}
    assert policy.users_with_any_permission(["change"]).count() == 3
    assert not policy.users_with_any_permission(["delete"])


def test_every_right_is_one_of_the_access_table():
    used = {right for rights in RIGHTS.values() for right in rights.values()}
    assert used <= {*MAY, "", "superusers"}


def test_a_producer_adds_a_person_by_name(as_role, ours):
    person("tomas")
    response = post_new(as_role(Role.PRODUCER), Membership, project=ours.project.pk, person="tomas", role=Role.ARTIST)
    assert response.status_code == 302
    assert role_of(ours.project, "tomas") == Role.ARTIST
    assert ours.project.events.order_by("-pk").first().payload == {"person": "tomas", "role": "artist"}


def test_the_form_lists_no_accounts(as_role, ours):
    person("somebody-elsewhere")
    page = as_role(Role.PRODUCER).get(address(Membership, "add"))
    assert "somebody-elsewhere" not in page.content.decode()


def test_a_name_nobody_has_is_an_error(as_role, ours):
    response = post_new(as_role(Role.PRODUCER), Membership, project=ours.project.pk, person="nemo", role=Role.ARTIST)
    assert "no active account" in str(response.context["form"].errors)


def test_a_producer_cannot_make_themselves_owner(as_role, ours):
    client = as_role(Role.PRODUCER)
    own = Membership.objects.get(project=ours.project, person=client.person)
    response = post_change(client, own, role=Role.OWNER)
    assert "Only an owner of Lanternfish Production" in str(response.context["form"].errors)
    assert role_of(ours.project, "the-producer") == Role.PRODUCER


def test_a_producer_cannot_make_unmake_or_remove_an_owner(as_role, ours):
    client = as_role(Role.PRODUCER)
    person("tomas")
    add_member(ours.project, person("second-owner"), Role.OWNER)
    response = post_new(client, Membership, project=ours.project.pk, person="tomas", role=Role.OWNER)
    assert "Only an owner" in str(response.context["form"].errors)
    response = post_change(client, ours.of(Membership), role=Role.VIEWER)
    assert "Only an owner" in str(response.context["form"].errors)
    response = post_new(client, Membership, project=ours.project.pk, person="lanternfish-owner", role=Role.VIEWER)
    assert response.status_code == 200
    client.post(address(Membership, "delete", ours.of(Membership).pk))
    assert role_of(ours.project, "tomas") is None
    assert role_of(ours.project, "lanternfish-owner") == Role.OWNER


@pytest.mark.parametrize("who", ["owner", "administrator"])
def test_the_last_owner_stays_whoever_asks(as_role, administrator, ours, who):
    client = administrator
    own = ours.of(Membership)
    if who == "owner":
        client.force_login(own.person)
    response = post_change(client, own, role=Role.VIEWER)
    assert "would be without an owner" in str(response.context["form"].errors)
    response = client.post(address(Membership, "delete", own.pk))
    assert "would be without an owner" in " ".join(str(m) for m in get_messages(response.wsgi_request))
    assert role_of(ours.project, "lanternfish-owner") == Role.OWNER


def test_an_owner_hands_over_and_steps_down(as_role, ours, client):
    own = ours.of(Membership)
    client.force_login(own.person)
    person("tomas")
    assert post_new(client, Membership, project=ours.project.pk, person="tomas", role=Role.OWNER).status_code == 302
    assert post_change(client, own, role=Role.DIRECTOR).status_code == 302
    assert role_of(ours.project, "lanternfish-owner") == Role.DIRECTOR


def test_a_member_is_removed_and_the_production_told(as_role, ours):
    leaving = add_member(ours.project, person("tomas"), Role.ARTIST)
    assert as_role(Role.PRODUCER).post(address(Membership, "delete", leaving.pk)).status_code == 302
    assert role_of(ours.project, "tomas") is None
    assert ours.project.events.order_by("-pk").first().type == "member.removed"


def test_the_menu_and_the_front_page_hold_what_one_works_on(as_role, ours, theirs):
    page = as_role(Role.WRITER).get(reverse("wagtailadmin_home")).content.decode()
    assert ours.project.title in page
    assert theirs.project.title not in page


def test_the_menu_leaves_out_what_knows_no_productions(as_role, administrator, rf):
    def shown(who):
        request = rf.get("/admin/")
        request.user = fresh(who)
        return {item.name for item in admin_menu.menu_items_for_request(request)}

    assert shown(as_role(Role.OWNER).person) == {"production", "story", "scenes", "dailies", "generation"}
    assert {"production", "images", "reports", "settings"} <= shown(administrator.person)
    assert "explorer" not in shown(administrator.person)
