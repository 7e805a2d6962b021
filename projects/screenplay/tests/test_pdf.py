"""PDF files and laid-out text: the columns say what a line is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.feature import write_feature
from projects.screenplay.fountain import read_fountain
from projects.screenplay.model import ScreenplayError
from projects.screenplay.pdf import read_pdf
from projects.screenplay.tests.pdf_pages import Layout, Printed, pdf_bytes, typeset
from projects.screenplay.tests.reading import all_elements
from projects.screenplay.text_layout import is_laid_out, read_laid_out

EXAMPLES = Path(__file__).parents[3] / "examples"
LINE = 1 / 6


def facts(screenplay):
    return [
        (element.type.value, element.text, element.character, element.extensions, element.number)
        for element in all_elements(screenplay)
    ]


def printed(*rows: tuple[float, str], top: float = 1.0) -> list[Printed]:
    """Put one row below the other; an empty text leaves a line out."""
    return [Printed(left, top + index * LINE, text) for index, (left, text) in enumerate(rows) if text]


def outline(*pages):
    return [(element.type.value, element.text) for element in all_elements(read_pdf(pdf_bytes(list(pages))))]


LAYOUTS = {
    "usual": Layout(),
    "narrow": Layout(action=1.4, speech=2.3, parenthetical=2.8, cue=3.4),
    "wide": Layout(action=1.7, speech=3.0, parenthetical=3.6, cue=4.2, scene_numbers=False),
    "with header": Layout(header="THE SALT CLOCK - Blue Rev. 1/2/26"),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(
    "text", [(EXAMPLES / "the_salt_clock.fountain").read_text(), write_feature(8)], ids=["example", "feature"]
)
def test_a_printed_script_reads_as_the_script_that_was_printed(text, layout):
    script = read_fountain(text)
    expected = facts(script)
    if not layout.scene_numbers:
        expected = [(*fact[:4], "") for fact in expected]
    found = read_pdf(pdf_bytes(typeset(script, layout)))
    assert facts(found) == expected
    assert found.format == "pdf"


PAGE = [
    (1.5, "INT. BOATHOUSE - NIGHT"),
    (1.5, ""),
    (1.5, "Ann lifts the lamp. It is heavier than it"),
    (1.5, "looks, and well-"),
    (1.5, "worn."),
    (1.5, ""),
    (3.7, "ANN (V.O.)"),
    (3.1, "(low, to the"),
    (3.1, "lamp)"),
    (2.5, "Is anybody there? I have been"),
    (2.5, "waiting."),
    (1.5, ""),
    (1.5, "She waits."),
]


def test_wrapped_lines_are_joined():
    assert outline(printed(*PAGE)) == [
        ("scene_heading", "INT. BOATHOUSE - NIGHT"),
        ("action", "Ann lifts the lamp. It is heavier than it looks, and well-worn."),
        ("character", "ANN (V.O.)"),
        ("parenthetical", "(low, to the lamp)"),
        ("dialogue", "Is anybody there? I have been waiting."),
        ("action", "She waits."),
    ]


def test_paragraphs_of_one_line_each_stay_apart():
    assert outline(printed((1.5, "INT. A - DAY"), (1.5, ""), (1.5, "One."), (1.5, ""), (1.5, "Two."), (1.5, ""))) == [
        ("scene_heading", "INT. A - DAY"),
        ("action", "One."),
        ("action", "Two."),
    ]


def test_a_speech_across_pages_is_one_speech():
    first = printed(*PAGE[:11], (3.7, "(MORE)"))
    second = [
        Printed(7.2, 0.5, "2."),
        *printed((3.7, "ANN (V.O.) (CONT'D)"), (2.5, "All night."), (1.5, ""), *PAGE[12:]),
    ]
    assert outline(first, second)[4:] == [
        ("dialogue", "Is anybody there? I have been waiting. All night."),
        ("action", "She waits."),
    ]


def test_a_speech_broken_by_more_needs_no_continued_mark_on_its_second_cue():
    first = printed(*PAGE[:11], (3.7, "(MORE)"))
    assert outline(first, printed((3.7, "ANN (V.O.)"), (2.5, "All night.")))[-1] == (
        "dialogue",
        "Is anybody there? I have been waiting. All night.",
    )
    first = printed(*PAGE[:11])
    assert outline(first, printed((3.7, "ANN (V.O.)"), (2.5, "All night.")))[-2:] == [
        ("character", "ANN (V.O.)"),
        ("dialogue", "All night."),
    ]


def test_a_heading_of_two_lines_is_one_heading():
    page = printed((1.5, "INT. BOATHOUSE ON THE FAR SIDE OF THE"), (1.5, "HARBOR - NIGHT"), (1.5, ""), *PAGE[2:])
    assert outline(page)[0] == ("scene_heading", "INT. BOATHOUSE ON THE FAR SIDE OF THE HARBOR - NIGHT")
    page = printed((1.5, "INT. BOATHOUSE - NIGHT"), (1.5, ""), (1.5, "BANG."), (1.5, ""), *PAGE[2:])
    assert outline(page)[:2] == [("scene_heading", "INT. BOATHOUSE - NIGHT"), ("action", "BANG.")]


def test_text_of_a_pdf_has_no_emphasis_marks():
    assert all(element.literal for element in all_elements(read_pdf(pdf_bytes([printed(*PAGE)]))))


def test_a_header_with_the_page_number_in_its_line_is_no_script():
    pages = [[Printed(1.5, 0.5, f"BOATHOUSE  Rev. 2  {number}."), *printed(*PAGE)] for number in (1, 2, 3)]
    screenplay = read_pdf(pdf_bytes(pages))
    assert [scene.page for scene in screenplay.scenes] == ["1", "2", "3"]
    assert all("Rev" not in element.text for element in all_elements(screenplay))


@pytest.mark.parametrize("first", [[(1.5, "It was a dark night."), (1.5, "And so on.")], [(1.5, "by")] * 41])
def test_a_page_of_prose_before_the_first_heading_is_no_title_page(first):
    screenplay = read_pdf(pdf_bytes([printed(*first), printed(*PAGE)]))
    assert screenplay.title_page == {}
    assert screenplay.scenes[0].heading == ""


def test_a_cue_continued_after_action_stays_a_cue():
    second = printed((3.7, "ANN (CONT'D)"), (2.5, "All night."))
    assert outline(printed(*PAGE), second)[-2:] == [("character", "ANN (CONT'D)"), ("dialogue", "All night.")]


def test_a_paragraph_across_pages_is_one_paragraph():
    first = printed(*PAGE[:3])
    second = printed((1.5, "looks."), (1.5, ""), *PAGE[6:])
    assert outline(first, second)[1] == ("action", "Ann lifts the lamp. It is heavier than it looks.")


def test_marks_of_the_page_are_no_script():
    first = [*printed(*PAGE), Printed(5.5, 10.3, "(CONTINUED)"), Printed(7.3, 1.0 + 2 * LINE, "*")]
    second = [
        Printed(1.5, 0.5, "BOATHOUSE  Rev. 2"),
        Printed(7.2, 0.5, "14A."),
        *printed((1.5, "CONTINUED: (2)"), (1.5, ""), (1.5, "She goes. *")),
    ]
    assert outline(first, second)[-1] == ("action", "She goes. *")
    third = [Printed(1.5, 0.5, "BOATHOUSE  Rev. 2"), Printed(7.2, 0.5, "15."), *printed((1.5, "INT. BARN - DAY"))]
    screenplay = read_pdf(pdf_bytes([first, second, third]))
    assert [element.text for element in all_elements(screenplay)][-3:] == [
        "She waits.",
        "She goes. *",
        "INT. BARN - DAY",
    ]
    assert [scene.page for scene in screenplay.scenes] == ["", "15"]


@pytest.mark.parametrize(
    "row",
    [
        [(1.0, "12A"), (1.5, "INT. BARN - DAY"), (7.4, "12A")],
        [(0.8, "12A."), (1.5, "INT. BARN - DAY")],
        [(1.5, "INT. BARN - DAY"), (7.4, "12A")],
        [(1.0, "12A  INT. BARN - DAY"), (7.4, "12A")],
    ],
)
def test_scene_numbers_in_the_margins_become_the_number(row):
    page = printed(*PAGE)
    page += [Printed(left, 5.0, text) for left, text in row]
    scene = read_pdf(pdf_bytes([page])).scenes[1]
    assert (scene.number, scene.heading) == ("12A", "INT. BARN - DAY")


def test_an_omitted_scene_keeps_its_number():
    page = [*printed(*PAGE), *[Printed(left, 5.0, text) for left, text in [(1.0, "13"), (1.5, "OMITTED"), (7.4, "13")]]]
    scene = read_pdf(pdf_bytes([page])).scenes[1]
    assert (scene.number, scene.heading) == ("13", "OMITTED")


def test_speeches_side_by_side_are_a_dual_dialogue():
    page = printed(*PAGE[:12])
    rows = [("BEN", "KIT (O.S.)", 2.6, 5.6), ("Here! Up", "(waving)", 1.7, 4.9), ("here!", "No, here!", 1.7, 4.7)]
    for index, (left, right, left_edge, right_edge) in enumerate(rows):
        page += [Printed(left_edge, 4 + index * LINE, left), Printed(right_edge, 4 + index * LINE, right)]
    page.append(Printed(1.5, 5, "She turns."))
    found = all_elements(read_pdf(pdf_bytes([page])))[5:]
    assert [(part.type.value, part.text, part.character, part.dual) for part in found] == [
        ("character", "BEN", "BEN", "left"),
        ("dialogue", "Here! Up here!", "BEN", "left"),
        ("character", "KIT (O.S.)", "KIT", "right"),
        ("parenthetical", "(waving)", "KIT", "right"),
        ("dialogue", "No, here!", "KIT", "right"),
        ("action", "She turns.", "", ""),
    ]


def test_transitions_and_centred_lines_are_told_by_their_place():
    page = printed(*PAGE, (1.5, ""), (6.2, "SMASH TO:"), (1.5, ""), (6.0, "IRIS OUT:"), (1.5, ""), (4.05, "THE END"))
    found = all_elements(read_pdf(pdf_bytes([page])))[-3:]
    assert [(part.type.value, part.text, part.centered) for part in found] == [
        ("transition", "SMASH TO:", False),
        ("transition", "IRIS OUT:", False),
        ("action", "THE END", True),
    ]


def test_the_first_page_may_be_a_title_page():
    title = [
        *(Printed(3.9, 3.0, "HARBOR"), Printed(3.75, 4.0, "Written by"), Printed(3.8, 4.5, "Anna Bell")),
        *(Printed(1.5, 9.5, "1 Quay Street"), Printed(5.5, 9.5, "3 March 2026")),
    ]
    screenplay = read_pdf(pdf_bytes([title, printed(*PAGE)]))
    assert screenplay.title_page == {
        "Title": ["HARBOR"],
        "Credit": ["Written by"],
        "Author": ["Anna Bell"],
        "Contact": ["1 Quay Street"],
        "Draft date": ["3 March 2026"],
    }
    assert len(screenplay.scenes) == 1


def test_a_slanted_watermark_is_no_text():
    plain = read_pdf(pdf_bytes([printed(*PAGE)]))
    assert facts(read_pdf(pdf_bytes([printed(*PAGE)], rotated="COPY 17"))) == facts(plain)


def test_bold_that_is_printed_twice_is_read_once():
    page = printed(*PAGE)
    page += [Printed(line.left + 0.01, line.top, line.text) for line in page]
    assert outline(page) == outline(printed(*PAGE))


def test_words_of_a_proportional_font_stay_apart():
    page = [Printed(line.left, line.top, line.text, "F2") for line in printed(*PAGE)]
    assert ("dialogue", "Is anybody there? I have been waiting.") in outline(page)


def test_a_scan_is_refused_with_a_sentence():
    with pytest.raises(ScreenplayError, match=r"pages are pictures.*OCR"):
        read_pdf(pdf_bytes([[], []]))


def test_a_script_of_too_many_pages_is_refused_with_a_sentence():
    with pytest.raises(ScreenplayError, match="401 pages; a script may have at most 400"):
        read_pdf(pdf_bytes([[]] * 401))


def test_a_damaged_file_is_refused_with_a_sentence():
    with pytest.raises(ScreenplayError, match="is damaged"):
        read_pdf(b"%PDF-1.4\nnothing")


def test_a_file_without_headings_says_so():
    screenplay = read_pdf(pdf_bytes([printed((1.5, "It was a dark and stormy night."))]))
    assert "No scene heading" in screenplay.warnings[0].message
    assert [element.text for element in all_elements(screenplay)] == ["It was a dark and stormy night."]


LAID_OUT = """\
                              THE LAST BUS

                              Written by

                              Anna Bell

               FADE IN:

     1         EXT. BUS STOP - NIGHT                                 1

               Rain on an empty road. One lamp burns over a
               bench.

                                   NORA
                              (softly)
                         He is not an animal. He is
                         homesick.

                                                  CUT TO:
                                                                   2.

     2         INT. BUS - CONTINUOUS                                 2

               Warm light.
"""


def test_text_laid_out_with_spaces_is_read_by_its_columns():
    assert is_laid_out(LAID_OUT)
    screenplay = read_laid_out(LAID_OUT)
    assert screenplay.title_page == {"Title": ["THE LAST BUS"], "Credit": ["Written by"], "Author": ["Anna Bell"]}
    assert [(element.type.value, element.text, element.line) for element in all_elements(screenplay)] == [
        ("transition", "FADE IN:", 7),
        ("scene_heading", "EXT. BUS STOP - NIGHT", 9),
        ("action", "Rain on an empty road. One lamp burns over a bench.", 11),
        ("character", "NORA", 14),
        ("parenthetical", "(softly)", 15),
        ("dialogue", "He is not an animal. He is homesick.", 16),
        ("transition", "CUT TO:", 19),
        ("scene_heading", "INT. BUS - CONTINUOUS", 22),
        ("action", "Warm light.", 24),
    ]
    assert [scene.number for scene in screenplay.scenes] == ["", "1", "2"]


def test_form_feeds_divide_laid_out_text_into_pages():
    number = " " * 67 + "2.\n"
    text = LAID_OUT.replace(number, "").replace("     2         INT", f"\f{number}\n     2         INT")
    scenes = read_laid_out(text).scenes
    assert [scene.page for scene in scenes] == ["", "", "2"]
    assert scenes[-1].elements[0].line == 23


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["          x\n", "          A\n     b\n\n", "12. INT. A - DAY\n\n          JO\n     hi\n", "a   "]
)
def test_a_megabyte_of_laid_out_text_takes_no_more_than_its_size(unit):
    text = "INT. A - DAY\n\nINT. B - DAY\n\n" + unit * (2**20 // len(unit))
    begin = time.process_time()
    read_laid_out(text)
    assert time.process_time() - begin < 20


def test_text_without_columns_is_not_laid_out():
    assert not is_laid_out("INT. A - DAY\n\nHe goes.\n\nANN\nYes.\n\nINT. B - DAY\n\nx")
