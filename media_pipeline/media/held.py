"""A still as a clip: held, or slowly pushed in on without jitter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps

from .camera_path import camera_path
from .mezzanine import MezzanineFormat
from .motion import render_still_motion
from .stills import image_info


def hold(
    still: Path, out: Path, form: MezzanineFormat, frames: int, *, push: bool, seed: int = 0,
    cancelled: Callable[[], bool] | None = None,
) -> int:  # fmt: skip
    """Write `frames` pictures of a still to `out` in mezzanine form, pushed in on where `push`; returns the frames.

    A still of another shape is cropped to the form's. BrokenMedia when the file is no still of a bearable size.
    """
    image_info(still)
    with Image.open(still) as opened:
        picture = ImageOps.fit(opened.convert("RGB"), (form.width, form.height), Image.Resampling.LANCZOS)
    boxes = camera_path("push_in" if push else "static", frames, picture.size, picture.size, seed, rate=form.rate)
    return render_still_motion(picture, boxes, out, form, cancelled=cancelled)
