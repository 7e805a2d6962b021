from __future__ import annotations

from fractions import Fraction

from projects.screenplay.model import Element, ElementType
from scenes.planning.beats import beats_of
from scenes.planning.model import BeatKind, PlanSettings
from scenes.planning.people import Names

from .pages import action, plan, scene, shot, speech, transition, words_of


def beats(*parts, names=("MARA", "TOM"), **numbers):
    return beats_of(scene(*parts), Names(names), PlanSettings(**numbers)).beats


def test_dialogue_takes_its_words_at_150_a_minute_and_one_breath_per_speech():
    one, two = beats(speech("MARA", "One two three four five. Six seven eight nine ten."))
    assert (one.seconds, one.lead) == (Fraction(2) + Fraction(2, 5), Fraction(2, 5))
    assert (two.seconds, two.lead) == (Fraction(2), 0)


def test_pacing_changes_the_speed_of_speech_to_two_and_2_7_words_a_second():
    line = speech("MARA", "word " * 10)
    assert beats(line, pacing="slow")[0].seconds == 5 + Fraction(2, 5)
    assert beats(line, pacing="fast")[0].seconds == Fraction(100, 27) + Fraction(2, 5)


def test_action_takes_its_words_and_never_less_than_a_second_and_a_half():
    short, long = beats(action("Mara sits. Mara pours the cold tea slowly into the grey sink and waits."))
    assert short.seconds == Fraction(3, 2)
    assert long.seconds == 12 * Fraction(24, 100)


def test_a_beat_in_parentheses_is_a_second_of_silence():
    pause, line = beats(speech("MARA", "(beat, softly)", "Yes."))
    assert (pause.kind, pause.seconds, pause.text) == (BeatKind.PAUSE, 1, "")
    assert line.parenthetical == "softly"


def test_a_silence_written_as_action_keeps_its_word():
    assert [(beat.kind, beat.text) for beat in beats(action("A long pause."))] == [(BeatKind.PAUSE, "A long pause.")]
    assert beats(action("A long pause."))[0].seconds == 2


def test_what_an_empty_room_looks_like_takes_half_the_time_of_action():
    room, deed = beats(action("A narrow kitchen with yellow tiles and a cold stove. Mara slams a door."))
    assert (room.static, room.seconds) == (True, 10 * Fraction(12, 100))
    assert not deed.static


def test_lines_of_action_without_an_empty_line_between_are_one_paragraph():
    page = scene()
    page.elements += [
        Element(ElementType.ACTION, "Mara crosses the wet yard with the heavy bucket", 3),
        Element(ElementType.ACTION, "Tom gave her and sets it down.", 4),
    ]
    made = beats_of(page, Names(["MARA", "TOM"]), PlanSettings()).beats
    assert [beat.text for beat in made] == [
        "Mara crosses the wet yard with the heavy bucket Tom gave her and sets it down."
    ]


def test_final_draft_paragraphs_are_not_joined_though_their_numbers_follow_each_other():
    page = scene()
    page.elements += [
        Element(ElementType.ACTION, "Mara waits", 3, literal=True),
        Element(ElementType.ACTION, "Tom comes", 4, literal=True),
    ]
    assert len(beats_of(page, Names(["MARA"]), PlanSettings()).beats) == 2


def test_a_sentence_of_dialogue_is_cut_only_where_it_is_longer_than_a_shot():
    fits = " ".join(["word"] * 17) + "."
    assert len(beats(speech("MARA", fits))) == 1
    pieces = beats(speech("MARA", " ".join(["word"] * 18) + "."))
    assert [piece.continues for piece in pieces] == [False, True]


def test_emphasis_marks_are_no_words():
    assert [beat.text for beat in beats(action("The **red** _door_ opens."))] == ["The red door opens."]
    literal = action("2 * 3 * 4", literal=True)
    assert beats(literal)[0].text == "2 * 3 * 4"


def test_a_title_is_text_over_the_picture_and_stays_long_enough_to_read():
    (title,) = beats(action('SUPER: "Paris. The last summer."'))
    assert title.overlay == "Paris. The last summer."
    assert title.seconds == 4 / Fraction(5, 2) + Fraction(1, 2)


def test_the_text_of_a_sign_is_an_overlay_but_what_people_say_is_not():
    (sign,) = beats(action('A sign reads "Keep out".'))
    assert sign.overlay == "Keep out"
    (said,) = beats(action('Tom says "hello" and goes.'))
    assert said.overlay == ""


def test_an_aside_of_the_writer_takes_no_time_and_keeps_its_words():
    aside = beats(action("(She has never been here before.)"))[0]
    assert (aside.kind, aside.seconds) == (BeatKind.LABEL, 0)
    assert aside.text == "(She has never been here before.)"


def test_two_speeches_at_once_that_fit_a_shot_belong_together():
    made = beats(speech("MARA", "Stop it now.", dual="left"), speech("TOM", "Let me go.", dual="right"))
    assert [(beat.dual, beat.dual_group) for beat in made] == [("left", 1), ("right", 1)]


def test_two_speeches_at_once_that_do_not_fit_follow_each_other_with_a_warning():
    long = " ".join(["word"] * 16) + "."
    made = plan(speech("MARA", f"{long} {long}", dual="left"), speech("TOM", long, dual="right"))
    assert any("two speeches at once" in warning for warning in made.warnings)
    assert len(made.shots) == 3


def test_a_cue_with_nothing_under_it_is_reported_with_its_line():
    page = scene(speech("MARA"), action("Rain."))
    assert beats_of(page, Names(["MARA"]), PlanSettings()).warnings == ["Line 3: MARA has a cue and no line under it."]


def test_a_cast_list_is_not_filmed_and_is_reported_but_a_general_paragraph_is():
    page = scene()
    page.elements += [
        Element(ElementType.OTHER, "MARA, TOM", 3, kind="Cast List"),
        Element(ElementType.OTHER, "Rain falls.", 4, kind="General"),
    ]
    sheet = beats_of(page, Names([]), PlanSettings())
    assert [beat.text for beat in sheet.beats] == ["Rain falls."]
    assert sheet.warnings == ["Line 3: paragraphs of type 'Cast List' are not filmed and are in no shot."]


def test_a_camera_order_is_a_beat_without_words_that_opens_the_next_shot():
    order, deed = beats(shot("CLOSE ON THE LETTER"), action("It is wet."))
    assert (order.kind, order.text, order.direction, order.opens) == (
        BeatKind.CAMERA,
        "",
        "CLOSE ON THE LETTER",
        True,
    )
    assert deed.glued


def test_a_transition_typed_as_action_keeps_its_words():
    made = plan(action("Rain falls."), action("CUT TO:"), action("Snow falls."))
    assert words_of(made) == ["Rain", "falls.", "CUT", "TO:", "Snow", "falls."]
    assert made.shots[0].text == "Rain falls.\nCUT TO:"


def test_beats_are_numbered_from_one_and_know_their_lines():
    made = beats(action("Mara waits. Tom comes."), speech("TOM", "Hello."), transition("CUT TO:"))
    assert [(beat.id, beat.line) for beat in made] == [(1, 3), (2, 3), (3, 7), (4, 9)]
