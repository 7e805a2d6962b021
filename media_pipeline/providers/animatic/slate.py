"""What is laid over the picture and does not move with it: the slate strip, subtitles and titles."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from PIL import Image, ImageDraw

from media_pipeline.providers.base import BriefLine, ShotBrief
from scenes.choices import CameraMovement, ShotSize

from .lettering import Style, fitted, line_image, width_of, wrapped

LABEL = "ANIMATIC"
AMBER = (232, 178, 74)
PLATE = (18, 19, 24)
PLATE_ALPHA = 234
TITLE_SECONDS = Fraction(4)
READING = 17
"""Letters a second people read in subtitles (the usual limit of broadcasters' style guides)."""


@dataclass(frozen=True)
class Laid:
    """An RGBA picture over frames `first` to `last` (both included) with its corner at `position`."""

    first: int
    last: int
    image: Image.Image
    position: tuple[int, int]


def letter_size(width: int, height: int) -> int:
    """Size of the slate's letters in pixels for a frame of a shape."""
    return max(8, round(min(width * 0.62, height) * 0.0235))


def strip_height(width: int, height: int) -> int:
    """Height of the slate strip in pixels; narrow frames have two lines of it."""
    size = letter_size(width, height)
    return round(size * (1.9 if _wide(width, height) else 3.4))


def _wide(width: int, height: int) -> bool:
    return width >= height * 1.2


def duration_words(frames: int, rate: Fraction) -> str:
    """A length for the slate: "4.0 s", rounded to a tenth, with the frames."""
    tenths = round(Fraction(frames) / rate * 10)
    return f"{tenths // 10}.{tenths % 10} s / {frames} fr"


def slate_words(brief: ShotBrief) -> tuple[str, str]:
    """Asset and place, and the camera in words."""
    size = ShotSize(brief.shot_size).label if brief.shot_size in ShotSize.values else brief.shot_size
    move = brief.camera_movement
    movement = CameraMovement(move).label if move in CameraMovement.values else move
    return (
        f"{brief.asset_name}   Sc {brief.scene_number}  Shot {brief.shot_number}",
        f"{size} · {movement}",
    )


def slate(brief: ShotBrief, width: int, height: int, length: str = "") -> Laid:
    """The strip along the bottom: label, names, camera, take and `length` in words."""
    size, high = letter_size(width, height), strip_height(width, height)
    strip = Image.new("RGBA", (width, high), (*PLATE, PLATE_ALPHA))
    draw = ImageDraw.Draw(strip)
    draw.line((0, 0, width, 0), fill=(*AMBER, 255), width=max(1, size // 14))
    row = round(size * 1.9)
    edge = round(size * 0.7)
    badge = Style(round(size * 0.94), PLATE, bold=True, spaced=0.08)
    plain, strong = Style(size, (226, 222, 212)), Style(size, (246, 243, 236), bold=True)
    x = edge + _badge(strip, badge, edge, row) + edge
    first, camera = slate_words(brief)
    take = f"Take {brief.take_number}" + (f"   {length}" if length else "")
    if _wide(width, height):
        right = width - edge - width_of(take, plain)
        _put(strip, take, plain, right, row)
        room = right - x - edge
        first = fitted(first, strong, round(room * 0.62))
        x += _put(strip, first, strong, x, row) + edge
        camera = fitted(camera, plain, max(1, right - edge - x))
        _put(strip, camera, plain, x, row)
    else:
        _put(strip, fitted(first, strong, width - x - edge), strong, x, row)
        below = f"{camera}   {take}"
        _put(strip, fitted(below, plain, width - 2 * edge), plain, edge, row, top=round(size * 1.5))
    return Laid(0, 10**9, strip, (0, height - high))


def _badge(strip: Image.Image, style: Style, x: int, row: int) -> int:
    word = line_image(LABEL, style)
    high = round(style.size * 1.45)
    top = (row - high) // 2 + 1
    wide = word.width + style.size // 2
    ImageDraw.Draw(strip).rectangle((x, top, x + wide, top + high), fill=(*AMBER, 255))
    strip.alpha_composite(word, (x + (wide - word.width) // 2 + 1, max(0, top + (high - word.height) // 2)))
    return wide


def _put(strip: Image.Image, text: str, style: Style, x: int, row: int, top: int = 0) -> int:
    image = line_image(text, style)
    strip.alpha_composite(image, (max(0, x), max(0, top + (row - image.height) // 2)))
    return width_of(text, style)


def subtitles(brief: ShotBrief, frames: int, width: int, height: int) -> list[Laid]:
    """Every line at its frames, two rows at most at a time; lines heard at once stand one above the other."""
    out: list[Laid] = []
    lanes: list[int] = []
    for line in sorted(brief.lines, key=lambda each: each.start_frame):
        first, last = max(0, line.start_frame), min(frames, max(line.end_frame, line.start_frame + 1)) - 1
        if first > last or not line.text.strip():
            continue
        lane = next((i for i, busy in enumerate(lanes) if busy < first), len(lanes))
        lanes[lane:] = [last, *lanes[lane + 1 :]]
        out.extend(_subtitle(line, first, last, lane, width, height))
    return out


def _subtitle(line: BriefLine, first: int, last: int, lane: int, width: int, height: int) -> list[Laid]:
    size = max(10, round(min(width * 0.62, height) * 0.040))
    style = Style(size, (250, 248, 240), slanted=line.voice_over, edge=0.085)
    rows = wrapped(line.text, style, round(width * (0.74 if _wide(width, height) else 0.86)))
    pairs = _balanced(rows, style)
    total = last - first + 1
    letters = [sum(len(row) for row in pair) for pair in pairs]
    out: list[Laid] = []
    done = 0
    for index, pair in enumerate(pairs):
        start = first + total * done // max(1, sum(letters))
        done += letters[index]
        end = first + total * done // max(1, sum(letters)) - 1
        if end < start:
            continue
        image = _caption(line, pair, style)
        bottom = height - strip_height(width, height) - round(size * 0.7) - lane * round(size * 4.4)
        out.append(Laid(start, end, image, ((width - image.width) // 2, max(0, bottom - image.height))))
    return out


def _balanced(rows: list[str], style: Style) -> list[list[str]]:
    """Rows in pairs, each pair broken so that both rows are about as long."""
    pairs = [rows[i : i + 2] for i in range(0, len(rows), 2)]
    out: list[list[str]] = []
    for pair in pairs:
        words = " ".join(pair).split()
        if len(pair) < 2 or len(words) < 4:
            out.append(pair)
            continue
        widest = max(width_of(row, style) for row in pair)
        cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
        best = min(cuts, key=lambda cut: abs(width_of(cut[0], style) - width_of(cut[1], style)))
        out.append(list(best) if max(width_of(row, style) for row in best) <= widest else pair)
    return out


def _caption(line: BriefLine, rows: list[str], style: Style) -> Image.Image:
    """Speaker in small letters over the words, on a soft dark plate."""
    who = line.speaker.upper() + (" (V.O.)" if line.voice_over else "")
    name = Style(max(8, round(style.size * 0.56)), AMBER, bold=True, edge=0.12, spaced=0.06)
    images = [line_image(who, name), *(line_image(row, style) for row in rows)]
    pad = round(style.size * 0.45)
    step = [round(name.size * 1.45), *[round(style.size * 1.26)] * len(rows)]
    plate = Image.new("RGBA", (max(i.width for i in images) + 2 * pad, sum(step) + pad), (0, 0, 0, 0))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, plate.width - 1, plate.height - 1), radius=pad, fill=(*PLATE, 120))
    y = pad // 3
    for image, high in zip(images, step, strict=True):
        plate.alpha_composite(image, ((plate.width - image.width) // 2, y))
        y += high
    return plate


def titles(brief: ShotBrief, frames: int, rate: Fraction, width: int, height: int) -> list[Laid]:
    """The script's supers, one after the other from the first frame, each up to four seconds, faded in and out."""
    texts = [text.strip() for text in brief.overlay_text if text.strip()]
    out: list[Laid] = []
    for index, text in enumerate(texts):
        first, end = frames * index // len(texts), frames * (index + 1) // len(texts)
        last = min(end, first + max(1, round(TITLE_SECONDS * rate))) - 1
        if last < first:
            continue
        image = _title(text, width, height)
        left = round(width * 0.06)
        top = height - strip_height(width, height) - round(height * 0.20) - image.height
        out.extend(_faded(image, first, last, round(rate / 3), (left, max(round(height * 0.04), top))))
    return out


def _title(text: str, width: int, height: int) -> Image.Image:
    size = max(12, round(min(width * 0.62, height) * 0.058))
    style = Style(size, (250, 247, 238), bold=True, edge=0.06, spaced=0.06)
    rows = [line_image(row, style) for row in wrapped(text, style, round(width * 0.84))]
    step = round(size * 1.3)
    bar = max(2, size // 12)
    image = Image.new("RGBA", (max(row.width for row in rows) + size, step * len(rows) + size // 2), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, size // 6, bar, image.height - size // 3), fill=(*AMBER, 255))
    for index, row in enumerate(rows):
        image.alpha_composite(row, (bar + size // 3, step * index))
    return image


def _faded(image: Image.Image, first: int, last: int, ramp: int, position: tuple[int, int]) -> list[Laid]:
    """The picture coming up and going away over `ramp` frames each, in steps of one frame."""
    ramp = max(0, min(ramp, (last - first + 1) // 3))
    out: list[Laid] = []
    for step in range(ramp):
        share = (step + 1) / (ramp + 1)
        part = image.copy()
        part.putalpha(image.getchannel("A").point(lambda value, share=share: round(value * share)))
        out.append(Laid(first + step, first + step, part, position))
        out.append(Laid(last - step, last - step, part, position))
    if first + ramp <= last - ramp:
        out.append(Laid(first + ramp, last - ramp, image, position))
    return out
