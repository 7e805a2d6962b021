"""A camera set-up, the ladder of sizes, and what the planner remembers while it covers a scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scenes.choices import CameraMovement as Move
from scenes.choices import ShotSize as Size

from .blocking import Blocking
from .facts import ShotFacts
from .lexicon import BODY, PROPS, READABLE, ROOMS_TOO_SMALL
from .model import PlanSettings, SceneContext
from .people import Names, lower_words

LENSES: dict[str, int] = {
    Size.EXTREME_WIDE: 18,
    Size.WIDE: 24,
    Size.FULL: 28,
    Size.MEDIUM_WIDE: 35,
    Size.POINT_OF_VIEW: 35,
    Size.TWO_SHOT: 40,
    Size.MEDIUM: 50,
    Size.OVER_SHOULDER: 65,
    Size.MEDIUM_CLOSE_UP: 75,
    Size.CLOSE_UP: 85,
    Size.EXTREME_CLOSE_UP: 100,
    Size.INSERT: 100,
}
"""Focal length in mm by size: wide for places, 50 for what people do, 65 to 100 for faces (reference 7.1)."""

LADDER: tuple[str, ...] = (
    Size.EXTREME_WIDE,
    Size.WIDE,
    Size.FULL,
    Size.MEDIUM_WIDE,
    Size.MEDIUM,
    Size.MEDIUM_CLOSE_UP,
    Size.CLOSE_UP,
    Size.EXTREME_CLOSE_UP,
)
"""Sizes a step apart, widest first."""

_LIKE = {
    Size.TWO_SHOT: Size.MEDIUM_WIDE,
    Size.OVER_SHOULDER: Size.MEDIUM,
    Size.POINT_OF_VIEW: Size.MEDIUM_WIDE,
    Size.INSERT: Size.CLOSE_UP,
}
"""Which rung the sizes outside the ladder come nearest to."""

GEOGRAPHY = frozenset({Size.EXTREME_WIDE, Size.WIDE, Size.FULL, Size.MEDIUM_WIDE, Size.TWO_SHOT})
"""Sizes that show who stands where."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A decision. `faces` are seen from the front or the side, `backs` from behind, in the foreground."""

    size: str
    purpose: str
    why: str
    faces: tuple[str, ...] = ()
    backs: tuple[str, ...] = ()
    thing: str = ""
    angle: str = ""
    movement: str = ""
    ordered: bool = False  # the script asked for this size
    linked: bool = False  # begins on the last frame of the shot before
    watcher: str = ""  # whose point of view it is

    @property
    def subject(self) -> tuple[frozenset[str], str, str]:
        """What the 30-degree rule compares: the same faces, the same thing, the same eyes."""
        return frozenset(self.faces), self.thing.lower(), self.watcher


@dataclass(slots=True)
class SetState:
    """What the planner remembers from shot to shot."""

    context: SceneContext
    blocking: Blocking
    names: Names
    settings: PlanSettings
    intercut: bool
    talking: int  # shots of the scene in which somebody speaks
    mentions: dict[str, int]  # how often each thing occurs
    peak: int = -1  # the shot with the strongest line
    frames: list[Frame] = field(default_factory=list)
    facts: list[ShotFacts] = field(default_factory=list)
    since_geography: int = 0
    talked: int = 0
    tightness: int = 0
    at_tightness: set[str] = field(default_factory=set)  # who has had a single at this tightness
    inserted: set[str] = field(default_factory=set)
    deeds: int = 0
    montage: int = 0
    breaths: int = 0  # how often a long speech has left the face of the one who speaks

    @property
    def before(self) -> Frame | None:
        """The frame of the shot before."""
        return self.frames[-1] if self.frames else None

    @property
    def cramped(self) -> bool:
        """Whether the place is too small for a wide shot: the inside of a car, a lift."""
        words = lower_words(f"{self.context.location} {self.context.sub_location}")
        return self.context.int_ext != "EXT" and bool(set(words) & ROOMS_TOO_SMALL)

    def remember(self, frame: Frame, facts: ShotFacts) -> None:
        """Note a decided shot."""
        self.frames.append(frame)
        self.facts.append(facts)
        shown = len(frame.faces) + len(frame.backs)
        geography = frame.size in GEOGRAPHY and (not shown or shown >= min(3, len(facts.present)))
        self.since_geography = 0 if geography else self.since_geography + 1
        self.talked += bool(facts.speakers)
        if frame.thing:
            self.inserted |= {frame.thing.lower(), *facts.props[:1]}


def rung(size: str) -> int:
    """The place of a size on the ladder, 0 the widest."""
    return LADDER.index(_LIKE.get(Size(size), size) if size not in LADDER else size)


def stepped(size: str, steps: int) -> str:
    """The size some steps tighter (or wider, below 0), kept on the ladder."""
    return LADDER[max(0, min(len(LADDER) - 1, rung(size) + steps))]


def lens_of(frame: Frame) -> int:
    """Focal length in mm; a hand-held camera in a fight stands nearer and wider."""
    lens = LENSES[Size(frame.size)]
    return 35 if frame.movement == Move.HANDHELD and 35 < lens <= 75 else lens


def subject_of(words: str, names: Names) -> tuple[str, str]:
    """What an order names, as (person, thing): "MARA" is a person, "MARA'S HANDS" and "THE LETTER" are things."""
    people = names.mentioned(words)
    if not people:
        return "", words
    rest = set(lower_words(words)) - set(lower_words(people[0]))
    if "'" in words or "’" in words:
        owned = {word for word in lower_words(words) if not word.endswith("'s")}
        if owned & {"face", "eyes", "expression"}:
            return people[0], ""
        return "", words
    return (people[0], "") if not rest & BODY else ("", words)


def is_small(thing: str) -> bool:
    """Whether a thing fits a close frame: something held or read, or a part of the body."""
    return bool(set(lower_words(thing)) & (PROPS | READABLE | BODY))


def name_of(name: str) -> str:
    """A cue name as it is written in a sentence: "MARA VANCE" is "Mara Vance", "Guard #2" stays."""
    return " ".join(word.capitalize() if word.isupper() and len(word) > 1 else word for word in name.split())


def names_of(names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    written = [name_of(name) for name in names]
    if len(written) < 2:
        return "".join(written)
    return f"{', '.join(written[:-1])} and {written[-1]}"


def words_of(value: str) -> str:
    """A choice as words: "medium_close_up" is "medium close-up"."""
    return str(value).replace("close_up", "close-up").replace("_", " ")
