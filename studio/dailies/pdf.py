"""Contact sheets and notes on paper."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, UnidentifiedImageError
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dailies.board import BoardShot
from dailies.models import Annotation
from dailies.models.notes import UNIT
from projects.models import Project

FONTS = Path(settings.BASE_DIR) / "media_pipeline" / "providers" / "animatic" / "fonts"
MARGIN, GAP = 36, 12
"""Points: half an inch, a sixth of one."""

COLUMNS, ROWS = 4, 4
INK, GREY, PALE = HexColor("#1a1a1a"), HexColor("#666666"), HexColor("#dddddd")


@cache
def _fonts() -> tuple[str, str]:
    """Names of the regular and the bold face, which have the letters of most scripts."""
    pdfmetrics.registerFont(TTFont("Dailies", str(FONTS / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont("Dailies-Bold", str(FONTS / "DejaVuSans-Bold.ttf")))
    return "Dailies", "Dailies-Bold"


def contact_sheet_pdf(project: Project, cards: list[BoardShot]) -> bytes:
    """Sixteen pictures to a page, each with its shot, take and state."""
    regular, bold = _fonts()
    out = io.BytesIO()
    width, height = landscape(A4)
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.setTitle(f"{project.title}: contact sheet")
    cell = (width - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
    line = (height - 2 * MARGIN - 24) / ROWS
    pages = max(1, -(-len(cards) // (COLUMNS * ROWS)))
    for page in range(pages):
        _head(canvas, f"{project.title}", f"Contact sheet, page {page + 1} of {pages}", width, height)
        for place, row in enumerate(cards[page * COLUMNS * ROWS : (page + 1) * COLUMNS * ROWS]):
            x = MARGIN + (place % COLUMNS) * (cell + GAP)
            top = height - MARGIN - 24 - (place // COLUMNS) * line
            tall = min(line - 30, cell * 9 / 16)
            _picture(canvas, row.take.thumbnail.name if row.take else "", x, top - tall, cell, tall)
            canvas.setFillColor(INK)
            canvas.setFont(bold, 8)
            canvas.drawString(x, top - tall - 10, f"{row.shot.scene.number}/{row.shot.label}")
            canvas.setFont(regular, 7)
            state = str(row.take.get_review_state_display()) if row.take else str(row.shot.state.get_status_display())
            take = f"take {row.take.number}, " if row.take else ""
            canvas.drawRightString(x + cell, top - tall - 10, f"{take}{state.lower()}")
            canvas.setFillColor(GREY)
            business = (simpleSplit(row.shot.business, regular, 6.5, cell) or [""])[0]
            canvas.drawString(x, top - tall - 19, business)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def notes_pdf(project: Project, title: str, notes: Iterable[Annotation], first_frame: int) -> bytes:
    """Every note with its picture, its drawing upon it, its frames and its words."""
    regular, bold = _fonts()
    out = io.BytesIO()
    width, height = A4
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(f"{project.title}: {title}")
    _head(canvas, project.title, title, width, height)
    y = height - MARGIN - 30
    picture, tall = 150.0, 84.4
    for note in notes:
        words = simpleSplit(note.text or "(drawing)", regular, 9, width - 2 * MARGIN - picture - GAP)
        words = words[:60]
        needed = max(tall, 14 + 12 * len(words)) + GAP * 1.5
        if y - needed < MARGIN:
            canvas.showPage()
            _head(canvas, project.title, title, width, height)
            y = height - MARGIN - 30
        _picture(canvas, note.take.thumbnail.name, MARGIN, y - tall, picture, tall)
        _drawing(canvas, note.drawing, MARGIN, y - tall, picture, tall)
        x = MARGIN + picture + GAP
        canvas.setFillColor(INK)
        canvas.setFont(bold, 9)
        canvas.drawString(x, y - 8, f"{note.take.asset_name}{frames_words(note, first_frame)}")
        canvas.setFillColor(GREY)
        canvas.setFont(regular, 7.5)
        done = " · resolved" if note.resolved_at else ""
        answer = "answer by " if note.reply_to_id else ""
        canvas.drawString(x, y - 19, f"{answer}{note.signature}, {note.created_at:%Y-%m-%d %H:%M}{done}")
        canvas.setFillColor(INK)
        canvas.setFont(regular, 9)
        for place, line in enumerate(words):
            canvas.drawString(x, y - 33 - 12 * place, line)
        y -= needed
    canvas.save()
    return out.getvalue()


def frames_words(note: Annotation, first_frame: int) -> str:
    """Where a note stands, in the production's own numbers: ", frames 1004-1010"."""
    if note.first_frame is None or note.last_frame is None:
        return ""
    first, last = note.first_frame + first_frame, note.last_frame + first_frame
    return f", frame {first}" if first == last else f", frames {first}-{last}"


def _head(canvas: Canvas, left: str, right: str, width: float, height: float) -> None:
    regular, bold = _fonts()
    canvas.setFillColor(INK)
    canvas.setFont(bold, 12)
    canvas.drawString(MARGIN, height - MARGIN, left[:80])
    canvas.setFont(regular, 9)
    canvas.setFillColor(GREY)
    canvas.drawRightString(width - MARGIN, height - MARGIN, right[:80])


def _picture(canvas: Canvas, name: str, x: float, y: float, wide: float, tall: float) -> None:
    """The picture fitted into the box; an empty frame where there is none."""
    canvas.setStrokeColor(PALE)
    canvas.rect(x, y, wide, tall)
    picture = _opened(name)
    if picture is not None:
        canvas.drawImage(ImageReader(picture), x, y, wide, tall, preserveAspectRatio=True, anchor="c")


def _opened(name: str) -> Any:
    if not name or not default_storage.exists(name):
        return None
    try:
        with default_storage.open(name) as file:
            picture = Image.open(io.BytesIO(file.read()))
            picture.thumbnail((480, 480))
            return picture.convert("RGB")
    except (UnidentifiedImageError, OSError):  # the sheet is still right about everything else
        return None


def _drawing(canvas: Canvas, strokes: list[dict[str, Any]], x: float, y: float, wide: float, tall: float) -> None:
    def at(point: list[int]) -> tuple[float, float]:
        return x + float(Fraction(point[0], UNIT)) * wide, y + tall - float(Fraction(point[1], UNIT)) * tall

    regular, _ = _fonts()
    for stroke in strokes:
        colour = HexColor(stroke["colour"])
        canvas.setStrokeColor(colour)
        canvas.setFillColor(colour)
        canvas.setLineWidth(max(0.6, stroke["width"] / UNIT * wide))
        points = [at(point) for point in stroke["points"]]
        (left, top), (right, bottom) = points[0], points[-1]
        if stroke["tool"] == "rectangle":
            canvas.rect(min(left, right), min(top, bottom), abs(right - left), abs(bottom - top))
        elif stroke["tool"] == "ellipse":
            canvas.ellipse(left, top, right, bottom)
        elif stroke["tool"] == "text":
            canvas.setFont(regular, 7)
            canvas.drawString(left, top, stroke.get("text", "")[:80])
        else:
            for (from_x, from_y), (to_x, to_y) in pairwise(points):
                canvas.line(from_x, from_y, to_x, to_y)
