"""The one document model that every screenplay importer produces.

Raw text is kept exactly as written; what the product compares or searches for
(upper-case headings, cue names without extensions) is derived beside it.
Nothing here knows Django.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ElementType(StrEnum):
    """What one paragraph of a screenplay is."""

    SCENE_HEADING = "scene_heading"
    ACTION = "action"
    CHARACTER = "character"
    PARENTHETICAL = "parenthetical"
    DIALOGUE = "dialogue"
    LYRIC = "lyric"
    TRANSITION = "transition"
    SHOT = "shot"
    SECTION = "section"
    SYNOPSIS = "synopsis"
    NOTE = "note"
    BONEYARD = "boneyard"
    PAGE_BREAK = "page_break"
    OTHER = "other"


PLANNING_TYPES = frozenset(
    {ElementType.SECTION, ElementType.SYNOPSIS, ElementType.NOTE, ElementType.BONEYARD, ElementType.PAGE_BREAK}
)
"""Types that are never printed or filmed: planning text of the writer."""


@dataclass(slots=True)
class StyleSpan:
    """Characters `start` to `end` (exclusive) of a text are set in `style`: "bold", "italic" or "underline"."""

    start: int
    end: int
    style: str


@dataclass(slots=True)
class Element:
    """One paragraph, with the source line (text) or paragraph index (XML, PDF) it came from, from 1.

    `text` is what is printed, without forcing marks, scene number and inline notes. In Fountain and plain text it
    still has its emphasis marks (`emphasis.plain_text` takes them off); `literal` text has none.
    A note or boneyard that stood inside a paragraph follows that paragraph's element and says with `anchor` where.
    """

    type: ElementType
    text: str
    line: int
    character: str = ""  # cue name without extensions, upper case; on cues and on every line of the speech
    extensions: list[str] = field(default_factory=list)  # "V.O.", "CONT'D", ...; on cues and every line of the speech
    dual: str = ""  # "left" or "right" in a dual dialogue, on cues and every line of the speech
    centered: bool = False
    forced: bool = False  # written with a forcing mark in the source
    level: int = 0  # of a section
    kind: str = ""  # the source's own name where it says more than `type` ("Cast List", "General")
    number: str = ""  # of a scene heading
    literal: bool = False  # the text has no emphasis marks: `*` and `_` are plain characters (Final Draft, PDF)
    styles: list[StyleSpan] = field(default_factory=list)  # of literal text
    anchor: int | None = None  # of an inline note or boneyard: offset in the text of the printed element before it
    own_line: bool = False  # the inline note or boneyard stood on a line of its own below that offset


@dataclass(slots=True)
class BreakdownTag:
    """A tagged span of a scene: a breakdown category and the words that were tagged."""

    category: str
    label: str
    line: int


@dataclass(slots=True)
class Scene:
    """A scene: its parsed heading and the elements below it, the heading's own element first.

    A scene without a heading (`heading == ""`) holds what stands before the first one.
    """

    number: str  # as printed in the script ("12A"); "" where the script has no numbers
    heading: str  # as written, without number and forcing mark
    int_ext: str  # "INT", "EXT", "INT/EXT" or "" where the heading does not say
    location: str
    sub_location: str
    time_of_day: str  # as written: "NIGHT", "EARLY MORNING", "CONTINUOUS"; "" where there is none
    markers: list[str]  # in parentheses: "FLASHBACK", "1962"
    elements: list[Element]
    page_eighths: int  # length in eighths of a page, at least 1
    forced: bool = False
    tags: list[BreakdownTag] = field(default_factory=list)
    page: str = ""  # start page where the source says it
    synopsis: str = ""
    sections: list[str] = field(default_factory=list)  # titles of the sections it stands in, outermost first

    @property
    def has_script(self) -> bool:
        """Whether anything but planning text stands below the heading."""
        return any(
            element.type not in PLANNING_TYPES and element.type is not ElementType.SCENE_HEADING
            for element in self.elements
        )


@dataclass(slots=True)
class CharacterTotals:
    """How much one speaker has to say in the whole script."""

    name: str
    cues: int
    words: int


@dataclass(slots=True)
class Remark:
    """Something the reader wants a person to look at, with its line."""

    line: int
    message: str


@dataclass(slots=True)
class Screenplay:
    """A whole script. `title_page` keeps the order and every key of the source."""

    title_page: dict[str, list[str]]
    scenes: list[Scene]
    characters: list[CharacterTotals]
    warnings: list[Remark]
    format: str = "fountain"  # "fountain", "fdx", "pdf", "text"


class ScreenplayError(ValueError):
    """The file cannot be read as a screenplay; the message is a sentence for a person."""
