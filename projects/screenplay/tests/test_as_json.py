"""The shape other programs get."""

from __future__ import annotations

import json

from projects.screenplay.as_json import to_json
from projects.screenplay.fountain import read_fountain

TEXT = """\
Title: X
Author: Ann
Notes:
    one
    two

INT. HOUSE - KITCHEN - CONTINUOUS (1962) #4#

Go.

ANN (V.O.)
(low)
Yes, *yes*.

BEN ^
No.
"""


def test_a_screenplay_becomes_plain_data_of_one_shape():
    data = to_json(read_fountain(TEXT))
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "title_page": {"Title": ["X"], "Author": ["Ann"], "Notes": ["one", "two"]},
        "scenes": [
            {
                "number": "4",
                "heading": "INT. HOUSE - KITCHEN - CONTINUOUS (1962)",
                "int_ext": "INT",
                "location": "HOUSE",
                "sub_location": "KITCHEN",
                "time_of_day": "CONTINUOUS",
                "markers": ["1962"],
                "elements": [
                    part("scene_heading", "INT. HOUSE - KITCHEN - CONTINUOUS (1962)", 7),
                    part("action", "Go.", 9),
                    part("character", "ANN (V.O.)", 11, "ANN", ["V.O."], "left"),
                    part("parenthetical", "(low)", 12, "ANN", ["V.O."], "left"),
                    part("dialogue", "Yes, *yes*.", 13, "ANN", ["V.O."], "left"),
                    part("character", "BEN", 15, "BEN", [], "right"),
                    part("dialogue", "No.", 16, "BEN", [], "right"),
                ],
                "page_eighths": 1,
            }
        ],
        "characters": [{"name": "ANN", "cues": 1, "words": 2}, {"name": "BEN", "cues": 1, "words": 1}],
        "warnings": [],
    }


def part(kind, text, line, character="", extensions=(), dual=""):
    return {
        "type": kind,
        "text": text,
        "character": character,
        "extensions": list(extensions),
        "dual": dual,
        "line": line,
    }


def test_warnings_name_their_line():
    assert to_json(read_fountain("INT. A - DAY\nGo."))["warnings"][0]["line"] == 1
