"""The colours a picture is made of, as a production designer would pick them from it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from .stills import thumbnail

ACROSS = 64
"""Pixels of the small copy that is counted: enough for the colours of areas, too few for grain and text."""

ROUNDS = 2
"""Times that the colours are moved to the middle of what they stand for: a median cut alone mixes neighbours."""


def palette_of(path: Path, folder: Path, colours: int = 5) -> list[str]:
    """The main colours of a still, the one of the largest area first, as #RRGGBB; `folder` is for a small copy.

    Raises BrokenMedia where the file is no still; the file itself is only opened in the limited child process.
    """
    small = folder / "colours.jpg"
    thumbnail(path, small, ACROSS)
    with Image.open(small) as picture:
        counted = picture.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=ROUNDS)
    values = counted.getpalette() or []
    areas = sorted(((area, int(str(index))) for area, index in counted.getcolors() or []), reverse=True)
    return ["#{:02X}{:02X}{:02X}".format(*values[3 * index : 3 * index + 3]) for _, index in areas]
