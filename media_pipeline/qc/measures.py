"""From figures to scores: how good a figure is, 0 to 100, and why one is not measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import log
from statistics import median
from typing import Any

from media_pipeline.media.probe import MediaInfo

VERSION = "rushes-qc 1"
"""Stands beside every score: raise it when a figure or a scale changes."""


@dataclass(frozen=True)
class Asked:
    """What was ordered: size in pixels, whole frames at `rate`, and what is meant to be so.

    `intents` names what the direction asks for and is therefore no fault: still (the picture may stand), held (it
    does not move at all), dark (low key, silhouette), quiet (nobody speaks), and soft, letterbox, strobe, black.
    """

    width: int
    height: int
    frames: int
    rate: Fraction
    intents: frozenset[str] = frozenset()

    @property
    def seconds(self) -> Fraction:
        """Exact length in seconds."""
        return self.frames / self.rate


@dataclass(frozen=True)
class Score:
    """One measurement. `score` is None when it was not measured; `note` then says why."""

    name: str
    kind: str
    score: float | None
    raw: Any = None
    unit: str = ""
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def scale(raw: float, good: float, bad: float) -> float:
    """A figure on a straight line from `good` (100) to `bad` (0)."""
    return round(100 * min(1.0, max(0.0, (raw - bad) / (good - bad))), 2)


def scale_log(raw: float, good: float, bad: float) -> float:
    """As `scale`, by the logarithm: for figures whose ratio is what one sees, such as flicker and noise."""
    return scale(log(max(raw, good)), log(good), log(bad)) if raw > 0 else 100.0


def unmeasured(name: str, kind: str, why: str) -> Score:
    """A measurement that was not made."""
    return Score(name, kind, None, note=why)


def file_scores(info: MediaInfo, figures: Mapping[str, Any], asked: Asked) -> list[Score]:
    """Whether the file is what was ordered: decodes, size, rate, duration."""
    return [
        _decodes(info, figures),
        _size(info, asked),
        _rate(info, asked),
        _duration(info, asked),
    ]


def _decodes(info: MediaInfo, figures: Mapping[str, Any]) -> Score:
    missing = max(0, info.frames - figures["pictures"])
    damage = sorted(info.flags & {"truncated", "corrupt"})
    score = scale(missing / max(1, info.frames), 0, 0.1)
    if damage or figures["damaged"]:
        score = min(score, 50.0)
    said = [f"{missing} of {info.frames} pictures cannot be decoded"] if missing else []
    said += [f"the file is {word}" for word in damage]
    raw = {"pictures": info.frames, "decoded": figures["pictures"]}
    return Score("decodes", "technical", score, raw, "pictures", " and ".join(said))


def _size(info: MediaInfo, asked: Asked) -> Score:
    """How far the picture is enlarged, and how much of the frame its shape leaves as bars; up to 2 % is cropped."""
    raw = f"{info.width}x{info.height}"
    shape = Fraction(info.width, info.height) / Fraction(asked.width, asked.height)
    bars = 1 - min(shape, 1 / shape)
    share = min(Fraction(1), max(Fraction(info.width, asked.width), Fraction(info.height, asked.height)))
    score = min(scale(float(share), 0.98, 0), scale(float(bars), 0.02, 0.25))
    said = [f"{raw} is enlarged to {asked.width}x{asked.height}"] if share < Fraction(98, 100) else []
    said += [f"its shape leaves {float(bars):.0%} of the frame as bars"] if bars > Fraction(2, 100) else []
    return Score("size", "technical", score, raw, "pixels", " and ".join(said))


def _rate(info: MediaInfo, asked: Asked) -> Score:
    if info.rate is None:
        return unmeasured("rate", "technical", "the file holds one picture")
    close = abs(info.rate - asked.rate) <= Fraction(2, 100)
    score = 100.0 if close else 80.0 if info.rate > asked.rate else scale(float(info.rate / asked.rate), 1, 0)
    if "vfr" in info.flags:
        score = min(score, 70.0)
    note = "" if close else f"{float(info.rate):g} frames a second where {float(asked.rate):g} were asked for"
    return Score("rate", "technical", score, str(info.rate), "frames per second", note)


def _duration(info: MediaInfo, asked: Asked) -> Score:
    if info.duration is None:
        return unmeasured("duration", "technical", "the file holds one picture")
    short = asked.seconds - info.duration
    allowed = max(Fraction(1, 10), asked.seconds * Fraction(4, 100))
    raw = {"seconds": round(float(info.duration), 3), "asked": round(float(asked.seconds), 3)}
    if short <= allowed:  # longer is trimmed: what is bought is seldom exactly what is used
        return Score("duration", "technical", 100.0, raw, "seconds")
    note = f"{float(info.duration):.2f} s where {float(asked.seconds):.2f} s were asked for"
    return Score("duration", "technical", scale(float(short / asked.seconds), 0.04, 0.3), raw, "seconds", note)


def picture_scores(figures: Mapping[str, Any], asked: Asked) -> list[Score]:
    """Faults that are seen as time passes: black, freeze, cadence, flicker, and VBench's own flicker where it holds."""
    return [
        _black(figures),
        _freeze(figures, asked),
        _cadence(figures, asked),
        _flicker(figures),
        _vbench(figures, asked),
    ]


def _black(figures: Mapping[str, Any]) -> Score:
    """Black runs of up to half a second at the ends are fades; all others count, one picture too."""
    total, edge = figures["pictures"], figures["rate"] / 2
    runs = [
        [first, length]
        for first, length in figures["black"]
        if length == total or not ((first == 0 or first + length == total) and length <= edge)
    ]
    share = sum(length for _, length in runs) / total
    score = min(80.0, scale(share, 0, 0.2)) if runs else 100.0
    note = f"black for {sum(length for _, length in runs)} of {total} pictures" if runs else ""
    return Score("black", "artifacts", score, round(share, 4), "share of pictures", note, {"runs": runs})


def _freeze(figures: Mapping[str, Any], asked: Asked) -> Score:
    runs = [[first, length] for first, length in figures["still"] if length + 1 >= figures["rate"] / 4]
    share = sum(length for _, length in runs) / max(1, figures["pictures"] - 1)
    if "still" in asked.intents:
        return unmeasured("freeze", "motion", "the shot is asked to stand still")
    note = f"the picture stands still for {round(100 * share)} % of the time" if runs else ""
    return Score("freeze", "motion", scale(share, 0, 0.6), round(share, 4), "share of pictures", note, {"runs": runs})


def _cadence(figures: Mapping[str, Any], asked: Asked) -> Score:
    repeats = figures["repeats"]
    if "still" in asked.intents or repeats is None:
        return unmeasured("cadence", "motion", "hardly anything moves")
    note = f"{round(100 * repeats)} % of the pictures repeat the one before" if repeats > 0.02 else ""
    return Score("cadence", "motion", scale(repeats, 0.02, 0.5), round(repeats, 4), "share of repeats", note)


def _flicker(figures: Mapping[str, Any]) -> Score:
    raw = figures["flicker"]
    if raw is None:
        return unmeasured("flicker", "artifacts", "there are no 13 pictures in a row that are not black")
    note = f"the light wobbles by {100 * raw:.1f} %"
    score = scale_log(raw, 0.004, 0.08)
    return Score("flicker", "artifacts", score, round(raw, 5), "relative rms", note if score < 70 else "")


def _vbench(figures: Mapping[str, Any], asked: Asked) -> Score:
    """The published formula to the letter; it punishes movement, so it is given for held shots only."""
    name = "vbench.temporal_flickering"
    if "held" not in asked.intents or figures["exact_flicker"] is None:
        return unmeasured(name, "artifacts", "not applicable: it is defined for shots that stand still")
    raw = (255 - figures["exact_flicker"]) / 255
    return Score(name, "artifacts", round(100 * raw, 2), round(raw, 6), "VBench (255 - MAE) / 255")


def still_scores(samples: Sequence[Mapping[str, Any]]) -> list[Score]:
    """Faults of single pictures, by the middle one of those that were looked at: sharpness, noise and the others."""
    if not samples:
        why = "the clip is too short to be sampled"
        return [
            unmeasured(name, "technical", why) for name in ("sharpness", "noise", "exposure", "compression", "framing")
        ]
    return [
        _by_median(
            samples, "detail", "sharpness", "share of steps lost by blurring again", 0.58, 0.12, "the picture is soft"
        ),
        _noise(samples),
        _exposure(samples),
        _by_median(samples, "blocks", "compression", "levels of excess at blocks", 0.9, 5, "blocks of coding are seen"),
        _framing(samples),
    ]


def _by_median(
    samples: Sequence[Mapping[str, Any]], figure: str, name: str, unit: str, good: float, bad: float, fault: str
) -> Score:
    found = [sample[figure] for sample in samples if sample[figure] is not None]
    if not found:
        return unmeasured(name, "technical", "there is no detail in the picture to judge")
    raw = median(found)
    score = scale(raw, good, bad)
    return Score(name, "technical", score, round(raw, 4), unit, fault if score < 60 else "")


def _noise(samples: Sequence[Mapping[str, Any]]) -> Score:
    raw = median(sample["noise"] for sample in samples)
    score = scale_log(raw, 1.5, 16)
    return Score(
        "noise", "technical", score, round(raw, 3), "sigma in levels", "the picture is noisy" if score < 45 else ""
    )


def _exposure(samples: Sequence[Mapping[str, Any]]) -> Score:
    """Night and low key pass: a picture is too dark only when hardly anything in it is lit."""
    raw = {key: round(median(sample[key] for sample in samples), 4) for key in ("blown", "crushed", "low", "high")}
    parts = {
        "highlights are burnt out": scale(raw["blown"], 0.15, 0.7),
        "shadows are crushed": scale(raw["crushed"], 0.6, 0.98),
        "hardly anything is lit": scale(raw["high"], 60, 16),
        "there is no contrast": scale(raw["high"] - raw["low"], 30, 4),
    }
    fault, score = min(parts.items(), key=lambda part: part[1])
    return Score("exposure", "technical", score, raw, "shares and levels", fault if score < 50 else "")


def _framing(samples: Sequence[Mapping[str, Any]]) -> Score:
    found = [sample["bars"] for sample in samples if sample["bars"] is not None]
    if not found:
        return unmeasured("framing", "technical", "the picture is too dark to tell bars")
    raw = min(found)  # bars are always there; a dark edge in one picture is none
    note = f"{round(100 * raw)} % of the picture are black bars" if raw > 0.01 else ""
    return Score("framing", "technical", scale(raw, 0.01, 0.21), round(raw, 4), "share of the picture", note)


SOUNDS = ("audio_silence", "audio_clipping", "audio_level")


def sound_scores(figures: Mapping[str, Any], lufs: float | None, asked: Asked) -> list[Score]:
    """Silence, clipping, loudness of a take's own sound. One without sound has no fault: it is laid in the cut."""
    if not figures["seconds"]:
        return [unmeasured(name, "sound", "the take has no sound of its own") for name in SOUNDS]
    return [_silence(figures["silent"], asked), _clipping(figures["clipped"]), _level(lufs, asked)]


def _silence(share: float, asked: Asked) -> Score:
    if "quiet" in asked.intents:
        return unmeasured("audio_silence", "sound", "nobody speaks in the shot")
    note = f"silent for {round(100 * share)} % of the time" if share > 0.5 else ""
    return Score("audio_silence", "sound", scale(share, 0.5, 1), round(share, 4), "share of windows", note)


def _clipping(share: float) -> Score:
    note = f"{100 * share:.2f} % of the samples are clipped" if share > 0.0002 else ""
    return Score("audio_clipping", "sound", scale(share, 0.0002, 0.01), round(share, 6), "share of samples", note)


def _level(lufs: float | None, asked: Asked) -> Score:
    """Wide on purpose: a shot may whisper or shout, and room tone is quiet; the mix is brought to its target later."""
    if lufs is None:
        return unmeasured("audio_level", "sound", "the sound is silence, which has no loudness")
    quiet = 0.0 if "quiet" in asked.intents else -30 - lufs
    outside = max(quiet, lufs + 9, 0.0)
    note = f"{lufs:.1f} LUFS is {'quieter' if lufs < -30 else 'louder'} than a shot should be" if outside else ""
    return Score("audio_level", "sound", scale(outside, 0, 20), round(lufs, 2), "LUFS", note)
