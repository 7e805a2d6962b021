"""What holds for every plan, over hand-made and random scenes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from projects.screenplay.model import ElementType
from scenes.planning.invariants import script_words, violations
from scenes.planning.model import PlanSettings

from .pages import action, plan, planned, planning_text, random_scene, scene, speech, transition, visible, words_of

SEEDS = range(70)
SETTINGS = (
    PlanSettings(),
    PlanSettings(pacing="slow"),
    PlanSettings(pacing="fast", words_per_second=Fraction(27, 10)),
    PlanSettings(min_seconds=3, max_seconds=5),
)


@pytest.mark.parametrize("numbers", SETTINGS, ids=["medium", "slow", "fast", "short shots"])
def test_every_plan_of_a_random_scene_may_be_used(numbers):
    for seed in SEEDS[:30]:
        page = random_scene(seed)
        assert violations(plan(page=page, settings=numbers), page, numbers) == [], f"seed {seed}"


def test_every_word_of_action_and_dialogue_is_in_exactly_one_shot_in_order():
    spoken = (ElementType.ACTION, ElementType.DIALOGUE, ElementType.LYRIC)
    for seed in SEEDS:
        page = random_scene(seed)
        written = " ".join(e.text for e in page.elements if e.type in spoken).split()
        assert words_of(planned(seed)) == written, f"seed {seed}"


def test_every_shot_lasts_three_to_seven_seconds_in_quarters_and_the_scene_is_their_sum():
    for seed in SEEDS:
        made = planned(seed)
        lengths = [shot.seconds for shot in made.shots]
        assert all(3 <= length <= 7 and (length * 4).denominator == 1 for length in lengths)
        assert made.seconds == sum(lengths)


def test_the_same_scene_gets_the_same_plan_again():
    for seed in range(30):
        assert plan(page=random_scene(seed)) == planned(seed)


def test_a_scene_without_text_gives_one_shot_of_three_seconds():
    made = plan()
    assert [shot.seconds for shot in made.shots] == [3]
    assert made.shots[0].text == ""


def test_planning_text_never_becomes_a_shot():
    kinds = (ElementType.SECTION, ElementType.SYNOPSIS, ElementType.NOTE, ElementType.BONEYARD, ElementType.PAGE_BREAK)
    unprinted = [planning_text(kind, "Mara secretly owns the boat") for kind in kinds]
    made = plan(action("Mara waits."), *unprinted, action("Tom comes."))
    everything = " ".join(f"{shot.text} {shot.business} {shot.prompt} {shot.motion_prompt}" for shot in made.shots)
    assert "secretly" not in everything
    assert words_of(made) == ["Mara", "waits.", "Tom", "comes."]


def test_who_is_heard_off_screen_is_never_in_that_shot():
    for seed in SEEDS:
        for shot in planned(seed).shots:
            heard = {line.speaker for line in shot.lines if line.off_screen}
            assert not heard & set(visible(shot)), f"seed {seed}"


def test_a_voice_over_puts_no_face_on_screen():
    made = plan(action("Rain on the roof."), speech("MARA", "I never went back.", extensions=["V.O."]))
    assert all("MARA" not in visible(shot) for shot in made.shots)
    line = made.shots[-1].lines[0]
    assert (line.speaker, line.voice_over, line.off_screen) == ("MARA", True, False)


def test_lines_are_spoken_within_their_shot_and_after_one_another():
    for seed in SEEDS:
        for shot in planned(seed).shots:
            assert all(0 <= line.start < line.end <= shot.seconds for line in shot.lines)


def test_two_shots_of_one_subject_in_a_row_differ_in_size_or_angle():
    for seed in SEEDS:
        shots = planned(seed).shots
        for before, after in pairwise(shots):
            faces = [[p.name for p in shot.cast if p.on_camera and p.facing != "away"] for shot in (before, after)]
            if faces[0] and sorted(faces[0]) == sorted(faces[1]):
                looks = [(shot.shot_size, shot.camera_angle) for shot in (before, after)]
                assert looks[0] != looks[1], f"seed {seed}, shots {before.number} and {after.number}"


def test_nobody_crosses_to_the_other_side_of_the_frame_within_a_scene():
    for seed in SEEDS:
        sides = {}
        for shot in planned(seed).shots:
            for person in shot.cast:
                if person.on_camera and person.side != "centre":
                    assert sides.setdefault(person.name, person.side) == person.side, f"seed {seed}"


def test_the_check_names_a_lost_word_a_wrong_sum_and_a_long_shot():
    page = scene(action("Mara waits."), speech("MARA", "You are late."), transition("CUT TO:"))
    settings = PlanSettings()
    good = plan(page=page)
    assert violations(good, page, settings) == []
    lost = replace(good, shots=(replace(good.shots[0], text="Mara."), *good.shots[1:]))
    assert "words of the shots are not those of the script" in violations(lost, page, settings)[0]
    long = replace(good, shots=(replace(good.shots[0], seconds=Fraction(8)), *good.shots[1:]))
    found = violations(long, page, settings)
    assert "The length of the scene is not the sum of its shots." in found
    assert "Shot 1 runs 8 s; allowed are 3 to 7 s." in found


def test_script_words_leave_out_cues_and_parentheticals():
    page = scene(action("Rain."), speech("MARA", "(quietly)", "You *came*."))
    assert script_words(page) == ["Rain.", "You", "came."]
