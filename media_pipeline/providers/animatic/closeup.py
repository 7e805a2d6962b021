"""Shots of things and through eyes: inserts on a table or the ground, and the hands of who is looking."""

from __future__ import annotations

import math

import numpy as np

from media_pipeline.providers.base import ShotBrief

from . import props
from .camera import Camera, Decal
from .figure_paint import Paint
from .ink import mix
from .lettering import Style, line_image
from .limbs import draw_hand, tube_of
from .look import Look, look_of
from .scenery import Scenery

TABLE = 0.76
"""Height of the surface of an insert in metres."""

_TOUCH = 0.233
"""Metres to a head, the unit of hands."""


def insert_camera(frame: tuple[int, int], canvas: tuple[int, int], prop: str, *, inside: bool) -> Camera:
    """A camera that looks down on a surface, close enough for the prop to be read."""
    icon = props.ICONS[props.icon_for(prop)]
    span = float(np.clip(icon.size * 2.0, 0.22, 1.5))
    span = max(span, icon.size * 1.7 * frame[1] / frame[0])
    height = TABLE if inside else 0.0
    pitch = math.radians(-46 if icon.lies else -17)
    focal = 1.9 * math.sqrt(frame[0] * frame[1])
    distance = span * focal / frame[1]
    centre = height + (0.02 if icon.lies else icon.size * 0.47)
    position = (0.0, centre - distance * math.sin(pitch), -distance * math.cos(pitch))
    return Camera(position, pitch, 0.0, focal, (canvas[0] / 2, canvas[1] / 2))


def subject_of(brief: ShotBrief) -> str:
    """What an insert shows: the first prop, else the first known thing in the action, else the action itself."""
    if brief.props:
        return brief.props[0]
    words = brief.business.split()
    for word in words:
        clean = word.strip(".,;:!?\"'()")
        if clean and props.icon_for(clean) != "parcel":
            return clean
    return clean_label(brief.business or brief.location or "Detail")


def clean_label(text: str) -> str:
    """The first few words of a text, for a label."""
    return " ".join(text.split()[:4])


def draw_insert(set_: Scenery, brief: ShotBrief, *, inside: bool) -> None:
    """The surface, the thing on it with its shadow, and a hand that reaches for it when the cast has one."""
    camera, light = set_.camera, set_.light
    height = TABLE if inside else 0.0
    if inside:
        _table_top(set_, height)
    prop = subject_of(brief)
    icon = props.ICONS[props.icon_for(prop)]
    foot = np.array([0.0, height, 0.0])
    depth = float(camera.seen([foot])[0, 2])
    pen = float(np.clip(camera.scale(foot) * 0.0022, 2.5, 9.0))
    side = 1.0 if light.side < 0 else -1.0
    _cast_shadow(set_, height, icon.size, side, lies=icon.lies)
    if icon.lies:
        paint = Paint(set_.canvas, _flat(camera, height), camera.scale(foot), light, depth, pen, side)
        props.draw_icon(paint, prop, 1.0, turn=math.radians(-14))
    else:
        at = Decal(camera.project([foot])[0], camera.scale(foot), camera.roll)
        paint = Paint(set_.canvas, at, camera.scale(foot), light, depth, pen, side)
        props.draw_icon(paint, prop, 1.0, raised=True)
    if props.icon_for(prop) == "parcel":
        _label(set_, prop, camera, foot)
    if icon.shines:
        set_.glow((0, height + icon.size * 0.5, 0), icon.size * 1.5, (255, 222, 150), 0.7 if light.lamps else 0.3)
    if brief.cast:
        _reach(set_, look_of(brief.cast[0]), icon.size, height, depth)


class _flat:
    """Maps a drawing's x and y to a level surface."""

    def __init__(self, camera: Camera, height: float) -> None:
        self.camera = camera
        self.height = height

    def __call__(self, values: object) -> np.ndarray:
        local = np.asarray(values, dtype=float).reshape(-1, 2)
        there = np.stack([local[:, 0], np.full(len(local), self.height + 0.002), local[:, 1]], axis=1)
        return self.camera.project(there)


def _table_top(set_: Scenery, height: float) -> None:
    wood = mix(set_.palette.wood, (196, 156, 112), 0.35)
    set_.canvas.fill(
        set_.camera.area([(-4, height, -6), (4, height, -6), (4, height, 0.62), (-4, height, 0.62)]),
        set_.light.at(wood, 1.0, 0.85),
    )
    edge = set_.camera.segment((-4, height, 0.62), (4, height, 0.62))
    if edge is not None:
        set_.canvas.line(edge[0], edge[1], 5.0, set_.light.ink_at(1.5))
    random = np.random.default_rng(set_.seed + 8)
    tone = set_.light.at(mix(wood, (40, 24, 16), 0.42), 1.0, 0.6)
    for _ in range(46):
        z = float(random.uniform(-0.7, 0.6))
        x = float(random.uniform(-1.2, 1.0))
        long = float(random.uniform(0.15, 0.7))
        path = set_.camera.project(
            [(x, height, z), (x + long / 2, height, z + float(random.uniform(-0.008, 0.008))), (x + long, height, z)]
        )
        set_.canvas.stroke(path, float(random.uniform(1.2, 3.4)), tone, alpha=110, taper=(0.5, 0.5))
    for z in (-0.45, -0.16, 0.14, 0.42):
        seam = set_.camera.segment((-4, height, z), (4, height, z))
        if seam is not None:
            set_.canvas.line(seam[0], seam[1], 2.4, tone)


def _cast_shadow(set_: Scenery, height: float, size: float, side: float, *, lies: bool) -> None:
    turn = np.linspace(0, 2 * math.pi, 30, endpoint=False)
    dark = mix(set_.light.ink, set_.light.dim((96, 84, 80)), 0.3)
    long = 0.52 if lies else 0.62
    for grow, alpha in ((1.12, 40), (1.0, 56), (0.88, 66)):
        ring = np.stack(
            [
                side * size * (0.05 if lies else 0.30) + size * long * grow * np.cos(turn),
                np.full_like(turn, height + 0.001),
                -0.02 * size + size * (0.42 if lies else 0.15) * grow * np.sin(turn),
            ],
            axis=1,
        )
        set_.canvas.fill(set_.camera.area(ring), dark, alpha)


def _label(set_: Scenery, text: str, camera: Camera, foot: np.ndarray) -> None:
    """The name of a thing nobody drew an icon for, on the tag of its parcel."""
    at = Decal(camera.project([foot])[0], camera.scale(foot), camera.roll)
    left, top = at([(-0.13, 0.16)])[0]
    right, low = at([(0.075, 0.062)])[0]
    wide = max(8, int(right - left) - 6)
    size = max(8, int((low - top) * 0.42))
    words = line_image(text[:24], Style(size, (52, 44, 44), bold=True))
    if words.width > wide:
        words = words.resize((wide, max(1, round(words.height * wide / words.width))))
    x = round((left + right) / 2 - words.width / 2 - set_.canvas.origin[0])
    y = round((top + low) / 2 - words.height / 2 - set_.canvas.origin[1])
    set_.canvas.image.paste(words, (x, y), words)


def _forearm(
    paint: Paint, look: Look, elbow: tuple[float, float], wrist: tuple[float, float], kind: str, thumb: float
) -> None:
    middle = ((elbow[0] + wrist[0]) / 2, (elbow[1] + wrist[1]) / 2)
    draw_hand(paint, look.skin, elbow, wrist, kind, thumb=thumb)
    cuff = _towards(wrist, elbow, 0.04)
    sleeve = tube_of((elbow, middle, cuff), (0.34, 0.25, 0.175))
    paint.flat(paint.at(sleeve), look.coat, thickness=0.12)
    band = tube_of((_towards(cuff, elbow, 0.22), _towards(cuff, elbow, 0.11), cuff), (0.10, 0.19, 0.19))
    paint.flat(paint.at(band), mix(look.coat, (0, 0, 0), 0.16), thickness=0.1)


def _towards(a: tuple[float, float], b: tuple[float, float], reach: float) -> tuple[float, float]:
    length = math.hypot(b[0] - a[0], b[1] - a[1]) + 1e-9
    return (a[0] + (b[0] - a[0]) * reach / length, a[1] + (b[1] - a[1]) * reach / length)


def _reach(set_: Scenery, look: Look, size: float, height: float, depth: float) -> None:
    """A hand from the lower right that is about to take the thing."""
    camera = set_.camera
    foot = np.array([0.0, height, 0.0])
    scale = camera.scale(foot) * _TOUCH
    at = Decal(camera.project([foot])[0], scale)
    paint = Paint(
        set_.canvas, at, scale, set_.light, depth, max(2.5, scale * 0.010), 1.0 if set_.light.side < 0 else -1.0
    )
    gap = size / _TOUCH * 0.5
    wrist = (gap + 0.42, -0.10 - gap * 0.30)
    elbow = (wrist[0] + 2.6, wrist[1] - 2.1)
    _forearm(paint, look, elbow, wrist, "pinch", 1.0)


def draw_own_hands(set_: Scenery, brief: ShotBrief, frame: tuple[int, int]) -> None:
    """The hands of whoever is looking, when the brief names somebody who is not seen."""
    who = next((c for c in brief.cast if not c.on_camera), None)
    if who is None:
        return
    look = look_of(who)
    width, height = set_.canvas.size
    scale = min(frame[1] * 0.40, frame[0] * 0.30)
    prop = brief.props[0] if brief.props else ""
    foot = (height + frame[1]) / 2
    for side in (-1.0, 1.0):
        at = Decal((width / 2 + side * (scale * 0.34 if prop else frame[0] * 0.30), foot), scale, mirrored=side < 0)
        paint = Paint(
            set_.canvas, at, scale, set_.light, 0.6, max(2.5, scale * 0.011), 1.0 if set_.light.side < 0 else -1.0
        )
        wrist = (0.30, 0.34) if prop else (0.0, 0.30)
        if prop and side < 0:
            _own_prop(set_, prop, (width / 2, foot - scale * 0.72), scale)
        _forearm(paint, look, (1.5, -1.4), wrist, "pinch" if prop else "open", 1.0)


def _own_prop(set_: Scenery, prop: str, where: tuple[float, float], scale: float) -> None:
    if prop:
        at = Decal(where, scale)
        paint = Paint(
            set_.canvas, at, scale, set_.light, 0.5, max(2.5, scale * 0.011), 1.0 if set_.light.side < 0 else -1.0
        )
        icon = props.ICONS[props.icon_for(prop)]
        props.draw_icon(paint, prop, icon.size / 0.85)
