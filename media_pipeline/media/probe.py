"""What a file is, told by its content: clip, still or sound, with exact frames, rate and length."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from .child import ask


@dataclass(frozen=True)
class MediaInfo:
    """The facts of one media file. Sizes are as seen (turned upright, in square pixels).

    `kind` is "video", "image" or "sound". `frames` counts the pictures really there, `rate` is frames per second (the
    mean when `flags` has "vfr"), `duration` the seconds of the picture (of the sound for kind "sound"); of an image
    both are None. `start` and `audio_start` are when picture and sound begin on the file's own clock.
    `flags`: vfr, rotated, anamorphic, truncated (the index promises more pictures than there are), corrupt (damaged
    packets), hdr, animated (a moving WebP or PNG, taken as its first picture).
    """

    kind: str
    container: str
    codec: str
    size_bytes: int
    width: int = 0
    height: int = 0
    pixel_format: str = ""
    frames: int = 0
    rate: Fraction | None = None
    duration: Fraction | None = None
    start: Fraction = Fraction(0)
    rotation: int = 0
    tagged_colour: bool = True
    has_audio: bool = False
    audio_codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    audio_start: Fraction = Fraction(0)
    audio_duration: Fraction | None = None
    flags: frozenset[str] = frozenset()

    @property
    def described(self) -> str:
        """What it is, for a sentence: “a clip (h264)”."""
        return f"{_NOUNS[self.kind]} ({self.codec})"


_NOUNS = {"video": "a clip", "image": "a still", "sound": "a sound file"}
_TIMES = ("rate", "duration", "start", "audio_start", "audio_duration")


def probe(path: Path) -> MediaInfo:
    """Look into `path` in a limited child process; BrokenMedia with a sentence when it is not media we accept."""
    facts = ask("probe", path)
    facts |= {name: Fraction(facts[name]) for name in _TIMES if name in facts}
    facts["flags"] = frozenset(facts["flags"])
    facts["has_audio"] = bool(facts.get("audio_codec"))
    return MediaInfo(size_bytes=Path(path).stat().st_size, **facts)
