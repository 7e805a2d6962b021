"""Drafts that wait for approval, who decides, what is written then, locks, comments and the page to read."""

from __future__ import annotations

import pytest
from wagtail.models import ModelLogEntry, TaskState, Workflow

from projects.choices import Role
from projects.models import Event, Membership, StoryBible
from scenes.actions import set_scene_approval
from scenes.choices import ApprovalState
from scenes.models import Scene
from studio.editorial.approvals import ensure_workflow
from studio.editorial.comments import LONGEST, comments_on
from studio.editorial.models import ProductionApproval

from .posting import address, form_data, post_change

pytestmark = pytest.mark.django_db

SUBMIT = {"action-submit": "action-submit"}


def approval_of(scene):
    scene.state.refresh_from_db()
    return scene.state.approval


def submit(client, record, **changes):
    response = post_change(client, record, **changes, **SUBMIT)
    assert response.status_code == 302
    record.refresh_from_db()
    return record.current_workflow_task_state


def answer(client, record, state, what, **posted):
    return client.post(address(type(record), "workflow_action", record.pk, what, state.pk), posted)


@pytest.fixture
def waiting(as_role, ours):
    """A scene whose new slugline a writer has put up for approval: (scene, task state)."""
    scene = ours.of(Scene)
    return scene, submit(as_role(Role.WRITER, "the-author"), scene, heading="EXT. BREAKWATER - DAWN")


def test_a_draft_that_was_put_up_waits_and_the_scene_stays_as_it_is(waiting):
    scene, state = waiting
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert approval_of(scene) == ApprovalState.WAITING
    assert scene.heading == "INT. Lanternfish HARBOUR - NIGHT"


def test_a_director_approves_and_the_draft_becomes_the_scene(waiting, as_role):
    scene, state = waiting
    client = as_role(Role.DIRECTOR)
    assert answer(client, scene, state, "approve").status_code == 302
    scene.refresh_from_db()
    assert scene.heading == "EXT. BREAKWATER - DAWN"
    assert approval_of(scene) == ApprovalState.APPROVED
    assert scene.state.approved_by == client.person


def test_sent_back_it_stays_a_draft_with_the_reason(waiting, as_role):
    scene, state = waiting
    answer(as_role(Role.DIRECTOR), scene, state, "reject", comment="The tide is wrong.")
    scene.refresh_from_db()
    assert (approval_of(scene), scene.has_unpublished_changes) == (ApprovalState.SENT_BACK, True)
    assert TaskState.objects.get(pk=state.pk).comment == "The tide is wrong."


def test_who_may_only_write_decides_nothing(waiting, as_role):
    scene, state = waiting
    answer(as_role(Role.WRITER), scene, state, "approve")
    assert approval_of(scene) == ApprovalState.WAITING
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


def test_a_draft_that_waits_is_changed_by_those_who_decide_only(waiting, as_role):
    scene, _ = waiting
    revision = scene.latest_revision_id
    response = post_change(as_role(Role.WRITER), scene, heading="EXT. ELSEWHERE - DAY")
    scene.refresh_from_db()
    assert scene.latest_revision_id == revision
    assert "could not be saved as it is locked" in response.content.decode()


def test_nobody_decides_about_another_productions_draft(waiting, as_role, theirs):
    """Wagtail takes the number of any task beside the number of any row."""
    scene, state = waiting
    client = as_role(None, "their-owner")
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.OWNER)
    mine = theirs.of(Scene)
    submit(client, mine, heading="EXT. MINE")
    for what in ("approve", "reject"):
        assert answer(client, mine, state, what).status_code == 404
        assert answer(client, scene, state, what).status_code == 404
    assert approval_of(scene) == ApprovalState.WAITING


def test_what_waits_for_a_person_is_what_they_may_decide(waiting, as_role, ours, theirs):
    _, state = waiting
    task = ProductionApproval.objects.get(name="the production's approval")
    director, writer = as_role(Role.DIRECTOR).person, as_role(Role.WRITER).person
    Membership.objects.create(project=theirs.project, person=writer, role=Role.OWNER)
    assert list(task.get_task_states_user_can_moderate(director)) == [state]
    assert list(task.get_task_states_user_can_moderate(writer)) == []


def test_a_bible_is_approved_by_those_who_manage(as_role, ours):
    bible = ours.of(StoryBible)
    state = submit(as_role(Role.WRITER), bible, title="The tides")
    answer(as_role(Role.DIRECTOR), bible, state, "approve")
    bible.refresh_from_db()
    assert bible.title == "Lanternfish bible"
    answer(as_role(Role.PRODUCER), bible, state, "approve")
    bible.refresh_from_db()
    assert bible.title == "The tides"


def test_rewriting_an_approved_scene_takes_its_approval_back(as_role, ours):
    scene = ours.of(Scene)
    set_scene_approval(scene, ApprovalState.APPROVED)
    post_change(as_role(Role.DIRECTOR), scene, heading="EXT. SEA", **{"action-publish": "yes"})
    assert approval_of(scene) == ApprovalState.OPEN


def test_the_workflow_is_made_once_and_what_administrators_change_stays():
    workflow = Workflow.objects.get(name="approval")
    workflow.active = False
    workflow.save()
    ensure_workflow()
    assert Workflow.objects.filter(name="approval").count() == 1
    assert Scene.get_default_workflow() is None


def test_a_scene_can_be_kept_from_others_while_one_works_on_it(as_role, ours):
    scene, client = ours.of(Scene), as_role(Role.DIRECTOR)
    assert client.post(address(Scene, "lock", scene.pk)).status_code == 302
    other = as_role(Role.WRITER)
    response = post_change(other, scene, heading="EXT. ELSEWHERE - DAY")
    assert "could not be saved as it is locked" in response.content.decode()
    scene.refresh_from_db()
    assert scene.locked_by == client.person
    client.post(address(Scene, "unlock", scene.pk))
    assert post_change(other, scene, heading="EXT. ELSEWHERE - DAY").status_code == 302


def test_comments_are_answered_and_settled_and_stay_in_the_history(as_role, ours):
    scene, client = ours.of(Scene), as_role(Role.DIRECTOR)
    url = address(Scene, "comments", scene.pk)
    client.post(url, {"words": "Is the tide in?"})
    (first,) = comments_on(scene)
    other = as_role(Role.WRITER)
    other.post(url, {"words": "It is.", "to": first.pk})
    client.post(url, {"settle": "1", "to": first.pk})
    (first,) = comments_on(scene)
    assert (first.who, first.words, first.settled_by) == ("the-director", "Is the tide in?", "the-director")
    assert [answer.words for answer in first.answers] == ["It is."]
    assert Event.objects.filter(type__startswith="comment.", subject=f"scene:{scene.pk}").count() == 3
    assert "Is the tide in?" in client.get(address(Scene, "edit", scene.pk)).content.decode()


def test_an_empty_or_endless_comment_is_refused_and_kept_in_the_field(as_role, ours):
    client, url = as_role(Role.DIRECTOR), address(Scene, "comments", ours.of(Scene).pk)
    assert "Write something first." in client.post(url, {"words": "  "}).content.decode()
    long = "tide " * LONGEST
    html = client.post(url, {"words": long}).content.decode()
    assert "at most 4,000 letters" in html
    assert long.strip()[:200] in html
    assert not ModelLogEntry.objects.filter(action="editorial.comment").exists()


def test_no_comment_reaches_another_production(as_role, ours, theirs):
    client = as_role(Role.DIRECTOR)
    client.post(address(Scene, "comments", ours.of(Scene).pk), {"words": "Ours."})
    (said,) = comments_on(ours.of(Scene))
    assert client.post(address(Scene, "comments", theirs.of(Scene).pk), {"words": "Theirs?"}).status_code == 404
    Membership.objects.create(project=theirs.project, person=client.person, role=Role.WRITER)
    client.post(address(Scene, "comments", theirs.of(Scene).pk), {"words": "Answer.", "to": said.pk})
    assert comments_on(theirs.of(Scene)) == []


def test_a_draft_is_read_as_a_page_before_it_is_published(as_role, ours):
    client, scene = as_role(Role.WRITER), ours.of(Scene)
    text = "INT. HARBOUR - NIGHT\n\nWaves.\n\nADA\n(low)\nThe *sea* is back."
    post_change(client, scene, screenplay_text=text, synopsis="Ebb.")
    scene.refresh_from_db()
    html = client.get(address(Scene, "revisions_view", scene.pk, scene.latest_revision_id)).content.decode()
    assert '<p class="dialogue">The sea is back.</p>' in html
    assert '<p class="character">ADA</p>' in html
    assert "Ebb." in html
    gone = client.get(address(Scene, "revisions_view", scene.pk, 999999))
    assert gone.status_code == 404


def test_the_page_is_shown_while_one_writes(as_role, ours):
    client, scene = as_role(Role.WRITER), ours.of(Scene)
    page = client.get(address(Scene, "edit", scene.pk))
    url = address(Scene, "preview_on_edit", scene.pk)
    posted = client.post(url, form_data(page, heading="EXT. OPEN SEA - DAWN", synopsis="Typed and not saved."))
    assert posted.json() == {"is_valid": True, "is_available": True}
    html = client.get(url).content.decode()
    assert "EXT. OPEN SEA - DAWN" in html
    assert "Typed and not saved." in html
