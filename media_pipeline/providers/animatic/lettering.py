"""Lettering for slates, subtitles and titles: one typeface, set a little narrow, in upright and slanted.

DejaVu Sans (in fonts/, licence beside it) covers Latin, Greek and Cyrillic. For letters it lacks a font of the
system is tried, and what no font has is written in Latin letters, so that nothing turns into boxes.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"

SYSTEM_FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/System/Library/Fonts/PingFang.ttc"),
    Path("/Library/Fonts/Arial Unicode.ttf"),
)
"""Where systems keep a font with Chinese, Japanese and Korean letters."""

NARROW = 0.92
SLANT = 0.20
"""Tangent of the angle by which slanted letters lean."""

Ink = tuple[int, int, int]


@functools.lru_cache(maxsize=64)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=4096)
def _has(path: Path, letter: str) -> bool:
    """Whether a font has a glyph of its own for a letter."""
    if letter.isspace():
        return True
    font = _font(path, 24)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffe"))


@functools.cache
def _system_font() -> Path | None:
    return next((path for path in SYSTEM_FONTS if path.exists()), None)


def written(text: str) -> tuple[str, bool]:
    """The text as it can be lettered, and whether the system's font must be used for it."""
    if all(_has(REGULAR, letter) for letter in text):
        return text, False
    fallback = _system_font()
    if fallback is not None and all(_has(fallback, letter) for letter in text):
        return text, True
    return "".join(letter if _has(REGULAR, letter) else anyascii(letter) for letter in text), False


@dataclass(frozen=True)
class Style:
    """How a text is set: size in pixels of the em, weight, slant, colour and a dark edge around the letters."""

    size: int
    colour: Ink = (246, 243, 236)
    bold: bool = False
    slanted: bool = False
    edge: float = 0.0  # share of the size
    spaced: float = 0.0  # extra space between letters, share of the size


def _chosen(text: str, style: Style) -> tuple[str, ImageFont.FreeTypeFont]:
    shown, fallback = written(text)
    system = _system_font()
    if fallback and system is not None:
        return shown, _font(system, style.size * 2)
    return shown, _font(BOLD if style.bold else REGULAR, style.size * 2)


def width_of(text: str, style: Style) -> int:
    """Width of a line of text in pixels."""
    shown, font = _chosen(text, style)
    length = font.getlength(shown) + len(shown) * style.spaced * style.size * 2
    return round(length / 2 * NARROW)


def line_image(text: str, style: Style) -> Image.Image:
    """One line of text as RGBA, 1.4 times its size high; lettered at twice the size, then narrowed and slanted."""
    shown, font = _chosen(text, style)
    edge = round(style.edge * style.size * 2)
    pad = edge + 4
    high = round(style.size * 2 * 1.4)
    length = font.getlength(shown) + len(shown) * style.spaced * style.size * 2
    big = Image.new("RGBA", (round(length) + 2 * pad + round(high * SLANT), high), (*style.colour, 0))
    draw = ImageDraw.Draw(big)
    baseline = round(style.size * 2 * 1.03)
    for stroke, colour in ((edge, (10, 10, 14)), (0, style.colour)):
        if stroke or colour == style.colour:
            _letter(draw, (pad, baseline), shown, font, colour, stroke, style.spaced * style.size * 2)
    if style.slanted:
        big = big.transform(
            big.size, Image.Transform.AFFINE, (1, SLANT, -SLANT * baseline, 0, 1, 0), Image.Resampling.BICUBIC
        )
    return big.resize((max(1, round(big.width / 2 * NARROW)), max(1, high // 2)), Image.Resampling.LANCZOS)


def _letter(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    font: ImageFont.FreeTypeFont,
    colour: Ink,
    stroke: int,
    spaced: float,
) -> None:
    fill, edge = (*colour, 255), (*colour, 255)
    if not spaced:
        draw.text(at, text, font=font, fill=fill, anchor="ls", stroke_width=stroke, stroke_fill=edge)
        return
    x = float(at[0])
    for letter in text:
        draw.text((x, at[1]), letter, font=font, fill=fill, anchor="ls", stroke_width=stroke, stroke_fill=edge)
        x += font.getlength(letter) + spaced


def wrapped(text: str, style: Style, width: int) -> list[str]:
    """The text in lines no wider than `width` pixels; a word longer than a line is broken."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        trial = f"{current} {word}".strip()
        if width_of(trial, style) <= width:
            current = trial
            continue
        if current:
            lines.append(current)
        current = word
        while width_of(current, style) > width and len(current) > 1:
            cut = max(1, next((n for n in range(len(current), 0, -1) if width_of(current[:n], style) <= width), 1))
            lines.append(current[:cut])
            current = current[cut:]
    if current:
        lines.append(current)
    return lines


def fitted(text: str, style: Style, width: int) -> str:
    """The text shortened with an ellipsis until it is no wider than `width` pixels."""
    if width_of(text, style) <= width:
        return text
    while text and width_of(text + "…", style) > width:
        text = text[:-1]
    return text.rstrip() + "…"
