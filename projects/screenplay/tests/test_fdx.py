"""Final Draft files."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects.screenplay.fdx import read_fdx
from projects.screenplay.fountain import read_fountain, write_fountain
from projects.screenplay.model import BreakdownTag, Element, ElementType, ScreenplayError
from projects.screenplay.tests.reading import all_elements

HARBOR = (Path(__file__).parent / "inputs" / "harbor.fdx").read_bytes()


def script(*paragraphs: str) -> bytes:
    return (
        f'<FinalDraft DocumentType="Script" Version="6"><Content>{"".join(paragraphs)}</Content></FinalDraft>'.encode()
    )


def paragraph(kind: str, text: str) -> str:
    return f'<Paragraph Type="{kind}"><Text>{text}</Text></Paragraph>'


@pytest.fixture(scope="module")
def harbor():
    return read_fdx(HARBOR)


def test_the_paragraph_type_decides_what_a_paragraph_is(harbor):
    assert [(element.type.value, element.text) for element in all_elements(harbor)] == [
        ("scene_heading", "INT. BOATHOUSE - NIGHT (1962)"),
        ("synopsis", "The return"),
        ("synopsis", "Ann comes back."),
        ("note", "ANN: She hopes."),
        ("action", "ANN lifts the brass lamp high. 2*3."),
        ("note", "Kit: Check the lamp."),
        ("shot", "Close on the lamp"),
        ("character", "ANN (v.o.)"),
        ("parenthetical", "(low)"),
        ("dialogue", "Is anybody there?"),
        ("note", "Alternative: Hello?"),
        ("character", "BEN"),
        ("dialogue", "Here!"),
        ("character", "KIT"),
        ("parenthetical", "(waving)"),
        ("dialogue", "Here!"),
        ("transition", "MATCH CUT:"),
        ("page_break", "==="),
        ("scene_heading", "THE OPEN SEA"),
        ("section", "The storm"),
        ("synopsis", "It builds up."),
        ("note", "Ask the harbour master."),
        ("other", "1963"),
        ("other", "ANN, BEN"),
        ("action", "The lamp and the dog go down."),
        ("lyric", "La la"),
    ]


def test_headings_bring_number_page_and_length(harbor):
    first, second = harbor.scenes
    assert (first.number, first.page, first.page_eighths) == ("12A", "3", 15)
    assert (first.int_ext, first.location, first.time_of_day, first.markers) == ("INT", "BOATHOUSE", "NIGHT", ["1962"])
    assert first.synopsis == "The return\nAnn comes back."
    assert (second.number, second.int_ext, second.location, second.page_eighths) == ("", "", "THE OPEN SEA", 3)


def test_a_length_that_cannot_be_read_is_measured():
    data = b'<Paragraph Type="Scene Heading"><SceneProperties Length="long"/><Text>INT. A - DAY</Text></Paragraph>'
    assert read_fdx(script(data.decode())).scenes[0].page_eighths == 1


def test_a_speech_keeps_its_speaker_and_its_column(harbor):
    speeches = [
        (element.character, element.extensions, element.dual)
        for element in all_elements(harbor)
        if element.type is ElementType.DIALOGUE
    ]
    assert speeches == [("ANN", ["V.O."], ""), ("BEN", [], "left"), ("KIT", [], "right")]
    assert [(total.name, total.cues, total.words) for total in harbor.characters] == [
        ("ANN", 1, 3),
        ("BEN", 1, 1),
        ("KIT", 1, 1),
    ]


def test_tags_become_breakdown_elements_of_their_scene(harbor):
    first, second = harbor.scenes
    assert first.tags == [BreakdownTag("Props", "Brass lamp", 3)]
    assert [(tag.category, tag.label) for tag in second.tags] == [
        ("Props", "Brass lamp"),
        ("Animals", "Dog"),
        ("Drones", "dog"),
    ]


def test_unknown_types_are_kept_with_their_name_and_listed(harbor):
    others = [element.kind for element in all_elements(harbor) if element.type is ElementType.OTHER]
    assert others == ["Chyron", "Cast List"]
    assert [remark.message for remark in harbor.warnings if "Chyron" in remark.message]
    assert not [remark.message for remark in harbor.warnings if "Cast List" in remark.message]


def test_the_title_page_is_sorted_under_keys(harbor):
    assert harbor.title_page == {
        "Title": ["HARBOR"],
        "Credit": ["Written by"],
        "Author": ["Anna Bell"],
        "Source": ["Based on the song by Kit Moor"],
        "Draft date": ["Second draft, 3 March 2026"],
        "Contact": ["1 Quay Street"],
    }


def test_a_paragraph_outside_the_content_is_not_script(harbor):
    assert "Not script" not in [element.text for element in all_elements(harbor)]


def test_a_final_draft_script_survives_as_fountain(harbor):
    text = write_fountain(harbor)
    again = read_fountain(text)
    assert again.title_page == harbor.title_page
    assert [(scene.number, scene.heading) for scene in again.scenes] == [
        (scene.number, scene.heading) for scene in harbor.scenes
    ]
    assert "the ***brass lamp*** high. 2\\*3." in text
    assert again.characters == harbor.characters
    duals = [element.dual for element in all_elements(again) if element.dual]
    assert duals == ["left", "left", "right", "right", "right"]


def test_a_parenthetical_gets_its_parentheses():
    data = script(paragraph("Character", "ANN"), paragraph("Parenthetical", "low"), paragraph("Dialogue", "Yes."))
    assert all_elements(read_fdx(data))[1].text == "(low)"


def test_paragraphs_of_spaces_are_no_elements():
    assert all_elements(
        read_fdx(script(paragraph("Action", "  "), paragraph("Character", ""), paragraph("Action", "x")))
    ) == [Element(ElementType.ACTION, "x", 3, literal=True)]


def test_dialogue_without_a_cue_is_warned_about():
    assert [remark.line for remark in read_fdx(script(paragraph("Dialogue", "Yes."))).warnings] == [1]


def test_a_file_without_text_says_so():
    assert "no text" in read_fdx(script()).warnings[0].message


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE FinalDraft [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    + b"]><FinalDraft><Content><Paragraph><Text>&i;</Text></Paragraph></Content></FinalDraft>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE FinalDraft [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<FinalDraft><Content><Paragraph><Text>&a;</Text></Paragraph></Content></FinalDraft>"
)


@pytest.mark.parametrize("data", [BOMB, OUTSIDE], ids=["entity bomb", "outside file"])
def test_entities_are_refused_with_a_sentence(data):
    with pytest.raises(ScreenplayError, match="entities or outside references"):
        read_fdx(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (HARBOR[:2000], "is damaged"),
        (b"<html><body/></html>", "not a Final Draft script"),
        (b'<FinalDraft Version="5"/>', "no <Content>"),
        (b"<FinalDraft>" + b"<a>" * 100_000, "nested or filled"),
        (b'<?xml version="1.0" encoding="no-such"?><FinalDraft/>', "is damaged"),
    ],
)
def test_what_is_no_final_draft_script_is_refused_with_a_sentence(data, message):
    with pytest.raises(ScreenplayError, match=message):
        read_fdx(data)


def test_other_encodings_are_read():
    data = '<?xml version="1.0" encoding="utf-16"?>' + script(paragraph("Action", "Été")).decode()
    assert all_elements(read_fdx(data.encode("utf-16")))[0].text == "Été"
