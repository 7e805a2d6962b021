"""A language model groups beats and places the camera; the words, the limits and the people stay the script's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from media_pipeline.planning_by_model import (
    NO_ANSWER,
    RULES_INSTEAD,
    ShotsAnswer,
    faults_of,
    no_shots,
    plan_by_model,
    plan_from,
    question_of,
    stage_of,
    tokens_for,
    worth_asking,
)
from media_pipeline.providers.llm.answers import NOT_SET_UP, Answer, parsed
from scenes.planning.invariants import script_words, violations
from scenes.planning.model import PlanSettings, PreviousShot
from scenes.planning.tests import pages

SETTINGS = PlanSettings()


def kitchen(**fields):
    """Two actions and three short speeches of MARA and TOM: five beats."""
    page = pages.scene(
        pages.action("Mara puts the letter on the table and sits down by the window."),
        pages.speech("TOM", "You were late again and you know what that means."),
        pages.speech("MARA", "I know it. I was on the quay until the last light."),
        pages.action("Tom takes the letter and walks slowly to the door."),
    )
    return stage_of(page, pages.context(page, **fields), SETTINGS)


def answer_like(plan):
    """The answer a model would give that decides just as a plan does."""
    return {
        "shots": [
            {
                "beats": list(shot.beats), "duration": float(shot.seconds), "purpose": shot.purpose,
                "size": shot.shot_size, "angle": shot.camera_angle, "movement": shot.camera_movement,
                "lens_mm": shot.lens_mm, "subject": [person.name for person in shot.cast if person.on_camera],
                "on_camera_speaker": None, "screen_side": {}, "props": [], "image_prompt": "", "motion_prompt": "",
                "continuity": "", "transition_out": "cut",
            }
            for shot in plan.shots
        ]
    }  # fmt: skip


def checked(answer, stage):
    """What the model would be told is wrong, by shape or by the scene."""
    from json import dumps

    return parsed(dumps(answer), ShotsAnswer, lambda value: faults_of(value, stage))[1]


def test_an_answer_that_decides_as_the_rules_do_is_valid_and_gives_their_shots():
    stage = kitchen()
    answer = answer_like(stage.rules)
    assert checked(answer, stage) == []
    plan = plan_from(ShotsAnswer.model_validate(answer), stage)
    assert plan.planner == "model"
    assert [(s.beats, s.text, s.lines, s.cast, s.seconds) for s in plan.shots] == [
        (s.beats, s.text, s.lines, s.cast, s.seconds) for s in stage.rules.shots
    ]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_scene_holds_a_plan_of_the_model_keeps_its_words(seed):
    page = pages.random_scene(seed)
    stage = stage_of(page, pages.context(page), SETTINGS)
    if not worth_asking(stage):
        assert not script_words(page)
        return
    assert checked(answer_like(stage.rules), stage) == []
    answer = ShotsAnswer.model_validate(answer_like(stage.rules))
    for shot in answer.shots:
        shot.subject, shot.size, shot.lens_mm = [], "wide", None
    plan = plan_from(answer, stage)
    assert violations(plan, page, SETTINGS) == []
    assert "".join(pages.words_of(plan)) == "".join(script_words(page))


def test_the_model_decides_size_angle_movement_lens_side_and_words_of_the_prompts():
    stage = kitchen()
    answer = answer_like(stage.rules)
    answer["shots"][0] |= {
        "size": "MCU", "angle": "low", "movement": "push-in", "lens_mm": 60, "subject": ["Mara"],
        "screen_side": {"MARA": "right"}, "image_prompt": "Mara at a table, cold light",
        "continuity": "letter on table",
    }  # fmt: skip
    assert checked(answer, stage) == []
    shot = plan_from(ShotsAnswer.model_validate(answer), stage).shots[0]
    assert (shot.shot_size, shot.camera_angle, shot.camera_movement) == ("medium_close_up", "low_angle", "push_in")
    assert (shot.lens_mm, shot.prompt) == (60, "Mara at a table, cold light")
    assert [(p.name, p.side) for p in shot.cast if p.on_camera] == [("MARA", "right")]
    assert shot.reason.endswith("Continuity: letter on table")


def test_over_a_shoulder_the_speaker_is_seen_and_the_other_has_their_back_to_us():
    stage = kitchen()
    answer = answer_like(stage.rules)
    index = next(n for n, shot in enumerate(stage.rules.shots) if shot.lines)
    speaker = stage.rules.shots[index].lines[0].speaker
    answer["shots"][index] |= {"size": "OTS", "subject": ["TOM", "MARA"], "on_camera_speaker": speaker}
    shot = plan_from(ShotsAnswer.model_validate(answer), stage).shots[index]
    facing = {person.name: person.facing for person in shot.cast}
    assert facing.pop(speaker) != "away"
    assert list(facing.values()) == ["away"]


def broken(change):
    stage = kitchen()
    answer = answer_like(stage.rules)
    change(answer["shots"])
    return " ".join(checked(answer, stage))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda shots: shots[0].update(beats=shots[0]["beats"][1:] or [99]), "No shot holds the beats 1"),
        (lambda shots: shots[-1]["beats"].append(99), "There are no beats 99"),
        (lambda shots: shots[-1]["beats"].append(1), "More than one shot holds 1"),
        (lambda shots: shots.reverse(), "not in the order of the script"),
        (lambda shots: shots.clear(), "at least one"),
        (lambda shots: shots[0].update(duration=12), "Shot 1: a duration of 12 s is not within 3 to 7 s"),
        (lambda shots: shots[0].update(duration=1), "not within 3 to 7 s"),
        (lambda shots: shots[0].update(size="gigantic"), "shots.0.size"),
        (lambda shots: shots[0].update(angle="sideways"), "shots.0.angle"),
        (lambda shots: shots[0].update(movement="teleport"), "shots.0.movement"),
        (lambda shots: shots[0].update(transition_out="explode"), "shots.0.transition_out"),
        (lambda shots: shots[0].update(subject=["NAPOLEON"]), "nobody called 'NAPOLEON'"),
        (lambda shots: shots[0].update(props=["chainsaw"]), "the script has no 'chainsaw'"),
        (lambda shots: shots[0].update(screen_side={"MARA": "above"}), "'above' is no side"),
        (lambda shots: shots[0].update(subject=["MARA"], on_camera_speaker="TOM"), "must be among the subjects"),
        (lambda shots: shots[0].update(image_prompt="A sign: you were late AGAIN, it says"), "quotes words"),
        (lambda shots: [shot.update(duration=7) for shot in shots], "within 10%"),
        (
            lambda shots: [s.update(subject=["MARA"], size="close_up", angle="eye_level", purpose="x") for s in shots],
            "the cut would jump",
        ),
        (
            lambda shots: [s.update(screen_side={"MARA": side}) for s, side in zip(shots, ("left", "right"))],  # noqa: B905
            "MARA is left and right",
        ),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_in_a_sentence(change, words):
    assert words in broken(change)


def test_beats_that_take_longer_than_a_shot_may_run_must_be_divided():
    stage = kitchen()
    answer = answer_like(stage.rules)
    answer["shots"] = [answer["shots"][0] | {"beats": [beat.id for beat in stage.beats], "duration": 7}]
    assert "divide it" in " ".join(checked(answer, stage))


def test_a_shot_is_never_shorter_than_what_is_said_in_it():
    stage = kitchen()
    answer = answer_like(stage.rules)
    index = max(range(len(stage.rules.shots)), key=lambda n: stage.rules.shots[n].seconds)
    needed = stage.rules.shots[index].seconds
    assert needed > 3
    answer["shots"][index]["duration"] = 3
    assert plan_from(ShotsAnswer.model_validate(answer), stage).shots[index].seconds == needed


def test_a_length_is_a_whole_number_of_quarter_seconds():
    stage = kitchen()
    answer = answer_like(stage.rules)
    answer["shots"][0]["duration"] = float(stage.rules.shots[0].seconds) + 0.3
    plan = plan_from(ShotsAnswer.model_validate(answer), stage)
    assert plan.shots[0].seconds == stage.rules.shots[0].seconds + Fraction(1, 4)


def test_who_is_heard_from_off_screen_cannot_be_a_subject():
    page = pages.scene(
        pages.action("Mara listens at the door."), pages.speech("TOM", "Open it now, please.", extensions=["O.S."])
    )
    stage = stage_of(page, pages.context(page), SETTINGS)
    answer = answer_like(stage.rules)
    index = next(n for n, shot in enumerate(stage.rules.shots) if shot.lines)
    answer["shots"][index]["subject"] = ["TOM"]
    assert "TOM speaks off screen and cannot be seen" in " ".join(checked(answer, stage))


def test_what_the_script_orders_must_begin_a_shot():
    page = pages.scene(
        pages.action("Mara waits."), pages.shot("CLOSE ON THE LETTER"), pages.action("The seal is broken.")
    )
    stage = stage_of(page, pages.context(page), SETTINGS)
    answer = answer_like(stage.rules)
    joined = answer["shots"][0] | {"beats": [beat.id for beat in stage.beats], "duration": 5}
    assert "must begin a shot" in " ".join(checked({"shots": [joined]}, stage))


def test_a_transition_of_the_script_is_not_the_models_to_change():
    page = pages.scene(pages.action("Mara waits at the window."), pages.transition("DISSOLVE TO:"))
    stage = stage_of(page, pages.context(page), SETTINGS)
    assert stage.rules.shots[-1].transition_out == "dissolve"
    plan = plan_from(ShotsAnswer.model_validate(answer_like(stage.rules)), stage)
    assert plan.shots[-1].transition_out == "dissolve"


def test_people_keep_the_side_they_had_in_the_scene_before():
    before = PreviousShot("KITCHEN", "night", "wide", "eye_level", ("MARA",), (("MARA", "left"),))
    stage = kitchen(previous=before)
    answer = answer_like(stage.rules)
    for shot in answer["shots"]:
        shot["screen_side"] = {"MARA": "right"}
    assert dict(plan_from(ShotsAnswer.model_validate(answer), stage).sides)["MARA"] == "left"


def test_the_question_holds_every_beat_the_cast_the_limits_and_the_estimate():
    stage = kitchen(tone="tense")
    question = question_of(stage)
    for beat in stage.beats:
        assert f"{beat.id} [" in question
        assert beat.text in question
    assert "MARA" in question
    assert "3 to 7 s" in question
    assert f"about {float(stage.rules.seconds):g} s" in question
    assert "medium_close_up" in question
    assert '"tone": "tense"' in question
    assert tokens_for(stage) >= 300 * len(stage.beats)


def test_the_plan_says_who_planned_it_in_a_name_that_fits_its_column():
    stage = kitchen()
    valid = ShotsAnswer.model_validate(answer_like(stage.rules))
    assert plan_by_model(stage, Answer(valid, "model after repair")).planner == "model"
    invalid = plan_by_model(stage, Answer(no_shots(), "rules", "The model's answer was invalid twice: no."))
    assert (invalid.planner, invalid.shots) == (RULES_INSTEAD, stage.rules.shots)
    assert invalid.warnings[-1] == "Planned by rules: The model's answer was invalid twice: no."
    assert plan_by_model(stage, Answer(no_shots(), "rules", "It answered 401.")).planner == NO_ANSWER
    assert plan_by_model(stage, Answer(no_shots(), "rules", NOT_SET_UP)) == stage.rules
    assert max(len(f"{name} 999") for name in (RULES_INSTEAD, NO_ANSWER)) <= 40


def test_an_answer_to_an_earlier_script_is_not_used():
    old, stage = kitchen(), kitchen()
    answer = ShotsAnswer.model_validate(answer_like(old.rules))
    page = pages.scene(pages.action("Only this is left."))
    now = stage_of(page, pages.context(page), SETTINGS)
    plan = plan_by_model(now, Answer(answer, "model"))
    assert (plan.planner, plan.shots) == (RULES_INSTEAD, now.rules.shots)
    assert replace(plan, planner="", warnings=()) != replace(stage.rules, planner="", warnings=())
