"""What character cues say."""

from __future__ import annotations

import pytest

from projects.screenplay.cues import Cue, is_off_camera, parse_cue, speakers


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("JOHN", Cue("JOHN")),
        ("JOHN (V.O.)", Cue("JOHN", ["V.O."])),
        ("JOHN (vo)", Cue("JOHN", ["V.O."])),
        ("JOHN (V/O)", Cue("JOHN", ["V.O."])),
        ("JOHN (O.S.) (CONT’D)", Cue("JOHN", ["O.S.", "CONT'D"])),
        ("JOHN (V.O., CONT'D)", Cue("JOHN", ["V.O.", "CONT'D"])),
        ("JOHN (O.S./ON PHONE)", Cue("JOHN", ["O.S.", "ON PHONE"])),
        ("JOHN (and/or his ghost)", Cue("JOHN", ["and/or his ghost"])),
        ("JOHN (PRE LAP)", Cue("JOHN", ["PRE-LAP"])),
        ("HANS (on the radio)", Cue("HANS", ["on the radio"])),
        ("McClane", Cue("MCCLANE")),
        ("O’BRIEN", Cue("O'BRIEN")),
        ("DR.  OKAFOR", Cue("DR. OKAFOR")),
        ("**JOHN** ^", Cue("JOHN", [], dual=True)),
        ("JOHN (O.C.)^", Cue("JOHN", ["O.C."], dual=True)),
        ("R2D2", Cue("R2D2")),
    ],
)
def test_a_cue_is_a_name_with_extensions(text, cue):
    assert parse_cue(text) == cue


@pytest.mark.parametrize("extension", ["V.O.", "O.S.", "O.C.", "PRE-LAP", "on the radio", "ON PHONE", "TV", "FILTERED"])
def test_a_voice_that_is_only_heard_puts_no_face_on_screen(extension):
    assert is_off_camera(["CONT'D", extension])


@pytest.mark.parametrize("extension", ["CONT'D", "INTO PHONE", "SUBTITLED", "OFFERING", "RADIOLOGIST", "whispers"])
def test_other_extensions_leave_the_speaker_in_the_picture(extension):
    assert not is_off_camera([extension])
    assert not is_off_camera([])


def test_one_cue_may_name_several_people():
    assert speakers("ANNA AND BEN") == ["ANNA", "BEN"]
    assert speakers("ANNA/BEN & KIT") == ["ANNA", "BEN", "KIT"]
    assert speakers("SANDRA") == ["SANDRA"]
