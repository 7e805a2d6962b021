"""Writing what was read and reading it again gives the same screenplay."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from projects.screenplay.fountain import read_fountain, read_scene, write_fountain, write_scene
from projects.screenplay.model import Element, ElementType, Scene, Screenplay, StyleSpan
from projects.screenplay.tests.reading import all_elements, outline, without_lines

EXAMPLES = Path(__file__).parents[3] / "examples"
INPUTS = sorted([*(Path(__file__).parent / "inputs").glob("*.fountain"), *EXAMPLES.glob("*.fountain")])

SOUP = [
    *(
        "",
        "",
        "",
        "",
        " ",
        "  ",
        "INT. HOUSE - DAY",
        "ext. road, night #12A#",
        "EXT/INT. CAR - LATER",
        ".FORCED",
        "..dots",
    ),
    *(". x", "JOHN", "JOHN (V.O.)", "  ANNA (on phone) ^", "@McCLANE", "@McCLANE (O.S.) ^", "Hello there.", "(beat)"),
    *(
        "~la la",
        "~",
        "> CUT TO:",
        "CUT TO:",
        "CUT TO: ",
        "FADE IN:",
        "> centred <",
        "><",
        "!",
        "!FORCED",
        "  !x",
        "# Act",
    ),
    *(
        "### x # y",
        "#",
        "= syn",
        "=",
        "===",
        "====",
        "[[note]]",
        "[[ n ",
        "m ]]",
        "[[a [b] ]]",
        "/* b",
        "*/ c",
        "/*x",
        "y*/",
    ),
    *(
        "/* one */ /* two */",
        "Text [[in]] line",
        "JOHN [[x]] (V.O.)",
        "[[a]]JOHN",
        "Text /* cut */ more [",
        "a [ [[n]]",
    ),
    *(
        "*it* **b** _u_",
        "Title: x",
        "\tTabbed",
        "   INDENTED",
        "ÉMILE",
        "小明",
        "我说。",
        "FADE OUT.",
        "[[two\n\nparts]]",
    ),
    *("!# 5", "!> x", "!!", "  !~ y", "!\n!# z", "= = =", "#.# x", "A\n!b\n!# c"),
    *("[[two\n  \nparts]]", "@", "> ", "Key: v", "   value", "THE END:", "JOHN ^", "INT.", "INT #1#", "> x [[n]] <"),
    *(
        "=[[n]]= a",
        "[[x]]!BANG",
        "(a) b",
        "\ufeff",
        "- - -",
        "[[",
        "]]",
        "[/**/[x]]",
        "~ a [[n]]",
        "/*\n\n*/",
        "word  ",
    ),
    *(
        "EXT. ROAD [[why]] - DAY #3-B.2#",
        "INT. A #1# [[n]]",
        "(x) [[p]]",
        "CUT TO: [[n]]",
        "\\*a\\* 2 * 3",
        "C:\\x",
        "\r",
    ),
]


def assert_round_trip(text):
    first = read_fountain(text)
    written = write_fountain(first)
    second = read_fountain(written)
    assert without_lines(second) == without_lines(first), (text, written)
    assert write_fountain(second) == written


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_every_input_survives_a_round_trip(path):
    assert_round_trip(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", range(8))
def test_random_soups_of_lines_survive_a_round_trip(seed):
    chance = random.Random(seed)
    for _ in range(250):
        assert_round_trip("\n".join(chance.choice(SOUP) for _ in range(chance.randint(1, 12))))


@pytest.mark.parametrize("seed", range(4))
def test_random_soups_of_signs_survive_a_round_trip(seed):
    chance = random.Random(seed)
    for _ in range(250):
        assert_round_trip("".join(chance.choices("\n\n\n\nAAb .!@>~=#()[[]]/**/^: \tTO:é-1_", k=chance.randint(1, 60))))


def test_a_script_without_a_title_page_does_not_get_one():
    assert_round_trip("\tANN: LOUD:\n> Go.\n")
    assert_round_trip("\nNobody: nothing.\n")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.fountain")), ids=lambda path: path.stem)
def test_a_tidy_script_is_written_exactly_as_it_was(path):
    text = path.read_text(encoding="utf-8")
    assert write_fountain(read_fountain(text)) == text


def test_nothing_of_a_marked_up_script_is_lost():
    text = (
        "Title: X\nContact:\n    A street\n    A town\n\n# Act [[why one?]]\n\n= They meet.\n\n.SOMEWHERE #1A#\n\n"
        "!INT. is a word.\n    indented *here* /* not here */ and\\*there\n\n[[alone]]\n\n"
        "@McCLANE (O.S.)\n(low)\n_One_.\n  \n[[note in a speech]]\nTwo.\n~La.\n\nANN ^\nThree.\n\n===\n\n"
        "> Burn to pink.\n\n> THE END <\n> really <\n\n/*\nold\n\n*/\n"
    )
    assert write_fountain(read_fountain(text)) == text


def test_every_scene_can_be_written_and_read_by_itself():
    for path in INPUTS:
        screenplay = read_fountain(path.read_text(encoding="utf-8"))
        for scene in screenplay.scenes:
            again = read_scene(write_scene(scene))
            assert (again.heading, again.number, again.page_eighths) == (
                scene.heading,
                scene.number,
                scene.page_eighths,
            )
            found = [(part.type, part.text, part.character, part.anchor) for part in again.elements]
            assert found == [(part.type, part.text, part.character, part.anchor) for part in scene.elements]


def written(*elements: Element, number: str = "") -> str:
    scene = Scene(number, "", "", "", "", "", [], list(elements), 1)
    return write_fountain(Screenplay({}, [scene], [], []))


class TestModelsFromOtherSources:
    def test_text_that_would_read_as_something_else_is_forced(self):
        texts = [
            "INT. is a word",
            "CUT TO:",
            "# 5",
            "= 6",
            "~ 7",
            "> 8",
            "!9",
            "@x",
            ".x",
            "===",
            "ONE\ntwo",
            "a\n\nb",
            "a\n# b\n~ c\n!d\n= e\n> f",
        ]
        for text in texts:
            assert outline(written(Element(ElementType.ACTION, text, 1, literal=True))) == [("action", text)]

    def test_other_headings_cues_and_transitions_are_forced(self):
        text = written(
            Element(ElementType.SCENE_HEADING, "SOMEWHERE", 1),
            Element(ElementType.CHARACTER, "Ann", 2, character="ANN"),
            Element(ElementType.DIALOGUE, "Yes.", 3, character="ANN"),
            Element(ElementType.CHARACTER, "BEN", 4, character="BEN"),
            Element(ElementType.TRANSITION, "MATCH CUT:", 5),
            number="3",
        )
        assert text == ".SOMEWHERE #3#\n\n@Ann\nYes.\n\n@BEN\n\n> MATCH CUT:\n"

    def test_literal_signs_are_escaped_and_styles_marked(self):
        element = Element(ElementType.ACTION, "2*3 is big", 1, literal=True, styles=[StyleSpan(7, 10, "bold")])
        assert written(element) == "2\\*3 is **big**\n"

    def test_shots_become_action_and_unknown_types_notes(self):
        shot = Element(ElementType.SHOT, "ANGLE ON ANN", 1)
        other = Element(ElementType.OTHER, "ANN, BEN", 2, kind="Cast List")
        assert written(shot, other) == "ANGLE ON ANN\n\n[[Cast List: ANN, BEN]]\n"

    def test_a_note_inside_a_speech_does_not_break_it(self):
        text = written(
            Element(ElementType.CHARACTER, "ANN", 1, character="ANN"),
            Element(ElementType.NOTE, "louder", 1),
            Element(ElementType.DIALOGUE, "Yes.", 2, character="ANN"),
        )
        assert [kind for kind, _ in outline(text)] == ["character", "note", "dialogue"]

    def test_a_renumbered_scene_is_written_with_its_new_number(self):
        scene = read_scene("INT. A - DAY #1#\n\nGo.")
        scene.number = "7A"
        assert write_scene(scene) == "INT. A - DAY #7A#\n\nGo.\n"

    def test_a_scene_made_by_hand_needs_no_heading_element(self):
        scene = Scene("2", "INT. A - DAY", "INT", "A", "", "DAY", [], [Element(ElementType.ACTION, "Go.", 1)], 1)
        assert write_scene(scene) == "INT. A - DAY #2#\n\nGo.\n"


SIZE = 80 * 1024
UNITS = [
    *(
        "[[",
        "/*",
        "/*[[",
        "#",
        "*",
        "(",
        "[[ ]]",
        "[[\n",
        "[[\n\n",
        "/*\n",
        "x",
        "x ",
        "[[a\n\nb]]",
        "[[ [[ ]]\n\n",
        "_*",
        "\\*",
    ),
    *(
        "*a ",
        "**a*",
        "*a**b***c ",
        "JOHN\n",
        "JOHN\n\n",
        "[[n]]\n",
        "/*x*/\n",
        "INT. A - ",
        "INT. A - DAY\n\n",
        "a:\n",
        "~\n",
    ),
    *(
        ">\n",
        "> <\n",
        "=",
        "===\n\n",
        "- ",
        "--",
        "(a",
        "()",
        "((",
        "A (",
        "^",
        "@",
        "A\n  \n",
        "#1",
        "\n",
        "  \n",
        " ",
        "\t",
    ),
    *("CUT TO:", "]]", "[[a]", "]][[", "..", "(V.O.) ", "# a\n", "!\n", "A ^\nb\n\n", "a,", "a. "),
]
STARTS = {"": UNITS, "INT. ": [unit for unit in UNITS if "\n" not in unit], "JOHN\n": ["*a ", "**a*", "(", "x", "[["]}


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_eighty_kilobytes_of_anything_are_read_and_written_in_no_time(start):
    """Quadratic work on 80 KB takes minutes; linear work takes a tenth of a second of processor time."""
    for unit in STARTS[start]:
        for tail in ("", "\n\n]]*/"):
            text = start + (unit * (SIZE // len(unit))) + tail
            begin = time.process_time()
            write_fountain(read_fountain(text))
            taken = time.process_time() - begin
            assert taken < 2, (unit, tail, taken)


@pytest.mark.parametrize("unit", ["[[", "/*", "/*[[", "[[x\n\n"])
def test_text_after_unclosed_marks_is_still_there(unit):
    text = unit * 20_000 + "\n\nINT. A - DAY\n\nHe goes."
    screenplay = read_fountain(text)
    assert screenplay.scenes[-1].heading == "INT. A - DAY"
    assert all_elements(screenplay)[-1].text == "He goes."
    assert 1 <= len(screenplay.warnings) <= 2
