"""The generation approaches: one file and one line each."""

from __future__ import annotations

from scenes.choices import GenerationApproach as Name

from . import extended, first_last_frame, held_frame, image_to_video, on_a_take, text_to_video, triptych
from .made import Approach

APPROACHES: dict[str, Approach] = {
    Name.COMPOSITE_IMAGE_TO_VIDEO: image_to_video.APPROACH,
    Name.IMAGE_TO_VIDEO: image_to_video.APPROACH,
    Name.TEXT_TO_VIDEO: text_to_video.APPROACH,
    Name.VIDEO_TO_VIDEO: on_a_take.APPROACH,
    Name.CHARACTER_ANIMATE_REPLACE: on_a_take.APPROACH,
    Name.FIRST_LAST_FRAME: first_last_frame.APPROACH,
    Name.TRIPTYCH_SPLIT_FIRST_LAST: triptych.APPROACH,
    Name.HELD_FRAME_PUSH: held_frame.APPROACH,
    Name.HELD_FRAME_STATIC: held_frame.APPROACH,
    Name.EXTENDED: extended.APPROACH,
}
"""Value of a shot's approach -> how it is made."""
