"""Choosing records, pictures and sounds: what is offered, what is searched, and that nothing foreign is."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from characters.actions import create_character
from media_pipeline.models import MediaAsset
from projects.choices import Role
from projects.models import Membership
from scenes.actions import change_scene, create_location
from scenes.models import Location, Scene
from studio.editorial.choosers import MOST_IN_A_SELECT, MediaWidget, RecordWidget

from .posting import address, post_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(ours):
    """Make a file of the production."""

    def make(kind="image", role="", source="uploaded", project=None):
        number = MediaAsset.objects.count()
        return MediaAsset.objects.create(
            project=project or ours.project, file=f"{number}.png", kind=kind, role=role, sha256=f"{number:064d}",
            size=1, source=source, content_type="image/png",
        )  # fmt: skip

    return make


def choices(client, **query):
    response = client.get(reverse("media_chooser:choose_results"), query)
    assert response.status_code == 200
    return list(response.context["results"])


def test_pictures_are_chosen_by_what_they_look_like(as_role, ours, picture):
    wanted, _ = picture(), picture(kind="audio")
    picture(role="filmstrip")
    client = as_role(Role.WRITER)
    assert choices(client, project=ours.project.pk, kind="image") == [wanted]
    html = client.get(reverse("media_chooser:choose_results"), {"project": ours.project.pk}).content.decode()
    assert f'src="/media/{wanted.pk}/"' in html


def test_pictures_are_searched_and_filtered(as_role, ours, picture):
    cover, made = picture(role="cover"), picture(role="image", source="provider")
    client = as_role(Role.WRITER)
    assert choices(client, q="cover") == [cover]
    assert choices(client, source="provider") == [made]


def test_no_picture_of_another_production_is_offered_or_handed_over(as_role, ours, theirs, picture):
    client = as_role(Role.WRITER)
    foreign = picture(project=theirs.project)
    assert choices(client) == []
    assert choices(client, project=theirs.project.pk) == []
    assert client.get(reverse("media_chooser:chosen", args=[foreign.pk])).status_code == 404


def test_with_two_productions_only_that_of_the_record_is_offered(as_role, ours, theirs, picture):
    client = as_role(Role.WRITER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.WRITER)
    mine, _ = picture(), picture(project=theirs.project)
    assert choices(client, project=ours.project.pk) == [mine]
    form = client.get(address(Scene, "edit", ours.of(Scene).pk)).context["form"]
    widget = form.formsets["references"].empty_form.fields["picture"].widget
    assert isinstance(widget, MediaWidget)
    assert f"project={ours.project.pk}" in widget.get_chooser_modal_url()


def test_a_chosen_picture_is_saved_with_the_scene(as_role, ours, picture):
    client, wanted = as_role(Role.DIRECTOR), picture()
    row = {"references-TOTAL_FORMS": "1", "references-0-ORDER": "1", "references-0-kind": "location"}
    data = row | {"references-0-picture": wanted.pk, "references-0-id": "", "action-publish": "yes"}
    assert post_change(client, ours.of(Scene), **data).status_code == 302
    assert [reference.picture for reference in ours.of(Scene).references.all()] == [wanted]


def test_a_foreign_picture_is_refused_and_nothing_is_said_of_it(as_role, ours, theirs, picture):
    client, foreign = as_role(Role.DIRECTOR), picture(project=theirs.project)
    row = {"references-TOTAL_FORMS": "1", "references-0-ORDER": "1", "references-0-kind": "location"}
    response = post_change(client, ours.of(Scene), **row, **{"references-0-picture": foreign.pk})
    assert response.status_code == 200
    assert "not one of the available choices" in response.content.decode()
    assert foreign.sha256 not in response.content.decode()


def png(colour=(40, 60, 80)):
    held = io.BytesIO()
    Image.new("RGB", (64, 36), colour).save(held, "PNG")
    return SimpleUploadedFile("harbour.png", held.getvalue(), "image/png")


def upload(client, project, sent, kind="image"):
    url = f"{reverse('media_chooser:create')}?project={project.pk}&kind={kind}"
    return client.post(url, {"file": sent})


def test_a_picture_is_uploaded_where_it_is_chosen(as_role, ours):
    client = as_role(Role.WRITER)
    window = client.get(reverse("media_chooser:choose"), {"project": ours.project.pk, "kind": "image"})
    assert "Upload" in window.json()["html"]
    answer = upload(client, ours.project, png()).json()
    asset = MediaAsset.objects.get(pk=answer["result"]["id"])
    assert (asset.project, asset.kind, asset.source, asset.created_by) == (
        ours.project, "image", "uploaded", client.person,
    )  # fmt: skip
    assert answer["result"]["preview"] == f"/media/{asset.pk}/"


def test_what_is_no_picture_is_refused_with_a_reason_and_not_kept(as_role, ours):
    client, before = as_role(Role.WRITER), MediaAsset.objects.count()
    answer = upload(client, ours.project, SimpleUploadedFile("harbour.png", b"<html>not a picture</html>")).json()
    assert answer["step"] == "reshow_creation_form"
    assert "error" in answer["htmlFragment"]
    answer = upload(client, ours.project, png(), kind="audio").json()
    assert "the field takes audio only" in answer["htmlFragment"]
    assert MediaAsset.objects.count() == before


def test_nobody_uploads_into_a_production_they_do_not_write_in(as_role, ours, theirs):
    client, before = as_role(Role.WRITER), MediaAsset.objects.count()
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.VIEWER)
    assert upload(client, theirs.project, png()).status_code == 302
    assert MediaAsset.objects.count() == before


def test_few_records_stand_in_a_select_and_many_are_searched_for(as_role, ours):
    client, scene = as_role(Role.WRITER), ours.of(Scene)
    url = address(Scene, "edit", scene.pk)
    assert len(client.get(url).context["form"]["location"].field.choices) == 2
    for number in range(MOST_IN_A_SELECT + 1):
        create_location(ours.project, name=f"Pier {number}")
    widget = as_role(Role.WRITER, "later").get(url).context["form"]["location"].field.widget
    assert isinstance(widget, RecordWidget)
    found = client.get(widget.get_chooser_modal_url(), {"q": "pier 7", "project": ours.project.pk})
    assert sorted(map(str, found.context["results"])) == ["Pier 17", "Pier 27", "Pier 7"]


def test_a_chosen_record_of_another_production_is_not_named(as_role, ours, theirs):
    foreign = theirs.of(Location)
    for number in range(MOST_IN_A_SELECT + 1):
        create_location(ours.project, name=f"Pier {number}")
    response = post_change(as_role(Role.DIRECTOR), ours.of(Scene), location=foreign.pk)
    html = response.content.decode()
    assert response.status_code == 200
    assert foreign.name not in html
    assert "not one of the available choices" in html


def test_many_lines_ask_for_the_characters_once(as_role, ours):
    """Of a scene without revisions: rebuilding one, modelcluster looks for the parent of every row twice."""
    client, scene = as_role(Role.WRITER), ours.of(Scene)
    Scene.objects.filter(pk=scene.pk).update(latest_revision=None, has_unpublished_changes=False)
    scene.refresh_from_db()
    url = address(Scene, "edit", scene.pk)

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    one = {"speaker": "ADA", "line": "Again."}
    change_scene(scene, dialogue=[one])
    before = queries()
    change_scene(scene, dialogue=[one] * 12)
    create_character(ours.project, name="Tomas")
    assert queries() == before
