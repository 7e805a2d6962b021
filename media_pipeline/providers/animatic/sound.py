"""The temp track: the place's tone, very low, and a muffled hum where somebody speaks. Plainly not the film's sound.

Levels are root mean square, in dB below full scale: tone -45, speech -30.
"""

from __future__ import annotations

import re
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_pipeline.media.timing import SAMPLE_RATE, sample_at
from media_pipeline.providers.base import BriefCharacter, BriefLine, ShotBrief

from .light import NIGHT_TIMES, stable
from .look import look_of
from .place import place_kind

Wave = NDArray[np.float64]

TONE_DB, TALK_DB = -45.0, -30.0
_WATER = frozenset({"beach", "sea", "harbour", "cliff", "deck", "lighthouse"})


def _level(samples: Wave, decibels: float) -> Wave:
    """The samples brought to a root mean square level in dB below full scale."""
    power = float(np.sqrt(np.mean(samples**2)))
    return samples * (10 ** (decibels / 20) / power) if power > 0 else samples


def _shaped(count: int, random: np.random.Generator, low: float, high: float, slope: float) -> Wave:
    """Noise between two frequencies (hertz), falling by frequency to the power `slope`."""
    size = 1 << max(10, (count - 1).bit_length())
    spectrum = np.fft.rfft(random.standard_normal(size))
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    gain = 1 / (1 + (np.maximum(frequency, 1) / high) ** 4) * (frequency / low) ** 2 / (1 + (frequency / low) ** 2)
    gain *= np.maximum(frequency, 20.0) ** slope
    return np.fft.irfft(spectrum * gain, size)[:count]


def _slow(count: int, random: np.random.Generator, hertz: float, least: float) -> Wave:
    """A slow swell between `least` and 1."""
    t = np.arange(count) / SAMPLE_RATE
    a, b = random.uniform(0, 2 * np.pi, 2)
    swell = 0.5 + 0.3 * np.sin(2 * np.pi * hertz * t + a) + 0.2 * np.sin(2 * np.pi * hertz * 1.7 * t + b)
    return least + (1 - least) * np.clip(swell, 0, 1)


def _crickets(count: int, random: np.random.Generator) -> Wave:
    t = np.arange(count) / SAMPLE_RATE
    total = np.zeros(count)
    for _ in range(3):
        pitch, rate, phase = random.uniform(3900, 4700), random.uniform(1.1, 1.7), random.uniform(0, 1)
        chirp = ((t * rate + phase) % 1.0) < 0.32
        pulse = np.clip(np.sin(2 * np.pi * 27 * t), 0, 1) ** 2
        total += np.sin(2 * np.pi * pitch * t) * chirp * pulse * random.uniform(0.4, 1.0)
    return total


def ambience(brief: ShotBrief, count: int) -> Wave:
    """The tone of the place for `count` samples at 48 kHz, at TONE_DB."""
    random = np.random.default_rng(stable(f"{brief.location}|{brief.time_of_day}|{brief.weather}"))
    inside = brief.int_ext != "EXT"
    kind = place_kind(brief.location or brief.heading, brief.sub_location, inside=inside)
    room = _level(_shaped(count, random, 50, 320, -0.6), -3.0)
    if inside:
        total = room
        if brief.weather in {"rainy", "stormy"}:
            total = total + _level(_shaped(count, random, 250, 1500, -0.2), -6.0) * _slow(count, random, 0.2, 0.7)
        return _level(total, TONE_DB - 3)
    wind = _shaped(count, random, 90, 700, -0.5) * _slow(count, random, 0.13, 0.35)
    total = _level(wind, -6.0 if brief.weather in {"windy", "stormy", "snowy"} else -12.0)
    if brief.weather in {"rainy", "stormy"}:
        total = total + _level(_shaped(count, random, 500, 6500, -0.1), -3.0)
    if kind in _WATER:
        total = total + _level(_shaped(count, random, 180, 2200, -0.4) * _slow(count, random, 0.11, 0.15), -4.0)
    elif kind in {"street", "city", "rooftop", "alley"}:
        total = total + _level(_shaped(count, random, 60, 260, -0.8) * _slow(count, random, 0.07, 0.5), -4.0)
    if brief.time_of_day in NIGHT_TIMES and kind not in _WATER and brief.weather in {"", "clear", "cloudy"}:
        total = total + _level(_crickets(count, random), -10.0)
    return _level(total, TONE_DB)


def syllables(text: str) -> int:
    """How many syllables a line has, about: runs of vowels, at least one a word."""
    words = [re.sub(r"(?<=[^aeiouy])e$", "", word) for word in re.findall(r"\w+", text.lower())]
    return max(1, sum(max(1, len(re.findall(r"[aeiouyáéíóúàèìòùäöüâêîôûæøå]+", word))) for word in words))


def talk(line: BriefLine, voice: float, count: int) -> Wave:
    """A hum in the rhythm of a line for `count` samples: `voice` hertz, one swell a syllable, at TALK_DB."""
    random = np.random.default_rng(stable(f"{line.speaker}|{line.text}"))
    number = syllables(line.text)
    t = np.arange(count) / SAMPLE_RATE
    edges = np.cumsum(random.uniform(0.7, 1.3, number))
    edges = np.concatenate([[0.0], edges / edges[-1]]) * count
    share = np.arange(count)
    envelope = np.zeros(count)
    pitch = np.full(count, voice)
    for i in range(number):
        a, b = int(edges[i]), int(edges[i + 1])
        if b - a < 2:
            continue
        envelope[a:b] = np.sin(np.linspace(0, np.pi, b - a)) ** 0.7 * random.uniform(0.55, 1.0)
        pitch[a:b] *= 1.0 + random.uniform(-0.09, 0.11)
    kernel = np.hanning(2 * 960 + 1)
    pitch = np.convolve(np.pad(pitch, 960, mode="edge"), kernel / kernel.sum(), mode="valid")
    pitch *= 1.08 - 0.18 * share / max(1, count)
    if line.text.rstrip().endswith("?"):
        pitch *= 1 + 0.22 * np.clip((share / max(1, count) - 0.75) / 0.25, 0, 1)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    tone = sum(np.sin(phase * n) / n**1.6 * np.exp(-((voice * n / 750) ** 2)) for n in range(1, 8))
    breath = 0.9 + 0.1 * np.sin(2 * np.pi * 5.1 * t)
    return _level(np.asarray(tone) * envelope * breath, TALK_DB)


def temp_track(brief: ShotBrief, frames: int, rate: Fraction) -> Wave:
    """The whole track of a shot of `frames` at `rate`, mono at 48 kHz, to the sample."""
    count = sample_at(frames, rate)
    track = ambience(brief, count)
    voices = {c.name.casefold(): look_of(c).voice for c in brief.cast}
    for line in brief.lines:
        first = min(count, sample_at(max(0, line.start_frame), rate))
        last = min(count, sample_at(max(line.start_frame, line.end_frame), rate))
        if last - first < SAMPLE_RATE // 50:
            continue
        unknown = BriefCharacter(name=line.speaker, look_seed=stable(line.speaker))
        voice = voices.get(line.speaker.casefold()) or look_of(unknown).voice
        track[first:last] += talk(line, voice, last - first)
    edge = min(count // 2, 240)
    if edge:
        track[:edge] *= np.linspace(0, 1, edge)
        track[-edge:] *= np.linspace(1, 0, edge)
    return track


def write_track(path: Path, track: Wave) -> None:
    """Write a mono track as a stereo 16-bit WAV file at 48 kHz."""
    samples = np.clip(np.round(track * 32767), -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(np.repeat(samples, 2).tobytes())
