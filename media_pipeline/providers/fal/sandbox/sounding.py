"""Sounds drawn from a seed: syllables for speech, chords for music, a fading burst for an effect."""

from __future__ import annotations

import random
import re
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_pipeline.media.runner import atomic_output, file_address, input_args, run_ffmpeg

RATE = 44_100
LETTERS_PER_SECOND = 15
"""How fast speech is spoken: about 150 words a minute."""

CODINGS = {
    "mp3": ("audio/mpeg", ("-c:a", "libmp3lame", "-f", "mp3", "-id3v2_version", "0")),
    "flac": ("audio/flac", ("-c:a", "flac", "-f", "flac")),
}

Samples = NDArray[np.float64]


def speech_seconds(text: str, speed: Fraction = Fraction(1)) -> Fraction:
    """How long `text` takes to say, at least 0.4 seconds."""
    return max(Fraction(2, 5), Fraction(len(text), LETTERS_PER_SECOND) / speed)


def speech(text: str, seconds: Fraction, seed: int, rate: int = RATE) -> Samples:
    """One hum for each word, as long as its letters, at a pitch that goes with `seed`."""
    length = round(seconds * rate)
    words = re.findall(r"\S+", text) or ["."]
    total = sum(len(word) + 1 for word in words)
    pitch = 90 + seed % 140
    found, start = np.zeros(length), 0
    for number, word in enumerate(words):
        end = min(length, start + (len(word) + 1) * length // total)
        voiced = (end - start) * len(word) // (len(word) + 1)
        found[start : start + voiced] = _hum(voiced, pitch * (1 + 0.1 * (number % 3)), rate)
        start = end
    return found


def _hum(length: int, pitch: float, rate: int) -> Samples:
    time = np.arange(length) / rate
    wave_form = sum(np.sin(2 * np.pi * pitch * part * time) / part for part in (1, 2, 3))
    return np.asarray(0.25 * wave_form * np.hanning(length)) if length else np.zeros(0)


def music(seconds: Fraction, seed: int, rate: int = RATE) -> Samples:
    """Chords of three notes, two seconds each."""
    chance = random.Random(seed)
    length, bar = round(seconds * rate), 2 * rate
    found = np.zeros(length)
    root = 110 * 2 ** (chance.randrange(12) / 12)
    for start in range(0, length, bar):
        step = chance.choice((0, 3, 5, 7))
        size = min(bar, length - start)
        time = np.arange(size) / rate
        notes = (root * 2 ** ((step + third) / 12) for third in (0, 4, 7))
        found[start : start + size] = 0.15 * sum(np.sin(2 * np.pi * note * time) for note in notes)
    return found


def effect(seconds: Fraction, seed: int, rate: int = RATE) -> Samples:
    """Noise that fades, with a tone in it."""
    length = round(seconds * rate)
    time = np.arange(length) / rate
    noise = np.random.default_rng(seed).uniform(-1, 1, length)
    fade = np.exp(-3 * time / max(float(seconds), 0.1))
    return np.asarray(0.3 * fade * (noise * 0.6 + np.sin(2 * np.pi * (200 + seed % 600) * time)))


def write_wav(samples: Samples, path: Path, rate: int = RATE, channels: int = 1) -> None:
    """16 bit PCM; the same sound on every channel."""
    whole = np.repeat((np.clip(samples, -1, 1) * 32767).astype("<i2"), channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.tobytes())


def write_coded(samples: Samples, path: Path, form: str, rate: int = RATE, kbit: int = 128, channels: int = 1) -> str:
    """Write as "mp3", "flac" or (anything else) wav; returns the content type."""
    if form not in CODINGS:
        write_wav(samples, path, rate, channels)
        return "audio/wav"
    content_type, coding = CODINGS[form]
    plain = path.with_suffix(".plain.wav")
    write_wav(samples, plain, rate, channels)
    bits = ("-b:a", f"{kbit}k") if form == "mp3" else ()
    with atomic_output(path) as part:
        run_ffmpeg([*input_args(plain), *bits, "-fflags", "+bitexact", *coding, file_address(part)], wall_seconds=300)
    plain.unlink()
    return content_type
