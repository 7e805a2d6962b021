"""What scene headings say."""

from __future__ import annotations

import pytest

from projects.screenplay.headings import location_key, parse_heading, resolve_time, split_number


@pytest.mark.parametrize(
    ("text", "int_ext"),
    [
        ("INT. HOUSE - DAY", "INT"),
        ("EXT. ROAD - DAY", "EXT"),
        ("ext road - day", "EXT"),
        ("INT HOUSE - DAY", "INT"),
        ("EST. CITY - DAY", "EXT"),
        ("INT./EXT. CAR - DAY", "INT/EXT"),
        ("INT/EXT CAR - DAY", "INT/EXT"),
        ("EXT/INT. CAR - DAY", "INT/EXT"),
        ("EXT./INT. CAR - DAY", "INT/EXT"),
        ("I/E CAR - DAY", "INT/EXT"),
        ("I./E. CAR - DAY", "INT/EXT"),
        ("SNIPER SCOPE POV", ""),
        ("INTERIOR DESIGN STUDIO", ""),
        ("EXTRA LARGE ROOM", ""),
    ],
)
def test_the_beginning_says_inside_or_outside(text, int_ext):
    assert parse_heading(text).int_ext == int_ext


@pytest.mark.parametrize(
    ("text", "location", "sub_location", "time_of_day"),
    [
        ("INT. HOUSE - DAY", "HOUSE", "", "DAY"),
        ("INT. HOUSE -- NIGHT", "HOUSE", "", "NIGHT"),
        ("INT. HOUSE--NIGHT", "HOUSE", "", "NIGHT"),
        ("INT. HOUSE – NIGHT", "HOUSE", "", "NIGHT"),
        ("INT. HOUSE—NIGHT", "HOUSE", "", "NIGHT"),
        ("INT. HOUSE, NIGHT", "HOUSE", "", "NIGHT"),
        ("INT. HOUSE. NIGHT.", "HOUSE", "", "NIGHT"),
        ("INT. HOUSE - KITCHEN - NIGHT", "HOUSE", "KITCHEN", "NIGHT"),
        ("INT. HOUSE - KITCHEN - PANTRY - NIGHT", "HOUSE", "KITCHEN - PANTRY", "NIGHT"),
        ("INT. HOUSE", "HOUSE", "", ""),
        ("INT. HOUSE - KITCHEN", "HOUSE", "KITCHEN", ""),
        ("INT. CO-OP - DAY", "CO-OP", "", "DAY"),
        ("int. mara's flat - late afternoon", "MARA'S FLAT", "", "LATE AFTERNOON"),
        ("INT. HOUSE - 3:00 pm", "HOUSE", "", "3:00 PM"),
        ("EXT. ROAD - MAGIC HOUR", "ROAD", "", "MAGIC HOUR"),
        ("EXT. ROAD - MOMENTS LATER", "ROAD", "", "MOMENTS LATER"),
        ("EXT. ROAD - THE NEXT MORNING", "ROAD", "", "THE NEXT MORNING"),
        ("EXT. ROAD - NIGHT - CONTINUOUS", "ROAD", "", "NIGHT - CONTINUOUS"),
    ],
)
def test_place_and_time_are_split(text, location, sub_location, time_of_day):
    heading = parse_heading(text)
    assert (heading.location, heading.sub_location, heading.time_of_day) == (location, sub_location, time_of_day)


@pytest.mark.parametrize(
    ("text", "location", "sub_location"),
    [
        ("INT. NIGHT TRAIN", "NIGHT TRAIN", ""),
        ("INT. HOTEL - MORNING ROOM", "HOTEL", "MORNING ROOM"),
        ("EXT. LOS ANGELES - SUNSET BOULEVARD", "LOS ANGELES", "SUNSET BOULEVARD"),
        ("INT. LEEDS, YORKSHIRE", "LEEDS, YORKSHIRE", ""),
        ("EXT. DAY", "DAY", ""),
    ],
)
def test_a_place_named_after_a_time_stays_a_place(text, location, sub_location):
    heading = parse_heading(text)
    assert (heading.location, heading.sub_location, heading.time_of_day) == (location, sub_location, "")


def test_a_heading_that_is_only_a_time_has_no_place():
    heading = parse_heading("MOMENTS LATER")
    assert (heading.int_ext, heading.location, heading.time_of_day) == ("", "", "MOMENTS LATER")


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("INT. HOUSE - DAY (1962)", ["1962"]),
        ("INT. HOUSE (FLASHBACK) - DAY", ["FLASHBACK"]),
        ("INT. HOUSE - DAY (DREAM) (MARA'S POV)", ["DREAM", "MARA'S POV"]),
        ("INT. HOUSE - DAY - FLASHBACK", ["FLASHBACK"]),
    ],
)
def test_remarks_stay_apart_from_the_place(text, markers):
    heading = parse_heading(text)
    assert (heading.location, heading.sub_location, heading.time_of_day) == ("HOUSE", "", "DAY")
    assert heading.markers == markers


@pytest.mark.parametrize(
    ("text", "heading", "number"),
    [
        ("INT. HOUSE - DAY #1#", "INT. HOUSE - DAY", "1"),
        ("INT. HOUSE - DAY #1A#", "INT. HOUSE - DAY", "1A"),
        ("INT. HOUSE - DAY #I-1-A#", "INT. HOUSE - DAY", "I-1-A"),
        ("INT. HOUSE - DAY - FLASHBACK (1944) #1.1#", "INT. HOUSE - DAY - FLASHBACK (1944)", "1.1"),
        ("INT. HOUSE - DAY#110A#", "INT. HOUSE - DAY", "110A"),
        ("INT. HOUSE - DAY ##", "INT. HOUSE - DAY ##", ""),
        ("INT. HOUSE - DAY #1 2#", "INT. HOUSE - DAY #1 2#", ""),
        ("INT. HOUSE #5# - DAY", "INT. HOUSE #5# - DAY", ""),
    ],
)
def test_a_scene_number_stands_between_hashes_at_the_end(text, heading, number):
    assert split_number(text) == (heading, number)


def test_two_spellings_of_a_place_have_one_key():
    assert location_key("Mara’s   flat.") == location_key("MARA'S FLAT") == "MARA'S FLAT"


@pytest.mark.parametrize(
    ("written", "previous", "resolved"),
    [
        ("DAY", "NIGHT", "DAY"),
        ("CONTINUOUS", "NIGHT", "NIGHT"),
        ("SAME TIME", "DUSK", "DUSK"),
        ("MOMENTS LATER", "DAWN", "DAWN"),
        ("", "DAWN", "DAWN"),
        ("CONTINUOUS", "", ""),
        ("EARLY MORNING", "NIGHT", "EARLY MORNING"),
        ("THE NEXT MORNING", "NIGHT", "MORNING"),
        ("LATER THAT NIGHT", "DAY", "NIGHT"),
        ("NIGHT - CONTINUOUS", "DAY", "NIGHT"),
        ("DAY 2 - NIGHT", "DAY", "NIGHT"),
        ("DAY 2", "NIGHT", "DAY"),
        ("DAY FOR NIGHT", "DAY", "NIGHT"),
        ("MAGIC HOUR", "DAY", "MAGIC HOUR"),
        ("3:00 PM", "NIGHT", "AFTERNOON"),
        ("3 AM", "DAY", "NIGHT"),
        ("12:00", "DAY", "NOON"),
        ("12:30 AM", "DAY", "NIGHT"),
    ],
)
def test_a_relative_time_means_the_time_before_it(written, previous, resolved):
    assert resolve_time(written, previous) == resolved
