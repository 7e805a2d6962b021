from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from scenes.planning.facts import deeds_in
from scenes.planning.model import PreviousShot

from .pages import action, plan, scene, shot, speech, visible


def quarrel(rounds):
    return [
        part
        for i in range(rounds)
        for part in (
            speech("MARA", f"You told me number {i} that you would never sell it."),
            speech("TOM", f"And I told you number {i} that the bank would not wait."),
        )
    ]


QUARREL = quarrel(8)


def sizes(made):
    return [shot.shot_size for shot in made.shots]


def test_a_scene_opens_wide_and_outside_without_people_wider_still():
    assert sizes(plan(action("Mara waits.")))[0] == "wide"
    page = scene(action("Fog over the water."), heading="EXT. HARBOUR - DAWN", int_ext="EXT", location="HARBOUR")
    assert sizes(plan(page=page))[0] == "extreme_wide"


def test_the_inside_of_a_car_has_no_room_for_a_wide_shot():
    page = scene(*QUARREL, heading="INT. CAR - DAY", location="CAR")
    assert sizes(plan(page=page))[0] == "two_shot"


def test_a_scene_that_goes_on_in_the_same_place_needs_no_wide_opening():
    before = PreviousShot("Kitchen", "night", "wide", "eye_level", ("MARA",), (("MARA", "right"), ("TOM", "left")))
    made = plan(*QUARREL, previous=before)
    assert sizes(made)[0] == "medium_wide"
    assert dict(made.sides) == {"MARA": "right", "TOM": "left"}


def test_two_who_talk_face_each_other_from_fixed_sides():
    made = plan(*QUARREL)
    looks = {(p.name, p.side, p.facing) for shot in made.shots for p in shot.cast if p.facing != "away"}
    assert looks == {("MARA", "left", "right"), ("TOM", "right", "left")}


@pytest.mark.parametrize("rounds", range(5, 11))
def test_singles_of_a_conversation_tighten_and_every_size_has_its_counter_shot(rounds):
    made = plan(action("Mara and Tom stand at the window."), *quarrel(rounds))
    singles = [(s.shot_size, s.lines[0].speaker) for s in made.shots if s.purpose == "dialogue" and len(s.lines) == 1]
    order = ["over_shoulder", "medium_close_up", "close_up"]
    rungs = [order.index(size) for size, _speaker in singles]
    assert rungs == sorted(rungs)
    assert rungs[0] < rungs[-1]
    for size in {size for size, _speaker in singles[:-1]}:
        assert {speaker for other, speaker in singles if other == size} == {"MARA", "TOM"}


def test_one_loud_line_does_not_break_the_matching_of_shot_and_counter_shot():
    parts = quarrel(9)
    parts[3] = speech("TOM", "You are a liar and I hate you, do you hear me now!")
    made = plan(action("Mara and Tom stand at the window."), *parts)
    singles = [(s.shot_size, s.lines[0].speaker) for s in made.shots if s.purpose == "dialogue" and len(s.lines) == 1]
    changes = [n for n in range(1, len(singles)) if singles[n][0] != singles[n - 1][0]]
    for start, end in pairwise([0, *changes]):
        assert {speaker for _size, speaker in singles[start:end]} == {"MARA", "TOM"}


def test_who_is_heard_from_elsewhere_is_no_partner_in_the_picture():
    made = plan(
        action("Mara and Tom wash the dishes."),
        speech("TOM", "I forgot the bread in the car, wait here for me."),
        speech("TOM", "It is raining out here and the car is locked.", extensions=["O.S."]),
        speech("MARA", "The keys are on the hook behind the door, where they always are."),
    )
    assert visible(made.shots[-1]) == ["MARA"]


def test_the_geography_comes_back_every_five_to_seven_shots():
    made = plan(*QUARREL)
    wide = [shot.number for shot in made.shots if shot.shot_size in ("wide", "two_shot")]
    gaps = [after - before for before, after in pairwise(wide)]
    assert gaps
    assert all(5 <= gap <= 8 for gap in gaps)


def test_the_foreground_of_an_over_the_shoulder_shot_stands_with_the_back_to_us():
    over = next(shot for shot in plan(*QUARREL).shots if shot.shot_size == "over_shoulder")
    assert [(p.facing, p.on_camera) for p in over.cast] == [("right", True), ("away", True)] or [
        (p.facing, p.on_camera) for p in over.cast
    ] == [("left", True), ("away", True)]


def test_the_middle_of_a_long_speech_shows_the_listener_and_the_voice_runs_on():
    long = " ".join(f"The water rose another {n} feet and nobody in the valley slept." for n in range(6))
    made = plan(action("Mara and Tom stand at the window."), speech("TOM", long))
    reaction = next(shot for shot in made.shots if shot.purpose == "reaction")
    assert visible(reaction) == ["MARA"]
    assert [(line.speaker, line.off_screen, line.voice_over) for line in reaction.lines] == [("TOM", True, False)]


def test_a_speech_that_goes_on_moves_in_from_the_last_frame():
    long = " ".join(f"The water rose another {n} feet and nobody in the valley slept." for n in range(3))
    made = plan(action("Mara sits down."), speech("MARA", long))
    linked = [shot for shot in made.shots if shot.continuity_link]
    assert linked
    assert {shot.camera_movement for shot in linked} == {"push_in"}
    assert {shot.approach for shot in linked} == {"image_to_video"}


def test_a_monologue_without_a_listener_does_not_stay_on_the_face():
    long = " ".join(f"The water rose another {n} feet and nobody in the valley slept." for n in range(12))
    made = plan(action("Mara sits down."), speech("MARA", long))
    assert len(set(sizes(made))) >= 4
    assert any(not visible(shot) for shot in made.shots)


def test_the_script_is_obeyed():
    made = plan(
        action("Mara waits."),
        action("CLOSE ON Mara's face, wet with rain."),
        action("LOW ANGLE ON the tower, black against the sky."),
        action("MARA'S POV: a man crosses the yard."),
        shot("TWO SHOT"),
        action("Mara and Tom wait together for the bus."),
    )
    assert [(s.shot_size, s.camera_angle) for s in made.shots][1:3] == [
        ("close_up", "eye_level"),
        ("wide", "low_angle"),
    ]
    assert sizes(made)[3:] == ["point_of_view", "two_shot"]
    assert visible(made.shots[1]) == ["MARA"]
    assert visible(made.shots[3]) == []
    assert "CLOSE ON Mara's face" in made.shots[1].reason


def test_a_sub_slug_with_a_name_goes_to_that_person():
    made = plan(
        action("Mara and Tom wait at the gate."), shot("TOM"), action("A drop of rain runs down."), speech("TOM", "No.")
    )
    assert visible(made.shots[1]) == ["TOM"]
    assert made.shots[1].shot_size == "medium_close_up"


def test_a_thing_that_moves_by_itself_fills_the_frame():
    made = plan(
        action("Mara cleans the cold stove with a rag and a little sand, as she does every night."),
        action("The phone on the far wall of the kitchen rings, loud and long, in the dark."),
    )
    assert (made.shots[1].shot_size, made.shots[1].props, visible(made.shots[1])) == ("insert", ("phone",), [])


def test_a_letter_is_held_so_that_its_writing_does_not_crawl():
    made = plan(action("Mara waits."), shot("INSERT - THE LETTER"), action("Ink runs down the page, word by word."))
    assert made.shots[1].approach == "held_frame_push"


def test_what_somebody_looks_at_is_seen_through_their_eyes():
    made = plan(
        action("Rain falls on the empty yard behind the house."),
        action("Mara goes to the window and looks out."),
        action("Far down the road a motorcycle comes up fast."),
    )
    assert sizes(made)[-1] == "point_of_view"
    assert "Mara has just looked" in made.shots[-1].reason


def test_entrances_and_exits_are_wide():
    made = plan(
        action("Rain runs down the window of the kitchen. Steam rises from a pot."),
        action("Mara enters with a wet umbrella under her arm and snow on both her shoulders."),
        action("She puts it down beside the stove and waits there for a while without a word."),
        action("Tom leaves the kitchen without a word or a look, the way he always did."),
    )
    purposes = {shot.purpose: shot.shot_size for shot in made.shots}
    assert purposes["entrance"] in ("full", "wide")
    assert purposes["exit"] == "wide"


def test_a_fight_is_filmed_by_hand():
    made = plan(action("Mara waits."), action("Tom lunges at Mara and kicks the knife out of her hand."))
    assert made.shots[-1].camera_movement == "handheld"


def test_people_at_two_ends_of_a_call_are_never_in_one_picture():
    made = plan(
        shot("INTERCUT - PHONE CALL"),
        *(part for i in range(3) for part in (speech("MARA", f"Yes {i}."), speech("TOM", f"No {i}."))),
    )
    assert all(len(visible(shot)) == 1 for shot in made.shots)
    assert any("two ends of a call" in warning for warning in made.warnings)


def test_an_answer_on_the_telephone_makes_it_a_call_without_being_told():
    made = plan(speech("MARA", "(into phone)", "It's me."), speech("TOM", "Where are you?"), speech("MARA", "Here."))
    assert all(len(visible(shot)) == 1 for shot in made.shots)


def test_a_group_is_shown_as_a_group():
    made = plan(
        action("Mara, Tom and Ada sit around the table."),
        speech("MARA", "Eat."),
        speech("TOM", "Hot."),
        speech("ADA", "Soup."),
        speech("MARA", "Eat it."),
    )
    shared = [shot for shot in made.shots if len({line.speaker for line in shot.lines}) == 3]
    assert all(shot.shot_size in ("medium_wide", "wide") for shot in shared)


def test_she_is_who_was_last_spoken_of():
    made = plan(action("Mara opens her bag on the table."), action("She takes out a knife and a loaf of old bread."))
    assert all("MARA" in [p.name for p in shot.cast] for shot in made.shots)


def test_a_title_alone_is_a_still_picture():
    made = plan(
        action("Mara waits for the morning boat."),
        shot("CLOSE ON MARA"),
        action("She smiles."),
        action("THE END", centered=True),
    )
    last = made.shots[-1]
    assert last.overlay_text == "THE END"
    assert made.shots[0].overlay_text == ""


def test_sizes_vary_over_a_scene_with_action_and_talk():
    made = plan(
        action("Rain on the roof of the old house, and water in every bucket that was ever bought."),
        action("Mara walks along the shelves with a lamp in one hand and a stick in the other."),
        action("She finds the letter behind the books and opens it with the tip of her knife."), *QUARREL[:6],
        action("Tom takes the letter out of her hand and holds it into the flame of the lamp."),
        action("Mara runs out into the yard, where the snow is deep and nobody has cleared it."),
    )  # fmt: skip
    assert len(set(sizes(made))) >= 5
    assert max(Counter(sizes(made)).values()) <= len(made.shots) // 2


def test_a_deed_is_what_somebody_does_and_not_what_happens_around_them():
    who = frozenset({"tomas", "mara"})
    assert "runs" not in deeds_in("Tomas closes his fist and between his fingers water runs.", who)
    assert {"crosses", "sits"} <= deeds_in("Mara slowly crosses the yard and sits.", who)
    assert "bolts" not in deeds_in("Mara sets it into a ring of brass bolts.", who)


def test_when_one_goes_and_another_stays_the_frame_stays():
    made = plan(
        action("Mara and Tom wash the plates at the stone sink, slowly, and look at the rain on the black lake."),
        action("Tom is already out of the door. Mara folds the wet towel twice, sits down and begins to laugh."),
    )
    assert visible(made.shots[-1]) == ["MARA"]
    assert "Tom is gone" in made.shots[-1].reason


def test_two_who_act_in_one_place_are_not_at_two_ends_of_a_line():
    made = plan(
        action("Mara and Tom hurry along the wall."),
        speech("MARA", "(into phone)", "Send the boats."),
        speech("TOM", "Well?"),
        speech("MARA", "They come."),
    )
    assert made.warnings == ()


def test_a_place_in_capitals_moves_the_camera_there():
    made = plan(
        action("Mara kicks the door open."), action("INSIDE"), action("Ropes and a rowing boat under a grey sheet.")
    )
    assert made.shots[-1].text.startswith("INSIDE")
    assert (made.shots[-1].shot_size, made.shots[-1].purpose) == ("wide", "establish")
