"""Code the joints of a film: the few frames around a transition, each joint in its own short ffmpeg, kept by digest.

A joint's name in the cache is a digest of everything its pictures depend on: settings, ffmpeg build, the clips'
digests, ranges and kinds of transition. So a cut made again after one shot was changed codes that shot's two joints and
nothing else. A file that is used gets a new modification time: delete those unused for long to keep the cache small.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Event, Lock

from .binary import capabilities, require
from .cut import Coded, Part, Span, TransitionKind
from .errors import BrokenMedia
from .join import read_picture
from .mezzanine import FINAL_FILTERS, MezzanineFormat, encode_arguments
from .runner import atomic_output, input_args, run_ffmpeg

RECIPE = 1
"""Raise when this module codes the same joint differently, so that joints coded before are not taken."""

_XFADE = {
    TransitionKind.DISSOLVE: "fade",
    TransitionKind.FADE_IN: "fade",
    TransitionKind.FADE_OUT: "fade",
    TransitionKind.WIPE: "wiperight",
    TransitionKind.IRIS: "circleopen",
}
_CLOCK = 100
"""Frames a second inside a graph, whatever the film's rate: xfade reckons in microseconds, 1/100 s is exact in them."""

_ONE_A_TICK = f"settb=1/{_CLOCK},setpts=N,fps={_CLOCK},setsar=1,format=yuv420p"


@dataclass(frozen=True)
class JointFile:
    """A coded joint in the cache; `fresh` when it was coded by this call."""

    path: Path
    frames: int
    fresh: bool


def code_joints(
    joints: Sequence[Coded],
    *,
    form: MezzanineFormat,
    cache: Path,
    jobs: int = 2,
    pool: ThreadPoolExecutor | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[JointFile]:
    """The coded file of each joint, in order: from `cache` where it is there, coded into it otherwise.

    At most `jobs` processes at a time (give the number of cores), one thread each; or as many as `pool` has threads.
    Raises the first error, after the other processes have ended; joints that were finished stay in the cache.
    """
    require(encoders=["libx264"], filters=["xfade", "concat", "trim", "fps", "setparams"])
    gate = _Gate(sum(joint.frames for joint in joints), progress, cancelled)
    distinct = dict.fromkeys(joints)
    with nullcontext(pool) if pool else ThreadPoolExecutor(max(1, jobs), thread_name_prefix="joint") as workers:
        futures = {joint: workers.submit(_cached_joint, joint, form, cache, gate) for joint in distinct}
        _raise_first(list(futures.values()), gate)
    return [futures[joint].result() for joint in joints]


def joint_key(joint: Coded, form: MezzanineFormat) -> str:
    """The digest that names a joint in the cache (64 hexadecimal digits)."""
    recipe = {
        "recipe": RECIPE,
        "ffmpeg": capabilities().version,
        "settings": [*encode_arguments(form), FINAL_FILTERS],
        "format": [form.width, form.height, str(form.rate)],
        "parts": [
            [part.kind.value if part.steps else "", part.frames, part.step, part.steps,
             _named(part.leaving), _named(part.arriving)]
            for part in joint.parts
        ],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def reference_sets(form: MezzanineFormat, cache: Path) -> bytes:
    """The parameter sets this ffmpeg gives in `form`, learnt from one coded black frame and kept in the cache.

    A mezzanine with others (made by another build) cannot be joined with joints coded here.
    """
    black = Coded((Part(TransitionKind.FADE_IN, 1, None, None, 0, 1),))
    made = _cached_joint(black, form, cache, _Gate(1, None, None))
    return read_picture(made.path, form.rate).parameter_sets


def _named(span: Span | None) -> list[str | int] | None:
    return [span.clip.digest, span.first, span.frames] if span is not None else None


class _Gate:
    """What the threads of one call share: the frames done, and the wish to stop."""

    def __init__(
        self, total: int, progress: Callable[[float], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self.total, self.progress, self._cancelled = max(1, total), progress, cancelled
        self.stop = Event()
        self.lock = Lock()
        self.done = 0

    def cancelled(self) -> bool:
        return self.stop.is_set() or (self._cancelled is not None and self._cancelled())

    def add(self, frames: int) -> None:
        with self.lock:
            self.done += frames
            if self.progress is not None:
                self.progress(min(1.0, self.done / self.total))


def _raise_first(futures: Sequence[Future[JointFile]], gate: _Gate) -> None:
    """Wait for all; when one fails the others are stopped, and that one's error is raised."""
    done, others = wait(futures, return_when=FIRST_EXCEPTION)
    failed = next((future for future in futures if future in done and future.exception()), None)
    if failed is None:
        return
    gate.stop.set()
    for future in others:
        future.cancel()
    wait(others)
    failed.result()


def _cached_joint(joint: Coded, form: MezzanineFormat, cache: Path, gate: _Gate) -> JointFile:
    key = joint_key(joint, form)
    path = cache / key[:2] / f"{key}.mp4"
    fresh = not _is_usable(path, joint, form)
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_output(path) as part:
            run_ffmpeg(joint_arguments(joint, form, part), frames=joint.frames, cancelled=gate.cancelled)
            _refuse_short(part, joint, form)
    else:
        os.utime(path)
    gate.add(joint.frames)
    return JointFile(path, joint.frames, fresh)


def _is_usable(path: Path, joint: Coded, form: MezzanineFormat) -> bool:
    """Whether the cache holds the joint whole; a damaged file (a full disk, a lost page) is coded again."""
    if not path.is_file():
        return False
    try:
        _refuse_short(path, joint, form)
    except BrokenMedia:
        path.unlink(missing_ok=True)
        return False
    return True


def _refuse_short(path: Path, joint: Coded, form: MezzanineFormat) -> None:
    held = read_picture(path, form.rate).frames
    if held != joint.frames:
        names = ", ".join(dict.fromkeys(span.clip.name for part in joint.parts for span in part.spans()))
        raise BrokenMedia(
            f"A joint of {names or 'black'} has {held} frames where {joint.frames} were asked for; "
            "a mezzanine holds fewer frames than was recorded. Make it again."
        )


def joint_arguments(joint: Coded, form: MezzanineFormat, out: Path) -> list[str]:
    """ffmpeg's arguments that code one joint: an input for each span, a graph, the mezzanine's settings."""
    inputs: list[str] = []
    chains: list[str] = []
    count = 0
    for number, part in enumerate(joint.parts):
        labels = []
        for span in (part.leaving, part.arriving):
            if span is None:
                labels.append(_black(form, part.frames))
                continue
            inputs += input_args(span.clip.picture, options=["-threads", "1", *_seek(span, form.rate)])
            labels.append(f"[{count}:v:0]trim=end_frame={span.frames},{_ONE_A_TICK}")
            count += 1
        chains += _part_chains(number, part, labels)
    joined = "".join(f"[p{number}]" for number in range(len(joint.parts)))
    rate = form.rate
    chains.append(
        f"{joined}concat=n={len(joint.parts)}:v=1:a=0,"
        f"settb={rate.denominator}/{rate.numerator},setpts=N,fps={rate},{FINAL_FILTERS}[film]"
    )
    return [
        *inputs, "-filter_threads", "1", "-filter_complex_threads", "1", "-filter_complex", ";".join(chains),
        "-map", "[film]", "-frames:v", str(joint.frames), *encode_arguments(form), "-f", "mp4", f"file:{out}",
    ]  # fmt: skip


def _part_chains(number: int, part: Part, sources: Sequence[str]) -> list[str]:
    """The chains of one part, ending in the label p<number>: a plain span, or two sources through xfade.

    xfade begins `step` ticks before the first frame, so that it stands at (step + k) / steps of the way at frame k.
    """
    if not part.steps:
        return [f"{sources[0]}[p{number}]"]
    return [
        f"{sources[0]}[a{number}]",
        f"{sources[1]}[b{number}]",
        f"[a{number}][b{number}]xfade=transition={_XFADE[part.kind]}:duration={_ticks(part.steps)}"
        f":offset={_ticks(-part.step)}[p{number}]",
    ]


def _black(form: MezzanineFormat, frames: int) -> str:
    size = f"{form.width}x{form.height}"
    return f"color=c=black:s={size}:r={_CLOCK},format=yuv420p,trim=end_frame={frames},{_ONE_A_TICK}"


def _ticks(count: int) -> str:
    return f"{'-' if count < 0 else ''}{abs(count) // _CLOCK}.{abs(count) % _CLOCK:02d}"


def _seek(span: Span, rate: Fraction) -> list[str]:
    """Seek to half a frame before the first picture, so that no rounding can lose or add one."""
    if span.first == 0:
        return []
    millionths = round((span.first - Fraction(1, 2)) / rate * 1_000_000)
    return ["-ss", f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"]
