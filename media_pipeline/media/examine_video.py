"""Clips and sound files, looked at with PyAV. Runs only in the limited child process (examiner.py).

What a container says of itself is not believed: packets are counted, times are read from them, and a picture is
decoded for its true size and turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from .errors import BrokenMedia, MediaError
from .runner import INPUT_FORMATS, MAX_PIXELS, file_address

STEPS_BACK = (0, 1, 4, 16)
"""How many key frames before the wanted one decoding starts, until it works; after these, at the beginning."""

MAX_DECODED = 20_000
"""Frames decoded in search of one: ten minutes at 30 fps without a key frame."""

_TRANSPOSE = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
_UNKNOWN_COLOUR_SPACE = 2
_STILL_OPEN_SECONDS = Fraction(1, 2)


@dataclass
class Track:
    """What the packets of one stream say: times in seconds, in order of presentation."""

    times: list[Fraction] = field(default_factory=list)
    durations: list[Fraction] = field(default_factory=list)
    keys: list[Fraction] = field(default_factory=list)
    corrupt: int = 0

    @property
    def count(self) -> int:
        return len(self.times)

    @property
    def start(self) -> Fraction:
        return self.times[0]

    @property
    def end(self) -> Fraction:
        return max(time + duration for time, duration in zip(self.times, self.durations, strict=True))


def describe(path: Path) -> dict[str, Any]:
    """The facts of a clip or sound file; BrokenMedia when it holds neither."""
    with opened(path) as container:
        video, audio = picture_stream(container), next(iter(container.streams.audio), None)
        tracks, first = _scan(container, [stream for stream in (video, audio) if stream is not None], video)
        facts: dict[str, Any] = {"container": container.format.name, "flags": []}
        if audio is not None and tracks[audio.index].count:
            facts |= _sound_facts(audio, tracks[audio.index])
        if video is not None and tracks[video.index].count:
            if first is None:
                raise BrokenMedia("The clip holds a picture track, but no picture of it can be decoded.")
            facts |= _picture_facts(video, tracks[video.index], first, facts)
            facts["flags"] += _doubts(container, video, tracks)
        elif "audio_codec" in facts:
            facts |= {"kind": "sound", "codec": facts["audio_codec"], "duration": facts["audio_duration"]}
        else:
            raise BrokenMedia("The file holds neither a picture nor a sound that can be read.")
        return facts


def save_last_frame(path: Path, out: str) -> dict[str, Any]:
    """The last picture of the clip as a PNG at `out`; flagged when it is not the one the container ends on."""
    with opened(path) as container:
        video = _required_picture(container)
        tracks, _ = _scan(container, [video], None)
        track = tracks[video.index]
        if not track.count:
            raise BrokenMedia("The clip holds no pictures.")
        last = _decode_near(path, container, video, track, track.times[-1], exact=False)
        if last is None:
            raise BrokenMedia("No picture of the clip can be decoded.")
        _save(last, video, out)
        whole = _time_of(last, video) == track.times[-1]
        return {"undamaged": whole and not _cut_short(container, video, track)}


def save_frame_at(path: Path, out: str, number: int) -> dict[str, Any]:
    """Picture `number` (from 0, in order of presentation) as a PNG at `out`."""
    with opened(path) as container:
        video = _required_picture(container)
        tracks, _ = _scan(container, [video], None)
        track = tracks[video.index]
        if not 0 <= number < track.count:
            raise MediaError(f"The clip has frames 0 to {track.count - 1}; there is no frame {number}.")
        frame = _decode_near(path, container, video, track, track.times[number], exact=True)
        if frame is None:
            raise BrokenMedia(f"Frame {number} of the clip cannot be decoded.")
        _save(frame, video, out)
        return {"frame": number}


def packets(path: Path) -> dict[str, Any]:
    """How the pictures are coded: digest of the parameter sets, ticks of every picture, which are key frames."""
    with opened(path) as container:
        video = _required_picture(container)
        context = video.codec_context
        seen = sorted(
            (packet.pts, bool(packet.is_keyframe)) for packet in _packets_of(container, [video]) if packet.size
        )
        return {
            "codec": context.codec.canonical_name,
            "width": context.width,
            "height": context.height,
            "parameter_sets": hashlib.sha256(context.extradata or b"").hexdigest(),
            "time_base": str(video.time_base),
            "ticks": [pts for pts, _ in seen],
            "keys": [number for number, (_, key) in enumerate(seen) if key],
        }


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file as a PyAV container that can open nothing else."""
    try:
        container = av.open(
            file_address(path),
            options={"protocol_whitelist": "file", "format_whitelist": ",".join(INPUT_FORMATS)},
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise BrokenMedia(
            "The file is not a picture, clip or sound of a kind that is accepted, or its beginning is damaged."
        ) from error
    with container:
        yield container


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The first picture stream that is not an attached cover; sizes of 0x0 (refused by max_pixels) are broken."""
    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            continue
        context = stream.codec_context
        if context is None:
            raise BrokenMedia("The clip's picture is coded in a way that is not known, or its beginning is damaged.")
        if context.width * context.height > MAX_PIXELS:
            raise BrokenMedia(f"The picture is larger than the {MAX_PIXELS:,} pixels that are accepted.")
        context.thread_count = 1
        return stream
    return None


def _required_picture(container: InputContainer) -> VideoStream:
    video = picture_stream(container)
    if video is None:
        raise BrokenMedia("The file holds no picture.")
    return video


def _packets_of(container: InputContainer, streams: Sequence[Any]) -> Iterator[Packet]:
    """Packets until the end or the first damage of the container (a truncated file ends with an error)."""
    try:
        yield from container.demux(*streams)
    except av.error.FFmpegError:
        return


def _scan(
    container: InputContainer, streams: Sequence[Any], video: VideoStream | None
) -> tuple[dict[int, Track], VideoFrame | None]:
    """Read every packet of `streams`; of `video`, when given, also decode up to the first picture."""
    rows: dict[int, list[tuple[Fraction, Fraction, bool]]] = {stream.index: [] for stream in streams}
    tracks = {stream.index: Track() for stream in streams}
    first: VideoFrame | None = None
    for packet in _packets_of(container, streams):
        if video is not None and first is None and packet.stream_index == video.index:
            first = next(iter(_decoded(packet)), None)
        if packet.size and not packet.is_discard and _is_shown(packet):
            base = packet.time_base
            stamp = packet.pts if packet.pts is not None else packet.dts
            time = stamp * base if stamp is not None else Fraction(len(rows[packet.stream_index]))
            rows[packet.stream_index].append((time, (packet.duration or 0) * base, packet.is_keyframe))
            tracks[packet.stream_index].corrupt += packet.is_corrupt
    for index, track in tracks.items():
        _fill(track, sorted(rows[index]))
    return tracks, first


def _fill(track: Track, rows: list[tuple[Fraction, Fraction, bool]]) -> None:
    track.times = [time for time, _, _ in rows]
    track.keys = [time for time, _, key in rows if key]
    gaps = [after - before for before, after in zip(track.times, track.times[1:], strict=False)]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else Fraction(0)
    track.durations = [duration or usual for _, duration, _ in rows]


def _is_shown(packet: Packet) -> bool:
    """VP8 has packets that are never shown (alt-ref); bit 4 of the frame tag says so (RFC 6386, 9.1)."""
    if packet.stream.codec_context.codec.canonical_name != "vp8":
        return True
    return bool(bytes(packet)[0] & 0x10)


def _decoded(packet: Packet) -> list[VideoFrame]:
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame) and not frame.is_corrupt]
    except av.error.FFmpegError:
        return []  # a damaged packet; what can be decoded is counted, what cannot is said by flags


def _sound_facts(audio: Any, track: Track) -> dict[str, Any]:
    context = audio.codec_context
    return {
        "audio_codec": context.codec.canonical_name,
        "sample_rate": context.sample_rate,
        "channels": context.layout.nb_channels,
        "audio_start": str(track.start),
        "audio_duration": str(track.end - track.start),
    }


def _picture_facts(video: VideoStream, track: Track, first: VideoFrame, facts: dict[str, Any]) -> dict[str, Any]:
    rate, even = _rate(video, track)
    duration = Fraction(track.count) / rate if even else max(track.end - track.start, 1 / rate)
    turn = first.rotation % 360
    aspect = video.sample_aspect_ratio or Fraction(1)
    width, height = display_size(first.width, first.height, aspect, turn)
    flags = [name for name, holds in (("vfr", not even), ("rotated", turn), ("anamorphic", aspect != 1)) if holds]
    return {
        "kind": "video",
        "codec": video.codec_context.codec.canonical_name,
        "pixel_format": first.format.name,
        "width": width,
        "height": height,
        "frames": track.count,
        "rate": str(rate),
        "start": str(track.start),
        "duration": str(duration),
        "rotation": turn,
        "tagged_colour": first.colorspace != _UNKNOWN_COLOUR_SPACE,
        "flags": facts["flags"] + flags,
    }


def display_size(width: int, height: int, aspect: Fraction, turn: int) -> tuple[int, int]:
    """Size in square pixels as a person sees it: pixel aspect applied to the width, then turned."""
    width = max(1, round(width * aspect))
    return (height, width) if turn in (90, 270) else (width, height)


def _rate(video: VideoStream, track: Track) -> tuple[Fraction, bool]:
    """Frames per second, and whether every frame lies on that grid within one tick of the container's clock."""
    stated = [rate for rate in (video.average_rate, video.guessed_rate, video.base_rate) if rate]
    if track.count < 2:
        spans = [1 / track.durations[0]] if track.durations and track.durations[0] else []
        return Fraction((stated + spans + [Fraction(24)])[0]), True
    span = track.times[-1] - track.start
    mean = (track.count - 1) / span if span else Fraction(24)
    nominal = [Fraction(n) for n in (24, 25, 30, 48, 50, 60)] + [Fraction(n * 1000, 1001) for n in (24, 30, 60)]
    for rate in [*stated, *nominal, mean]:
        if _on_grid(track, Fraction(rate), video.time_base or Fraction(0)):
            return Fraction(rate), True
    return mean.limit_denominator(1001), False


def _on_grid(track: Track, rate: Fraction, tick: Fraction) -> bool:
    return all(abs(time - track.start - number / rate) <= tick for number, time in enumerate(track.times))


def _doubts(container: InputContainer, video: VideoStream, tracks: dict[int, Track]) -> list[str]:
    track = tracks[video.index]
    flags = ["truncated"] if _cut_short(container, video, track) else []
    if track.corrupt:
        flags.append("corrupt")
    if video.codec_context.color_trc in (16, 18):  # PQ and HLG of ITU-R BT.2100
        flags.append("hdr")
    return flags


def _cut_short(container: InputContainer, video: VideoStream, track: Track) -> bool:
    """Whether the container's index promises pictures that its data does not hold.

    The index counts what edit lists hide, so a promise is believed only when the stream's length is missed as well.
    """
    if video.frames <= track.count or video.duration is None or video.time_base is None:
        return False
    return track.end - track.start + _STILL_OPEN_SECONDS / 10 < video.duration * video.time_base


def _decode_near(
    path: Path, container: InputContainer, video: VideoStream, track: Track, wanted: Fraction, *, exact: bool
) -> VideoFrame | None:
    """The picture at `wanted` seconds; when not `exact` and it is damaged, the latest good one before."""
    keys = [time for time in track.keys if time <= wanted]
    best: VideoFrame | None = None
    for back in STEPS_BACK:
        if back >= len(keys):
            break
        container.seek(int(keys[-1 - back] / _tick(video)), stream=video, backward=True)
        best = _latest(_decode_on(container, video), video, wanted, best)
        if best is not None and _time_of(best, video) == wanted:
            return best
    with opened(path) as anew:  # the beginning is reached by seeking in some containers only
        video = _required_picture(anew)
        best = _latest(_decode_on(anew, video), video, wanted, best)
    return None if exact and (best is None or _time_of(best, video) != wanted) else best


def _latest(
    frames: Iterator[VideoFrame], video: VideoStream, wanted: Fraction, best: VideoFrame | None
) -> VideoFrame | None:
    """The latest picture up to `wanted` seconds among `best` and `frames`; frames are read only as far as needed."""
    for frame in frames:
        time = _time_of(frame, video)
        if time <= wanted and (best is None or time >= _time_of(best, video)):
            best = frame
        if time >= wanted:
            break
    return best


def _decode_on(container: InputContainer, video: VideoStream) -> Iterator[VideoFrame]:
    count = 0
    for packet in _packets_of(container, [video]):
        for frame in _decoded(packet):
            yield frame
            count += 1
            if count >= MAX_DECODED:
                return


def _tick(video: VideoStream) -> Fraction:
    return video.time_base or Fraction(1, 1000)


def _time_of(frame: VideoFrame, video: VideoStream) -> Fraction:
    return (frame.pts or 0) * (frame.time_base or _tick(video))


def _save(frame: VideoFrame, video: VideoStream, out: str) -> None:
    """Write the picture upright, in square pixels, lossless: it becomes the first frame of the next shot."""
    image = to_rgb(frame)
    aspect = video.sample_aspect_ratio or Fraction(1)
    if aspect != 1:
        image = image.resize((max(1, round(image.width * aspect)), image.height), Image.Resampling.LANCZOS)
    turn = frame.rotation % 360
    if turn in _TRANSPOSE:
        image = image.transpose(_TRANSPOSE[turn])
    image.save(out, "PNG", compress_level=1)


def to_rgb(frame: VideoFrame) -> Image.Image:
    """The picture in RGB by its own tags; untagged pictures of 720 lines and more are taken as BT.709."""
    space = None
    if frame.colorspace == _UNKNOWN_COLOUR_SPACE and frame.height >= 720:
        space = "itu709"
    return frame.to_image(src_colorspace=space, dst_color_range="JPEG", interpolation="BICUBIC")
