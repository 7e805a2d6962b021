"""Stills, looked at with Pillow. Runs only in the limited child process (examiner.py)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import BrokenMedia

MAX_IMAGE_PIXELS = 33_554_432
"""8K and a bit. Pillow raises only at twice its own limit and warns before: the warning is made an error here."""

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "AVIF", "GIF")
"""What is accepted as a still, told by content, whatever the name says."""


def looks_like_still(path: Path) -> bool:
    """Whether the content is one of FORMATS, moving GIF excepted (that is a clip). Headers only."""
    try:
        with _opened(path) as image:
            return not (image.format == "GIF" and _moves(image))
    except UnidentifiedImageError:
        return False


def describe(path: Path) -> dict[str, Any]:
    """The still's facts, having decoded it whole; BrokenMedia when that fails or it is too large."""
    with _opened(path) as image:
        kind, stored, mode = image.format, image.size, image.mode
        moving = kind != "TIFF" and _moves(image)
        _load(image)
        orientation = image.getexif().get(0x0112, 1)
    width, height = (stored[1], stored[0]) if orientation in (5, 6, 7, 8) else stored
    return {
        "kind": "image",
        "container": str(kind).lower(),
        "codec": str(kind).lower(),
        "pixel_format": mode,
        "width": width,
        "height": height,
        "frames": 1,
        "rotation": {3: 180, 6: 90, 8: 270}.get(orientation, 0),
        "flags": [flag for flag, holds in (("rotated", orientation > 1), ("animated", moving)) if holds],
    }


def save_thumbnail(path: Path, out: str, width: int, quality: int) -> dict[str, Any]:
    """A JPEG of at most `width` pixels across, upright, transparency on dark grey, to `out`."""
    if not looks_like_still(path):
        raise BrokenMedia("A still was expected, but the file is not one.")
    with _opened(path) as image:
        image.draft("RGB", (width * 2, width * 2))  # lets the JPEG decoder skip what would be thrown away
        _load(image)
        upright = ImageOps.exif_transpose(image)
    flat = _flattened(upright)
    flat.thumbnail((width, width * 8), Image.Resampling.LANCZOS)
    flat.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return {"width": flat.width, "height": flat.height}


def _flattened(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    picture = image.convert("RGBA")
    ground = Image.new("RGBA", picture.size, (32, 32, 32, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    Image.MAX_IMAGE_PIXELS = MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(path, formats=FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise BrokenMedia(f"The still is larger than the {MAX_IMAGE_PIXELS:,} pixels that are accepted.") from error
        except UnidentifiedImageError:
            raise
        except (OSError, SyntaxError, ValueError) as error:
            raise BrokenMedia(f"The still cannot be read: {error}.") from error
        with image:
            yield image


def _moves(image: Image.Image) -> bool:
    try:
        return getattr(image, "n_frames", 1) > 1
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # counting reads the file to its end
        raise BrokenMedia(f"The still is damaged: {error}.") from error


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except MemoryError as error:
        raise BrokenMedia("The still needs more memory than is allowed.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BrokenMedia(f"The still is damaged: {error}.") from error
