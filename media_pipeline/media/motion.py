"""Stills in motion: a still seen through a moving box, coded straight into the mezzanine form.

Pillow takes the box in fractions of a pixel; the greatest jump against the true path is 0.04 pixels, thirty times
steadier than ffmpeg's zoompan, which cuts at whole pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from .camera_path import Box, Ease, Move, camera_path, gliding, linear, smooth
from .errors import MediaError
from .mezzanine import CRF, FINAL_FILTERS, MezzanineFormat, encode_arguments
from .planes import Laid, Overlay, Still, copied, raw, smeared
from .runner import atomic_output, file_address, input_args, raw_input_args, run_ffmpeg
from .timing import SAMPLE_RATE, sample_at

__all__ = [
    "Box", "Ease", "Move", "Overlay", "camera_path", "gliding", "linear", "render_still_motion", "smooth",
]  # fmt: skip

SHUTTER = 0.5
"""The share of a frame's time the shutter is open: 180 degrees, the usual in film."""

BLUR_FROM = 0.012
"""Faster than this (picture widths a frame) a move is smeared; slower, a still picture's sharpness is kept."""


def render_still_motion(
    still: Image.Image,
    boxes: Sequence[Box],
    out: Path,
    form: MezzanineFormat,
    *,
    overlays: Sequence[Overlay] = (),
    audio: Path | None = None,
    crf: int = CRF,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write `still` seen through `boxes`, one a frame, to `out` (mp4 in mezzanine form); returns the frames.

    `overlays` (subtitles, a slate) are drawn over their frames only. `audio` is laid from the first frame on, cut or
    followed by silence to the picture's length, as AAC. What is still (a box that stays) is scaled once.
    """
    if not boxes:
        raise MediaError("A still needs at least one frame to be shown in.")
    count = len(boxes)
    picture = Still(still, (form.width, form.height))
    laid = [Laid(overlay, picture.size) for overlay in overlays]

    def write(pipe: BinaryIO) -> None:
        for frame in _frames(picture, boxes, laid):
            pipe.write(frame)

    with atomic_output(out) as part:
        run_ffmpeg(
            [
                *raw_input_args(form.width, form.height, form.rate, "yuv420p"),
                *(input_args(audio) if audio else []),
                "-map", "0:v", "-vf", FINAL_FILTERS, "-frames:v", str(count),
                *encode_arguments(form, crf=crf, quick=True),
                *(_sound_arguments(sample_at(count, form.rate)) if audio else []),
                "-movflags", "+faststart", "-f", "mp4", file_address(part),
            ],
            frames=count, wall_seconds=600 + count, progress=progress, cancelled=cancelled, stdin=write,
        )  # fmt: skip
    return count


def _frames(still: Still, boxes: Sequence[Box], laid: Sequence[Laid]) -> Iterator[bytes]:
    """The raw frames; scaling is skipped while the box stays, packing too while the overlays do."""
    seen: Box | None = None
    shown: tuple[int, ...] = ()
    for number, box in enumerate(boxes):
        over = tuple(index for index, each in enumerate(laid) if each.first <= number <= each.last)
        if box != seen:
            planes = still.seen_through(box)
            across, down = _speed(boxes, number)
            if max(across, down) > BLUR_FROM:
                planes = smeared(planes, across * SHUTTER * still.size[0], down * SHUTTER * still.size[0])
        if box != seen or over != shown:
            canvas = copied(planes) if over else planes
            for index in over:
                laid[index].on(canvas)
            frame = raw(canvas)
        seen, shown = box, over
        yield frame


def _speed(boxes: Sequence[Box], number: int) -> tuple[float, float]:
    """How far the middle of the picture goes to the next frame, in picture widths, sideways and down."""
    here, there = boxes[number], boxes[min(number + 1, len(boxes) - 1)]
    width = here[2] - here[0]
    return tuple(abs(there[i] + there[i + 2] - here[i] - here[i + 2]) / 2 / width for i in (0, 1))  # type: ignore[return-value]


def _sound_arguments(samples: int) -> list[str]:
    filters = (
        f"aresample={SAMPLE_RATE},aformat=channel_layouts=stereo,apad=whole_len={samples},atrim=end_sample={samples}"
    )
    return ["-map", "1:a:0", "-af", filters, "-c:a", "aac", "-b:a", "192k", "-flags:a", "+bitexact"]
