"""Lay the sound of a film to the sample and mix it, in memory that does not grow with the film.

The sound of clips is never copied clip by clip: coded sound comes in blocks of its own length, and what is left over
at each joint adds up (1.2 ms a joint, 69 ms after 60). Here every sound is decoded, placed at a sample, mixed a second
at a time with numpy and handed to one ffmpeg, which measures the loudness and writes the mix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from .cut import Clip, Cut, Transition, TransitionKind
from .ducking import Ducking
from .errors import BrokenMedia, Cancelled, MediaError
from .loudness import METER, Loudness, read_meter
from .runner import INPUT_FORMATS, atomic_output, run_ffmpeg
from .timing import SAMPLE_RATE, sample_at

RAMP = 96
"""Samples (2 ms) over which a sound comes and goes at a cut, so that the cut does not click."""

HEADROOM_DB = 18.0
"""The mix is written this much lower: 24-bit FLAC has no room over full scale, and a sum of tracks may pass it."""

BLOCK = SAMPLE_RATE
"""Samples mixed at a time."""

DUCKING = (6, 9, 12)
"""By how many dB music may go down under speech."""

Samples = NDArray[np.float32]


class Role(StrEnum):
    """What a track is in the mix: voices duck music, and nothing ducks or is ducked by anything else."""

    VOICE = "voice"
    MUSIC = "music"
    OTHER = "other"


@dataclass(frozen=True)
class Sound:
    """A stretch of a file on the film: `samples` from sample `skip` of the file, beginning at the film's sample `at`.

    It comes over `fade_in` and goes over `fade_out` samples by a sine, so that two that cross keep their power. Where
    the file ends early there is silence. All counts are samples at 48 kHz, whatever the file's rate.
    """

    path: Path
    at: int
    samples: int
    skip: int = 0
    gain_db: float = 0.0
    fade_in: int = RAMP
    fade_out: int = RAMP

    def __post_init__(self) -> None:
        if min(self.at, self.samples, self.skip, self.fade_in, self.fade_out) < 0:
            raise MediaError(f"{self.path.name}: a sound cannot begin, last or fade by less than nothing.")
        if self.fade_in + self.fade_out > self.samples:
            shorter = self.samples // 2
            object.__setattr__(self, "fade_in", min(self.fade_in, max(shorter, self.samples - self.fade_out)))
            object.__setattr__(self, "fade_out", min(self.fade_out, self.samples - self.fade_in))


@dataclass(frozen=True)
class Track:
    """Sounds that share a role and a gain."""

    sounds: tuple[Sound, ...]
    role: Role = Role.OTHER
    gain_db: float = 0.0


def sounds_of(cut: Cut, rate: Fraction, *, speech: bool | None = None) -> tuple[Sound, ...]:
    """The clips' own sounds, placed under their pictures: 2 ms ramps at cuts, equal-power crossfades at overlaps.

    Through a fade the sound fades with the picture. A clip that was divided and left in place sounds undivided.
    `speech` takes those of the clips in which somebody may speak, or the others.
    """
    whole = cut.without_invisible_cuts()
    placed = []
    for place, (clip, start) in enumerate(zip(whole.clips, whole.starts(), strict=True)):
        if clip.sound is not None and speech in (None, clip.speech):
            arriving, leaving = whole.transitions[place], whole.transitions[place + 1]
            placed.append(_placed(clip, clip.sound, start, arriving, leaving, rate))
    return tuple(placed)


def _placed(clip: Clip, path: Path, start: int, arriving: Transition, leaving: Transition, rate: Fraction) -> Sound:
    ahead = arriving.in_offset if arriving.kind.overlaps else 0
    behind = leaving.out_offset if leaving.kind.overlaps else 0
    at, end = sample_at(start - ahead, rate), sample_at(start + clip.frames + behind, rate)
    fade_in = fade_out = RAMP
    if arriving.kind.overlaps or arriving.kind in (TransitionKind.FADE_IN, TransitionKind.DIP):
        fade_in = sample_at(start + arriving.out_offset, rate) - at
    if leaving.kind.overlaps or leaving.kind in (TransitionKind.FADE_OUT, TransitionKind.DIP):
        fade_out = end - sample_at(start + clip.frames - leaving.in_offset, rate)
    return Sound(
        path,
        at=at,
        samples=end - at,
        skip=sample_at(clip.first - ahead, rate),
        gain_db=clip.gain_db,
        fade_in=fade_in,
        fade_out=fade_out,
    )


def lay_sound(
    tracks: Sequence[Track],
    out: Path,
    *,
    total_frames: int,
    rate: Fraction,
    ducking_db: int = 0,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Loudness:
    """Mix the tracks into `out`, 24-bit FLAC, 48 kHz stereo, as long as `total_frames`, and return its loudness.

    The file lies HEADROOM_DB below the loudness returned. `ducking_db` is how far music goes down under voices: 0, 6, 9
    or 12. Files are read by PyAV in this process, so give sounds that we coded ourselves, never a stranger's file. What
    sounds past the film's end is cut off. Raises BrokenMedia, Cancelled, MediaError.
    """
    if ducking_db and ducking_db not in DUCKING:
        raise MediaError(f"Music cannot be ducked by {ducking_db} dB: choose 0, {', '.join(map(str, DUCKING))}.")
    total = sample_at(total_frames, rate)

    def feed(pipe: BinaryIO) -> None:
        for done, block in enumerate(_mixed(tracks, total, ducking_db, cancelled)):
            pipe.write(np.ascontiguousarray(block.T).data)
            if progress is not None:
                progress(min(1.0, (done + 1) * BLOCK / max(1, total)))

    with atomic_output(out) as part:
        report = run_ffmpeg(
            [
                "-protocol_whitelist", "pipe", "-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "pipe:0",
                "-filter_complex", f"[0:a]apad,atrim=end_sample={total},{METER},volume={-HEADROOM_DB}dB[mix]",
                "-map", "[mix]",
                "-c:a", "flac", "-compression_level", "1", "-sample_fmt", "s32", "-bits_per_raw_sample", "24",
                "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "flac", f"file:{part}",
            ],
            stdin=feed, cancelled=cancelled, verbosity="info", stderr_tail=80,
            wall_seconds=max(600.0, 2.0 * total / SAMPLE_RATE),
        )  # fmt: skip
    return read_meter(report.stderr)


def _mixed(
    tracks: Sequence[Track], total: int, ducking_db: int, cancelled: Callable[[], bool] | None
) -> Iterator[Samples]:
    """The whole mix in blocks, the music lowered where somebody speaks."""

    def heard(*roles: Role) -> Iterator[Samples]:
        for block in mix_blocks([sound for role in roles for sound in _of_role(tracks, role, total)], total):
            if cancelled is not None and cancelled():
                raise Cancelled("Laying the sound was cancelled.")
            yield block

    if not ducking_db or not any(track.role is Role.MUSIC for track in tracks):
        yield from heard(*Role)
        return
    ducking = Ducking(heard(Role.VOICE), ducking_db)
    start = 0
    for rest, music in zip(heard(Role.VOICE, Role.OTHER), heard(Role.MUSIC), strict=True):
        yield rest + music * ducking.gains(start, music.shape[1])
        start += music.shape[1]


def _of_role(tracks: Sequence[Track], role: Role, total: int) -> list[Sound]:
    """The sounds of all tracks of a role, with their track's gain, ending where the film ends."""
    sounds = []
    for track in tracks:
        for sound in track.sounds if role is track.role else ():
            if sound.samples and sound.at < total:
                kept = min(sound.samples, total - sound.at)
                fade_out = sound.fade_out if kept == sound.samples else RAMP
                gain = sound.gain_db + track.gain_db
                sounds.append(replace(sound, samples=kept, fade_out=fade_out, gain_db=gain))
    return sounds


def mix_blocks(sounds: Sequence[Sound], total: int) -> Iterator[Samples]:
    """The mix of `sounds` as blocks (2, up to BLOCK) float32 that add up to `total` samples.

    Only files that sound in the present block are open.
    """
    waiting = sorted(sounds, key=lambda sound: sound.at, reverse=True)
    playing: list[_Voice] = []
    try:
        for start in range(0, total, BLOCK):
            block = np.zeros((2, min(BLOCK, total - start)), np.float32)
            while waiting and waiting[-1].at < start + block.shape[1]:
                playing.append(_Voice(waiting.pop()))
            for voice in playing:
                voice.add_to(block, start)
            playing = [voice for voice in playing if not voice.close_when_over(start + block.shape[1])]
            yield block
    finally:
        for voice in playing:
            voice.reader.close()


class _Voice:
    """A sound that is being read: its reader, its gain, its fades."""

    def __init__(self, sound: Sound) -> None:
        self.sound = sound
        self.gain = np.float32(10 ** (sound.gain_db / 20))
        self.reader = SoundReader(sound.path, sound.skip)

    def add_to(self, block: Samples, start: int) -> None:
        """Add what of the sound falls into the block that begins at the film's sample `start`."""
        sound = self.sound
        first = max(start, sound.at)
        count = min(start + block.shape[1], sound.at + sound.samples) - first
        if count <= 0:
            return
        heard = self.reader.read(count) * self.gain
        within = np.arange(first - sound.at, first - sound.at + count)
        _fade(heard, within, sound.fade_in)
        _fade(heard, sound.samples - 1 - within, sound.fade_out)
        block[:, first - start : first - start + count] += heard

    def close_when_over(self, now: int) -> bool:
        if self.sound.at + self.sound.samples > now:
            return False
        self.reader.close()
        return True


def _fade(heard: Samples, distance: NDArray[np.int64], length: int) -> None:
    """Lower the samples nearer than `length` to an end by a quarter sine; `distance` counts from that end, from 0."""
    near = distance < length
    if length and near.any():
        heard[:, near] *= np.sin((distance[near] + 0.5) * (np.pi / 2 / length)).astype(np.float32)


class SoundReader:
    """Reads a file's sound as 48 kHz stereo float, one stretch after another; silence after its end."""

    def __init__(self, path: Path, skip: int = 0) -> None:
        self.path = path
        try:
            self.container = av.open(
                str(path), options={"protocol_whitelist": "file", "format_whitelist": ",".join(INPUT_FORMATS)}
            )
        except av.error.FFmpegError as error:
            raise BrokenMedia(f"{path.name} could not be read as sound: {error.strerror}") from error
        if not self.container.streams.audio:
            self.container.close()
            raise BrokenMedia(f"{path.name} has no sound; give none for a silent clip.")
        self.pieces = self._decoded()
        self.rest = np.zeros((2, 0), np.float32)
        self.over = False
        self._drop(skip)

    def read(self, count: int) -> Samples:
        """The next `count` samples, (2, count)."""
        gathered, have = [self.rest], self.rest.shape[1]
        while have < count and not self.over:
            piece = self._next()
            gathered.append(piece)
            have += piece.shape[1]
        if have < count:
            gathered.append(np.zeros((2, count - have), np.float32))
        together = np.concatenate(gathered, axis=1)
        self.rest = together[:, count:].copy()
        return together[:, :count]

    def close(self) -> None:
        """Close the file."""
        self.container.close()

    def _drop(self, count: int) -> None:
        while count and not self.over:
            taken = min(count, BLOCK)
            self.read(taken)
            count -= taken

    def _next(self) -> Samples:
        try:
            return next(self.pieces)
        except StopIteration:
            self.over = True
            return np.zeros((2, 0), np.float32)
        except av.error.FFmpegError as error:
            raise BrokenMedia(f"{self.path.name}: its sound is damaged: {error.strerror}") from error

    def _decoded(self) -> Iterator[Samples]:
        """The file's sound from its time 0 on: where it begins later, silence comes first."""
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
        for number, frame in enumerate(self.container.decode(audio=0)):
            late = round((frame.pts or 0) * (frame.time_base or 0) * SAMPLE_RATE)
            if number == 0 and late > 0:
                yield np.zeros((2, late), np.float32)
            for out in resampler.resample(frame):
                yield out.to_ndarray().astype(np.float32, copy=False)
        for out in resampler.resample(None):
            yield out.to_ndarray().astype(np.float32, copy=False)
