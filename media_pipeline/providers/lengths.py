"""Legal lengths: what a model can be asked for is not what a shot lasts. Planned, bought and used are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .base import VideoRequest


def frames_sent(request: VideoRequest, limits: Mapping[str, Any]) -> int:
    """The legal number of frames that covers the shot at the model's rate: at least as long, never shorter."""
    rate = Fraction(str(limits["rate"])) if "rate" in limits else request.rate
    wanted = -(-request.frames * rate // request.rate)  # rounded up
    step = limits.get("frame_step", 1)
    whole = -(-(wanted - 1) // step) * step + 1 if step > 1 else wanted
    return max(int(whole), limits.get("min_frames", 1))
