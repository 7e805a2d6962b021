"""The animatic as a provider: keyframes and shots drawn from the scene's own data, on this machine, for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PIL import Image

from media_pipeline.media.errors import Cancelled, MediaError, TimedOut
from media_pipeline.media.mezzanine import MezzanineFormat
from media_pipeline.media.motion import Overlay, camera_path, render_still_motion
from media_pipeline.providers.base import (
    Accepted,
    CallContext,
    Capability,
    ImageEditRequest,
    ImageRequest,
    Pending,
    PortraitBrief,
    Request,
    Result,
    ResultFile,
    ShotBrief,
    VideoRequest,
)
from media_pipeline.providers.errors import Refused, Transient

from .frames import Still, draw_still
from .light import stable
from .portrait import draw_portrait
from .slate import Laid, duration_words, slate, subtitles, titles
from .sound import temp_track, write_track

VERSION = 2
"""Raised whenever the same request gives another picture."""

DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
"""IPTC: made purely by an algorithm, not with a model trained on sampled content."""

_WITHIN_FRAME = frozenset({"static", "push_in", "pull_out", "zoom", "dolly", ""})
"""Movements that never leave the framed picture; the others need the still's margin."""

SMALLEST = 64
"""Below this many pixels either way there is no picture to read."""


class AnimaticProvider:
    """Draws storyboard frames and renders them in motion. The same request gives the same bytes.

    An edit is drawn anew from what its brief holds by then: a layer more of the same frame.
    """

    name = "animatic"
    local = True
    keeps_history = False
    capabilities = frozenset({Capability.IMAGE, Capability.IMAGE_EDIT, Capability.VIDEO})

    def available(self) -> bool:
        """Always: it needs no key and no network."""
        return True

    def check(self, request: Request, profile: Mapping[str, Any]) -> None:
        """Nothing is promised for what costs nothing: `submit` says what cannot be drawn."""

    def submit(self, request: Request, endpoint: str, context: CallContext) -> Accepted | Result:
        """Draw at once. Refused without a brief or at a size that cannot be drawn or coded."""
        if not isinstance(request, ImageRequest | ImageEditRequest | VideoRequest):
            raise Refused(
                f"The animatic draws images and videos; it cannot do {getattr(request, 'capability', request)}."
            )
        brief = request.brief
        if brief is None:
            raise Refused(
                "The animatic draws from a shot's brief or a character's and this request has none: render it from a "
                "shot of a scene."
            )
        if min(request.width, request.height) < SMALLEST:
            raise Refused(f"The animatic draws frames from {SMALLEST} pixels up, not {request.width}x{request.height}.")
        self._stop_if_cancelled(context)
        if not isinstance(request, VideoRequest):
            return self._image(request, brief, context)
        assert isinstance(brief, ShotBrief)  # a video has no other
        return self._video(request, brief, context)

    def poll(self, request_id: str, endpoint: str, data: dict[str, Any]) -> Pending | None:
        """Nothing is ever pending: submit answers with the result."""
        return None

    def fetch(self, request_id: str, endpoint: str, data: dict[str, Any], context: CallContext) -> Result:
        """Refused: submit answers with the result."""
        raise Refused("The animatic answers at once; there is no earlier job to fetch.")

    def cancel(self, request_id: str, endpoint: str, data: dict[str, Any]) -> bool:
        """Nothing to cancel and nothing to charge: work stops by the call's context."""
        return True

    def find_lost(self, data: Mapping[str, Any], endpoint: str, *, since: datetime) -> list[str]:
        """Nothing is ever lost: the work is made again."""
        return []

    def _image(
        self, request: ImageRequest | ImageEditRequest, brief: ShotBrief | PortraitBrief, context: CallContext
    ) -> Result:
        if isinstance(brief, PortraitBrief):
            picture = draw_portrait(brief, request.width, request.height)
        else:
            picture = _frame(brief, request.width, request.height)
        context.progress(0.8)
        self._stop_if_cancelled(context)
        path = context.workdir / "keyframe.png"
        picture.save(path, format="PNG", compress_level=4)
        context.progress(1.0)
        return _result(ResultFile(path=path, kind="image"), request)

    def _video(self, request: VideoRequest, brief: ShotBrief, context: CallContext) -> Result:
        form = _form(request)
        still = draw_still(brief, request.width, request.height)
        context.progress(0.15)
        self._stop_if_cancelled(context)
        picture = _room_for(brief.camera_movement, still)
        boxes = camera_path(
            brief.camera_movement or "static",
            request.frames,
            (request.width, request.height),
            picture.size,
            (stable(brief.asset_name) + request.seed) % 2**31,
            rate=request.rate,
        )
        track = context.workdir / "temp-track.wav"
        write_track(track, temp_track(brief, request.frames, request.rate))
        context.progress(0.2)
        path = context.workdir / "shot.mp4"
        try:
            render_still_motion(
                picture,
                boxes,
                path,
                form,
                overlays=_overlays(request, brief),
                audio=track,
                progress=lambda share: context.progress(0.2 + 0.8 * share),
                cancelled=context.cancelled,
            )
        except Cancelled:
            raise
        except TimedOut as fault:
            raise Transient(str(fault)) from fault
        except MediaError as fault:
            raise Refused(str(fault)) from fault
        finally:
            track.unlink(missing_ok=True)
        context.progress(1.0)
        return _result(ResultFile(path=path, kind="video"), request)

    def _stop_if_cancelled(self, context: CallContext) -> None:
        if context.cancelled():
            raise Cancelled("The animatic was stopped before it was finished.")


def _frame(brief: ShotBrief, width: int, height: int) -> Image.Image:
    """A shot's frame with its slate."""
    picture = draw_still(brief, width, height).framed().convert("RGBA")
    strip = slate(brief, width, height)
    picture.alpha_composite(strip.image, strip.position)
    return picture.convert("RGB")


def _form(request: VideoRequest) -> MezzanineFormat:
    try:
        return MezzanineFormat(request.width, request.height, request.rate)
    except MediaError as fault:
        raise Refused(str(fault)) from fault


def _room_for(movement: str, still: Still) -> Image.Image:
    """The part of the still a movement plays in."""
    return still.framed() if movement in _WITHIN_FRAME else still.image


def _overlays(request: VideoRequest, brief: ShotBrief) -> list[Overlay]:
    size = (request.width, request.height)
    laid: list[Laid] = [
        slate(brief, *size, length=duration_words(request.frames, request.rate)),
        *titles(brief, request.frames, request.rate, *size),
        *subtitles(brief, request.frames, *size),
    ]
    return [Overlay(each.first, min(each.last, request.frames - 1), each.image, each.position) for each in laid]


def _result(file: ResultFile, request: ImageRequest | ImageEditRequest | VideoRequest) -> Result:
    return Result(
        files=(file,),
        seed=request.seed,
        provenance={
            "provider": "animatic",
            "generator": "Rushes animatic",
            "version": VERSION,
            "digital_source_type": DIGITAL_SOURCE_TYPE,
            "label": "Animatic",
        },
    )
