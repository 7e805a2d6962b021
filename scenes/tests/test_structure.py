"""Inserting, moving, splitting, merging and omitting: numbers stay, work stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from scenes import actions
from scenes.models import Scene, Shot

pytestmark = pytest.mark.django_db


def labels(scene):
    return [shot.label for shot in scene.shots.order_by("sequence", "pk")]


def test_scenes_are_put_in_with_numbers_of_their_own(chapter, ten, eleven, numbers, owner):
    actions.insert_scene(chapter, after=ten, heading="INT. STAIRS - NIGHT", by=owner)
    actions.insert_scene(chapter, after=ten, heading="INT. CELLAR - NIGHT", by=owner)
    actions.insert_scene(chapter, heading="EXT. SEA - DAY", by=owner)
    actions.insert_scene(chapter, after=eleven, heading="EXT. SEA - DAY", by=owner)
    assert numbers() == ["A10", "10", "A10A", "10A", "11", "12"]
    assert chapter.project.events.filter(type="scene.created").count() == 6


def test_moving_a_scene_leaves_every_number_alone(chapter, ten, eleven, numbers):
    actions.reorder_scenes(chapter, [eleven.pk, ten.pk])
    assert numbers() == ["11", "10"]
    with pytest.raises(ValidationError, match="name all scenes"):
        actions.reorder_scenes(chapter, [ten.pk])
    assert numbers() == ["11", "10"]


def test_an_omitted_scene_keeps_its_number_and_comes_back_with_the_shots_that_went_with_it(ten, eleven, numbers, owner):
    first, second = ten.shots.order_by("number")
    actions.omit_shot(first, by=owner)
    assert actions.omit_scene(ten, by=owner) is True
    assert numbers() == ["10 (x)", "11"]
    assert {shot.state.status for shot in Shot.objects.filter(scene=ten)} == {"omitted"}
    assert actions.omit_scene(ten, by=owner) is False
    actions.restore_scene(ten, by=owner)
    assert numbers() == ["10", "11"]
    assert [Shot.objects.get(pk=shot.pk).state.status for shot in (first, second)] == ["omitted", "planned"]


def test_work_under_way_does_not_bring_an_omitted_shot_back(ten):
    shot = ten.shots.first()
    actions.omit_shot(shot)
    actions.set_shot_status(shot.pk, ten.chapter.project_id, "awaiting_review")
    shot.state.refresh_from_db()
    assert shot.state.status == "omitted"
    actions.restore_shot(shot)
    shot.state.refresh_from_db()
    assert shot.state.status == "awaiting_review"


def test_a_scene_is_split_at_a_paragraph_and_shots_go_where_their_words_are(ten, eleven, numbers, film):
    taken = film(ten.shots.get(number=2))
    new = actions.split_scene(ten, 2)
    ten.refresh_from_db()
    assert numbers() == ["10", "10A", "11"]
    assert "wick" in ten.screenplay_text
    assert "hatch" not in ten.screenplay_text
    assert new.screenplay_text == "INT. LAMP ROOM - NIGHT #10A#\n\nTom opens the hatch.\n"
    assert (new.time_of_day, new.location_text, new.int_ext) == ("night", "LAMP ROOM", "INT")
    assert (labels(ten), labels(new)) == (["1"], ["2"])
    assert new.shots.get().takes.get() == taken


@pytest.mark.parametrize("at", [0, 1, 3, 99])
def test_a_split_that_leaves_nothing_on_one_side_is_refused(ten, at, numbers):
    with pytest.raises(ValidationError, match="paragraphs"):
        actions.split_scene(ten, at)
    assert numbers() == ["10"]


def test_two_scenes_become_one_and_the_second_stays_as_omitted(ten, eleven, numbers, film):
    film(eleven.shots.get())
    actions.merge_scenes(ten, eleven)
    ten.refresh_from_db()
    assert numbers() == ["10", "11 (x)"]
    assert "wick" in ten.screenplay_text
    assert "EXT. HARBOUR - DAWN" in ten.screenplay_text
    assert labels(ten) == ["1", "2", "3"]
    assert ten.shots.get(number=3).takes.count() == 1
    with pytest.raises(ValidationError, match="bring it back"):
        actions.merge_scenes(ten, eleven)


def test_a_copy_of_a_scene_has_its_lists_and_shots_and_no_takes(ten, eleven, numbers, film, owner):
    actions.change_scene(ten, cast=[{"name": "ADA", "blocking": "At the lamp."}], props=[{"name": "Lantern"}])
    film(ten.shots.get(number=1))
    copy = actions.duplicate_scene(ten, by=owner)
    assert numbers() == ["10", "10A", "11"]
    assert copy.cast.get().blocking == "At the lamp."
    assert copy.props.get().name == "Lantern"
    assert labels(copy) == ["1", "2"]
    assert not copy.shots.filter(takes__isnull=False).exists()
    assert copy.screenplay_text.startswith("INT. LAMP ROOM - NIGHT #10A#")
    assert ten.cast.count() == 1


def test_shots_are_put_in_moved_split_and_merged(ten, owner):
    one, two = ten.shots.order_by("number")
    actions.change_shot(two, lines=[
        {"speaker": "TOM", "text": "Up here.", "starts": "0.5", "ends": "1.2"},
        {"speaker": "ADA", "text": "Wait.", "starts": "2", "ends": "2.8"},
    ])  # fmt: skip
    actions.insert_shot(ten, after=one, business="A gull.", by=owner)
    assert labels(ten) == ["1", "1A", "2"]
    new = actions.split_shot(two, Decimal("1.5"), business="Ada turns.", by=owner)
    assert labels(ten) == ["1", "1A", "2", "3"]
    two.refresh_from_db()
    assert (two.expected_seconds, new.expected_seconds) == (Decimal("1.5"), Decimal("1.5"))
    assert [line.text for line in two.lines.all()] == ["Up here."]
    assert [(line.text, line.starts, line.ends) for line in new.lines.all()] == [
        ("Wait.", Decimal("0.5"), Decimal("1.3"))
    ]
    actions.merge_shots(two, new, by=owner)
    two.refresh_from_db()
    assert two.expected_seconds == 3
    assert [(line.text, line.starts) for line in two.lines.all()] == [("Up here.", Decimal("0.5")), ("Wait.", 2)]
    assert ten.shots.get(number=3).state.status == "omitted"
    actions.reorder_shots(ten, list(ten.shots.order_by("-sequence").values_list("pk", flat=True)))
    assert labels(ten) == ["3", "2", "1A", "1"]


def test_a_shot_is_not_split_into_nothing(ten):
    with pytest.raises(ValidationError, match=r"between 0\.5 and"):
        actions.split_shot(ten.shots.first(), Decimal("3.9"))


def test_numbers_of_scenes_are_unique_at_the_database(chapter, ten):
    with pytest.raises(ValidationError, match="Number"):
        actions.insert_scene(chapter, number="10", heading="X")
    assert Scene.objects.count() == 1
