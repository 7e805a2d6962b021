"""The board: what its filters find, in a fixed number of queries."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from dailies.actions import decide
from dailies.board import Wanted, board_page, choices_of
from dailies.voices import Voice
from scenes.actions import change_shot, record_continuity, record_take_checks
from studio.tests.filming import scene, take

THRESHOLD = Decimal(70)


@pytest.fixture
def film(project):
    """Two scenes of three shots; the last shot has no take."""
    shots = [shot for number in ("1", "2") for shot in scene(project, number, shots=3).made_shots]
    return shots, [take(project, shot) for shot in shots[:5]]


def found(project, **wanted):
    page = board_page(project.pk, Wanted.read(wanted), THRESHOLD, None)
    return [f"{card.shot.scene.number}/{card.shot.label}" for card in page.object_list]


def test_shots_come_in_the_order_of_the_film(project, film):
    assert found(project) == ["1/1", "1/2", "1/3", "2/1", "2/2", "2/3"]
    assert found(project, scene=film[0][3].scene_id) == ["2/1", "2/2", "2/3"]


def test_filters_look_at_the_newest_take(project, film, owner, member):
    shots, takes = film
    decide(project, takes[0], "approve", voice=Voice(member), key=uuid.uuid4())
    assert found(project, review="approved") == ["1/1"]
    assert found(project, reviewer=member.pk) == ["1/1"]
    assert found(project, reviewer=owner.pk) == []
    take(project, shots[0], provider="fal", model="film/fast")
    assert found(project, review="approved") == []
    assert found(project, model="film/fast") == ["1/1"]
    assert found(project, model="animatic") == ["1/2", "1/3", "2/1", "2/2"]
    assert found(project, status="awaiting_review") == ["1/1", "1/2", "1/3", "2/1", "2/2"]


def test_what_is_wrong_is_found(project, film, owner):
    shots, takes = film
    record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False)
    record_take_checks(takes[3], [{"kind": "motion", "name": "jitter", "score": Decimal(40), "passed": False}])
    record_take_checks(takes[4], [{"kind": "motion", "name": "jitter", "score": Decimal(90), "passed": True}])
    change_shot(shots[2], by=owner, business="Changed after the take.")
    assert found(project, continuity="1") == ["1/1", "1/2"]
    assert found(project, qc="1") == ["2/1"]
    assert found(project, stale="1") == ["1/3"]


def test_groups_have_their_headings_in_order(project, film):
    page = board_page(project.pk, Wanted.read({"group": "scene"}), THRESHOLD, None)
    assert [card.group for card in page.object_list] == ["1 INT. ROOM 1 - NIGHT"] * 3 + ["2 INT. ROOM 2 - NIGHT"] * 3
    page = board_page(project.pk, Wanted.read({"group": "reviewer"}), THRESHOLD, None)
    assert {card.group for card in page.object_list} == {"Nobody yet"}


@pytest.mark.parametrize(
    ("group", "first", "then"),
    [
        ("stale", ("Changed since the take", ["1/3"]), ("As it was rendered", 5)),
        ("continuity", ("Continuity issues", ["1/1", "1/2"]), ("No open issue", 4)),
        ("qc", ("QC below the threshold", ["2/1"]), ("QC is well, or not measured", 5)),
    ],
)
def test_what_is_wrong_comes_first_when_grouped_by_it(project, film, owner, group, first, then):
    shots, takes = film
    record_continuity(shots[0], shots[1], kind="lighting_jump", passed=False)
    record_take_checks(takes[3], [{"kind": "motion", "name": "jitter", "score": Decimal(40), "passed": False}])
    change_shot(shots[2], by=owner, business="Changed after the take.")
    cards = list(board_page(project.pk, Wanted.read({"group": group}), THRESHOLD, None).object_list)
    wrong = [f"{card.shot.scene.number}/{card.shot.label}" for card in cards if card.group == first[0]]
    assert (cards[0].group, wrong) == first
    assert sum(card.group == then[0] for card in cards) == then[1]


def test_what_makes_no_sense_in_the_address_counts_as_not_given(project, film):
    assert Wanted.read({"scene": "1 OR 1=1", "status": "gone", "group": "colour", "chapter": "9" * 30}) == Wanted()


@pytest.mark.parametrize("wanted", [{}, {"group": "model", "qc": "1"}, {"continuity": "1", "stale": "1"}])
def test_a_page_takes_the_same_queries_however_many_shots_there_are(
    project, film, wanted, django_assert_max_num_queries
):
    scene(project, "3", shots=50)
    with django_assert_max_num_queries(9):
        board_page(project.pk, Wanted.read(wanted), THRESHOLD, None)
    with django_assert_max_num_queries(3):
        choices_of(project.pk, "Chapter")
