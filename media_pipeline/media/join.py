"""Join coded pictures into one film without coding them: packets are taken over, counted and given new times.

ffmpeg's concat demuxer is not used: its in and out points bring in packets nobody asked for where there are B-frames,
and its offsets follow container durations, which drift. Here every packet is counted. A run must start on a key frame
and its n packets must be exactly the pictures `first` to `first + n - 1`; anything else is refused, since a film with
a wrong packet plays wrongly without any program reporting an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.packet import Packet

from .cut import Anchors
from .errors import BrokenMedia, Cancelled, MediaError
from .mezzanine import MezzanineFormat
from .runner import atomic_output

REORDER = 2
"""Pictures a decoder of a mezzanine holds back: two B-frames, one of which may be a reference. dts = number - 2."""

_OPEN_MP4 = {"protocol_whitelist": "file", "enable_drefs": "0"}
_CANCEL_EVERY = 256


@dataclass(frozen=True)
class PictureFile:
    """What a join needs to know of one coded picture file. `parameter_sets` is its extradata (SPS and PPS)."""

    path: Path
    width: int
    height: int
    parameter_sets: bytes
    anchors: Anchors

    @property
    def frames(self) -> int:
        """How many pictures the file holds, counted."""
        return self.anchors.ends[-1]


@dataclass(frozen=True)
class Run:
    """`frames` pictures of a file, from picture `first` on, taken over packet by packet."""

    path: Path
    first: int
    frames: int


def read_picture(path: Path, rate: Fraction) -> PictureFile:
    """Read the packets' times of a mezzanine or coded piece: its key frames and where packets may be cut.

    BrokenMedia when it is not H.264 at exactly `rate` whose pictures are numbered 0, 1, 2 ... without a gap.
    """
    with _opened(path) as container:
        stream = _picture_stream(container, path)
        keys: list[int] = []
        ends: list[int] = []
        ticks = _ticks_per_frame(stream, rate, path)
        highest, count = -1, 0
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            number = _frame_number(packet.pts, ticks, path)
            count += 1
            highest = max(highest, number)
            if packet.is_keyframe and number == highest == count - 1:  # nothing after it belongs before it
                keys.append(number)
            if highest + 1 == count:
                ends.append(count)
        if not count or highest + 1 != count:
            raise BrokenMedia(
                f"{path.name}: it has {count} pictures but their times reach picture {highest}; make it again."
            )
        codec = stream.codec_context
        return PictureFile(
            path, codec.width, codec.height, codec.extradata or b"", Anchors(tuple(keys), tuple(sorted(ends)))
        )


def join_picture(
    runs: Sequence[Run],
    out: Path,
    *,
    form: MezzanineFormat,
    sound: Path | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write the runs one after another, and the coded `sound` beside them, as an MP4 that starts quickly.

    Returns the frames written, which are the runs' frames added up. The parameter sets of all runs must be those of the
    first. Memory does not grow with the number of runs. Raises BrokenMedia (a run is not what it was said to be),
    MediaError (runs that do not fit together), Cancelled; `out` then does not exist.
    """
    if not runs:
        raise MediaError("There is nothing to join: the film has no pictures.")
    total = sum(run.frames for run in runs)
    with atomic_output(out) as part, av.open(str(part), "w", format="mp4", options=_muxer_options(form)) as film:
        _write_film(film, runs, sound, form.rate, _Watch(total, progress, cancelled))
    return total


def _muxer_options(form: MezzanineFormat) -> dict[str, str]:
    """The mezzanines' ticks per second; no dates and no program names: the same input gives the same bytes."""
    return {"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": str(form.timescale)}


class _Watch:
    """Tells progress and looks for cancellation, now and then."""

    def __init__(
        self, total: int, progress: Callable[[float], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self.total, self.progress, self.cancelled = total, progress, cancelled

    def __call__(self, done: int) -> None:
        if done % _CANCEL_EVERY and done != self.total:
            return
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("Joining the film was cancelled.")
        if self.progress is not None:
            self.progress(done / self.total)


def _write_film(
    film: av.container.OutputContainer, runs: Sequence[Run], sound: Path | None, rate: Fraction, watch: _Watch
) -> None:
    with _opened(runs[0].path) as first:
        template = _picture_stream(first, runs[0].path)
        picture = film.add_stream_from_template(template)
        parameter_sets = template.codec_context.extradata or b""
    with _sound_packets(sound, rate) as (track, sounds):
        heard = film.add_stream_from_template(track) if track is not None else None
        due, waiting = next(sounds)
        for number, packet in enumerate(_picture_packets(runs, rate, parameter_sets)):
            packet.stream = picture
            packet.time_base = 1 / rate
            packet.dts = number - REORDER
            packet.duration = 1
            while waiting is not None and heard is not None and due <= number:
                waiting.stream = heard
                film.mux(waiting)
                due, waiting = next(sounds)
            film.mux(packet)
            watch(number + 1)
        while waiting is not None and heard is not None:
            waiting.stream = heard
            film.mux(waiting)
            _, waiting = next(sounds)


def _picture_packets(runs: Iterable[Run], rate: Fraction, parameter_sets: bytes) -> Iterator[Packet]:
    """Packets in decoding order with pts = frame number in the film (in units of one frame)."""
    base = 0
    for run in runs:
        with _opened(run.path) as container:
            stream = _picture_stream(container, run.path)
            if (stream.codec_context.extradata or b"") != parameter_sets:
                raise MediaError(
                    f"{run.path.name} was coded with other parameter sets than the rest of the film and would show "
                    "wrong pictures; make its mezzanine again."
                )
            for packet, number in _run_packets(container, stream, run, rate):
                packet.pts = base + number - run.first
                yield packet
        base += run.frames


def _run_packets(
    container: InputContainer, stream: av.VideoStream, run: Run, rate: Fraction
) -> Iterator[tuple[Packet, int]]:
    """The run's packets with the numbers their pictures had in the file; refused unless they are the pictures asked."""
    ticks = _ticks_per_frame(stream, rate, run.path)
    if run.first:
        container.seek(run.first * ticks, stream=stream, backward=True)
    seen = bytearray(run.frames)
    started = False
    left = run.frames
    for packet in container.demux(stream):
        if packet.pts is None:
            break
        number = _frame_number(packet.pts, ticks, run.path)
        started = started or (number == run.first and packet.is_keyframe)
        if not started:
            if number > run.first + REORDER:
                break
            continue
        place = number - run.first
        if not 0 <= place < run.frames or seen[place]:
            break
        seen[place] = 1
        left -= 1
        yield packet, number
        if not left:
            return
    why = "end on a whole picture, or the file is cut short" if started else "start on a key frame"
    raise BrokenMedia(
        f"{run.path.name}: frames {run.first} to {run.first + run.frames - 1} cannot be copied: the run does not {why}."
    )


@contextmanager
def _sound_packets(
    sound: Path | None, rate: Fraction
) -> Iterator[tuple[av.AudioStream | None, Iterator[tuple[int, Packet | None]]]]:
    """The sound's stream and its packets with the frame at which each is due; a None comes after the last."""
    if sound is None:
        yield None, iter([(0, None)])
        return
    with _opened(sound) as container:
        if not container.streams.audio:
            raise BrokenMedia(f"{sound.name} has no sound.")
        stream = container.streams.audio[0]
        yield stream, _due_packets(container, stream, rate)


def _due_packets(
    container: InputContainer, stream: av.AudioStream, rate: Fraction
) -> Iterator[tuple[int, Packet | None]]:
    frames_per_tick = rate * (stream.time_base or 0)
    for packet in container.demux(stream):
        if packet.pts is not None:
            yield int(packet.pts * frames_per_tick), packet
    yield 0, None


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        with av.open(str(path), format="mp4", options=_OPEN_MP4) as container:
            yield container
    except av.error.FFmpegError as error:
        raise BrokenMedia(f"{path.name} could not be read as MP4: {error.strerror}") from error


def _picture_stream(container: InputContainer, path: Path) -> av.VideoStream:
    if not container.streams.video:
        raise BrokenMedia(f"{path.name} has no picture.")
    stream = container.streams.video[0]
    if stream.codec_context.name != "h264":
        raise BrokenMedia(f"{path.name} is {stream.codec_context.name}, not H.264; make a mezzanine of it first.")
    return stream


def _ticks_per_frame(stream: av.VideoStream, rate: Fraction, path: Path) -> int:
    ticks = 1 / (rate * (stream.time_base or 1))
    if ticks.denominator != 1:
        raise BrokenMedia(
            f"{path.name} is not at {rate} frames per second; make the mezzanine again at the film's rate."
        )
    return ticks.numerator


def _frame_number(pts: int, ticks: int, path: Path) -> int:
    """The number of the picture at `pts`; times that are not whole frames at the film's rate are refused."""
    number, between = divmod(pts, ticks)
    if between:
        raise BrokenMedia(
            f"{path.name}: the picture after frame {number} is not on a whole frame at the film's rate; "
            "make the mezzanine again at that rate."
        )
    return number
