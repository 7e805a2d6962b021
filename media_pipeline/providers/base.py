"""What every provider speaks: capabilities, typed requests and results, and the verbs around a paid call.

A request carries everything a provider may need; a provider uses what its capability knows and refuses,
by a sentence and before money is reserved, what it cannot honour. Results name files in a work folder of the
call; the engine stores, hashes and probes them before the step counts as succeeded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
)


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
    told: tuple[tuple[str, str], ...] = ()  # how they look, fact by fact (media_pipeline.casting.told)

    @model_serializer(mode="wrap")
    def _without_what_is_not_told(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Of whom nothing is told, nothing is said: their requests stay what they were before anything could be."""
        said: dict[str, Any] = handler(self)
        return said if self.told else {name: value for name, value in said.items() if name != "told"}


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


class PortraitBrief(Record):
    """Somebody alone before a plain backdrop, seen from one side: a picture of a turnaround."""

    project_title: str
    character: BriefCharacter
    angle: str = "front"  # a value of characters.models.CharacterReference.Angle
    label: str  # what the picture is called: "Master", "Three-quarter left"


class Identity(Record):
    """Trained weights that keep a character the same (`weights`: sha256 of a stored file), with their strength.

    A video identity is a pair: one entry with `stage` "high_noise" and one with "low_noise".
    """

    weights: str
    scale: Decimal = Field(Decimal("0.5"), ge=0, le=1)
    stage: Literal["all", "high_noise", "low_noise"] = "all"


class Reference(Record):
    """One image that shows how somebody or something looks (`media`: sha256 of a stored asset)."""

    media: str
    kind: Literal["character", "location", "prop", "style", "frame"] = "frame"
    name: str = ""
    description: str = ""


class ImageRequest(Record):
    """One still from words. Sizes in pixels."""

    capability: Literal[Capability.IMAGE] = Capability.IMAGE
    prompt: str
    negative_prompt: str = ""
    width: int = Field(gt=0, le=8192)
    height: int = Field(gt=0, le=8192)
    seed: int = 0
    identities: tuple[Identity, ...] = ()
    brief: ShotBrief | PortraitBrief | None = None


class ImageEditRequest(Record):
    """One still from references and words; the first reference is the picture that is changed."""

    capability: Literal[Capability.IMAGE_EDIT] = Capability.IMAGE_EDIT
    prompt: str
    negative_prompt: str = ""
    references: tuple[Reference, ...] = Field(min_length=1)
    width: int = Field(gt=0, le=8192)
    height: int = Field(gt=0, le=8192)
    seed: int = 0
    identities: tuple[Identity, ...] = ()
    horizontal_angle: int | None = Field(default=None, ge=0, le=360)  # degrees around the subject; 90 is its right side
    vertical_angle: int | None = Field(default=None, ge=-30, le=90)
    brief: ShotBrief | PortraitBrief | None = None


class UpscaleRequest(Record):
    """The same picture with more pixels: `factor` times each side."""

    capability: Literal[Capability.UPSCALE] = Capability.UPSCALE
    image: str
    width: int = Field(gt=0, le=8192)  # of the picture as it is
    height: int = Field(gt=0, le=8192)
    factor: Decimal = Field(Decimal(2), gt=1, le=10)
    seed: int = 0


VISION_TOKENS = 1000
"""The most tokens of an answer to a question about a picture."""


class VisionRequest(Record):
    """A question about a picture, answered in words."""

    capability: Literal[Capability.VISION_QUERY] = Capability.VISION_QUERY
    question: str
    image: str


class VideoRequest(Record):
    """A moving shot. Images and video are sha256 digests of stored assets.

    `start_image` alone is image to video; with `end_image` first-last frame; neither is text to video;
    `source_video` is video to video, and with `start_image` the character that is animated or put in.
    """

    capability: Literal[Capability.VIDEO] = Capability.VIDEO
    prompt: str
    negative_prompt: str = ""
    start_image: str = ""
    end_image: str = ""
    source_video: str = ""
    replace_character: bool = False
    width: int = Field(gt=0, le=8192)
    height: int = Field(gt=0, le=8192)
    frames: int = Field(gt=0)
    rate: Rational
    seed: int = 0
    identities: tuple[Identity, ...] = ()
    brief: ShotBrief | None = None


class TrainingImage(Record):
    """One picture of a training set and what it shows, in natural language."""

    media: str
    caption: str


class TrainIdentityRequest(Record):
    """Train an identity from 5 or more pictures; a video identity comes back as a pair of weights."""

    capability: Literal[Capability.TRAIN_IDENTITY] = Capability.TRAIN_IDENTITY
    images: tuple[TrainingImage, ...] = Field(min_length=5)
    trigger_word: str = Field(min_length=1)
    steps: int = Field(1000, gt=0, le=10000)
    learning_rate: Decimal | None = None
    for_video: bool = False


class SpeechRequest(Record):
    """A line, spoken."""

    capability: Literal[Capability.SPEECH] = Capability.SPEECH
    text: str = Field(min_length=1, max_length=5000)
    voice: str = ""
    language: str = ""
    speed: Decimal = Field(Decimal(1), ge=Decimal("0.5"), le=2)


class MusicRequest(Record):
    """Music by mood and length."""

    capability: Literal[Capability.MUSIC] = Capability.MUSIC
    prompt: str = Field(min_length=10, max_length=2000)
    seconds: Rational
    instrumental: bool = True


class SoundEffectRequest(Record):
    """A sound by description."""

    capability: Literal[Capability.SOUND_EFFECT] = Capability.SOUND_EFFECT
    text: str = Field(min_length=1)
    seconds: Rational
    loop: bool = False


class LipSyncRequest(Record):
    """A video whose speaker's lips follow a sound."""

    capability: Literal[Capability.LIP_SYNC] = Capability.LIP_SYNC
    video: str
    sound: str
    seconds: Rational


class WorldRequest(Record):
    """A 3D object or world from a picture."""

    capability: Literal[Capability.WORLD] = Capability.WORLD
    image: str
    labels: tuple[str, ...] = ()
    seed: int = 0


class TextRequest(Record):
    """A question to a language model; with `answer_schema` (JSON Schema) the answer is JSON of that shape."""

    capability: Literal[Capability.TEXT] = Capability.TEXT
    system: str = ""
    prompt: str = Field(min_length=1)
    answer_schema: dict[str, Any] | None = None
    images: tuple[str, ...] = ()
    max_tokens: int = Field(2000, gt=0, le=64000)
    temperature: Decimal = Field(Decimal("0.2"), ge=0, le=2)
    template: str = ""  # key and version of the prompt template it was rendered from


class KnowledgeRequest(Record):
    """A question to what is known about the production, in words, with a picture where one is meant."""

    capability: Literal[Capability.KNOWLEDGE] = Capability.KNOWLEDGE
    question: str = Field(min_length=1)
    image: str = ""
    limit: int = Field(default=5, gt=0, le=50)


Request = Annotated[
    ImageRequest
    | ImageEditRequest
    | UpscaleRequest
    | VisionRequest
    | VideoRequest
    | TrainIdentityRequest
    | SpeechRequest
    | MusicRequest
    | SoundEffectRequest
    | LipSyncRequest
    | WorldRequest
    | TextRequest
    | KnowledgeRequest,
    Field(discriminator="capability"),
]
"""Anything a provider can be asked for."""


class ResultFile(Record):
    """A file the provider made, in the call's work folder."""

    path: Path
    kind: Literal["image", "video", "audio", "weights", "document"]
    role: str = ""  # which of several: "weights_high_noise"


class Result(Record):
    """What came back: files, and words where the capability answers in words."""

    files: tuple[ResultFile, ...] = ()
    text: str = ""
    data: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = None
    provenance: dict[str, Any] = Field(default_factory=dict)  # model, version, digital source type
    units: Decimal | None = None  # what the provider billed, in its price's unit; None where it does not say
    cost: Decimal | None = None  # what it cost, where the provider names money itself


class Accepted(Record):
    """The provider took the job and will answer later under `request_id`."""

    request_id: str
    data: dict[str, Any] = Field(default_factory=dict)


class Pending(Record):
    """Still at work; `detail` in words for the progress line."""

    detail: str = ""


class Notice(Record):
    """What a provider reports by webhook, verified: the answer of a job is there (or its error)."""

    request_id: str
    payload: dict[str, Any] | None = None


class CallContext(Protocol):
    """What the engine lends a provider for one call."""

    workdir: Path  # empty, on local disk, removed after the result is stored
    profile: Mapping[str, Any]  # the model profile as it was when the step was made
    webhook_url: str  # where the provider may report to; "" where it cannot reach us

    def media(self, sha256: str) -> Path:
        """A local, read-only file with the bytes of a stored media asset."""

    def remember(self, data: dict[str, Any]) -> None:
        """Commit something about the call before it is made: what a lost job could be found by."""

    def progress(self, fraction: float) -> None:
        """Share of the call that is done, 0 to 1."""

    def cancelled(self) -> bool:
        """True once a person has asked to stop; long local work looks at it at least once a second."""


class Provider(Protocol):
    """The verbs of a provider. All are synchronous; the poller calls them in threads.

    `local` providers do the work in `submit` and answer at once with a Result. Their work is deterministic
    and costs nothing, so an interrupted submit may simply be made again.

    One that `keeps_history` can be asked what it has accepted; it calls `context.remember` before it sends, so
    that a step with nothing remembered was never sent.
    """

    name: str
    local: bool
    keeps_history: bool
    capabilities: frozenset[Capability]

    def available(self) -> bool:
        """Whether it is set up here (has its key); profiles of one that is not are passed over."""

    def check(self, request: Request, profile: Mapping[str, Any]) -> None:
        """Raise Refused, before any money is promised, for what the endpoint of this profile cannot honour."""

    def submit(self, request: Request, endpoint: str, context: CallContext) -> Accepted | Result: ...

    def poll(self, request_id: str, endpoint: str, data: dict[str, Any]) -> Pending | None:
        """Pending while at work, None once `fetch` may be called."""

    def fetch(self, request_id: str, endpoint: str, data: dict[str, Any], context: CallContext) -> Result: ...

    def cancel(self, request_id: str, endpoint: str, data: dict[str, Any]) -> bool:
        """Ask to drop a job; True only where it is certain that it will neither run on nor be charged."""

    def find_lost(self, data: Mapping[str, Any], endpoint: str, *, since: datetime) -> list[str]:
        """The ids of the jobs, sent since then, whose requests are exactly what was remembered of a call.

        Empty for a provider without a history.
        """


class RemoteProvider(Provider, Protocol):
    """A provider that may report by webhook."""

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """What the provider reports; raises Refused when it cannot be shown to come from the provider."""
