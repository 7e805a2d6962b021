from __future__ import annotations

import pytest

from scenes.planning.people import Names, heard_only, introduced, learn_pronouns


def test_people_are_found_by_full_first_and_last_name_in_order_of_mention():
    names = Names(["LINDA KRANZ", "TOM"])
    assert names.mentioned("Tom follows Kranz. Then Linda stops.") == ("TOM", "LINDA KRANZ")


def test_a_name_that_is_a_word_needs_its_capital():
    names = Names(["WILL", "WAITER"])
    assert names.mentioned("The rain will stop at the mark.") == ()
    assert names.mentioned("Will pays the waiter.") == ("WILL", "WAITER")


def test_a_full_name_of_the_action_is_the_short_name_of_the_cues():
    assert Names(["MARA", "MARA VANCE"]).mentioned("MARA VANCE (30s) waits.") == ("MARA",)


def test_young_mara_is_another_person_than_mara():
    assert Names(["MARA", "YOUNG MARA"]).mentioned("Young Mara runs.") == ("YOUNG MARA",)


def test_a_phone_is_not_its_owner_and_a_hand_is():
    names = Names(["MARA", "TOM"])
    assert names.pictured("Mara's phone rings.") == ()
    assert names.pictured("Mara's hand trembles.") == ("MARA",)
    assert names.pictured("She holds a photograph of Tom.") == ()


def test_people_with_an_age_are_introduced():
    assert introduced("JONAH REED (30s) enters with ADA, 9, and a DOG.") == ("JONAH REED", "ADA")


@pytest.mark.parametrize(
    ("extensions", "heard"),
    [
        (["V.O."], (True, False)),
        (["FILTERED"], (True, False)),
        (["ON PHONE"], (True, False)),
        (["O.S."], (False, True)),
        (["O.C.", "CONT'D"], (False, True)),
        (["INTO PHONE"], (False, False)),
        (["CONT'D"], (False, False)),
        ([], (False, False)),
    ],
)
def test_some_speakers_are_only_heard(extensions, heard):
    assert heard_only(extensions) == heard


def test_a_voice_over_may_stand_in_the_parenthetical():
    assert heard_only([], "(V.O.)") == (True, False)


def test_pronouns_are_learned_from_what_people_own_and_from_the_next_sentence():
    texts = ["Mara opens her bag.", "Tom kills the engine.", "He does not turn round."]
    assert learn_pronouns(texts, Names(["MARA", "TOM"]), ()) == {"MARA": "she", "TOM": "he"}


def test_given_pronouns_win_over_guessed_ones():
    assert learn_pronouns(["Mara opens her bag."], Names(["MARA"]), [("Mara", "he")]) == {"MARA": "he"}
