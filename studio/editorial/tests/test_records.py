"""Editing records: what a form says goes through a verb, or nothing happens."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import DraftStateMixin

from characters.models import Character
from projects.choices import ProjectStatus, Role
from projects.models import Chapter, Event, Membership, Project
from prompts.models import ModelProfile
from scenes.actions import set_scene_approval
from scenes.choices import ApprovalState, SceneStatus, ShotStatus
from scenes.models import Scene, Shot, Take

from .posting import address, form_data, post_change, post_new, viewset_of

pytestmark = pytest.mark.django_db


def last_event(project):
    return project.events.order_by("-pk").first()


def sentences(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def errors(response) -> str:
    return str(response.context["form"].errors)


@pytest.mark.parametrize(
    ("model", "field", "value", "event"),
    [
        (Project, "title", "Salt and Lantern", "project.changed"),
        (Chapter, "title", "Ebb", "chapter.changed"),
        (Character, "description", "Keeps the light.", "character.changed"),
        (Shot, "business", "Mara lights the lamp.", "shot.changed"),
    ],
)
def test_an_edit_is_saved_by_the_verb_and_told_as_one_event(as_role, ours, model, field, value, event):
    client = as_role(Role.OWNER)
    record = ours.of(model)
    before = Event.objects.count()
    response = post_change(client, record, **{field: value})
    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    assert getattr(record, field) == value
    assert Event.objects.count() == before + 1
    assert last_event(ours.project).type == event


def test_a_draft_leaves_the_scene_as_it_is_for_everybody(as_role, ours):
    scene, client = ours.of(Scene), as_role(Role.WRITER)
    before = (scene.heading, Event.objects.count())
    assert post_change(client, scene, heading="EXT. BREAKWATER - DAWN").status_code == 302
    scene.refresh_from_db()
    assert (scene.heading, Event.objects.count()) == before
    assert scene.has_unpublished_changes
    page = client.get(address(Scene, "edit", scene.pk))
    assert page.context["form"]["heading"].value() == "EXT. BREAKWATER - DAWN"


def test_publishing_writes_the_scene_tells_of_it_and_takes_its_approval_back(as_role, ours):
    scene, client = ours.of(Scene), as_role(Role.DIRECTOR)
    set_scene_approval(scene, ApprovalState.APPROVED, by=client.person)
    publish = {"heading": "EXT. BREAKWATER - DAWN", "action-publish": "action-publish"}
    assert post_change(client, scene, **publish).status_code == 302
    scene.refresh_from_db()
    told = list(ours.project.events.order_by("-pk").values_list("type", flat=True)[:2])
    assert (scene.heading, scene.has_unpublished_changes) == ("EXT. BREAKWATER - DAWN", False)
    assert told == ["scene.approval", "scene.changed"]
    assert scene.state.approval == ApprovalState.OPEN


def test_a_form_that_changes_nothing_tells_nothing(as_role, ours):
    client = as_role(Role.OWNER)
    for model in (Project, Chapter, Character, Scene, Shot, Membership):
        before = (Event.objects.count(), model.objects.get(pk=ours.of(model).pk).updated_at)
        assert post_change(client, ours.of(model)).status_code == 302
        assert (Event.objects.count(), model.objects.get(pk=ours.of(model).pk).updated_at) == before, model


def test_an_event_names_the_fields_that_changed_and_no_others(as_role, ours):
    post_change(as_role(Role.DIRECTOR), ours.of(Shot), lens_mm="35", business="Waves.")
    assert last_event(ours.project).payload["fields"] == ["business", "lens_mm"]


def test_a_new_production_gets_its_state_its_code_and_its_owner(as_role, ours):
    client = as_role(Role.PRODUCER)
    response = post_new(client, Project, title="Night Ferry")
    assert response.status_code == 302, errors(response)
    project = Project.objects.get(title="Night Ferry")
    assert (project.slug, project.code) == ("night-ferry", "NIGH")
    assert project.state.status == ProjectStatus.GATHERING
    assert Membership.objects.get(project=project).person == client.person
    assert last_event(project).type == "project.created"


def test_every_written_field_of_a_record_stands_on_its_form(as_role, ours):
    client = as_role(Role.OWNER)
    made_by_machines = {
        "script_name",
        "script_format",
        "script_file",
        "script_sha256",
        "script_warnings",
        "generated_by",
    }
    made_by_machines |= {field.name for field in DraftStateMixin._meta.fields}
    for model in (Project, Chapter, Character, Scene, Shot):
        written = {field.name for field in model._meta.fields if field.editable and not field.primary_key}
        shown = set(client.get(address(model, "edit", ours.of(model).pk)).context["form"].fields)
        assert written - shown - made_by_machines == set(viewset_of(model).fixed), model


def test_new_records_of_a_production_come_from_their_verbs(as_role, ours):
    client = as_role(Role.WRITER)
    for model, values, event in (
        (Chapter, {"project": ours.project.pk, "number": "2", "title": "Flood"}, "chapter.changed"),
        (
            Character,
            {"project": ours.project.pk, "name": "Mara", "aliases": "MARA\n KEEPER \n"},
            "character.created",
        ),
        (Scene, {"chapter": ours.of(Chapter).pk, "number": "2A", "sequence": "2"}, "scene.created"),
        (Shot, {"scene": ours.of(Scene).pk, "number": "2", "sequence": "2"}, "shot.created"),
    ):
        response = post_new(client, model, **values)
        assert response.status_code == 302, errors(response)
        assert last_event(ours.project).type == event
    assert Character.objects.get(name="Mara").aliases == ["MARA", "KEEPER"]
    assert Scene.objects.get(number="2A").state.status == SceneStatus.DRAFT
    shot = Shot.objects.get(scene=ours.of(Scene), number=2)
    assert shot.state.status == ShotStatus.PLANNED


@pytest.mark.parametrize(
    ("model", "parent", "values"),
    [
        (Chapter, "project", {"number": "2"}),
        (Character, "project", {"name": "Mara"}),
        (Membership, "project", {"person": "the-stranger", "role": "owner"}),
        (Scene, "chapter", {"number": "2", "sequence": "2"}),
        (Shot, "scene", {"number": "2", "sequence": "2"}),
    ],
)
def test_a_record_cannot_be_put_into_a_foreign_production(stranger_client, ours, model, parent, values):
    parents = {"project": ours.project, "chapter": ours.of(Chapter), "scene": ours.of(Scene)}
    rows, events = model.objects.count(), Event.objects.count()
    response = post_new(stranger_client, model, **{parent: parents[parent].pk}, **values)
    assert response.status_code == 200
    assert parent in response.context["form"].errors
    assert ours.mark not in response.content.decode()
    assert (model.objects.count(), Event.objects.count()) == (rows, events)


def test_a_viewer_of_one_production_cannot_add_to_it_while_writing_in_another(as_role, ours, theirs):
    client = as_role(Role.VIEWER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.WRITER)
    page = client.get(address(Chapter, "add"))
    assert [str(choice) for choice in page.context["form"].fields["project"].queryset] == ["Quicksilver Production"]
    response = client.post(address(Chapter, "add"), form_data(page, project=ours.project.pk, number="9"))
    assert "project" in response.context["form"].errors
    assert not Chapter.objects.filter(number=9).exists()


@pytest.mark.parametrize(
    ("model", "field"), [(Chapter, "project"), (Character, "project"), (Scene, "chapter"), (Shot, "scene")]
)
def test_a_record_never_moves_to_another_production(as_role, ours, theirs, model, field):
    client = as_role(Role.OWNER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.OWNER)
    record = ours.of(model)
    other = getattr(theirs.of(model), f"{field}_id")
    before = model.objects.filter(pk=record.pk).values().get()
    response = post_change(client, record, **{field: other})
    assert "is fixed" in errors(response)
    assert model.objects.filter(pk=record.pk).values().get() == before


def test_code_and_address_of_a_production_stay(as_role, ours):
    client = as_role(Role.OWNER)
    for field, value in (("code", "OTHR"), ("slug", "other")):
        assert "is fixed" in errors(post_change(client, ours.project, **{field: value}))
    ours.project.refresh_from_db()
    assert (ours.project.code, ours.project.slug) == ("LANT", "lanternfish-production")


def test_what_a_verb_refuses_stands_on_the_form(as_role, ours):
    client = as_role(Role.WRITER)
    post_new(client, Character, project=ours.project.pk, name="Mara")
    events = Event.objects.count()
    # The production is not on the form of an existing character, so only the verb sees both names.
    response = post_change(client, Character.objects.get(name="Mara"), name=ours.of(Character).name)
    assert response.status_code == 200
    assert "already: merge the two" in errors(response)
    assert Character.objects.filter(name="Mara").exists()
    assert Event.objects.count() == events


def test_a_copy_is_a_new_record(as_role, ours):
    client = as_role(Role.DIRECTOR)
    shot = ours.of(Shot)
    page = client.get(address(Shot, "copy", shot.pk))
    for url in (address(Shot, "add"), address(Shot, "copy", shot.pk)):
        number = Shot.objects.count() + 1
        response = client.post(url, form_data(page, number=str(number), sequence="9", business="A copy"))
        assert response.status_code == 302, errors(response)
        assert Shot.objects.filter(scene=shot.scene, number=number, business="A copy").exists()
    shot.refresh_from_db()
    assert (shot.number, shot.business) == (1, "Lanternfish waits")


def test_a_shot_with_takes_is_omitted_and_one_without_goes(as_role, ours):
    client = as_role(Role.OWNER)
    filmed = ours.of(Shot)
    post_new(client, Shot, scene=filmed.scene_id, number="2", sequence="2")
    planned = Shot.objects.get(scene=filmed.scene, number=2)
    for shot in (filmed, planned):
        assert client.post(address(Shot, "delete", shot.pk)).status_code == 302
    assert not Shot.objects.filter(pk=planned.pk).exists()
    assert last_event(ours.project).type == "shot.removed"
    filmed.state.refresh_from_db()
    assert filmed.state.status == ShotStatus.OMITTED
    assert Take.objects.filter(shot=filmed).exists()


def test_several_characters_are_removed_at_once_each_with_its_event(as_role, ours):
    client = as_role(Role.OWNER)
    for name in ("Mara", "Tomas"):
        post_new(client, Character, project=ours.project.pk, name=name)
    chosen = list(Character.objects.filter(name__in=["Mara", "Tomas"]))
    url = reverse("wagtail_bulk_action", args=["characters", "character", "delete"])
    query = "&".join(f"id={character.pk}" for character in chosen)
    assert "Mara" in client.get(f"{url}?{query}").content.decode()
    assert client.post(f"{url}?{query}").status_code == 302
    assert [character.name for character in Character.objects.filter(project=ours.project)] == ["Lanternfish person"]
    assert ours.project.events.filter(type="character.removed").count() == 2


def test_a_writer_removes_nothing_in_bulk(as_role, ours):
    client = as_role(Role.WRITER)
    url = reverse("wagtail_bulk_action", args=["characters", "character", "delete"])
    client.post(f"{url}?id={ours.of(Character).pk}")
    assert Character.objects.filter(pk=ours.of(Character).pk).exists()


@pytest.mark.parametrize("model", [Project, Chapter, Scene])
def test_what_carries_numbers_and_addresses_is_never_deleted_not_even_by_administrators(administrator, ours, model):
    record = ours.of(model)
    response = administrator.post(address(model, "delete", record.pk))
    assert response.status_code == 302
    assert "cannot be deleted here" in sentences(response)
    bulk = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    administrator.post(f"{bulk}?id={record.pk}")
    assert model.objects.filter(pk=record.pk).exists()


def test_model_profiles_are_read_by_members_and_written_by_administrators(as_role, administrator, profile):
    client = as_role(Role.OWNER)
    assert profile.name in client.get(address(ModelProfile, "index")).content.decode()
    assert client.get(address(ModelProfile, "inspect", profile.pk)).status_code == 200
    assert client.get(address(ModelProfile, "add")).status_code == 302
    for page in ("edit", "delete"):
        response = client.post(address(ModelProfile, page, profile.pk), {"name": "Mine"})
        assert "administrators only" in sentences(response)
    profile.refresh_from_db()
    assert profile.name == "Draft stills"
    response = post_change(
        administrator, profile, price="0.025", tiers="draft\nstandard", price_source="The price list"
    )
    assert response.status_code == 302, errors(response)
    profile.refresh_from_db()
    assert (profile.price, profile.tiers) == (Decimal("0.025"), ["draft", "standard"])
