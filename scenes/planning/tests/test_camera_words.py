from __future__ import annotations

import pytest

from scenes.planning.camera_words import camera_cue, is_transition_line, overlay_text, sub_slug, transition_of


@pytest.mark.parametrize(
    ("sentence", "size", "subject"),
    [
        ("CLOSE ON Mara's hands, trembling.", "close_up", "Mara's hands"),
        ("Close on the letter.", "close_up", "the letter"),
        ("CLOSE-UP of a clock.", "close_up", "a clock"),
        ("EXTREME CLOSE UP - AN EYE", "extreme_close_up", "AN EYE"),
        ("WIDE: the valley.", "wide", "the valley"),
        ("AERIAL SHOT of the city.", "extreme_wide", "the city"),
        ("INSERT - PHONE SCREEN", "insert", "PHONE SCREEN"),
        ("MARA'S POV: the door.", "point_of_view", "MARA"),
        ("POV - TOM", "point_of_view", "TOM"),
        ("ANGLE ON TOM", "", "TOM"),
        ("ON MARA, who waits.", "", "MARA"),
        ("OVER TOM'S SHOULDER, a car.", "over_shoulder", "a car"),
    ],
)
def test_sizes_are_read_where_a_sentence_begins(sentence, size, subject):
    cue = camera_cue(sentence)
    assert (cue.size, cue.subject, cue.new_shot) == (size, subject, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "He tries to close on the deal.",
        "Her eyes go WIDE.",
        "On Monday she left.",
        "CLOSE THE DOOR!",
        "Close the door.",
        "He PANS for gold.",
        "The doors CLOSE behind him.",
        "We push the car.",
    ],
)
def test_other_sentences_are_no_orders(sentence):
    assert camera_cue(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "movement"),
    [
        ("We push in on her face.", "push_in"),
        ("The camera slowly pulls back to reveal a city.", "pull_out"),
        ("TRACK WITH Mara through the crowd.", "tracking"),
        ("WHIP PAN to the door.", "whip_pan"),
        ("CRANE UP over the roofs.", "crane"),
        ("HANDHELD: the crowd runs.", "handheld"),
    ],
)
def test_movements_are_read_anywhere(sentence, movement):
    assert camera_cue(sentence).movement == movement


def test_a_movement_goes_on_in_the_running_shot_unless_it_goes_in_on_a_thing():
    assert not camera_cue("PUSH IN on Mara.").new_shot
    cue = camera_cue("PUSH IN on her fingers, slipping.")
    assert (cue.new_shot, cue.size, cue.subject) == (True, "close_up", "her fingers")


def test_sub_slugs_are_orders_places_or_changes_of_mode():
    assert sub_slug("THE KITCHEN").cue.place == "THE KITCHEN"
    assert sub_slug("CLOSE ON THE LETTER").cue.size == "close_up"
    assert sub_slug("TRACKING SHOT - THE CAR").cue.subject == "THE CAR"
    assert sub_slug("MOMENTS LATER").later
    assert sub_slug("BACK TO SCENE").back
    assert sub_slug("MONTAGE - TRAINING").montage
    assert sub_slug("END MONTAGE").ends_montage
    assert sub_slug("INTERCUT - PHONE CALL").intercut


@pytest.mark.parametrize(
    ("order", "value"),
    [
        ("CUT TO:", "cut"),
        ("SMASH CUT TO:", "smash_cut"),
        ("MATCH CUT:", "match_cut"),
        ("DISSOLVE TO:", "dissolve"),
        ("FADE OUT.", "fade_out"),
        ("FADE TO BLACK.", "fade_out"),
        ("FADE IN:", "fade_in"),
        ("IRIS OUT", "iris"),
        ("WIPE TO:", "wipe"),
        ("JUMP CUT TO:", "jump_cut"),
        ("CUT TO BLACK.", "cut"),
    ],
)
def test_orders_to_the_cutting_room_are_known(order, value):
    assert transition_of(order) == (value, True)


def test_an_unknown_order_is_a_plain_cut_and_says_so():
    assert transition_of("FREEZE FRAME:") == ("cut", False)


def test_only_a_whole_line_is_a_transition():
    assert is_transition_line("FADE IN:")
    assert not is_transition_line("He makes the final CUT TO the wire.")


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ('SUPER: "London. 1943."', "London. 1943."),
        ("TITLE: THE END", "THE END"),
        ("A title card: Two years later", "Two years later"),
        ("The headline says 'Flood'.", "Flood"),
        ("Titles are nothing.", None),
        ("Card games: fun", None),
    ],
)
def test_text_on_the_screen_is_found(sentence, text):
    assert overlay_text(sentence) == text
