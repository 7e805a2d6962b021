"""A cut as data: clips, transitions and the frame plan that makes a film of them. No files are opened here.

The model is OpenTimelineIO's: a transition lies around the cut, `in_offset` frames before it and `out_offset` frames
after it, and leaves the lengths of the clips alone. A dissolve therefore needs handles, that is pictures of the leaving
clip after its last frame and of the arriving clip before its first. Generated shots usually have none;
`Cut.with_overlaps` then lets the clips overlap, and the film is shorter by what overlaps.

Frame numbers are integers at the film's rate; a frame of a clip is a frame of its mezzanine, counted from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from .errors import MediaError


class CutError(MediaError):
    """The cut asks for pictures that are not there, or contradicts itself; the message names the clip."""


class TransitionKind(StrEnum):
    """How one clip hands over to the next. The values are those of the scenes' choices, and `dip` beside them."""

    CUT = "cut"
    MATCH_CUT = "match_cut"
    SMASH_CUT = "smash_cut"
    JUMP_CUT = "jump_cut"
    FADE_IN = "fade_in"
    FADE_OUT = "fade_out"
    DIP = "dip"
    """Fade out to black before the cut and in from black after it."""
    DISSOLVE = "dissolve"
    WIPE = "wipe"
    IRIS = "iris"

    @property
    def is_cut(self) -> bool:
        """No frame is blended: match, smash and jump cuts differ in what they mean, not in what is coded."""
        return self in _CUTS

    @property
    def overlaps(self) -> bool:
        """Both clips are seen at once, so handles are needed."""
        return self in _OVERLAPPING


_CUTS = {TransitionKind.CUT, TransitionKind.MATCH_CUT, TransitionKind.SMASH_CUT, TransitionKind.JUMP_CUT}
_OVERLAPPING = {TransitionKind.DISSOLVE, TransitionKind.WIPE, TransitionKind.IRIS}


@dataclass(frozen=True)
class Transition:
    """A handing over of `in_offset` frames before the cut and `out_offset` frames after it."""

    kind: TransitionKind = TransitionKind.CUT
    in_offset: int = 0
    out_offset: int = 0

    def __post_init__(self) -> None:
        kind, before, after = self.kind, self.in_offset, self.out_offset
        if before < 0 or after < 0:
            raise CutError(f"A {kind.value} cannot last {before} and {after} frames: give lengths of 0 or more.")
        if kind.is_cut and self.frames:
            raise CutError(f"A {kind.value} takes no time, but {self.frames} frames were given; use a dissolve.")
        if kind is TransitionKind.FADE_IN and before:
            raise CutError("A fade in lies wholly after the cut; for a fade out and in use a dip.")
        if kind is TransitionKind.FADE_OUT and after:
            raise CutError("A fade out lies wholly before the cut; for a fade out and in use a dip.")
        if not kind.is_cut and not self.frames:
            raise CutError(f"A {kind.value} of no frames is a cut: give it a length or make it a cut.")

    @classmethod
    def of(cls, kind: TransitionKind | str, frames: int = 0) -> Transition:
        """A transition of `frames` in all, where its kind puts it: centred, before (fade out) or after (fade in)."""
        kind = TransitionKind(kind)
        if kind is TransitionKind.FADE_IN:
            return cls(kind, 0, frames)
        if kind is TransitionKind.FADE_OUT:
            return cls(kind, frames, 0)
        return cls(kind, frames // 2, frames - frames // 2)

    @property
    def frames(self) -> int:
        """How many frames of the film it takes."""
        return self.in_offset + self.out_offset


@dataclass(frozen=True)
class Clip:
    """One shot in the cut: `frames` pictures of a mezzanine from picture `first` on.

    `picture` is a mezzanine of `available` frames; `digest` is the digest of its bytes and names it in the cache.
    `sound` is a file that begins with the mezzanine's picture 0, or None for silence; `gain_db` is laid on it. `speech`
    says whether somebody may speak in it: music goes down under those who do.
    """

    picture: Path
    digest: str
    first: int
    frames: int
    available: int
    sound: Path | None = None
    gain_db: float = 0.0
    speech: bool = True

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise CutError(f"{self.name}: a clip needs at least one frame, {self.frames} were asked for.")
        if self.first < 0 or self.end > self.available:
            raise CutError(
                f"{self.name}: frames {self.first} to {self.end - 1} were asked for, "
                f"but the shot has frames 0 to {self.available - 1}."
            )

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return self.picture.name

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.first + self.frames

    @property
    def head_handle(self) -> int:
        """Frames of the mezzanine before the first that is used."""
        return self.first

    @property
    def tail_handle(self) -> int:
        """Frames of the mezzanine after the last that is used."""
        return self.available - self.end

    def goes_on_in(self, other: Clip) -> bool:
        """Whether `other` begins with this one's next frame, so that the cut between them cannot be seen or heard."""
        same = (self.picture, self.digest, self.sound, self.gain_db, self.speech)
        return (
            same == (other.picture, other.digest, other.sound, other.gain_db, other.speech) and self.end == other.first
        )


@dataclass(frozen=True)
class Cut:
    """Clips in order, and the transitions around them: before the first, between each two, after the last.

    `transitions` has one more entry than `clips`; leave it empty for cuts throughout. It is checked when made:
    CutError names the first transition that asks for pictures that are not there.
    """

    clips: tuple[Clip, ...]
    transitions: tuple[Transition, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "clips", tuple(self.clips))
        object.__setattr__(self, "transitions", tuple(self.transitions) or (Transition(),) * (len(self.clips) + 1))
        _check_shape(self.clips, self.transitions)
        for place in range(1, len(self.clips)):
            _check_handles(self.clips[place - 1], self.clips[place], self.transitions[place])
        for place, clip in enumerate(self.clips):
            asked = self.transitions[place].out_offset + self.transitions[place + 1].in_offset
            if asked > clip.frames:
                raise CutError(
                    f"{clip.name}: its transitions take {asked} frames, but only {clip.frames} of it are used. "
                    "Shorten the transitions or use more of the shot."
                )

    @classmethod
    def with_overlaps(
        cls, clips: Sequence[Clip], transitions: Sequence[Transition], *, use_handles: bool = False
    ) -> Cut:
        """A cut whose overlapping transitions take their pictures from the clips themselves.

        A dissolve of N frames lays the last N frames of one clip over the first N of the next: the film lasts the sum
        of the clips less all overlaps. With `use_handles`, a transition whose two clips have the handles it needs
        keeps the lengths as they are, and only the others overlap. Fades through black never overlap.
        """
        trimmed = list(clips)
        _check_shape(trimmed, transitions)
        for place in range(1, len(trimmed)):
            transition = transitions[place]
            leaving, arriving = trimmed[place - 1], trimmed[place]
            if not transition.kind.overlaps or (use_handles and _has_handles(leaving, arriving, transition)):
                continue
            if transition.out_offset >= leaving.frames or transition.in_offset >= arriving.frames:
                raise CutError(
                    f"{leaving.name} and {arriving.name} are too short to overlap by {transition.frames} frames: "
                    f"{leaving.frames} and {arriving.frames} frames are left of them. Shorten the transition."
                )
            trimmed[place - 1] = replace(leaving, frames=leaving.frames - transition.out_offset)
            trimmed[place] = replace(
                arriving, first=arriving.first + transition.in_offset, frames=arriving.frames - transition.in_offset
            )
        return cls(tuple(trimmed), tuple(transitions))

    @property
    def total_frames(self) -> int:
        """The length of the film in frames."""
        return sum(clip.frames for clip in self.clips)

    def starts(self) -> list[int]:
        """The film frame at which each clip begins (where the cut is, not where a transition before it begins)."""
        starts, at = [], 0
        for clip in self.clips:
            starts.append(at)
            at += clip.frames
        return starts

    def without_invisible_cuts(self) -> Cut:
        """The same film with clips that were divided and left in place made one again: nothing is coded there."""
        clips, transitions = [self.clips[0]], [self.transitions[0]]
        for clip, transition in zip(self.clips[1:], self.transitions[1:-1], strict=True):
            if transition.kind.is_cut and clips[-1].goes_on_in(clip):
                clips[-1] = replace(clips[-1], frames=clips[-1].frames + clip.frames)
            else:
                clips.append(clip)
                transitions.append(transition)
        return Cut(tuple(clips), (*transitions, self.transitions[-1]))


def _check_shape(clips: Sequence[Clip], transitions: Sequence[Transition]) -> None:
    if not clips:
        raise CutError("A cut needs at least one clip.")
    if len(transitions) != len(clips) + 1:
        raise CutError(
            f"{len(clips)} clips need {len(clips) + 1} transitions (before the first, between each two, after the "
            f"last), but {len(transitions)} were given."
        )
    if not (transitions[0].kind.is_cut or transitions[0].kind is TransitionKind.FADE_IN):
        raise CutError(f"The film begins with a {transitions[0].kind.value}; nothing is before it: use a fade in.")
    if not (transitions[-1].kind.is_cut or transitions[-1].kind is TransitionKind.FADE_OUT):
        raise CutError(f"The film ends with a {transitions[-1].kind.value}; nothing is after it: use a fade out.")


def _has_handles(leaving: Clip, arriving: Clip, transition: Transition) -> bool:
    return leaving.tail_handle >= transition.out_offset and arriving.head_handle >= transition.in_offset


def _check_handles(leaving: Clip, arriving: Clip, transition: Transition) -> None:
    if not transition.kind.overlaps or _has_handles(leaving, arriving, transition):
        return
    short = leaving if leaving.tail_handle < transition.out_offset else arriving
    where = "after its last" if short is leaving else "before its first"
    has, needs = (
        (leaving.tail_handle, transition.out_offset)
        if short is leaving
        else (arriving.head_handle, transition.in_offset)
    )
    raise CutError(
        f"{short.name}: the {transition.kind.value} needs {needs} frames {where} used frame, and there are {has}. "
        "Trim the shot, shorten the transition, or let the shots overlap (which shortens the film)."
    )


# The frame plan


@dataclass(frozen=True)
class Span:
    """`frames` pictures of one mezzanine from picture `first` on."""

    clip: Clip
    first: int
    frames: int

    @property
    def end(self) -> int:
        """The picture after its last."""
        return self.first + self.frames


@dataclass(frozen=True)
class Part:
    """Some frames of a coded piece: one span as it is, or two blended (None stands for black).

    Frame k of the part shows the arriving picture at (step + k) / steps of the way; a plain part has no way to go
    (`steps` 0) and shows `leaving`.
    """

    kind: TransitionKind
    frames: int
    leaving: Span | None
    arriving: Span | None = None
    step: int = 0
    steps: int = 0

    def spans(self) -> list[Span]:
        """The spans it reads."""
        return [span for span in (self.leaving, self.arriving) if span is not None]


@dataclass(frozen=True)
class Copied:
    """A run of coded packets taken over as they are; it starts on a key frame and ends on a whole picture."""

    span: Span

    @property
    def frames(self) -> int:
        """How many frames of the film it gives."""
        return self.span.frames


@dataclass(frozen=True)
class Coded:
    """A piece that has to be coded: the head, blends and tails around one or more joints."""

    parts: tuple[Part, ...]

    @property
    def frames(self) -> int:
        """How many frames of the film it gives."""
        return sum(part.frames for part in self.parts)


Piece = Copied | Coded


@dataclass(frozen=True)
class Anchors:
    """Where packets of a mezzanine may be cut without coding.

    `keys`: pictures that are key frames (nothing before them is needed). `ends`: pictures e such that the packets from
    a key frame on can stop there and hold exactly the pictures before e; the file's frame count is the last of them.
    """

    keys: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def regular(cls, frames: int, gop: int) -> Anchors:
        """Those of a file of closed groups of `gop` pictures, knowing nothing of the pictures within a group."""
        keys = tuple(range(0, frames, gop))
        return cls(keys, (*keys[1:], frames))

    @classmethod
    def none(cls) -> Anchors:
        """Those of a file whose packets cannot be taken over: all of it is coded."""
        return cls((), ())

    def run_within(self, first: int, end: int) -> tuple[int, int] | None:
        """The longest run that can be copied from `first` <= run < `end`, as (first, end), or None."""
        start = min((key for key in self.keys if key >= first), default=None)
        stop = max((place for place in self.ends if place <= end), default=0)
        return (start, stop) if start is not None and stop > start else None


MOST_SPANS = 8
"""Decoders that one coded piece may open; each holds a handful of pictures."""


def plan(cut: Cut, anchors: Callable[[Clip], Anchors], *, piece_frames: int = 120) -> list[Piece]:
    """The pieces that make the film, in order; their frames add up to `cut.total_frames` exactly.

    What lies around a joint (tail, blend, head) is one coded piece, so that it costs one process. A coded piece that
    grows past `piece_frames` or MOST_SPANS is divided where a part ends, so that no single process opens many clips.
    """
    pieces: list[Piece] = []
    waiting: list[Part] = []
    for part in _parts(cut, piece_frames):
        run = None
        if part.kind.is_cut and part.leaving is not None:
            run = anchors(part.leaving.clip).run_within(part.leaving.first, part.leaving.end)
        if run is None or part.leaving is None:
            waiting += _divided(part, piece_frames)
            continue
        span, (start, stop) = part.leaving, run
        waiting += _plain(span.clip, span.first, start)
        pieces += _coded(waiting, piece_frames)
        pieces.append(Copied(Span(span.clip, start, stop - start)))
        waiting = _plain(span.clip, stop, span.end)
    pieces += _coded(waiting, piece_frames)
    planned = sum(piece.frames for piece in pieces)
    if planned != cut.total_frames:
        raise CutError(f"The plan has {planned} frames for a film of {cut.total_frames}: a fault in planning.")
    return pieces


def _parts(cut: Cut, piece_frames: int) -> Iterator[Part]:
    """Blends and bodies in film order; the bodies are not yet divided into copied and coded frames."""
    cut = cut.without_invisible_cuts()
    before: Clip | None = None
    for clip, arriving, leaving in zip(cut.clips, cut.transitions, cut.transitions[1:], strict=False):
        yield from _blends(before, clip, arriving)
        yield from _plain(clip, clip.first + arriving.out_offset, clip.end - leaving.in_offset)
        before = clip
    yield from _blends(before, None, cut.transitions[-1])


def _blends(before: Clip | None, after: Clip | None, transition: Transition) -> Iterator[Part]:
    """The coded parts of one transition. A blend begins and ends just short of its clips; a fade touches black."""
    ahead, behind, total = transition.in_offset, transition.out_offset, transition.frames
    if transition.kind.overlaps and before is not None and after is not None:
        leaving = Span(before, before.end - ahead, total)
        yield Part(transition.kind, total, leaving, Span(after, after.first - ahead, total), 1, total + 1)
    elif not transition.kind.is_cut:
        if ahead and before is not None:
            yield Part(TransitionKind.FADE_OUT, ahead, Span(before, before.end - ahead, ahead), None, 1, ahead)
        if behind and after is not None:
            yield Part(TransitionKind.FADE_IN, behind, None, Span(after, after.first, behind), 0, behind)


def _plain(clip: Clip, first: int, end: int) -> list[Part]:
    return [Part(TransitionKind.CUT, end - first, Span(clip, first, end - first))] if end > first else []


def _divided(part: Part, piece_frames: int) -> list[Part]:
    """A plain part of many frames as several, so that a long clip that cannot be copied is coded in pieces."""
    if part.steps or part.leaving is None:
        return [part]
    span = part.leaving
    return [
        plain
        for first in range(span.first, span.end, piece_frames)
        for plain in _plain(span.clip, first, min(first + piece_frames, span.end))
    ]


def _coded(parts: Sequence[Part], piece_frames: int) -> list[Piece]:
    pieces: list[Piece] = []
    gathered: list[Part] = []
    for part in parts:
        frames = sum(one.frames for one in (*gathered, part))
        spans = sum(len(one.spans()) for one in (*gathered, part))
        if gathered and (frames > piece_frames or spans > MOST_SPANS):
            pieces.append(Coded(tuple(gathered)))
            gathered = []
        gathered.append(part)
    if gathered:
        pieces.append(Coded(tuple(gathered)))
    return pieces
