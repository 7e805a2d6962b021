"""A tiny PDF writer (letter page, Courier 12) and a typesetter, so that tests need no file from any program."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from projects.screenplay.model import ElementType, Screenplay

PITCH = 1 / 6
CHARACTER = 0.1
TOP, BOTTOM = 1.0, 10.0


@dataclass
class Printed:
    """A text at a place: inches from the left edge and from the top edge to the baseline."""

    left: float
    top: float
    text: str
    font: str = "F1"


def pdf_bytes(pages: list[list[Printed]], *, size: float = 12, rotated: str = "") -> bytes:
    """Return a PDF file. `rotated` is a watermark across every page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    fonts = [b"Courier", b"Times-Roman"]
    objects += [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /" + name + b" /Encoding /WinAnsiEncoding >>" for name in fonts
    ]
    kids = []
    for page in pages:
        commands = []
        for line in page:
            text = line.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            place = f"{line.left * 72:.2f} {792 - line.top * 72:.2f} Td".encode()
            commands.append(b"BT /%s %g Tf %s (%s) Tj ET" % (line.font.encode(), size, place, text))
        if rotated:
            commands.append(b"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 150 200 Tm (%s) Tj ET" % rotated.encode())
        stream = b"\n".join(commands)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


@dataclass
class Layout:
    """Where a program prints its columns, in inches; the defaults are the usual ones."""

    action: float = 1.5
    speech: float = 2.5
    parenthetical: float = 3.1
    cue: float = 3.7
    right: float = 7.4
    scene_numbers: bool = True
    header: str = ""

    def column(self, kind: ElementType) -> tuple[float, int]:
        return {
            ElementType.CHARACTER: (self.cue, 38),
            ElementType.DIALOGUE: (self.speech, 35),
            ElementType.PARENTHETICAL: (self.parenthetical, 26),
        }.get(kind, (self.action, 60))


class Typesetter:
    """Sets a script page by page, breaking speeches with (MORE) and (CONT'D)."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.pages: list[list[Printed]] = []
        self.top = BOTTOM
        self.cue = ""

    def print(self, left: float, text: str) -> None:
        if self.top >= BOTTOM:
            self.new_page()
        self.pages[-1].append(Printed(left, self.top, text))
        self.top += PITCH

    def new_page(self) -> None:
        number = len(self.pages) + 1
        page = [Printed(7.2, 0.5, f"{number}.")] if number > 1 else []
        if self.layout.header:
            page.append(Printed(1.5, 0.5, self.layout.header))
        self.pages.append(page)
        self.top = TOP

    def space(self, lines: int, needed: int) -> None:
        """Leave empty lines; go to the next page where fewer than `needed` lines are left."""
        self.top += lines * PITCH
        if self.top + needed * PITCH > BOTTOM:
            self.top = BOTTOM

    def speak(self, left: float, width: int, text: str) -> None:
        for line in textwrap.wrap(text, width):
            if self.top + 2 * PITCH > BOTTOM:
                self.print(self.layout.cue, "(MORE)")
                self.new_page()
                self.print(self.layout.cue, f"{self.cue} (CONT'D)")
            self.print(left, line)


def typeset(screenplay: Screenplay, layout: Layout | None = None) -> list[list[Printed]]:
    """Print a screenplay without dual dialogue or emphasis as a screenwriting program would."""
    layout = layout or Layout()
    setter = Typesetter(layout)
    for scene in screenplay.scenes:
        for element in scene.elements:
            left, width = layout.column(element.type)
            if element.type is ElementType.SCENE_HEADING:
                setter.space(2, 4)
                setter.print(layout.action, element.text)
                if layout.scene_numbers and scene.number:
                    place = setter.pages[-1][-1].top
                    setter.pages[-1] += [Printed(1.0, place, scene.number), Printed(7.6, place, scene.number)]
            elif element.type in (ElementType.DIALOGUE, ElementType.PARENTHETICAL):
                setter.speak(left, width, element.text)
            elif element.type is ElementType.CHARACTER:
                setter.space(1, 4)
                setter.cue = element.character
                setter.print(left, element.text)
            elif element.type is ElementType.TRANSITION:
                setter.space(1, 1)
                setter.print(layout.right - len(element.text) * CHARACTER, element.text)
            else:
                setter.space(1, 2)
                for line in textwrap.wrap(element.text, width):
                    setter.print(left, line)
    return setter.pages
