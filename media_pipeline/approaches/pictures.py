"""The first picture of a shot, by whatever way its approach has: the frame before, a composite, or one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from media_pipeline.providers.base import ImageEditRequest, ImageRequest, Reference, Request
from media_pipeline.runs.calls import CallResult
from media_pipeline.runs.context import RunContext
from media_pipeline.shot_request import ShotRequest
from media_pipeline.takes.composite import Composite, looked_at, request_of, told
from scenes.models import Shot

from .made import seed_of


class Picture:
    """A stored picture: asset id and sha256; `answer` is the call it came from, None for a frame that was there."""

    def __init__(self, asset: int, sha256: str, answer: CallResult | None = None, *, composite: bool = False) -> None:
        self.asset, self.sha256, self.answer, self.composite = asset, sha256, answer, composite


def first_picture(run: RunContext, shot: Shot, request: ShotRequest) -> Picture:
    """The picture a shot starts from, verified; the last frame of the shot before needs no second look."""
    if request.start_from and request.start_from_asset is not None:
        return Picture(request.start_from_asset, request.start_from)
    if request.layers:
        answer = Composite(run, shot, request).build()
        return Picture(answer.asset_ids[0], answer.files[0], answer, composite=True)

    def make(attempt: int, problems: Sequence[str]) -> ImageRequest | ImageEditRequest:
        asked = keyframe(request, request.first_frame_prompt)
        return asked.model_copy(
            update={"prompt": told(asked.prompt, problems), "seed": seed_of(request, attempt)}
        )  # fmt: skip

    answer = looked_at(run, shot, request, "keyframe", make)
    return Picture(answer.asset_ids[0], answer.files[0], answer)


def keyframe(request: ShotRequest, moment: str = "", **size: int) -> ImageRequest | ImageEditRequest:
    """One picture in one request: from references where there are any, else from words.

    `moment` is what is seen at this point of the shot, where the record says so; `size` takes the place of the shot's.
    """
    about: dict[str, Any] = {
        "prompt": f"{moment}\n{request.prompt}" if moment else request.prompt,
        "negative_prompt": request.negative_prompt, "width": request.width, "height": request.height,
        "seed": request.seed, "brief": request.brief,
    } | size  # fmt: skip
    if request.references and not request.is_drawn and not request.kept.image:
        return ImageEditRequest(references=tuple(chosen.reference for chosen in request.references), **about)
    return ImageRequest(identities=request.kept.image, **about)


def calls_for_first(request: ShotRequest) -> list[tuple[str, Request]]:
    """What the first picture is expected to ask for."""
    if request.start_from:
        return []
    if not request.layers:
        return [("keyframes", keyframe(request, request.first_frame_prompt))]
    calls: list[tuple[str, Request]] = []
    for place, layer in enumerate(request.layers):
        asked = request_of(request, layer, None, 1)
        if place and isinstance(asked, ImageRequest):  # it is made on top of the layer before
            asked = _as_edit(asked)
        calls.append((f"composite: {layer.layer}", asked))
    return calls


def _as_edit(asked: ImageRequest) -> ImageEditRequest:
    fields = asked.model_dump(exclude={"capability", "identities", "brief"})
    return ImageEditRequest(references=(Reference(media="0" * 64),), brief=asked.brief, **fields)
