"""Decisions: what they do to a take, that they count once, and that nobody's is lost."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from dailies.actions import decide, undo_decision
from dailies.models import Notice, Review
from dailies.voices import Voice
from projects.models import Event
from scenes.choices import ReviewState, ShotStatus
from scenes.models import ShotState
from studio.tests.filming import scene, take


@pytest.fixture
def shot(project):
    return scene(project, shots=1).made_shots[0]


def key():
    return uuid.uuid4()


def state_of(take):
    take.refresh_from_db()
    return take.review_state


def test_an_approval_makes_the_take_approved_and_the_one_the_film_uses(project, shot, owner):
    first, second = take(project, shot), take(project, shot)
    decide(project, first, "approve", voice=Voice(owner), key=key())
    state = ShotState.objects.get(shot=shot)
    assert (state_of(first), state.selected_take_id, state.chosen_by_id) == ("approved", first.pk, owner.pk)
    assert state.status == ShotStatus.APPROVED
    assert second.review_state == ReviewState.PENDING


def test_the_same_key_sent_again_is_the_same_decision(project, shot, owner):
    made, sent = take(project, shot), key()
    one, new = decide(project, made, "approve", voice=Voice(owner), key=sent)
    again, anew = decide(project, made, "approve", voice=Voice(owner), key=sent)
    assert (one.pk, new, anew) == (again.pk, True, False)
    assert Review.objects.count() == 1
    assert Event.objects.filter(type="dailies.decided").count() == 1
    with pytest.raises(ValidationError, match="another decision"):
        decide(project, made, "retake", voice=Voice(owner), key=sent)


def test_of_two_people_who_decide_both_count_and_the_later_one_stands(project, shot, owner, member):
    made = take(project, shot)
    decide(project, made, "approve", voice=Voice(owner), key=key())
    decide(project, made, "retake", voice=Voice(member), key=key())
    assert list(made.reviews.values_list("decision", "signature")) == [("approve", "owner"), ("retake", "member")]
    assert state_of(made) == "retake"


def test_undoing_gives_back_what_the_remaining_decisions_say(project, shot, owner, member):
    made = take(project, shot)
    decide(project, made, "approve", voice=Voice(owner), key=key())
    later, _ = decide(project, made, "retake", voice=Voice(member), key=key())
    with pytest.raises(PermissionDenied):
        undo_decision(later, voice=Voice(owner))
    assert undo_decision(later, voice=Voice(member))
    assert state_of(made) == "approved"
    assert not undo_decision(later, voice=Voice(member))


def test_an_approval_that_is_undone_gives_the_film_its_take_back(project, shot, owner):
    first, second = take(project, shot), take(project, shot)
    assert ShotState.objects.get(shot=shot).selected_take_id == second.pk
    review, _ = decide(project, first, "approve", voice=Voice(owner), key=key())
    undo_decision(review, voice=Voice(owner))
    assert (state_of(first), ShotState.objects.get(shot=shot).selected_take_id) == ("pending", second.pk)


def test_reasons_of_retakes_are_told_to_the_next_prompt_until_they_are_undone(project, shot, owner, member):
    made = take(project, shot)
    voice = Voice(member)
    review, _ = decide(
        project, made, "retake", voice=voice, key=key(), reasons=["anatomy"], text="The lamp is in her left hand"
    )
    shot.refresh_from_db()
    words = "Hands, faces and bodies must be right. The lamp is in her left hand."
    assert shot.retake_notes.words == words
    from media_pipeline.shot_request import shot_request

    shot.scene.chapter.refresh_from_db()
    assert shot_request(shot, project, "standard").prompt.endswith(words)
    undo_decision(review, voice=voice)
    shot.retake_notes.refresh_from_db()
    assert shot.retake_notes.words == ""


def test_whoever_made_a_take_is_told_that_it_goes_back(project, shot, owner, member):
    made = take(project, shot, created_by=owner)
    decide(project, made, "retake", voice=Voice(member), key=key(), text="Too dark")
    notice = Notice.objects.get(person=owner)
    assert "sent back" in notice.text
    assert notice.text.endswith("Too dark")
    assert notice.path == f"/projects/{project.slug}/dailies/shots/{shot.pk}/?take=1"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"decision": "perhaps"}, "not a decision"),
        ({"decision": "retake", "reasons": ["boredom"]}, "not a reason"),
        ({"decision": "retake", "text": "x" * 2001}, "2001 letters"),
        ({"decision": "approve", "frame": 108}, "Frame 108 is not in"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(project, shot, owner, sent, words):
    made = take(project, shot)
    with pytest.raises(ValidationError, match=words):
        decide(project, made, voice=Voice(owner), key=key(), **sent)
    assert Review.objects.count() == 0
    assert state_of(made) == "pending"
