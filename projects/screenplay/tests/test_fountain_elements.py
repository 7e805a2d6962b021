"""Every rule of the Fountain syntax, element by element."""

from __future__ import annotations

import pytest

from projects.screenplay.fountain import read_fountain, read_scene
from projects.screenplay.model import ElementType
from projects.screenplay.tests.reading import elements, outline


def only(text):
    found = elements(text)
    assert len(found) == 1, found
    return found[0]


def warned_lines(text):
    return [remark.line for remark in read_fountain(text).warnings]


class TestSceneHeadings:
    @pytest.mark.parametrize("prefix", ["INT.", "EXT.", "EST.", "INT./EXT.", "INT/EXT", "I/E.", "INT", "ext", "Est "])
    def test_a_known_beginning_makes_a_heading(self, prefix):
        assert only(f"{prefix} house - day").type is ElementType.SCENE_HEADING

    @pytest.mark.parametrize("text", ["INTERIOR HOUSE", "EXTRA people", "INT", "ESTABLISHED", "I/EXT. HOUSE"])
    def test_other_beginnings_are_action(self, text):
        assert only(text).type is ElementType.ACTION

    def test_a_heading_needs_an_empty_line_above_it(self):
        text = "He goes.\nINT. HOUSE - DAY\n\nHe comes."
        assert outline(text) == [("action", "He goes.\nINT. HOUSE - DAY"), ("action", "He comes.")]
        assert warned_lines(text) == [2]

    def test_a_heading_without_an_empty_line_below_it_is_tolerated_with_a_warning(self):
        text = "INT. HOUSE - DAY\nHe goes."
        assert outline(text) == [("scene_heading", "INT. HOUSE - DAY"), ("action", "He goes.")]
        assert warned_lines(text) == [1]
        assert warned_lines("INT. HOUSE - DAY\n= He goes.") == []

    def test_ext_int_is_tolerated_with_a_warning(self):
        text = "EXT/INT. CAR - DAY"
        assert only(text).type is ElementType.SCENE_HEADING
        assert warned_lines(text) == [1]

    @pytest.mark.parametrize(
        ("text", "heading"), [(".SNIPER SCOPE POV", "SNIPER SCOPE POV"), (".1 MILE OUT", "1 MILE OUT"), (".Été", "Été")]
    )
    def test_a_full_stop_forces_a_heading(self, text, heading):
        element = only(text)
        assert (element.type, element.text, element.forced) == (ElementType.SCENE_HEADING, heading, True)

    @pytest.mark.parametrize("text", ["...and then", "..dots", ". spaced", ".", ".-dash"])
    def test_an_ellipsis_or_a_stop_before_a_space_forces_nothing(self, text):
        assert only(text).type is ElementType.ACTION

    def test_spaces_before_a_heading_do_not_matter(self):
        assert only("   INT. HOUSE - DAY  ").text == "INT. HOUSE - DAY"

    def test_the_number_is_cut_from_the_heading(self):
        scene = read_fountain("INT. HOUSE - DAY #12A#").scenes[0]
        assert (scene.heading, scene.number, scene.elements[0].number) == ("INT. HOUSE - DAY", "12A", "12A")
        scene = read_fountain(".SOMEWHERE #I-1#").scenes[0]
        assert (scene.heading, scene.number, scene.forced) == ("SOMEWHERE", "I-1", True)


class TestAction:
    def test_line_breaks_and_leading_spaces_are_kept(self):
        assert only("First.\n    Second.\nThird.").text == "First.\n    Second.\nThird."

    def test_a_tab_is_four_spaces(self):
        assert only("\tA sign:\n\t\tOPEN").text == "    A sign:\n        OPEN"

    def test_an_empty_line_begins_a_new_paragraph(self):
        assert outline("One.\n\n\nTwo.\n \nThree.") == [("action", "One."), ("action", "Two."), ("action", "Three.")]

    def test_an_exclamation_mark_forces_action(self):
        assert outline("!INT. HOUSE - DAY\n\n!BANG\nIt falls.") == [
            ("action", "INT. HOUSE - DAY"),
            ("action", "BANG\nIt falls."),
        ]
        assert elements("!BANG\nIt falls.")[0].forced

    def test_forced_lines_inside_a_paragraph_stay_in_it(self):
        assert outline("The board says\n!# 5\n!> left") == [("action", "The board says\n# 5\n> left")]

    def test_arrows_centre(self):
        element = only("> THE END <")
        assert (element.type, element.text, element.centered) == (ElementType.ACTION, "THE END", True)
        assert only("> One <\n>Two<").text == "One\nTwo"


class TestCharacters:
    @pytest.mark.parametrize(
        "cue", ["STEEL", "R2D2", "MOM (V.O.)", "HANS (on the radio)", "ÉMILE", "ДЖОН", "  JOHN", "DR. X"]
    )
    def test_an_upper_case_line_above_a_line_is_a_cue(self, cue):
        assert [kind for kind, _ in outline(f"{cue}\nHello.")] == ["character", "dialogue"]

    @pytest.mark.parametrize("line", ["23", "Steel", "JOHN said", "--", "JOHN (V.O.) whispers", "McCLANE"])
    def test_a_line_without_capitals_only_is_action(self, line):
        assert outline(f"{line}\nHello.") == [("action", f"{line}\nHello.")]

    def test_a_cue_needs_text_below_it(self):
        assert outline("JOHN\n\nHello.") == [("action", "JOHN"), ("action", "Hello.")]
        assert outline("JOHN\n  \nHello.") == [("action", "JOHN"), ("action", "Hello.")]
        assert outline("JOHN") == [("action", "JOHN")]

    def test_a_cue_needs_an_empty_line_above_it(self):
        assert outline("He goes.\nJOHN\nHello.") == [("action", "He goes.\nJOHN\nHello.")]

    def test_an_at_sign_forces_a_cue_and_keeps_its_case(self):
        cue, speech = elements("@McCLANE (O.S.)\nYippie ki-yay!")
        assert (cue.text, cue.character, cue.forced) == ("McCLANE (O.S.)", "MCCLANE", True)
        assert (speech.character, speech.extensions) == ("MCCLANE", ["O.S."])

    def test_an_at_sign_without_a_name_is_action(self):
        assert outline("@\nHello.") == [("action", "@\nHello.")]

    def test_a_line_of_a_script_without_capitals_is_a_cue_only_when_it_looks_like_a_name(self):
        assert [kind for kind, _ in outline("小明\n你好。")] == ["character", "dialogue"]
        assert [kind for kind, _ in outline("我说，你好。\n他走了。")] == ["action"]

    def test_an_upper_case_sentence_that_reads_as_a_cue_is_warned_about(self):
        text = "INT. HOUSE - DAY\n\nTHE DOOR OPENS.\nHe enters."
        assert [kind for kind, _ in outline(text)] == ["scene_heading", "character", "dialogue"]
        assert warned_lines(text) == [3]
        assert warned_lines("JOHN\nHello.") == []


class TestSpeeches:
    def test_a_speech_runs_to_the_next_empty_line(self):
        assert outline("ANN\nOne.\nTwo.\n\nShe goes.") == [
            ("character", "ANN"),
            ("dialogue", "One.\nTwo."),
            ("action", "She goes."),
        ]

    def test_a_line_of_two_spaces_is_an_empty_line_of_the_speech(self):
        assert outline("ANN\nOne.\n  \nTwo.\n\nShe goes.")[1] == ("dialogue", "One.\n\nTwo.")

    @pytest.mark.parametrize("gap", ["", " ", "   ", "\t"])
    def test_other_blank_lines_end_the_speech(self, gap):
        assert outline(f"ANN\nOne.\n{gap}\nShe goes.")[-1] == ("action", "She goes.")

    def test_lines_in_parentheses_are_parentheticals_anywhere_in_a_speech(self):
        assert outline("ANN\n(low)\nOne.\n(beat)\nTwo (sort of).") == [
            ("character", "ANN"),
            ("parenthetical", "(low)"),
            ("dialogue", "One."),
            ("parenthetical", "(beat)"),
            ("dialogue", "Two (sort of)."),
        ]

    def test_parentheses_outside_a_speech_are_action(self):
        assert outline("(beat)") == [("action", "(beat)")]

    def test_indented_speeches_lose_their_indent(self):
        assert outline("        ANN\n    (low)\n  One.") == [
            ("character", "ANN"),
            ("parenthetical", "(low)"),
            ("dialogue", "One."),
        ]

    def test_marks_of_other_elements_are_dialogue_inside_a_speech(self):
        assert outline("ANN\n#1 fan!\n> right\n!ok\n@home")[1] == ("dialogue", "#1 fan!\n> right\n!ok\n@home")

    def test_a_page_break_ends_a_speech(self):
        assert [kind for kind, _ in outline("ANN\nOne.\n===\nTwo.")] == [
            "character",
            "dialogue",
            "page_break",
            "action",
        ]

    def test_every_line_of_a_speech_knows_its_speaker(self):
        assert {(part.character, *part.extensions) for part in elements("ANN (V.O.)\n(low)\nOne.\n~La.")} == {
            ("ANN", "V.O.")
        }


class TestDualDialogue:
    def test_a_caret_pairs_a_speech_with_the_one_before_it(self):
        found = elements("ANN\nOne.\n\nBEN (V.O.) ^\n(low)\nTwo.")
        assert [part.dual for part in found] == ["left", "left", "right", "right", "right"]
        assert found[2].text == "BEN (V.O.)"

    def test_a_forced_cue_may_be_the_second_one(self):
        assert [part.dual for part in elements("@Ann\nOne.\n\n@Ben ^\nTwo.")] == ["left", "left", "right", "right"]

    def test_notes_between_the_two_do_not_part_them(self):
        assert elements("ANN\nOne.\n\n[[x]]\n\nBEN ^\nTwo.")[0].dual == "left"

    def test_a_caret_with_no_speech_before_it_is_warned_about(self):
        text = "ANN\nOne.\n\nShe goes.\n\nBEN ^\nTwo."
        assert [part.dual for part in elements(text)] == ["", "", "", "right", "right"]
        assert warned_lines(text) == [6]
        assert warned_lines("ANN\nOne.\n\nBEN ^\nTwo.\n\nCAL ^\nThree.") == [7]


class TestLyrics:
    def test_a_tilde_makes_a_lyric(self):
        assert outline("~La la.\n~Li li.") == [("lyric", "La la.\nLi li.")]

    def test_a_lyric_may_stand_inside_a_speech(self):
        found = elements("ANN\nListen.\n~La la.\nThere.")
        assert [part.type.value for part in found] == ["character", "dialogue", "lyric", "dialogue"]
        assert found[2].character == "ANN"


class TestTransitions:
    @pytest.mark.parametrize(
        "text", ["CUT TO:", "SMASH CUT TO:", "  DISSOLVE TO:", "FADE IN:", "FADE OUT.", "FADE TO BLACK."]
    )
    def test_capitals_ending_in_to_are_a_transition(self, text):
        assert outline(f"He goes.\n\n{text}\n\nShe comes.")[1] == ("transition", text.strip())

    @pytest.mark.parametrize("text", ["Cut to:", "CUT TO: ", "CUT TO", "PRONTO:", "FADES OUT."])
    def test_anything_else_is_action(self, text):
        assert outline(f"He goes.\n\n{text}\n\nShe comes.")[1] == ("action", text)

    def test_a_transition_right_above_a_heading_is_tolerated_with_a_warning(self):
        text = "He goes.\n\nCUT TO:\nINT. HOUSE - DAY\n\nShe comes."
        assert [kind for kind, _ in outline(text)] == ["action", "transition", "scene_heading", "action"]
        assert warned_lines(text) == [3]

    def test_an_arrow_forces_a_transition(self):
        element = only("> Burn to pink.")
        assert (element.type, element.text, element.forced) == (ElementType.TRANSITION, "Burn to pink.", True)

    def test_a_fade_is_never_a_heading_nor_a_title_page(self):
        screenplay = read_fountain("FADE IN:\n\nINT. HOUSE - DAY")
        assert screenplay.title_page == {}
        assert [scene.heading for scene in screenplay.scenes] == ["", "INT. HOUSE - DAY"]


class TestPlanningText:
    def test_sections_have_levels(self):
        assert [(part.text, part.level) for part in elements("# Act\n\n## Sequence\n\n###Beat")] == [
            ("Act", 1),
            ("Sequence", 2),
            ("Beat", 3),
        ]

    def test_a_scene_knows_the_sections_it_stands_in(self):
        text = "# One\n\n## A\n\nINT. A - DAY\n\n## B\n\nINT. B - DAY\n\n# Two\n\nINT. C - DAY"
        assert [scene.sections for scene in read_fountain(text).scenes] == [[], ["One", "A"], ["One", "B"], ["Two"]]

    def test_a_synopsis_belongs_to_the_scene_above_it(self):
        scene = read_fountain("INT. A - DAY\n\n= They meet.\n\n# Two\n\n= All is lost.").scenes[0]
        assert scene.synopsis == "They meet."

    @pytest.mark.parametrize(("text", "kind"), [("===", "page_break"), ("======", "page_break"), ("==", "synopsis")])
    def test_three_equals_signs_break_the_page(self, text, kind):
        assert only(text).type.value == kind

    def test_equals_signs_with_text_are_no_page_break(self):
        assert outline("=== x") == [("synopsis", "== x")]

    def test_marks_end_a_paragraph_without_an_empty_line(self):
        assert outline("He goes.\n# Act\nINT. A - DAY\n\nx") == [
            ("action", "He goes."),
            ("section", "Act"),
            ("scene_heading", "INT. A - DAY"),
            ("action", "x"),
        ]


class TestScenes:
    def test_text_before_the_first_heading_is_an_opening_scene(self):
        opening, first = read_fountain("He goes.\n\nINT. A - DAY\n\nShe comes.").scenes
        assert (opening.number, opening.heading, opening.has_script) == ("", "", True)
        assert first.heading == "INT. A - DAY"

    def test_a_scene_of_planning_text_has_no_script(self):
        opening, first = read_fountain("# Act\n\n[[x]]\n\nINT. A - DAY\n\n= x").scenes
        assert not opening.has_script
        assert not first.has_script

    def test_elements_name_their_source_line(self):
        text = "\n\nINT. A - DAY\r\n\r\nOne.\rTwo.\n\n/* cut\n\ncut */\n\nANN\n[[x\ny]]\nHello."
        assert [(part.type.value, part.line) for part in elements(text)] == [
            ("scene_heading", 3),
            ("action", 5),
            ("boneyard", 8),
            ("character", 12),
            ("note", 13),
            ("dialogue", 15),
        ]

    def test_speakers_are_counted_in_order_of_appearance(self):
        text = "BEN\nOne two.\n\nANN (V.O.)\n(not these)\n*One*.\n\nBEN (CONT'D)\nThree -- four."
        totals = read_fountain(text).characters
        assert [(total.name, total.cues, total.words) for total in totals] == [("BEN", 2, 4), ("ANN", 1, 1)]

    def test_one_scene_is_read_without_a_title_page(self):
        scene = read_scene("Note: it is raining.\n\nMore.")
        assert [part.text for part in scene.elements] == ["Note: it is raining.", "More."]

    def test_a_second_heading_stays_inside_the_one_scene(self):
        scene = read_scene("[[x]]\n\nINT. A - NIGHT #4#\n\nOne.\n\n.LATER #5#\n\nTwo.")
        assert (scene.heading, scene.number, scene.time_of_day) == ("INT. A - NIGHT", "4", "NIGHT")
        assert [(part.type.value, part.number) for part in scene.elements] == [
            ("note", ""),
            ("scene_heading", "4"),
            ("action", ""),
            ("scene_heading", "5"),
            ("action", ""),
        ]

    def test_an_empty_text_has_no_scenes(self):
        assert read_fountain("").scenes == []
        assert read_scene("").heading == ""
