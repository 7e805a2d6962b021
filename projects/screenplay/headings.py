"""What a scene heading says: inside or outside, where, when, and the remarks in parentheses.

`[INT|EXT|EST|INT/EXT|EXT/INT|I/E][.] LOCATION [- SUB-LOCATION ...] [- TIME] [(MARKER)] [#number#]`
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from projects.screenplay.emphasis import strip_emphasis

_BOTH = r"INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\.?/E|E\.?/I"
NATURAL_PREFIX = re.compile(rf"(?:{_BOTH}|INT|EXT|EST)[. ]", re.IGNORECASE)
"""The start of a line that reads as a scene heading by itself; EXT/INT is tolerated beyond the Fountain rules."""

REVERSED_PREFIX = re.compile(r"EXT\.?\s?/\s?INT|E\.?/I", re.IGNORECASE)

_PREFIX = re.compile(rf"({_BOTH}|INT|EXT|EST)(?:\.\s?|\s|$)", re.IGNORECASE)
_NUMBER = re.compile(r"#([^\W_](?:[\w.\-]*))#$")
_MARKER = re.compile(r"\(([^()]*)\)")
_SEPARATOR = re.compile(r" ?--+ ?| -+ ?|-+ | ?[–—]+ ?")
_LAST_COMMA = re.compile(r"^(.*\S) ?[,./] ?([^,./]+)$")

ABSOLUTE_TIMES = (
    "MAGIC HOUR",
    "GOLDEN HOUR",
    "BLUE HOUR",
    "DAY",
    "NIGHT",
    "MORNING",
    "AFTERNOON",
    "EVENING",
    "DAWN",
    "DUSK",
    "SUNRISE",
    "SUNSET",
    "NOON",
    "MIDDAY",
    "MIDNIGHT",
    "TWILIGHT",
)
_RELATIVE_TIMES = ("CONTINUOUS", "CONT'D", "SAME", "SAME TIME", "LATER", "MOMENTS LATER", "SIMULTANEOUS", "EARLIER")
_CLOCK = r"\d{1,2}(?:[:.]\d\d)? ?[AP]\.?M\b\.?|\d{1,2}:\d\d|\d{1,2} ?O'CLOCK"
_ABSOLUTE = re.compile(rf"\b(?:{'|'.join(ABSOLUTE_TIMES)})\b")
_TIME = re.compile(rf"\b(?:{'|'.join((*ABSOLUTE_TIMES, *_RELATIVE_TIMES))})\b|\b(?:{_CLOCK})")
_STORY_DAY = re.compile(
    r"\b(?:DAY|NIGHT) (?:\d+|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN)\b|\bDAY FOR(?= NIGHT)"
)
_QUALIFIER = re.compile(
    r"\b(?:EARLY|LATE|LATER|NEXT|THE|THAT|THIS|SAME|TIME|FOLLOWING|PREVIOUS|MOMENTS?|SECONDS?|MINUTES?|HOURS?|DAYS?|"
    r"WEEKS?|MONTHS?|YEARS?|A|AN|FEW|SEVERAL|MID|PRE|BEFORE|AFTER|OF|TO|INTO|FOR|AND|IN|AT|ONE|TWO|THREE|FOUR|FIVE|"
    r"SIX|SEVEN|EIGHT|NINE|TEN|\d+)\b"
)
_PLACE_AFTER_TIME = re.compile(
    r"\b(?:DAY|NIGHT|MORNING|EVENING|DAWN|DUSK|SUNRISE|SUNSET|NOON|MIDNIGHT|TWILIGHT|GOLDEN HOUR|LATER) "
    r"(?:ROOM|BOULEVARD|BLVD|STREET|ROAD|AVENUE|DRIVE|CLUB|CAFE|CAFÉ|BAR|CARE|SCHOOL|SHOP|STORE|MARKET|SPA|CLINIC|"
    r"KITCHEN|OFFICE|BUS|TRAIN|MOTEL|HOTEL|INN|DINER|NURSERY|WARD|LOUNGE|BEACH|PARK|HOUSE|HILLS?|TOWER|STATION)\b"
)
_MARKER_PART = re.compile(
    r"(?:FLASH ?BACKS?|FLASH ?FORWARDS?|DREAM(?: SEQUENCE)?|NIGHTMARE|FANTASY|MONTAGE|INTERCUT|MEMORY|PRESENT(?: DAY)?|"
    r"BACK TO SCENE|(?:IN )?(?:1[0-9]|2[0-9])\d\d'?S?|.* POV)$"
)


@dataclass(slots=True)
class Heading:
    """The parts of a scene heading, upper case; empty where the heading does not say."""

    int_ext: str = ""  # "INT", "EXT", "INT/EXT" or ""
    location: str = ""
    sub_location: str = ""
    time_of_day: str = ""
    markers: list[str] = field(default_factory=list)
    number: str = ""


def split_number(text: str) -> tuple[str, str]:
    """Split `#12A#` from the end of a heading; return (heading, number), the number empty where there is none."""
    text = text.strip()
    if not text.endswith("#"):
        return text, ""
    opening = text.rfind("#", 0, len(text) - 1)
    match = _NUMBER.match(text, opening) if opening >= 0 else None
    if match is None:
        return text, ""
    return text[:opening].rstrip(), match.group(1)


def parse_heading(text: str) -> Heading:
    """Take a scene heading (without forcing mark, with or without `#number#`) apart.

    The time is split off from the right, and only where the last part holds a word for a time: everything else is
    part of the place. EST (establishing) shows a place from outside and counts as EXT.
    """
    text, number = split_number(strip_emphasis(text))
    rest = _normal(text)
    heading = Heading(number=number)
    prefix = _PREFIX.match(rest)
    if prefix:
        heading.int_ext = _int_ext(prefix.group(1))
        rest = rest[prefix.end() :]
    heading.markers = [marker.strip() for marker in _MARKER.findall(rest) if marker.strip()]
    rest = " ".join(_MARKER.sub(" ", rest).split())
    parts = [part.strip(" ,") for part in _SEPARATOR.split(rest)]
    parts = [part for part in parts if part]
    tail = _split_markers(parts)
    times = _split_times(parts, may_be_all=not heading.int_ext)
    if tail and not times:
        parts.extend(tail)
    elif tail:
        heading.markers = tail + heading.markers
    heading.time_of_day = " - ".join(times)
    heading.location = parts[0].rstrip(". ") if parts else ""
    heading.sub_location = " - ".join(parts[1:]).rstrip(". ")
    return heading


def location_key(location: str) -> str:
    """Return the form under which two spellings of a place are one: `Mara’s  flat.` and `MARA'S FLAT` match."""
    return _normal(location).rstrip(". ")


def resolve_time(time_of_day: str, previous: str = "") -> str:
    """Return the absolute time of day a heading means, for light and image prompts.

    CONTINUOUS, SAME, LATER and a heading without a time keep `previous` (the resolved time of the scene before);
    EARLY and LATE stay as a qualifier; a clock time becomes the part of the day it falls into.
    """
    text = _normal(time_of_day)
    searched = _STORY_DAY.sub(" ", text)
    match = _ABSOLUTE.search(searched)
    if match:
        before = searched[: match.start()].split()
        qualifier = before[-1] if before and before[-1] in ("EARLY", "LATE") else ""
        return f"{qualifier} {match.group()}".strip()
    clock = re.search(_CLOCK, text)
    if clock:
        return _part_of_day(clock.group())
    story_day = _STORY_DAY.search(text)
    return story_day.group().split()[0] if story_day else previous


def _normal(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").upper().split())


def _int_ext(prefix: str) -> str:
    if "/" in prefix:
        return "INT/EXT"
    return "INT" if prefix == "INT" else "EXT"


def _is_time(part: str) -> bool:
    return bool(_TIME.search(part)) and not _PLACE_AFTER_TIME.search(part)


def _is_only_time(part: str) -> bool:
    """Whether nothing but words of time stands in the part ("EARLY NEXT MORNING", "3:00 PM")."""
    if not _is_time(part):
        return False
    return not re.sub(r"[\s\-,./&']", "", _QUALIFIER.sub(" ", _TIME.sub(" ", part)))


def _split_markers(parts: list[str]) -> list[str]:
    """Take well-known remarks ("FLASHBACK", "1962") off the right end."""
    tail: list[str] = []
    while len(parts) > 1 and _MARKER_PART.match(parts[-1].rstrip(".")):
        tail.insert(0, parts.pop().rstrip("."))
    return tail


def _split_times(parts: list[str], *, may_be_all: bool) -> list[str]:
    """Take the time parts off the right end of `parts`; the last part left is a place unless it may all be time."""
    times: list[str] = []
    while len(parts) > 1 and _is_time(parts[-1]):
        times.insert(0, parts.pop().rstrip("."))
    if times or not parts:
        return times
    if may_be_all and len(parts) == 1 and _is_only_time(parts[0]):
        return [parts.pop().rstrip(".")]
    comma = _LAST_COMMA.match(parts[-1].rstrip("."))
    if comma and _is_only_time(comma.group(2).strip()):
        parts[-1] = comma.group(1).strip()
        return [comma.group(2).strip()]
    return times


def _part_of_day(clock: str) -> str:
    hour = int(re.match(r"\d+", clock).group())  # type: ignore[union-attr]
    if "P" in clock and hour < 12:
        hour += 12
    if "A" in clock and hour == 12:
        hour = 0
    for limit, name in ((5, "NIGHT"), (12, "MORNING"), (13, "NOON"), (18, "AFTERNOON"), (21, "EVENING")):
        if hour < limit:
            return name
    return "NIGHT"
