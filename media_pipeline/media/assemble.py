"""Make a film of a cut: copy what can be copied, code the joints, lay the sound, join.

Cost follows what changed, not the film's length: pictures are taken over packet by packet, joints come from the cache
when they were coded before, and only the sound is coded anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from .cut import Anchors, Clip, Coded, Copied, Cut, CutError, Piece, plan
from .errors import BrokenMedia, MediaError
from .join import PictureFile, Run, join_picture, read_picture
from .joints import JointFile, code_joints, reference_sets
from .loudness import CodedSound, Quality, code_sound
from .mezzanine import MezzanineFormat
from .runner import atomic_output, input_args, run_ffmpeg
from .sound import HEADROOM_DB, Role, Track, lay_sound, sounds_of
from .timing import sample_at

_CODING, _LAYING, _JOINING = 8, 1, 1
"""What a frame weighs in the progress told: coding one takes far longer than copying it or laying its sound."""

_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class AssembledFilm:
    """What was made. `frames` and `duration` (seconds) are exact; loudness is measured on the coded sound."""

    path: Path
    frames: int
    duration: Fraction
    lufs: float | None
    true_peak: float | None
    copied_frames: int
    coded_frames: int
    joints_coded: int
    joints_from_cache: int
    poster: Path | None = None


def assemble(
    cut: Cut,
    out: Path,
    *,
    format: MezzanineFormat,
    cache: Path,
    tracks: Sequence[Track] = (),
    ducking_db: int = 0,
    loudness_target: float = -16.0,
    true_peak: float = -1.0,
    quality: Quality = Quality.DELIVERY,
    poster: Path | None = None,
    poster_frame: int | None = None,
    jobs: int = 2,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> AssembledFilm:
    """Write the cut to `out` as H.264 and AAC in an MP4 that starts quickly; the same input gives the same bytes.

    `tracks` sound beside the clips' own sound; `ducking_db` (0, 6, 9, 12) is how far music goes down under voices, of
    clips with `speech` too. `cache` is a folder of coded joints that belongs to no single film. `poster` is written as
    JPEG from `poster_frame` (the film's middle when none is given). `jobs` is how many ffmpegs run at once.
    `progress` and `cancelled` are called in the caller's thread, the latter some 20 times a second: make it cheap.
    Raises CutError, BrokenMedia, Cancelled, TimedOut or MediaError; then neither film nor poster exists, nothing
    temporary is left, and joints that were finished stay in the cache.
    """
    if poster_frame is not None and not 0 <= poster_frame < cut.total_frames:
        raise MediaError(f"Frame {poster_frame} was asked for as the poster of a film of {cut.total_frames} frames.")
    pictures = _read_pictures(cut, format)
    usual = reference_sets(format, cache)
    pieces = plan(cut, lambda clip: _anchors(pictures[clip.picture], usual))
    tell = _Progress(pieces, progress)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".assembling-", dir=out.parent) as scratch:
        soundtrack = _Soundtrack(
            [*_of_clips(cut, format.rate), *tracks], cut.total_frames, format.rate,
            ducking_db, loudness_target, true_peak, quality, Path(scratch),
        )  # fmt: skip
        joints, sound = _prepare(pieces, soundtrack, format, cache, jobs, tell, cancelled)
        joined = Path(scratch) / "film.mp4"
        join_picture(_runs(pieces, joints), joined, form=format, sound=sound.path, progress=tell.joined,
                     cancelled=cancelled)  # fmt: skip
        if poster is not None:
            frame = cut.total_frames // 2 if poster_frame is None else poster_frame
            _write_poster(joined, poster, frame, format.rate, cancelled)
        joined.replace(out)
    return AssembledFilm(
        path=out,
        frames=cut.total_frames,
        duration=cut.total_frames / format.rate,
        lufs=sound.loudness.lufs,
        true_peak=sound.loudness.true_peak,
        copied_frames=sum(piece.frames for piece in pieces if isinstance(piece, Copied)),
        coded_frames=sum(piece.frames for piece in pieces if isinstance(piece, Coded)),
        joints_coded=sum(joint.fresh for joint in joints),
        joints_from_cache=sum(not joint.fresh for joint in joints),
        poster=poster,
    )


def _of_clips(cut: Cut, rate: Fraction) -> list[Track]:
    """The clips' own sound: of those in which somebody may speak, and of the others."""
    return [
        Track(sounds_of(cut, rate, speech=True), Role.VOICE), Track(sounds_of(cut, rate, speech=False), Role.OTHER)
    ]  # fmt: skip


def _read_pictures(cut: Cut, form: MezzanineFormat) -> dict[Path, PictureFile]:
    """What each mezzanine of the cut holds; CutError when one is of another size or shorter than was recorded."""
    pictures: dict[Path, PictureFile] = {}
    for clip in cut.clips:
        if clip.picture not in pictures:
            pictures[clip.picture] = _read_picture(clip, form)
        held = pictures[clip.picture].frames
        if held < clip.available:
            raise CutError(
                f"{clip.name} holds {held} frames, but {clip.available} were recorded; make its mezzanine again."
            )
    return pictures


def _read_picture(clip: Clip, form: MezzanineFormat) -> PictureFile:
    if not clip.picture.is_file():
        raise BrokenMedia(f"{clip.name} is not there; make its mezzanine again.")
    picture = read_picture(clip.picture, form.rate)
    if (picture.width, picture.height) != (form.width, form.height):
        raise CutError(
            f"{clip.name} is {picture.width}x{picture.height}, but the film is {form.width}x{form.height}; "
            "make its mezzanine again in the film's size."
        )
    return picture


def _anchors(picture: PictureFile, usual: bytes) -> Anchors:
    """Where the picture's packets may be cut; nowhere when another build coded it, and then all of it is coded anew."""
    return picture.anchors if picture.parameter_sets == usual else Anchors.none()


def _runs(pieces: Sequence[Piece], joints: Sequence[JointFile]) -> list[Run]:
    coded = iter(joints)
    return [
        Run(piece.span.clip.picture, piece.span.first, piece.frames)
        if isinstance(piece, Copied)
        else Run(next(coded).path, 0, piece.frames)
        for piece in pieces
    ]


@dataclass(frozen=True)
class _Soundtrack:
    """The sound to be made, and how."""

    tracks: Sequence[Track]
    frames: int
    rate: Fraction
    ducking_db: int
    target_lufs: float
    true_peak: float
    quality: Quality
    scratch: Path

    def make(self, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> CodedSound:
        mix = self.scratch / "mix.flac"
        measured = lay_sound(
            self.tracks, mix, total_frames=self.frames, rate=self.rate, ducking_db=self.ducking_db,
            progress=progress, cancelled=cancelled,
        )  # fmt: skip
        return code_sound(
            mix, self.scratch / "sound.mp4", measured=measured, samples=sample_at(self.frames, self.rate),
            headroom_db=HEADROOM_DB, target_lufs=self.target_lufs, true_peak=self.true_peak, quality=self.quality,
            cancelled=cancelled,
        )  # fmt: skip


def _prepare(
    pieces: Sequence[Piece],
    soundtrack: _Soundtrack,
    form: MezzanineFormat,
    cache: Path,
    jobs: int,
    tell: _Progress,
    cancelled: Callable[[], bool] | None,
) -> tuple[list[JointFile], CodedSound]:
    """Code the joints and the sound, `jobs` processes at a time; when one fails the others are stopped."""
    stop = Event()
    coded = [piece for piece in pieces if isinstance(piece, Coded)]
    with ThreadPoolExecutor(max(1, jobs)) as pool, ThreadPoolExecutor(1) as conductor:
        sound = pool.submit(soundtrack.make, tell.laid, stop.is_set)
        joints = conductor.submit(
            code_joints, coded, form=form, cache=cache, pool=pool, progress=tell.coded, cancelled=stop.is_set
        )
        try:
            _watch([sound, joints], stop, tell, cancelled)
        finally:
            stop.set()  # nothing runs any more, unless an error or Ctrl-C ends the watch
        return joints.result(), sound.result()


def _watch(futures: Sequence[Future[Any]], stop: Event, tell: _Progress, cancelled: Callable[[], bool] | None) -> None:
    """Wait for the futures, asking and telling the caller meanwhile, in the caller's thread."""
    waiting = True
    while waiting:
        done, others = wait(futures, timeout=_POLL_SECONDS, return_when=FIRST_EXCEPTION)
        failed = next((future for future in futures if future in done and future.exception()), None)
        if failed is not None:
            stop.set()
            wait(others)
            failed.result()
        if cancelled is not None and cancelled():
            stop.set()
        tell.now()
        waiting = bool(others)


class _Progress:
    """Puts the fractions of the three kinds of work together into one that rises from 0 to 1.

    The first two are recorded by the threads that work; the caller's thread tells them.
    """

    def __init__(self, pieces: Sequence[Piece], tell: Callable[[float], None] | None) -> None:
        film = sum(piece.frames for piece in pieces)
        coding = sum(piece.frames for piece in pieces if isinstance(piece, Coded))
        self.weights = {"coded": _CODING * coding, "laid": _LAYING * film, "joined": _JOINING * film}
        self.done = dict.fromkeys(self.weights, 0.0)
        self.tell, self.told = tell, 0.0

    def coded(self, fraction: float) -> None:
        self.done["coded"] = fraction

    def laid(self, fraction: float) -> None:
        self.done["laid"] = fraction

    def joined(self, fraction: float) -> None:
        self.done["joined"] = fraction
        self.now()

    def now(self) -> None:
        """Tell the whole fraction, when it has risen."""
        made = sum(weight * self.done[name] for name, weight in self.weights.items())
        fraction = min(1.0, made / sum(self.weights.values()))
        if self.tell is not None and fraction > self.told:
            self.told = fraction
            self.tell(fraction)


def _write_poster(film: Path, out: Path, frame: int, rate: Fraction, cancelled: Callable[[], bool] | None) -> None:
    """One frame of the film as JPEG. Seeking goes to half a frame before it, so that no rounding misses it."""
    millionths = max(0, round((frame - Fraction(1, 2)) / rate * 1_000_000))
    out.parent.mkdir(parents=True, exist_ok=True)
    with atomic_output(out) as part:
        run_ffmpeg(
            [
                *input_args(film, options=["-ss", f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"]),
                "-map", "0:v:0", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p",
                "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "image2", "-update", "1", f"file:{part}",
            ],
            cancelled=cancelled,
        )  # fmt: skip
