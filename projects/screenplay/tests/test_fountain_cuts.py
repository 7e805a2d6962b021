"""Title pages, notes and boneyards: what is cut out before the lines are classified."""

from __future__ import annotations

import pytest

from projects.screenplay.fountain import read_fountain
from projects.screenplay.tests.reading import elements, outline


def messages(text):
    return [(remark.line, remark.message) for remark in read_fountain(text).warnings]


class TestTitlePage:
    def test_keys_keep_their_order_and_all_their_values(self):
        text = (
            "Title:\n    _**BRICK & STEEL**_\n    _**FULL RETIRED**_\nCredit: Written by\nAuthor: Stu\n"
            "Draft date: 1/20/2012\nFavourite colour: blue\nContact:\n\tNext Level\n\t1588 Mission: Dr.\n\nHe goes."
        )
        screenplay = read_fountain(text)
        assert list(screenplay.title_page.items()) == [
            ("Title", ["_**BRICK & STEEL**_", "_**FULL RETIRED**_"]),
            ("Credit", ["Written by"]),
            ("Author", ["Stu"]),
            ("Draft date", ["1/20/2012"]),
            ("Favourite colour", ["blue"]),
            ("Contact", ["Next Level", "1588 Mission: Dr."]),
        ]
        assert [element.text for element in screenplay.scenes[0].elements] == ["He goes."]
        assert screenplay.scenes[0].elements[0].line == 12

    def test_a_value_may_begin_beside_its_key(self):
        assert read_fountain("Title: One\n    Two").title_page == {"Title": ["One", "Two"]}

    def test_a_key_without_a_value_is_kept(self):
        assert read_fountain("Title: X\nSource:\n\nGo.").title_page == {"Title": ["X"], "Source": []}

    def test_a_key_written_twice_is_one_key(self):
        assert read_fountain("Author: A\nauthor: B").title_page == {"Author": ["A", "B"]}

    @pytest.mark.parametrize(
        "text",
        [
            "FADE IN:",
            "CUT TO:\n\nHe goes.",
            "int. house - 3:00 pm\n\nHe goes.",
            "He says: go.\nAnd he goes.",
            "[[Title: x]]",
            "!Title: x",
            "> Title: x <",
            "No colon here",
        ],
    )
    def test_other_first_lines_are_no_title_page(self, text):
        assert read_fountain(text).title_page == {}

    def test_only_unusual_keys_are_taken_for_a_title_page_with_a_warning(self):
        assert read_fountain("Studio head: Ann\n\nGo.").title_page == {"Studio head": ["Ann"]}
        assert [line for line, _ in messages("Studio head: Ann\n\nGo.")] == [1]

    def test_unusual_keys_below_an_empty_line_are_action(self):
        assert outline("\nStudio head: Ann\n\nGo.")[0] == ("action", "Studio head: Ann")

    def test_a_title_page_below_empty_lines_is_tolerated_with_a_warning(self):
        assert read_fountain("\n\nTitle: X\n\nGo.").title_page == {"Title": ["X"]}
        assert [line for line, _ in messages("\n\nTitle: X\n\nGo.")] == [3]

    def test_a_line_of_spaces_ends_it_unless_an_indented_line_follows(self):
        assert read_fountain("Title: X\n   \nNotes: y").title_page == {"Title": ["X"]}
        assert read_fountain("Contact: X\n   \n    Street").title_page == {"Contact": ["X", "", "Street"]}
        assert read_fountain("Title: X\n\n    Street").title_page == {"Title": ["X"]}

    def test_a_boneyard_in_it_moves_below_it(self):
        screenplay = read_fountain("/* v1 */\nTitle: Big /* Small */ Fish\n\nGo.")
        assert screenplay.title_page == {"Title": ["Big  Fish"]}
        assert [element.text for element in screenplay.scenes[0].elements] == [" v1 ", " Small ", "Go."]


class TestNotes:
    def test_an_inline_note_leaves_the_text_and_knows_its_place(self):
        action, note = elements("She walks [[or runs?]] in.")
        assert (action.text, note.text, note.anchor, note.own_line) == ("She walks  in.", "or runs?", 10, False)

    def test_a_note_on_its_own_is_an_element(self):
        assert outline("One.\n\n[[ think ]]\n\nTwo.") == [("action", "One."), ("note", "think"), ("action", "Two.")]
        assert elements("[[x]]")[0].anchor is None

    def test_a_note_line_inside_a_speech_does_not_end_it(self):
        found = elements("ANN\n[[a]]\nOne.\n[[b]]\nTwo.\n[[c]]\n(low)\nThree.\n[[d]]\n\nGo.")
        assert [(part.type.value, part.text, part.anchor, part.own_line) for part in found] == [
            ("character", "ANN", None, False),
            ("note", "a", 3, True),
            ("dialogue", "One.\nTwo.", None, False),
            ("note", "b", 4, True),
            ("note", "c", 9, True),
            ("parenthetical", "(low)", None, False),
            ("dialogue", "Three.", None, False),
            ("note", "d", None, False),
            ("action", "Go.", None, False),
        ]

    def test_a_note_between_a_cue_and_an_empty_line_makes_no_speech(self):
        assert [kind for kind, _ in outline("ANN\n[[x]]\n\nGo.")] == ["action", "note", "action"]

    def test_a_note_may_span_lines(self):
        assert outline("Go [[one\n  two]] on.") == [("action", "Go  on."), ("note", "one\n  two")]

    def test_two_spaces_connect_a_note(self):
        assert outline("[[one\n  \ntwo]]") == [("note", "one\n  \ntwo")]
        assert messages("[[one\n  \ntwo]]") == []

    def test_a_note_across_an_empty_line_is_tolerated_with_a_warning(self):
        assert outline("[[one\n\ntwo]]") == [("note", "one\n\ntwo")]
        assert [line for line, _ in messages("x\n\n[[one\n\ntwo]]")] == [3]

    def test_a_note_that_is_never_closed_is_text_with_a_warning(self):
        text = "Go [[on.\n\nINT. A - DAY\n\nHe goes."
        assert outline(text) == [("action", "Go [[on."), ("scene_heading", "INT. A - DAY"), ("action", "He goes.")]
        assert [line for line, _ in messages(text)] == [1]

    @pytest.mark.parametrize("between", ["INT. A - DAY", "[[fine]]"])
    def test_a_forgotten_end_does_not_swallow_scenes_up_to_the_next_one(self, between):
        text = f"Go [[on.\n\n{between}\n\nHe goes. ]]\n\nShe goes."
        assert outline(text)[0] == ("action", "Go [[on.")
        assert ("action", "She goes.") in outline(text)
        assert "not closed" in messages(text)[0][1]

    def test_many_unclosed_notes_make_one_warning(self):
        found = messages("[[ a\n\n" * 50)
        assert len(found) == 1
        assert "49 more" in found[0][1]

    def test_classification_looks_past_inline_notes(self):
        assert [kind for kind, _ in outline("[[x]]ANN [[y]] (V.O.)\nHello.")] == [
            "character",
            "note",
            "note",
            "dialogue",
        ]
        assert outline("EXT. ROAD [[which?]] - DAY #3#")[0] == ("scene_heading", "EXT. ROAD  - DAY")
        assert outline("CUT TO: [[or not]]")[0] == ("transition", "CUT TO:")


class TestBoneyards:
    def test_a_boneyard_is_cut_out_and_kept(self):
        assert outline("One.\n\n/* INT. A - DAY\n\nCut. */\n\nTwo.") == [
            ("action", "One."),
            ("boneyard", " INT. A - DAY\n\nCut. "),
            ("action", "Two."),
        ]

    def test_a_boneyard_joins_the_two_ends_of_its_lines(self):
        action, boneyard = elements("One /* cut\n\ncut */ two.")
        assert (action.text, boneyard.anchor) == ("One  two.", 4)

    def test_a_boneyard_swallows_notes_and_a_note_keeps_its_boneyards(self):
        assert outline("/* [[x]] */") == [("boneyard", " [[x]] ")]
        assert outline("[[a /* ]] */ b]]") == [("note", "a /* ]] */ b")]

    def test_an_unclosed_boneyard_is_text_with_a_warning(self):
        text = "One /* two.\n\nINT. A - DAY"
        assert outline(text) == [("action", "One /* two."), ("scene_heading", "INT. A - DAY")]
        assert [line for line, _ in messages(text)] == [1]

    def test_a_boneyard_that_holds_another_opening_is_warned_about(self):
        text = "a\n\n/* lost\n\nINT. A - DAY\n\n/* cut */\n\nGo."
        assert outline(text) == [("action", "a"), ("boneyard", " lost\n\nINT. A - DAY\n\n/* cut "), ("action", "Go.")]
        assert [line for line, _ in messages(text)] == [3]


class TestLineEnds:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_line_end_is_one(self, end):
        text = end.join(["Title: X", "", "INT. A - DAY", "", "ANN", "One.", "  ", "Two."])
        assert outline(text) == [("scene_heading", "INT. A - DAY"), ("character", "ANN"), ("dialogue", "One.\n\nTwo.")]

    def test_line_ends_may_be_mixed(self):
        assert outline("One.\r\rTwo.\r\n\nThree.\n\rFour.") == [
            ("action", "One."),
            ("action", "Two."),
            ("action", "Three."),
            ("action", "Four."),
        ]

    def test_a_byte_order_mark_is_no_text(self):
        assert read_fountain("\ufeffTitle: X\n\nGo.").title_page == {"Title": ["X"]}
