"""What a shot planner is given and what it answers, whoever does the planning.

Rules and language models plan behind the same `ShotPlanner`. Both work on the same numbered beats,
so a plan never rewrites the script: it only says which beats a shot holds and how they are filmed.

Times are `Fraction` seconds from the start of the shot (lines) or plain lengths (beats, shots).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from projects.screenplay.model import Scene

GRID = Fraction(1, 4)
"""Shot lengths are whole quarter seconds: a whole number of frames at 24, 48 and 60 fps, and legible in a list."""

SPEECH_PACE = {"slow": Fraction(4, 5), "medium": Fraction(1), "fast": Fraction(27, 25)}
"""How pacing bends the speed of speech: 2.0, 2.5 and 2.7 words a second at the default rate (reference, section 5)."""

ACTION_STRETCH = {"slow": Fraction(6, 5), "medium": Fraction(1), "fast": Fraction(17, 20)}
"""How pacing bends the time an action is given. Ours: no source gives numbers; a fifth is felt and not strange."""

SHOT_TARGET = {"slow": Fraction(6), "medium": Fraction(5), "fast": Fraction(4)}
"""The length a shot is drawn to, in seconds ("at about 5 s", reference 7.3)."""

REESTABLISH_AFTER = {"slow": 7, "medium": 6, "fast": 5}
"""Shots of a conversation until the geography is shown again (5 to 7, reference 7.2)."""


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """The numbers of planning. `pacing` is a value of `scenes.choices.Pacing`; seconds are Fractions or whole.

    Raises ValueError, naming the setting, when the numbers cannot be planned with.
    """

    pacing: str = "medium"
    words_per_second: Fraction = Fraction(5, 2)
    min_seconds: int = 3
    max_seconds: int = 7
    speech_pause: Fraction = Fraction(2, 5)  # the breath before a speech
    pause_seconds: Fraction = Fraction(1)  # (beat), (pause)
    action_seconds_per_word: Fraction = Fraction(24, 100)
    action_sentence_min: Fraction = Fraction(3, 2)
    longest_action_beat: Fraction = Fraction(13, 2)  # longer sentences of action are cut at clause marks
    description_seconds_per_word: Fraction = Fraction(12, 100)  # what a room looks like is seen at once
    description_sentence_min: Fraction = Fraction(3, 4)
    reading_pause: Fraction = Fraction(1, 2)  # added to the words of a title so that it can be read
    han_per_second: Fraction = Fraction(4)  # spoken Chinese
    kana_per_second: Fraction = Fraction(7)  # spoken Japanese, about 7 to 8 morae
    target_seconds: Fraction | None = None  # None: by pacing

    def __post_init__(self) -> None:
        if self.pacing not in SHOT_TARGET:
            raise ValueError(f"Pacing {self.pacing!r} is unknown. Choose one of: {', '.join(SHOT_TARGET)}.")
        if not 1 <= self.min_seconds <= self.max_seconds:
            raise ValueError(
                f"Shots of {self.min_seconds} to {self.max_seconds} s cannot be planned: "
                "the shortest shot must be at least 1 s and no longer than the longest."
            )
        if self.words_per_second <= 0 or self.han_per_second <= 0 or self.kana_per_second <= 0:
            raise ValueError("The speed of speech must be above 0 words (or characters) a second.")
        if self.speech_pause < 0 or self.pause_seconds < 0 or self.action_seconds_per_word < 0:
            raise ValueError("Pauses and the time of action cannot be below 0 s.")

    @property
    def target(self) -> Fraction:
        """The length in seconds that shots are drawn to, inside the allowed range."""
        wanted = SHOT_TARGET[self.pacing] if self.target_seconds is None else self.target_seconds
        return max(Fraction(self.min_seconds), min(Fraction(self.max_seconds), wanted))

    @property
    def speech_rate(self) -> Fraction:
        """Words a second, pacing included."""
        return self.words_per_second * SPEECH_PACE[self.pacing]

    @property
    def action_stretch(self) -> Fraction:
        """What the time of an action is multiplied with."""
        return ACTION_STRETCH[self.pacing]


@dataclass(frozen=True, slots=True)
class PreviousShot:
    """The last shot of the scene before: what the first shot of this one must not jump against."""

    location: str
    time_of_day: str
    shot_size: str
    camera_angle: str
    cast: tuple[str, ...] = ()  # on camera
    sides: tuple[tuple[str, str], ...] = ()  # of the whole scene: name, side


@dataclass(frozen=True, slots=True)
class SceneContext:
    """What is known about a scene besides its words.

    `time_of_day` is a value of `scenes.choices.TimeOfDay` or "", already resolved: where the heading
    says CONTINUOUS or LATER the caller gives the time of the scene before and sets `continuous`.
    """

    int_ext: str = ""
    location: str = ""
    sub_location: str = ""
    time_of_day: str = ""
    continuous: bool = False
    cast: tuple[str, ...] = ()  # names as in the cues; speakers of the scene are added by the planner
    pronouns: tuple[tuple[str, str], ...] = ()  # name, "she" | "he" | "they"
    props: tuple[str, ...] = ()  # things that matter in this project
    tone: str = ""
    weather: str = ""
    previous: PreviousShot | None = None


class BeatKind(StrEnum):
    """What a beat is to the planner."""

    ACTION = "action"
    DIALOGUE = "dialogue"
    PAUSE = "pause"
    CAMERA = "camera"  # a sub-slug or an order to the camera; takes no time
    TRANSITION = "transition"  # an order to the cutting room; takes no time
    LABEL = "label"  # words of the script that are no event: MONTAGE, an author's aside; takes no time


@dataclass(frozen=True, slots=True)
class CameraCue:
    """What the writer asks of the camera. Empty strings leave the choice to the planner."""

    words: str  # as written: "CLOSE ON THE LETTER"
    size: str = ""
    angle: str = ""
    movement: str = ""
    subject: str = ""  # who or what is to be seen; for a point of view, whose it is
    place: str = ""  # a sub-slug that only names a part of the set
    new_shot: bool = True  # a movement alone carries on inside the running shot


@dataclass(frozen=True, slots=True)
class Beat:
    """The smallest piece of a scene that a shot can hold: one sentence, one pause, one order.

    `text` holds the words of the script (empty for pauses, orders and transitions of their own);
    the words of all beats in order are the words of the scene.
    """

    id: int  # from 1 within the scene
    kind: BeatKind
    text: str
    seconds: Fraction
    line: int  # of the source
    lead: Fraction = Fraction(0)  # the part of `seconds` that passes before a line is spoken
    speaker: str = ""
    extensions: tuple[str, ...] = ()
    parenthetical: str = ""
    off_camera: bool = False  # the speaker need not be in the picture
    voice_over: bool = False
    speech: int = 0  # which speech of the scene, from 1; 0 outside speeches
    paragraph: int = 0  # which element it came from
    dual: str = ""  # "left" or "right" where two speak at once and both fit one shot
    dual_group: int = 0  # which pair of speeches at once, from 1; 0 elsewhere
    continues: bool = False  # the sentence began in the beat before
    opens: bool = False  # must begin a shot
    glued: bool = False  # must stay in the shot of the beat before
    static: bool = False  # describes, nothing happens
    montage: bool = False
    camera: CameraCue | None = None
    transition: str = ""  # value of scenes.choices.Transition
    overlay: str = ""  # text to be laid over the picture
    direction: str = ""  # an order as written, which is no script word: "CUT TO:"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What one person says within one shot; a long speech has a line in each of its shots.

    `speaker` is empty where the script names none (a lyric on its own).
    """

    speaker: str
    text: str
    parenthetical: str
    start: Fraction
    end: Fraction
    voice_over: bool
    off_screen: bool  # heard, not seen, in this shot: by the script, or because the camera is on a listener


@dataclass(frozen=True, slots=True)
class PlannedCharacter:
    """Somebody in a shot. `side` is left, centre or right; `facing` is camera, left, right or away."""

    name: str
    side: str
    on_camera: bool
    facing: str
    emotion: str


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """One shot of 3 to 7 s. Closed lists use the values of `scenes.choices`."""

    number: int  # from 1 within the scene
    beats: tuple[int, ...]
    text: str  # the script's own words of action and dialogue in this shot
    business: str  # what is done, in the script's words
    lines: tuple[PlannedLine, ...]
    cast: tuple[PlannedCharacter, ...]
    props: tuple[str, ...]
    seconds: Fraction
    shot_size: str
    camera_angle: str
    camera_movement: str
    lens_mm: int
    purpose: str
    prompt: str
    motion_prompt: str
    continuity_link: bool  # begins on the last frame of the shot before
    overlay_text: str
    transition_out: str
    approach: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScenePlan:
    """The shots of a scene and who planned them."""

    shots: tuple[PlannedShot, ...]
    seconds: Fraction
    planner: str
    version: str
    warnings: tuple[str, ...] = ()
    transition_in: str = ""
    setting: str = ""  # what the script says the place looks like
    sides: tuple[tuple[str, str], ...] = ()  # where each person is kept in the frame, for the next scene
    beats: tuple[Beat, ...] = ()


class ShotPlanner(Protocol):
    """Anything that can turn a scene into shots."""

    def plan(self, scene: Scene, context: SceneContext, settings: PlanSettings) -> ScenePlan:
        """The shots of `scene`. Must hold what `scenes.planning.invariants` checks."""
        ...
