"""Loudness: measure by EBU R128, bring a mix to a target, code it, and measure what was coded.

ffmpeg's two-pass `loudnorm` is not used: when the gain would pass the peak limit it silently becomes a leveller, and
after AAC its peaks were 1.3 dB over full scale with -1 asked for. A coder overshoots, so the only figure that counts is
the one measured on the coded file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .errors import MediaError
from .runner import atomic_output, input_args, run_ffmpeg
from .timing import SAMPLE_RATE

SILENCE_LUFS = -70.0
"""EBU R128's absolute gate: what measures no more than this has no loudness to bring anywhere."""

GREATEST_GAIN_DB = 30.0
"""A mix that needs more is room tone; raising it further would only raise its noise."""

TOLERANCE_LU = 0.2
LIMIT_BELOW_PEAK_DB = 2.0
"""AAC at 256 kbit/s gave peaks 1.4 dB over the limiter's ceiling with a ceiling of -2 dBTP, 0.9 dB with -3."""

SOUND_BITS_PER_SECOND = 256_000

NO_FIGURES = "ffmpeg ended without reporting the loudness it measured."
_PREDICTIONS = 5

_INTEGRATED = re.compile(r"\bI:\s+(-?[\d.]+|-?inf|nan) LUFS")
_PEAK = re.compile(r"\bPeak:\s+(-?[\d.]+|-?inf|nan) dBFS")


class Quality(StrEnum):
    """What the sound is coded for. Preview codes in half the time of delivery (AAC's fast and two-loop coders)."""

    PREVIEW = "preview"
    DELIVERY = "delivery"

    @property
    def aac_coder(self) -> str:
        """ffmpeg's name of the coder."""
        return "fast" if self is Quality.PREVIEW else "twoloop"


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP; None for silence, which has neither."""

    lufs: float | None
    true_peak: float | None

    @property
    def is_silence(self) -> bool:
        """Nothing in it is as loud as the absolute gate of -70 LUFS."""
        return self.lufs is None


@dataclass(frozen=True)
class CodedSound:
    """The coded sound and what was measured of it; `rounds` is how often it was coded (1 or 2)."""

    path: Path
    loudness: Loudness
    gain_db: float
    limited: bool
    rounds: int


def measure(path: Path, *, cancelled: Callable[[], bool] | None = None) -> Loudness:
    """Integrated loudness and true peak of the sound in `path`.

    About 1.3 CPU seconds for 5 minutes, most of it for the peak between samples.
    """
    report = run_ffmpeg(
        [*input_args(path), "-map", "0:a:0", "-vn", "-af", METER, "-f", "null", "-"],
        cancelled=cancelled,
        verbosity="info",
        stderr_tail=80,
    )
    return read_meter(report.stderr)


METER = "ebur128=peak=true:framelog=quiet"
"""The filter whose summary `read_meter` reads; it passes the sound on unchanged."""


def read_meter(lines: Sequence[str]) -> Loudness:
    """The figures of the last ebur128 summary in ffmpeg's log (log level info)."""
    text = "\n".join(lines)
    integrated, peaks = _INTEGRATED.findall(text), _PEAK.findall(text)
    if not integrated or not peaks:
        raise MediaError(NO_FIGURES)
    lufs, peak = float(integrated[-1]), float(peaks[-1])
    if not lufs > SILENCE_LUFS or peak == float("-inf"):
        return Loudness(None, None)
    return Loudness(lufs, peak)


def code_sound(
    mix: Path,
    out: Path,
    *,
    measured: Loudness,
    samples: int,
    headroom_db: float = 0.0,
    target_lufs: float = -16.0,
    true_peak: float = -1.0,
    quality: Quality = Quality.DELIVERY,
    cancelled: Callable[[], bool] | None = None,
) -> CodedSound:
    """Code `mix` as AAC of exactly `samples` samples at the target loudness, with no true peak over `true_peak` dBTP.

    `measured` is the loudness of the mix and `headroom_db` by how much the file lies below it. The gain is one figure
    for the whole film; when it would push peaks over the ceiling a limiter takes them, and the gain makes up for what
    the limiter takes away. The coded file is measured, and coded once more when it is off by more than 0.2 LU or over
    the peak. Silence is coded as it is.
    """
    if measured.lufs is None or measured.true_peak is None:
        with atomic_output(out) as part:
            _code(mix, part, headroom_db, None, samples, quality, cancelled)
            heard = measure(part, cancelled=cancelled)
        return CodedSound(out, heard, 0.0, limited=False, rounds=1)
    gain = min(GREATEST_GAIN_DB, target_lufs - measured.lufs)
    limit = None
    if measured.true_peak + gain > true_peak:
        limit = true_peak - LIMIT_BELOW_PEAK_DB
        gain = _gain_through_limiter(mix, gain, limit, headroom_db, target_lufs, cancelled)
    with atomic_output(out) as part:
        for attempt in (1, 2):
            _code(mix, part, gain + headroom_db, limit, samples, quality, cancelled)
            heard = measure(part, cancelled=cancelled)
            off, over = target_lufs - (heard.lufs or SILENCE_LUFS), (heard.true_peak or 0.0) - true_peak
            reachable = gain < GREATEST_GAIN_DB or off < 0
            if attempt == 2 or not ((abs(off) > TOLERANCE_LU and reachable) or over > 0):
                break
            gain = min(GREATEST_GAIN_DB, gain + off)
            if over > 0:
                limit = (true_peak - LIMIT_BELOW_PEAK_DB if limit is None else limit) - over
    return CodedSound(out, heard, gain, limit is not None, attempt)


def _gain_through_limiter(
    mix: Path, gain: float, limit_db: float, headroom_db: float, target: float, cancelled: Callable[[], bool] | None
) -> float:
    """The gain that gives the target after the limiter, found on uncoded sound.

    A try costs 0.7 CPU s for 5 minutes, a tenth of coding them. It limits at 48 kHz, which takes away almost as much as
    limiting at four times that.
    """
    slope, last = 1.0, None
    for _ in range(_PREDICTIONS):
        chain = [f"volume={gain + headroom_db:.2f}dB", _limiter(limit_db)]
        heard = _integrated(mix, chain, cancelled)
        if abs(target - heard) <= TOLERANCE_LU / 2 or gain >= GREATEST_GAIN_DB:
            break
        if last is not None and gain != last[0]:
            slope = min(1.0, max(0.2, (heard - last[1]) / (gain - last[0])))
        last = (gain, heard)
        gain = min(GREATEST_GAIN_DB, gain + (target - heard) / slope)
    return gain


def _integrated(mix: Path, chain: Sequence[str], cancelled: Callable[[], bool] | None) -> float:
    meter = ",".join([*chain, "ebur128=framelog=quiet"])
    report = run_ffmpeg(
        [*input_args(mix), "-map", "0:a:0", "-vn", "-af", meter, "-f", "null", "-"],
        cancelled=cancelled,
        verbosity="info",
        stderr_tail=80,
    )
    found = _INTEGRATED.findall("\n".join(report.stderr))
    if not found:
        raise MediaError(NO_FIGURES)
    return float(found[-1])


def _limiter(limit_db: float) -> str:
    """ffmpeg's look-ahead limiter; `latency` takes its look-ahead out of the time of the sound."""
    return f"alimiter=level=disabled:latency=1:attack=5:release=50:limit={10 ** (limit_db / 20):.6f}"


def _code(
    mix: Path,
    out: Path,
    gain_db: float,
    limit_db: float | None,
    samples: int,
    quality: Quality,
    cancelled: Callable[[], bool] | None,
) -> None:
    chain = [f"volume={gain_db:.2f}dB"]
    if limit_db is not None:
        chain += [  # at four times the rate the limiter sees the peaks between samples too
            f"aresample={4 * SAMPLE_RATE}",
            _limiter(limit_db),
            f"aresample={SAMPLE_RATE}",
        ]
    chain += ["apad", f"atrim=end_sample={samples}"]
    run_ffmpeg(
        [
            *input_args(mix), "-map", "0:a:0", "-vn", "-af", ",".join(chain),
            "-c:a", "aac", "-b:a", str(SOUND_BITS_PER_SECOND), "-aac_coder", quality.aac_coder,
            "-ar", str(SAMPLE_RATE), "-ac", "2", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
            "-f", "mp4", f"file:{out}",
        ],
        cancelled=cancelled,
        wall_seconds=max(600.0, samples / SAMPLE_RATE),
    )  # fmt: skip
