from __future__ import annotations

from fractions import Fraction

import pytest

from scenes.planning.model import PlanSettings

from .pages import action, plan, shot, speech, transition


def texts(made):
    return [shot.text for shot in made.shots]


def sentence(count):
    return " ".join(["Word"] * count) + "."


def test_a_new_speaker_starts_a_new_shot_when_both_have_enough_to_say():
    made = plan(speech("MARA", sentence(8)), speech("TOM", sentence(8)))
    assert texts(made) == [sentence(8), sentence(8)]


def test_a_one_word_answer_shares_a_shot_with_what_it_answers():
    made = plan(speech("MARA", "Do you still have the key to the boat?"), speech("TOM", "No."))
    assert texts(made) == ["Do you still have the key to the boat?\nNo."]


def test_beats_are_drawn_to_five_seconds_and_two_paragraphs_are_two_pictures():
    paragraph = "Mara pours the cold tea slowly into the grey sink. She waits until the last dark drop of it falls."
    made = plan(action(paragraph), action(paragraph))
    assert [shot.seconds for shot in made.shots] == [5, 5]


def test_slow_scenes_have_longer_shots_than_fast_ones():
    paragraph = action(" ".join(f"Mara digs and digs and digs {i} times." for i in range(30)))
    lengths = {}
    for pacing in ("slow", "medium", "fast"):
        made = plan(paragraph, settings=PlanSettings(pacing))
        lengths[pacing] = made.seconds / len(made.shots)
    assert lengths["fast"] < lengths["medium"] < lengths["slow"]


def test_a_camera_word_starts_a_shot():
    made = plan(action("Mara sits down and reads. CLOSE ON the letter, wet with rain."))
    assert texts(made) == ["Mara sits down and reads.", "CLOSE ON the letter, wet with rain."]


def test_sub_slugs_make_no_shot_of_their_own_and_steer_the_one_that_follows():
    made = plan(
        action("Mara waits at the table for Tom."), shot("THE HALLWAY"), action("Tom hangs up his coat and sighs.")
    )
    assert texts(made) == ["Mara waits at the table for Tom.", "Tom hangs up his coat and sighs."]
    assert "Hallway" in made.shots[1].prompt
    assert "Hallway" not in made.shots[0].prompt


def test_a_sub_slug_at_the_end_of_a_scene_stays_with_the_last_shot():
    assert len(plan(action("Mara waits."), shot("THE HALLWAY")).shots) == 1


def test_a_picture_that_is_ordered_and_has_no_text_under_it_is_still_shown():
    made = plan(action("Mara waits."), shot("CLOSE ON THE LETTER"))
    assert (made.shots[1].text, made.shots[1].shot_size, made.shots[1].seconds) == ("", "insert", 3)


def test_back_to_scene_ends_the_insert():
    made = plan(
        action("Mara waits."), action("INSERT - THE CLOCK"), action("Four minutes past ten."), action("BACK TO SCENE"),
        action("Mara stands up and takes her coat."),
    )  # fmt: skip
    assert texts(made)[1:] == [
        "INSERT - THE CLOCK\nFour minutes past ten.",
        "BACK TO SCENE\nMara stands up and takes her coat.",
    ]
    assert made.shots[1].shot_size == "insert"


def test_every_line_of_a_montage_is_one_shot():
    made = plan(
        action("MONTAGE - THE LONG NIGHT"), action("- Mara runs. She falls.\n- Tom sleeps.\n- A clock."),
        action("END MONTAGE"), action("Mara wakes up in her own bed."),
    )  # fmt: skip
    assert texts(made) == [
        "MONTAGE - THE LONG NIGHT\n- Mara runs. She falls.",
        "- Tom sleeps.",
        "- A clock.",
        "END MONTAGE\nMara wakes up in her own bed.",
    ]
    assert {shot.purpose for shot in made.shots[:3]} == {"montage"}


def test_a_monologue_is_cut_between_sentences_wherever_a_sentence_fits_a_shot():
    lengths = (12, 15, 9, 17, 4, 11, 16, 3, 14)
    made = plan(action("Mara stands up."), speech("MARA", " ".join(sentence(count) for count in lengths)))
    assert all(shot.text.endswith(".") for shot in made.shots)
    assert sum(len(shot.text.split()) for shot in made.shots) == 3 + sum(lengths)


def test_a_sentence_longer_than_a_shot_goes_on_in_the_next_at_a_clause_mark():
    first, second = f"{' '.join(['word'] * 12)},", f"and {' '.join(['word'] * 10)}."
    made = plan(speech("MARA", f"{first} {second}"))
    assert texts(made) == [first, second]


def test_an_off_screen_voice_and_the_entrance_of_its_owner_are_two_shots():
    made = plan(action("Mara waits."), speech("TOM", "Hello?", extensions=["O.S."]), action("Tom comes in, soaked."))
    assert texts(made)[-1] == "Tom comes in, soaked."
    assert made.shots[-1].lines == ()


def test_a_mid_scene_transition_closes_its_shot():
    made = plan(action("Mara sleeps."), transition("DISSOLVE TO:"), action("Mara wakes."))
    assert [(shot.text, shot.transition_out) for shot in made.shots] == [
        ("Mara sleeps.", "dissolve"),
        ("Mara wakes.", "cut"),
    ]


def test_the_transition_at_the_end_is_on_the_last_shot_and_the_one_at_the_start_on_the_scene():
    made = plan(transition("FADE IN:"), action("Mara sleeps."), transition("SMASH CUT TO:"))
    assert made.transition_in == "fade_in"
    assert [shot.transition_out for shot in made.shots] == ["smash_cut"]


def test_a_scene_that_only_fades_out_ends_with_it():
    made = plan(transition("FADE OUT."))
    assert (made.transition_in, made.shots[0].transition_out, made.shots[0].seconds) == ("", "fade_out", 3)


def test_a_short_event_is_held_to_the_shortest_shot_and_the_reason_says_so():
    made = plan(action("A clock."))
    assert made.shots[0].seconds == 3
    assert "Held to 3 s" in made.shots[0].reason


def test_lines_follow_each_other_with_a_breath_before_each_speech():
    made = plan(speech("MARA", "Are you there?"), speech("TOM", "Yes."))
    times = [(line.speaker, line.start, line.end) for line in made.shots[0].lines]
    assert times == [
        ("MARA", Fraction(2, 5), Fraction(8, 5)),
        ("TOM", Fraction(2), Fraction(12, 5)),
    ]


def test_the_sentences_of_one_speech_in_one_shot_are_one_line():
    made = plan(speech("MARA", "I know. I was there."))
    assert [(line.text, line.start, line.end) for line in made.shots[0].lines] == [
        ("I know. I was there.", Fraction(2, 5), Fraction(12, 5))
    ]


def test_two_who_speak_at_once_overlap_in_one_shot():
    made = plan(speech("MARA", "Stop it now.", dual="left"), speech("TOM", "Let me go home.", dual="right"))
    (only,) = made.shots
    one, other = only.lines
    assert one.start == other.start == Fraction(2, 5)
    assert (one.end, other.end) == (Fraction(8, 5), Fraction(2))


def test_two_who_speak_at_once_take_as_long_as_the_longer_one():
    ten, twelve = sentence(10), sentence(12)
    (only,) = plan(speech("MARA", ten, dual="left"), speech("TOM", twelve, dual="right")).shots
    assert only.seconds == Fraction(21, 4)


def test_settings_that_cannot_be_planned_with_are_refused_by_name():
    with pytest.raises(ValueError, match="shortest shot must be at least 1 s and no longer than the longest"):
        PlanSettings(min_seconds=8)
    with pytest.raises(ValueError, match="Pacing 'brisk' is unknown"):
        PlanSettings(pacing="brisk")
