"""No address of the admin shows or changes a row of a production one is not a member of.

The addresses are found by walking the viewsets and Wagtail's own patterns, so a view that comes later is tested
without anybody remembering it.
"""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import NoReverseMatch, reverse

from characters.models import Character
from projects.access import MAY
from projects.choices import Role
from projects.models import Chapter, Membership, Project
from prompts.models import ModelProfile
from scenes.models import Scene, Shot
from studio.editorial.gate import OPEN_NAMES, OPEN_NAMESPACES
from studio.rights import NOBODY, RIGHTS, right_for
from studio.scope import PATHS

from .posting import address, form_data
from .walking import all_admin_names, pages_of_viewsets, snapshot

pytestmark = pytest.mark.django_db

WRITTEN = (Project, Membership, Chapter, Character, Scene, Shot)
REFUSED = (302, 403, 404, 405)
AJAX = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture
def record_of(ours, profile):
    """The row of `ours` that stands in the addresses."""
    return lambda model: profile if model is ModelProfile else ours.of(model)


@pytest.fixture
def valid_forms(ours, profile, as_role):
    """What an owner's browser would post to each form that edits a row of `ours`."""
    client = as_role(Role.OWNER, name="form-filler")
    forms = {}
    for model in WRITTEN:
        page = client.get(address(model, "edit", ours.of(model).pk))
        data = form_data(page)
        text = next(name for name in ("title", "description", "heading", "business", "role") if name in data)
        forms[model] = data | {text: Role.VIEWER if model is Membership else "Changed by force"}
    return forms


def mentions(response, mark: str) -> bool:
    """Whether the mark of a production stands in what was sent."""
    return mark.lower() in text_of(response).lower()


def text_of(response) -> str:
    """All that was sent."""
    content = b"".join(response) if response.streaming else response.content
    return content.decode(errors="replace")


def sentences(response) -> str:
    """The messages the person is shown next."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_every_kind_of_record_is_walked(record_of):
    pages = pages_of_viewsets(record_of)
    assert {page.model for page in pages if page.of_a_row} == set(RIGHTS)
    for model in WRITTEN[2:]:
        names = {page.name for page in pages if page.model is model}
        assert names >= {"list", "list_results", "add", "edit", "delete", "usage", "history", "inspect", "chosen"}


def test_a_foreign_row_does_not_exist_at_any_address(stranger_client, ours, record_of, valid_forms):
    parents = {"project": ours.project.pk, "chapter": ours.of(Chapter).pk, "scene": ours.of(Scene).pk}
    before = snapshot()
    for page in pages_of_viewsets(record_of):
        if page.model not in PATHS:
            continue
        if (page.model, page.name) == (Project, "add"):
            continue  # nothing of another production stands in it
        form = valid_forms.get(page.model, {})
        if not page.of_a_row:  # a form that is shown again repeats what was posted
            form = {name: value for name, value in form.items() if ours.mark not in str(value)} | parents
        for response in (
            stranger_client.get(page.url),
            stranger_client.post(page.url, form),
        ):
            if page.of_a_row:
                assert response.status_code == 404, f"{page}: {response.status_code}"
            assert not mentions(response, ours.mark), page
    assert snapshot() == before


def test_a_stranger_sees_the_rows_of_their_own_production_at_the_same_addresses(stranger_client, theirs, profile):
    pages = pages_of_viewsets(lambda model: profile if model is ModelProfile else theirs.of(model))
    for page in pages:
        if page.name in {"list", "index", "inspect", "edit", "chosen"} and page.model in WRITTEN:
            response = stranger_client.get(page.url)
            assert response.status_code == 200, f"{page}: {response.status_code}"
            # Chapters and shots are chosen by number; everything else shows a text of the production.
            numbered = page.name == "chosen" and page.model in {Chapter, Shot}
            assert numbered or mentions(response, theirs.mark), page


def test_lists_cannot_be_asked_into_showing_foreign_rows(stranger_client, ours, record_of):
    questions = [
        {"q": ours.mark},
        {"production": ours.project.pk},
        {"project": ours.project.pk},
        {"export": "csv"},
    ]
    for page in pages_of_viewsets(record_of):
        if page.of_a_row:
            continue
        for question in questions if page.name in {"list", "index", "choose"} else questions[:1]:
            # The search box repeats what was asked: rows are recognised by the rest of their text.
            content = text_of(stranger_client.get(page.url, question))
            for text in ("chapter", "person", "HARBOUR", "waits", "alert", "Production", "_S001", "_pipeline"):
                assert f"{ours.mark} {text}" not in content, f"{page} {question}"


def test_choosers_hand_over_only_ones_own_rows(stranger_client, ours, theirs):
    for model in (Project, Chapter, Character, Scene, Shot):
        url = reverse(f"{model.snippet_viewset.chooser_viewset.url_namespace}:chosen_multiple")
        both = stranger_client.get(url, {"id": [ours.of(model).pk, theirs.of(model).pk]})
        chosen = both.json()["result"]
        assert [row["id"] for row in chosen] == [str(theirs.of(model).pk)]


@pytest.mark.parametrize("model", [Project, Chapter, Character, Scene, Shot])
def test_bulk_delete_knows_no_foreign_rows(stranger_client, ours, theirs, model):
    url = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    before = snapshot()
    for ids in ([ours.of(model).pk], ["all"], [ours.of(model).pk, theirs.of(model).pk]):
        page = stranger_client.get(url, {"id": ids})
        assert not mentions(page, ours.mark), ids
    for response in (stranger_client.post(f"{url}?id={ours.of(model).pk}"),):
        assert response.status_code == 404
    assert snapshot() == before


def test_editing_sessions_say_nothing_of_foreign_rows(stranger_client, ours):
    for model in WRITTEN:
        url = reverse(
            "wagtailadmin_editing_sessions:ping",
            args=[model._meta.app_label, model._meta.model_name, ours.of(model).pk, 1],
        )
        assert stranger_client.post(url).status_code == 404


def test_every_other_page_of_wagtail_is_closed_to_members(as_role, ours, record_of):
    client = as_role(Role.OWNER)
    own = {page.url for page in pages_of_viewsets(record_of)}
    before = snapshot()
    walked = 0
    for name, wanted in all_admin_names():
        if name in OPEN_NAMES | {"wagtailadmin_login", "wagtail_bulk_action"}:
            continue
        try:
            url = reverse(name, kwargs=dict.fromkeys(wanted, 1))
        except NoReverseMatch:
            url = reverse(name, kwargs=_odd_arguments(wanted))
        namespace = name.split(":")[0]
        if url in own or namespace in _namespaces() | OPEN_NAMESPACES:
            continue
        walked += 1
        assert client.get(url).status_code == 404, name
        assert client.post(url).status_code == 404, name
    assert walked > 150
    assert snapshot() == before


def _odd_arguments(wanted):
    odd = {"filename": "x.png", "filter_spec": "original", "uidb64": "x", "token": "x-y", "signature": "x"}
    odd |= {"revision_id_a": "live", "revision_id_b": "latest"}
    return {argument: odd.get(argument, 1) for argument in wanted}


def _namespaces():
    from wagtail.admin.viewsets import viewsets

    from studio.rights import RIGHTS

    return {v.url_namespace for v in viewsets.viewsets if getattr(v, "model", None) in RIGHTS}


@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_reports:site_history",
        "wagtailadmin_explore_root",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailusers_users:index",
        "wagtailadmin_workflows:index",
    ],
)
def test_administrators_of_the_site_reach_what_is_closed_to_members(administrator, name):
    assert administrator.get(reverse(name)).status_code == 200


def test_the_image_api_is_for_administrators_only(administrator, as_role):
    assert administrator.get("/admin/api/main/images/").status_code == 200
    assert as_role(Role.OWNER).get("/admin/api/main/images/").status_code == 404


def test_who_neither_writes_nor_manages_anywhere_does_not_enter(as_role, ours, record_of):
    client = as_role(Role.REVIEWER)
    before = snapshot()
    for page in [*pages_of_viewsets(record_of)]:
        for response in (client.get(page.url), client.post(page.url)):
            assert response.status_code == 403, page
            assert not mentions(response, ours.mark), page
    assert snapshot() == before


def test_who_is_not_signed_in_is_asked_to(client, record_of):
    for page in pages_of_viewsets(record_of):
        assert client.get(page.url).url == f"/login/?next={page.url}"


def test_there_is_one_sign_in_page(client):
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"


def test_a_viewer_looks_and_changes_nothing(as_role, ours, theirs, record_of, valid_forms):
    client = as_role(Role.VIEWER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.OWNER)
    before = snapshot()
    for page in pages_of_viewsets(record_of):
        if page.model not in PATHS or not page.of_a_row:
            continue
        may_look = Role.VIEWER in MAY[right_for(page.model, "view")]  # budget and ledger are for those who may spend
        if page.name in {"inspect", "chosen"}:
            assert client.get(page.url).status_code == (200 if may_look else 404), page
        if page.name in {"edit", "delete", "copy"}:
            assert client.get(page.url).status_code == (302 if may_look else 404), page
        response = client.post(page.url, valid_forms.get(page.model, {}))
        assert response.status_code in REFUSED, f"{page}: {response.status_code}"
        assert client.post(page.url, **AJAX).status_code in {403, 404, 405}, page
        if page.name == "edit" and page.model in WRITTEN:
            assert "Your role in Lanternfish Production (Viewer) does not allow this" in sentences(response)
    assert snapshot() == before


def test_a_writer_changes_what_is_written_and_neither_settings_nor_people(as_role, ours, record_of, valid_forms):
    client = as_role(Role.WRITER)
    for model in (Chapter, Character, Scene, Shot):
        assert client.get(address(model, "edit", ours.of(model).pk)).status_code == 200
    before = snapshot()
    for model in (Project, Membership):
        response = client.post(address(model, "edit", ours.of(model).pk), valid_forms[model])
        assert response.status_code == 302
        assert "(Writer) does not allow this" in sentences(response)
    for page in pages_of_viewsets(record_of):
        if page.name == "delete" and right_for(page.model, "delete") != "write":
            may_look = Role.WRITER in MAY[right_for(page.model, "view")]
            assert client.post(page.url).status_code == (302 if may_look else 404), page
    assert snapshot() == before


def test_an_owner_opens_every_page_of_their_production(as_role, ours, record_of):
    client = as_role(Role.OWNER)
    for page in pages_of_viewsets(record_of):
        if page.model not in PATHS or right_for(page.model, page.name) == NOBODY:
            continue
        response = client.get(page.url)
        if page.name == "create":  # an upload names its production in the address
            assert response.status_code == 302, page
            continue
        if page.name in {"lock", "unlock"}:  # they are only posted to
            assert response.status_code == 405, page
            continue
        if page.name.startswith(("revisions_unschedule", "workflow", "confirm_workflow", "collect_workflow")):
            continue  # there is no such thing to show of this row yet
        assert response.status_code == 200, f"{page}: {response.status_code}"


def test_lists_offer_changes_only_where_one_may_make_them(as_role, ours, theirs):
    client = as_role(Role.VIEWER)
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.OWNER)
    listing = client.get(address(Shot, "list")).content.decode()
    assert address(Shot, "edit", theirs.of(Shot).pk) in listing
    assert address(Shot, "edit", ours.of(Shot).pk) not in listing
    assert address(Shot, "delete", ours.of(Shot).pk) not in listing
    assert address(Shot, "inspect", ours.of(Shot).pk) in listing
