"""Time in media: integer frames at a rational rate, never float seconds.

The names of the eight project frame rates are those people use; the values are exact.
"""

from __future__ import annotations

from fractions import Fraction

SAMPLE_RATE = 48_000
"""Sound is laid at 48 kHz everywhere (video's common rate, whole samples per frame at most rates)."""

FRAME_RATES: dict[str, Fraction] = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
    "48": Fraction(48),
    "50": Fraction(50),
    "60": Fraction(60),
}


def frame_rate(name: str) -> Fraction:
    """The exact rate (frames per second) for a project's frame rate as people write it; KeyError when unknown."""
    return FRAME_RATES[name]


def frames_in(seconds: Fraction, rate: Fraction) -> int:
    """How many whole frames `seconds` is at `rate`, to the nearest frame."""
    return round(seconds * rate)


def seconds_of(frames: int, rate: Fraction) -> Fraction:
    """The exact length in seconds of `frames` at `rate`."""
    return Fraction(frames) / rate


def sample_at(frame: int, rate: Fraction) -> int:
    """The 48 kHz sample at which `frame` begins; rounded, since 29.97 fps has no whole samples per frame."""
    return round(frame * SAMPLE_RATE / rate)


def timecode(frame: int, rate: Fraction, start: int = 0) -> str:
    """Non-drop SMPTE timecode HH:MM:SS:FF of a frame number counted at the nominal (rounded) rate."""
    nominal = round(rate)
    total = frame + start
    seconds, frames = divmod(total, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{frames:02d}"
