"""What a scene of a screenplay is as fields of a Scene."""

from __future__ import annotations

from typing import Any

from projects.screenplay import model
from projects.screenplay.fountain import read_scene
from projects.screenplay.fountain_writer import write_scene
from projects.screenplay.headings import resolve_time

from .choices import TimeOfDay

TIMES = {
    "DAWN": TimeOfDay.DAWN, "SUNRISE": TimeOfDay.DAWN, "MORNING": TimeOfDay.MORNING, "DAY": TimeOfDay.DAY,
    "NOON": TimeOfDay.NOON, "MIDDAY": TimeOfDay.NOON, "AFTERNOON": TimeOfDay.AFTERNOON,
    "MAGIC HOUR": TimeOfDay.GOLDEN_HOUR, "GOLDEN HOUR": TimeOfDay.GOLDEN_HOUR, "EVENING": TimeOfDay.EVENING,
    "DUSK": TimeOfDay.DUSK, "SUNSET": TimeOfDay.DUSK, "TWILIGHT": TimeOfDay.TWILIGHT, "NIGHT": TimeOfDay.NIGHT,
    "MIDNIGHT": TimeOfDay.NIGHT,
}  # fmt: skip
"""What the absolute time words of a slugline are in our list."""


def fields_of(source: model.Scene, *, number: str, sequence: int, time: str) -> dict[str, Any]:
    """Fields of the Scene for a scene as read; `time` is its time of day once CONTINUOUS and LATER are resolved."""
    return {
        "number": number,
        "sequence": sequence,
        "heading": source.heading[:300],
        "int_ext": source.int_ext,
        "location_text": source.location[:200],
        "sub_location": source.sub_location[:200],
        "time_of_day": TIMES.get(time, "") or _time_within(time),
        "page": source.page[:12],
        "length_eighths": source.page_eighths,
        "synopsis": source.synopsis or _first_synopsis(source),
        "screenplay_text": write_scene(source),
    }


def _time_within(words: str) -> str:
    """The time in words such as EARLY MORNING."""
    return next((value for word, value in TIMES.items() if word in words.upper()), "")


def _first_synopsis(source: model.Scene) -> str:
    return next((e.text for e in source.elements if e.type == model.ElementType.SYNOPSIS), "")


def fields_of_text(text: str) -> dict[str, Any]:
    """Fields of a scene that somebody writes as Fountain, its slugline first; number and place are given elsewhere."""
    source = read_scene(text)
    fields = fields_of(source, number="", sequence=0, time=resolve_time(source.time_of_day, ""))
    return {name: value for name, value in fields.items() if name not in {"number", "sequence", "page"}}
