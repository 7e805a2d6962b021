"""Models that answer with sound."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from ..making import Body, Endpoint, Making
from ..sounding import RATE, Samples, effect, music, speech, speech_seconds, write_coded

CODED = r"^(mp3|pcm|opus|ulaw|alaw)_\d+(_\d+)?$"
UNSAID_MUSIC_MS, UNSAID_EFFECT_SECONDS, TRACK_SECONDS = 20_000, Fraction(3), Fraction(30)
"""Lengths the sandbox takes where the model chooses for itself."""

AMERICAN = (
    "af_heart af_alloy af_aoede af_bella af_jessica af_kore af_nicole af_nova af_river af_sarah af_sky am_adam am_echo "
    "am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa"
)
BRITISH = "bf_alice bf_emma bf_isabella bf_lily bm_daniel bm_fable bm_george bm_lewis"


class Eleven(Body):
    """fal-ai/elevenlabs/tts/eleven-v3."""

    text: str = Field(min_length=1, max_length=5000)
    voice: str = "Rachel"
    stability: float = Field(0.5, ge=0, le=1)
    speed: float = Field(1, ge=0.7, le=1.2)
    similarity_boost: float = Field(0.75, ge=0, le=1)
    style: float = Field(0, ge=0, le=1)
    language_code: str | None = None
    timestamps: bool = False
    apply_text_normalization: Literal["auto", "on", "off"] = "auto"


class VoiceSetting(BaseModel):
    """How minimax speaks."""

    voice_id: str = "Wise_Woman"
    speed: float = Field(1, ge=0.5, le=2)
    vol: float = Field(1, ge=0.01, le=10)
    pitch: int = Field(0, ge=-12, le=12)
    emotion: str | None = None
    english_normalization: bool = False


class AudioSetting(BaseModel):
    """How minimax codes."""

    format: Literal["mp3", "pcm", "flac"] = "mp3"
    sample_rate: int = Field(32000, ge=8000, le=48000)
    bitrate: int = Field(128000, ge=32000, le=320000)
    channel: Literal[1, 2] = 1


class TrackSetting(AudioSetting):
    """How minimax codes music."""

    sample_rate: int = Field(44100, ge=8000, le=48000)
    bitrate: int = Field(256000, ge=32000, le=320000)


class MiniMax(Body):
    """fal-ai/minimax/speech-02-hd."""

    text: str = Field(min_length=1, max_length=5000)
    voice_setting: VoiceSetting = Field(default_factory=lambda: VoiceSetting.model_validate({}))
    audio_setting: AudioSetting = Field(default_factory=lambda: AudioSetting.model_validate({}))
    language_boost: str | None = None
    pronunciation_dict: dict[str, Any] | None = None
    output_format: Literal["url", "hex"] = "hex"


class Kokoro(Body):
    """fal-ai/kokoro/american-english."""

    prompt: str = ""
    voice: Literal[tuple(AMERICAN.split())] = "af_heart"  # type: ignore[valid-type]
    speed: float = Field(1, ge=0.1, le=5)


class KokoroBritish(Kokoro):
    """fal-ai/kokoro/british-english; the voice is required."""

    prompt: str
    voice: Literal[tuple(BRITISH.split())]  # type: ignore[valid-type]


class ElevenMusic(Body):
    """fal-ai/elevenlabs/music."""

    prompt: str | None = None
    composition_plan: dict[str, Any] | None = None
    music_length_ms: int | None = Field(None, ge=3000, le=600000)
    force_instrumental: bool = False
    output_format: str = Field("mp3_44100_128", pattern=CODED)
    respect_sections_durations: bool = True

    @model_validator(mode="after")
    def one_of_both(self) -> ElevenMusic:
        """A prompt or a plan is needed."""
        if not self.prompt and not self.composition_plan:
            raise ValueError("Either prompt or composition_plan must be provided")
        return self


class MiniMaxMusic(Body):
    """fal-ai/minimax-music/v2."""

    prompt: str = Field(min_length=10, max_length=2000)
    lyrics_prompt: str = Field(min_length=10, max_length=3000)
    audio_setting: TrackSetting = Field(default_factory=lambda: TrackSetting.model_validate({}))


class Effect(Body):
    """fal-ai/elevenlabs/sound-effects/v2."""

    text: str = Field(min_length=1)
    duration_seconds: float | None = Field(None, ge=0.5, le=22)
    prompt_influence: float = Field(0.3, ge=0, le=1)
    loop: bool = False
    output_format: str = Field("mp3_44100_128", pattern=CODED)


def exact(number: float) -> Fraction:
    """A JSON number as the fraction that was written."""
    return Fraction(str(number))


def sound_file(
    making: Making, samples: Samples, form: str = "mp3", rate: int = RATE, kbit: int = 128, channels: int = 1
) -> dict[str, Any]:
    """Code the samples and give their File."""
    ending = form if form in {"mp3", "flac"} else "wav"
    path = making.path(f".{ending}")
    content_type = write_coded(samples, path, form, rate, kbit, channels)
    making.facts["seconds"] = Fraction(len(samples), rate)
    return making.file(path, f"audio.{ending}", content_type)


def coded_as(name: str) -> tuple[str, int, int]:
    """Codec, samples a second and kbit of a name such as mp3_44100_128."""
    codec, rate, *bits = re.split("_", name)
    return codec, int(rate), int(bits[0]) if bits else 128


def voice_seed(making: Making, voice: str) -> int:
    """The same voice hums at the same pitch in every line."""
    return 0 if making.plain else sum(voice.encode()) * 7


def make_eleven(making: Making) -> dict[str, Any]:
    """Speech, with the times of the words when they are asked for."""
    body = making.body
    seconds = speech_seconds(body.text, exact(body.speed))
    audio = sound_file(making, speech(body.text, seconds, voice_seed(making, body.voice)))
    return {"audio": audio, "timestamps": _timestamps(body.text, seconds) if body.timestamps else None}


def _timestamps(text: str, seconds: Fraction) -> list[dict[str, Any]]:
    each = seconds / len(text)
    starts = [float(each * number) for number in range(len(text))]
    ends = [float(each * (number + 1)) for number in range(len(text))]
    return [{"characters": list(text), "character_start_times_seconds": starts, "character_end_times_seconds": ends}]


def make_minimax(making: Making) -> dict[str, Any]:
    """Speech; with the default "hex" the coded bytes themselves are the answer, as hexadecimal text."""
    body = making.body
    voice, coding = body.voice_setting, body.audio_setting
    seconds = speech_seconds(body.text, exact(voice.speed))
    samples = speech(body.text, seconds, voice_seed(making, voice.voice_id) + voice.pitch, coding.sample_rate)
    kbit = coding.bitrate // 1000
    duration_ms = round(seconds * 1000)
    if body.output_format == "url":
        audio = sound_file(making, samples, coding.format, coding.sample_rate, kbit, coding.channel)
        return {"audio": audio, "duration_ms": duration_ms}
    path = making.path(".coded")
    content_type = write_coded(samples, path, coding.format, coding.sample_rate, kbit, coding.channel)
    return {"audio": {"url": path.read_bytes().hex(), "content_type": content_type}, "duration_ms": duration_ms}


def make_kokoro(making: Making) -> dict[str, Any]:
    """Speech as wav."""
    body = making.body
    seconds = speech_seconds(body.prompt, exact(body.speed))
    samples = speech(body.prompt, seconds, voice_seed(making, body.voice), 24_000)
    return {"audio": sound_file(making, samples, "wav", 24_000)}


def make_music(making: Making) -> dict[str, Any]:
    """Music of the asked milliseconds."""
    codec, rate, kbit = coded_as(making.body.output_format)
    seconds = Fraction(making.body.music_length_ms or UNSAID_MUSIC_MS, 1000)
    return {"audio": sound_file(making, music(seconds, making.seed, rate), codec, rate, kbit)}


def make_track(making: Making) -> dict[str, Any]:
    """One track of the sandbox's own length."""
    coding = making.body.audio_setting
    samples = music(TRACK_SECONDS, making.seed, coding.sample_rate)
    return {"audio": sound_file(making, samples, coding.format, coding.sample_rate, coding.bitrate // 1000)}


def make_effect(making: Making) -> dict[str, Any]:
    """A sound of the asked seconds."""
    body = making.body
    codec, rate, kbit = coded_as(body.output_format)
    seconds = exact(body.duration_seconds) if body.duration_seconds else UNSAID_EFFECT_SECONDS
    return {"audio": sound_file(making, effect(seconds, making.seed, rate), codec, rate, kbit)}


def per_thousand(making: Making, made: dict[str, Any]) -> Decimal:
    """Thousands of characters."""
    return Decimal(len(getattr(making.body, "text", "") or getattr(making.body, "prompt", ""))) / 1000


def per_started_minute(making: Making, made: dict[str, Any]) -> Decimal:
    """Minutes, a started one as a whole."""
    return Decimal(-(-making.facts["seconds"] // 60))


def per_second(making: Making, made: dict[str, Any]) -> Decimal:
    """Seconds of sound."""
    seconds = making.facts["seconds"]
    return round(Decimal(seconds.numerator) / Decimal(seconds.denominator), 3)


def per_track(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit."""
    return Decimal(1)


def _spoken(name: str, body: type[Body], make: Any, price: str) -> Endpoint:
    return Endpoint(name, body, make, per_thousand, "1000 characters", Decimal(price))


ENDPOINTS = (
    _spoken("fal-ai/elevenlabs/tts/eleven-v3", Eleven, make_eleven, "0.10"),
    _spoken("fal-ai/minimax/speech-02-hd", MiniMax, make_minimax, "0.10"),
    _spoken("fal-ai/kokoro/american-english", Kokoro, make_kokoro, "0.02"),
    _spoken("fal-ai/kokoro/british-english", KokoroBritish, make_kokoro, "0.02"),
    Endpoint("fal-ai/elevenlabs/music", ElevenMusic, make_music, per_started_minute, "minute", Decimal("0.60")),
    Endpoint("fal-ai/minimax-music/v2", MiniMaxMusic, make_track, per_track, "track", Decimal("0.15")),
    Endpoint("fal-ai/elevenlabs/sound-effects/v2", Effect, make_effect, per_second, "second", Decimal("0.002")),
)
