"""A page of a turnaround: one figure alone before a plain backdrop, seen from one side, and what it is below.

All sides are drawn at the same scale, feet on the same line, so that they stand beside each other as one sheet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from media_pipeline.providers.base import PortraitBrief

from . import finish
from .camera import Camera
from .face import expression_for
from .figure import ADULT, Actor, draw_actor, outline
from .ink import SUPERSAMPLE, Canvas, mix
from .lettering import Style, fitted, line_image, width_of
from .light import Light, light_for, palette_for, stable
from .look import look_of
from .scenery import Scenery
from .slate import AMBER, LABEL, PLATE

FILLED = 0.86
"""Share of the room above the strip that the figure stands in, from sole to crown."""

AWAY = 12.0
"""Metres to the lens: far enough that a figure is not foreshortened."""

STRIP = 0.062
"""Height of the strip with what the picture is, as a share of the picture's height."""

HEAD_AND_SHOULDERS = 2.4
"""Heads that a close-up shows from top to bottom."""


@dataclass(frozen=True)
class _Side:
    """How a figure is drawn for an angle of a reference."""

    view: str = "front"
    mirrored: bool = False
    pitch: float = 0.0  # degrees the camera looks up (+) or down (-)
    near: bool = False


SIDES = {
    "front": _Side(), "back": _Side("back"),
    "left_side": _Side("profile", mirrored=True), "right_side": _Side("profile"),
    "three_quarter_left": _Side("quarter", mirrored=True), "three_quarter_right": _Side("quarter"),
    "close_up": _Side(near=True), "low": _Side(pitch=14.0), "high": _Side(pitch=-20.0),
}  # fmt: skip
"""Angle of a reference -> how it is drawn: whose left side is seen looks to the left of the picture."""


def strip_of(height: int) -> int:
    """Height in pixels of the strip below a portrait of this height."""
    return max(16, round(height * STRIP))


def draw_portrait(brief: PortraitBrief, width: int, height: int) -> Image.Image:
    """The figure from the brief's angle with its strip, width by height pixels; from the front where no side is known.

    The same character, angle and size give the same picture.
    """
    side = SIDES.get(brief.angle, SIDES["front"])
    room = height - strip_of(height)
    table = (width * SUPERSAMPLE, room * SUPERSAMPLE)
    light = light_for("day", "", inside=True)
    canvas = Canvas(Image.new("RGB", table, (196, 204, 194)), seed=stable(brief.character.name) & 0xFFFFFF)
    actor = Actor(
        look=look_of(brief.character), expression=expression_for(brief.character.emotion), x=0.0, z=0.0,
        height=ADULT * float(brief.character.height), view=side.view, mirrored=side.mirrored,
    )  # fmt: skip
    camera = _camera(actor, table, side)
    _backdrop(canvas, camera, actor, light)
    draw_actor(canvas, camera, light, actor)
    focus = (width / 2, room * 0.42)
    drawn = finish.develop(canvas.image, light, [], focus, 0.8 * math.hypot(width, room), [outline(camera, actor)])
    sheet = Image.new("RGB", (width, height), PLATE)
    sheet.paste(drawn, (0, 0))
    _strip(sheet, brief, room)
    return sheet


def _camera(actor: Actor, table: tuple[int, int], side: _Side) -> Camera:
    span = actor.head * HEAD_AND_SHOULDERS if side.near else actor.height / FILLED
    span = max(span, actor.height * 0.62 * table[1] / table[0] / FILLED) if not side.near else span
    middle = actor.height - actor.head * 0.85 if side.near else actor.height / 2
    pitch = math.radians(side.pitch)
    position = (0.0, middle - AWAY * math.sin(pitch), -AWAY * math.cos(pitch))
    return Camera(position, pitch, 0.0, table[1] / span * AWAY, (table[0] / 2, table[1] / 2))


def _backdrop(canvas: Canvas, camera: Camera, actor: Actor, light: Light) -> None:
    """A paper roll, of a green nobody wears: the wall runs into the floor without a corner; the shadow lies on it."""
    width, height = canvas.size
    foot = float(camera.project([(0.0, 0.0, 0.0)])[0, 1])
    bend = min(float(height), foot - 0.10 * height)
    rows = np.arange(height, dtype=float)
    share = np.clip((rows - bend) / max(1.0, height - bend), 0, 1)[:, None]
    wall, floor = np.array(light.lit((184, 194, 182)), float), np.array(light.lit((162, 172, 160)), float)
    column = np.clip(wall + (floor - wall) * share**0.6, 0, 255).astype(np.uint8)
    canvas.image.paste(Image.fromarray(np.repeat(column[:, None, :], width, axis=1)))
    scene = Scenery(canvas, camera, light, palette_for("", "room"))
    scene.floor_shadow(actor.x, actor.z, 0.34 * actor.height / ADULT, 0.16)


def _strip(sheet: Image.Image, brief: PortraitBrief, top: int) -> None:
    """What it is: the animatic's mark, who, from which side; the production's title where there is room."""
    width, high = sheet.width, sheet.height - top
    draw = ImageDraw.Draw(sheet)
    draw.line((0, top, width, top), fill=AMBER, width=max(1, high // 22))
    size = max(7, round(high * 0.38))
    edge = round(size * 0.7)
    mark = line_image(LABEL, Style(round(size * 0.92), PLATE, bold=True, spaced=0.08))
    box = (
        edge,
        top + (high - round(size * 1.5)) // 2,
        edge + mark.width + size // 2,
        top + (high + round(size * 1.5)) // 2,
    )
    draw.rectangle(box, fill=AMBER)
    sheet.paste(mark, (box[0] + size // 4, top + (high - mark.height) // 2), mark)
    strong, plain = Style(size, (246, 243, 236), bold=True), Style(size, mix((226, 222, 212), PLATE, 0.12))
    side = line_image(brief.label, plain)
    right = width - edge - width_of(brief.label, plain)
    x = box[2] + edge
    if right - x < size * 2:
        right = width
    else:
        sheet.paste(side, (right, top + (high - side.height) // 2), side)
    name = line_image(fitted(brief.character.name, strong, max(1, right - x - edge)), strong)
    sheet.paste(name, (x, top + (high - name.height) // 2), name)
