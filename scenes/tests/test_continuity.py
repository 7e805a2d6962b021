"""Continuity by the records: planted breaks are found with their kind and weight, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from characters.models import Character, Look
from projects.models import Event
from scenes.actions import change_scene, change_shot, dismiss_continuity, omit_shot, record_cut_findings
from scenes.continuity import Person, ShotFacts, check_scenes, findings_at
from scenes.models import ContinuityCheck
from scenes.queries import open_continuity

ADA, TOM = Person("ADA", "left", "right", look="Oilskin"), Person("TOM", "right", "left", look="Jersey")
QUAY = ShotFacts(
    "1/1",
    {
        "shot_size": "medium", "camera_angle": "eye_level", "camera_movement": "static", "lighting_type": "natural",
        "key_light": "left", "colour_temperature": 5600, "time_of_day": "day", "weather": "clear",
        "palette": ["#1B3A4B", "#C9B79C"], "screen_direction": "left_to_right", "eyeline": "Ada to the right",
    },
    people=(ADA, TOM), speakers=frozenset({"ADA"}), props=frozenset({"LANTERN", "ROPE"}),
    hero_props=frozenset({"LANTERN"}), business="Ada holds up the lantern.", outside=True,
    approach="composite_image_to_video",
)  # fmt: skip


def after(business="Tom listens.", **changes):
    """The next shot of the same set-up, with some of its direction (by name) or facts changed."""
    facts = {name: changes.pop(name) for name in tuple(changes) if name in ShotFacts.__dataclass_fields__}
    return replace(QUAY, label="1/2", business=business, direction={**QUAY.direction, **changes}, **facts)


def kinds(one, other):
    return {finding.kind: finding.severity for finding in findings_at(one, other)}


def test_two_shots_of_one_set_up_fit():
    assert findings_at(QUAY, after()) == []


PLANTED = {
    "another kind of light": ({"lighting_type": "low_key"}, "lighting_jump", "critical"),
    "the key light on the other side": ({"key_light": "right"}, "lighting_jump", "critical"),
    "a warmer light": ({"colour_temperature": 3200}, "lighting_jump", "critical"),
    "another coat": (
        {"people": (replace(ADA, look="Sunday dress"), TOM)}, "costume_change", "warning",
    ),
    "the people change sides": (
        {"people": (replace(ADA, side="right"), replace(TOM, side="left"))}, "spatial_mismatch", "info",
    ),
    "night falls at the cut": ({"time_of_day": "night"}, "time_of_day", "warning"),
    "it rains at the cut": ({"weather": "rainy"}, "weather", "warning"),
    "no colour in common": ({"palette": ["#FF2D95"]}, "palette", "warning"),
    "the lantern is gone": ({"props": frozenset({"ROPE"})}, "prop", "warning"),
    "the movement turns back": ({"screen_direction": "right_to_left"}, "screen_direction", "warning"),
    "the look turns away": ({"eyeline": "Ada to the left"}, "screen_direction", "warning"),
    "straight on, made from words": (
        {"continues": True, "approach": "text_to_video"}, "last_frame_match", "warning",
    ),
    "straight on, nearer at once": ({"continues": True, "shot_size": "close_up"}, "last_frame_match", "warning"),
    "straight on, Tom is gone": ({"continues": True, "people": (ADA,)}, "last_frame_match", "warning"),
    "straight on, the rope is gone": (
        {"continues": True, "props": frozenset({"LANTERN"})}, "prop", "warning",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_break_is_found_alone(what):
    changes, kind, severity = PLANTED[what]
    assert kinds(QUAY, after(**changes)) == {kind: severity}


def test_two_who_talk_look_at_each_other():
    one = replace(QUAY, people=(ADA,))
    assert kinds(one, after(people=(replace(TOM, facing="right"),))) == {"screen_direction": "warning"}
    assert kinds(one, after(people=(TOM,))) == {}


MEANT = {
    "somebody switches off the lamp": ({"lighting_type": "low_key"}, "Tom switches off the lamp."),
    "the camera goes around": ({"key_light": "right", "camera_angle": "high_angle"}, "Tom listens."),
    "she takes off her coat": ({"people": (replace(ADA, look="Sunday dress"), TOM)}, "Ada takes off her coat."),
    "they cross": ({"people": (replace(ADA, side="right"), replace(TOM, side="left"))}, "Ada crosses the quay."),
    "morning and noon": ({"time_of_day": "noon"}, "Tom listens."),
    "a time that follows": ({"time_of_day": "continuous"}, "Tom listens."),
    "a closer frame shows less": ({"props": frozenset(), "shot_size": "close_up"}, "Tom listens."),
    "she puts it away": ({"props": frozenset({"ROPE"})}, "Ada puts down the lantern."),
    "a rope is nobody's prop": ({"props": frozenset({"LANTERN"})}, "Tom listens."),
    "another person walks the other way": (
        {"screen_direction": "right_to_left", "people": (Person("MARA", "right", "left"),)}, "Mara walks.",
    ),
    "a shade of the same palette": ({"palette": ["#203F50"]}, "Tom listens."),
    "a look nobody knows": ({"people": (replace(ADA, look=""), TOM)}, "Tom listens."),
    "he turns back": ({"screen_direction": "right_to_left"}, "Tom turns back."),
}  # fmt: skip


@pytest.mark.parametrize("what", MEANT)
def test_what_the_records_explain_is_no_break(what):
    changes, business = MEANT[what]
    assert kinds(QUAY, after(business, **changes)) == {}


# -- as records


@pytest.fixture
def broken(ten):
    """The first two shots of scene 10, of which the second is suddenly in daylight."""
    one, two = ten.shots.order_by("sequence")
    change_shot(two, time_of_day="noon")
    return one, two


def test_breaks_are_written_down_once_and_told(project, ten, broken):
    assert check_scenes(project.pk, [ten.pk]) == 1
    check = ContinuityCheck.objects.get()
    assert (check.from_shot, check.to_shot, check.kind) == (*broken, "time_of_day")
    assert check.notes == "It is night and then noon in one scene."
    assert check.evidence == {"time_of_day": ["night", "noon"]}
    assert list(open_continuity(project.pk)) == [check]
    events = Event.objects.filter(type="continuity.checked").count()
    assert check_scenes(project.pk, [ten.pk]) == 1
    assert ContinuityCheck.objects.count() == 1
    assert Event.objects.filter(type="continuity.checked").count() == events == 1


def test_what_is_put_right_is_written_as_fitting(project, ten, broken):
    check_scenes(project.pk, [ten.pk])
    change_shot(broken[1], time_of_day="night")
    assert check_scenes(project.pk, [ten.pk]) == 0
    assert ContinuityCheck.objects.get().passed


def test_shots_that_are_no_neighbours_any_more_have_no_break(project, ten, broken):
    check_scenes(project.pk, [ten.pk])
    omit_shot(broken[1])
    assert check_scenes(project.pk, [ten.pk]) == 0
    assert ContinuityCheck.objects.get().passed


def test_a_dismissal_holds_for_the_break_it_was_given_for(project, ten, broken, owner):
    check_scenes(project.pk, [ten.pk])
    dismiss_continuity(ContinuityCheck.objects.get(), "A dream.", by=owner)
    assert check_scenes(project.pk, [ten.pk]) == 0
    assert ContinuityCheck.objects.get().dismissal_reason == "A dream."
    change_shot(broken[1], time_of_day="dawn")
    assert check_scenes(project.pk, [ten.pk]) == 1
    assert ContinuityCheck.objects.get().dismissed_at is None


def test_looks_are_read_from_the_shot_then_the_scene(project, ten):
    ada = Character.objects.create(project=project, name="Ada")
    coat, dress = (Look.objects.create(character=ada, name=name) for name in ("Oilskin", "Dress"))
    change_scene(ten, cast=[{"character": ada, "name": "Ada", "look": coat}])
    one, two = ten.shots.order_by("sequence")
    change_shot(one, cast=[{"character": ada, "name": "Ada"}])
    change_shot(two, cast=[{"character": ada, "name": "Ada", "look": dress}])
    check_scenes(project.pk, [ten.pk])
    assert ContinuityCheck.objects.get().notes == "Ada wears Oilskin and then Dress."


def test_checking_costs_the_same_queries_however_many_cuts_fit(project, ten, eleven, django_assert_num_queries):
    check_scenes(project.pk, [ten.pk, eleven.pk])
    with django_assert_num_queries(11):
        check_scenes(project.pk, [ten.pk, eleven.pk])


def test_a_check_between_a_shot_and_itself_is_refused(project, ten):
    shot = ten.shots.first()
    finding = findings_at(QUAY, after(weather="rainy"))
    with pytest.raises(ValidationError):
        record_cut_findings(project.pk, [ten.pk], {(shot.pk, shot.pk): finding})
