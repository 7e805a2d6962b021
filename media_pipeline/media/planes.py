"""Pictures as the three planes the encoder takes: 8-bit BT.709 luma and half-size chroma, video range.

Moving a still plane by plane costs half of moving it in RGB (1.5 channels in place of 3, no conversion afterwards), and
the conversion happens once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageFilter

from .camera_path import Box
from .errors import MediaError

_KR, _KB = 0.2126, 0.0722
"""ITU-R BT.709, 3.2; video range: luma 16 to 235, chroma 16 to 240 (table 4)."""

_MARGIN = 8
"""Columns added at the left of the chroma planes, so that they can be read a little before the edge."""

Planes = tuple[Image.Image, Image.Image, Image.Image]


def _matrix() -> tuple[float, ...]:
    green = 1 - _KR - _KB
    luma = [219 / 255 * weight for weight in (_KR, green, _KB)]
    blue = [112 / 255 * weight for weight in (-_KR / (1 - _KB), -green / (1 - _KB), 1.0)]
    red = [112 / 255 * weight for weight in (1.0, -green / (1 - _KR), -_KB / (1 - _KR))]
    return (*luma, 16.0, *blue, 128.0, *red, 128.0)


def in_video_colours(picture: Image.Image) -> Planes:
    """Luma, blue and red difference of an RGB picture, each in its full size."""
    luma, blue, red = picture.convert("RGB").convert("RGB", _matrix()).split()
    return luma, blue, red


class Still:
    """A still ready to be looked at through moving boxes."""

    def __init__(self, picture: Image.Image, size: tuple[int, int]) -> None:
        """`size` is (width, height) of the pictures that come out, even numbers."""
        self.size = size
        self.source = picture.size
        self.luma, *chroma = in_video_colours(picture)
        self.chroma = [_with_margin(plane.reduce(2)) for plane in chroma]

    def seen_through(self, box: Box) -> Planes:
        """What is inside `box`, scaled to the size; bicubic, exact to fractions of a pixel."""
        width, height = self.size
        left, top, right, bottom = self._inside(box)
        luma = self.luma.resize(self.size, Image.Resampling.BICUBIC, box=(left, top, right, bottom))
        # Chroma lies on the left one of each two luma columns (H.264 default): half an output pixel to the left.
        shift = _MARGIN - min(0.25 * (right - left) / width, _MARGIN)
        place = (left / 2 + shift, top / 2, right / 2 + shift, bottom / 2)
        half = (width // 2, height // 2)
        blue, red = (plane.resize(half, Image.Resampling.BICUBIC, box=place) for plane in self.chroma)
        return luma, blue, red

    def _inside(self, box: Box) -> Box:
        left, top, right, bottom = box
        width, height = self.source
        slack = 1e-3
        if left < -slack or top < -slack or right > width + slack or bottom > height + slack or right - left < 1:
            raise MediaError(f"The camera looks outside the still: box {box} of {width}x{height}.")
        return max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)


def _with_margin(plane: Image.Image) -> Image.Image:
    wider = Image.new("L", (plane.width + _MARGIN, plane.height))
    wider.paste(plane.crop((0, 0, 1, plane.height)).resize((_MARGIN, plane.height)), (0, 0))
    wider.paste(plane, (_MARGIN, 0))
    return wider


def smeared(planes: Planes, across: float, down: float) -> Planes:
    """The planes blurred over `across` by `down` luma pixels, as by an open shutter."""
    luma, blue, red = planes
    full = luma.filter(ImageFilter.BoxBlur((across / 2, down / 2)))
    return full, *(plane.filter(ImageFilter.BoxBlur((across / 4, down / 4))) for plane in (blue, red))  # type: ignore[return-value]


@dataclass(frozen=True)
class Overlay:
    """An RGBA picture laid over frames `first` to `last` (both included), its corner at `position` (left, top)."""

    first: int
    last: int
    image: Image.Image
    position: tuple[int, int] = (0, 0)


class Laid:
    """An overlay cut to what is not transparent and turned into planes once."""

    def __init__(self, overlay: Overlay, size: tuple[int, int]) -> None:
        self.first, self.last = overlay.first, overlay.last
        whole = Image.new("RGBA", size)
        whole.paste(overlay.image.convert("RGBA"), overlay.position)
        box = whole.getchannel("A").getbbox()
        self.parts: list[tuple[Image.Image, Image.Image, tuple[int, int]]] = []
        if box is not None:
            left, top = box[0] // 2 * 2, box[1] // 2 * 2
            right, bottom = min(size[0], -(-box[2] // 2) * 2), min(size[1], -(-box[3] // 2) * 2)
            cut = whole.crop((left, top, right, bottom))
            half = cut.reduce(2)
            corner = (left // 2, top // 2)
            _, blue, red = in_video_colours(half)
            self.parts = [
                (in_video_colours(cut)[0], cut.getchannel("A"), (left, top)),
                (blue, half.getchannel("A"), corner),
                (red, half.getchannel("A"), corner),
            ]

    def on(self, planes: Planes) -> None:
        """Lay it over `planes`, in place."""
        for plane, (colour, alpha, corner) in zip(planes, self.parts, strict=False):
            plane.paste(colour, corner, alpha)


def copied(planes: Planes) -> Planes:
    """Planes that may be drawn on."""
    luma, blue, red = (plane.copy() for plane in planes)
    return luma, blue, red


def raw(planes: Sequence[Image.Image]) -> bytes:
    """The planes as one yuv420p frame."""
    return b"".join(plane.tobytes() for plane in planes)
