"""What every provider speaks: capabilities, typed requests and results, and the verbs around a paid call.

A request carries everything a provider may need; a provider uses what its capability knows and refuses,
by a sentence and before money is reserved, what it cannot honour. Results name files in a work folder of the
call; the engine stores, hashes and probes them before the step counts as succeeded.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer


def _to_fraction(value: Any) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(str(value))


Rational = Annotated[Fraction, BeforeValidator(_to_fraction), PlainSerializer(str, return_type=str)]
"""A Fraction that survives JSON as "24000/1001"."""


class Capability(StrEnum):
    """What a provider can be asked for; the values stand in model profiles."""

    IMAGE = "image"
    IMAGE_EDIT = "image_edit"
    UPSCALE = "upscale"
    VISION_QUERY = "vision_query"
    VIDEO = "video"
    TRAIN_IDENTITY = "train_identity"
    SPEECH = "speech"
    MUSIC = "music"
    SOUND_EFFECT = "sound_effect"
    LIP_SYNC = "lip_sync"
    TEXT = "text"
    KNOWLEDGE = "knowledge"
    WORLD = "world"


class Record(BaseModel):
    """Base of everything that is stored as JSON with a step: frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BriefCharacter(Record):
    """One person of the cast in a shot, as a storyboard artist needs to know them."""

    name: str
    side: Literal["left", "centre", "right"] = "centre"
    on_camera: bool = True
    facing: Literal["camera", "left", "right", "away"] = "camera"
    emotion: str = ""
    look_seed: int = 0  # stable per character: the same person looks the same in every shot
    height: Rational = Fraction(1)  # scale height, 1 = an adult


class BriefLine(Record):
    """A line heard in the shot and when, in frames from the shot's first frame."""

    speaker: str
    text: str
    start_frame: int
    end_frame: int
    voice_over: bool = False


class ShotBrief(Record):
    """The scene's own data about one shot: what the animatic draws and writes on its slate."""

    asset_name: str
    project_title: str
    heading: str
    scene_number: str
    shot_number: int
    take_number: int
    business: str = ""
    int_ext: str = ""  # INT, EXT, INT/EXT or ""
    location: str = ""
    sub_location: str = ""
    time_of_day: str = "day"  # a value of Direction's time of day
    weather: str = ""
    atmosphere: str = ""
    shot_size: str = "medium"  # values of Direction.ShotSize (scenes.choices)
    camera_angle: str = "eye_level"
    camera_movement: str = "static"
    purpose: str = ""
    props: tuple[str, ...] = ()
    cast: tuple[BriefCharacter, ...] = ()
    lines: tuple[BriefLine, ...] = ()
    overlay_text: tuple[str, ...] = ()  # SUPER: and titles the script asks for


class ImageRequest(Record):
    """One still. `references` are stored media digests; sizes in pixels."""

    capability: Literal[Capability.IMAGE] = Capability.IMAGE
    prompt: str
    negative_prompt: str = ""
    width: int = Field(gt=0, le=8192)
    height: int = Field(gt=0, le=8192)
    seed: int = 0
    brief: ShotBrief | None = None


class VideoRequest(Record):
    """A moving shot from a start image (`start_image`: sha256 of a stored media asset)."""

    capability: Literal[Capability.VIDEO] = Capability.VIDEO
    prompt: str
    negative_prompt: str = ""
    start_image: str
    width: int = Field(gt=0, le=8192)
    height: int = Field(gt=0, le=8192)
    frames: int = Field(gt=0)
    rate: Rational
    seed: int = 0
    brief: ShotBrief | None = None


Request = ImageRequest | VideoRequest


class ResultFile(Record):
    """A file the provider made, in the call's work folder."""

    path: Path
    kind: Literal["image", "video", "audio", "weights", "document"]


class Result(Record):
    """What came back: files, and words where the capability answers in words."""

    files: tuple[ResultFile, ...] = ()
    text: str = ""
    data: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = None
    provenance: dict[str, Any] = Field(default_factory=dict)  # model, version, digital source type


class Accepted(Record):
    """The provider took the job and will answer later under `request_id`."""

    request_id: str
    data: dict[str, Any] = Field(default_factory=dict)


class Pending(Record):
    """Still at work; `detail` in words for the progress line."""

    detail: str = ""


class CallContext(Protocol):
    """What the engine lends a provider for one call."""

    workdir: Path  # empty, on local disk, removed after the result is stored

    def media(self, sha256: str) -> Path:
        """A local, read-only file with the bytes of a stored media asset."""

    def progress(self, fraction: float) -> None:
        """Share of the call that is done, 0 to 1."""

    def cancelled(self) -> bool:
        """True once a person has asked to stop; long local work looks at it at least once a second."""


class Provider(Protocol):
    """The verbs of a provider. All are synchronous; the poller calls them in threads.

    `local` providers do the work in `submit` and answer at once with a Result. Their work is deterministic
    and costs nothing, so an interrupted submit may simply be made again.
    """

    name: str
    local: bool
    capabilities: frozenset[Capability]

    def submit(self, request: Request, endpoint: str, context: CallContext) -> Accepted | Result: ...

    def poll(self, request_id: str, endpoint: str, data: dict[str, Any]) -> Pending | None:
        """Pending while at work, None once `fetch` may be called."""

    def fetch(self, request_id: str, endpoint: str, data: dict[str, Any], context: CallContext) -> Result: ...

    def cancel(self, request_id: str, endpoint: str, data: dict[str, Any]) -> None: ...
