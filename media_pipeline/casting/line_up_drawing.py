"""Drawing a line-up: figures cut out of their pictures, scaled, on one ground line before a height grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from media_pipeline.providers.animatic.lettering import Style, fitted, line_image
from media_pipeline.providers.animatic.portrait import strip_of
from media_pipeline.providers.animatic.slate import AMBER, LABEL, PLATE

from .facts import ADULT_METRES

ROOM = 620
"""Pixels for the tallest figure."""

HEAD, FOOT, LEFT, GAP = 56, 84, 84, 28
"""Pixels above the tallest figure, below the ground, for the grid's numbers, and between figures."""

WIDEST = 4000
"""Pixels of a line-up; a longer one is drawn smaller."""

NARROWEST = 150
"""Pixels that somebody's name and height take."""

GRID = Fraction(1, 4)
"""Metres between two lines of the grid."""

PAPER, LINE, STRONG_LINE, INK, MUTED = (236, 234, 228), (214, 211, 203), (176, 172, 162), (34, 34, 38), (112, 110, 106)

DIFFERS = 26
"""Levels of 255 by which a pixel of a figure differs from its backdrop."""

AT_THE_FEET, SHADOW = 0.05, 80
"""Share of a figure's height above its soles where a shadow lies, and the levels that a shoe differs by there."""

BACKDROP, MOST_HOLES = 12, 40
"""Levels by which what is seen through a hole differs from the backdrop at most, and holes that are looked into."""


@dataclass(frozen=True)
class Figure:
    """Somebody in a line-up. `scale` 1 is an adult; `told` says whether anybody gave their height; `drawn` whether the
    animatic made the picture, which has a strip of words at its foot."""

    name: str
    scale: Fraction
    picture: Path
    told: bool = True
    drawn: bool = False


def draw_line_up(figures: Sequence[Figure], out: Path, *, title: str) -> None:
    """Draw the figures side by side into a PNG, in the order given."""
    tallest = max(figure.scale for figure in figures)
    room = ROOM
    cut = [cut_out(figure) for figure in figures]
    widths = _widths(figures, cut, room, tallest)
    if sum(widths) + GAP * len(widths) + LEFT > WIDEST:
        room = max(120, round(room * (WIDEST - LEFT) / (sum(widths) + GAP * len(widths))))
        widths = _widths(figures, cut, room, tallest)
    width = LEFT + sum(widths) + GAP * (len(widths) + 1)
    sheet = Image.new("RGB", (width, HEAD + room + FOOT), PAPER)
    ground = HEAD + room
    _grid(sheet, ground, room, tallest)
    x = LEFT + GAP
    for figure, picture, wide in zip(figures, cut, widths, strict=True):
        high = max(1, round(room * figure.scale / tallest))
        person = picture.resize((max(1, round(picture.width * high / picture.height)), high), Image.Resampling.LANCZOS)
        sheet.paste(person, (x + (wide - person.width) // 2, ground - high), person)
        _words(sheet, figure, x, wide, ground)
        x += wide + GAP
    _title(sheet, title, any(figure.drawn for figure in figures))
    sheet.save(out, format="PNG", compress_level=6)


def _widths(figures: Sequence[Figure], cut: Sequence[Image.Image], room: int, tallest: Fraction) -> list[int]:
    return [
        max(NARROWEST, round(picture.width * (room * figure.scale / tallest) / picture.height))
        for figure, picture in zip(figures, cut, strict=True)
    ]


def cut_out(figure: Figure) -> Image.Image:
    """The figure without its backdrop, from crown to sole; the whole picture where it cannot be told apart.

    The backdrop is what the left and right edge of each row show; what the figure encloses belongs to it.
    """
    with Image.open(figure.picture) as opened:
        picture = opened.convert("RGB")
    if figure.drawn:
        picture = picture.crop((0, 0, picture.width, picture.height - strip_of(picture.height)))
    pixels = np.asarray(picture, dtype=np.int16)
    side = max(2, picture.width // 24)
    edges = np.median(np.concatenate([pixels[:, :side], pixels[:, -side:]], axis=1), axis=1)
    away = np.abs(pixels - edges[:, None, :]).max(axis=2)
    box = _box(away > DIFFERS)
    if box is None:
        return picture.convert("RGBA")
    away = away[box[1] : box[3], box[0] : box[2]]
    mask = away > DIFFERS
    feet = round(len(mask) * (1 - AT_THE_FEET))
    mask[feet:] = away[feet:] > SHADOW
    found = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(3))
    whole = _filled(found, away)
    cut = picture.crop(box).convert("RGBA")
    cut.putalpha(whole.filter(ImageFilter.GaussianBlur(0.7)))
    return cut


def _box(mask: np.ndarray) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of one figure in a mask; None where what differs is no figure standing alone."""
    high, wide = mask.shape
    columns, rows = mask.mean(axis=0) > 0.03, mask.mean(axis=1) > 0.01
    if not columns.any() or not rows.any():
        return None
    left, right = int(np.argmax(columns)), wide - int(np.argmax(columns[::-1]))
    top, bottom = int(np.argmax(rows)), high - int(np.argmax(rows[::-1]))
    share = float(mask[top:bottom, left:right].mean())
    alone = left > 0 and right < wide and bottom - top >= 0.4 * high
    return (left, top, right, bottom) if alone and share >= 0.15 else None


def _filled(mask: Image.Image, away: np.ndarray) -> Image.Image:
    """The mask with its holes closed, but for those through which the backdrop itself is seen, as between the legs."""
    padded = Image.new("L", (mask.width + 2, mask.height + 2))
    padded.paste(mask.point(lambda value: 255 if value > 127 else 0), (1, 1))
    ImageDraw.floodfill(padded, (0, 0), 128)
    for _ in range(MOST_HOLES):
        holes = np.argwhere(np.asarray(padded) == 0)
        if not len(holes):
            break
        y, x = holes[0]
        ImageDraw.floodfill(padded, (int(x), int(y)), 64)
        hole = np.asarray(padded)[1:-1, 1:-1] == 64
        through = hole.sum() > 20 and float(np.median(away[hole])) < BACKDROP
        padded.paste(128 if through else 255, mask=padded.point(lambda value: 255 if value == 64 else 0))
    return padded.point(lambda value: 0 if value == 128 else 255).crop((1, 1, mask.width + 1, mask.height + 1))


def _grid(sheet: Image.Image, ground: int, room: int, tallest: Fraction) -> None:
    """Lines at every quarter metre, numbered at the left."""
    draw = ImageDraw.Draw(sheet)
    metres = tallest * Fraction(ADULT_METRES)
    step = GRID * max(1, round(metres / 4))  # giants get fewer lines
    number = 0
    while (height := number * step) <= metres * Fraction(21, 20):
        y = ground - round(room * height / metres)
        whole = height.denominator in (1, 2)
        draw.line((LEFT - 8, y, sheet.width, y), fill=STRONG_LINE if whole else LINE, width=2 if number == 0 else 1)
        if whole or step > 1:
            words = line_image(f"{float(height):.2f} m", Style(15, MUTED))
            sheet.paste(words, (LEFT - 14 - words.width, y - words.height // 2), words)
        number += 1


def _words(sheet: Image.Image, figure: Figure, x: int, wide: int, ground: int) -> None:
    """The name and the height under somebody's feet."""
    metres = figure.scale * Fraction(ADULT_METRES)
    height = f"{float(metres):.2f} m" if figure.told else "height not told"
    for text, style, down in ((figure.name, Style(20, INK, bold=True), 10), (height, Style(15, MUTED), 42)):
        words = line_image(fitted(text, style, wide), style)
        sheet.paste(words, (x + (wide - words.width) // 2, ground + down), words)


def _title(sheet: Image.Image, title: str, drawn: bool) -> None:
    """The production's title, and that the animatic drew it, where it did."""
    x = LEFT - 8
    if drawn:
        mark = line_image(LABEL, Style(15, PLATE, bold=True, spaced=0.08))
        ImageDraw.Draw(sheet).rectangle((x, 14, x + mark.width + 10, 40), fill=AMBER)
        sheet.paste(mark, (x + 5, 27 - mark.height // 2), mark)
        x += mark.width + 24
    style = Style(18, INK, bold=True)
    words = line_image(fitted(f"{title}: line-up", style, max(1, sheet.width - x - 12)), style)
    sheet.paste(words, (x, 27 - words.height // 2), words)
